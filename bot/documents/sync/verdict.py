"""
Decide whether what a site gave is the document that was asked for.

Response("<!DOCTYPE html>…某办法…"), Document("某办法")  ->  ".html", the Document read from it
Response("<html>请输入验证码…")                            ->  RejectedError("取到的文件是验证页，没有正文，…")

What the reader of its format refuses is refused; then the title decides, then how much there is.
"""

import re
from datetime import timedelta
from pathlib import Path

from bot.documents.formats.sniff import sniff
from bot.documents.load import load
from bot.documents.sync.fetch import Response
from bot.documents.titles import same_paper
from bot.errors import CorpusError, FetchError
from bot.types import Document

LEAST = 200  # characters; no paper is shorter
SAME_TEXT = timedelta(days=60)  # signing and publication of one text lie no further apart
SHARE = 0.6  # of the copy that is there, or of the digest; what is shorter is taken for half a body

_HTML_END = re.compile(rb"</(?:html|body)\s*>", re.I)
_TEXTS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "text/markdown": ".md"}
_FETCHED = "取到的文件"
_DRAFT = re.compile(r"征求意见|草案")
_SPEAKS_OF = re.compile(r"解读|废止|修改|征求|说明|问答")  # papers on a paper
_BODY = re.compile(r"^\s*(?:第一[条章]|一、|（一）|1[.、．])", re.M)  # how the rules of a paper begin
_ISSUES = re.compile(r"印发|发布|公布|颁布|转发|下发")
_ATTACHED = re.compile(r"\.(?:docx?|pdf)$", re.I)
_ATTACHMENT_MARK = re.compile(r"^附件\s*[\d一二三四五六七八九十]*\s*[:：.．、]?\s*|\.(?:docx?|pdf|wps|ofd)\s*$", re.I)
_TAIL = 1 << 16  # bytes; behind the end of a page stand at most scripts
_HEAD_LINES = 8  # in which a file without a title of its own has it


class RejectedError(FetchError):
    """What a site gave is not to be kept: the message says why."""


class NoticeOnlyError(RejectedError):
    """The page holds the notice, the paper it issues is a file beside it: `attachments` are their addresses."""

    def __init__(self, attachments: tuple[str, ...]) -> None:
        super().__init__("网页上只有印发通知，正文在附件里，没有找到能取的附件，请把附件的网址写进清单的 url。")
        self.attachments = attachments


def suffix_of(response: Response) -> str:
    """What the file is by its first bytes, whatever the site calls it. Raises RejectedError for what none can read."""
    kind = response.content_type.partition(";")[0].strip().lower()
    if not response.body.strip():
        raise RejectedError("返回的是空内容。")
    named = Path(f"{_FETCHED}{_TEXTS.get(kind, '')}")
    try:
        return f".{sniff(response.body, named)}"
    except CorpusError as error:
        if kind in _TEXTS:
            raise _refused(error, named) from error
        raise RejectedError(f"返回的是“{kind or '未说明类型'}”，不是文件正文。") from error


def judge(path: Path, raw: bytes, wanted: Document, present: Document | None) -> Document:
    """
    The document in the file at `path`, which holds `raw`, where it may stand for `wanted` and replace `present`.

    Raises RejectedError, whose message is what is wrong, otherwise; NoticeOnlyError where the paper lies beside it.
    """
    try:
        found = load(path)
    except CorpusError as error:
        raise _refused(error, path) from error
    length = visible(found.text)
    if not _is_titled(found, path, wanted):
        raise RejectedError(f"标题不符，取到的是“{found.title[:60]}”。")
    if _DRAFT.search(found.title) and not _DRAFT.search(wanted.title) and wanted.state != "征求意见":
        raise RejectedError(f"取到的是征求意见稿“{found.title[:60]}”，不是正式文本。")
    if (
        path.suffix == ".html"
        and found.issued_on
        and wanted.issued_on
        and wanted.issued_on - found.issued_on > SAME_TEXT
    ):
        raise RejectedError(f"取到的是 {found.issued_on} 的旧文本，清单写的是 {wanted.issued_on}。")
    if path.suffix == ".html" and _is_notice(found, wanted) and (files := _attachments(raw, wanted)):
        raise NoticeOnlyError(files)
    if length < LEAST:
        raise RejectedError(f"正文只有 {length} 字，疑似不完整。")
    if path.suffix == ".html" and not _HTML_END.search(raw[-_TAIL:]):
        raise RejectedError("页面没有传完，缺了结尾。")
    compared, what = (present, "现有原文") if present else (wanted, "摘编")
    if length < SHARE * visible(compared.text):
        fault = f"正文 {length} 字，比{what}的 {visible(compared.text)} 字短得多，疑似不完整"
        raise RejectedError(f"{fault}；如确已删改，请移走现有原文后再取。" if present else f"{fault}。")
    return found


def _refused(error: CorpusError, path: Path) -> RejectedError:
    """What a reader says of the file, without the place where it lies for the moment."""
    said = str(error).replace(f"{path} 里", f"{_FETCHED}里").replace(f"{path} ", _FETCHED)
    return RejectedError(said)


def visible(text: str) -> int:
    """How many characters a reader sees."""
    return len(re.sub(r"\s", "", text))


def _is_titled(found: Document, path: Path, wanted: Document) -> bool:
    """A file has no page around it: its first lines are its own, whatever was taken for its title."""
    if same_paper(found.title, wanted.title):
        return True
    if path.suffix == ".html" or _SPEAKS_OF.search(found.title):
        return False
    lines = [line.strip() for line in found.text.splitlines() if line.strip()][:_HEAD_LINES]
    stretches = ("".join(lines[start:end]) for start in range(len(lines)) for end in range(start + 1, len(lines) + 1))
    return any(same_paper(stretch, wanted.title) for stretch in stretches)


def _is_notice(found: Document, wanted: Document) -> bool:
    """Whether it issues the paper and holds no rules itself."""
    return bool(_ISSUES.search(found.title)) and not _ISSUES.search(wanted.title) and not _BODY.search(found.text)


def _attachments(raw: bytes, wanted: Document) -> tuple[str, ...]:
    """The files a page offers, as it writes their addresses: those named like the paper, or all where none is."""
    from lxml import html

    links = [
        ("".join(map(str, link.itertext())), link.get("href", "")) for link in html.document_fromstring(raw).iter("a")
    ]
    files = [(_ATTACHMENT_MARK.sub("", text.strip()), url) for text, url in links if _ATTACHED.search(url)]
    named = [url for text, url in files if same_paper(text, wanted.title)]
    return tuple(dict.fromkeys(named or (url for _, url in files)))
