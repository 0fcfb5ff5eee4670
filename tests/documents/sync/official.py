"""
Official sites on this machine: a real HTTP server that gives what they give, and the faults they have.

    site["www.gov.cn/zhengce/1.htm"] = Reply(page("某办法", "…"))
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import docx

from tests.documents.formats.papers import saved

GOV, QINGDAO, SEARCH = "www.gov.cn", "www.qingdao.gov.cn", "sousuo.www.gov.cn"
LAWS, FILES = "flk.npc.gov.cn", "files.example.com"


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    stop_at: int | None = None  # bytes sent of the length that was promised
    drip: float = 0.0  # seconds between two bytes, headers included


@dataclass(frozen=True)
class Asked:
    place: str  # host and path
    headers: Mapping[str, str]
    body: bytes
    at: float


Answer = Reply | Callable[[Asked], Reply]


class Site(dict[str, Answer]):
    """What is there, by host and path; `asked` is every request but those for robots.txt."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.address = ""

    @property
    def mirrors(self) -> dict[str, str]:
        return dict.fromkeys((GOV, QINGDAO, SEARCH, LAWS, FILES), self.address)

    @property
    def places(self) -> list[str]:
        return [each.place for each in self.asked]

    def answer(self, asked: Asked) -> Reply:
        if not asked.place.endswith("/robots.txt"):
            self.asked.append(asked)
        found = self.get(asked.place.partition("?")[0], Reply(b"not here", status=404))
        return found(asked) if callable(found) else found


@contextmanager
def open_site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            place = f"{self.headers['Host']}{self.path}"
            reply = site.answer(Asked(place, dict(self.headers.items()), content, time.monotonic()))
            head = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body)), "Connection": "close"}
            lines = [f"HTTP/1.1 {reply.status} x", *(f"{k}: {v}" for k, v in {**head, **reply.headers}.items()), "", ""]
            sent = "\r\n".join(lines).encode() + reply.body[: reply.stop_at]
            try:
                for start in range(0, len(sent), 1) if reply.drip else (0,):
                    self.wfile.write(sent[start : start + 1] if reply.drip else sent)
                    time.sleep(reply.drip)
            except OSError:
                pass  # who asked has gone
            self.close_connection = True

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def words(title: str, articles: int = 12) -> str:
    """The text of a paper that nobody issued."""
    rules = (
        f"第{'一二三四五六七八九十'[number % 10]}条之{number}　种树应当浇水，浇水应当在清晨。"
        for number in range(articles)
    )
    return "\n".join([title, *rules])


def page(title: str, articles: int = 12, *, counter: int = 0) -> str:
    """A page of a policy library: navigation, head table, body, footer."""
    body = "".join(f"<p>{line}</p>" for line in words(title, articles).splitlines()[1:])
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f"<title>{title}_国务院部门文件_中国政府网</title></head><body>"
        '<div class="header"><a href="/">首页</a><a href="/zhengce/">政策</a></div>'
        f"<table><tr><td><b>标　　题：</b></td><td>{title}</td></tr></table><h1 id='ti'>{title}</h1>"
        f'<div id="UCAP-CONTENT"><div class="trs_editor_view">{body}</div></div>'
        f'<div class="footer">浏览次数：{counter} 网站地图 版权所有</div></body></html>'
    )


def word_file(title: str, articles: int = 12) -> bytes:
    document = docx.Document()
    for line in words(title, articles).splitlines():
        document.add_paragraph(line)
    return saved(document)


@dataclass(frozen=True)
class Law:
    """A text of the law database. `validity`: 3 in force, 2 amended, 1 repealed."""

    id: str
    title: str
    published: str
    validity: int = 3
    file: Reply = field(default_factory=Reply)


def law_database(site: Site, *laws: Law) -> None:
    """Its interface: search, details, and a download that answers with a signed address on another host."""
    known = {law.id: law for law in laws}

    def row(law: Law) -> dict[str, object]:
        title = f"中华人民共和国<em>{law.title.removeprefix('中华人民共和国')}</em>"
        marked = title if law.title.startswith("中华") else f"<em>{law.title}</em>"
        return {"bbbs": law.id, "title": marked, "gbrq": law.published, "sxrq": law.published, "sxx": law.validity}

    def told(value: object) -> Reply:
        return Reply(json.dumps(value).encode(), kind="application/json")

    def search(asked: Asked) -> Reply:
        wanted = json.loads(asked.body)["searchContent"]
        return told({"code": 200, "rows": [row(law) for law in laws if wanted in law.title]})

    def of(asked: Asked) -> Law:
        return known[parse_qs(urlsplit(asked.place).query)["bbbs"][0]]

    def details(asked: Asked) -> Reply:
        law = of(asked)
        return told({"code": 200, "data": {**row(law), "ossFile": {"ossWordPath": f"{law.id}.docx"}}})

    def download(asked: Asked) -> Reply:
        return told({"code": 200, "data": {"url": f"https://{FILES}/{of(asked).id}.docx?sign=1"}})

    site[f"{LAWS}/law-search/search/list"] = search
    site[f"{LAWS}/law-search/search/flfgDetails"] = details
    site[f"{LAWS}/law-search/download/pc"] = download
    for law in laws:
        site[f"{FILES}/{law.id}.docx"] = law.file if law.file.body else Reply(word_file(law.title))
