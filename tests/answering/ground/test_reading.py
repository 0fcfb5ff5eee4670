import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.ground.elements import Date, fold
from bot.answering.ground.reading import Reader
from bot.answering.ground.spellings import spellings

READER = Reader(["市工业和信息化局", "市委网信办"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("300万元", "三百万元"),
        ("三百万元", "3,000,000元"),
        ("50%", "百分之五十"),
        ("百分之五十", "五成"),
        ("2025年底", "2025年12月31日"),
        ("应在三十日内", "应当在30天以内"),
        ("不少于十项", "10项以上"),
        ("由市工信局和市网信办负责", "由青岛市工业和信息化局、市委网信办负责"),
        ("根据《某市办法（试行）》", "根据《某市办法》"),
        ("禁止进入", "严禁进入"),
    ],
)
def test_what_means_the_same_reads_the_same(one: str, other: str):
    assert READER.read(one).keys == READER.read(other).keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30日", "30个工作日"),
        ("300万元", "300元"),
        ("可以进入", "应当进入"),
        ("10项以上", "10项以下"),
        ("2025年底", "2026年底"),
        ("第三条", "第四条"),
        ("青政发〔2025〕3号", "青政发〔2025〕4号"),
    ],
)
def test_what_means_something_else_reads_otherwise(one: str, other: str):
    assert READER.read(one).keys != READER.read(other).keys


def test_words_that_hold_a_negation_and_deny_nothing_are_plain():
    kinds = {element.kind for element in READER.read("未来产业、无人机、非公有制经济、不动产").elements}
    assert kinds == {"char", "join"}


def test_a_year_is_met_by_its_end_only():
    assert Date(2025).agrees(Date(2025, 12, 31))
    assert not Date(2025).agrees(Date(2025, 6))
    assert not Date(2025, 4, 14).agrees(Date(2025, 4, 15))
    assert Date(0, 4, 14).agrees(Date(2025, 4, 14))


def test_a_unit_keeps_its_own_name_among_its_spellings():
    assert {"市工业和信息化局", "市工信局", "青岛市工信局"} <= spellings("市工业和信息化局")


@given(st.text())
def test_offsets_stay_whatever_the_text(text: str):
    assert len(fold(text)) == len(text)
    reading = READER.read(text)
    assert all(0 <= each.start < each.end <= len(text) for each in reading.elements)
