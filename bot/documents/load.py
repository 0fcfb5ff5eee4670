"""
Load a file of the corpus as a Document.

corpus/action-plan.txt  ->  Document(id="action-plan", title="青岛市加快培育发展未来产业行动方案（2025—2027年）", …)

The text of a .txt file is its content exactly; of Markdown, what a reader sees: quotes read as published.
"""

import codecs
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.documents.describe import describe
from bot.documents.manifest import ManifestEntry
from bot.errors import CorpusError
from bot.types import Document

SUFFIXES = (".txt", ".md")

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_MOST = 0.01  # share of control characters above which a file is no text

_MARKDOWN = (
    (re.compile(r"<!--.*?-->\n?", re.S), ""),
    (re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.M), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.M), r"\1"),
    (re.compile(r"^[ \t]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$\n?", re.M), ""),
    (re.compile(r"!?\[([^\]\n]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![0-9A-Za-z*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![0-9A-Za-z*])"), r"\1"),
    (re.compile(r"(?<!`)`([^`\n]+)`(?!`)"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])"), r"\1"),
)


def load(path: Path, entry: ManifestEntry | None = None) -> Document:
    """
    Read one file; `entry` (from the manifest) overrules what the text says of itself.

    UTF-8, UTF-16 with a BOM, and GB18030 are read; line ends become \\n. Raises CorpusError for a format not in
    `SUFFIXES`, a file that is not text, and one with nothing in it.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(f"{path} 的格式暂不支持，请另存为 {' 或 '.join(SUFFIXES)} 文件。")
    text = _read_text(path)
    if suffix == ".md":
        text = strip_markdown(text)
    if not text.strip():
        raise CorpusError(f"{path} 是空文件，请放入正文或删去它。")
    known: dict[str, Any] = dict(describe(text))
    if entry:
        known |= {name: value for name, value in asdict(entry).items() if value is not None and name != "file"}
    return Document(id=path.stem, text=text, **known)


def strip_markdown(text: str) -> str:
    """“## 第一章　总则” -> “第一章　总则”, “**第一条**　为了…” -> “第一条　为了…”, “[全文](地址)” -> “全文”."""
    for pattern, replacement in _MARKDOWN:
        text = pattern.sub(replacement, text)
    return text


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} 打不开（{error.strerror}），请检查文件是否存在、能否读取。") from error
    with_bom = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if with_bom else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and len(_CONTROL.findall(text)) <= _CONTROL_MOST * len(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise CorpusError(f"{path} 不是文本文件，请换成 UTF-8 或 GBK 编码的 {' 或 '.join(SUFFIXES)} 文件。")
