import io
import zipfile
from pathlib import Path

import docx
import pytest

from bot.documents.formats.sniff import sniff
from bot.errors import CorpusError
from tests.documents.formats.papers import STREET_DOC, column, pdf, saved


def package(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def numbered(value: object) -> str:
    """Never the bytes: a package holds the time it was made at, and each process must see the same names of tests."""
    return "raw" if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize(
    ("name", "raw", "true"),
    [
        ("通知.docx", pdf(column("种树。")), "pdf"),
        ("通知.txt", b"\n\n%PDF-1.4 ", "pdf"),
        ("通知.doc", saved(docx.Document()), "docx"),
        ("通知.docx", STREET_DOC.read_bytes(), "doc"),
        ("通知.wps", STREET_DOC.read_bytes(), "doc"),
        ("通知.doc", b"\xef\xbb\xbf \n<!DOCTYPE html><html>", "html"),
        ("通知.pdf", b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', "html"),
        ("通知.txt", b"<HTML><body>", "html"),
        ("通知.md", b"<!-- \xe6\xb3\xa8 -->\n# \xe6\xa0\x91", "md"),
        ("通知.txt", "BM 是区号".encode(), "txt"),
        ("通知.TXT", "种树。".encode("gb18030"), "txt"),
    ],
    ids=numbered,
)
def test_a_file_is_what_its_content_says(name: str, raw: bytes, true: str):
    assert sniff(raw, Path(name)) == true


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.pdf", b"\xff\xd8\xff\xe0", "是图片"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "是图片"),
        ("a.docx", package("xl/workbook.xml"), "是 Excel 表格"),
        ("a.xlsx", package("xl/workbook.xml"), "是 Excel 表格"),
        ("a.pptx", package("ppt/presentation.xml"), "是 PowerPoint"),
        ("a.ofd", package("OFD.xml", "Doc_0/Document.xml"), "是 OFD 版式文件"),
        ("a.zip", package("通知.txt"), "是压缩包，请解压"),
        ("a.zip", package("通知.txt")[:40], "已损坏"),
        ("a.doc", b"{\\rtf1\\ansi", "是 RTF 文件"),
        ("a.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "是单个文件网页"),
        ("a.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "是 Word XML 文件"),
        ("a.rar", b"Rar!\x1a\x07", "是压缩包"),
        ("a.exe", b"MZ\x90\0", "是程序"),
        ("a.csv", "街道,棵数".encode(), "格式暂不支持"),
        ("a.pdf", "未找到".encode(), "内容不是 .pdf 文件"),
        ("a.pdf", b"\0\1\2", "已损坏或不完整"),
    ],
    ids=numbered,
)
def test_what_is_not_read_is_named_with_the_next_step(name: str, raw: bytes, said: str):
    with pytest.raises(CorpusError, match=rf"^{name} .*{said}") as caught:
        sniff(raw, Path(name))
    assert str(caught.value).count("。") == 1 and "请" in str(caught.value)
