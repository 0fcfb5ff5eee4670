"""
DOCX: bytes -> Extract.

<w:p>numbered 一、 by Word: 总体要求</w:p><w:tbl>…</w:tbl>  ->  Extract("一、总体要求\n序号 | 事项\n1 | …")

The paper as it is shown: numerals that Word counts, changes accepted, hidden text left out, a table's row a line, a
footnote after its paragraph. Page headers and footers are other parts of the file and are not read. Sizes are checked
before anything is unpacked; nothing that the file refers to is opened.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.documents.formats.extract import Extract
from bot.documents.formats.lines import is_rule, without_leader
from bot.documents.formats.list_numbers import Level, ListCounter, gap_after, note_mark
from bot.documents.formats.mend import mend
from bot.documents.formats.table import fill_spans, row_line
from bot.errors import CorpusError

MOST_UNPACKED = 256 * 1024 * 1024  # bytes of all parts together
MOST_XML = 64 * 1024 * 1024  # bytes of one part that is read
MOST_RATIO = 200  # times that a part of some size may grow when unpacked
_SMALL = 4 * 1024 * 1024  # bytes below which no ratio is suspicious
_MOST_PARTS = 10_000
_MOST_STYLES = 50  # styles based on one another

_MAIN = "/officeDocument"  # how the type of a relationship to the main part ends
_SKIPPED = frozenset(("del", "moveFrom", "instrText", "delText", "rt", "Fallback", "pPr", "tblPr", "trPr", "tcPr"))


def read_docx(raw: bytes, path: Path) -> Extract:
    """Raises CorpusError, which names `path`, for a file that is damaged, no Word file, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            _check_sizes(package, path)
            main = _main_part(package, path)
            parts = _related(package, main)
            reader = _Reader(
                numbering=_numbering(_optional(package, parts.get("numbering"))),
                styles=_styles(_optional(package, parts.get("styles"))),
                notes={kind: _notes(_optional(package, parts.get(f"{kind}s"))) for kind in ("footnote", "endnote")},
            )
            lines = reader.lines(_xml(package, main))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        SyntaxError,
        NotImplementedError,
        KeyError,
        RecursionError,
    ) as error:
        raise CorpusError(f"{path} 已损坏或不完整，不能作为 Word 文件打开，请重新下载后重试。") from error
    except RuntimeError as error:  # what zipfile raises for a locked member
        raise CorpusError(f"{path} 加了密码，打不开，请换成没有密码的文件后重试。") from error
    return Extract("\n".join(lines))


def _check_sizes(package: zipfile.ZipFile, path: Path) -> None:
    members = package.infolist()
    unpacked = sum(member.file_size for member in members)
    grown = [
        member
        for member in members
        if member.file_size > _SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1)
    ]
    # A reader stops at the size that the file itself declares, so the declared sizes are what counts.
    if unpacked > MOST_UNPACKED or grown or len(members) > _MOST_PARTS:
        raise CorpusError(
            f"{path} 解压后过大（上限 {MOST_UNPACKED // 1024 // 1024} MB），可能是恶意文件，没有打开，请核实来源。"
        )


def _main_part(package: zipfile.ZipFile, path: Path) -> str:
    names = set(package.namelist())
    main = "word/document.xml"
    if "_rels/.rels" in names:
        for relation in _xml(package, "_rels/.rels"):
            if relation.get("Type", "").endswith(_MAIN):
                main = posixpath.normpath(relation.get("Target", "")).lstrip("/")
    if main not in names or not main.endswith(".xml"):
        raise CorpusError(f"{path} 里没有 Word 正文，请用 Word 或 WPS 打开后另存为 .docx 再放入。")
    return main


def _related(package: zipfile.ZipFile, main: str) -> dict[str, str]:
    """The parts that the main part refers to by kind: numbering, styles, footnotes; those in the file alone."""
    folder, name = posixpath.split(main)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in package.namelist():
        return {}
    found = {}
    for relation in _xml(package, relations):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            found[relation.get("Type", "").rsplit("/", 1)[-1]] = target
    return found


def _xml(package: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    if package.getinfo(name).file_size > MOST_XML:
        raise ValueError(name)
    # No entity is replaced, nothing is fetched, depth and size stay within libxml2's own limits.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(package.read(name), parser)


def _optional(package: zipfile.ZipFile, name: str | None) -> Any:
    return _xml(package, name) if name and name in package.namelist() else None


def _tag(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _value(element: Any, name: str = "val") -> str | None:
    """An attribute, whatever namespace the file's dialect has for it."""
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), None)


def _child(element: Any, *names: str) -> Any:
    """The element at the end of a path of tags; None where there is none."""
    for name in names:
        element = next((child for child in element if _tag(child) == name), None)
        if element is None:
            return None
    return element


def _number(element: Any, default: int) -> int:
    value = _value(element) if element is not None else None
    return int(value) if value is not None else default


def _is_on(element: Any) -> bool:
    return element is not None and _value(element) not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Lists:
    """Counters by list number; those that restart: by list number, level and first number."""

    counters: Mapping[str, ListCounter] = field(default_factory=dict)
    restarts: Mapping[tuple[str, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    list_id: str | None
    level: int | None
    hidden: bool


def _numbering(root: Any) -> _Lists:
    if root is None:
        return _Lists()
    abstract: dict[str, ListCounter] = {}
    linked: dict[str, str] = {}
    styled: dict[str, str] = {}
    for element in root:
        if _tag(element) == "abstractNum":
            identity = _value(element, "abstractNumId") or ""
            levels = {int(_value(child, "ilvl") or 0): _level(child) for child in element if _tag(child) == "lvl"}
            abstract[identity] = ListCounter(levels)
            if (style := _child(element, "numStyleLink")) is not None:
                linked[identity] = _value(style) or ""
            if (style := _child(element, "styleLink")) is not None:
                styled[_value(style) or ""] = identity
    counters: dict[str, ListCounter] = {}
    restarts: dict[tuple[str, int], int] = {}
    for element in root:
        if _tag(element) != "num":
            continue
        list_id = _value(element, "numId") or ""
        identity = _value(_child(element, "abstractNumId")) or ""
        counter = abstract.get(styled.get(linked.get(identity, ""), identity))
        if counter is None:
            continue
        overrides = {int(_value(child, "ilvl") or 0): child for child in element if _tag(child) == "lvlOverride"}
        own = {level: _level(lvl) for level, child in overrides.items() if (lvl := _child(child, "lvl")) is not None}
        if own:
            counter = ListCounter({**counter.levels, **own})
        counters[list_id] = counter
        for level, child in overrides.items():
            if (start := _child(child, "startOverride")) is not None:
                restarts[list_id, level] = _number(start, 1)
    return _Lists(counters, restarts)


def _level(element: Any) -> Level:
    pattern = _child(element, "lvlText")
    text = (_value(pattern) if pattern is not None else None) or ""
    suffix = _child(element, "suff")
    kind = _child(element, "numFmt")
    restart = _child(element, "lvlRestart")
    return Level(
        text,
        (_value(kind) if kind is not None else None) or "decimal",
        _number(_child(element, "start"), 1),
        gap_after(text, (_value(suffix) if suffix is not None else None) or "tab"),
        _is_on(_child(element, "isLgl")),
        restart is None or _number(restart, 1) != 0,
    )


def _styles(root: Any) -> dict[str, _Style]:
    found: dict[str, _Style] = {}
    for element in root if root is not None else ():
        if _tag(element) == "style":
            based = _child(element, "basedOn")
            list_id = _child(element, "pPr", "numPr", "numId")
            level = _child(element, "pPr", "numPr", "ilvl")
            found[_value(element, "styleId") or ""] = _Style(
                _value(based) if based is not None else None,
                _value(list_id) if list_id is not None else None,
                _number(level, 0) if level is not None else None,
                _is_on(_child(element, "rPr", "vanish")),
            )
    return found


def _notes(root: Any) -> dict[str, Any]:
    """Footnotes by number; the separators that Word keeps among them are none."""
    return {
        _value(note, "id") or "": note
        for note in (root if root is not None else ())
        if _tag(note) in ("footnote", "endnote") and _value(note, "type") in (None, "normal")
    }


class _Reader:
    """Walks the main part once, in the order of the paper."""

    def __init__(self, numbering: _Lists, styles: Mapping[str, _Style], notes: Mapping[str, Mapping[str, Any]]) -> None:
        self._lists = numbering
        self._styles = styles
        self._notes = notes
        self._restarted: set[tuple[str, int]] = set()
        self._fields: list[str] = []  # the fields that are open: "code", "result" or "page"
        self._codes: list[str] = []
        self._noted: list[Any] = []  # notes of the paragraph that is being read
        self._note_count = 0

    def lines(self, root: Any) -> list[str]:
        body = _child(root, "body")
        return [
            mend(line)
            for line in self._blocks(body if body is not None else root)
            if line.strip() and not is_rule(line)
        ]

    def _blocks(self, parent: Any) -> Iterator[str]:
        for element in parent:
            tag = _tag(element)
            if tag == "p":
                yield from self._paragraph(element)
            elif tag == "tbl":
                yield from self._table(element)
            elif tag not in _SKIPPED and tag not in ("sectPr", "sdtPr", "sdtEndPr"):
                yield from self._blocks(element)  # sdt, ins, customXml, AlternateContent

    def _paragraph(self, element: Any) -> Iterator[str]:
        boxes: list[Any] = []
        text = "".join(self._runs(element, boxes))
        numeral = self._numeral(element) if text.strip() else ""
        text = without_leader(text)
        # A line break within a paragraph is one of the page, except where it parts whole lines.
        first, *rest = text.split("\n")
        yield numeral + first.strip(" \t")
        yield from (line.strip(" \t") for line in rest)
        noted, self._noted = self._noted, []
        for number, note in noted:
            yield note_mark(number) + " ".join(line.strip() for line in self._blocks(note) if line.strip())
        for box in boxes:
            yield from self._blocks(box)

    def _runs(self, parent: Any, boxes: list[Any]) -> Iterator[str]:
        for element in parent:
            tag = _tag(element)
            if tag in _SKIPPED:
                if tag == "instrText" and self._fields and self._fields[-1] == "code":
                    self._codes[-1] += element.text or ""
                continue
            if tag == "r" and self._is_hidden(element):
                continue
            if tag == "fldChar":
                self._field(_value(element, "fldCharType"))
            elif tag == "txbxContent":
                boxes.append(element)
            elif self._fields and ("code" in self._fields or "page" in self._fields):
                if tag in ("r", "hyperlink", "ins", "sdt", "sdtContent", "smartTag"):
                    yield from self._runs(element, boxes)
            elif tag == "t":
                yield element.text or ""
            elif tag in ("tab", "ptab"):
                yield "\t"
            elif tag in ("br", "cr"):
                yield "\n" if _value(element, "type") in (None, "textWrapping") else ""
            elif tag == "noBreakHyphen":
                yield "-"
            elif tag == "sym":
                yield _symbol(_value(element, "char") or "")
            elif tag in ("footnoteReference", "endnoteReference"):
                note = self._notes[tag.removesuffix("Reference")].get(_value(element, "id") or "")
                if note is not None:
                    self._note_count += 1
                    self._noted.append((self._note_count, note))
                    yield note_mark(self._note_count)
            else:
                yield from self._runs(element, boxes)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append("code")
            self._codes.append("")
        elif kind == "separate" and self._fields:
            # The page number of a table of contents belongs to the printed page.
            self._fields[-1] = "page" if re.match(r"\s*(?:PAGEREF|PAGE)\b", self._codes[-1]) else "result"
        elif kind == "end" and self._fields:
            self._fields.pop()
            self._codes.pop()

    def _is_hidden(self, run: Any) -> bool:
        properties = _child(run, "rPr")
        if properties is None:
            return False
        vanish = _child(properties, "vanish")
        if vanish is not None:
            return _is_on(vanish)
        style = _child(properties, "rStyle")
        known = self._styles.get(_value(style) or "") if style is not None else None
        return known is not None and known.hidden

    def _table(self, element: Any) -> Iterator[str]:
        rows = [row for row in _inside(element, "tr") if _child(row, "trPr", "del") is None]
        cells = [list(_inside(row, "tc")) for row in rows]
        if max(map(len, cells), default=0) <= 1:  # a frame around text
            for row in cells:
                for cell in row:
                    yield from self._blocks(cell)
            return
        above: dict[int, str] = {}
        for row in cells:
            texts: dict[int, str | None] = {}
            column = 0
            for cell in row:
                merged = _child(cell, "tcPr", "vMerge")
                text = " ".join(line.strip() for line in self._blocks(cell) if line.strip())
                texts[column] = None if merged is not None and _value(merged) != "restart" else text
                column += _number(_child(cell, "tcPr", "gridSpan"), 1)
            above = fill_spans(texts, above)
            yield row_line(list(above.values()))

    def _numeral(self, paragraph: Any) -> str:
        list_id, level = self._list_of(paragraph)
        counter = self._lists.counters.get(list_id or "")
        if counter is None or list_id is None:
            return ""
        key = (list_id, level)
        if key in self._lists.restarts and key not in self._restarted:
            self._restarted.add(key)
            counter.restart(level, self._lists.restarts[key])
        return counter.next(level)

    def _list_of(self, paragraph: Any) -> tuple[str | None, int]:
        properties = _child(paragraph, "pPr")
        list_id = level = None
        style = None
        if properties is not None:
            number = _child(properties, "numPr")
            if number is not None:
                identity, depth = _child(number, "numId"), _child(number, "ilvl")
                list_id = _value(identity) if identity is not None else None
                level = _number(depth, 0) if depth is not None else None
            named = _child(properties, "pStyle")
            style = _value(named) if named is not None else None
        for _ in range(_MOST_STYLES):
            known = self._styles.get(style or "")
            if known is None:
                break
            list_id = known.list_id if list_id is None else list_id
            level = known.level if level is None else level
            style = known.based_on
        return (None, 0) if list_id in (None, "0") else (list_id, level or 0)


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also within content controls; not those of a table within."""
    for element in parent:
        if _tag(element) == tag:
            yield element
        elif _tag(element) in ("sdt", "sdtContent", "customXml", "ins", "smartTag"):
            yield from _inside(element, tag)


def _symbol(code: str) -> str:
    """A character of a symbol font; boxes and ticks that forms use, nothing for the rest."""
    boxes = {"00A8": "□", "006F": "□", "0052": "☑", "00FE": "☑", "00FC": "✓", "00A3": "□", "0053": "☒", "00FD": "☒"}
    return boxes.get(f"{int(code or '0', 16) & 0xFF:04X}", "")
