"""
Count what was asked, day by day, so that figures of a million answers are added up from a few thousand rows.

    count(connection, before)  ->  500 answers and feedbacks taken into day_figures; 0: nothing is left to count

A job counts what came since the last time, a batch a transaction, and notes the last row it took in the same one: it
may be ended anywhere, and every process may run it. Answers that are deleted later stay counted: figures hold no text
and no conversation. A row that is written later than `before` tells (LATE) would be missed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from bot.service.records.models import AnswerRow, Base, Counted, DayFigure, Feedback

BATCH = 500  # rows a transaction: answers that wait for the writer wait for less than 0.1 s
LATE = timedelta(minutes=1)  # from the time in a row until it is there for all to read, at most
BEIJING = timedelta(hours=8)  # the days are those of the calendar here; the records keep UTC
STEP = 1.05  # between two bounds of the histogram of latencies: a percentile is right to 5 %

Figures = Counter[tuple[str, date, str]]


def count(connection: Connection, before: datetime) -> int:
    """Take the next answers and the next feedback from before `before` (UTC) into the figures. Returns how many."""
    return sum(
        _count(connection, model, key, before) for model, key in ((AnswerRow, AnswerRow.id), (Feedback, Feedback.id))
    )


def day_of(at: datetime) -> date:
    """The day here of a time in UTC."""
    return (at + BEIJING).date()


def start_of(day: date) -> datetime:
    """When a day here begins, in UTC."""
    return datetime(day.year, day.month, day.day) - BEIJING


def bucket(milliseconds: float) -> int:
    """Which bar of the histogram a latency is in: the least with STEP ** bar >= milliseconds."""
    return max(0, math.ceil(math.log(max(milliseconds, 1.0), STEP)))


def percentile(histogram: Mapping[int, float], share: float) -> float | None:
    """Milliseconds that `share` of the answers took at most; None where there are none."""
    wanted = share * sum(histogram.values())
    passed = 0.0
    for bar in sorted(histogram):
        passed += histogram[bar]
        if passed >= wanted:
            return float(STEP**bar)
    return None


def _count(connection: Connection, model: type[Base], key: InstrumentedAttribute[Any], before: datetime) -> int:
    source = model.__tablename__
    taken = select(Counted.at, Counted.key).where(Counted.source == source).with_for_update()
    last = connection.execute(taken).first()
    if last is None:
        _put(connection, Counted, [{"source": source, "at": datetime.min, "key": ""}])
        last = connection.execute(taken).one()
    at = model.__table__.c.at
    rows = connection.execute(
        select(*_wanted(model)).where(_after(at, key, last), at < before).order_by(at, key).limit(BATCH)
    ).all()
    if rows:
        figures: Figures = Counter()
        for row in rows:
            figures.update(_of_answer(row) if model is AnswerRow else {("verdict", day_of(row.at), row.verdict): 1})
        _add(connection, figures)
        where = update(Counted).where(Counted.source == source)
        connection.execute(where.values(at=rows[-1].at, key=str(rows[-1].id)))
    return len(rows)


def _wanted(model: type[Base]) -> Iterable[InstrumentedAttribute[Any]]:
    if model is Feedback:
        return (Feedback.at, Feedback.id, Feedback.verdict)
    answer = AnswerRow
    return (
        answer.at,
        answer.id,
        answer.status,
        answer.mode,
        answer.route,
        answer.timings_ms,
        answer.sources,
        answer.usage,
    )


def _after(at: ColumnElement[Any], key: InstrumentedAttribute[Any], last: Any) -> Any:
    """In the order of `at` and key; an empty key is before all others."""
    if not last.key:
        return at >= last.at
    place = last.key if key is AnswerRow.id else int(last.key)
    return tuple_(at, key) > tuple_(last.at, place)


def _of_answer(row: Any) -> Figures:
    day = day_of(row.at)
    figures: Figures = Counter(
        {("status", day, row.status): 1, ("mode", day, row.mode): 1, ("route", day, row.route): 1}
    )
    if "total" in row.timings_ms:
        figures["latency", day, str(bucket(row.timings_ms["total"]))] += 1
    for clause in {f"{source['document']}#{source['ref']}" for source in row.sources}:
        figures["clause", day, clause] += 1
    if usage := row.usage:
        figures["tokens", day, "input"] += usage["input_tokens"]
        figures["tokens", day, "output"] += usage["output_tokens"]
        figures["cost", day, usage["model"]] += usage["cost"]
    return figures


def _add(connection: Connection, figures: Figures) -> None:
    """Sorted, so that two processes never wait for each other's rows in a circle."""
    rows = [
        {"figure": figure, "day": day, "value": value, "amount": float(amount)}
        for (figure, day, value), amount in sorted(figures.items())
    ]
    _put(connection, DayFigure, rows)


def _put(connection: Connection, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert; an amount is added to the one that is there, anything else that is there stays."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    keys = list(table.primary_key)
    if "amount" in table.c:
        added = {"amount": table.c.amount + insert.excluded.amount}
        connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=added), rows)
    else:
        connection.execute(insert.on_conflict_do_nothing(index_elements=keys), rows)
