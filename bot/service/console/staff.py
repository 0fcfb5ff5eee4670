"""
The people of the help desk: roles, passwords, sessions.

    people.add("李敏", "editor", "正确的-马-电池-订书钉", by="王强")
    token = people.sign_in("李敏", "正确的-马-电池-订书钉", "203.0.113.7")
    people.session(token)  ->  Person(name="李敏", role="editor"); None once it has ended

Passwords are kept as argon2id hashes, tokens as SHA-256 of themselves. Each sign-in is a session of its own; a change
of password or role, or leaving, ends all of that person's. Every change is in the audit, within its transaction.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from bot.errors import BotError
from bot.service.console.audit import entered, now
from bot.service.records import Records
from bot.service.records.desk_models import AuditRow, StaffRow, StaffSession

Role = Literal["reader", "editor", "reviewer", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
ROLE_NAMES: Mapping[Role, str] = {
    "reader": "查阅",
    "editor": "编辑",
    "reviewer": "审核",
    "administrator": "管理",
}

IDLE = timedelta(minutes=30)  # without a request
LONGEST = timedelta(hours=12)  # whatever is done
TOUCHED_EVERY = timedelta(minutes=1)  # how exactly the last use is known
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128  # characters
NAME = re.compile(r"[\w·.@-]{1,32}")
WINDOW = timedelta(minutes=5)  # within which wrong passwords are counted:
TRIES_OF_NAME_AT_ADDRESS, TRIES_OF_NAME, TRIES_OF_ADDRESS = 5, 30, 30

SIGNED_IN, SIGNED_OUT, WRONG = "登录", "退出", "登录失败"
NOBODY = "（无此人）"  # what is typed for a name may be a password

WRONG_PASSWORD = "用户名或者密码不对，请核对后重新输入。"  # noqa: S105
TOO_OFTEN = "输错次数过多，请五分钟后再试。"


class StaffError(BotError):
    """What was asked of the list of people cannot be done; the message says why."""


class TooOftenError(StaffError):
    """Too many wrong passwords."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether this person may do what `role` may."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Member:
    """A line of the list of people. Times are UTC."""

    name: str
    role: Role
    since: datetime
    last_used: datetime | None  # of the sessions that have not ended


class People:
    """The people of one service; safe to share between threads. Every call may raise RecordsError."""

    def __init__(self, records: Records, hasher: PasswordHasher | None = None) -> None:
        self._records = records
        self._hasher = hasher or PasswordHasher()  # RFC 9106's low-memory parameters: 64 MiB, 3 passes
        self._hashing = threading.Semaphore(2)  # at once: each takes its memory and a core

    def list(self) -> Sequence[Member]:
        """Everyone, by name."""
        last = select(StaffSession.name, func.max(StaffSession.used).label("used")).group_by(StaffSession.name)
        sessions = last.subquery()
        query = (
            select(StaffRow.name, StaffRow.role, StaffRow.at, sessions.c.used)
            .outerjoin(sessions, sessions.c.name == StaffRow.name)
            .order_by(StaffRow.name)
        )
        rows = self._records.read(lambda connection: connection.execute(query).all())
        return [Member(row.name, row.role, row.at, row.used) for row in rows]

    def add(self, name: str, role: Role, password: str, by: str) -> None:
        """Take someone in. Raises StaffError where the name, the role or the password cannot be used."""
        if not NAME.fullmatch(name):
            raise StaffError("用户名用1至32个汉字、字母、数字或者“·”“.”“-”“_”“@”，中间没有空格。")
        _check_role(role)
        row = {"name": name, "role": role, "password": self._hashed(name, password), "at": now()}

        def work(connection: Connection) -> None:
            if _row(connection, name):
                raise StaffError(f"已经有叫“{name}”的人员。")
            connection.execute(insert(StaffRow), [row])
            entered(connection, by, "增加人员", name, {"role": role})

        self._records.write(work)

    def set_role(self, name: str, role: Role, by: str) -> None:
        """Raises StaffError where there is no such person, or no administrator would be left."""
        _check_role(role)

        def work(connection: Connection) -> None:
            before = _known(connection, name)
            if before.role == "administrator" and role != "administrator":
                _another_administrator(connection, name)
            connection.execute(update(StaffRow).where(StaffRow.name == name).values(role=role))
            _end_sessions(connection, name)
            entered(connection, by, "更改角色", name, {"from": before.role, "to": role})

        self._records.write(work)

    def set_password(self, name: str, password: str, by: str) -> None:
        """Raises StaffError where there is no such person or the password cannot be used."""
        hashed = self._hashed(name, password)

        def work(connection: Connection) -> None:
            _known(connection, name)
            connection.execute(update(StaffRow).where(StaffRow.name == name).values(password=hashed))
            _end_sessions(connection, name)
            entered(connection, by, "更改密码", name, {})

        self._records.write(work)

    def remove(self, name: str, by: str) -> None:
        """Raises StaffError where there is no such person, or no administrator would be left."""

        def work(connection: Connection) -> None:
            if _known(connection, name).role == "administrator":
                _another_administrator(connection, name)
            connection.execute(delete(StaffRow).where(StaffRow.name == name))
            _end_sessions(connection, name)
            entered(connection, by, "删除人员", name, {})

        self._records.write(work)

    @property
    def nobody(self) -> bool:
        """Whether no one could sign in."""
        return not self._records.read(lambda connection: connection.scalar(select(func.count(StaffRow.name))))

    def sign_in(self, name: str, password: str, address: str, before: str = "") -> str:
        """
        The token of a new session; that of `before`, the token the browser had, ends.

        Raises TooOftenError, without looking at the password, after too many wrong ones; StaffError for a wrong one.
        """
        pseudonym = self._records.addresses.pseudonym(address)
        row = self._records.read(lambda connection: _row(connection, name))
        known = name if row else NOBODY
        if self._records.read(lambda connection: _too_often(connection, known, pseudonym)):
            raise TooOftenError(TOO_OFTEN)
        if not self._right(row.password if row else self._nobodys, password) or row is None:
            self._records.write(lambda connection: entered(connection, known, WRONG, known, {}, pseudonym))
            raise StaffError(WRONG_PASSWORD)
        fresh = self._hasher.hash(password) if self._hasher.check_needs_rehash(row.password) else row.password
        token = secrets.token_urlsafe(32)
        session = {"token": _digest(token), "name": name, "at": now(), "used": now()}

        def work(connection: Connection) -> bool:
            oldest, idle = now() - LONGEST, now() - IDLE
            ended = or_(StaffSession.at < oldest, StaffSession.used < idle, StaffSession.token == _digest(before))
            connection.execute(delete(StaffSession).where(ended))
            same = (StaffRow.name == name) & (StaffRow.password == row.password)  # not changed since it was read
            if not connection.execute(update(StaffRow).where(same).values(password=fresh)).rowcount:
                return False
            connection.execute(insert(StaffSession), [session])
            entered(connection, name, SIGNED_IN, name, {}, pseudonym)
            return True

        if not self._records.write(work):
            raise StaffError(WRONG_PASSWORD)
        return token

    def session(self, token: str) -> Person | None:
        """Who is signed in by this token; None where its session has ended. Counts as a use of it."""
        if not token:
            return None
        kept = _digest(token)
        query = (
            select(StaffRow.name, StaffRow.role, StaffSession.at, StaffSession.used)
            .join(StaffSession, StaffSession.name == StaffRow.name)
            .where(StaffSession.token == kept)
        )
        row = self._records.read(lambda connection: connection.execute(query).first())
        at = now()
        if row is None or row.at < at - LONGEST or row.used < at - IDLE:
            return None
        if row.used < at - TOUCHED_EVERY:
            touch = update(StaffSession).where(StaffSession.token == kept).values(used=at)
            self._records.write(lambda connection: connection.execute(touch).rowcount)
        return Person(row.name, row.role)

    def sign_out(self, token: str) -> None:
        """End this session, if it has not."""
        kept = _digest(token)

        def work(connection: Connection) -> None:
            name = connection.scalar(select(StaffSession.name).where(StaffSession.token == kept))
            if name is not None:
                connection.execute(delete(StaffSession).where(StaffSession.token == kept))
                entered(connection, name, SIGNED_OUT, name, {})

        self._records.write(work)

    def _hashed(self, name: str, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise StaffError(f"密码要有{SHORTEST_PASSWORD}至{LONGEST_PASSWORD}个字符。")
        if len(set(password)) < 5 or name in password:
            raise StaffError("这个密码太容易猜到：不要包含用户名，也不要只用几个不同的字符。")
        with self._hashing:
            return self._hasher.hash(password)

    def _right(self, kept: str, password: str) -> bool:
        try:
            with self._hashing:
                return self._hasher.verify(kept, password[: LONGEST_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _nobodys(self) -> str:
        """Checked where there is no such person, so that this takes as long."""
        return self._hasher.hash(secrets.token_urlsafe())


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise StaffError(f"没有“{role}”这个角色，应为 {'、'.join(ROLES)} 之一。")


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(select(StaffRow.role, StaffRow.password).where(StaffRow.name == name)).first()


def _known(connection: Connection, name: str) -> Any:
    if (row := _row(connection, name)) is None:
        raise StaffError(f"没有叫“{name}”的人员。")
    return row


def _another_administrator(connection: Connection, name: str) -> None:
    others = (StaffRow.role == "administrator") & (StaffRow.name != name)
    if not connection.scalar(select(func.count(StaffRow.name)).where(others)):
        raise StaffError(f"“{name}”是唯一的管理人员，先增加另一名管理人员。")


def _end_sessions(connection: Connection, name: str) -> None:
    connection.execute(delete(StaffSession).where(StaffSession.name == name))


def _too_often(connection: Connection, name: str, pseudonym: str) -> bool:
    of_name, of_address = AuditRow.subject == name, AuditRow.address == pseudonym
    recent = (AuditRow.action == WRONG) & (AuditRow.at > now() - WINDOW)

    def wrong(which: Any) -> int:
        return connection.scalar(select(func.count(AuditRow.id)).where(recent & which)) or 0

    return (
        wrong(of_name & of_address) >= TRIES_OF_NAME_AT_ADDRESS
        or wrong(of_address) >= TRIES_OF_ADDRESS
        or (name != NOBODY and wrong(of_name) >= TRIES_OF_NAME)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
