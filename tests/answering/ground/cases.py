"""
The sentences written by hand, with the passages of the plan that they cite.

    cases()  ->  [Case("到2027年，青岛计划…", (Citation(1, Clause("一、"), …),), fault=""), …]
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.documents.corpus import read_corpus
from bot.types import Citation, Outline

CORPUS = Path(__file__).parents[3] / "corpus"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, what it cites, and the kind of its fault; empty for a true one."""

    sentence: str
    cited: tuple[Citation, ...]
    fault: str


@cache
def plan() -> Outline:
    return next(outline for outline in read_corpus([CORPUS]).outlines if outline.document.id == "action-plan")


def passage(name: str, number: int = 1) -> Citation:
    """三、(五)14./2 is the second run of sentences of that clause; without it the first."""
    ref, _, place = name.partition("/")
    clause = next(clause for clause in plan().clauses if clause.ref == ref)
    segment = clause.segments[int(place or 1) - 1]
    return Citation(number, clause, segment.text, segment.span, segment)


def cases() -> Iterator[Case]:
    data = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
    for each in data["case"]:
        cited = tuple(passage(name, number) for number, name in enumerate(each["cites"], start=1))
        yield Case(each["sentence"], cited, each.get("fault", ""))
