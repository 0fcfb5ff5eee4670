"""
The year that a paragraph sets for all it names: the line that opens it.

    打造30个左右应用场景。  below  到2027年，创新体系初步建立。  ->  the line above, "2027"
"""

import re
from collections.abc import Sequence

from bot.answering.evidence import Evidence
from bot.text.normalise import comparable

BY_YEAR = re.compile(r"^(?:力争|争取)?(?:到|至|截至)?(20\d\d)年(?:[底末][,前]|,|[^,]{1,4},)")


def year_set(text: str) -> str | None:
    """The year a sentence opens with: 到2027年，… -> 2027."""
    found = BY_YEAR.search(comparable(text))
    return found[1] if found else None


def year_line(item: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """The sentence that sets the year for `item`: itself, or the nearest above it in its segment that sets one."""
    above = (each for each in evidence if each.segment is item.segment and each.place <= item.place)
    return max((each for each in above if year_set(each.text)), key=lambda each: each.place, default=None)
