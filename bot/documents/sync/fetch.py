"""
Fetch one address politely.

https://www.gov.cn/zhengce/content/… + the ETag of last time  ->  Response(status=200 or 304, body=b"<!DOCTYPE html>…")

One request at a time, with a pause between two to one host; robots.txt is kept to; what may pass by itself is tried
again a few times, Retry-After is honoured. Whatever a site does, one request ends within its deadline and its limit.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

import httpx

from bot.errors import FetchError, first_line

AGENT = "policy-bot"  # the name robots.txt is asked about
USER_AGENT = f"{AGENT}/0.1 (policy question answering; fetches the documents named in its manifest, one at a time)"
OFFICIAL = "gov.cn"  # where a page may be moved to, beside its own host

NOT_MODIFIED = 304

_MOST_REDIRECTS = 5
_LONGEST_CRAWL_DELAY = 30.0  # seconds
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_SILENT = 3  # requests in a row that a host may leave without an answer
_REFUSED = frozenset({401, 403, 405, 412, 418, 521})  # 412 and 521: what firewalls answer to a browser without scripts
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOME = re.compile(r"/?(?:(?:index|home|default|main)(?:\.\w+)?/?)?", re.I)
_GATE = re.compile(r"login|passport|captcha|verify|/sso\b|/cas\b|waf", re.I)
_CAUSES = (
    (httpx.ConnectTimeout, "连接超时"),
    (httpx.TimeoutException, "等待超时"),
    (TimeoutError, "传得太慢，超过了时限"),
    (httpx.RemoteProtocolError, "没有传完就断开了"),
    (httpx.ReadError, "没有传完就断开了"),
    (httpx.DecodingError, "压缩的内容解不开"),
    (httpx.ConnectError, "连接不上"),
)


@dataclass(frozen=True, slots=True)
class Response:
    """What a site gave: status 200, or 304 with no body where nothing changed."""

    url: str  # after redirects
    status: int
    body: bytes = field(repr=False)
    content_type: str = ""
    etag: str | None = None
    modified: str | None = None  # Last-Modified, as the site writes it


class HostDownError(FetchError):
    """The host cannot be reached or asked to be left alone: nothing more is asked of it in this run."""


class StatusError(FetchError):
    """The site answered with a status that is no page."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class Fetcher:
    """
    Fetches addresses one after the other; use it as a context manager.

    `mirrors` names, for an official host, the address that answers for it: {"www.gov.cn": "http://10.0.0.2/gov"}.
    `pause`, `timeout` (one silence), `deadline` (one request), `backoff` (the first wait before another try, doubled
    each time) and `patience` (the longest wait a site may ask for) are in seconds, `largest` in bytes.
    """

    def __init__(
        self,
        mirrors: Mapping[str, str] | None = None,
        *,
        pause: float = 2.0,
        timeout: float = 20.0,
        deadline: float = 120.0,
        attempts: int = 3,
        backoff: float = 2.0,
        patience: float = 60.0,
        largest: int = 50 << 20,
    ) -> None:
        self._mirrors = dict(mirrors or {})
        self._pause = pause
        self._timeout = timeout
        self._deadline = deadline
        self._attempts = attempts
        self._backoff = backoff
        self._patience = patience
        self._largest = largest
        self._asked: dict[str, float] = {}  # host -> when the last request to it ended
        self._silent: dict[str, int] = {}  # host -> requests in a row without an answer
        self._down: dict[str, str] = {}  # host -> why nothing more is asked of it
        self._robots: dict[str, RobotFileParser | None] = {}  # None: the site sets no rules

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        headers = {"User-Agent": USER_AGENT, "Accept-Language": "zh-CN,zh;q=0.9"}
        self._client = httpx.AsyncClient(headers=headers, timeout=self._timeout, follow_redirects=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def get(
        self, url: str, *, etag: str | None = None, modified: str | None = None, referer: str | None = None
    ) -> Response:
        """
        The page at `url`, after redirects; 304 where `etag` or `modified` of last time still hold.

        Raises FetchError, with one Chinese sentence, for everything else.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": modified, "Referer": referer}
        return self._runner.run(self._follow(url, {name: value for name, value in headers.items() if value}))

    def post(self, url: str, question: Mapping[str, Any]) -> Response:
        """What an interface at `url` answers to a question in JSON. Raises FetchError."""
        headers = {"Content-Type": "application/json;charset=utf-8", "Referer": urljoin(url, "/")}
        return self._runner.run(self._allowed("POST", url, headers, json.dumps(question, ensure_ascii=False).encode()))

    async def _follow(self, url: str, headers: Mapping[str, str]) -> Response:
        place = url
        for _ in range(_MOST_REDIRECTS):
            response = await self._allowed("GET", place, headers)
            if response.status not in _REDIRECTS:
                return response
            place = _checked_move(url, place, response.url)
        raise FetchError(f"{url} 一再转向，转了 {_MOST_REDIRECTS} 次还没有到正文。")

    async def _allowed(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None
    ) -> Response:
        if not host_of(url):
            raise FetchError(f"网址“{url}”写得不对，应以 http:// 或 https:// 开头。")
        rules = await self._rules(urljoin(url, "/").rstrip("/"))
        if rules and not rules.can_fetch(AGENT, url):
            raise FetchError(f"{host_of(url)} 的 robots.txt 不许程序取 {url}，请人工下载后放进语料文件夹。")
        return await self._persist(method, url, headers, content, _crawl_delay(rules))

    async def _rules(self, site: str) -> RobotFileParser | None:
        """RFC 9309: a site without robots.txt (4xx) sets no rules; one whose robots.txt fails is left alone."""
        if site not in self._robots:
            place = f"{site}/robots.txt"
            rules = RobotFileParser()
            try:
                for _ in range(_MOST_REDIRECTS):
                    response = await self._persist("GET", place, {}, None, 0)
                    rules.parse(response.body.decode("utf-8", errors="replace").splitlines())
                    place = response.url
                    if response.status not in _REDIRECTS:
                        break
                self._robots[site] = rules
            except StatusError as error:
                if error.status >= httpx.codes.INTERNAL_SERVER_ERROR:
                    raise
                self._robots[site] = None
        return self._robots[site]

    async def _persist(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None, delay: float
    ) -> Response:
        """Ask until there is an answer that asking again would not change."""
        host = urlsplit(url).netloc
        if host in self._down:
            raise HostDownError(self._down[host])
        for attempt in range(1, self._attempts + 1):
            await self._keep_pause(host, delay)
            try:
                response, wait = await self._once(method, url, headers, content)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
                raise FetchError(f"网址“{url}”写得不对，请核对。") from error
            except (httpx.HTTPError, TimeoutError, OSError) as error:
                fault, wait = self._unreachable(host, error, attempt), None
            else:
                self._silent.pop(host, None)
                if response.status not in _PASSING:
                    return _answered(response, url)
                fault = _status_fault(response.status, url, attempt)
            finally:
                self._asked[host] = time.monotonic()
            if wait is not None and wait > self._patience:
                self._down[host] = f"{host} 要求 {wait:.0f} 秒后再来，本次不再访问，请稍后重新运行。"
                raise HostDownError(self._down[host])
            if attempt < self._attempts:
                await asyncio.sleep(max(self._backoff * 2 ** (attempt - 1), wait or 0))
        raise fault

    async def _once(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[Response, float | None]:
        """One request, and how long the site asks to wait. The deadline covers it whole, headers included."""
        address, host = self._address(url)
        sent = {**headers, **({"Host": host} if host else {})}
        async with asyncio.timeout(self._deadline):
            async with self._client.stream(method, address, headers=sent, content=content) as answer:
                found = answer.headers
                body = bytearray()
                place = url
                if answer.status_code in _REDIRECTS:
                    place = urljoin(url, found.get("location", ""))
                elif answer.status_code == httpx.codes.OK:
                    async for block in answer.aiter_bytes(1 << 16):
                        body += block
                        if len(body) > self._largest:
                            raise FetchError(f"{_shown(url)} 超过 {self._largest >> 20} MB，不像一份文件，没有取完。")
        response = Response(
            url=place,
            status=answer.status_code,
            body=bytes(body),
            content_type=found.get("content-type", ""),
            etag=found.get("etag"),
            modified=found.get("last-modified"),
        )
        return response, _seconds(found.get("retry-after"))

    def _address(self, url: str) -> tuple[str, str | None]:
        """Where to ask, and the host to name there."""
        parts = urlsplit(url)
        mirror = self._mirrors.get(parts.hostname or "")
        if mirror is None:
            return url, None
        return mirror.rstrip("/") + urlunsplit(("", "", parts.path or "/", parts.query, "")), parts.netloc

    async def _keep_pause(self, host: str, delay: float) -> None:
        if host in self._asked:
            await asyncio.sleep(max(0.0, self._asked[host] + max(self._pause, delay) - time.monotonic()))

    def _unreachable(self, host: str, error: Exception, attempt: int) -> FetchError:
        cause = next((words for kind, words in _CAUSES if isinstance(error, kind)), first_line(error))
        self._silent[host] = self._silent.get(host, 0) + (attempt == self._attempts)
        connecting = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        if attempt == self._attempts and (connecting or self._silent[host] >= _MOST_SILENT):
            self._down[host] = f"{host} {cause}，本次不再访问。"
        return FetchError(f"{host} {cause}，试了 {attempt} 次，请稍后重新运行。")


def _shown(url: str) -> str:
    """Without its query, which for a search is a line of its own."""
    return url.partition("?")[0]


def host_of(url: str) -> str:
    """The host a web address names; empty where it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _answered(response: Response, url: str) -> Response:
    if response.status in (200, NOT_MODIFIED) or response.status in _REDIRECTS:
        return response
    if response.status in (404, 410):
        raise StatusError(f"{_shown(url)} 已不存在（{response.status}），请核对网址。", response.status)
    if response.status in _REFUSED:
        fault = f"{_shown(url)} 拒绝程序访问（{response.status}），请人工下载后放进语料文件夹。"
        raise StatusError(fault, response.status)
    raise _status_fault(response.status, url, 1)


def _status_fault(status: int, url: str, attempt: int) -> StatusError:
    return StatusError(f"{_shown(url)} 出错（{status}），试了 {attempt} 次，请稍后重新运行。", status)


def _checked_move(asked: str, place: str, target: str) -> str:
    """Where a redirect leads, unless that is not where a document can be."""
    before, after = urlsplit(place), urlsplit(target)
    host = after.hostname or ""
    if _HOME.fullmatch(after.path) and not _HOME.fullmatch(urlsplit(asked).path):
        raise FetchError(f"{asked} 转到了网站首页，文件可能已移走，请核对网址。")
    if _GATE.search(after.path) or _GATE.search(host):
        raise FetchError(f"{asked} 转到了登录或验证页面，请人工下载后放进语料文件夹。")
    if host != before.hostname and not (host == OFFICIAL or host.endswith(f".{OFFICIAL}")):
        raise FetchError(f"{asked} 转到了别的网站（{host}），没有跟去，请核对网址。")
    return target


def _crawl_delay(rules: RobotFileParser | None) -> float:
    delay = rules.crawl_delay(AGENT) if rules else None
    return min(float(delay or 0), _LONGEST_CRAWL_DELAY)


def _seconds(retry_after: str | None) -> float | None:
    """“120” or a date -> seconds from now."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
