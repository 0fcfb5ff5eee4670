"""What was asked is counted once, on its day here, wherever the job was ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.service.records import Records, daily
from bot.service.records.models import AnswerRow, DayFigure
from bot.types import Answer, Usage

TODAY = date(2026, 11, 24)
EVENING = datetime(2026, 11, 23, 16, 30)  # UTC: half past midnight here
LATER = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)


@pytest.fixture
def records() -> Iterator[Records]:
    opened = Records.open("sqlite://")
    yield opened
    opened.close()


def counted(records: Records) -> dict[tuple[str, date, str], float]:
    query = select(DayFigure.figure, DayFigure.day, DayFigure.value, DayFigure.amount)
    return {
        (figure, day, value): amount
        for figure, day, value, amount in records.read(lambda link: link.execute(query).all())
    }


def put_on(records: Records, id_: str, at: datetime) -> None:
    records.write(lambda link: link.execute(update(AnswerRow).where(AnswerRow.id == id_).values(at=at)))


def test_an_answer_counts_for_the_day_here_with_what_it_cites_and_costs(records: Records, answer: Answer) -> None:
    usage = Usage("模型甲", 1000, 200, 0.5)
    records.answered("a", "c", "归谁管", replace(answer, timings_ms={"total": 20.0}, usage=usage), route="/chat")
    put_on(records, "a", EVENING)
    assert records.count(LATER) == 1
    assert counted(records) == {
        ("status", TODAY, "answered"): 1,
        ("mode", TODAY, "quoted"): 1,
        ("route", TODAY, "/chat"): 1,
        ("latency", TODAY, "62"): 1,
        ("clause", TODAY, "demo#二、(一)1."): 1,
        ("tokens", TODAY, "input"): 1000,
        ("tokens", TODAY, "output"): 200,
        ("cost", TODAY, "模型甲"): 0.5,
    }


def test_nothing_is_counted_twice_and_nothing_left_out_between_two_batches(
    records: Records, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "BATCH", 2)
    for number in range(5):
        records.answered(f"{number}", "c", "归谁管", answer)
        put_on(records, f"{number}", EVENING)  # all at the same time: the id tells them apart
        assert records.feedback(f"{number}", "down")
    assert [records.count(LATER), records.count(LATER)] == [10, 0]
    records.answered("9", "c", "归谁管", answer)
    assert records.count(LATER) == 1
    found = counted(records)
    assert (
        found["status", TODAY, "answered"]
        + sum(amount for (figure, day, _), amount in found.items() if figure == "status" and day != TODAY)
        == 6
    )


def test_what_is_deleted_stays_counted(records: Records, answer: Answer) -> None:
    records.answered("a", "c", "归谁管", answer)
    records.count(LATER)
    before = counted(records)
    assert records.forget("c") == 1
    assert (records.count(LATER), counted(records)) == (0, before)


def test_what_may_still_be_on_its_way_is_left_for_the_next_time(records: Records, answer: Answer) -> None:
    records.answered("a", "c", "归谁管", answer)
    assert records.count() == 0
    assert records.count(LATER) == 1


@pytest.mark.parametrize("milliseconds", [0.2, 1.0, 17.3, 999.0, 60_000.0])
def test_a_bar_of_the_histogram_is_right_to_five_in_a_hundred(milliseconds: float) -> None:
    told = daily.percentile({daily.bucket(milliseconds): 1}, 0.5)
    assert told is not None
    assert max(milliseconds, 1) <= told * 1.0000001 <= max(milliseconds, 1) * 1.0500001


def test_a_percentile_is_what_so_many_took_at_most() -> None:
    histogram = {daily.bucket(10): 95.0, daily.bucket(100): 4.0, daily.bucket(1000): 1.0}
    told = [daily.percentile(histogram, share) for share in (0.5, 0.95, 0.99, 1.0)]
    assert [
        each and each / 1.05 < wanted <= each * 1.001 for each, wanted in zip(told, (10, 10, 100, 1000), strict=True)
    ] == [True] * 4
    assert daily.percentile({}, 0.5) is None
