"""
What the check of one generated sentence comes to.

    "集聚20家左右高成长企业"  ->  Verdict(faults=(Fault("figure", "20家", "30家"),), omitted=())
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.types import Span

FaultKind = Literal[
    "citation",
    "figure",
    "unit_of_measure",
    "date",
    "doc_number",
    "article",
    "name",
    "unit",
    "negation",
    "modality",
    "merged",
    "unsupported",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a sentence says that its passages do not."""

    kind: FaultKind
    said: str  # the sentence's words
    stated: str = ""  # what the passage has instead, empty where it has nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    Whether a sentence stands on the passages it cites.

    `omitted` are stretches of the cited documents (offsets into `Document.text`) that bear on what the sentence says
    and that it drops: exceptions, thresholds, conditions, deadlines. They are quoted beside it and are no fault.
    """

    faults: tuple[Fault, ...] = ()
    omitted: tuple[Span, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.faults
