from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.formats.plain import strip_markdown
from bot.documents.load import load
from bot.documents.manifest import ManifestEntry
from bot.errors import CorpusError

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
        ("a.pdf", b"%PDF", "格式暂不支持"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本文件"),
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
