"""
Write an element of a page as lines of text: a paragraph a line, a row of a table a line.

<p>一、 种树</p><table><tr><td>树种<td>棵数</tr><tr><td>杨树<td>3</tr></table>
    ->  Lines(("一、 种树", "树种 | 棵数", "杨树 | 3"), anchors=())

The words stay as published. A cell that spans rows is written in each of them, so that a row can be read alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

CELL = " | "

_BLOCKS = frozenset(
    tag
    for tags in (
        ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        ("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        ("li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
        ("ul",),
    )
    for tag in tags
)
_CELLS = frozenset(("td", "th"))
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…"
# A line break in the source is a space between words of English and nothing between characters.
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n]\s*(?=[{_WIDE}])")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_TEXT_OF_TABLE = 0.7  # share of a table's text from which on a cell of several paragraphs is the text itself
_PARAGRAPHS = 3
_SPAN_MOST = 1000  # rows; HTML's own limit is 65534, which a single broken page may ask for


@dataclass(frozen=True, slots=True)
class Lines:
    """`anchors` are positions in `lines` and the ids that stand there."""

    lines: tuple[str, ...]
    anchors: tuple[tuple[int, str], ...]


def write_lines(elements: Iterable[HtmlElement]) -> Lines:
    """The visible lines of `elements` in order; none is empty."""
    writer = _Writer()
    for element in elements:
        writer.write(element)
    return Lines(tuple(writer.lines), tuple(writer.anchors))


@dataclass(slots=True)
class _Table:
    """Rows of a table while they are read; `spans` holds, by column, a cell that reaches down and how far."""

    rows: list[list[str]] = field(default_factory=list)
    spans: dict[int, tuple[str, int]] = field(default_factory=dict)

    def open_row(self) -> None:
        self.rows.append([])
        self._fill()

    def add(self, text: str, cell: HtmlElement) -> None:
        if not self.rows:
            self.open_row()
        column, width, height = len(self.rows[-1]), _span(cell, "colspan"), _span(cell, "rowspan")
        for offset in range(width):
            shown = text if offset == 0 else ""
            self.rows[-1].append(shown)
            if height > 1:
                self.spans[column + offset] = (shown, height - 1)
        self._fill()

    def close_row(self) -> None:
        """Columns to the right of the last cell may still be spanned from above."""
        while self.spans and len(self.rows[-1]) < max(self.spans) + 1:
            self.rows[-1].append("")
            self._fill()

    def _fill(self) -> None:
        row = self.rows[-1]
        while len(row) in self.spans:
            column = len(row)
            text, left = self.spans.pop(column)
            row.append(text)
            if left > 1:
                self.spans[column] = (text, left - 1)

    def lines(self) -> Iterator[str]:
        for row in self.rows:
            if shown := [cell for cell in row if cell]:
                yield CELL.join(shown)


class _Writer:
    """Walks an element once; open tables are stacked, each with the lines of its open cell."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.anchors: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._ids: list[str] = []
        self._tables: list[_Table] = []
        self._cells: list[list[str]] = []

    def write(self, top: HtmlElement) -> None:
        layout = {table for table in top.iter("table") if _is_layout(table)}
        inside = {node: _table_of(node) not in layout for node in top.iter("tr", "td", "th")}
        for event, node in etree.iterwalk(top, events=("start", "end")):
            if not isinstance(node.tag, str):
                if event == "end" and node is not top:
                    self._add(node.tail)
                continue
            in_table = inside.get(node, node.tag == "table" and node not in layout)
            if event == "start":
                self._start(node, in_table)
            else:
                self._end(node, in_table)
                if node is not top:
                    self._add(node.tail)
        self._break()

    def _start(self, node: HtmlElement, in_table: bool) -> None:
        if node.tag in _BLOCKS or node.tag == "br":
            self._break()
        if name := node.get("id") or (node.get("name") if node.tag == "a" else None):
            self._ids.append(name)
        if in_table and node.tag == "table":
            self._tables.append(_Table())
        elif in_table and node.tag == "tr" and self._tables:
            self._tables[-1].open_row()
        elif in_table and node.tag in _CELLS and self._tables:
            self._cells.append([])
        self._add(node.text, verbatim=node.tag == "pre")

    def _end(self, node: HtmlElement, in_table: bool) -> None:
        if node.tag in _BLOCKS:
            self._break()
        if not in_table or not self._tables:
            return
        if node.tag in _CELLS:
            self._tables[-1].add(_join(self._cells.pop()), node)
        elif node.tag == "tr":
            self._tables[-1].close_row()
        elif node.tag == "table":
            for line in self._tables.pop().lines():
                self._put(line)

    def _add(self, text: str | None, verbatim: bool = False) -> None:
        for number, line in enumerate((text or "").splitlines() if verbatim else [text or ""]):
            if number:
                self._break()
            self._line.append(line)

    def _break(self) -> None:
        line = _tidy("".join(self._line))
        self._line.clear()
        if line:
            self._put(line)

    def _put(self, line: str) -> None:
        if self._cells:
            self._cells[-1].append(line)
            return
        self.anchors += [(len(self.lines), name) for name in self._ids]
        self._ids.clear()
        self.lines.append(line)


def _join(lines: list[str]) -> str:
    """The lines of a cell; one that is set character below character reads as a word."""
    return ("" if all(len(line) == 1 for line in lines) else " ").join(lines)


def _tidy(text: str) -> str:
    joined = _SOURCE_BREAK.sub("", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", joined).strip(" \u3000")


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table only places things: it holds another, or a whole text, or no row with two cells of text."""
    if any(inner is not table for inner in table.iter("table")):
        return True
    most = _TEXT_OF_TABLE * len(table.text_content())
    cells = [[cell for cell in row if cell.tag in _CELLS and cell.text_content().strip()] for row in table.iter("tr")]
    holds_text = any(
        len(cell.text_content()) > most and len(list(cell.iter("p", "div", "br"))) >= _PARAGRAPHS
        for row in cells
        for cell in row
    )
    return holds_text or not any(len(row) > 1 for row in cells)


def _table_of(node: HtmlElement) -> HtmlElement | None:
    return next(node.iterancestors("table"), None)


def _span(cell: HtmlElement, name: str) -> int:
    digits = re.match(r"\s*(\d{1,4})", cell.get(name, ""))
    return min(max(int(digits[1]), 1), _SPAN_MOST) if digits else 1
