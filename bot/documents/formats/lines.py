"""
Clear a paragraph of what only the printed page has.

"一、总则........- 1 -"  ->  "一、总则"
"________________"  ->  ""
"""

import re

_PAGE = r"[-—–\s]*\d{0,4}[-—–\s]*$"
# Dots lead to a page number, also where a long entry leaves no room for them.
_ENTRY = re.compile(
    rf"\s*(?:[.．·…‥_]\s*){{4,}}{_PAGE}"
    r"|\s*(?:[.．·…‥]\s*){2,}[-—–\s]*\d{1,4}[-—–\s]*$"
    r"|\s+[-—–]\s*\d{1,4}\s*[-—–]$"
    rf"|[ 　]*\t{_PAGE}"
)
_RULE = re.compile(r"[-—–_=*·\s]{5,}")


def without_leader(line: str) -> str:
    """An entry of a table of contents without its dots and page number."""
    return _ENTRY.sub("", line)


def is_rule(line: str) -> bool:
    """Whether a line is drawn with signs: ______."""
    return bool(_RULE.fullmatch(line))
