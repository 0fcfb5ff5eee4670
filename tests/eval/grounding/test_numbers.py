"""Figures as they stand in a sentence."""

from __future__ import annotations

import pytest

from eval.grounding.numbers import numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("每年新建茶园10个以上", [("10个", "lower")]),
        ("不低于净收入的百分之五十", [("百分之五十", "lower")]),
        ("应当在三十日内登记", [("三十日", "upper")]),
        ("最高支持400万元", [("400万元", "upper")]),
        ("处一万元以上五万元以下罚款", [("一万元", "range"), ("五万元", "range")]),
        ("连续三至五年", [("三", "range"), ("五年", "range")]),
        ("培育20家左右", [("20家", "")]),
        ("到2027年，10月1日前", []),
        ("第四十五条、“10+1”、6G、一批、一个", []),
    ],
)
def test_a_figure_is_found_with_its_unit_and_bound(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[number.start : number.end], number.bound) for number in numbers(text)] == found


def test_another_value_is_written_in_the_same_script() -> None:
    (arabic,) = numbers("支持400万元")
    (chinese,) = numbers("保存三年")
    (share,) = numbers("百分之五十")
    assert (arabic.written(500), chinese.written(2), share.written(60)) == ("500万元", "两年", "百分之六十")
