"""
Read an official web page: bytes -> Extract.

<title>种树办法_某市政府</title> … 字体：大 中 小 … <div id="zoom"><p>第一条　种树。</p></div> … 主办：某市政府
    ->  Extract("第一条　种树。", {"title": "种树办法"}, ((0, "zoom"),))

The body is what a known container of the site's system holds, or where the paragraphs are dense; see
docs/decisions/0012-reading-web-pages.md. Which containers and what furniture there are is in html.toml.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from lxml import html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from bot.documents.formats.extract import Extract
from bot.documents.formats.html_lines import Lines, write_lines
from bot.documents.formats.page_fields import NO_FIELD_LABEL, page_fields, split_labels
from bot.documents.formats.plain import decode
from bot.errors import CorpusError

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_CONTAINERS: Sequence[str] = _DATA["containers"]
_FURNITURE = re.compile(f"(?<![a-z])(?:{'|'.join(map(re.escape, _DATA['furniture']))})", re.I)
_FURNITURE_LINE = re.compile("|".join(f"(?:{pattern})" for pattern in _DATA["furniture_lines"]), re.I)
_NO_DOCUMENT = {name: re.compile("|".join(words), re.I) for name, words in _DATA["no_document"].items()}
_REPLIES = {
    "login": "是登录页，没有正文，请登录后把原文页面另存为网页再放入",
    "captcha": "是验证页，没有正文，请在浏览器里通过验证后把原文页面另存为网页再放入",
    "missing": "是出错页（页面不存在或打不开），没有正文，请核对网址后重新保存",
    "empty": "里没有正文（可能由脚本填入），请用浏览器打开，待正文显示后另存为网页再放入",
}

_NEVER_SHOWN = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "select", "button", "input", "textarea",
    "nav", "svg", "video", "audio", "canvas", "map",
)  # fmt: skip
_INSIDE = ("p", "span", "a", "b", "strong", "font", "li")  # no body in itself
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|position\s*:\s*fixed", re.I)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_BROKEN_MOST = 0.001  # share of unreadable characters that a page in damaged UTF-8 may have
# What a script of a head table fills in: var file_status = '失效'.
_SCRIPTED_STATE = re.compile(r"status\s*=\s*['\"]((?:现行)?有效|(?:已)?(?:失效|废止)[^'\"]{0,10})['\"]", re.I)
_SENTENCE = re.compile(r"[，。；！？]")
_SENTENCE_WEIGHT = 10
_FOOTER = re.compile(_DATA["footer"], re.I)
_SHORT = 300  # characters; a page that says “404” and no more than this is no document
_LEAST = 15  # characters of a body
_BODY_HIDDEN = 0.7  # share of a page's paragraphs from which on what is hidden is its body
_DENSE = 0.8  # share of a page's paragraphs that the body holds
_PART_OF_BODY = 0.5  # a container that holds less than this of the densest place is not the body
_FURNITURE_MOST = 0.2  # share of a body that furniture may make up; what is more is a body with an odd name
_FURNITURE_OF_PAGE = 0.5  # the same of a whole page
_EDGE = 12  # lines at either end of a body among which furniture may stand
_BODY_HERE = "\ufdd0"  # no character of any text
_HEAD_LABELS = 3  # labels of a head table inside a body, by which it is known


def read_html(raw: bytes, path: Path) -> Extract:
    """
    The body of a page, what the page says of it, and the ids by which parts of it can be opened.

    Raises CorpusError for a page that holds no document: a login form, a captcha, an error, an empty body.
    """
    page = _parse(_decode(raw, path))
    title = _text_of(page.find(".//title"))
    whole = _visible(page)
    has_password = bool(page.xpath("//input[translate(@type,'PASWORD','pasword')='password']"))
    metas = _metas(page)
    headings = [_text_of(node) for node in page.iter("h1")]
    _prune(page)
    body = _find_body(page)
    before = _before(page, body) if body else ()
    table, text, anchors = _trim(write_lines(_without_furniture(body)))
    if fault := _fault(f"{title} {' '.join(headings)}", whole, text, has_password):
        raise CorpusError(f"{path} {_REPLIES[fault]}。")
    return Extract(text, page_fields(title, metas, headings, [*before, *table], text), anchors)


def _decode(raw: bytes, path: Path) -> str:
    """UTF-8 or GB18030, declared or not; UTF-8 in which a few characters were damaged is still that."""
    declared = _DECLARED.search(raw[:4096])
    if declared and declared[1].lower().replace(b"_", b"-") in (b"utf-8", b"utf8"):
        text = raw.decode("utf-8-sig", errors="replace")
        if "\0" not in text and text.count("\ufffd") <= _BROKEN_MOST * len(text):
            return text
    return decode(raw, path)


def _parse(text: str) -> HtmlElement:
    """An empty page parses to an empty element."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except ParserError:
        return html.Element("html")


def _metas(page: HtmlElement) -> dict[str, str]:
    """<meta name="PubDate" content="2025-05-22"> -> {"pubdate": "2025-05-22"}"""
    return {
        name.lower(): content.strip()
        for meta in page.iter("meta")
        if (name := meta.get("name") or meta.get("property")) and (content := meta.get("content"))
    }


def _prune(page: HtmlElement) -> None:
    """Take out what a reader of the page does not see; a state that a script would show is written in its place."""
    for node in list(page.iter("script")):
        if found := _SCRIPTED_STATE.search(node.text or ""):
            node.tail = f"{found[1]} {node.tail or ''}"
    for node in list(page.iter(_NEVER_SHOWN)):
        node.drop_tree()
    lengths = _densities(page)
    most = _BODY_HIDDEN * lengths.get(page, 0)
    for node in list(page.iter()):
        is_hidden = node.get("hidden") is not None or _HIDDEN.search(node.get("style", ""))
        # A page that hides its body until a script has run holds it all the same.
        if is_hidden and lengths.get(node, 0) <= most and node.getparent() is not None:
            node.drop_tree()


def _names(node: HtmlElement) -> list[str]:
    return [*node.get("class", "").lower().split(), node.get("id", "").lower(), str(node.tag)]


def _is_container(node: HtmlElement) -> bool:
    return any(name in _CONTAINERS for name in _names(node))


def _find_body(page: HtmlElement) -> list[HtmlElement]:
    """The elements that hold the body, in reading order; none where the page has no paragraph."""
    dense = _densest(page)
    if dense is None:
        return []
    enough = _PART_OF_BODY * _paragraph_length(dense)
    named: dict[str, list[HtmlElement]] = {}
    for node in page.iter():
        for name in _names(node):
            named.setdefault(name, []).append(node)
    for name in _CONTAINERS:
        found = named.get(name, [])
        outermost = [node for node in found if not any(above in found for above in node.iterancestors())]
        distinct = list({_visible(node): node for node in outermost if _visible(node)}.values())
        if sum(map(_paragraph_length, distinct)) >= enough:
            return distinct
    return [dense]


def _densities(top: HtmlElement) -> dict[HtmlElement, int]:
    """How much each element inside `top` reads like a body; furniture does not."""
    most = _FURNITURE_OF_PAGE * len(_visible(top))
    furniture = {node for node in top.iter() if _is_furniture(node) and len(_visible(node)) <= most}
    lengths: dict[HtmlElement, int] = {}
    for node in top.iter():
        own = sum(map(_weight, [node.text, *(child.tail for child in node)])) if node.tag != "a" else 0
        above = [node, *node.iterancestors()] if own else []
        if furniture.isdisjoint(above):
            for outer in above:
                lengths[outer] = lengths.get(outer, 0) + own
    return lengths


def _weight(text: str | None) -> int:
    """Characters of a sentence count tenfold; those of labels, menus and numbers once, those of a footer not at all."""
    visible = re.sub(r"\s", "", text or "")
    if _FOOTER.search(visible):
        return 0
    return len(visible) * (_SENTENCE_WEIGHT if _SENTENCE.search(visible) else 1)


def _is_furniture(node: HtmlElement) -> bool:
    return bool(_FURNITURE.search(f"{node.get('class', '')} {node.get('id', '')}")) and not _is_container(node)


def _paragraph_length(node: HtmlElement) -> int:
    return _densities(node).get(node, 0)


def _densest(page: HtmlElement) -> HtmlElement | None:
    """Down from the page as long as one child holds most of the paragraphs; a single paragraph is no body."""
    lengths = _densities(page)
    node = page.find("body")
    if node is None or not _visible(node):
        return None
    while True:
        child = max(node, key=lambda child: lengths.get(child, 0), default=None)
        if child is None or not lengths.get(child) or lengths[child] < _DENSE * lengths[node] or child.tag in _INSIDE:
            return node
        node = child


def _without_furniture(body: Sequence[HtmlElement]) -> Sequence[HtmlElement]:
    for top in body:
        most = _FURNITURE_MOST * len(_visible(top))
        for node in list(top.iterdescendants()):
            if _is_furniture(node) and node.getparent() is not None and len(_visible(node)) <= most:
                node.drop_tree()
    return body


def _before(page: HtmlElement, body: Sequence[HtmlElement]) -> Sequence[str]:
    """The lines above the body, where a page has its head table."""
    mark = html.Element("div")
    mark.text = _BODY_HERE
    body[0].addprevious(mark)
    lines = write_lines([page]).lines
    mark.drop_tree()
    return list(takewhile(lambda line: _BODY_HERE not in line, lines))


def _trim(written: Lines) -> tuple[Sequence[str], str, tuple[tuple[int, str], ...]]:
    """The head table that opens a body, the text without furniture at its edges, the anchors as offsets into it."""
    lines = written.lines
    last = len(lines)
    head = _head_table(lines)
    kept = [
        number
        for number, line in enumerate(lines)
        if number >= head
        and not ((number < head + _EDGE or number >= last - _EDGE) and _FURNITURE_LINE.fullmatch(line))
    ]
    starts: dict[int, int] = {}
    length = 0
    for number in kept:
        starts[number] = length
        length += len(lines[number]) + 1
    text = "\n".join(lines[number] for number in kept)
    anchors = [
        (next((starts[number] for number in kept if number >= position), None), name)
        for position, name in written.anchors
    ]
    return lines[:head], text, tuple((offset, name) for offset, name in anchors if offset is not None)


def _head_table(lines: Sequence[str]) -> int:
    """How many of the first lines are a head table (索引号, 发文机关 …) that stands inside the body."""
    last, labels = 0, 0
    for number, line in enumerate(lines[: 2 * _EDGE], 1):
        found = len(split_labels([line]))
        if found and NO_FIELD_LABEL not in line:
            last, labels = number, labels + found
    return last if labels >= _HEAD_LABELS else 0


def _fault(headline: str, whole: str, text: str, has_password: bool) -> str | None:
    """Why a page holds no document: a name in `_REPLIES`, or None where it holds one."""
    short = len(re.sub(r"\s", "", text)) < _SHORT
    if not short:
        return None
    if _NO_DOCUMENT["missing"].search(headline) or (len(whole) < _SHORT and _NO_DOCUMENT["missing"].search(whole)):
        return "missing"
    if has_password and (_NO_DOCUMENT["login"].search(headline + text) or not _SENTENCE.search(text)):
        return "login"
    for name in ("captcha", "login"):
        if _NO_DOCUMENT[name].search(headline) or (len(whole) < _SHORT and _NO_DOCUMENT[name].search(whole)):
            return name
    return "empty" if len(re.sub(r"\s", "", text)) < _LEAST else None


def _visible(node: HtmlElement) -> str:
    """The text of an element without whitespace and without scripts."""
    return re.sub(r"\s", "", "".join(_texts(node)))


def _texts(node: HtmlElement) -> Iterator[str]:
    for inner in node.iter():
        if inner.tag not in _NEVER_SHOWN:
            yield inner.text or ""
        if inner is not node:
            yield inner.tail or ""


def _text_of(node: HtmlElement | None) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip() if node is not None else ""
