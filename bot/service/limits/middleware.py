"""
The gate in front of the application: every request passes it, questions by more checks than others.

    Limits(app, records, settings())
    a 61st question within a minute from one address  ->  429, Retry-After, RateLimit headers, problem+json

In this order: stopped (503), queue full (503, before anything is read or counted, so that refusing costs little),
requests of the address (429), body too large (413) or too slow (408), one question at a time in a conversation (429),
questions of the address and of the conversation (429), one's turn; then the application has what is left of the
time-out. What came of it goes to the access log.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import first_line
from bot.service.limits import problems
from bot.service.limits.problems import Problem
from bot.service.limits.rates import Rates, Share
from bot.service.limits.turns import FullError, Turns
from bot.service.records import Records

MOST_BODY = 32 * 1024  # bytes of a question with its history
PAGE = "/chat/ask"  # where the Gradio page asks
MOST_PAGE_BODY = 128 * 1024  # of what the Gradio page sends
SENT_WITHIN = 10.0  # seconds for the whole body
MOMENT = 0.5  # seconds: whoever has read a stream's last event may ask again before the stream itself has ended
TOGETHER = 16  # questions at once in one process: as many as the threads that wait for a model (see api.answers)

UNCOUNTED = frozenset({"/healthz", "/readyz", "/metrics"})  # asked by machines every few seconds; not logged either
# What a stopped service still shows: how it works, how to complain, what is kept and how to have it deleted.
OPEN_WHEN_STOPPED = (
    "/about",
    "/api/v1/complaints",
    "/api/v1/conversations",
    "/api/v1/openapi.json",
    "/complaints",
    "/console",
    "/privacy",
    "/staff/",
    "/static/",
    "/widget",
)
OWN_BODY_LIMIT = "/staff/"  # staff upload documents there; bot.service.staff has its own limits

log = logging.getLogger(__name__)


class Limit(Protocol):
    """What the gate needs of bot.settings.Settings."""

    @property
    def conversation_limit(self) -> int: ...
    @property
    def address_limit(self) -> int: ...
    @property
    def request_limit(self) -> int: ...
    @property
    def queue(self) -> int: ...
    @property
    def timeout(self) -> float: ...


class Limits:
    """The gate before `app`. `rates` count over all processes; where there are none, this process counts alone."""

    def __init__(self, app: ASGIApp, records: Records, settings: Limit, rates: Rates | None = None) -> None:
        self._app, self._records, self._settings = app, records, settings
        self._rates = rates or Rates()
        self._turns = Turns(TOGETHER, settings.queue)
        self._pending: dict[str, asyncio.Event] = {}  # conversations with a question under way, and when it is answered
        self._late: set[asyncio.Task[None]] = set()  # answers nobody waits for any more; they hold their turn

    @property
    def busy(self) -> int:
        """Questions that run or wait."""
        return self._turns.running + self._turns.waiting

    def _ended_late(self, task: asyncio.Task[None]) -> None:
        self._late.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("超时的回答出错：%s", first_line(error))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNCOUNTED:
            await self._app(scope, receive, send)
            return
        await _Request(self, scope, receive, send).pass_through()


class _Request:
    """One request on its way through the gate."""

    def __init__(self, gate: Limits, scope: Scope, receive: Receive, send: Send) -> None:
        self._gate, self._scope, self._receive, self._send_on = gate, scope, receive, send
        self._path: str = scope["path"]
        self._address: str = (scope.get("client") or ("unknown", 0))[0]
        self._who = gate._records.addresses.pseudonym(self._address)
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._added: Mapping[str, str] = {}
        self._started = time.monotonic()
        self._status = 0  # 0 until the reply has begun
        self._conversation = ""  # while no other question may be asked in it

    async def pass_through(self) -> None:
        try:
            problem = await self._passed()
            if problem and not self._status:
                await problem.send(self._send, self._path, self._wants_page)
        finally:
            spent = (time.monotonic() - self._started) * 1000
            self._gate._records.accessed(self._route, self._status or 499, spent, self._address)

    async def _passed(self) -> Problem | None:
        """Hand the request on, or say why not."""
        gate, settings = self._gate, self._gate._settings
        if gate._records.stopped and not self._open_when_stopped:
            return problems.stopped()
        if gate._turns.full and self._path in ALWAYS_ASKS and self._scope["method"] == "POST":
            return problems.busy()
        share = await gate._rates.take("requests", self._who, settings.request_limit, shared=False)
        if not share.allowed:
            return self._refused("访问", share)
        if self._scope["method"] in ("GET", "HEAD", "OPTIONS") or self._path.startswith(OWN_BODY_LIMIT):
            await gate._app(self._scope, self._receive, self._send)
            return None
        most = MOST_PAGE_BODY if self._path.startswith(("/gradio_api/", "/console/gradio_api/", PAGE)) else MOST_BODY
        body = await self._body(most)
        if isinstance(body, Problem):
            return body
        if body is None:  # the client has gone
            return None
        if (question := _question(self._path, body)) is None:
            await gate._app(self._scope, _replayed(body, self._receive), self._send)
            return None
        return await self._asked(question.get("conversation"), body)

    async def _asked(self, conversation: object, body: bytes) -> Problem | None:
        gate, settings = self._gate, self._gate._settings
        if gate._turns.full:
            return problems.busy()
        name = _short(conversation) if isinstance(conversation, str) and conversation else ""
        if name and not await self._alone(name):
            return problems.pending()
        try:
            of_address = await gate._rates.take("questions", self._who, settings.address_limit)
            if not of_address.allowed:
                return self._refused("提问", of_address)
            self._added = of_address.headers
            if name:
                share = await gate._rates.take("conversation", name, settings.conversation_limit)
                if not share.allowed:
                    return self._refused("提问", share)
                self._added = min(share, of_address, key=lambda each: each.left).headers
            return await self._answered(body)
        finally:
            self._end_conversation()

    async def _alone(self, name: str) -> bool:
        """Whether no other question of the conversation is under way; from then on this one is."""
        pending = self._gate._pending
        if before := pending.get(name):
            with suppress(TimeoutError):
                await asyncio.wait_for(before.wait(), MOMENT)
        if name in pending:
            return False
        pending[name] = asyncio.Event()
        self._conversation = name
        return True

    def _end_conversation(self) -> None:
        """Let the next question of the conversation be asked."""
        if self._conversation:
            self._gate._pending.pop(self._conversation).set()
            self._conversation = ""

    async def _answered(self, body: bytes) -> Problem | None:
        """
        Wait for one's turn, then let the application answer, all within the time-out.

        An answer that takes longer is left to itself and keeps its turn: its thread cannot be ended, and whoever comes
        next must not find more of them running than there may be.
        """
        gate = self._gate
        until = self._started + gate._settings.timeout
        try:
            async with asyncio.timeout(until - time.monotonic()):
                await gate._turns.take(self._who)
        except FullError:
            return problems.busy()
        except TimeoutError:
            return problems.too_slow()
        outlet = _Outlet(self._send)
        task = asyncio.create_task(self._handed_on(body, outlet))
        task.add_done_callback(lambda _: gate._turns.give_back())
        try:
            await asyncio.wait({task}, timeout=max(until - time.monotonic(), 0))
        except asyncio.CancelledError:  # the server ends
            task.cancel()
            raise
        if task.done():
            await task
            return None
        outlet.close()
        gate._late.add(task)
        task.add_done_callback(gate._ended_late)
        task.cancel()  # ends it at its next await; a thread it waits for goes on
        if self._status:  # a stream that has begun can only be ended
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        return problems.too_slow()

    async def _handed_on(self, body: bytes, outlet: Send) -> None:
        await self._gate._app(self._scope, _replayed(body, self._receive), outlet)

    async def _body(self, most: int) -> bytes | Problem | None:
        declared = self._headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > most:
            return problems.too_large(most)
        body = bytearray()
        try:
            async with asyncio.timeout(SENT_WITHIN):
                while True:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    if len(body) > most:
                        return problems.too_large(most)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            return problems.too_slowly_sent()

    def _refused(self, what: str, share: Share) -> Problem:
        self._added = share.headers
        return problems.too_many(what, share.wait)

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if self._added:
                added = [(name.lower().encode(), value.encode()) for name, value in self._added.items()]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
        elif not message.get("more_body"):  # before it goes out: the reader may ask again the moment it is there
            self._end_conversation()
        await self._send_on(message)

    @property
    def _route(self) -> str:
        """The pattern that took the request: a path itself may hold an id, or anything at all."""
        pattern = getattr(self._scope.get("route"), "path", "")
        return pattern or (self._path if self._path in QUESTIONS else "-")

    @property
    def _open_when_stopped(self) -> bool:
        return self._path.startswith(OPEN_WHEN_STOPPED)

    @property
    def _wants_page(self) -> bool:
        return b"text/html" in self._headers.get(b"accept", b"")


class _Outlet:
    """`send` until it is closed; what is sent after that goes nowhere."""

    def __init__(self, send: Send) -> None:
        self._send: Send | None = send

    async def __call__(self, message: Message) -> None:
        if self._send:
            await self._send(message)

    def close(self) -> None:
        self._send = None


def _short(conversation: str) -> str:
    """Of one length, whatever a client calls its conversation."""
    return hashlib.sha256(conversation.encode("utf-8", "replace")).hexdigest()[:32]


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, then what comes after it."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return first.pop() if first else await receive()

    return again


def _question(path: str, body: bytes) -> dict[str, Any] | None:
    """The body of a request that asks something; what cannot be read counts as asking. None of any other request."""
    asks = QUESTIONS.get(path)
    if asks is None:
        return None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {"conversation": None}
    if not isinstance(found, dict):
        return {"conversation": None}
    return found if asks(found) else None


# Whatever the body says; "/chat" is the form of a browser without script.
ALWAYS_ASKS = frozenset({"/api/v1/ask", "/chat", "/v1/chat/completions", PAGE})
# Which requests have a question answered, by path.
QUESTIONS: Mapping[str, Callable[[dict[str, Any]], bool]] = {
    **dict.fromkeys(ALWAYS_ASKS, lambda _: True),
    "/mcp": lambda body: body.get("method") == "tools/call",
}
