"""Changes: one thing, and such that the passage cannot bear the sentence any more."""

from __future__ import annotations

from random import Random

import pytest

from eval.grounding.changes import CHANGERS, merged
from eval.grounding.numbers import numbers
from tests.eval.grounding.small_law import STATEMENTS, VOCABULARY, stating

# Sentence -> how the first clause's sentence begins, and whose words follow.
MERGED = {
    "种茶农户不得在雨天买进青叶并且以次充好。": ("种茶", "第三条"),
    "收购商应当在三十日内登记茶园，情节严重的，处一万元以上五万元以下罚款。": ("收购", "第一条"),
    "加快建设茶叶市场，培育茶企20家左右，责任单位为市茶业局。": ("鼓励", "2."),
    "鼓励茶企牵头组建种茶联合体，每年新建茶园10个以上，由市商务局、市工业和信息化局负责。": ("加快", "1."),
}


def changed(kind: str, words: str) -> set[str]:
    return set(CHANGERS[kind](stating(words), VOCABULARY, Random(1)))


@pytest.mark.parametrize(
    ("kind", "words", "sentences"),
    [
        ("bound", "种茶联合体", {"鼓励茶企牵头组建种茶联合体，每年新建茶园10个以下。"}),
        ("bound", "茶叶市场", {"加快建设茶叶市场，培育茶企20家以上。"}),
        ("measure", "税率", {"茶税税率为25个百分点，每年缴纳一次；但山区茶园除外。",
                             "茶税税率为25倍，每年缴纳一次；但山区茶园除外。"}),
        ("date", "税率", {"茶税税率为25%，每季度缴纳一次；但山区茶园除外。",
                          "茶税税率为25%，每月缴纳一次；但山区茶园除外。"}),
        ("negation", "雨天", {"收购商可以在雨天买进青叶并且以次充好。"}),
        ("modality", "茶叶市场", {"已建成茶叶市场，培育茶企20家左右。"}),
        ("dropped", "税率", {"茶税税率为25%，每年缴纳一次。", "茶税税率为25%，缴纳一次；但山区茶园除外。"}),
        ("dropped", "三十日", {"种茶农户应当在三十日内登记茶园，处一万元以上五万元以下罚款。",
                               "种茶农户应当登记茶园，情节严重的，处一万元以上五万元以下罚款。"}),
        ("exchanged", "绿茶", {"绿茶保质期为三十六个月，红茶保质期为十八个月。"}),
        ("exchanged", "三十日", set()),  # both ends of one range
    ],
)  # fmt: skip
def test_one_thing_is_changed(kind: str, words: str, sentences: set[str]) -> None:
    assert changed(kind, words) == sentences


def test_a_least_figure_is_only_raised_and_a_longest_time_only_shortened() -> None:
    raised = [next(numbers(text)).value for text in changed("figure", "种茶联合体")]
    shortened = [next(numbers(text)).value for text in changed("figure", "三十日")]
    assert raised and min(raised) > 10
    assert shortened and max(shortened) <= 30


def test_a_unit_in_anothers_place_is_none_of_the_passages_own() -> None:
    for text in changed("unit", "种茶联合体"):
        assert "市商务局" in text or "市工业和信息化局" in text


def test_an_article_or_paper_that_says_it_not_is_named() -> None:
    assert all(text.startswith("《茶叶法》第") and "第二条" not in text for text in changed("article", "税率"))
    assert changed("name", "税率") == {"《茶业行动方案》第二条规定，茶税税率为25%，每年缴纳一次；但山区茶园除外。"}


def test_merged_sentences_have_the_subject_of_one_clause_and_the_rest_of_another() -> None:
    found = {
        change.sentence: (statement.text[:2], change.other and change.other.clause.ref)
        for statement, change in merged(list(STATEMENTS.values()), VOCABULARY, Random(1))
    }
    assert found == MERGED


def test_no_change_leaves_the_sentence_as_it_was() -> None:
    for statement in STATEMENTS.values():
        for changer in CHANGERS.values():
            assert statement.text not in set(changer(statement, VOCABULARY, Random(1)))
