"""
Plain text and Markdown: bytes -> Extract.

"## 第一章　总则\\n> **第一条**　为了…" in GBK  ->  Extract("第一章　总则\\n第一条　为了…")
"""

import codecs
import re
from pathlib import Path

from bot.documents.formats.extract import Extract
from bot.errors import CorpusError

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


def read_text(raw: bytes, path: Path) -> Extract:
    """
    The content exactly, line ends \\n. UTF-8, UTF-16 with a BOM, and GB18030 are read.

    Raises CorpusError for what is no text.
    """
    return Extract(decode(raw, path))


def read_markdown(raw: bytes, path: Path) -> Extract:
    """What a reader of the Markdown sees: quotes read as published."""
    return Extract(strip_markdown(decode(raw, path)))


def strip_markdown(text: str) -> str:
    """“## 第一章　总则” -> “第一章　总则”, “**第一条**　为了…” -> “第一条　为了…”, “[全文](地址)” -> “全文”."""
    for pattern, replacement in _MARKDOWN:
        text = pattern.sub(replacement, text)
    return text


def decode(raw: bytes, path: Path) -> str:
    """The text of a file of unknown encoding. Raises CorpusError, which names `path`, for what is no text."""
    with_bom = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if with_bom else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and len(_CONTROL.findall(text)) <= _CONTROL_MOST * len(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise CorpusError(f"{path} 不是文本文件，请换成 UTF-8 或 GBK 编码的文件。")
