"""
Match a company's situation with a plan: its area, its stage, what it needs -> the measures that may apply.

    Situation(track=二、(一)5.类脑智能, stage="创意与初创", needs=("资金",))
        ->  Match(measures=(Measure(三、(五)14., needs=("资金",), stage="创意与初创"), …))

Everything is read off the document's structure: its areas are sibling items without responsible units, its measures the
segments that a unit bracket closes. The words by which needs and stages are recognised are general, in match.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.answering.draft import Pick
from bot.answering.lines import body_sentences
from bot.answering.quote import whole
from bot.answering.structure import enumeration
from bot.documents.lists import bare, parts_below
from bot.text.normalise import comparable
from bot.types import Clause, Heading, Outline, Segment, Span

# What a measure's relation to the situation is worth: a need that is its clause's very subject, a need it mentions, the
# company's area or the plan's areas together, its stage.
SUBJECT, MENTIONED, AREA, STAGE = 4, 3, 2, 1
FEWEST_TRACKS = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """A stage or a need of match.toml: how askers say it, and the words by which measures name it."""

    name: str
    said: re.Pattern[str]
    means: tuple[str, ...]
    titles: tuple[str, ...] = ()

    def named_in(self, text: str) -> bool:
        """Whether `text`, in comparable form, names it."""
        return any(comparable(word) in text for word in self.means)

    def is_subject(self, title: str) -> bool:
        """Whether it is what a clause of this title, in comparable form, is about."""
        return self.named_in(title) or any(word in title for word in self.titles)


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks: an area of the plan, a stage and needs of match.toml; each may be left open."""

    track: Clause | None = None
    stage: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """
    A segment with responsible units that may apply, and its sentences that say why.

    It names the `needs`, `track` and `stage` given here, 重点领域 for the areas of the plan together; one with none of
    them was found by the words of a question.
    """

    clause: Clause
    segment: Segment
    spans: tuple[Span, ...]
    needs: tuple[str, ...] = ()
    track: str = ""
    stage: str = ""
    worth: int = 0

    @property
    def reasons(self) -> str:
        """需求：资金；阶段：创意与初创"""
        told = (("需求", "、".join(self.needs)), ("赛道", self.track), ("阶段", self.stage))
        return "；".join(f"{kind}：{name}" for kind, name in told if name)


@dataclass(frozen=True, slots=True)
class Match:
    """What the documents hold for a situation; `unmet` are the needs that no measure names."""

    situation: Situation
    documents: tuple[Outline, ...]
    track: tuple[Pick, ...] = ()  # what the plan says of the area itself
    measures: tuple[Measure, ...] = ()
    unmet: tuple[str, ...] = ()


@cache
def vocabulary() -> dict[str, Any]:
    """match.toml as it stands."""
    return tomllib.loads((Path(__file__).parent / "match.toml").read_text(encoding="utf-8"))


@cache
def _topics(kind: str) -> tuple[Topic, ...]:
    return tuple(
        Topic(
            entry["name"],
            re.compile("|".join(entry["said"]), re.IGNORECASE),
            tuple(entry["means"]),
            tuple(entry.get("titles", ())),
        )
        for entry in vocabulary()[kind]
    )


def stages() -> tuple[Topic, ...]:
    """The stages of a company, earliest first."""
    return _topics("stage")


def needs() -> tuple[Topic, ...]:
    """What companies need, in the order offered."""
    return _topics("need")


def tracks(outline: Outline) -> tuple[Clause, ...]:
    """
    The areas a plan favours: sibling items with a title and no units, where other clauses of the plan name units.

    They stand under a heading that calls them 赛道, 领域, 产业 or 方向, or the plan lists all their titles in one
    breath. The open area, where there is one, comes last.
    """
    listed = (item for _, items in _areas(outline) for item in items)
    return tuple(dict.fromkeys((*listed, *open_tracks(outline))))


def open_tracks(outline: Outline) -> tuple[Clause, ...]:
    """The areas of those that fit none listed: a clause without units beside the heading of the list, called so too."""
    areas = re.compile(vocabulary()["areas"]["headings"])
    return tuple(
        clause
        for heading, _ in _areas(outline)
        if areas.search(heading.text)
        for clause in _beside(outline, heading)
        if areas.search(clause.path[-1])
    )


def _areas(outline: Outline) -> list[tuple[Heading, list[Clause]]]:
    if not any(clause.units for clause in outline.clauses):
        return []
    areas = re.compile(vocabulary()["areas"]["headings"])
    found: list[tuple[Heading, list[Clause]]] = []
    for heading in outline.headings:
        below = list(parts_below(outline, heading))
        items = [part for part in below if isinstance(part, Clause) and part.title and not part.units]
        if len(items) >= max(FEWEST_TRACKS, len(below)) and (areas.search(heading.text) or enumeration(outline, items)):
            found.append((heading, items))
    return found


def _beside(outline: Outline, heading: Heading) -> Iterator[Clause]:
    for clause in outline.clauses:
        if len(clause.path) == len(heading.path) > 1 and clause.path[:-1] == heading.path[:-1] and not clause.units:
            yield clause


def track_name(place: Clause | Heading) -> str:
    """类脑智能; for a heading, or one with a text of its own, its words without the number."""
    title = place.title if isinstance(place, Clause) else ""
    return title or bare(place.path[-1] if place.path else "")


def match(outlines: Iterable[Outline], situation: Situation) -> Match:
    """
    What may apply, best first; documents without responsible units hold no measures and are left out.

    Only the document of the chosen track is looked at where one is chosen.
    """
    plans = tuple(
        outline
        for outline in outlines
        if any(clause.units for clause in outline.clauses)
        and (situation.track is None or outline.document.id == situation.track.document.id)
    )
    measures = [measure for outline in plans for measure in _measures(outline, situation)]
    measures.sort(key=lambda measure: -measure.worth)
    met = {need for measure in measures for need in measure.needs}
    unmet = tuple(need for need in situation.needs if need not in met)
    track = whole([situation.track]) if situation.track else ()
    return Match(situation, plans, track, tuple(measures), unmet)


def _measures(outline: Outline, situation: Situation) -> Iterator[Measure]:
    own = track_name(situation.track) if situation.track else ""
    together = _together(situation.track) if situation.track else ()
    for clause in outline.clauses:
        for segment in clause.segments:
            if segment.units:
                yield from _judge(clause, segment, situation, own, together)


def _together(track: Clause) -> tuple[str, ...]:
    """What the headings above an area call them all: 重点领域, 细分赛道."""
    pattern = re.compile(vocabulary()["areas"]["together"])
    return tuple(found[0] for heading in track.path[:-1] for found in pattern.finditer(heading))


def _judge(
    clause: Clause, segment: Segment, situation: Situation, own: str, together: tuple[str, ...]
) -> Iterator[Measure]:
    """The measure, where the segment names a need, the stage or the area; the clause's title counts for its opening."""
    sentences = body_sentences(clause, segment)
    texts = {span: comparable(span.of(clause.document.text)) for span in sentences}
    title = comparable(clause.title)
    opens = segment.span.start == clause.segments[0].span.start
    spans: set[Span] = set()
    met: list[str] = []
    worth = 0
    for need in (need for need in needs() if need.name in situation.needs):
        named = [span for span, text in texts.items() if need.named_in(text)]
        subject = need.is_subject(title) and (opens or bool(named))
        if named or subject:
            met.append(need.name)
            worth += SUBJECT if subject else MENTIONED
            spans.update(sentences if subject else named)
    of_track = [span for span, text in texts.items() if own and comparable(own) in text]
    of_all = [span for span, text in texts.items() if any(comparable(words) in text for words in together)]
    chosen = [stage for stage in stages() if stage.name == situation.stage]
    of_stage = [span for span, text in texts.items() if any(stage.named_in(text) for stage in chosen)]
    spans.update(of_track or of_all, of_stage)
    worth += AREA * bool(of_track or of_all) + STAGE * bool(of_stage)
    if spans:
        named_track = own if of_track else together[0] if of_all else ""
        named_stage = situation.stage if of_stage else ""
        yield Measure(clause, segment, tuple(sorted(spans)), tuple(met), named_track, named_stage, worth)
