"""Statements: whole sentences that can stand alone, and which half their clause is in."""

from __future__ import annotations

from eval.grounding.cases import Case, is_held
from tests.eval.grounding.small_law import SHOWN, STATEMENTS, stating


def test_statements_are_whole_sentences_without_number_heading_and_units() -> None:
    assert list(STATEMENTS) == [
        "种茶农户应当在三十日内登记茶园，情节严重的，处一万元以上五万元以下罚款。",
        "茶税税率为25%，每年缴纳一次；但山区茶园除外。",
        "收购商不得在雨天买进青叶并且以次充好。",
        "绿茶保质期为十八个月，红茶保质期为三十六个月。",
        "自2018年1月1日起施行。",
        "鼓励茶企牵头组建种茶联合体，每年新建茶园10个以上。",
        "加快建设茶叶市场，培育茶企20家左右。",
    ]


def test_a_citation_reads_back_its_passage() -> None:
    for passage in SHOWN:
        cited = passage.cited(3)
        assert (cited.number, cited.quote) == (3, cited.span.of(passage.document.text))


def test_the_rest_of_a_passage_is_what_a_statement_leaves_out() -> None:
    assert stating("税率").rest == ""
    assert stating("种茶联合体").rest == "1.种茶。（责任单位：市茶业局）"


def test_a_case_is_known_by_what_it_says_and_held_with_its_clause() -> None:
    passage = stating("税率").passage
    case = Case("茶税税率为20%。", (passage.cited(),), "figure", is_true=False)
    same = Case("茶税税率为20%。", (passage.cited(),), "figure", is_true=False, written=True)
    other = Case("茶税税率为30%。", (passage.cited(),), "figure", is_true=False)
    assert case.id == same.id != other.id
    assert case.held == other.held == is_held("tea-law 第二条")


def test_about_half_of_the_clauses_are_held() -> None:
    assert 400 < sum(is_held(f"law 第{number}条") for number in range(1000)) < 600
