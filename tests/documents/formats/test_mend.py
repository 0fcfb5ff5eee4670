import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.formats.mend import mend


@pytest.mark.parametrize(
    ("printed", "published"),
    [
        ("第 一 条第 一 条　为了种树，制定本办法。", "第一条　为了种树，制定本办法。"),
        ("第一条第一条 为了种树", "第一条 为了种树"),
        ("第 二 十 一 条 种树", "第二十一条 种树"),
        ("第一章 第一章 总则", "第一章 总则"),
        ("第一章 总则第一章 总则", "第一章 总则"),
        ("第六章 附 则", "第六章 附则"),
        ("第第一一章章 总总则则", "第一章 总则"),
        ("　　第 三 节　浇 水", "　　第三节　浇水"),
        ("一、一、总体要求", "一、总体要求"),
        ("（一）（一）多种树。", "（一）多种树。"),
        ("二、总体要求 二、总体要求", "二、总体要求"),
    ],
)
def test_doubled_and_spaced_headings_read_as_published(printed: str, published: str):
    assert mend(printed) == published


@pytest.mark.parametrize(
    "line",
    [
        "第一条　为了种树，制定本办法。",
        "第三条第二款规定的树木",
        "第一条、第三条适用于树木。",
        "依照第 三 条办理",
        "1.1万棵树",
        "10.10月种树。",
        "一、一次种树一万棵",
        "种树 种树",
        "第一章　种树 浇水",
        "各区 各市",
    ],
)
def test_a_line_as_published_stays(line: str):
    assert mend(line) == line


@given(st.text(alphabet="第一十二条章节、（）1. 总则种树\n", max_size=40))
def test_mending_keeps_the_lines_and_twice_is_once(text: str):
    once = mend(text)
    assert once.count("\n") == text.count("\n")
    assert mend(once) == once
