"""
The tables, one class each; migrations/ brings a database to them.

    access      when, route, status, milliseconds, pseudonym of the address          no question; >= 184 days
    answers     reply id, conversation, redacted question, answer, sources, stages   no address; 90 days
    feedback, complaints, stops
    day_figures      counts of every day, from which figures of any period are added up; no text, kept for good
    question_marks   what staff decided of a question, by its digest; no text

Times are UTC without a zone, which SQLite and PostgreSQL store and compare alike.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, DateTime, Float, Index, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {"ix": "ix_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only where they are INTEGER


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012
        date: Date(),
        datetime: DateTime(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(),
        str: Text(),
    }


class Access(Base):
    """One request. The route is the pattern that took it, so that no id and no question gets in by the path."""

    __tablename__ = "access"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    route: Mapped[str]
    status: Mapped[int]
    latency_ms: Mapped[float] = mapped_column(Float)
    address: Mapped[str]
    count: Mapped[int]  # refusals (429, 503) of half a second to one address are one row


class AnswerRow(Base):
    """
    One question and what became of it.

    The indexes hold all that a list shows, of every status and of one, so that lists and searches never read the rows
    themselves, which are fifty times as long.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_listed", "at", "id", "status", "question"),
        Index("ix_answers_of_status", "status", "at", "id", "question"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # ProduceID of the label
    at: Mapped[datetime]
    conversation: Mapped[str] = mapped_column(String(128), index=True)
    route: Mapped[str]
    question: Mapped[str]  # redacted; what is longer than LONGEST is cut, as an index takes no more
    understood: Mapped[str]  # redacted
    status: Mapped[str]
    mode: Mapped[str]
    answer: Mapped[str]  # redacted
    sources: Mapped[list[Any]]  # [{"document", "ref", "start", "end"}]
    timings_ms: Mapped[dict[str, Any]]
    hits: Mapped[list[Any]]  # [[chunk id, score, dense rank, lexical rank]]: what the answer was chosen from
    rejected: Mapped[list[Any]]  # the same, of what was set aside
    generation: Mapped[str]  # of the index
    configuration: Mapped[dict[str, Any]]
    usage: Mapped[dict[str, Any] | None]  # {"model", "input_tokens", "output_tokens", "cost"}; None: no model asked


class Feedback(Base):
    """What a reader thought of an answer."""

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_of_verdict", "verdict", "at", "answer"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(String(64), index=True)
    verdict: Mapped[str]
    comment: Mapped[str]  # redacted


class Complaint(Base):
    """A complaint. The contact is as given, for it is there to be answered; it goes when the complaint is closed."""

    __tablename__ = "complaints"

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    due: Mapped[datetime]
    text: Mapped[str]  # redacted
    contact: Mapped[str]
    state: Mapped[str]
    reply: Mapped[str]
    closed_at: Mapped[datetime | None]


class StopRow(Base):
    """Who stopped or resumed answering, when and why; the last row is in force."""

    __tablename__ = "stops"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime]
    stopped: Mapped[bool]
    reason: Mapped[str]
    who: Mapped[str]


class DayFigure(Base):
    """
    How much of what there was on a day, by the calendar of Beijing.

    ("status", "answered"): so many answers; ("latency", "57"): so many that took about 1.05 ** 57 milliseconds;
    ("clause", "action-plan#三、(四)10."): answers that cite it. See daily.py.
    """

    __tablename__ = "day_figures"

    figure: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[float] = mapped_column(Float)


class Counted(Base):
    """The last row of a table that is in the figures of the days."""

    __tablename__ = "counted"

    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]
    key: Mapped[str]


class QuestionMark(Base):
    """What staff decided of a question that was not answered, or disliked. The digest is of its redacted text."""

    __tablename__ = "question_marks"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]
    decision: Mapped[str]  # out_of_scope, settled
    note: Mapped[str]
    who: Mapped[str]
