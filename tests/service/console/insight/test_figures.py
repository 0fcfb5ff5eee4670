"""The figures of a period are those of its days here, and no others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.service.console.insight.figures import Coverage, Day, Period, coverage, figures
from bot.service.records import Records
from bot.types import Outline
from tests.service.console.insight.conftest import Keep

MONDAY, TUESDAY = datetime(2026, 11, 16, 4), datetime(2026, 11, 17, 4)
WEEK = Period.week_of(date(2026, 11, 18))
LATER = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)


def test_a_week_is_from_monday_to_sunday_here() -> None:
    assert (WEEK.first, WEEK.last, len(WEEK)) == (date(2026, 11, 16), date(2026, 11, 22), 7)
    assert (WEEK.start, WEEK.end) == (datetime(2026, 11, 15, 16), datetime(2026, 11, 22, 16))
    assert WEEK.before == Period(date(2026, 11, 9), date(2026, 11, 15))


def test_each_day_tells_what_was_asked_and_what_became_of_it(records: Records, keep: Keep) -> None:
    keep("a", "瞪羚归谁管", MONDAY, verdict="up")
    keep("b", "补贴多少", MONDAY, status="unanswerable_not_stated", verdict="down")
    keep("c", "写首诗", TUESDAY, status="refused_out_of_scope", total=40.0)
    keep("d", "上周的", MONDAY - timedelta(days=1))
    records.count(LATER)
    found = figures(records, WEEK)
    assert found.days[:3] == (
        Day(date(2026, 11, 16), 2, 1, 1, 0, 1, 1),
        Day(date(2026, 11, 17), 1, 0, 0, 1, 0, 0),
        Day(date(2026, 11, 18)),
    )
    assert found.total == Day(date(2026, 11, 16), 3, 1, 1, 1, 1, 1)
    assert found.statuses == {"answered": 1, "unanswerable_not_stated": 1, "refused_out_of_scope": 1}
    assert [round(found.latency_ms[share] or 0) for share in (0.5, 0.99)] == [21, 41]
    assert found.clauses == {("demo", "二、(一)1."): 1}


def test_before_anything_is_counted_there_are_no_figures(records: Records) -> None:
    found = figures(records, WEEK)
    assert (found.total.asked, found.latency_ms[0.5], found.until) == (0, None, None)


def test_coverage_names_the_clauses_that_nobody_was_told(records: Records, keep: Keep, outline: Outline) -> None:
    keep("a", "瞪羚归谁管", MONDAY)
    records.count(LATER)
    silent = ("题头", "一、", "二、(一)2.", "二、(二)")
    assert coverage(figures(records, WEEK), [outline]) == (Coverage("demo", "某市扶持示范产业办法", 5, 1, silent),)
