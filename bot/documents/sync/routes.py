"""
Turn a document of the manifest into requests, and the answers into an original.

Document(level="法律", title="某法")  ->  flk.npc.gov.cn: search by title, details, download  ->  Found(…, "某法.docx")
Document(url="http://www.qingdao.gov.cn/….shtml")  ->  that page                            ->  Found(…, the page)
Document(level="规范性文件", place="")  ->  the State Council's policy library by title       ->  Found(…, its page)

What was learnt of the national law database's interface (2026): it answers JSON with "code": 200; `bbbs` is a text's
id, `gbrq` its 公布日期, `sxrq` its 施行日期, `sxx` its validity; a download answers with a signed address that soon
expires.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.documents.sync.fetch import NOT_MODIFIED, Fetcher, Response, StatusError, host_of
from bot.documents.sync.verdict import SAME_TEXT
from bot.documents.titles import same_paper
from bot.errors import FetchError
from bot.types import Document

LAW_DATABASE = "flk.npc.gov.cn"
STATUTES = ("法律", "行政法规", "地方性法规")  # what the database holds
POLICY_SEARCH = "sousuo.www.gov.cn"
NATIONAL = ("部门规章", "规范性文件")  # what the policy library holds, where they are not of one place

_HOST = f"https://{LAW_DATABASE}"
_DATABASE = "国家法律法规数据库"
_ANSWERED = "200"
_IN_FORCE = "3"  # of sxx; 1 废止, 2 已修改, 4 尚未生效
_EXACT, _FUZZY = 1, 2  # of searchType


@dataclass(frozen=True, slots=True)
class Known:
    """What the last fetch of a document left, to ask whether anything changed."""

    url: str
    etag: str | None = None
    modified: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An original as an official site gave it. `fields` are what the site says of it beside its text."""

    response: Response
    url: str  # the address a reader opens
    fields: Mapping[str, date] = field(default_factory=dict)
    version: str | None = None  # names this text in the law database
    remark: str = ""  # what a clerk should look at


Route = Callable[[Document, Known | None, Fetcher], Found | None]


def routes(document: Document) -> tuple[Route, ...]:
    """The ways to its original, the surest first; none where the manifest names no address and none has its kind."""
    of_database = host_of(document.url or "") == LAW_DATABASE
    ways: tuple[tuple[Route, bool], ...] = (
        (_page, bool(document.url) and not of_database),
        (_law, of_database or document.level in STATUTES),
        (_policy, document.level in NATIONAL and not document.place),
    )
    return tuple(way for way, open_to_it in ways if open_to_it)


def describe_route(document: Document) -> str:
    """What a fetch would ask for, for a dry run: “https://flk.npc.gov.cn（国家法律法规数据库，按标题检索）”."""
    names = (
        (_page, document.url or ""),
        (_law, f"{_HOST}（国家法律法规数据库，按标题检索）"),
        (_policy, f"https://{POLICY_SEARCH}（国务院政策文件库，按标题检索）"),
    )
    return "，取不到再访问 ".join(name for way in routes(document) for known, name in names if known is way)


def _page(document: Document, known: Known | None, fetcher: Fetcher) -> Found | None:
    return _read(document.url or "", known, fetcher)


def _policy(document: Document, known: Known | None, fetcher: Fetcher) -> Found | None:
    """
    The page that the policy library has for its title, the latest where there are several.

    Its search answers {"searchVO": {"catMap": {"gongwen": {"listVO": [{"title", "url", "pubtime"}]}, …}}}.
    """
    query = {"t": "zhengcelibrary", "q": document.work, "searchfield": "title", "sort": "score", "sortType": 1}
    address = f"https://{POLICY_SEARCH}/search-gov/data?{urlencode({**query, 'p': 1, 'n': 20})}"
    ask = partial(fetcher.get, address, referer=f"https://{POLICY_SEARCH}/")
    result = _ask("国务院政策文件库", ask).get("searchVO")
    groups = (result, *(result.get("catMap") or {}).values()) if isinstance(result, dict) else ()
    rows = [row for group in groups if isinstance(group, dict) for row in group.get("listVO") or []]
    pages = [
        row for row in rows if host_of(str(row.get("url"))) and same_paper(_unmarked(row.get("title")), document.title)
    ]
    if not pages:
        raise FetchError(f"国务院政策文件库里没有检索到《{document.title}》，请在清单里补上 url。")
    return _read(max(pages, key=lambda row: str(row.get("pubtime")))["url"], known, fetcher)


def _read(url: str, known: Known | None, fetcher: Fetcher) -> Found | None:
    if known and known.url == url and not known.version:
        response = fetcher.get(url, etag=known.etag, modified=known.modified)
    else:
        response = fetcher.get(url)
    return None if response.status == NOT_MODIFIED else Found(response, url)


def _law(document: Document, known: Known | None, fetcher: Fetcher) -> Found | None:
    bbbs = (parse_qs(urlsplit(document.url or "").query).get("id") or [""])[0]
    row = {"bbbs": bbbs} if bbbs else _search(document, fetcher)
    page = f"{_HOST}/detail?{urlencode({'id': row['bbbs']})}"
    details = f"{_HOST}/law-search/search/flfgDetails?{urlencode({'bbbs': row['bbbs']})}"
    law = _ask(_DATABASE, partial(fetcher.get, details, referer=page)).get("data")
    if not isinstance(law, dict):
        raise FetchError(f"国家法律法规数据库没有给出《{document.title}》的详情。")
    issued, effective = _date(law.get("gbrq")), _date(law.get("sxrq"))
    files = law.get("ossFile")
    version = json.dumps([row["bbbs"], law.get("gbrq"), law.get("sxrq"), law.get("sxx"), files], sort_keys=True)
    if known and known.version == version:
        return None
    fields: dict[str, date] = {}
    remark = ""
    if issued and document.issued_on and abs(issued - document.issued_on) > SAME_TEXT:
        if issued < document.issued_on:
            raise FetchError(
                f"国家法律法规数据库里的是 {issued} 公布的旧文本，清单写的是 {document.issued_on}，没有取，请稍后再试。"
            )
        fields = {"issued_on": issued, **({"effective_on": effective} if effective else {})}
        remark = f"数据库里的文本公布于 {issued}，比清单所写的 {document.issued_on} 新，请更新清单"
    return Found(_download(row["bbbs"], page, fetcher), page, fields, version, remark)


def _search(document: Document, fetcher: Fetcher) -> Mapping[str, Any]:
    """The row of the database that is this document: in force, and the newest of these."""
    for search_type in (_EXACT, _FUZZY):
        question = _question(document.work, search_type)
        answer = _ask(_DATABASE, partial(fetcher.post, f"{_HOST}/law-search/search/list", question))
        rows = [row for row in answer.get("rows") or [] if isinstance(row, dict) and row.get("bbbs")]
        named = [row for row in rows if same_paper(_unmarked(row.get("title")), document.title)]
        if document.state != "现行":  # no longer in force: the very text the manifest names, else the newest
            dated = [row for row in named if _date(row.get("gbrq")) == document.issued_on]
            wanted = dated or named
        else:
            wanted = [row for row in named if str(row.get("sxx")) == _IN_FORCE]
        if wanted:
            return max(wanted, key=lambda row: str(row.get("gbrq")))
        if named:
            raise FetchError(f"国家法律法规数据库里的《{document.title}》没有现行有效的文本，请核对清单里的状态。")
    raise FetchError(f"国家法律法规数据库里没有检索到《{document.title}》，请核对清单里的标题。")


def _question(title: str, search_type: int) -> Mapping[str, Any]:
    return {
        "searchRange": 1,  # titles
        "searchType": search_type,
        "searchContent": title,
        "sxx": [],
        "gbrq": [],
        "sxrq": [],
        "gbrqYear": [],
        "flfgCodeId": [],
        "zdjgCodeId": [],
        "orderByParam": {"order": "-1", "sort": ""},
        "pageNum": 1,
        "pageSize": 20,
    }


def _download(bbbs: str, page: str, fetcher: Fetcher) -> Response:
    for form in ("docx", "pdf"):
        query = urlencode({"format": form, "bbbs": bbbs, "fileId": ""})
        answer = _ask(_DATABASE, partial(fetcher.get, f"{_HOST}/law-search/download/pc?{query}", referer=page))
        link = answer.get("data")
        if isinstance(link, dict) and isinstance(link.get("url"), str):
            return fetcher.get(link["url"], referer=page)
    raise FetchError("国家法律法规数据库没有给出下载地址，请人工下载后放进语料文件夹。")


def _ask(source: str, request: Callable[[], Response]) -> Mapping[str, Any]:
    """What an interface answers, in JSON. Raises FetchError that names the source rather than an address."""
    try:
        answer = json.loads(request().body)
    except StatusError as error:
        raise FetchError(f"{source}的接口没有回应（{error.status}），可能已改版，也可请稍后再试。") from error
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise FetchError(f"{source}的接口返回的不是数据，可能已改版或要求人工验证。")
    if (code := str(answer.get("code", _ANSWERED))) != _ANSWERED:
        raise FetchError(f"{source}的接口没有办理（{code}：{answer.get('msg') or '未说明原因'}）。")
    return answer


def _unmarked(title: object) -> str:
    """The words found are marked: “中华人民共和国<em>专利法</em>”."""
    return re.sub(r"<[^>]*>", "", str(title or ""))


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
