"""Records with a few real questions, on days of our choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from bot.service.records import Records
from bot.service.records.models import AnswerRow, Feedback
from bot.types import Answer, Hit, Usage

Keep = Callable[..., None]


@pytest.fixture
def records() -> Iterator[Records]:
    opened = Records.open("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def keep(records: Records, answer: Answer) -> Keep:
    """keep("a1", "瞪羚归谁管", at=…, status="unanswerable_not_stated", verdict="down") notes one answer."""

    def note(
        id_: str,
        question: str,
        at: datetime,
        status: Any = "answered",
        verdict: Any = "",
        usage: Usage | None = None,
        rejected: tuple[Hit, ...] = (),
        total: float = 20.0,
    ) -> None:
        given = replace(answer, status=status, usage=usage, rejected=rejected, timings_ms={"total": total})
        given = given if status == "answered" else replace(given, citations=())
        records.answered(id_, f"of-{id_}", question, given, route="/api/v1/ask")
        if verdict:
            assert records.feedback(id_, verdict, "答得不对")

        def dated(connection: Any) -> None:
            connection.execute(update(AnswerRow).where(AnswerRow.id == id_).values(at=at))
            connection.execute(update(Feedback).where(Feedback.answer == id_).values(at=at))

        records.write(dated)

    return note
