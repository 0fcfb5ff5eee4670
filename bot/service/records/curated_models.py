"""
The table of curated answers: what members of staff have answered themselves, and when it holds.

    curated_answers   question, ways to ask it, look-alikes, answer, what it cites, owner, unit, validity, state
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.service.records.models import Base


class CuratedRow(Base):
    """One curated answer. Its earlier wordings are in the audit."""

    __tablename__ = "curated_answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str]
    variants: Mapped[list[Any]]  # other ways to ask the same
    negatives: Mapped[list[Any]]  # questions that sound like it and are others
    text: Mapped[str]  # the answer, with [n] where it stands on a citation
    citations: Mapped[list[Any]]  # [{"document", "start", "end", "quote", "ref"}]
    owner: Mapped[str] = mapped_column(String(64), index=True)
    unit: Mapped[str]
    valid_from: Mapped[date | None] = mapped_column(Date())
    valid_to: Mapped[date | None] = mapped_column(Date())
    state: Mapped[str] = mapped_column(String(16), index=True)  # draft, live, expired, changed, retired
    reason: Mapped[str]  # why it is not live any more
    source: Mapped[str] = mapped_column(String(64))  # the answer it was made from, empty where none
    version: Mapped[int]  # one more with every change
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[str] = mapped_column(String(64))  # empty where it never was
