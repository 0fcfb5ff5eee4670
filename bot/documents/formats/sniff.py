"""
Tell a file's true format by its first bytes, whatever its name says.

b"%PDF-1.7 …", "通知.doc"  ->  "pdf"
b"\\xff\\xd8\\xff …", "通知.pdf"  ->  CorpusError("通知.pdf 是图片，…")

A page saved as .doc is common: it is read as what it is. Text has no mark of its own: there the name decides.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from bot.errors import CorpusError

Format = Literal["txt", "md", "html", "pdf", "docx", "doc"]

_HEAD = 4096  # bytes
_PDF_WITHIN = 1024  # bytes; what some mail programs put before a PDF is passed over by every reader

_OCR = "请先用文字识别（OCR）软件转成可复制文字的 PDF 或 Word 文件"
_REFUSED: Sequence[tuple[bytes, str]] = (
    (b"\xff\xd8\xff", f"是图片，{_OCR}"),
    (b"\x89PNG", f"是图片，{_OCR}"),
    (b"GIF8", f"是图片，{_OCR}"),
    (b"BM", f"是图片，{_OCR}"),
    (b"II*\0", f"是图片，{_OCR}"),
    (b"MM\0*", f"是图片，{_OCR}"),
    (b"Rar!", "是压缩包，请解压后把里面的文件放入"),
    (b"7z\xbc\xaf", "是压缩包，请解压后把里面的文件放入"),
    (b"\x1f\x8b", "是压缩包，请解压后把里面的文件放入"),
    (b"{\\rtf", "是 RTF 文件，请用 Word 或 WPS 打开后另存为 .docx 再放入"),
    (b"MIME-Version:", "是单个文件网页（MHT），请用浏览器打开后另存为“仅 HTML”的网页再放入"),
    (b"MZ", "是程序，不是文件，请核实来源"),
)
# By what a package holds: OFD is the layout format of Chinese offices.
_PACKAGES: Sequence[tuple[str, str]] = (
    ("xl/", "是 Excel 表格，请把要用的内容另存为 Word 或文本文件再放入"),
    ("ppt/", "是 PowerPoint 演示文稿，请把要用的内容另存为 Word 或文本文件再放入"),
    ("OFD.xml", "是 OFD 版式文件，请用 OFD 阅读器另存为 PDF 再放入"),
    ("content.xml", "是 OpenDocument 文件，请用 Word 或 WPS 打开后另存为 .docx 再放入"),
)
_SUFFIXES: dict[str, Format] = {
    ".txt": "txt",
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".doc": "doc",
    ".wps": "doc",
}
SUFFIXES = tuple(_SUFFIXES)
_TEXT = frozenset(("txt", "md", "html"))
_HTML = re.compile(rb"^(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S)
_WORD_XML = re.compile(
    rb"^\s*<\?xml.{0,400}?(?:Word\.Document|wordprocessingml|schemas\.microsoft\.com/office/word)", re.S
)
_BYTE_ORDER = b"\xef\xbb\xbf"


def sniff(raw: bytes, path: Path) -> Format:
    """
    The format in which `raw` is to be read; `path` is used for its suffix and its name.

    Raises CorpusError for what is none that can be read, and says what it is and what to do.
    """
    head = raw[:_HEAD].removeprefix(_BYTE_ORDER)
    if b"%PDF-" in raw[:_PDF_WITHIN]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(raw, path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc"
    if said := next((said for mark, said in _REFUSED if head.startswith(mark) and _is_binary(mark, head)), None):
        raise CorpusError(f"{path} {said}。")
    if _WORD_XML.match(head):
        raise CorpusError(f"{path} 是 Word XML 文件，请用 Word 或 WPS 打开后另存为 .docx 再放入。")
    if _HTML.match(head):
        return "html"
    named = _SUFFIXES.get(path.suffix.lower())
    if named is None:
        raise CorpusError(f"{path} 的格式暂不支持，请另存为 {' 或 '.join(SUFFIXES)} 文件。")
    if named in _TEXT or not raw.strip():
        return named
    if head[:1] and b"\0" not in head:
        raise CorpusError(
            f"{path} 的内容不是 {path.suffix} 文件，请重新下载；如果里面本来就是文本，请把扩展名改为 .txt。"
        )
    raise CorpusError(f"{path} 已损坏或不完整，不能作为 {path.suffix} 文件打开，请重新下载后重试。")


def _is_binary(mark: bytes, head: bytes) -> bool:
    """“BM” and “MZ” may also begin a text: those files have zero bytes."""
    return len(mark) > 2 or b"\0" in head


def _package(raw: bytes, path: Path) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        if path.suffix.lower() in (".docx", ".doc"):
            return "docx"  # whose reader says what is wrong
        raise CorpusError(f"{path} 是压缩包而且已损坏，请重新下载后重试。") from None
    if any(name.startswith("word/") for name in names):
        return "docx"
    said = next((said for start, said in _PACKAGES if any(name.startswith(start) for name in names)), None)
    if said is None and path.suffix.lower() == ".docx":
        return "docx"
    raise CorpusError(f"{path} {said or '是压缩包，请解压后把里面的文件放入'}。")
