import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.formats.plain import strip_markdown
from bot.documents.load import load
from bot.documents.manifest import ManifestEntry
from bot.errors import CorpusError
from tests.documents.formats.papers import column, pdf

TEXT = "种树办法\n第一条　种树。\n第二条　浇水。\n"


@pytest.mark.parametrize(
    "raw", [TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("gb18030"), TEXT.encode("utf-16")]
)
def test_encodings_read_alike(tmp_path: Path, raw: bytes):
    (tmp_path / "a.txt").write_bytes(raw)
    assert load(tmp_path / "a.txt").text == TEXT


def test_line_ends_become_newlines(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes("甲\r\n乙\r丙".encode())
    assert load(tmp_path / "a.txt").text == "甲\n乙\n丙"


def test_markdown_reads_as_published(tmp_path: Path):
    (tmp_path / "a.md").write_text(
        "# 种树办法\n\n> 见[全文](http://a.cn)。\n\n**第一条**　种*树*。\n", encoding="utf-8"
    )
    assert load(tmp_path / "a.md").text == "种树办法\n\n见全文。\n\n第一条　种树。\n"


@given(st.text(alphabet="一、（一）1.第条。，\n　种树5*6“”", max_size=60).filter(lambda text: text.count("*") < 2))
def test_text_without_markup_stays_as_it_is(text: str):
    assert strip_markdown(text) == text


def test_the_manifest_overrules_the_text(tmp_path: Path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    entry = ManifestEntry("a.txt", title="正式标题", issued_on=date(2024, 5, 6), state="废止")
    document = load(tmp_path / "a.txt", entry)
    assert (document.id, document.title, document.issued_on, document.state) == (
        "a",
        "正式标题",
        date(2024, 5, 6),
        "废止",
    )


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.csv", "街道,棵数".encode(), "格式暂不支持"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "是图片"),
        ("a.txt", b"\x00\x01\x02", "不是文本文件"),
        ("a.pdf", b"", "空文件"),
        ("a.docx", b"%PDF-1.7", "已损坏或不完整"),
        ("a.txt", b"\xff\xff\xff\xff", "不是文本文件"),
        ("a.txt", b"", "空文件"),
        ("a.md", b"\n \n", "空文件"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path, name: str, raw: bytes, said: str):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(CorpusError, match=said) as caught:
        load(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value) and str(caught.value).count("。") == 1


def test_a_missing_file_is_said(tmp_path: Path):
    with pytest.raises(CorpusError, match="打不开"):
        load(tmp_path / "没有.txt")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path):
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(CorpusError, match=r"有 200 MB，超过 100 MB 的上限"):
        load(tmp_path / "a.pdf")


def test_a_page_saved_as_a_word_file_is_read_as_a_page(tmp_path: Path):
    body = "<h1>种树办法</h1>" + "<p>第一条　每年春天种树，一人三棵，由街道验收。</p>" * 3
    (tmp_path / "a.doc").write_text(f"<html><body><div id=zoom>{body}</div></body></html>", encoding="gb18030")
    assert "第一条　每年春天种树" in load(tmp_path / "a.doc").text


def test_the_anchors_of_a_printed_paper_say_its_pages(tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(pdf(column("种树办法"), column("第一条　种树。")))
    document = load(tmp_path / "a.pdf")
    assert (document.text, document.anchors) == ("种树办法\n第一条　种树。", ((0, "page=1"), (5, "page=2")))


def test_readers_are_imported_when_they_read():
    code = "import sys, bot.documents.load; print({'lxml', 'olefile', 'pypdfium2'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
