"""
PDF: bytes -> Extract.

some web page, printed  ->  Extract("某办法\n第一条　为了…", {"url": "https://…"}, ((0, "page=1"), (812, "page=2"), …))

Lines become paragraphs again, over page breaks too; what belongs to the printed page is left out; a table has a row a
line. Pages are read one by one and let go, so a large file needs little more memory than its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from bot.documents.formats.extract import Extract
from bot.documents.formats.furniture import is_site_line, printed_address, running_lines, without_site
from bot.documents.formats.lines import is_rule, without_leader
from bot.documents.formats.mend import mend
from bot.documents.formats.page_fields import LABELS, page_fields
from bot.documents.formats.pdf_page import Line, Page, Table, join_text, read_page
from bot.documents.formats.table import row_line, same_header
from bot.errors import CorpusError

MOST_PAGES = 5_000

_LONG = 10  # em; a line of that length tells where the margins are
_INDENT = 1.2  # em
_DEEP = 6  # em; lines further in are set to the right or to the middle
_SLACK = 0.6  # em that a line may stop short of the margin
_BIGGER = 1.12  # times the body's characters: a title
_TITLE_GAP = 2.4  # em between the lines of one title
_PARAGRAPH_GAP = 1.35  # times the usual distance of lines
_MANY = 0.2  # share of the long lines that end at one place
_INDENTED = 0.2  # share of long lines; a paper with fewer marks its paragraphs otherwise
_UNREADABLE = 0.3  # share of characters without a meaning

_MARKER = re.compile(
    r"第[一二三四五六七八九十百零\d]+[编章节条](?![款项])|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,3}(?:\.\d{1,2})*[.．、](?!\d)|[①-⑳]|附件|[-•●■◆]"
)
_TERMINAL = re.compile(r"[。；：！？;:!?][”’）)》]?$")
_TOGETHER = re.compile(r"[（《“‘〔【「(\[]*(?:[0-9A-Za-z.,%/_\-]+|.)[，。；：！？、）》”’〉】〕」%）,.;:!?)\]]*")
_NEAR = 4.0  # points within which a table goes on at the same place
_BROWSER = re.compile(r"Mozilla|Chrom|Skia|Firefox|Safari|WebKit", re.I)
_JUNK = re.compile(r"[\ufffd\ue000-\uf8ff]")

# The box of a government page says what the paper is. Its values are fields, not text.
_SITE_HEAD = 12  # paragraphs among which a page has its counters and buttons
_BOX_FEWEST = 3  # labels that make a box
_BOX_VALUE = 2.5  # em; how far from the middle of the last label its value reaches
_LABEL = re.compile(r"(?:\s*\S){2,6}\s*[：:]")


@dataclass(slots=True)
class _Paragraph:
    text: str
    page: int
    breaks: list[tuple[int, int]] = field(default_factory=list)  # (offset, page) where the next page begins
    is_row: bool = False


@dataclass(slots=True)
class _OpenTable:
    """A table that the next page may go on with."""

    first: Table
    last_row: tuple[str, ...] = ()
    last: _Paragraph | None = None

    def is_same(self, table: Table) -> bool:
        return len(table.rows[0]) == len(self.first.rows[0]) and (
            abs(table.left - self.first.left) + abs(table.right - self.first.right) < 2 * _NEAR
        )

    def rest(self, table: Table) -> Sequence[tuple[str, ...]]:
        """Its rows without the header printed again; the lower part of a row that the page break cut is added to it."""
        rows = table.rows
        if not self.is_same(table):
            return rows
        if same_header(rows[0], self.first.rows[0]):
            rows = rows[1:]
        if rows and self.last and not rows[0][0] and any(rows[0]):
            self.last_row = tuple(map(join_text, self.last_row, rows[0]))
            self.last.text = row_line(self.last_row)
            rows = rows[1:]
        return rows

    def add(self, row: tuple[str, ...], page: int) -> _Paragraph:
        self.last_row = row
        self.last = _Paragraph(row_line(row), page, is_row=True)
        return self.last


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where the lines of a page begin and end, and what is usual on it."""

    left: float
    right: float
    em: float
    pitch: float
    indented: bool


def read_pdf(raw: bytes, path: Path) -> Extract:
    """
    A file that opens with an empty password is read. `fields` come from the page's information box and address.

    Raises CorpusError, which names `path`, for a file that is damaged, locked, too long or has no text.
    """
    pages, metadata = _pages(raw, path)
    _check_text(pages, path)
    running = running_lines(pages)
    address = printed_address(pages)
    is_web_page = bool(address or _BROWSER.search(metadata.get("Creator", "") + metadata.get("Producer", "")))
    title = metadata.get("Title", "") if is_web_page else ""
    box: dict[str, str] = {}
    boxed: set[int] = set()
    for page in (*pages[:2], *pages[-2:]):
        values, lines = _box(page, running)
        box |= values
        boxed |= lines
    paragraphs = list(_paragraphs(pages, running | boxed))
    if is_web_page:
        paragraphs = _without_site(paragraphs, title)
    text, anchors = _written(paragraphs)
    if not text:
        raise CorpusError(f"{path} 里没有正文，只有页眉页脚，请换成有正文的文件。")
    labels = [f"{label}：{value}" for label, value in box.items()]
    fields = dict(page_fields(title, {}, (), labels, text))
    if address:
        fields["url"] = address
    if images := [page.number for page in pages if page.has_image and not _body_length(page, running)]:
        fields["note"] = f"原件第 {'、'.join(map(str, images))} 页是图片，没有可以读出的文字"
    return Extract(text, fields, anchors)


def _without_site(paragraphs: Sequence[_Paragraph], title: str) -> list[_Paragraph]:
    # 某办法_某栏目_某网, 某办法-某网
    headline = re.split(r"_|\s+-\s|-(?=[^-]*(?:网|网站|政府|平台)$)", title)[0]
    start, end = without_site([paragraph.text for paragraph in paragraphs], headline)
    return [
        paragraph
        for index, paragraph in enumerate(paragraphs[start:end])
        if index >= _SITE_HEAD or paragraph.is_row or not is_site_line(paragraph.text)
    ]


def _pages(raw: bytes, path: Path) -> tuple[list[Page], Mapping[str, str]]:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise CorpusError(f"{path} 加了密码，打不开，请换成没有密码的文件后重试。") from error
        raise CorpusError(f"{path} 已损坏或不完整，不能作为 PDF 打开，请重新下载后重试。") from error
    try:
        if len(document) > MOST_PAGES:
            raise CorpusError(f"{path} 有 {len(document)} 页，超过 {MOST_PAGES} 页的上限，请拆成几份后重试。")
        pages = []
        for index in range(len(document)):
            pages.append(_page(document, index, path))
        return pages, document.get_metadata_dict()
    finally:
        document.close()


def _page(document: Any, index: int, path: Path) -> Page:
    import pypdfium2 as pdfium

    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise CorpusError(f"{path} 的第 {index + 1} 页已损坏，读不出来，请重新下载后重试。") from error
    try:
        return read_page(page, index + 1)
    finally:
        page.close()


def _check_text(pages: Sequence[Page], path: Path) -> None:
    text = "".join(_item_text(item) for page in pages for item in page.items)
    if not text.strip():
        if any(page.has_image for page in pages):
            raise CorpusError(
                f"{path} 是扫描件，里面只有图片没有文字，请先用文字识别（OCR）软件转成可复制文字的 PDF 或 Word 文件。"
            )
        raise CorpusError(f"{path} 里没有文字，请换成有正文的文件。")
    if len(_JUNK.findall(text)) > _UNREADABLE * len(text):
        raise CorpusError(f"{path} 的文字没有编码信息，复制出来是乱码，请换成 Word 文件或网页。")


def _item_text(item: Line | Table) -> str:
    return item.text if isinstance(item, Line) else "".join(cell for row in item.rows for cell in row)


def _body_length(page: Page, running: frozenset[int]) -> int:
    return sum(len(_item_text(item)) for item in page.items if id(item) not in running)


def _box(page: Page, left_out: frozenset[int]) -> tuple[dict[str, str], set[int]]:
    """What an information box says, by label, and the `id` of the lines or the table it is made of."""
    for item in page.items:
        if isinstance(item, Table):
            values = _labelled(cell for row in item.rows for cell in row if cell)
            if len(values) >= _BOX_FEWEST:
                return values, {id(item)}
    # In the order of the file, where each value follows its label; on the page a label may stand beside the middle of
    # a value of several lines.
    lines = [line for line in page.lines if id(line) not in left_out]
    pieces = sorted(((piece, line) for line in lines for piece in _label_joined(line)), key=lambda pair: pair[0].order)
    labels = [index for index, (piece, _) in enumerate(pieces) if _label(piece.text)]
    if len({_label(pieces[index][0].text) for index in labels}) < _BOX_FEWEST:
        return {}, set()
    last = pieces[labels[-1]][0]
    end = labels[-1] + 1
    while end < len(pieces) and _beside(pieces[end][0], last):
        end += 1
    box = pieces[labels[0] : end]
    values = _labelled(piece.text for piece, _ in box)
    return values, {id(line) for _, line in box}


def _label_joined(line: Line) -> list[Line]:
    """The pieces of a line; a label set wide, 标　　题：, is one piece again."""
    pieces: list[Line] = []
    for piece in line.pieces or (line,):
        earlier = pieces[-1] if pieces else None
        if earlier and len(earlier.text) == 1 and _label(earlier.text + piece.text):
            pieces[-1] = replace(piece, text=earlier.text + piece.text, left=earlier.left, order=earlier.order)
        else:
            pieces.append(piece)
    return pieces


def _beside(piece: Line, label: Line) -> bool:
    return piece.left >= label.right - label.em and abs(piece.y - label.y) <= _BOX_VALUE * label.em


def _labelled(texts: Iterable[str]) -> dict[str, str]:
    """标题：甲 | 办法 | 发文机关： | 乙  ->  {"标题": "甲办法", "发文机关": "乙"}; nothing for what has no label."""
    values: dict[str, str] = {}
    name = None
    for text in texts:
        if label := _label(text):
            name, text = label, re.split(r"[：:]", text, maxsplit=1)[1]
        if name:
            values[name] = join_text(values.get(name, ""), text.strip())
    return values


def _label(text: str) -> str | None:
    if not (found := _LABEL.match(text)):
        return None
    name = re.sub(r"[\s：:]", "", found[0])
    return name if name in LABELS else None


def _paragraphs(pages: Sequence[Page], left_out: frozenset[int] | set[int]) -> Iterator[_Paragraph]:
    usual = _margins([line for page in pages for line in page.lines if id(line) not in left_out], None)
    current: _Paragraph | None = None
    before: tuple[Line, _Margins, int] | None = None
    table: _OpenTable | None = None
    for page in pages:
        items = [item for item in page.items if id(item) not in left_out]
        margins = _margins([item for item in items if isinstance(item, Line)], usual)
        for position, item in enumerate(items):
            if isinstance(item, Table):
                if current:
                    yield current
                    current = before = None
                rows = table.rest(item) if table and position == 0 else item.rows
                if not (table and position == 0 and table.is_same(item)):
                    table = _OpenTable(item)
                for row in rows:
                    yield table.add(row, page.number)
                continue
            table = None
            text = without_leader(item.text).strip()
            if not text or is_rule(text):
                continue
            is_entry = text != item.text.strip()
            if (
                current
                and before
                and not (is_entry and _MARKER.match(text))
                and _goes_on(*before, item, margins, page.number)
            ):
                joined = join_text(current.text, text)
                if page.number != before[2]:
                    current.breaks.append((len(joined) - len(text), page.number))
                current.text = joined
            else:
                if current:
                    yield current
                current = _Paragraph(text, page.number)
            # A table of contents has an entry a line, however full.
            before = None if is_entry else (item, margins, page.number)
    if current:
        yield current


def _margins(lines: Sequence[Line], usual: _Margins | None) -> _Margins:
    if not lines:
        return usual or _Margins(0, 0, 1, 1, False)
    em = median(line.em for line in lines)
    long = [line for line in lines if line.right - line.left >= _LONG * em]
    if len(long) < 5:
        return usual or _Margins(min(line.left for line in lines), max(line.right for line in lines), em, 2 * em, False)
    left = -_edge([-line.left for line in long])
    right = _edge([line.right for line in long])
    pitches = [after.y - before.y for before, after in pairwise(lines) if after.y > before.y]
    indented = sum(1 for line in long if 1.2 * em <= line.left - left <= 3 * em)
    is_indented = indented >= _INDENTED * len(long) or bool(usual and usual.indented)
    return _Margins(left, right, em, median(pitches) if pitches else 2 * em, is_indented)


def _edge(ends: Sequence[float]) -> float:
    """The outermost place at which many lines end; where none is, near the outermost: headings may reach further."""
    ordered = sorted(ends, reverse=True)
    for end in ordered:
        if sum(1 for other in ordered if abs(other - end) <= _NEAR) >= max(2, _MANY * len(ordered)):
            return end
    return ordered[len(ordered) // 12]


def _goes_on(before: Line, then: _Margins, page: int, line: Line, now: _Margins, number: int) -> bool:
    """Whether `line` continues the paragraph of the line `before`."""
    if _is_title(before, then) and _is_title(line, now):
        near = number == page and line.y - before.y <= _TITLE_GAP * line.em
        return near and abs(before.em - line.em) <= 0.08 * line.em and not _TERMINAL.search(before.text)
    if abs(before.em - line.em) > 0.15 * max(before.em, line.em) and min(len(before.text), len(line.text)) > 4:
        return False
    room = then.right - before.right
    width = _next_width(line)
    if room > width + _SLACK * line.em:
        return False
    ended = bool(_TERMINAL.search(before.text))
    if line.left - now.left >= _INDENT * now.em:
        if line.left - now.left > _DEEP * now.em:
            return False
        hanging = line.left > before.left - then.left + now.left + 0.5 * now.em or (
            abs((line.left - now.left) - (before.left - then.left)) < 0.5 * now.em
        )
        return hanging and not ended and not _MARKER.match(line.text)
    if now.indented or not ended:
        return True
    if number == page and line.y - before.y > _PARAGRAPH_GAP * now.pitch:
        return False
    return not _MARKER.match(line.text)


def _is_title(line: Line, margins: _Margins) -> bool:
    middle = (margins.left + margins.right) / 2
    centred = abs((line.left + line.right) / 2 - middle) <= 1.5 * line.em
    return centred and line.em >= _BIGGER * margins.em


def _next_width(line: Line) -> float:
    """Of what had to go to a new line together: a number, a bracket with what it opens, a character with its comma."""
    text = line.text.replace(" ", "")
    found = _TOGETHER.match(text)
    token = found[0] if found else ""
    letters = sum(0.55 if sign.isascii() else 1.0 for sign in text)
    pitch = max((line.right - line.left) / letters, line.em) if len(text) > _LONG else line.em
    return sum(0.55 if sign.isascii() else 1.0 for sign in token) * pitch


def _written(paragraphs: Sequence[_Paragraph]) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The text, and where in it each page begins."""
    parts: list[str] = []
    anchors: list[tuple[int, str]] = []
    offset = 0
    shown = 0
    for paragraph in paragraphs:
        text = paragraph.text if paragraph.is_row else mend(paragraph.text)
        for place, page in [(0, paragraph.page), *paragraph.breaks]:
            if page > shown:
                # Mending shortens the opening of a paragraph.
                anchors.append((offset + max(place - len(paragraph.text) + len(text), 0), f"page={page}"))
                shown = page
        parts.append(text)
        offset += len(text) + 1
    return "\n".join(parts), tuple(anchors)
