"""
The tables of the console: who works there, what they did, and what they keep.

    staff           name, role, hash of the password
    staff_sessions  hash of the cookie's token, whose it is, since when, last used
    audit           when, who, what, to what, details, pseudonym of the address     rows are only ever added
    reviews         what a member of staff made of an answer                        goes with its answer
    directory       whom to call for what a unit does

The database itself refuses to change or delete a row of `audit`, see migrations/versions/0002_console.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.service.records.models import Base, Number


class StaffRow(Base):
    """A member of staff."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str]  # argon2id, with its parameters and salt
    at: Mapped[datetime]


class StaffSession(Base):
    """One sign-in. The token itself is with the browser alone."""

    __tablename__ = "staff_sessions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of it
    name: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
    used: Mapped[datetime]


class AuditRow(Base):
    """Who did what to what, and when."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(String(64))  # of a sign-in; empty elsewhere


class Review(Base):
    """What a member of staff made of an answer."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(String(64), index=True)
    who: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]  # redacted; the reply as it was adjusted
    comment: Mapped[str]  # redacted


class DirectoryRow(Base):
    """Where to turn to for a unit."""

    __tablename__ = "directory"

    unit: Mapped[str] = mapped_column(String(64), primary_key=True)
    also: Mapped[list[Any]]  # other names it goes by
    contact: Mapped[str]  # a telephone number
    hours: Mapped[str]
    address: Mapped[str]
    link: Mapped[str]
    source: Mapped[str]  # where all this is from
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(64))
