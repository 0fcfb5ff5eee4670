"""
Who did what to what, and when: added to, never changed.

    audit.note("李敏", "办结投诉", "TS20261123-9F2C51D0A7", reply="已核对更正。")
    audit.latest(50)  ->  [Entry(at=2026-11-24 01:20:07, who="李敏", action="办结投诉", subject="TS2026…", …), …]

A change and its entry belong in one transaction: `entered(connection, …)` is for whoever writes in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from bot.service.records import Records
from bot.service.records.desk_models import AuditRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `at` is UTC."""

    at: datetime
    who: str
    action: str
    subject: str
    detail: dict[str, Any]


class Audit:
    """The audit of one service."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def note(self, who: str, action: str, subject: str = "", **detail: Any) -> None:
        """Add an entry; it is durable when this returns. What stands in it must be no personal data of citizens."""
        self._records.write(lambda connection: entered(connection, who, action, subject, detail))

    def latest(self, most: int = 200, sought: str = "") -> Sequence[Entry]:
        """The latest entries, the newest first; where something is sought, those that name it."""
        columns = (AuditRow.at, AuditRow.who, AuditRow.action, AuditRow.subject, AuditRow.detail)
        query = select(*columns).order_by(AuditRow.id.desc()).limit(most)
        if sought:
            texts = (AuditRow.who, AuditRow.action, AuditRow.subject)
            query = query.where(or_(*(text.contains(sought, autoescape=True) for text in texts)))
        rows = self._records.read(lambda connection: connection.execute(query).mappings().all())
        return [Entry(**row) for row in rows]


def entered(
    connection: Connection, who: str, action: str, subject: str, detail: dict[str, Any], address: str = ""
) -> None:
    """Add an entry within a transaction; `address` is a pseudonym."""
    row = {"at": now(), "who": who, "action": action, "subject": subject, "detail": detail, "address": address}
    connection.execute(insert(AuditRow), [row])


def now() -> datetime:
    """UTC without a zone, as the tables have it."""
    return datetime.now(UTC).replace(tzinfo=None)
