"""A stand-in for the check: a 6 in a sentence is a fault, and 山区 must not be left out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.types import Citation, Outline, Span


@dataclass(frozen=True)
class Verdict:
    faults: tuple[str, ...] = ()
    omitted: tuple[Span, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.faults


class Grounder:
    def __init__(self, outlines: Iterable[Outline]) -> None:
        self.papers = len(tuple(outlines))

    def check(self, sentence: str, cited: Sequence[Citation]) -> Verdict:
        faults = ("有6",) if "6" in sentence else ()
        return Verdict(faults, (cited[0].span,) if "山区" not in sentence and "山区" in cited[0].quote else ())
