"""
The figures of a period: how much was asked and what became of it, by day, and what was cited.

    figures(records, Period(date(2026, 11, 17), date(2026, 11, 23)))
        ->  Figures(days=(Day(2026-11-17, asked=180, answered=160, …), …), latency_ms={0.5: 17.1, …}, clauses={…})

They are added up from the counts of each day (bot.service.records.daily), which a job keeps; no answer is read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.errors import RecordsError
from bot.service.records import Records
from bot.service.records.daily import day_of, percentile, start_of
from bot.service.records.models import Counted, DayFigure
from bot.types import Outline, Status

Amounts = defaultdict[str, float]
SHARES = (0.5, 0.95, 0.99)  # of which the latency is told
ANSWERED: frozenset[Status] = frozenset({"answered", "clarification"})
UNANSWERED: frozenset[Status] = frozenset({"unanswerable_not_in_corpus", "unanswerable_not_stated", "error_internal"})
REFUSED: frozenset[Status] = frozenset({"refused_out_of_scope", "refused_unsafe", "error_invalid_question"})


@dataclass(frozen=True, slots=True)
class Period:
    """Days here, both inclusive."""

    first: date
    last: date

    @classmethod
    def days_until(cls, last: date, days: int) -> Period:
        return cls(last - timedelta(days=days - 1), last)

    @classmethod
    def week_of(cls, day: date) -> Period:
        """Monday to Sunday."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6))

    @property
    def before(self) -> Period:
        """As many days, ending on the day before."""
        return Period.days_until(self.first - timedelta(days=1), len(self))

    @property
    def start(self) -> datetime:
        """UTC, inclusive."""
        return start_of(self.first)

    @property
    def end(self) -> datetime:
        """UTC, exclusive."""
        return start_of(self.last + timedelta(days=1))

    def __len__(self) -> int:
        return max(0, (self.last - self.first).days + 1)

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(len(self)))


@dataclass(frozen=True, slots=True)
class Day:
    """What was asked on one day. `asked` = answered + unanswered + refused."""

    day: date
    asked: int = 0
    answered: int = 0
    unanswered: int = 0
    refused: int = 0
    liked: int = 0
    disliked: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The figures of a period. latency_ms: share of the answers -> milliseconds they took at most, None where nothing was
    asked. clauses: (document id, ref) -> answers that cite it, the most cited first. cost: model -> in the currency of
    the settings. until: up to when answers are counted, UTC; None where none is.
    """

    period: Period
    days: tuple[Day, ...]
    statuses: Mapping[str, int]
    modes: Mapping[str, int]
    routes: Mapping[str, int]
    latency_ms: Mapping[float, float | None]
    clauses: Mapping[tuple[str, str], int]
    input_tokens: int
    output_tokens: int
    cost: Mapping[str, float]
    until: datetime | None

    @property
    def total(self) -> Day:
        """All days together, as the first."""
        names = ("asked", "answered", "unanswered", "refused", "liked", "disliked")
        return Day(self.period.first, *(sum(getattr(day, name) for day in self.days) for name in names))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many clauses of a document were cited at least once, and which were not."""

    document: str
    title: str
    clauses: int
    cited: int
    silent: tuple[str, ...]


def figures(records: Records, period: Period) -> Figures:
    """Raises RecordsError."""
    counts, until = records.read(lambda connection: (_counts(connection, period), _until(connection)))
    by_day: defaultdict[date, Amounts] = defaultdict(lambda: defaultdict(float))
    values: defaultdict[str, Amounts] = defaultdict(lambda: defaultdict(float))
    for figure, day, value, amount in counts:
        if figure in ("status", "verdict"):
            by_day[day][value] += amount
        values[figure][value] += amount
    clauses = Counter(
        {(document, ref): round(n) for value, n in values["clause"].items() for document, ref in [_place(value)]}
    )
    histogram = {int(bar): amount for bar, amount in values["latency"].items()}
    return Figures(
        period,
        tuple(_day(day, by_day[day]) for day in period),
        _whole(values["status"]),
        _whole(values["mode"]),
        _whole(values["route"]),
        {share: percentile(histogram, share) for share in SHARES},
        dict(clauses.most_common()),
        round(values["tokens"]["input"]),
        round(values["tokens"]["output"]),
        dict(values["cost"]),
        until,
    )


def coverage(found: Figures, outlines: Iterable[Outline]) -> tuple[Coverage, ...]:
    """Of each document there is now, the least covered last; a glossary has nothing to be cited for."""
    covered = []
    for outline in outlines:
        document = outline.document
        refs = list(dict.fromkeys(clause.ref for clause in outline.clauses))
        silent = tuple(ref for ref in refs if (document.id, ref) not in found.clauses)
        if refs and not document.is_glossary:
            covered.append(Coverage(document.id, document.title, len(refs), len(refs) - len(silent), silent))
    return tuple(sorted(covered, key=lambda each: (-each.cited / each.clauses, -each.cited)))


def week_named(name: str | None) -> Period:
    """The week called 2026-W47, or that of the day 2026-11-18; the last whole one for None. Raises RecordsError."""
    if name is None:
        return Period.week_of(today() - timedelta(days=7))
    try:
        numbered = re.fullmatch(r"(\d{4})-?W(\d{1,2})", name.strip(), re.IGNORECASE)
        day = (
            date.fromisocalendar(int(numbered[1]), int(numbered[2]), 1)
            if numbered
            else date.fromisoformat(name.strip())
        )
    except ValueError:
        raise RecordsError(f"不知道“{name}”是哪一周，请写成 2026-W47，或这一周里的一天，如 2026-11-18。") from None
    return Period.week_of(day)


def today() -> date:
    """The day here."""
    return day_of(datetime.now(UTC).replace(tzinfo=None))


def _counts(connection: Connection, period: Period) -> list[tuple[str, date, str, float]]:
    """What is not told day by day is added up by the database: many clauses, times many days."""
    table = DayFigure
    within = table.day.between(period.first, period.last)
    daily = select(table.figure, table.day, table.value, table.amount).where(
        table.figure.in_(("status", "verdict")), within
    )
    summed = (
        select(table.figure, func.min(table.day), table.value, func.sum(table.amount))
        .where(table.figure.in_(("mode", "route", "latency", "clause", "tokens", "cost")), within)
        .group_by(table.figure, table.value)
    )
    rows = (row for query in (daily, summed) for row in connection.execute(query))
    return [(figure, day, value, amount) for figure, day, value, amount in rows]


def _until(connection: Connection) -> datetime | None:
    at = connection.scalar(select(Counted.at).where(Counted.source == "answers"))
    return at if at and at.year > 1 else None


def _day(day: date, counted: Amounts) -> Day:
    answered, unanswered, refused = (
        round(sum(counted[status] for status in group)) for group in (ANSWERED, UNANSWERED, REFUSED)
    )
    asked = answered + unanswered + refused
    return Day(day, asked, answered, unanswered, refused, round(counted["up"]), round(counted["down"]))


def _place(value: str) -> tuple[str, str]:
    document, _, ref = value.partition("#")
    return document, ref


def _whole(counted: Amounts) -> dict[str, int]:
    return {value: round(counted[value]) for value in sorted(counted, key=lambda value: -counted[value])}
