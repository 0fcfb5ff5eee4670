"""Lists of questions: newest first, page after page, by words, status and what readers thought."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.service.console.insight.figures import Period
from bot.service.console.insight.questions import Wanted, detail, listed
from bot.service.records import Records
from tests.service.console.insight.conftest import Keep

NOON = datetime(2026, 11, 16, 4)
PERIOD = Period(date(2026, 11, 16), date(2026, 11, 16))


def texts(records: Records, **wanted: object) -> list[str]:
    return [row.question for row in listed(records, Wanted(PERIOD, **wanted)).rows]  # type: ignore[arg-type]


def test_pages_follow_each_other_while_new_questions_come(records: Records, keep: Keep) -> None:
    for number in range(5):
        keep(f"{number}", f"第{number}问", NOON)  # all at the same moment
    first = listed(records, Wanted(PERIOD), size=2)
    keep("9", "刚来的", NOON + timedelta(seconds=1))
    second = listed(records, Wanted(PERIOD), first.after, size=2)
    last = listed(records, Wanted(PERIOD), second.after, size=2)
    pages = [[row.id for row in page.rows] for page in (first, second, last)]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    assert last.after is None


def test_words_are_found_in_any_order_and_either_case(records: Records, keep: Keep) -> None:
    keep("a", "瞪羚企业的AI补贴", NOON)
    keep("b", "100%是瞪羚", NOON)
    assert texts(records, contains="瞪羚") == ["100%是瞪羚", "瞪羚企业的AI补贴"]
    assert texts(records, contains="补贴 瞪羚") == ["瞪羚企业的AI补贴"]
    assert texts(records, contains="ai") == ["瞪羚企业的AI补贴"]
    assert texts(records, contains="0%是") == ["100%是瞪羚"]
    assert texts(records, contains="%企") == []


def test_a_list_holds_only_what_is_wanted(records: Records, keep: Keep) -> None:
    keep("a", "甲", NOON, verdict="down")
    keep("b", "乙", NOON, status="unanswerable_not_stated", verdict="up")
    keep("c", "丙", NOON - timedelta(days=1), verdict="down")
    assert texts(records) == ["乙", "甲"]
    assert texts(records, statuses=["unanswerable_not_stated"]) == ["乙"]
    assert texts(records, disliked=True) == ["甲"]


def test_one_answer_is_told_whole(records: Records, keep: Keep) -> None:
    keep("a", "甲", NOON, verdict="down")
    found = detail(records, "a")
    assert found
    assert (found.asked.question, found.asked.verdicts, found.comments) == ("甲", ("down",), ("答得不对",))
    assert found.answer.startswith("放宽A<B的限制。[1]")
    assert detail(records, "b") is None
