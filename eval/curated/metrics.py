"""
Ask a matcher with all entries of a set, and count.

    judge(cases, reader)  ->  Figures(variants=160, known=0.9, lookalikes=160, mistaken=0.01, precision=0.989, …)
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.service.curated.matching import Matcher
from bot.service.curated.reading import Reader
from eval.curated.cases import WRITTEN, Case


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that was asked, and what came of it."""

    case: Case
    question: str
    same: bool  # whether it asks what the entry answers
    found: str  # the id of the entry that was taken; empty where none was

    @property
    def right(self) -> bool:
        """A look-alike may well be what another entry answers."""
        return (self.found == self.case.id) == self.same


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares are 0 to 1. precision: of all that was answered, what was answered by its own entry."""

    variants: int
    recall: float
    lookalikes: int
    mistaken: float  # look-alikes that were answered by the entry they sound like
    precision: float
    match_ms: float  # mean for one question, the whole matching

    @property
    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def ask(cases: Sequence[Case], matcher: Matcher) -> Iterator[Asked]:
    for case in cases:
        for same, questions in ((True, case.variants), (False, case.lookalikes)):
            for question in questions:
                match = matcher.match(question, WRITTEN.date())
                yield Asked(case, question, same, match.entry.id if match else "")


def judge(cases: Sequence[Case], reader: Reader) -> tuple[Figures, Sequence[Asked]]:
    matcher = Matcher([case.entry for case in cases], reader)
    started = time.perf_counter()
    asked = list(ask(cases, matcher))
    spent = 1000 * (time.perf_counter() - started) / len(asked)
    same, other = [each for each in asked if each.same], [each for each in asked if not each.same]
    right, mistaken = sum(each.right for each in same), sum(not each.right for each in other)
    astray = sum(bool(each.found) and not each.right for each in same)
    answered = right + mistaken + astray
    return (
        Figures(
            variants=len(same),
            recall=right / len(same),
            lookalikes=len(other),
            mistaken=mistaken / len(other),
            precision=right / answered if answered else 1.0,
            match_ms=round(spent, 3),
        ),
        asked,
    )
