"""
The records of one service: written by any thread, durable when a call returns.

    records = Records.open("sqlite:///.data/records.db")
    records.answered("01J…", "c1", "瞪羚归谁管？", answer, route="/api/v1/ask", generation="000007")
    records.complain("答错了", "张三 0532-…")  ->  Ticket("TS20261123-9F2C51D0A7", due=2026-12-08 …, state="受理中")

A caller on an event loop takes `put_answer`, a future: `await asyncio.wrap_future(records.put_answer(…))`.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.pool import StaticPool

from bot.errors import RecordsError, first_line
from bot.service.records import curated_models as _curated_models  # noqa: F401  (its table is one of ours)
from bot.service.records import daily
from bot.service.records.address import Addresses
from bot.service.records.desk_models import Review
from bot.service.records.migrate import migrate
from bot.service.records.models import Access, AnswerRow, Base, Complaint, Feedback, StopRow
from bot.service.records.redact import redact
from bot.service.records.writer import Writer
from bot.settings import Settings
from bot.types import Answer, Citation, Hit, Usage

T = TypeVar("T")
Verdict = Literal["up", "down"]

LEAST_ACCESS_DAYS = 184  # 网络安全法 第二十一条: network logs for at least six months
ANSWER_DAYS = 90
COMPLAINT_DAYS = 15  # until a complaint is answered
PATIENCE = 10.0  # seconds for one write
LOOK = 0.5  # seconds between two looks at whether the service is stopped
DAY = 24 * 3600.0
COUNTING = 60.0  # seconds between two looks for answers that are not yet in the figures of their day
LONGEST = 500  # characters of a question: the interface takes 300, an index of PostgreSQL some 800
REFUSALS = frozenset({429, 503})
AT_ONCE = 2000  # rows deleted in one transaction, so that answers are written in between

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A complaint as its sender may see it. Times are UTC."""

    number: str
    due: datetime
    state: Literal["受理中", "已办结"] = "受理中"
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing is answered, since when (UTC), and who said so."""

    reason: str
    since: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Retained:
    """How many rows, and secrets of addresses, a retention run deleted."""

    access: int
    answers: int
    feedback: int
    reviews: int
    complaints: int
    secrets: int


class Records:
    """The records; safe to share between threads. Every call raises RecordsError where the database fails."""

    def __init__(
        self,
        engine: Engine,
        addresses: Addresses,
        configuration: Mapping[str, Any] | None = None,
        answer_days: int = ANSWER_DAYS,
        access_days: int = LEAST_ACCESS_DAYS,
    ) -> None:
        self.addresses = addresses
        self._engine, self._reader = engine, _reading(engine)
        self._configuration = dict(configuration or {})
        self._answer_days, self._access_days = answer_days, max(access_days, LEAST_ACCESS_DAYS)
        self._writer = Writer(engine)
        self._stop: Stop | None = self._do(_read_stop)
        self._closed = threading.Event()
        self._summing = threading.Lock()
        self._refusals: Counter[tuple[str, int, str]] = Counter()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        folder: Path | None = None,
        secret: str = "",
        configuration: Mapping[str, Any] | None = None,
        answer_days: int = ANSWER_DAYS,
        access_days: int = LEAST_ACCESS_DAYS,
    ) -> Self:
        """
        The records at a SQLAlchemy URL, brought to today's tables; "sqlite://" keeps them in memory.

        `folder` keeps the secrets of the addresses' pseudonyms (in memory where there is none), `secret` takes their
        place. `configuration` goes into every row of the quality log: the settings that shape an answer.
        """
        try:
            engine = _engine(url)
            migrate(engine)
            return cls(engine, Addresses(folder, secret), configuration, answer_days, access_days)
        except (SQLAlchemyError, OSError, ImportError) as error:
            shown = _without_password(url)
            raise RecordsError(f"打不开记录库 {shown}（{first_line(error)}），请检查 BOT_RECORDS。") from error

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads, over a connection of its own, so that a long reading holds up no answer."""
        if self._reader is None:
            return self._do(work)
        try:
            with self._reader.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise RecordsError(f"记录没有读成（{first_line(error)}），请检查 BOT_RECORDS 所指的数据库。") from error

    def write(self, work: Callable[[Connection], T]) -> T:
        """
        What `work` returns, when what it wrote is on the disk.

        It may be done twice, so it must have no effect but in the database; what it raises is raised here.
        """
        return self._do(work)

    def accessed(self, route: str, status: int, latency_ms: float, address: str) -> None:
        """
        Note a request in the access log, soon: the one call that does not wait, as it comes after the reply.

        Refusals are summed up for half a second, so that a flood of them is not a flood of rows.
        """
        who = self.addresses.pseudonym(address)
        if status in REFUSALS:
            with self._summing:
                self._refusals[route, status, who] += 1
        else:
            self._note_access(route, status, latency_ms, who, 1)

    def _note_access(self, route: str, status: int, latency_ms: float, who: str, count: int) -> None:
        row = {
            "at": _now(),
            "route": route,
            "status": status,
            "latency_ms": round(latency_ms, 1),
            "address": who,
            "count": count,
        }
        try:
            self._writer.put(lambda connection: _add(connection, Access, row)).add_done_callback(_log_fault)
        except RecordsError as error:
            log.error("%s", error)

    def _note_refusals(self) -> None:
        with self._summing:
            refusals, self._refusals = self._refusals, Counter()
        for (route, status, who), count in refusals.items():
            self._note_access(route, status, 0.0, who, count)

    def answered(
        self,
        reply_id: str,
        conversation: str,
        question: str,
        answer: Answer,
        *,
        route: str = "",
        generation: str = "",
    ) -> None:
        """Note an answer in the quality log. When this returns the row outlives the process."""
        _wait(self.put_answer(reply_id, conversation, question, answer, route=route, generation=generation))

    def put_answer(
        self,
        reply_id: str,
        conversation: str,
        question: str,
        answer: Answer,
        *,
        route: str = "",
        generation: str = "",
    ) -> Future[None]:
        """As `answered`, for callers that must not wait: the future is done when the row is durable."""
        row = {
            "id": reply_id,
            "at": _now(),
            "conversation": conversation,
            "route": route,
            "question": redact(question)[:LONGEST],
            "understood": redact(answer.query.understood),
            "status": answer.status,
            "mode": answer.mode,
            "answer": redact(answer.text),
            "sources": [_source(citation) for citation in answer.citations],
            "timings_ms": {stage: round(spent, 2) for stage, spent in answer.timings_ms.items()},
            "hits": _hit_rows(answer.hits),
            "rejected": _hit_rows(answer.rejected),
            "generation": generation,
            "configuration": self._configuration,
            "usage": _usage(answer.usage) if answer.usage else None,
        }
        return self._writer.put(lambda connection: _add(connection, AnswerRow, row))

    def feedback(self, reply_id: str, verdict: Verdict, comment: str = "") -> bool:
        """Note what a reader thought of an answer. False where there is no such answer (any more)."""

        def note(connection: Connection) -> bool:
            known = connection.scalar(select(AnswerRow.id).where(AnswerRow.id == reply_id)) is not None
            if known:
                _add(connection, Feedback, row)
            return known

        row = {"at": _now(), "answer": reply_id, "verdict": verdict, "comment": redact(comment)}
        return self._do(note)

    def complain(self, text: str, contact: str = "") -> Ticket:
        """Take a complaint; the ticket's number is all its sender needs to see what became of it."""
        now = _now()
        number = f"TS{now:%Y%m%d}-{secrets.token_hex(5).upper()}"
        ticket = Ticket(number, now + timedelta(days=COMPLAINT_DAYS))
        row = {
            "number": number,
            "at": now,
            "due": ticket.due,
            "text": redact(text),
            "contact": contact,
            "state": ticket.state,
            "reply": "",
        }
        self._do(lambda connection: _add(connection, Complaint, row))
        return ticket

    def ticket(self, number: str) -> Ticket | None:
        columns = (Complaint.number, Complaint.due, Complaint.state, Complaint.reply)
        found = self._do(
            lambda connection: connection.execute(select(*columns).where(Complaint.number == number)).mappings().first()
        )
        return Ticket(**found) if found else None

    def complaints(self) -> list[dict[str, Any]]:
        """The open complaints, the most urgent first: number, at, due, text, contact."""
        columns = (Complaint.number, Complaint.at, Complaint.due, Complaint.text, Complaint.contact)
        query = select(*columns).where(Complaint.state == "受理中").order_by(Complaint.due)
        return [dict(row) for row in self._do(lambda connection: connection.execute(query).mappings().all())]

    def close_complaint(self, number: str, reply: str) -> bool:
        """Answer a complaint and delete the contact. False where no open one has this number."""
        change = (
            update(Complaint)
            .where(Complaint.number == number, Complaint.state == "受理中")
            .values(state="已办结", reply=reply, contact="", closed_at=_now())
        )
        return self._do(lambda connection: connection.execute(change).rowcount) == 1

    def forget(self, conversation: str) -> int:
        """Delete what was asked and answered in a conversation, feedback and reviews too. Returns how many answers."""
        chosen = AnswerRow.conversation == conversation

        def erase(connection: Connection) -> int:
            for about in (Feedback, Review):
                connection.execute(delete(about).where(about.answer.in_(select(AnswerRow.id).where(chosen))))
            return connection.execute(delete(AnswerRow).where(chosen)).rowcount

        return self._do(erase)

    def count(self, now: datetime | None = None) -> int:
        """Take what was asked since the last time into the figures of the days. Returns how many rows."""
        before, total = (now or _now()) - daily.LATE, 0
        while taken := self._do(lambda connection: daily.count(connection, before)):
            total += taken
        return total

    @property
    def stopped(self) -> Stop | None:
        """Why nothing is to be answered; None where answers are given. As old as LOOK where `watch` was called."""
        return self._stop

    def stop(self, reason: str, who: str) -> None:
        """Stop answering, in every process that watches these records. Raises RecordsError without a reason."""
        self._audit(True, reason, who)

    def resume(self, reason: str, who: str) -> None:
        """Answer again."""
        self._audit(False, reason, who)

    def stops(self) -> list[dict[str, Any]]:
        """Every stop and resumption so far, oldest first: at, stopped, reason, who."""
        query = select(StopRow.at, StopRow.stopped, StopRow.reason, StopRow.who).order_by(StopRow.id)
        return [dict(row) for row in self._do(lambda connection: connection.execute(query).mappings().all())]

    def retain(self, now: datetime | None = None) -> Retained:
        """Delete what is older than it may be: answers and feedback, access, closed complaints, secrets."""
        now = now or _now()
        old, oldest = now - timedelta(days=self._answer_days), now - timedelta(days=self._access_days)
        return Retained(
            access=self._delete(Access.id, Access.at < oldest),
            answers=self._delete(AnswerRow.id, AnswerRow.at < old),
            feedback=self._delete(Feedback.id, Feedback.at < old),
            reviews=self._delete(Review.id, Review.at < old),
            complaints=self._delete(Complaint.number, Complaint.closed_at < oldest),
            secrets=self.addresses.forget(oldest.replace(tzinfo=UTC)),
        )

    def watch(self) -> None:
        """Keep `stopped` true and run the retention once a day, in threads of their own until `close`."""
        self._every(LOOK, LOOK, self._look)
        self._every(LOOK, LOOK, self._note_refusals)
        self._every(random.uniform(0, COUNTING), COUNTING, self._count)  # noqa: S311
        self._every(random.uniform(60, 600), DAY, self._retain_daily)  # noqa: S311  (workers not all at once)

    def close(self) -> None:
        """Write what waits, then let go of the database."""
        self._closed.set()
        self._note_refusals()
        self._writer.close()
        for engine in (self._engine, self._reader):
            if engine:
                engine.dispose()

    def _do(self, work: Callable[[Connection], T]) -> T:
        return _wait(self._writer.put(work))

    def _audit(self, stopped: bool, reason: str, who: str) -> None:
        if not reason.strip():
            raise RecordsError("停用和恢复都要写明原因：--reason …")
        row = {"at": _now(), "stopped": stopped, "reason": reason.strip(), "who": who}
        self._do(lambda connection: _add(connection, StopRow, row))
        self._look()

    def _look(self) -> None:
        self._stop = self._do(_read_stop)

    def _count(self) -> None:
        self.count()

    def _retain_daily(self) -> None:
        log.info("按期清理记录：%s", self.retain())

    def _delete(self, key: InstrumentedAttribute[Any], old: Any) -> int:
        """Delete the rows that are `old`, some at a time."""
        chosen = select(key).where(old).limit(AT_ONCE)
        total = 0
        while gone := self._do(
            lambda connection: connection.execute(delete(key.class_).where(key.in_(chosen))).rowcount
        ):
            total += gone
        return total

    def _every(self, first: float, then: float, work: Callable[[], None]) -> None:
        def repeat() -> None:
            wait = first
            while not self._closed.wait(wait):
                wait = then
                try:
                    work()
                except RecordsError as error:
                    if not self._closed.is_set():
                        log.error("%s", error)

        threading.Thread(target=repeat, name=work.__name__.strip("_"), daemon=True).start()


def open_records(chosen: Settings) -> Records:
    """The records that the settings name. Raises RecordsError."""
    return Records.open(
        chosen.records_url,
        folder=chosen.data,
        secret=chosen.address_secret.get_secret_value(),
        configuration={"embedding": Path(chosen.embedding).name, "reranker": Path(chosen.reranker).name},
        answer_days=chosen.answer_days,
        access_days=chosen.access_days,
    )


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise RecordsError(
            "设置 BOT_RECORDS 应是数据库地址，如 sqlite:////var/lib/bot/records.db 或 postgresql+psycopg://用户@主机/库。"
        ) from None
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=1, max_overflow=0)
    in_memory = parsed.database in (None, "", ":memory:")
    if not in_memory:
        Path(str(parsed.database)).resolve().parent.mkdir(0o700, parents=True, exist_ok=True)
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(parsed, connect_args={"check_same_thread": False, "timeout": PATIENCE / 2}, **options)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # a transaction that turns from reading to writing may not wait

    return engine


def _reading(engine: Engine) -> Engine | None:
    """Another way into the same database, for reading only; None where it is in memory, which has but one."""
    url = engine.url
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=4, max_overflow=0)
    if url.database in (None, "", ":memory:"):
        return None
    reader = create_engine(url, connect_args={"check_same_thread": False, "timeout": PATIENCE / 2}, pool_size=4)

    @event.listens_for(reader, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA query_only=ON")

    @event.listens_for(reader, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return reader


def _wait(future: Future[T]) -> T:
    try:
        return future.result(PATIENCE)
    except FutureTimeoutError:
        raise RecordsError("记录没有及时写成，请稍后再试。") from None


def _add(connection: Connection, model: type[Base], row: Mapping[str, Any]) -> None:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101
    connection.execute(insert(table), row)


def _read_stop(connection: Connection) -> Stop | None:
    query = select(StopRow.stopped, StopRow.reason, StopRow.at, StopRow.who).order_by(StopRow.id.desc()).limit(1)
    last = connection.execute(query).first()
    return Stop(last.reason, last.at, last.who) if last and last.stopped else None


def _source(citation: Citation) -> dict[str, Any]:
    clause = citation.clause
    return {"document": clause.document.id, "ref": clause.ref, "start": citation.span.start, "end": citation.span.end}


def _hit_rows(hits: Sequence[Hit]) -> list[list[Any]]:
    return [[hit.chunk.id, round(hit.score, 4), hit.dense_rank, hit.lexical_rank] for hit in hits]


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "model": usage.model,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost": usage.cost,
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _log_fault(done: Future[None]) -> None:
    if error := done.exception():
        log.error("%s", error)


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string()
    except ArgumentError:
        return "（BOT_RECORDS）"
