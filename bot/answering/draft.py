"""
What one question will be answered with, before it is put into sentences.

    Draft(query, picks=(Pick(clause=三、(二)6., span=…),), status="answered")  ->  compose  ->  Answer
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.answering.evidence import Evidence
from bot.types import Clause, Heading, Query, Segment, Span, Status

if TYPE_CHECKING:
    from bot.answering.match import Match


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
    headed: bool = False  # each paper's quotes stand under a line with its level and date
    listed: bool = False  # the quotes are a list, and none of it may be missing
    match: "Match | None" = field(default=None, repr=False)  # what the answer card shows
    explanation: Pick | None = None  # what a glossary says of the word whose meaning is asked for


def join_neighbours(picks: Sequence[Pick]) -> list[Pick]:
    """Picks of one segment put together in reading order, and joined where nothing stands between them."""
    groups: dict[tuple[str, str, Span], list[Pick]] = {}
    for pick in picks:
        home = pick.segment.span if pick.segment else pick.span
        groups.setdefault((pick.clause.document.id, pick.clause.ref, home), []).append(pick)
    runs: list[Pick] = []
    for group in groups.values():
        for position, pick in enumerate(sorted(group, key=lambda item: item.span.start)):
            last = runs[-1] if runs and position else None
            if last and not pick.clause.document.text[last.span.end : pick.span.start].strip():
                runs[-1] = Pick(last.clause, Span(last.span.start, max(last.span.end, pick.span.end)), last.segment)
            else:
                runs.append(pick)
    return runs
