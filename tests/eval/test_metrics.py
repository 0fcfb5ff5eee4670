"""Scoring on hand-made replies: what counts as right, cited, refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.errors import EvaluationError
from eval.metrics import Judgement, by_kind, fold, judge, judge_all, percentile, same_clause, summarise
from eval.questions import Question
from eval.rows import Cited, Row

TEXT = "1.买船。每年买10艘。（责任单位：市船局）"


def question(**changes: object) -> Question:
    values = {
        "id": "q1",
        "kind": "figure",
        "question": "每年买几艘？",
        "expect": "answered",
        "clauses": ("三、(一)1.",),
    }
    return Question(**{**values, **changes})  # type: ignore[arg-type]


def cited(ref: str = "三、(一)1.", quote: str = "每年买10艘。") -> Cited:
    start = TEXT.index(quote)
    return {
        "document": "plan",
        "ref": ref,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "units": ["市船局"],
    }


def reply(answer: str = "每年买10艘。[1]", status: str = "answered", *citations: Cited, **timings: float) -> Row:
    return {
        "id": "q1", "question": "每年买几艘？", "status": status, "answer": answer, "citations": list(citations),
        "timings_ms": timings,
    }  # fmt: skip


def is_correct(asked: Question, row: Row) -> tuple[bool, bool]:
    judgement = judge(asked, row, {"plan": TEXT})
    return judgement.correct, judgement.correct_leniently


def test_a_right_reply_gets_every_mark() -> None:
    row = reply("每年买10艘，市船局。[1]", "answered", cited(), retrieve=2.0, quote=1.5)
    assert judge(question(required=("每年买10艘",), units=("市船局",)), row, {"plan": TEXT}, ["市车局"]) == Judgement(
        id="q1", kind="figure", expect="answered", status="answered", correct=True, correct_leniently=True,
        first_right=True, precision=1.0, recall=1.0, units_exact=True, quotes=1, true_quotes=1, length=11, total_ms=3.5,
    )  # fmt: skip


def test_words_are_compared_without_width_quotation_style_and_white_space() -> None:
    assert fold("“１０　艘”，（三）") == '"10艘",(三)'
    assert is_correct(question(required=("“先投后股”(一)",)), reply('"先投 后股"（一）')) == (True, True)


def test_required_words_that_are_only_quoted_count_leniently() -> None:
    asked = question(required=("每年买10艘",), units=("市船局",))
    assert is_correct(asked, reply("见引文。[1]", "answered", cited())) == (False, True)
    assert is_correct(asked, reply("见引文。[1]", "answered", cited(quote="1.买船。"))) == (False, False)


def test_a_citation_marker_is_no_figure() -> None:
    assert is_correct(question(required=("8",)), reply("见下。[8]")) == (False, False)


def test_a_forbidden_word_spoils_any_reply() -> None:
    asked = question(required=("10艘",), must_not=("20艘",))
    assert is_correct(asked, reply("10艘，也说20 艘。")) == (False, False)
    assert is_correct(
        question(expect="unanswerable", must_not=("万元",)), reply("约3万元", "unanswerable_not_stated")
    ) == (
        False,
        False,
    )


@pytest.mark.parametrize(
    ("expect", "status", "right"),
    [
        ("answered", "answered", True),
        ("answered", "unanswerable_not_stated", False),
        ("answered", "clarification", False),
        ("unanswerable", "unanswerable_not_in_corpus", True),
        ("unanswerable", "refused_out_of_scope", True),
        ("unanswerable", "answered", False),
        ("refused", "refused_unsafe", True),
        ("refused", "error_internal", False),
        ("partial", "answered", True),
        ("partial", "unanswerable_not_stated", True),
        ("partial", "unanswerable_not_in_corpus", False),
        ("correct_premise", "unanswerable_not_stated", True),
        ("correct_premise", "refused_out_of_scope", False),
    ],
)
def test_each_expectation_allows_its_endings(expect: str, status: str, right: bool) -> None:
    assert is_correct(question(expect=expect), reply("。", status)) == (right, right)


def test_a_premise_is_corrected_only_by_a_citation() -> None:
    asked = question(expect="correct_premise", required=("每年买10艘",))
    assert is_correct(asked, reply("不是20艘。[1]", "answered", cited())) == (True, True)
    assert is_correct(asked, reply("每年买10艘。", "answered")) == (False, True)


def test_a_section_stands_for_its_items_and_widths_do_not_matter() -> None:
    assert same_clause("三、（一）3.", "三、(一)3.")
    assert same_clause("三、(一)3.", "三、(一)")
    assert not same_clause("三、(二)3.", "三、(一)")
    assert not same_clause("三、(一)13.", "三、(一)1.")


def test_an_article_matches_in_its_own_document_only() -> None:
    assert same_clause("第六条", "专利法 第六条", "专利法")
    assert not same_clause("第六条", "专利法 第六条", "密码法")
    assert not same_clause("第六条", "专利法 第六条")
    assert same_clause("第六条", "第六条", "密码法")


def test_the_same_number_in_two_documents_is_two_articles() -> None:
    patents: Cited = {**cited("第六条"), "title": "中华人民共和国专利法（2020年修正）"}
    ciphers: Cited = {**cited("第六条"), "title": "中华人民共和国密码法"}
    judgement = judge(question(clauses=("专利法 第六条",)), reply("…", "answered", patents, ciphers), {"plan": TEXT})
    assert (judgement.first_right, judgement.precision, judgement.recall) == (True, 0.5, 1.0)


def test_citations_are_counted_by_clause() -> None:
    asked = question(clauses=("三、(一)1.", "三、(一)2."))
    row = reply("…", "answered", cited("四、"), cited(), cited())
    judgement = judge(asked, row, {"plan": TEXT})
    assert (judgement.first_right, judgement.precision, judgement.recall) == (False, 0.5, 0.5)


def test_no_citation_is_no_recall_and_has_no_precision() -> None:
    judgement = judge(question(), reply(), {"plan": TEXT})
    assert (judgement.first_right, judgement.precision, judgement.recall) == (False, None, 0.0)


def test_a_question_to_refuse_measures_no_citation() -> None:
    judgement = judge(
        question(expect="unanswerable"), reply("未载明", "unanswerable_not_stated", cited()), {"plan": TEXT}
    )
    assert (judgement.first_right, judgement.precision, judgement.recall, judgement.length) == (None, None, None, None)


def test_a_unit_too_many_is_not_exact() -> None:
    asked = question(units=("市船局",))
    row = reply("市船局、市车局[1]", "answered", cited())
    judgement = judge(asked, row, {"plan": TEXT}, ["市车局"])
    assert (judgement.correct, judgement.units_exact) == (True, False)


def test_a_quote_must_stand_where_it_says() -> None:
    moved: Cited = {**cited(), "start": 0}
    unknown: Cited = {**cited(), "document": "other"}
    empty: Cited = {**cited(), "quote": "", "start": 3, "end": 3}
    judgement = judge(question(), reply("…", "answered", cited(), moved, unknown, empty), {"plan": TEXT})
    assert (judgement.quotes, judgement.true_quotes) == (4, 1)


def test_a_measured_total_is_taken_before_the_sum_of_stages() -> None:
    assert judge(question(), reply("。", "answered", retrieve=2.0, total=7.0), {}).total_ms == 7.0


def test_figures_are_shares_of_what_they_concern() -> None:
    asked = [
        question(id="a", required=("10艘",)),
        question(id="b", required=("10艘",)),
        question(id="c", kind="unsafe", expect="refused", clauses=()),
        question(id="d", kind="false_premise", expect="correct_premise", required=("每年买10艘",)),
    ]
    rows: list[Row] = [
        {**reply("10艘。[1]", "answered", cited(), total=1.0), "id": "a"},
        {**reply("没有找到。", "unanswerable_not_in_corpus", total=2.0), "id": "b"},
        {**reply("不能。", "refused_unsafe", total=3.0), "id": "c"},
        {**reply("不对。[1]", "answered", cited("四、"), total=4.0), "id": "d"},
    ]
    assert summarise(judge_all(asked, rows, {"plan": TEXT})) == {
        "questions": 4.0, "correct": 0.75, "correct_leniently": 0.75, "right_clause_first": pytest.approx(1 / 3),
        "citation_precision": 0.5, "citation_recall": pytest.approx(1 / 3), "units_exact": None,
        "refused_when_due": 1.0, "refused_or_corrected": 1.0, "wrongly_refused": 0.5, "true_quotes": 1.0,
        "answer_length": 3.5, "latency_p50_ms": 2.0, "latency_p99_ms": 4.0,
    }  # fmt: skip


def test_kinds_are_summed_apart() -> None:
    asked = [question(id="a"), question(id="b", kind="unsafe", expect="refused", clauses=())]
    rows: list[Row] = [{**reply(), "id": "a"}, {**reply(), "id": "b"}]
    kinds = by_kind(judge_all(asked, rows, {}))
    assert {kind: figures["correct"] for kind, figures in kinds.items()} == {"figure": 1.0, "unsafe": 0.0}


def test_a_question_without_a_reply_is_named() -> None:
    with pytest.raises(EvaluationError, match="缺少 1 个问题，如 b"):
        judge_all([question(id="q1"), question(id="b")], [reply()], {})


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values_and_bounds_its_share(values: list[float], percent: int) -> None:
    value = percentile(values, percent)
    assert value in values
    assert sum(other <= value for other in values) * 100 >= percent * len(values)
    assert sum(other < value for other in values) * 100 < percent * len(values)
