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
from bot.documents.formats.doc import read_doc
from bot.documents.formats.docx import read_docx
from bot.documents.formats.extract import Extract
from bot.documents.formats.pdf import read_pdf
from bot.documents.formats.plain import read_markdown, read_text
from bot.documents.formats.sniff import SUFFIXES, Format, sniff
from bot.documents.manifest import ManifestEntry
from bot.errors import CorpusError
from bot.types import Document

__all__ = ("MOST_BYTES", "READERS", "SUFFIXES", "load")

MOST_BYTES = 100 * 1024 * 1024  # of a file; checked before it is read

_VERSION = re.compile(r"[（(](\d{4}-\d\d-\d\d)[）)]$")


def _read_html(raw: bytes, path: Path) -> Extract:
    from bot.documents.formats.html import read_html

    return read_html(raw, path)


# By true format. A reader imports the library it needs when it reads.
READERS: Mapping[Format, Callable[[bytes, Path], Extract]] = {
    "txt": read_text,
    "md": read_markdown,
    "html": _read_html,
    "pdf": read_pdf,
    "docx": read_docx,
    "doc": read_doc,
}


def load(path: Path, entry: ManifestEntry | None = None) -> Document:
    """
    Read one file; `entry` (from the manifest) overrules what the file says of itself.

    Raises CorpusError for a format that cannot be read, a file that is damaged, locked or too large, one with nothing
    in it, and a digest with a line that names no article.
    """
    raw = _bytes_of(path)
    if not raw.strip():
        raise CorpusError(f"{path} 是空文件，请放入正文或删去它。")
    extract = READERS[sniff(raw, path)](raw, path)
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
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise CorpusError(
                f"{path} 有 {size // 1024**2} MB，超过 {MOST_BYTES // 1024**2} MB 的上限，请压缩图片或拆成几份后重试。"
            )
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} 打不开（{error.strerror}），请检查文件是否存在、能否读取。") from error
