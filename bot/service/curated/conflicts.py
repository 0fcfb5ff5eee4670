"""
What speaks against a curated answer, told before it is saved.

    conflicts(draft, pipeline, curated)
        ->  Conflicts(faults=(“中试平台10家”中的“10家”：所引条款没有,), own=Answer(…), same=(Match(…),), lost="")

An answer may say what no document says: that is what curated answers are for. So nothing here forbids anything; whoever
publishes sees it and decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answering.ground import Grounder
from bot.answering.pipeline import Pipeline
from bot.service.curated.entries import MARKER, Draft
from bot.service.curated.live import Curated, lost, resolve
from bot.service.curated.matching import Match
from bot.service.words import FAULTS
from bot.types import Answer, Citation

# What of the check is told: facts that the cited clauses have otherwise or not at all. That staff word it otherwise is
# no conflict.
TOLD = ("figure", "unit_of_measure", "date", "doc_number", "article", "name", "unit", "negation")
SAME = 0.5  # probability from which on another entry is said to be for the same question


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that an answer says and its clauses do not, in words for staff."""

    line: str
    what: str
    said: str
    stated: str  # what the clauses have instead; empty where nothing


@dataclass(frozen=True, slots=True)
class Conflicts:
    """`own`: what the assistant answers by itself; `same`: other entries for the same question; `lost`: see `live`."""

    faults: tuple[Conflict, ...]
    own: Answer
    same: tuple[Match, ...]
    lost: str

    @property
    def weigh(self) -> bool:
        """Whether there is something to think about before publishing."""
        return bool(self.faults or self.same or self.lost)


def conflicts(draft: Draft, pipeline: Pipeline, curated: Curated, id_: str | None = None) -> Conflicts:
    """`id_`: the entry itself, which is no conflict."""
    outlines = curated.outlines(pipeline)
    cited = resolve(draft.citations, outlines)
    faults = tuple(_faults(draft, cited, pipeline)) if cited else ()
    near: Mapping[str, Match] = {
        match.entry.id: match
        for question in (draft.question, *draft.variants)
        for match in curated.near(pipeline, question)
        if match.probability >= SAME and match.entry.id != id_
    }
    same = tuple(near.values())
    return Conflicts(faults, pipeline.quote(draft.question), same, lost(draft.citations, outlines))


def _faults(draft: Draft, cited: Sequence[Citation], pipeline: Pipeline) -> Iterator[Conflict]:
    grounder = Grounder(pipeline.store.outlines)
    for line in filter(None, map(str.strip, draft.text.splitlines())):
        numbers = {int(number) for number in MARKER.findall(line)}
        plain = MARKER.sub("", line).strip()
        passages = [citation for citation in cited if not numbers or citation.number in numbers]
        for fault in grounder.check(plain, passages).faults:
            if fault.kind in TOLD:
                yield Conflict(plain, FAULTS[fault.kind], fault.said, fault.stated)
