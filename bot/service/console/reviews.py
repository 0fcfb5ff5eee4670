"""
What staff make of answers: approved or rejected, the reply as they adjusted it, a comment.

    reviews.put("01J…", "通过", "您好。……", "已核对原文", "李敏")
    reviews.latest()  ->  [Reviewed(at=…, who="李敏", verdict="通过", question="瞪羚归谁管？", …)]

A review goes with its answer: by conversation, and when the time it is kept for is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select

from bot.service.console.audit import entered, now
from bot.service.records import Records
from bot.service.records.desk_models import Review
from bot.service.records.models import AnswerRow
from bot.service.records.redact import redact

Verdict = Literal["通过", "退回"]
LONGEST = 5000  # characters of a reply


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review, with the question its answer is to."""

    at: datetime
    who: str
    verdict: str
    question: str
    text: str
    comment: str


class Reviews:
    """The reviews of one service."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def put(self, answer: str, verdict: Verdict, text: str, comment: str, by: str) -> bool:
        """Keep a review. False where there is no such answer (any more)."""
        row = {
            "at": now(),
            "answer": answer,
            "who": by,
            "verdict": verdict,
            "text": redact(text[:LONGEST]),
            "comment": redact(comment[:LONGEST]),
        }

        def work(connection: Connection) -> bool:
            if connection.scalar(select(AnswerRow.id).where(AnswerRow.id == answer)) is None:
                return False
            connection.execute(insert(Review), [row])
            entered(connection, by, f"复核：{verdict}", answer, {})
            return True

        return self._records.write(work)

    def latest(self, most: int = 20) -> Sequence[Reviewed]:
        """The newest first."""
        query = (
            select(Review.at, Review.who, Review.verdict, AnswerRow.question, Review.text, Review.comment)
            .join(AnswerRow, AnswerRow.id == Review.answer)
            .order_by(Review.id.desc())
            .limit(most)
        )
        rows = self._records.read(lambda connection: connection.execute(query).mappings().all())
        return [Reviewed(**row) for row in rows]
