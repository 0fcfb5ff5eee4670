"""
A part that is named by its place in a list -> its name.

    "第三个赛道归谁管"        ->  "深海开发归谁管"
    "8大赛道里的最后一个"     ->  "卫星互联网"
    "第二个行动有哪几条"      ->  "实施成果转化孵化行动有哪几条"

Only what a paper counts as such is a list; what an earlier answer lists is looked at in follow_up.py.
"""

import re
from collections.abc import Iterable

from bot.documents.lists import bare, list_of
from bot.types import Clause, Outline

NUMERALS = "一二三四五六七八九十"
_PLACE = rf"(?:(?P<back>倒数)?第(?P<number>[{NUMERALS}]|\d{{1,2}})|最后一?)[个大项条类位]?"
_KIND = r"(?:重点|细分|未来产业|主要)*"
BEFORE = re.compile(_PLACE + rf"{_KIND}(?P<noun>[\u4e00-\u9fff]{{2}})")  # 第三个赛道
BEHIND = re.compile(
    rf"(?:[{NUMERALS}\d]+[大个项条类])?{_KIND}(?P<noun>[\u4e00-\u9fff]{{2}})(?:里面?|中|当中)的?(?:排(?:在|名)?)?"
    + _PLACE
    + r"(?:的)?(?=是|[,。?! ]|$|呢|做|搞|归|由|讲|有)(?:是(?=什么|啥|哪))?"
)


def named_by_place(text: str, outlines: Iterable[Outline]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`text` with the part's name put in, and (as typed, as meant); unchanged where no list has such a part."""
    outlines = tuple(outlines)
    for found in (*BEFORE.finditer(text), *BEHIND.finditer(text)):
        below = next((parts for outline in outlines if (parts := list_of(found["noun"], outline))), [])
        place = _place(found, len(below))
        if place is not None:
            part = below[place]
            name = (part.title if isinstance(part, Clause) else "") or bare(part.path[-1])
            return text[: found.start()] + name + text[found.end() :], ((found[0], name),)
    return text, ()


def _place(found: re.Match[str], count: int) -> int | None:
    if not found["number"]:
        return count - 1 if count else None
    said = found["number"]
    number = int(said) if said.isdigit() else NUMERALS.index(said) + 1
    if not 0 < number <= count:
        return None
    return count - number if found["back"] else number - 1
