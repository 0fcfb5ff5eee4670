"""Complaints on the desk: what is late, what closing does, what a table that is taken away holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.service.console.audit import now
from bot.service.console.complaints import CLOSED, EVERY, OPEN, OVERDUE, ComplaintError, Complaints
from bot.service.records import Records
from bot.service.records.models import Complaint


def due(records: Records, number: str, days: int) -> None:
    change = update(Complaint).where(Complaint.number == number).values(due=now() + timedelta(days=days, hours=-1))
    records.write(lambda connection: connection.execute(change).rowcount)


def test_the_most_urgent_comes_first_and_what_is_late_says_so(records: Records) -> None:
    numbers = [records.complain(text, "张三").number for text in ("甲", "乙", "丙")]
    for number, days in zip(numbers, (5, -2, 0), strict=True):
        due(records, number, days)
    complaints = Complaints(records)
    found = [(each.text, each.told_state(now())) for each in complaints.list()]
    assert found == [("乙", "受理中（逾期3天）"), ("丙", "受理中（逾期1天）"), ("甲", "受理中")]
    assert [each.text for each in complaints.list(OVERDUE)] == ["乙", "丙"]


def test_closing_answers_and_takes_the_contact_away(records: Records) -> None:
    number = records.complain("答错了", "张三 0532-1").number
    complaints = Complaints(records)
    complaints.close(number, " 已核对更正。 ", "李敏")
    closed = complaints.list(CLOSED)[0]
    assert (closed.state, closed.reply, closed.contact, closed.text) == (CLOSED, "已核对更正。", "", "答错了")
    assert [each.number for each in complaints.list(OPEN)] == []
    ticket = records.ticket(number)
    assert ticket and (ticket.state, ticket.reply) == (CLOSED, "已核对更正。")
    with pytest.raises(ComplaintError, match="没有编号为"):
        complaints.close(number, "再办一次", "李敏")


@pytest.mark.parametrize("reply", ["", "  ", "长" * 2001])
def test_a_complaint_is_closed_with_a_reply_of_fair_length(records: Records, reply: str) -> None:
    number = records.complain("答错了").number
    with pytest.raises(ComplaintError):
        Complaints(records).close(number, reply, "李敏")
    assert [each.state for each in Complaints(records).list(EVERY)] == [OPEN]
