"""
The questions that were asked, newest first, a page at a time, and those that hold some words.

    listed(records, Wanted(period, contains="瞪羚"))  ->  Page((Asked("01J…", at, "answered", "瞪羚归谁？"), …), after)

A page begins after the last row of the one before it, by time and id, so that the thousandth costs what the first does
and nothing is seen twice while new questions come. Words are looked for by LIKE in the index of lists, which holds the
questions: it finds two characters as well as ten, in SQLite and PostgreSQL alike, and keeps nothing twice that would
have to be deleted twice. Indexes of trigrams (FTS5, pg_trgm) find no word of two characters, as most Chinese ones are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select, tuple_

from bot.service.console.insight.figures import Period
from bot.service.records import Records
from bot.service.records.models import AnswerRow, Feedback

SIZE = 50  # rows a page
TOGETHER = 1000  # rows a query of an export
SPECIAL = re.compile(r"[/%_]")  # of LIKE, and the sign that takes their meaning from them


class Place(NamedTuple):
    """Where a page ends."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be listed; without statuses: any; contains: words that must all be there, separated by spaces."""

    period: Period
    statuses: Collection[str] = ()
    contains: str = ""
    disliked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `at` is UTC; verdicts: what readers thought, "up" and "down"."""

    id: str
    at: datetime
    status: str
    question: str
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the next page begins; None where there is none."""

    rows: tuple[Asked, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Detail:
    """All that is kept of one answer; hits and rejected are [chunk id, score, dense rank, lexical rank]."""

    asked: Asked
    understood: str
    answer: str
    mode: str
    sources: list[dict[str, Any]]
    hits: list[list[Any]]
    rejected: list[list[Any]]
    timings_ms: dict[str, float]
    comments: tuple[str, ...]


def listed(records: Records, wanted: Wanted, after: Place | None = None, size: int = SIZE) -> Page:
    """One page, newest first. Raises RecordsError."""

    def read(connection: Connection) -> tuple[list[Any], dict[str, list[str]]]:
        # One status at a time: each has its own stretch of the index, already in order.
        parts = [connection.execute(_chosen(wanted, status, after, size + 1, connection)).all() for status in statuses]
        rows = sorted(chain.from_iterable(parts), key=lambda row: (row.at, row.id), reverse=True)[: size + 1]
        return rows, _verdicts(connection, [row.id for row in rows])

    statuses: Collection[str | None] = sorted(set(wanted.statuses)) or [None]
    rows, verdicts = records.read(read)
    shown = tuple(
        Asked(row.id, row.at, row.status, row.question, tuple(verdicts.get(row.id, ()))) for row in rows[:size]
    )
    return Page(shown, Place(shown[-1].at, shown[-1].id) if len(rows) > size else None)


def every(records: Records, wanted: Wanted, most: int) -> tuple[Asked, ...]:
    """The first `most` rows, page after page, for an export."""
    rows: list[Asked] = []
    page = Page((), None)
    while len(rows) < most and (page.after or not rows):
        page = listed(records, wanted, page.after, min(TOGETHER, most - len(rows)))
        if not page.rows:
            break
        rows += page.rows
    return tuple(rows)


def _chosen(
    wanted: Wanted, status: str | None, after: Place | None, size: int, connection: Connection
) -> Select[*tuple[Any, ...]]:
    """Which rows; an index holds all columns."""
    row = AnswerRow
    query: Select[*tuple[Any, ...]] = select(row.id, row.at, row.status, row.question).where(
        row.at >= wanted.period.start
    )
    if after:
        # Both: an index is entered by its first column, not by the pair.
        query = query.where(row.at <= after.at, tuple_(row.at, row.id) < tuple_(after.at, after.id))
    else:
        query = query.where(row.at < wanted.period.end)
    if status:
        query = query.where(row.status == status)
    # In both, Latin letters of either case are the same; SQLite's ILIKE would be LIKE of two lower() at twice the time.
    like = row.question.ilike if connection.dialect.name == "postgresql" else row.question.like
    for word in wanted.contains.split():
        literally = SPECIAL.sub(r"/\g<0>", word)
        query = query.where(like(f"%{literally}%", escape="/"))
    if wanted.disliked:
        disliked = select(Feedback.answer).where(Feedback.verdict == "down", Feedback.at >= wanted.period.start)
        # The sum with nothing keeps SQLite from looking up every disliked row, to sort them all for one page.
        query = query.where((row.id + "").in_(disliked))
    return query.order_by(row.at.desc(), row.id.desc()).limit(size)


def detail(records: Records, id_: str) -> Detail | None:
    """None where there is no such answer (any more). Raises RecordsError."""
    row = AnswerRow
    columns = (row.id, row.at, row.status, row.question, row.understood, row.answer, row.mode, row.sources, row.hits)
    query = select(*columns, row.rejected, row.timings_ms).where(row.id == id_)
    thoughts = select(Feedback.verdict, Feedback.comment).where(Feedback.answer == id_).order_by(Feedback.at)

    def read(connection: Connection) -> tuple[Any, Sequence[Any]]:
        return connection.execute(query).first(), connection.execute(thoughts).all()

    found, said = records.read(read)
    if found is None:
        return None
    return Detail(
        Asked(found.id, found.at, found.status, found.question, tuple(each.verdict for each in said)),
        found.understood,
        found.answer,
        found.mode,
        found.sources,
        found.hits,
        found.rejected,
        found.timings_ms,
        tuple(each.comment for each in said if each.comment),
    )


def _verdicts(connection: Connection, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for answer, verdict in connection.execute(
        select(Feedback.answer, Feedback.verdict).where(Feedback.answer.in_(ids)).order_by(Feedback.id)
    ):
        found.setdefault(answer, []).append(verdict)
    return found
