"""
Match -> the answer card: nine fields, every line a quotation or a fixed sentence of ours.

    make_card(Match(measures=(Measure(三、(五)14.),)), Numbering())
        ->  Card(support=(Line("研究成立未来产业发展基金，…", (1,), label="三、(五)14.强化科技金融支持"),), …)

A field the text says nothing for holds 「文件未载明」; no line promises that a company is eligible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from bot.answering import replies
from bot.answering.cite import Numbering
from bot.answering.draft import Pick, join_neighbours
from bot.answering.evidence import DATE
from bot.answering.lines import body_sentences
from bot.answering.match import Match, Measure, track_name, vocabulary
from bot.documents.catalogue import standing
from bot.documents.flags import chinese_date
from bot.text.normalise import comparable
from bot.types import Card, Clause, Heading, Line, Outline, Span

STRETCH = re.compile(r"[^，。；！？：\n]+")
YEARS = re.compile(r"(?:19|20)\d{2}\s*(?:年\s*)?[—–－~至-]+\s*(?:19|20)\d{2}\s*年?")
APPLYING = re.compile(r"申报|受理|截止|报名")
TITLE_LABEL = "标题"


def make_card(match: Match, numbering: Numbering) -> Card:
    """The card for a match; its citations are those `numbering` has handed out already, and the card's own."""
    basis = [line for outline in _cited(match) for line in _basis(outline, match, numbering)]
    areas = [_quote(numbering, run, f"{place_name(run.clause)}（赛道）") for run in join_neighbours(match.track)]
    quoted = [
        (measure, _quote(numbering, run, _support_label(measure)))
        for measure in match.measures
        for run in measure_runs(measure)
    ]
    return Card(
        conclusion=tuple(_conclusion(match)),
        basis=tuple(basis) or _unstated(),
        support=(*areas, *(line for _, line in quoted)) or _unstated(),
        audience=tuple(_parts(_audience, quoted)) or _unstated(),
        conditions=tuple(_sentences(_patterns()["conditions"], quoted)) or _unstated("申报条件"),
        times=tuple(_times(quoted)),
        units=tuple(_units(numbering, measure) for measure in match.measures) or _unstated(),
        originals=tuple(_originals(match, numbering)) or _unstated(),
        next_steps=(*_note(replies.READ_ORIGINAL), *_note(replies.ASK_UNITS), *_note(replies.FOLLOW_NOTICE)),
        citations=tuple(numbering.citations),
    )


def measure_runs(measure: Measure) -> list[Pick]:
    """What is quoted of a measure, neighbouring sentences joined."""
    return join_neighbours([Pick(measure.clause, span, measure.segment) for span in measure.spans])


def place_name(place: Clause | Heading) -> str:
    """三、(五)14.强化科技金融支持"""
    return place.ref + track_name(place)


def _where(measure: Measure) -> str:
    """As place_name, with which of them where the clause has several segments with units of their own."""
    segments = [segment for segment in measure.clause.segments if segment.units]
    number = f" 第{segments.index(measure.segment) + 1}段" if len(segments) > 1 else ""
    return place_name(measure.clause) + number


def _conclusion(match: Match) -> Iterator[Line]:
    told = match.situation
    parts = (
        f"赛道“{track_name(told.track)}”" if told.track else "",
        f"阶段“{told.stage}”" if told.stage else "",
        f"需求“{'、'.join(told.needs)}”" if told.needs else "",
    )
    if any(parts):
        yield from _note(replies.SITUATION.format(situation="，".join(filter(None, parts))))
    if match.measures:
        yield from _note(replies.MAY_APPLY.format(count=len(match.measures)))
    else:
        yield from _note(replies.ONLY_TRACK if match.track else replies.NO_MEASURE)
    if match.unmet and match.measures:
        yield from _note(replies.UNMET.format(needs="、".join(match.unmet)))


def _cited(match: Match) -> list[Outline]:
    """The documents that the card quotes."""
    quoted = {measure.clause.document.id for measure in match.measures} | {p.clause.document.id for p in match.track}
    return [outline for outline in match.documents if outline.document.id in quoted]


def _basis(outline: Outline, match: Match, numbering: Numbering) -> Iterator[Line]:
    """文件名, 发文字号, 条款, 有效期 of one document; what its text states is quoted from there."""
    document = outline.document
    title = _stated(outline, document.title, "文件名", numbering)
    yield title
    yield _stated(outline, document.doc_number or "", "发文字号", numbering)
    for day, label in ((document.effective_on, "施行日期"), (document.expires_on, "失效日期")):
        if day:
            yield _stated(outline, chinese_date(day), label, numbering)
    if not document.expires_on:
        yield Line(replies.UNSTATED, origin="note", label="失效日期")
        if years := YEARS.search(document.title):
            yield Line(years[0], title.citations, title.origin, "标题所载期间")
    yield Line(standing(document, date.today()), origin="note", label="效力状态")
    cited = [pick.clause for pick in match.track] + [measure.clause for measure in match.measures]
    places = dict.fromkeys(place_name(clause) for clause in cited if clause.document.id == document.id)
    yield Line("；".join(places), origin="note", label="条款")


def _stated(outline: Outline, words: str, label: str, numbering: Numbering) -> Line:
    """The words as quoted from where the document states them, first from its title; else as its entry has them."""
    if not words:
        return Line(replies.UNSTATED, origin="note", label=label)
    places = [(clause, segment) for clause in outline.clauses for segment in clause.segments if words in segment.text]
    if not places:
        return Line(words, origin="note", label=label)
    clause, segment = next((place for place in places if place[1].label == TITLE_LABEL), places[0])
    start = segment.span.start + segment.text.index(words)
    return Line(words, (numbering.cite(clause, Span(start, start + len(words)), segment),), label=label)


def _quote(numbering: Numbering, run: Pick, label: str) -> Line:
    return Line(run.text, (numbering.cite(run.clause, run.span, run.segment),), label=label)


def _support_label(measure: Measure) -> str:
    return _where(measure) + (f"（{measure.reasons}）" if measure.reasons else "")


def _units(numbering: Numbering, measure: Measure) -> Line:
    segment = measure.segment
    number = numbering.cite(measure.clause, segment.units_span or segment.span, segment)
    return Line("、".join(segment.units), (number,), "units", _where(measure))


def _parts(parts_of: Callable[[str], Iterable[str]], quoted: Sequence[tuple[Measure, Line]]) -> list[Line]:
    """The parts of the quotes that a field is about, each under the citation of its quote."""
    lines = (
        Line(part, line.citations, label=_where(measure)) for measure, line in quoted for part in parts_of(line.text)
    )
    return list(dict.fromkeys(lines))


def _audience(text: str) -> list[str]:
    """“鼓励…企业…”: stretches between commas in which a verb of support is followed by those it is for."""
    return [part for part in STRETCH.findall(text) if _patterns()["audience"].search(part)]


def _dated(text: str) -> list[str]:
    return [part for part in STRETCH.findall(text) if DATE.search(comparable(part))]


def _sentences(pattern: re.Pattern[str], quoted: Sequence[tuple[Measure, Line]]) -> list[Line]:
    """The sentences of the segments, quoted or not, that the pattern finds: a condition left out would mislead."""
    lines = (
        Line(said, line.citations, label=_where(measure))
        for measure, line in quoted
        for span in body_sentences(measure.clause, measure.segment)
        if pattern.search(said := span.of(measure.clause.document.text))
    )
    return list(dict.fromkeys(lines))


def _times(quoted: Sequence[tuple[Measure, Line]]) -> Iterator[Line]:
    """What the quotes date, and when to apply, or that the text does not say when."""
    applying = [line for line in _sentences(APPLYING, quoted) if _dated(line.text)]
    said = "".join(line.text for line in applying)
    yield from (line for line in _parts(_dated, quoted) if line.text not in said)
    yield from applying or _unstated("申报时间")


def _originals(match: Match, numbering: Numbering) -> Iterator[Line]:
    """Each segment quoted from, whole; under the citation that quotes it."""
    runs = [(place_name(run.clause), run) for run in join_neighbours(match.track)]
    runs += [(_where(measure), measure_runs(measure)[0]) for measure in match.measures]
    for label, run in runs:
        if run.segment:
            yield Line(run.segment.text, (numbering.cite(run.clause, run.span, run.segment),), label=label)


def _note(text: str) -> tuple[Line, ...]:
    return (Line(text, origin="note"),)


def _unstated(label: str = "") -> tuple[Line, ...]:
    return (Line(replies.UNSTATED, origin="note", label=label),)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = vocabulary()
    audience = words["audience"]
    return {
        "audience": re.compile(f"(?:{audience['verb']}).*?(?:{audience['who']})"),
        "conditions": re.compile(words["conditions"]["words"]),
    }
