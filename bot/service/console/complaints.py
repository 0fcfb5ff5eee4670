"""
Complaints as staff work on them: the open ones by due date, reply, close.

    complaints.list("逾期")  ->  [Case(number="TS20261101-…", due=2026-11-16, state="受理中", …)]
    complaints.close("TS20261101-…", "已核对更正。", "李敏")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.errors import BotError
from bot.service.console.audit import entered, now
from bot.service.console.html import when
from bot.service.records import Records
from bot.service.records.models import Complaint

OPEN, CLOSED, OVERDUE, EVERY = "受理中", "已办结", "逾期", "全部"
SHOWN = (OPEN, OVERDUE, CLOSED, EVERY)
MOST = 500  # cases of a list; an export has all
LONGEST = 2000  # characters of a reply
HEADERS = ("受理编号", "收到时间", "答复期限", "状态", "内容", "联系方式", "答复", "办结时间")


class ComplaintError(BotError):
    """A complaint cannot be closed; the message says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint. Times are UTC."""

    number: str
    at: datetime
    due: datetime
    state: str
    text: str
    contact: str
    reply: str
    closed_at: datetime | None

    def told_state(self, at: datetime) -> str:
        """受理中, 已办结; 受理中（逾期3天）; 已办结（逾期）."""
        end = self.closed_at or at
        if end <= self.due:
            return self.state
        late = "" if self.closed_at else f"{(end - self.due).days + 1}天"
        return f"{self.state}（{OVERDUE}{late}）"

    @property
    def row(self) -> tuple[str, ...]:
        """What HEADERS name."""
        return (
            self.number,
            when(self.at),
            when(self.due)[:10],
            self.told_state(now()),
            self.text,
            self.contact,
            self.reply,
            when(self.closed_at) if self.closed_at else "",
        )


class Complaints:
    """The complaints of one service."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def list(self, which: str = OPEN, most: int | None = MOST) -> Sequence[Case]:
        """The open ones by due date, the closed ones latest first."""
        names = ("number", "at", "due", "state", "text", "contact", "reply", "closed_at")
        query = select(*(getattr(Complaint, name) for name in names)).limit(most)
        conditions: Mapping[str, object] = {
            OPEN: Complaint.state == OPEN,
            CLOSED: Complaint.state == CLOSED,
            OVERDUE: (Complaint.state == OPEN) & (Complaint.due < now()),
        }
        if which in conditions:
            query = query.where(conditions[which])  # type: ignore[arg-type]
        order = (Complaint.closed_at.desc(),) if which == CLOSED else (Complaint.state != OPEN, Complaint.due)
        rows = self._records.read(lambda connection: connection.execute(query.order_by(*order)).mappings().all())
        return [Case(**row) for row in rows]

    def close(self, number: str, reply: str, by: str) -> None:
        """Answer a complaint and delete its contact. Raises ComplaintError."""
        reply = reply.strip()
        if not reply:
            raise ComplaintError("办结要写明答复，投诉人凭受理编号可以看到。")
        if len(reply) > LONGEST:
            raise ComplaintError(f"答复请控制在{LONGEST}字以内。")
        change = (
            update(Complaint)
            .where(Complaint.number == number, Complaint.state == OPEN)
            .values(state=CLOSED, reply=reply, contact="", closed_at=now())
        )

        def work(connection: Connection) -> None:
            if not connection.execute(change).rowcount:
                raise ComplaintError(f"没有编号为“{number}”的未办结投诉。")
            entered(connection, by, "办结投诉", number, {})

        self._records.write(work)
