"""What is written down, who can have it deleted, and when it goes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import RecordsError
from bot.service.records import Records, Ticket
from bot.service.records.models import Access, AnswerRow, Base, Complaint, Feedback
from bot.types import Answer, Query, Sentence


@pytest.fixture
def records() -> Iterator[Records]:
    opened = Records.open("sqlite://", configuration={"embedding": "model"})
    yield opened
    opened.close()


def rows(records: Records, model: type[Base]) -> list[dict[str, Any]]:
    """Every row of a table, without its time."""
    columns = [column for column in model.__table__.columns if column.name not in ("at", "id")]
    return [dict(row) for row in records._do(lambda link: link.execute(select(*columns)).mappings().all())]


def test_an_answer_is_kept_with_its_sources_and_without_personal_numbers(records: Records, answer: Answer) -> None:
    records.answered("01J", "c1", "放宽什么，13800001111", answer, route="/api/v1/ask", generation="000007")
    start = answer.citations[0].span.start
    assert rows(records, AnswerRow) == [
        {
            "conversation": "c1",
            "route": "/api/v1/ask",
            "question": "放宽什么，［手机号已隐去］",
            "understood": "放宽什么，归谁管",
            "status": "answered",
            "mode": "quoted",
            "answer": "放宽A<B的限制。[1]\n责任单位：乙局、丙局[2]",
            "sources": [
                {"document": "demo", "ref": "二、(一)1.", "start": start, "end": start + 9},
                {"document": "demo", "ref": "二、(一)1.", "start": start + 9, "end": start + 21},
            ],
            "timings_ms": {},
            "hits": [],
            "rejected": [],
            "generation": "000007",
            "configuration": {"embedding": "model"},
            "usage": None,
        }
    ]


def test_the_access_log_has_no_address_and_sums_up_refusals(records: Records) -> None:
    records.accessed("/api/v1/ask", 200, 12.34, "203.0.113.7")
    for _ in range(3):
        records.accessed("/api/v1/ask", 429, 0.2, "203.0.113.7")
    records._note_refusals()
    who = records.addresses.pseudonym("203.0.113.7")
    common = {"route": "/api/v1/ask", "address": who}
    assert rows(records, Access) == [
        common | {"status": 200, "latency_ms": 12.3, "count": 1},
        common | {"status": 429, "latency_ms": 0.0, "count": 3},
    ]
    assert "203" not in who


def test_forgetting_a_conversation_takes_its_answers_and_feedback_and_no_others(
    records: Records, answer: Answer
) -> None:
    for number, conversation in enumerate(("c1", "c1", "c2")):
        records.answered(str(number), conversation, "归谁管", answer)
        assert records.feedback(str(number), "up", "很清楚")
    assert records.forget("c1") == 2
    assert [row["conversation"] for row in rows(records, AnswerRow)] == ["c2"]
    assert rows(records, Feedback) == [{"answer": "2", "verdict": "up", "comment": "很清楚"}]
    assert records.forget("c1") == 0


def test_feedback_needs_an_answer_and_is_redacted(records: Records, answer: Answer) -> None:
    assert not records.feedback("01J", "down", "不对")
    records.answered("01J", "c1", "归谁管", answer)
    assert records.feedback("01J", "down", "不对，打13800001111")
    assert rows(records, Feedback) == [{"answer": "01J", "verdict": "down", "comment": "不对，打［手机号已隐去］"}]


def test_a_complaint_has_a_ticket_a_time_limit_and_in_the_end_a_reply_and_no_contact(records: Records) -> None:
    ticket = records.complain("答错了，我是13800001111", "张三 13800001111")
    assert timedelta(days=14) < ticket.due - datetime.now(UTC).replace(tzinfo=None) <= timedelta(days=15)
    assert records.ticket(ticket.number) == ticket
    assert [row["contact"] for row in records.complaints()] == ["张三 13800001111"]
    assert records.close_complaint(ticket.number, "已更正。")
    assert records.ticket(ticket.number) == Ticket(ticket.number, ticket.due, "已办结", "已更正。")
    assert [(row["text"], row["contact"]) for row in rows(records, Complaint)] == [("答错了，我是［手机号已隐去］", "")]
    assert records.complaints() == []
    assert not records.close_complaint(ticket.number, "再来")
    assert records.ticket("TS20261123-0") is None


def test_each_kind_of_record_goes_at_its_own_time(tmp_path: Path, answer: Answer) -> None:
    records = Records.open(f"sqlite:///{tmp_path}/records.db", folder=tmp_path, access_days=1)  # less than the law's
    records.answered("01J", "c1", "归谁管", answer)
    records.feedback("01J", "up")
    records.accessed("/api/v1/ask", 200, 1, "203.0.113.7")
    records.close_complaint(records.complain("慢").number, "已更正。")
    kept = records.complain("还在办")
    now = datetime.now(UTC).replace(tzinfo=None)
    gone = [
        (days, (each.access, each.answers, each.feedback, each.complaints, each.secrets))
        for days in (89, 91, 183, 185, 250)
        for each in [records.retain(now + timedelta(days=days))]
    ]
    assert gone == [
        (89, (0, 0, 0, 0, 0)),
        (91, (0, 1, 1, 0, 0)),
        (183, (0, 0, 0, 0, 0)),
        (185, (1, 0, 0, 1, 0)),
        (250, (0, 0, 0, 0, 1)),
    ]
    assert records.ticket(kept.number) == kept
    records.close()


def test_a_stop_is_seen_by_another_process_and_leaves_an_audit(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    here, there = Records.open(url), Records.open(url)
    there.watch()
    here.stop("答复有误", "zhang")
    assert wait_for(lambda: there.stopped is not None)
    assert there.stopped and (there.stopped.reason, there.stopped.who) == ("答复有误", "zhang")
    here.resume("已更正", "li")
    assert wait_for(lambda: there.stopped is None)
    audit = [(row["stopped"], row["reason"], row["who"]) for row in here.stops()]
    assert audit == [(True, "答复有误", "zhang"), (False, "已更正", "li")]
    here.close()
    there.close()


def wait_for(holds: Any) -> bool:
    import time

    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(holds())


def test_a_service_that_opens_stopped_records_is_stopped(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    first = Records.open(url)
    first.stop("演练", "zhang")
    first.close()
    second = Records.open(url)
    assert second.stopped is not None
    second.close()


def test_a_stop_without_a_reason_is_refused(records: Records) -> None:
    with pytest.raises(RecordsError, match="原因"):
        records.stop(" ", "zhang")
    assert records.stops() == []


def test_one_row_that_cannot_be_written_spoils_no_other(records: Records) -> None:
    answer = Answer(Query("一", "一", ()), "answered", (Sentence("一"),))
    records.answered("same", "c", "一", answer)
    futures = [records.put_answer(name, "c", "一", answer) for name in ("a", "same", "b")]
    assert futures[0].result(10) is None
    assert futures[2].result(10) is None
    with pytest.raises(RecordsError):
        futures[1].result(10)
    assert len(rows(records, AnswerRow)) == 3


def test_answers_of_many_threads_are_all_there_after_closing_and_opening(tmp_path: Path, answer: Answer) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    records = Records.open(url)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: records.answered(f"{number}", "c", "归谁管", answer), range(200)))
    records.accessed("/chat", 200, 1, "203.0.113.7")  # not waited for
    records.close()
    again = Records.open(url)
    assert len(rows(again, AnswerRow)) == 200
    assert len(rows(again, Access)) == 1
    again.close()


@pytest.mark.parametrize("url", ["notaurl", "sqlite:////proc/none/records.db", "nosuch://x"])
def test_a_database_that_cannot_be_opened_is_one_clear_sentence(url: str) -> None:
    with pytest.raises(RecordsError, match="BOT_RECORDS"):
        Records.open(url)


def test_the_password_of_a_database_is_not_shown() -> None:
    with pytest.raises(RecordsError) as error:
        Records.open("postgresql+psycopg://bot:geheim@127.0.0.1:1/bot")
    assert "geheim" not in str(error.value)
