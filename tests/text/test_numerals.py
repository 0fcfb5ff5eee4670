from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.numerals import Figure, chinese_number, figures, to_chinese, without_figures


def read(text: str) -> list[str]:
    return [str(figure) for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不低于百分之五十的比例", ["50%"]),
        ("连续三至五年，每年3%—5%", ["3年", "5年", "3%", "5%"]),
        ("百分之五以上百分之十以下", ["5%", "10%"]),
        ("三亿五千万元、1.76万家、12EFLOPS", ["350000000元", "17600家", "12EFLOPS"]),
        ("投资3千亿元、2百亿元", ["300000000000元", "20000000000元"]),
        ("小于零点二五千克", ["0.25千克"]),
        ("二〇二四年1月1日", ["2024年", "1月", "1日"]),
        ("第四十五条、第3款、统一、十分、一个项目", []),
        ("单位为“8+X”", ["8"]),
    ],
)
def test_figures_are_read_with_their_measure(text: str, expected: list[str]):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("50%", "百分之五十"),
        ("五成以上", "二分之一"),
        ("300万元", "三百万元"),
        ("30日", "三十天"),
        ("10个工作日", "十个工作日"),
        ("每日万分之五", "0.05%"),
        ("１２０米", "120米"),
    ],
)
def test_one_figure_in_two_forms_is_equal(one: str, other: str):
    assert figures(one) == figures(other) != ()


def test_other_measures_are_other_figures():
    assert figures("30日") != figures("30个工作日") and figures("5%") != figures("5年")


def test_a_third_is_exact():
    assert figures("三分之一") == (Figure(Fraction(100, 3), "%"),)


def test_a_gap_is_left_for_each_figure():
    assert without_figures("自2021年9月1日起施行") == "自\n\n\n起施行"


@given(st.integers(1, 99_999))
def test_chinese_numbers_read_back(number: int):
    assert chinese_number(to_chinese(number)) == number


def test_larger_chinese_numbers():
    numerals = ("一百零二", "一千二百六十", "二〇", "三千万", "一亿零五十")
    assert [chinese_number(numeral) for numeral in numerals] == [102, 1260, 20, 30000000, 100000050]


@given(st.text("零〇一两十百千万亿点分之成至—-%0123,. 元年日个级半数第百分之", max_size=30))
def test_no_text_is_too_strange_to_read(text: str):
    assert all(figure.value >= 0 for figure in figures(text))
