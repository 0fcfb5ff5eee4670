"""
DOC, the binary format of Word 97 to 2003 and of WPS: bytes -> Extract.

b"\\xd0\\xcf\\x11\\xe0…"  ->  Extract("一、总体要求\n序号 | 事项\n1 | …")

What is read, by the sections of [MS-DOC]: the text by the piece table (2.4.1, 2.9.38), the properties of paragraphs
and characters by their pages (2.4.6.1, 2.4.6.2, 2.9.41 ff.), styles (2.9.271), lists (2.9.131, 2.9.147, 2.9.150).
The container is opened by olefile. Page headers, comments and macros are other parts of the file and are not read.
"""

from __future__ import annotations

import io
import re
import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bot.documents.formats.extract import Extract
from bot.documents.formats.lines import is_rule, without_leader
from bot.documents.formats.list_numbers import Level, ListCounter, gap_after, note_mark
from bot.documents.formats.mend import mend
from bot.documents.formats.table import fill_spans, row_line
from bot.errors import CorpusError

_WORD = 0xA5EC
_WORD_97 = 0x00C1
_ENCRYPTED = 0x0100
_TABLE_1 = 0x0200
_PAGE = 512
_MOST_STYLES = 50  # styles based on one another

# Places of (offset, length) in FibRgFcLcb97, 2.5.6.
_STSHF, _FOOTNOTES, _CHPX, _PAPX, _CLX, _ENDNOTES, _LISTS, _OVERRIDES = 1, 2, 12, 13, 33, 46, 73, 74

# Property modifiers, 2.6.1 and 2.6.2.
_SPRM_LIST, _SPRM_LEVEL = 0x460B, 0x260A
_SPRM_IN_TABLE, _SPRM_ROW_END, _SPRM_DEPTH = 0x2416, 0x2417, 0x6649
_SPRM_INNER_CELL, _SPRM_INNER_ROW_END = 0x244B, 0x244C
_SPRM_DELETED, _SPRM_HIDDEN = 0x0800, 0x083C
_SPRM_TABLE, _SPRM_TABS = 0xD608, 0xC615
_NO_LIST = 0xF801
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}

_FORMATS: Mapping[int, str] = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital",
    11: "japaneseCounting", 14: "decimalFullWidth", 16: "japaneseLegal", 18: "decimalEnclosedCircle",
    22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional",
    31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified",
    39: "chineseCountingThousand", 255: "none",
}  # fmt: skip
_FOLLOWS = ("tab", "space", "nothing")

_PARAGRAPH, _CELL, _SECTION, _LINE_BREAK = "\r", "\x07", "\x0c", "\x0b"
_FIELD, _RESULT, _FIELD_END, _NOTE = "\x13", "\x14", "\x15", "\x02"
_PLAIN = {"\x1e": "-", "\x1f": "", "\xa0": " ", "\t": "\t"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class _Piece(NamedTuple):
    """Characters from `start` to `end` and where the file has them."""

    start: int
    end: int
    offset: int
    width: int  # bytes a character


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    end: str  # the mark that ends it
    style: int
    properties: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Properties of stretches of the file, by byte offset."""

    starts: Sequence[int]
    ends: Sequence[int]
    styles: Sequence[int]
    properties: Sequence[Mapping[int, int]]

    def at(self, offset: int) -> tuple[int, Mapping[int, int]]:
        index = bisect_right(self.starts, offset) - 1
        if index >= 0 and offset < self.ends[index]:
            return self.styles[index], self.properties[index]
        return 0, {}


def read_doc(raw: bytes, path: Path) -> Extract:
    """Raises CorpusError, which names `path`, for a file that is damaged, locked, too old or no Word file."""
    try:
        main, table = _streams(raw, path)
        lines = _Reader(main, table).lines()
    except (struct.error, IndexError, OSError, ValueError, UnicodeDecodeError, OverflowError) as error:
        raise CorpusError(f"{path} 已损坏或不完整，不能作为 Word 文件打开，请重新下载后重试。") from error
    return Extract("\n".join(lines))


def _streams(raw: bytes, path: Path) -> tuple[bytes, bytes]:
    import olefile

    with olefile.OleFileIO(io.BytesIO(raw)) as container:
        if container.exists("EncryptedPackage"):
            raise CorpusError(f"{path} 加了密码，打不开，请换成没有密码的文件后重试。")
        if not container.exists("WordDocument"):
            raise CorpusError(f"{path} 不是 Word 文件（可能是 Excel 或 PowerPoint），请换成 Word 或 PDF 文件。")
        main = container.openstream("WordDocument").read()
        magic, version = struct.unpack_from("<HH", main, 0)
        flags = struct.unpack_from("<H", main, 0x0A)[0]
        if flags & _ENCRYPTED:
            raise CorpusError(f"{path} 加了密码，打不开，请换成没有密码的文件后重试。")
        if magic != _WORD or version < _WORD_97:
            raise CorpusError(f"{path} 是 Word 95 以前的格式，请用 Word 或 WPS 打开后另存为 .docx 再放入。")
        return main, container.openstream("1Table" if flags & _TABLE_1 else "0Table").read()


class _Reader:
    """The paper in the order of its characters; notes come after the paragraph that has their mark."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self._main = main
        self._table = table
        counts = struct.unpack_from("<3i", main, 0x4C)
        self._text_length, self._note_length, self._header_length = counts
        self._comment_length, self._end_note_length, self._box_length = struct.unpack_from("<3i", main, 0x5C)
        self._pieces = list(self._read_pieces())
        self._paragraph_runs = self._runs(_PAPX, 13, is_paragraph=True)
        self._character_runs = self._runs(_CHPX, 1, is_paragraph=False)
        self._styles = self._read_styles()
        self._lists = self._read_lists()
        self._restarted: set[tuple[int, int]] = set()

    def lines(self) -> list[str]:
        start = self._text_length
        footnotes = list(self._notes(start, start + self._note_length))
        start += self._note_length + self._header_length + self._comment_length
        end_notes = list(self._notes(start, start + self._end_note_length))
        start += self._end_note_length
        marks = [(place, note) for places, notes in (
            (self._positions(_FOOTNOTES), footnotes), (self._positions(_ENDNOTES), end_notes)
        ) for place, note in zip(places, notes, strict=False)]  # fmt: skip
        notes = dict(sorted(marks))
        found = list(self._written(0, self._text_length, notes))
        found += self._written(start, start + self._box_length, {})
        return [mend(line) for line in found if line.strip() and not is_rule(line)]

    def _part(self, index: int) -> bytes:
        offset, length = struct.unpack_from("<II", self._main, 0x9A + 8 * index)
        return self._table[offset : offset + length]

    def _positions(self, index: int) -> list[int]:
        """Places of the marks that refer to notes: a PLC of 2 bytes each."""
        part = self._part(index)
        count = (len(part) - 4) // 6
        return list(struct.unpack_from(f"<{count}I", part, 0)) if count > 0 else []

    def _notes(self, start: int, end: int) -> Iterator[str]:
        if end > start:
            text = "\n".join(self._written(start, end, {}, keep_marks=True))
            yield from (" ".join(note.split("\n")).strip() for note in text.split(_NOTE)[1:])

    def _read_pieces(self) -> Iterator[_Piece]:
        clx = self._part(_CLX)
        position = 0
        while clx[position] == 1:  # properties of a quick save
            position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
        if clx[position] != 2:
            raise ValueError("no piece table")
        length = struct.unpack_from("<I", clx, position + 1)[0]
        count = (length - 4) // 12
        starts = struct.unpack_from(f"<{count + 1}I", clx, position + 5)
        for index in range(count):
            place = struct.unpack_from("<I", clx, position + 5 + 4 * (count + 1) + 8 * index + 2)[0]
            offset, width = (place & 0x3FFFFFFF, 2) if not place & 0x40000000 else ((place & 0x3FFFFFFF) // 2, 1)
            if starts[index + 1] < starts[index] or offset > len(self._main):
                raise ValueError("piece outside the file")
            yield _Piece(starts[index], starts[index + 1], offset, width)

    def _characters(self, start: int, end: int) -> Iterator[tuple[int, str, int]]:
        """Place, character and byte offset."""
        for piece in self._pieces:
            first, last = max(piece.start, start), min(piece.end, end)
            if first >= last:
                continue
            offset = piece.offset + (first - piece.start) * piece.width
            raw = self._main[offset : offset + (last - first) * piece.width]
            if len(raw) < (last - first) * piece.width:
                raise ValueError("text outside the file")
            text = raw.decode("cp1252", "replace") if piece.width == 1 else ""
            for index in range(last - first):
                unit = text[index] if text else chr(raw[2 * index] | raw[2 * index + 1] << 8)
                yield first + index, unit, offset + index * piece.width

    def _runs(self, index: int, entry: int, *, is_paragraph: bool) -> _Runs:
        part = self._part(index)
        count = max((len(part) - 4) // 8, 0)
        found: list[tuple[int, int, int, Mapping[int, int]]] = []
        for number in struct.unpack_from(f"<{count}I", part, 4 * (count + 1)) if count else ():
            base = (number & 0x3FFFFF) * _PAGE
            page = self._main[base : base + _PAGE]
            if len(page) < _PAGE:
                continue
            runs = page[_PAGE - 1]
            bounds = struct.unpack_from(f"<{runs + 1}I", page, 0)
            for run in range(runs):
                place = page[4 * (runs + 1) + entry * run] * 2
                style, properties = (_papx if is_paragraph else _chpx)(page, place) if place else (0, {})
                found.append((bounds[run], bounds[run + 1], style, properties))
        found.sort(key=lambda run: run[:2])
        starts, ends, styles, properties_of = zip(*found, strict=True) if found else ((), (), (), ())
        return _Runs(starts, ends, styles, properties_of)

    def _read_styles(self) -> list[tuple[int, Mapping[int, int]]]:
        """For each style the one it is based on, and its paragraph properties."""
        part = self._part(_STSHF)
        if len(part) < 6:
            return []
        size, count, base = struct.unpack_from("<HHH", part, 0)
        position = 2 + size
        styles: list[tuple[int, Mapping[int, int]]] = []
        for _ in range(count):
            if position + 2 > len(part):
                break
            length = struct.unpack_from("<H", part, position)[0]
            styles.append(_style(part[position + 2 : position + 2 + length], base))
            position += 2 + length + length % 2
        return styles

    def _read_lists(self) -> dict[int, tuple[ListCounter, Mapping[int, int]]]:
        """By number of the list: its counter, and at which numbers its levels begin anew."""
        offset, length = struct.unpack_from("<II", self._main, 0x9A + 8 * _LISTS)
        if not length:
            return {}
        count = struct.unpack_from("<H", self._table, offset)[0]
        position = offset + length  # the levels follow the lists, uncounted
        counters: dict[int, ListCounter] = {}
        for index in range(count):
            base = offset + 2 + 28 * index
            identity = struct.unpack_from("<i", self._table, base)[0]
            levels: dict[int, Level] = {}
            for level in range(1 if self._table[base + 26] & 1 else 9):
                levels[level], position = self._level(position)
            counters[identity] = ListCounter(levels)
        return self._overrides(counters)

    def _overrides(self, counters: Mapping[int, ListCounter]) -> dict[int, tuple[ListCounter, Mapping[int, int]]]:
        offset, length = struct.unpack_from("<II", self._main, 0x9A + 8 * _OVERRIDES)
        found: dict[int, tuple[ListCounter, Mapping[int, int]]] = {}
        if not length:
            return found
        count = struct.unpack_from("<I", self._table, offset)[0]
        position = offset + 4 + 16 * count
        for index in range(count):
            base = offset + 4 + 16 * index
            counter = counters.get(struct.unpack_from("<i", self._table, base)[0])
            restarts: dict[int, int] = {}
            own: dict[int, Level] = {}
            position += 4
            for _ in range(self._table[base + 12]):
                start, flags = struct.unpack_from("<iI", self._table, position)
                position += 8
                if flags & 0x20:
                    own[flags & 0xF], position = self._level(position)
                elif flags & 0x10:
                    restarts[flags & 0xF] = start
            if counter:
                counter = ListCounter({**counter.levels, **own}) if own else counter
                found[index + 1] = (counter, restarts)
        return found

    def _level(self, position: int) -> tuple[Level, int]:
        table = self._table
        start, kind, flags = struct.unpack_from("<iBB", table, position)
        follows = table[position + 15]
        characters, paragraphs = table[position + 24], table[position + 25]
        position += 28 + characters + paragraphs
        length = struct.unpack_from("<H", table, position)[0]
        raw = table[position + 2 : position + 2 + 2 * length].decode("utf-16-le", "replace")
        pattern = "".join(f"%{ord(sign) + 1}" if ord(sign) < 9 else sign for sign in raw)
        level = Level(
            pattern,
            _FORMATS.get(kind, "decimal"),
            start,
            gap_after(pattern, _FOLLOWS[follows] if follows < len(_FOLLOWS) else "tab"),
            bool(flags & 0x04),
            not flags & 0x08,
        )
        return level, position + 2 + 2 * length

    def _paragraphs(
        self, start: int, end: int, notes: Mapping[int, str], noted: list[str], *, keep_marks: bool
    ) -> Iterator[_Paragraph]:
        """Paragraphs as shown; the notes that their marks refer to are added to `noted`."""
        units: list[str] = []
        fields: list[str] = []  # open fields: the code so far, or None once the result has begun
        results: list[bool] = []  # whether that result is shown
        run_end, shown = -1, True
        number = 0
        for place, unit, offset in self._characters(start, end):
            if unit in (_PARAGRAPH, _CELL, _SECTION):
                style, properties = self._paragraph_runs.at(offset)
                yield _Paragraph(_joined(units), unit, style, properties)
                units = []
                continue
            if unit == _FIELD:
                fields.append("")
                results.append(False)
            elif unit == _RESULT and fields:
                results[-1] = not re.match(r"\s*PAGE(?:REF)?\b", fields[-1])
            elif unit == _FIELD_END and fields:
                fields.pop()
                results.pop()
            elif fields and not results[-1]:
                fields[-1] += unit
            elif not all(results):
                continue
            elif unit == _NOTE:
                if keep_marks:
                    units.append(unit)
                elif place in notes:
                    number += 1
                    noted.append(note_mark(number) + notes[place])
                    units.append(note_mark(number))
            else:
                if not offset < run_end:
                    properties = self._character_runs.at(offset)[1]
                    run_end = self._run_end(offset)
                    shown = not (properties.get(_SPRM_DELETED) == 1 or properties.get(_SPRM_HIDDEN) == 1)
                if shown:
                    units.append(_PLAIN.get(unit, unit))
        if units:
            yield _Paragraph(_joined(units), _PARAGRAPH, 0, {})

    def _run_end(self, offset: int) -> int:
        index = bisect_right(self._character_runs.starts, offset) - 1
        end = self._character_runs.ends[index] if index >= 0 else 0
        # Runs of one piece may lie before or after those of another in the file.
        return end if offset < end else offset + 1

    def _written(self, start: int, end: int, notes: Mapping[int, str], *, keep_marks: bool = False) -> Iterator[str]:
        row: list[str] = []
        above: dict[int, str] = {}
        cell: list[str] = []
        noted: list[str] = []
        for paragraph in self._paragraphs(start, end, notes, noted, keep_marks=keep_marks):
            is_inside = paragraph.properties.get(_SPRM_IN_TABLE) == 1 or bool(paragraph.properties.get(_SPRM_DEPTH))
            text = self._numbered(paragraph)
            if paragraph.end == _CELL and paragraph.properties.get(_SPRM_ROW_END) == 1:
                continued = paragraph.properties.get(_SPRM_TABLE, 0)
                shown = {place: None if continued >> place & 1 else text for place, text in enumerate(row)}
                above = fill_spans(shown, above)
                yield from _row_lines(list(above.values()))
                row, cell = [], []
            elif paragraph.end == _CELL:
                cell.append(text)
                row.append("\n".join(line for line in cell if line.strip()))
                cell = []
            elif is_inside:
                cell.append(text)
            else:
                yield from text.split("\n")
            if not is_inside or (paragraph.end == _CELL and not row):
                yield from noted
                noted.clear()
        yield from _row_lines([*row, "\n".join(cell)])
        yield from noted

    def _numbered(self, paragraph: _Paragraph) -> str:
        text = without_leader(paragraph.text).strip(" \t")
        if not text or not self._lists:
            return text
        identity, level = paragraph.properties.get(_SPRM_LIST), paragraph.properties.get(_SPRM_LEVEL)
        style = paragraph.style
        for _ in range(_MOST_STYLES):
            if style >= len(self._styles):
                break
            style, properties = self._styles[style]
            identity = properties.get(_SPRM_LIST) if identity is None else identity
            level = properties.get(_SPRM_LEVEL) if level is None else level
        if not identity or identity == _NO_LIST or identity not in self._lists:
            return text
        counter, restarts = self._lists[identity]
        key = (identity, level or 0)
        if key[1] in restarts and key not in self._restarted:
            self._restarted.add(key)
            counter.restart(key[1], restarts[key[1]])
        return counter.next(key[1]) + text


def _row_lines(cells: Sequence[str]) -> Iterator[str]:
    """A line for a row; one of a single cell is a frame around text, and keeps its lines."""
    if len(cells) == 1:
        yield from cells[0].split("\n")
    elif cells:
        yield row_line(cells)


def _joined(units: Sequence[str]) -> str:
    """UTF-16 units as text; a line break in a paragraph stays one."""
    text = "".join(units).replace(_LINE_BREAK, "\n")
    text = _CONTROL.sub(lambda sign: sign[0] if sign[0] == _NOTE else "", text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _papx(page: bytes, place: int) -> tuple[int, Mapping[int, int]]:
    """PapxInFkp, 2.9.176: the style and the properties of a paragraph."""
    size = page[place]
    start, end = (place + 2, place + 2 + 2 * page[place + 1]) if size == 0 else (place + 1, place + 2 * size)
    if start + 2 > len(page):
        return 0, {}
    return struct.unpack_from("<H", page, start)[0], _modifiers(page[start + 2 : end])


def _chpx(page: bytes, place: int) -> tuple[int, Mapping[int, int]]:
    return 0, _modifiers(page[place + 1 : place + 1 + page[place]])


def _style(entry: bytes, base: int) -> tuple[int, Mapping[int, int]]:
    """STD, 2.9.260: the style that a paragraph style is based on, and its paragraph properties."""
    nothing = 0xFFF
    if len(entry) < base + 2:
        return nothing, {}
    kinds = struct.unpack_from("<H", entry, 2)[0]
    if kinds & 0xF != 1:
        return nothing, {}
    name = struct.unpack_from("<H", entry, base)[0]
    position = base + 2 + 2 * name + 2
    if position + 4 > len(entry):
        return kinds >> 4, {}
    size = struct.unpack_from("<H", entry, position)[0]
    return kinds >> 4, _modifiers(entry[position + 4 : position + 2 + size])


def _continued(definition: bytes) -> int:
    """TDefTableOperand, 2.9.321: a bit for each cell of a row into which the cell above reaches (TC80, vertMerge)."""
    if not definition:
        return 0
    cells = definition[0]
    flags = 0
    for cell in range(cells):
        place = 1 + 2 * (cells + 1) + 20 * cell
        if place + 2 <= len(definition) and struct.unpack_from("<H", definition, place)[0] >> 5 & 3 == 1:
            flags |= 1 << cell
    return flags


def _modifiers(raw: bytes) -> Mapping[int, int]:
    """Property modifiers (2.2.5.1) with their operands as numbers; those of variable length are passed over."""
    found: dict[int, int] = {}
    position = 0
    while position + 3 <= len(raw):
        modifier = struct.unpack_from("<H", raw, position)[0]
        position += 2
        size = _OPERANDS.get(modifier >> 13)
        if size is None:
            if modifier == _SPRM_TABLE:
                size = 1 + struct.unpack_from("<H", raw, position)[0] if position + 2 <= len(raw) else len(raw)
                found[modifier] = _continued(raw[position + 2 : position + size])
            elif modifier == _SPRM_TABS and raw[position] == 255:
                break
            else:
                size = 1 + raw[position]
        else:
            found[modifier] = int.from_bytes(raw[position : position + size], "little")
        position += size
    return found
