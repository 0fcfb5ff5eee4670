"""
Read a corpus folder's manifest: who issued what, when, and whether it is in force.

[[document]]                        ->  {"action-plan.txt": ManifestEntry(title="青岛市…行动方案…", state="现行", …)}
file = "action-plan.txt"
title = "青岛市…行动方案…"

The manifest is TOML so that a clerk can edit it; `corpus/README.md` explains each field.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from bot.errors import ManifestError
from bot.types import DocumentKind, DocumentState

MANIFEST = "manifest.toml"
LEVELS = ("法律", "行政法规", "部门规章", "地方性法规", "政府规章", "规范性文件", "解读")
_CHOICES = {"state": get_args(DocumentState), "kind": get_args(DocumentKind), "level": LEVELS}
_TABLE = re.compile(r"\s*\[\[\s*document\s*\]\]")


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One document's identity. What is None is taken from the text itself."""

    file: str
    title: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    level: str | None = None
    primary: bool | None = None
    place: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    state: DocumentState | None = None
    kind: DocumentKind | None = None
    url: str | None = None
    note: str | None = None


_DATES = frozenset(field.name for field in fields(ManifestEntry) if field.name.endswith("_on"))
_SWITCHES = frozenset({"primary"})
_FIELDS = tuple(field.name for field in fields(ManifestEntry))


def read_manifest(path: Path) -> Mapping[str, ManifestEntry]:
    """
    The entries of the manifest at `path`, by file name relative to its folder.

    Raises ManifestError, naming file and line, for broken TOML, an unknown field, state, kind or level, a value that
    is no date, a file that is not there, and two entries for one document.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"清单 {path} 读不出来，请确认它是 UTF-8 文本文件。") from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, error) from error
    return _Reader(path, text.splitlines()).entries(tables)


def _syntax_error(path: Path, text: str, error: tomllib.TOMLDecodeError) -> ManifestError:
    found = re.search(r"at line (\d+)", str(error))
    line = int(found[1]) if found else len(text.splitlines())
    return ManifestError(f"清单 {path} 第 {line} 行不合格式，请检查引号、等号和日期（如 2025-04-14）的写法。")


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    lines: list[str]

    def entries(self, tables: Mapping[str, Any]) -> Mapping[str, ManifestEntry]:
        if unknown := [name for name in tables if name != "document"]:
            raise self._error(self._find(unknown[0]), f"有不认识的“{unknown[0]}”，每份文件应以 [[document]] 开头")
        rows = tables.get("document", [])
        starts = [number for number, line in enumerate(self.lines) if _TABLE.match(line)]
        if not isinstance(rows, list) or len(rows) != len(starts):
            raise self._error(self._find("document"), "每份文件应以单独一行 [[document]] 开头")
        found: dict[str, ManifestEntry] = {}
        stems: dict[str, str] = {}
        for start, row in zip(starts, rows, strict=True):
            entry = self._entry(start, row)
            stem = Path(entry.file).stem
            if stem in stems:
                fault = f"“{entry.file}”与“{stems[stem]}”编号相同（{stem}），请改名或删去一条"
                raise self._error(self._find("file", start), fault)
            stems[stem] = entry.file
            found[entry.file] = entry
        return found

    def _entry(self, start: int, row: Mapping[str, Any]) -> ManifestEntry:
        for name, value in row.items():
            if fault := _fault(name, value):
                raise self._error(self._find(name, start), fault)
        if "file" not in row:
            raise self._error(start, "这一条没有写 file（文件名）")
        if not (self.path.parent / row["file"]).is_file():
            fault = f"所写的文件“{row['file']}”不在文件夹里，请补上文件或删去这一条"
            raise self._error(self._find("file", start), fault)
        return ManifestEntry(**row)

    def _find(self, name: str, start: int = 0) -> int:
        """The line, from 0, that sets `name` in the table at or after line `start`."""
        key = re.compile(rf"\s*(?:\[\[?)?\s*[\"']?{re.escape(name)}\b")
        return next((number for number in range(start, len(self.lines)) if key.match(self.lines[number])), start)

    def _error(self, line: int, fault: str) -> ManifestError:
        return ManifestError(f"清单 {self.path} 第 {line + 1} 行：{fault}。")


def field_of(written: str) -> tuple[str, Any]:
    """“level=规范性文件” -> ("level", "规范性文件"). Raises ManifestError for what the manifest could not hold."""
    name, equals, value = written.partition("=")
    name, known = name.strip(), _parsed(name.strip(), value.strip())
    fault = _fault(name, known) if equals else f"“{written}”应写成 字段=值，如 level=规范性文件"
    if fault or name == "file":
        raise ManifestError(f"{fault or 'file 就是文件名，不能另设'}。")
    return name, known


def _parsed(name: str, value: str) -> object:
    try:
        return date.fromisoformat(value) if name in _DATES else {"true": True, "false": False}.get(value, value)
    except ValueError:
        return value


def _fault(name: str, value: object) -> str | None:
    """What is wrong with one field, or None."""
    if name not in _FIELDS:
        return f"没有“{name}”这个字段，可用的字段是 {'、'.join(_FIELDS)}"
    if name in _DATES:
        is_date = isinstance(value, date) and not isinstance(value, datetime)
        return None if is_date else f"{name} 的值 {value!r} 不是日期，请写成 2025-04-14 这样，不加引号"
    if name in _SWITCHES:
        return None if isinstance(value, bool) else f"{name} 的值 {value!r} 应是 true 或 false，不加引号"
    if not isinstance(value, str) or not value.strip():
        return f"{name} 的值 {value!r} 应是引号里的文字"
    if name in _CHOICES and value not in _CHOICES[name]:
        return f"{name} 的值“{value}”不在可选范围内，可选：{'、'.join(_CHOICES[name])}"
    return None
