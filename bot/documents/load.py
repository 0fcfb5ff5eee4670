"""
Load a file of the corpus as a Document.

corpus/action-plan.txt  ->  Document(id="action-plan", title="青岛市加快培育发展未来产业行动方案（2025—2027年）", …)

What the text says of itself is overruled by the version in the file's name, that by what the file says outside its
body, and that by the manifest.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.documents.dates import find_date
from bot.documents.describe import describe
from bot.documents.digest import read_facts
from bot.documents.formats.extract import Extract
from bot.documents.formats.html import read_html
from bot.documents.formats.plain import read_markdown, read_text
from bot.documents.manifest import ManifestEntry
from bot.errors import CorpusError
from bot.types import Document

READERS: Mapping[str, Callable[[bytes, Path], Extract]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".shtml": read_html,
}
SUFFIXES = tuple(READERS)
_VERSION = re.compile(r"[（(](\d{4}-\d\d-\d\d)[）)]$")


def load(path: Path, entry: ManifestEntry | None = None) -> Document:
    """
    Read one file; `entry` (from the manifest) overrules what the file says of itself.

    Raises CorpusError for a format not in `SUFFIXES`, a file that is not what its name says, one with nothing in it,
    and a digest with a line that names no article.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise CorpusError(f"{path} 的格式暂不支持，请另存为 {' 或 '.join(SUFFIXES)} 文件。")
    extract = reader(_bytes_of(path), path)
    if not extract.text.strip():
        raise CorpusError(f"{path} 是空文件，请放入正文或删去它。")
    known: dict[str, Any] = _named(path) | dict(extract.fields)
    if entry:
        known |= {name: value for name, value in asdict(entry).items() if value is not None and name != "file"}
    known |= describe(extract.text, known)
    document = Document(id=path.stem, text=extract.text, anchors=extract.anchors, **known)
    if document.kind == "digest":
        read_facts(document.text, str(path))  # here, where an error can name the file
    return document


def _named(path: Path) -> dict[str, date]:
    """专利法(2020-10-17).md -> {"issued_on": date(2020, 10, 17)}: the version that the file's name gives."""
    found = _VERSION.search(path.stem)
    day = find_date(found[1]) if found else None
    return {"issued_on": day} if day else {}


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} 打不开（{error.strerror}），请检查文件是否存在、能否读取。") from error
