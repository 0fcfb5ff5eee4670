"""
What staff may do on the page: put up a document, look at what was read in it, and add it. JSON in, JSON out.

    POST staff/login {"password": "…"}            ->  {"token": "…"}
    POST staff/paper, the file as the body        ->  {"html": "<form …", "paper": "7f…"}
    POST staff/add {"values": {"level": "…"}, …}  ->  {}; GET staff/progress  ->  {"state": "working", "text": "…"}

The token is held by the page alone and goes in a header: no cookie, nothing in an address. A fault is {"text": "…"},
one Chinese sentence.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import unquote

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from bot.documents.catalogue import articles
from bot.documents.load import MOST_BYTES
from bot.errors import BotError, CorpusError
from bot.service import intake
from bot.service.ask import Store
from bot.service.intake import Paper
from bot.service.intake_html import paper_html
from bot.types import Outline

TRIES, MINUTE = 5, 60.0  # wrong passwords from one address in so many seconds
ALL_TRIES = 50  # from all addresses
IDLE = intake.KEPT  # seconds until a login ends
MOST_SESSIONS = 50
MOST_JSON = 64 * 1024  # bytes of a request that is not a file
SHOWN_WITHIN = 60.0  # seconds for the pages to change to the new index

log = logging.getLogger(__name__)


class Served(Protocol):
    """What the staff pages need of bot.service.current.Current."""

    @property
    def store(self) -> Store: ...

    @property
    def generation(self) -> str: ...

    def look(self) -> None: ...


class RefusedError(Exception):
    """A request that is not met, with its sentence and HTTP status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class Login(BaseModel):
    password: str


class Filled(BaseModel):
    """The preview's form as filled in."""

    paper: str
    name: str = ""
    values: dict[str, str] = {}
    instead: bool = False


@dataclass(slots=True)
class Job:
    """A document that is being added."""

    state: Literal["working", "done", "failed"] = "working"
    text: str = "正在收录"
    done: int = 0
    total: int = 0


@dataclass(slots=True)
class Session:
    """One login: when it was last used, the file that waits to be confirmed, the one that is being added."""

    used: float
    paper: Paper | None = None
    paper_id: str = ""
    job: Job | None = None
    busy: threading.Lock = field(default_factory=threading.Lock)


class Staff:
    """
    The routes, and who is logged in. `sources` are what is indexed; a document is added to the first.

    `close` deletes what was not confirmed.
    """

    def __init__(self, password: str, sources: Sequence[Path], store: Path, served: Served) -> None:
        self.router = APIRouter(prefix="/staff")
        self._password = _digest(password)
        self._sources, self._corpus, self._store, self._served = sources, sources[0], store, served
        self._sessions: dict[str, Session] = {}
        self._failed: list[tuple[float, str]] = []  # when, and from which address
        self._adding = threading.Lock()
        self._readers = CapacityLimiter(2)
        for path, method, handle in (
            ("/login", "POST", self._login),
            ("/paper", "POST", self._receive),
            ("/paper", "DELETE", self._discard),
            ("/preview", "POST", self._preview),
            ("/add", "POST", self._add),
            ("/progress", "GET", self._progress),
        ):
            self.router.add_api_route(path, _answered(handle), methods=[method])

    def knows(self, request: Request) -> bool:
        """Whether whoever sent this is signed in."""
        try:
            return self._session(request) is not None
        except RefusedError:
            return False

    def close(self) -> None:
        for session in self._sessions.values():
            _forget(session)

    async def _login(self, request: Request) -> dict[str, Any]:
        address = request.client.host if request.client else ""
        given = Login.model_validate(await _json(request)).password
        now = time.monotonic()
        self._failed = [each for each in self._failed if each[0] > now - MINUTE]
        if len(self._failed) >= ALL_TRIES or sum(each[1] == address for each in self._failed) >= TRIES:
            raise RefusedError("密码输错次数过多，请一分钟后再试。", 429)
        if not hmac.compare_digest(_digest(given), self._password):
            self._failed.append((now, address))
            raise RefusedError("密码不对，请重新输入。", 403)
        self._end_idle()
        if len(self._sessions) >= MOST_SESSIONS:
            raise RefusedError("登录的人太多，请稍后再试。", 429)
        token = secrets.token_urlsafe(32)
        self._sessions[token] = Session(now)
        return {"token": token}

    async def _receive(self, request: Request) -> dict[str, Any]:
        session = self._session(request)
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            raise RefusedError(intake.too_large(), 413)
        with _one_at_a_time(session):
            _forget(session)
            file = intake.new_file(self._store, unquote(request.headers.get("x-file-name", "")))
            try:
                await _save(request, file)
            except BaseException:
                shutil.rmtree(file.parent, ignore_errors=True)
                raise
            session.paper = await to_thread.run_sync(intake.receive, file, limiter=self._readers)
            session.paper_id = secrets.token_hex(8)
            return self._shown(session)

    async def _preview(self, request: Request) -> dict[str, Any]:
        session = self._session(request)
        filled = Filled.model_validate(await _json(request))
        with _one_at_a_time(session):
            await self._fill(session, filled)
            return self._shown(session)

    async def _add(self, request: Request) -> dict[str, Any]:
        session = self._session(request)
        filled = Filled.model_validate(await _json(request))
        with _one_at_a_time(session):
            paper = await self._fill(session, filled)
            against, replaceable = intake.clash(paper, self._corpus, self._outlines)
            if against and not (replaceable and filled.instead):
                raise RefusedError(against, 409)
            if not self._adding.acquire(blocking=False):
                raise RefusedError("正在收录另一份文件，请等它完成后再试。", 409)
            session.job, session.paper = Job(), None
            given = (session.job, paper, filled.instead)
            threading.Thread(target=self._put_in, args=given, name="add a document", daemon=True).start()
        return {}

    async def _progress(self, request: Request) -> dict[str, Any]:
        job = self._session(request).job or Job("failed", "没有正在收录的文件。")
        return {"state": job.state, "text": job.text, "done": job.done, "total": job.total}

    async def _discard(self, request: Request) -> dict[str, Any]:
        session = self._session(request)
        with _one_at_a_time(session):
            _forget(session)
        return {}

    def _put_in(self, job: Job, paper: Paper, instead: bool) -> None:
        def progress(step: str, done: int, total: int) -> None:
            job.text, job.done, job.total = f"正在更新索引：{step}", done, total

        try:
            report = intake.put_in(paper, self._sources, self._store, instead, progress)
            job.text, job.done, job.total = "正在换用新索引", 0, 0
            self._wait_until_served(report.generation)
            told = "".join(report.replaced)
            title = paper.outline.document.title
            job.text, job.state = f"已收录《{title}》，共{articles(paper.outline)}条，现在就可以提问。{told}", "done"
        except BotError as error:
            job.text, job.state = self._plain(str(error)), "failed"
        except Exception:
            log.exception("a document was not added")
            job.text, job.state = "系统暂时出错，没有收录完成，请告知管理员。", "failed"
        finally:
            paper.discard()
            self._adding.release()

    def _wait_until_served(self, generation: str) -> None:
        until = time.monotonic() + SHOWN_WITHIN
        while self._served.generation != generation and time.monotonic() < until:
            self._served.look()
            time.sleep(0.1)

    async def _fill(self, session: Session, filled: Filled) -> Paper:
        paper = session.paper
        if paper is None or filled.paper != session.paper_id or not paper.file.is_file():
            raise RefusedError("这份文件已不在服务器上，请重新上传。", 410)
        session.paper = await to_thread.run_sync(
            intake.edited, paper, filled.values, filled.name, limiter=self._readers
        )
        return session.paper

    def _shown(self, session: Session) -> dict[str, Any]:
        assert session.paper  # noqa: S101
        against, replaceable = intake.clash(session.paper, self._corpus, self._outlines)
        html = paper_html(session.paper, against, replaceable, self._outlines, date.today())
        return {"html": html, "paper": session.paper_id}

    @property
    def _outlines(self) -> tuple[Outline, ...]:
        store = self._served.store
        return (*store.outlines, *store.glossaries)

    def _session(self, request: Request) -> Session:
        self._end_idle()
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._sessions.get(token) if scheme == "Bearer" else None
        if session is None:
            raise RefusedError("登录已过期，请重新输入密码。", 401)
        session.used = time.monotonic()
        return session

    def _end_idle(self) -> None:
        ended = [token for token, each in self._sessions.items() if each.used < time.monotonic() - IDLE]
        for token in ended:
            _forget(self._sessions.pop(token))
        intake.sweep(self._store)

    def _plain(self, sentence: str) -> str:
        """Without the paths of the server."""
        return sentence.replace(f"{self._corpus}/", "").replace(str(self._corpus), "语料文件夹")


def _answered(handle: Callable[[Request], Awaitable[dict[str, Any]]]) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Every ending as JSON that the page can show."""

    async def answer(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await handle(request), headers={"Cache-Control": "no-store"})
        except RefusedError as refused:
            return JSONResponse({"text": str(refused)}, refused.status)
        except BotError as error:
            return JSONResponse({"text": str(error)}, 422)
        except ValidationError:
            return JSONResponse({"text": "请求不合格式，请刷新网页后重试。"}, 400)
        except ClientDisconnect:
            return JSONResponse({"text": "上传中断，请重试。"}, 400)
        except Exception:
            log.exception("a request of staff failed")
            return JSONResponse({"text": "系统暂时出错，请稍后再试。"}, 500)

    return answer


async def _json(request: Request) -> Any:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_JSON:
            raise RefusedError("填写的内容太长，请删减后重试。", 413)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError("请求不合格式，请刷新网页后重试。") from None


async def _save(request: Request, file: Path) -> None:
    size = 0
    try:
        async with _opened(file) as write:
            async for part in request.stream():
                size += len(part)
                if size > MOST_BYTES:
                    raise RefusedError(intake.too_large(), 413)
                await write(part)
    except OSError as error:
        raise CorpusError(f"服务器上存不下文件（{error.strerror}），请告知管理员。") from error


@asynccontextmanager
async def _opened(file: Path) -> AsyncIterator[Callable[[bytes], Awaitable[object]]]:
    """Writes in another thread, as a slow disk must not hold up the answers."""
    with await to_thread.run_sync(file.open, "wb") as opened:

        async def write(part: bytes) -> object:
            return await to_thread.run_sync(opened.write, part)

        yield write


@contextmanager
def _one_at_a_time(session: Session) -> Any:
    if not session.busy.acquire(blocking=False):
        raise RefusedError("上一步还没有完成，请稍候。", 409)
    try:
        yield
    finally:
        session.busy.release()


def _forget(session: Session) -> None:
    if session.paper:
        session.paper.discard()
    session.paper = None


def _digest(password: str) -> bytes:
    """Of one length whatever the password's, so that comparing takes the same time."""
    return hashlib.sha256(password.encode()).digest()
