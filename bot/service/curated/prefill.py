"""
A curated answer begun from an answer that was disliked, or not given.

    prefill(service, "01J…")  ->  Draft(question="…", text="…[1]", citations=(Quoted(…),), source="01J…")
    offered(service, "中试平台")  ->  (Quoted(…), …): clauses to stand on
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from bot.service.curated.entries import CuratedError, Draft, Quoted
from bot.service.curated.live import quoted_at
from bot.service.records.models import AnswerRow
from bot.service.service import Service
from bot.types import Clause, Span

OFFERED = 6  # clauses to choose from
LABEL = re.compile(r"^【[^】]*】")
NO_ANSWER = "没有这条答复的记录，可能已超过保存期；请直接填写。"


def prefill(service: Service, answer_id: str) -> Draft:
    """
    The question, what was answered and what that cites; of a refusal the question alone, `offered` has clauses for it.

    Valid for a year from today, which is to be thought about. Raises CuratedError where there is no such answer.
    """
    columns = (AnswerRow.question, AnswerRow.answer, AnswerRow.status, AnswerRow.sources)
    query = select(*columns).where(AnswerRow.id == answer_id)
    row = service.records.read(lambda connection: connection.execute(query).first())
    if row is None:
        raise CuratedError(NO_ANSWER)
    outlines = {outline.document.id: outline for outline in service.pipeline.store.outlines}
    answered = row.status == "answered"
    cited = tuple(
        quoted_at(outlines[each["document"]], Span(each["start"], each["end"]))
        for each in row.sources
        if answered and each["document"] in outlines
    )
    today = date.today()
    return Draft(
        row.question,
        "\n".join(LABEL.sub("", line) for line in row.answer.splitlines()) if answered else "",
        cited,
        unit=_unit(service, cited),
        valid_from=today,
        valid_to=_a_year_later(today),
        source=answer_id,
    )


def offered(service: Service, words: str) -> Sequence[Quoted]:
    """The clauses that come nearest to these words."""
    hits = service.pipeline.search(words, OFFERED) if words.strip() else []
    outlines = {outline.document.id: outline for outline in service.pipeline.store.outlines}
    known = [hit.chunk for hit in hits if hit.chunk.clause.document.id in outlines]
    return tuple(quoted_at(outlines[chunk.clause.document.id], chunk.span) for chunk in known)


def _unit(service: Service, cited: Sequence[Quoted]) -> str:
    """The first unit that the cited words are the duty of."""
    for each in cited:
        outline = next(one for one in service.pipeline.store.outlines if one.document.id == each.document)
        for clause in outline.clauses:
            if unit := _first(clause, each):
                return unit
    return ""


def _first(clause: Clause, each: Quoted) -> str:
    holding = (part for part in clause.segments if part.span.start <= each.start and each.end <= part.span.end)
    return next((unit for part in holding for unit in part.units), "")


def _a_year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
