"""Rephrasings: other words, nothing else said."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from eval.grounding.rephrasings import REPHRASERS, joined
from tests.eval.grounding.small_law import VOCABULARY, stating


@pytest.mark.parametrize(
    ("kind", "words", "sentence"),
    [
        ("number_form", "税率", "茶税税率为百分之二十五，每年缴纳一次；但山区茶园除外。"),
        ("number_form", "绿茶", "绿茶保质期为18个月，红茶保质期为36个月。"),
        ("date_form", "施行", "《茶叶法》的施行日期为2018年1月1日。"),
        ("units_told", "种茶联合体", "“种茶”由市茶业局负责。"),
        ("wording", "雨天", "收购商不能在雨天买进青叶并且以次充好。"),
        ("wording", "茶叶市场", "加快建设茶叶市场，培育茶企约20家。"),
        ("wording", "种茶联合体", "鼓励茶企牵头组建种茶联合体，每年新建茶园至少10个。"),
    ],
)
def test_the_same_is_said_otherwise(kind: str, words: str, sentence: str) -> None:
    assert sentence in set(REPHRASERS[kind](stating(words), VOCABULARY, Random(1)))


def test_units_go_by_their_short_names() -> None:
    said = set(REPHRASERS["short_unit"](stating("茶叶市场"), VOCABULARY, Random(1)))
    assert any("市工信局" in text and "市商务局" in text for text in said)


def test_nothing_is_cut_from_a_sentence_with_an_exception_or_a_figure() -> None:
    for words in ("税率", "三十日", "种茶联合体"):
        assert list(REPHRASERS["shortened"](stating(words), VOCABULARY, Random(1))) == []


def test_sentences_are_joined_within_one_clause_only() -> None:
    leaf, grow, sell = stating("绿茶"), stating("种茶联合体"), stating("茶叶市场")
    again = replace(leaf, text="春茶为上品。")
    assert joined(grow, sell, Random(1)) == ""
    assert joined(leaf, again, Random(3)).startswith("绿茶保质期为十八个月，红茶保质期为三十六个月")
    assert joined(leaf, again, Random(3)).endswith("春茶为上品。")
