"""
Drafts -> Answer: quotes numbered, neighbouring sentences joined, responsible units named.

    Draft(picks=(14. 第一句,), with_units=True)  ->  "研究成立未来产业发展基金，…。[1]\\n责任单位：市财政局[2]"
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answering import replies
from bot.answering.card import make_card
from bot.answering.cite import Numbering
from bot.answering.draft import Draft, Pick, join_neighbours
from bot.answering.statute import label
from bot.types import Answer, Hit, Query, Sentence


def compose(
    query: Query, drafts: Sequence[Draft], hits: Iterable[Hit] = (), timings_ms: Mapping[str, float] | None = None
) -> Answer:
    """The answer to a question from the drafts of its parts: what can be answered first, then what is not stated."""
    answered = [draft for draft in drafts if draft.status == "answered"]
    told = _without_contained(answered) or drafts[:1]
    others = [draft for draft in drafts if draft.opening and draft not in (answered or drafts[:1])]
    numbering = Numbering()
    sentences: list[Sentence] = []
    for draft in told:
        sentences += (Sentence(text, origin="note") for text in draft.opening)
        sentences += _quotes(draft, numbering)
        sentences += _explanation(draft, numbering)
        sentences += (Sentence(text, origin="note") for text in draft.closing)
    sentences += (Sentence(draft.opening[0], origin="note") for draft in others)
    citations = tuple(numbering.citations)
    matched = next((draft.match for draft in told if draft.match), None)
    card = make_card(matched, numbering) if matched else None  # its citations go on from the answer's
    found = tuple(hits)
    cited = {(citation.clause.document.id, citation.clause.ref) for citation in citations}
    used = tuple(hit for hit in found if (hit.chunk.clause.document.id, hit.chunk.clause.ref) in cited)
    if told[0].status.startswith("refused"):  # what was read into it does not matter
        query = replace(query, changes=())
    return Answer(
        query=query,
        status=told[0].status,
        sentences=_without_repeats(sentences),
        citations=citations,
        hits=used,
        rejected=tuple(hit for hit in found if hit not in used),
        timings_ms=dict(timings_ms or {}),
        card=card,
    )


def _without_contained(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without what another of them quotes too, and quotes more of or before; no units are lost by it."""
    quoted = [(place, draft, pick) for place, draft in enumerate(drafts) for pick in draft.picks]

    def is_kept(place: int, draft: Draft, pick: Pick) -> bool:
        shows_units = draft.with_units and pick.segment is not None and bool(pick.segment.units)
        return not any(
            other.clause.document.id == pick.clause.document.id
            and other.span.start <= pick.span.start
            and other.span.end >= pick.span.end
            and (other.span != pick.span or elsewhere < place)
            and (told.with_units or not shows_units)
            for elsewhere, told, other in quoted
            if elsewhere != place
        )

    kept = [[pick for pick in draft.picks if is_kept(place, draft, pick)] for place, draft in enumerate(drafts)]
    return [replace(draft, picks=tuple(picks)) for draft, picks in zip(drafts, kept, strict=True)]


def _quotes(draft: Draft, numbering: Numbering) -> list[Sentence]:
    sentences: list[Sentence] = []
    runs = join_neighbours(draft.picks)
    for place, run in enumerate(runs):
        document = run.clause.document
        if draft.headed and (place == 0 or runs[place - 1].clause.document is not document):
            sentences.append(Sentence(label(document), origin="note"))
        number = numbering.cite(run.clause, run.span, run.segment)
        sentences.append(Sentence(run.span.of(run.clause.document.text), (number,)))
        last_of_segment = place + 1 == len(runs) or runs[place + 1].segment is not run.segment
        if draft.with_units and last_of_segment:
            sentences += _units(run, numbering)
    return sentences


def _explanation(draft: Draft, numbering: Numbering) -> list[Sentence]:
    if draft.explanation is None:
        return []
    pick = draft.explanation
    number = numbering.cite(pick.clause, pick.span, pick.segment)
    return [Sentence(replies.EXPLAINED, origin="note"), Sentence(pick.text, (number,), "explanation")]


def _units(run: Pick, numbering: Numbering) -> list[Sentence]:
    if run.segment is None or run.segment.units_span is None:
        return []
    number = numbering.cite(run.clause, run.segment.units_span, run.segment)
    return [Sentence("责任单位：" + "、".join(run.segment.units), (number,), "units")]


def _without_repeats(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    return tuple({(sentence.text, sentence.citations): sentence for sentence in sentences}.values())


def invalid(question: str, sentence: str) -> Answer:
    """The answer to what cannot be read as a question."""
    return Answer(Query(question, question, ()), "error_invalid_question", (Sentence(sentence, origin="note"),))


def failed(question: str, sentence: str = replies.INTERNAL) -> Answer:
    """The answer to a question that could not be worked on; the cause goes to the log, not to the reader."""
    return Answer(Query(question, question, ()), "error_internal", (Sentence(sentence, origin="note"),))
