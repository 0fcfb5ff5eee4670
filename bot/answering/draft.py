"""
What one question will be answered with, before it is put into sentences.

    Draft(query, picks=(Pick(clause=三、(二)6., span=…),), status="answered")  ->  compose  ->  Answer
"""

from dataclasses import dataclass, field

from bot.answering.evidence import Evidence
from bot.types import Clause, Heading, Query, Segment, Span, Status


@dataclass(frozen=True, slots=True)
class Pick:
    """A stretch of a document to be quoted."""

    clause: Clause | Heading
    span: Span
    segment: Segment | None = None

    @property
    def text(self) -> str:
        return self.span.of(self.clause.document.text)

    @classmethod
    def of(cls, evidence: Evidence) -> "Pick":
        return cls(evidence.clause, evidence.span, evidence.segment)


@dataclass(frozen=True, slots=True)
class Draft:
    """One question, its outcome and what is quoted for it."""

    query: Query
    status: Status
    picks: tuple[Pick, ...] = ()
    opening: tuple[str, ...] = ()  # fixed sentences before the quotes
    closing: tuple[str, ...] = ()  # fixed sentences after them
    with_units: bool = False
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    explanation: Pick | None = None  # what a glossary says of the word whose meaning is asked for
