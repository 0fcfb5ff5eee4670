"""
The counted lists of a paper: the parts that stand under a heading, and what they are called together.

二、（一）优先发展8大未来产业细分赛道 / 1.太赫兹 … 8.卫星互联网   ->  8 parts, each a 赛道
三、/ （一）实施科技创新策源行动 … （五）实施产业生态营造行动    ->  5 parts, each a 行动
"""

import re
from collections.abc import Iterator, Sequence

from bot.text.normalise import comparable
from bot.types import Clause, Heading, Outline

FEWEST = 3  # parts of a heading that make a counted list
SHORT = 2  # characters; a noun so short has to be the last word of the heading
NUMBERING = re.compile(r"^(第?[一二三四五六七八九十百零]+[编章节条、]|[（(][一二三四五六七八九十]+[）)]|\d+[.．、])\s*")


def parts(outline: Outline) -> list[Heading | Clause]:
    """Headings and clauses in reading order."""
    return sorted([*outline.headings, *outline.clauses], key=lambda part: part.span.start)


def parts_below(outline: Outline, heading: Heading) -> Iterator[Heading | Clause]:
    """The parts right under the heading."""
    depth = len(heading.path)
    for part in parts(outline):
        if len(part.path) == depth + 1 and part.path[:depth] == heading.path:
            yield part


def bare(name: str) -> str:
    """A heading without its number: "（一）实施…行动" -> "实施…行动"."""
    return NUMBERING.sub("", name)


def is_list_of(noun: str, below: Sequence[Heading | Clause], heading: Heading) -> bool:
    """Whether the parts are counted as `noun` in their heading (8大未来产业细分赛道) or all end in it (…行动)."""
    end = "" if len(noun) > SHORT else "$"
    stated = re.search(rf"{len(below)}[大个项条类张种][^，。]*{noun}{end}", comparable(heading.text))
    alike = len({part.path[-1] for part in below}) >= FEWEST and all(part.path[-1].endswith(noun) for part in below)
    return bool(stated) or alike


def list_of(noun: str, outline: Outline) -> list[Heading | Clause]:
    """The parts that the paper counts as `noun`; none where it has no such list."""
    lists = ((heading, list(parts_below(outline, heading))) for heading in outline.headings)
    return next((below for heading, below in lists if is_list_of(noun, below, heading)), [])
