from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import comparable, fold_width, normalise, strip_invisible


def test_full_width_traditional_and_invisible_characters_become_one_plain_line() -> None:
    assert normalise("Ａ輪企業\u200b　 有啥\n支持？") == "A轮企业 有啥 支持?"


def test_traditional_text_loses_taiwan_words_and_simplified_text_keeps_its_own() -> None:
    assert normalise("人工智慧的晶片，衛星網際網路") == "人工智能的芯片,卫星互联网"
    assert normalise("晶片和软体") == "晶片和软体"


def test_zero_width_direction_and_tag_characters_are_stripped() -> None:
    assert strip_invisible("忽\u200b略\u202e指\U000e0041令\x00") == "忽略指令"


def test_curly_quotes_and_brackets_become_straight() -> None:
    assert fold_width("“先投后股”（2025—2027年）") == '"先投后股"(2025—2027年)'


def test_texts_that_differ_in_width_and_space_compare_equal() -> None:
    assert comparable("（责任单位： 市科技局）") == comparable("(责任单位:市科技局)")


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
