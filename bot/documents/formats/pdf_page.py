"""
Read one page of a PDF: where its characters stand -> lines and ruled tables, in reading order.

"第" at (101, 273), "一" at (114, 273) …  ->  Line("第一条　为了实施…", left=101.8, right=522.6, y=273.2, em=12.4, …)

Lengths are points, y grows downwards. A gap between characters is a space only where it is wider than the line's
others: justified and letter-spaced lines have gaps that say nothing.
"""

from __future__ import annotations

import ctypes
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from bot.documents.formats.ruling import Edge, Grid, find_grids

_SAME_LINE = 0.4  # em between baselines of one line; a raised footnote mark is within it
_WORD_GAP = 0.15  # em, between Latin words
_GAP = 0.4  # em, between other characters
_WIDE_GAP = 0.8  # em, written as a full-width space
_COLUMN_GAP = 1.5  # em, which divides a line into pieces
_OVERPRINT = 0.3  # em; the same character this near is bold print
_STEP = 8  # places in the file between neighbours on a line: spaces, and characters printed twice
_LAST = 4  # characters before one among which its double is looked for
_UPRIGHT = 0.1  # radians
_MOST_PATHS = 20_000  # path segments a page; a drawing has more, a table does not
_MIDDLE = 0.35  # em from the baseline up to the middle of a character
_LAYOUT_CELLS = 6
_LAYOUT_TEXT = 400  # characters of a cell
_QUARTER = 1.5708  # radians

# 第三条 为了: however narrow, the gap tells it from 第三条所称.
_DIVISIONS = "编章节条"
_NUMERAL = re.compile(r"第[一二三四五六七八九十百千零〇]{1,7}[编章节条]")
_IGNORED = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff]")
_SPACE = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


class Glyph(NamedTuple):
    text: str
    left: float
    right: float
    y: float  # of the baseline
    order: int  # in the file


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one baseline; a wide gap may stand between its pieces."""

    text: str
    left: float
    right: float
    y: float
    em: float  # width of a Chinese character
    order: int  # of its first character in the file
    pieces: tuple[Line, ...] = ()  # what wide gaps divide, where they do


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, an empty string for a place that the cell before reaches into."""

    rows: tuple[tuple[str, ...], ...]
    left: float
    right: float
    y: float  # of its upper edge
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """`items` in reading order; `has_image` where the page has a picture that might hold text."""

    number: int
    width: float
    height: float
    items: tuple[Line | Table, ...]
    has_image: bool

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(item for item in self.items if isinstance(item, Line))


def read_page(page: Any, number: int) -> Page:
    """`page` is a pypdfium2 PdfPage; `number` counts from 1."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        glyphs, turned = _glyphs(text_page, page)
    finally:
        text_page.close()
    edges: list[Edge] = []
    has_image = False
    count = 0
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE), max_depth=3):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            has_image = True
        elif count <= _MOST_PATHS and not turned:
            segments = pdfium.FPDFPath_CountSegments(item)
            count += segments
            if segments <= _MOST_PATHS:
                edges += _edges(item, segments, page.get_bbox()[3])
    grids = find_grids(edges) if count <= _MOST_PATHS else []
    return Page(number, width, height, tuple(_items(glyphs, grids)), has_image)


def _glyphs(text_page: Any, page: Any) -> tuple[list[Glyph], bool]:
    """The characters, upright; whether the page had to be turned for that. Slanted ones (watermarks) are left out."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    found: list[tuple[str, int, float, float, float, float]] = []
    turns: Counter[int] = Counter()
    # UTF-16 where a character is beyond the first plane: its halves come one after the other.
    half = ""
    for index in range(text_page.count_chars()):
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        text = half + chr(pdfium.FPDFText_GetUnicode(text_page, index))
        half = ""
        if "\ud800" <= text <= "\udbff":
            half = text
            continue
        if len(text) > 1 or "\udc00" <= text <= "\udfff":
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if _IGNORED.match(text):
            continue
        angle = pdfium.FPDFText_GetCharAngle(text_page, index)
        turn = round(angle / _QUARTER)
        if abs(angle - turn * _QUARTER) > _UPRIGHT:
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, index, box)
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        turns[turn % 4] += 1
        found.append(
            (text, turn % 4, box.left, box.right, x.value, y.value)
            if turn % 2 == 0
            else (text, turn % 4, box.bottom, box.top, x.value, y.value)
        )
    upright = turns.most_common(1)[0][0] if turns else 0
    corners = page.get_bbox()
    glyphs = [
        Glyph(text, *_upright(upright, corners, low, high, x, y), order)
        for order, (text, turn, low, high, x, y) in enumerate(found)
        if turn == upright
    ]
    return glyphs, upright != 0


def _upright(
    turn: int, corners: tuple[float, float, float, float], low: float, high: float, x: float, y: float
) -> tuple[float, float, float]:
    """Left, right and baseline of a character on a page turned by so many quarters."""
    left, bottom, right, top = corners
    if turn == 0:
        return low - left, high - left, top - y
    if turn == 1:
        return low - bottom, high - bottom, x - left
    if turn == 2:
        return right - high, right - low, y - bottom
    return top - high, top - low, right - x


def _edges(path: Any, segments: int, top: float) -> Iterator[Edge]:
    """The upright and level strokes of a path, also the sides of filled boxes: many a table is drawn with those."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value and not stroke.value:
        return
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        across, up = matrix.on_point(x.value, y.value)
        point = (across, top - up)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield Edge(*last, *point)
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield Edge(*last, *start)


def _items(glyphs: Sequence[Glyph], grids: Sequence[Grid]) -> list[Line | Table]:
    em = _em(glyphs)
    loose: list[Glyph] = []
    inside: list[dict[tuple[int, int], list[Glyph]]] = [{} for _ in grids]
    for glyph in glyphs:
        middle = (glyph.left + glyph.right) / 2
        for grid, cells in zip(grids, inside, strict=True):
            # The baseline is the lowest part of a character; its middle is above.
            if place := grid.place(middle, glyph.y - _MIDDLE * em):
                cells.setdefault(place, []).append(glyph)
                break
        else:
            loose.append(glyph)
    tables: list[Table] = []
    for grid, cells in zip(grids, inside, strict=True):
        texts = {place: _cell(content) for place, content in cells.items()}
        if _is_layout([text for text in texts.values() if text]):
            loose += (glyph for content in cells.values() for glyph in content)
            continue
        rows = (tuple(_row(grid, row, texts)) for row in range(grid.rows))
        tables.append(Table(tuple(row for row in rows if any(row)), grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]))
    items: list[Line | Table] = list(_in_columns(list(make_lines(loose))))
    for table in tables:
        _insert(items, table)
    return items


def _row(grid: Grid, row: int, texts: Mapping[tuple[int, int], str]) -> Iterator[str]:
    """Each cell once, that from rows above too."""
    roots = grid.roots[row]
    for column, root in enumerate(roots):
        yield texts.get(root, "") if column == 0 or root != roots[column - 1] else ""


def _is_layout(texts: Sequence[str]) -> bool:
    """Whether the strokes only frame parts of a page: one of few cells has most of the text."""
    if len(texts) < 2:
        return True
    longest = max(map(len, texts))
    return len(texts) < _LAYOUT_CELLS and longest > _LAYOUT_TEXT and longest > 0.6 * sum(map(len, texts))


def _insert(items: list[Line | Table], table: Table) -> None:
    place = next((index for index, item in enumerate(items) if item.y > table.y), len(items))
    items.insert(place, table)


def _cell(glyphs: Sequence[Glyph]) -> str:
    text = ""
    for line in make_lines(glyphs):
        text = join_text(text, line.text.strip())
    return text


def join_text(earlier: str, later: str) -> str:
    """Two lines of one paragraph; between Latin words the line break was a space."""
    latin = bool(re.search(r"[A-Za-z,.;]$", earlier) and re.match(r"[A-Za-z]", later))
    return f"{earlier} {later}" if latin else earlier + later


def make_lines(glyphs: Sequence[Glyph]) -> Iterator[Line]:
    """From top to bottom."""
    if not glyphs:
        return
    em = _em(glyphs)
    row: list[Glyph] = []
    top = 0.0
    for glyph in sorted((glyph for glyph in glyphs if not _SPACE.match(glyph.text)), key=lambda glyph: glyph.y):
        if row and glyph.y - top > _SAME_LINE * em:
            yield _line(row)
            row = []
        if not row:
            top = glyph.y
        row.append(glyph)
    if row:
        yield _line(row)


def _line(row: Sequence[Glyph]) -> Line:
    em = _em(row)
    glyphs = _once(sorted(row, key=lambda glyph: (glyph.left, glyph.order)), em)
    gaps = [after.left - before.right for before, after in itertools.pairwise(glyphs)]
    chinese = [
        gap
        for gap, (before, after) in zip(gaps, itertools.pairwise(glyphs), strict=True)
        if _CJK.match(before.text) and _CJK.match(after.text)
    ]
    usual = max(median(chinese), 0.0) if len(chinese) > 2 else 0.0
    divided = [
        index
        for index, gap in enumerate(gaps, 1)
        # A label and the middle line of its value meet on the page, but not in the file.
        if gap - usual >= _COLUMN_GAP * em or not 0 <= glyphs[index].order - glyphs[index - 1].order <= _STEP
    ]
    starts = [0, *divided, len(glyphs)]
    pieces = []
    for start, end in itertools.pairwise(starts):
        piece = glyphs[start:end]
        text = _text(piece, gaps[start : end - 1], usual, em)
        first = min(glyph.order for glyph in piece)
        pieces.append(Line(text, piece[0].left, piece[-1].right, _baseline(piece), em, first))
    if len(pieces) == 1:
        return pieces[0]
    text = _text(glyphs, gaps, usual, em)
    first = min(piece.order for piece in pieces)
    return Line(text, glyphs[0].left, glyphs[-1].right, _baseline(glyphs), em, first, tuple(pieces))


def _baseline(glyphs: Sequence[Glyph]) -> float:
    return median(glyph.y for glyph in glyphs)


def _once(glyphs: Iterable[Glyph], em: float) -> list[Glyph]:
    """Without what is printed a second time on the same spot."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        near = [other for other in kept[-_LAST:] if glyph.left - other.left < _OVERPRINT * em]
        if not any(other.text == glyph.text and _overlap(other, glyph) for other in near):
            kept.append(glyph)
    return kept


def _overlap(one: Glyph, other: Glyph) -> bool:
    """Whether they share most of their width: “ll” stands side by side."""
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.6 * min(one.right - one.left, other.right - other.left)


def _text(glyphs: Sequence[Glyph], gaps: Sequence[float], usual: float, em: float) -> str:
    parts = [glyphs[0].text]
    for gap, before, after in zip(gaps, glyphs, glyphs[1:], strict=False):
        extra = (gap - usual) / em
        if before.text.isascii() and after.text.isascii():
            parts.append(" " if gap / em >= _WORD_GAP else "")
        elif extra >= _WIDE_GAP:
            parts.append("　" * min(round(extra), 2))
        elif extra >= _GAP:
            parts.append(" ")
        elif extra >= _WORD_GAP and before.text in _DIVISIONS and _NUMERAL.fullmatch("".join(parts)):
            parts.append("　")
        parts.append(after.text)
    return "".join(parts)


def _em(glyphs: Sequence[Glyph]) -> float:
    """Width of a Chinese character; twice that of a Latin one where there are no Chinese."""
    chinese = [glyph.right - glyph.left for glyph in glyphs if _CJK.match(glyph.text)]
    if chinese:
        return max(median(chinese), 1.0)
    return max(2 * median(glyph.right - glyph.left for glyph in glyphs), 1.0) if glyphs else 1.0


def _in_columns(lines: list[Line]) -> Iterator[Line]:
    """The lines in reading order: where a page is set in two columns, the left one before the right one."""
    middle = _column_gap(lines)
    if middle is None:
        yield from lines
        return
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        pieces = line.pieces or (line,)
        if any(piece.left < middle < piece.right for piece in pieces):
            yield from itertools.chain(left, right)
            left, right = [], []
            yield line
            continue
        for piece in pieces:
            (left if piece.right <= middle else right).append(piece)
    yield from itertools.chain(left, right)


def _column_gap(lines: Sequence[Line]) -> float | None:
    """Where the gap between two columns is: few lines cross it, and most have a long piece on either side."""
    both = [line for line in lines if len(line.pieces) == 2]
    if len(both) < max(8, 0.5 * len(lines)):
        return None
    ordered = [line.pieces for line in both]
    low = median(pair[0].right for pair in ordered)
    high = median(pair[1].left for pair in ordered)
    lengths = [median(pair[side].right - pair[side].left for pair in ordered) for side in (0, 1)]
    if high <= low or max(lengths) > 1.3 * min(lengths) or min(lengths) < 12 * lines[0].em:
        return None
    middle = (low + high) / 2
    clear = sum(1 for pair in ordered if pair[0].right <= middle <= pair[1].left)
    return middle if clear >= 0.8 * len(ordered) else None
