"""Replies beside gold spans: what counts as covered, and the sums."""

from __future__ import annotations

from typing import cast

import pytest

from eval.rows import Cited, Row
from eval.spans.metrics import SpanJudgement, judge, judge_all, recall, rouge_l, summarise
from eval.spans.questions import SpanQuestion

ASKED = SpanQuestion("q1", "银杏由谁管理？", "trees", ("市园林局",))


def reply(answer: str, status: str = "answered", document: str = "trees", quote: str = "", **more: object) -> Row:
    cited: Cited = {"document": document, "ref": "", "quote": quote or answer, "start": 0, "end": 0, "units": []}
    row = {"id": "q1", "question": "", "status": status, "answer": answer, "citations": [cited]}
    return cast("Row", {**row, "timings_ms": {"total": 8.0}, **more})


def covered(answer: str, *golds: str, quote: str = "无") -> tuple[bool, bool]:
    judged = judge(SpanQuestion("q1", "", "trees", golds), reply(answer, quote=quote))
    return judged.contained, judged.covered


def test_a_reply_is_judged_whole() -> None:
    assert judge(ASKED, reply("银杏由 市园林局管理。[1]", found=["roads", "trees"])) == SpanJudgement(
        id="q1",
        status="answered",
        first_cited=True,
        first_found=False,
        contained=True,
        covered=True,
        rouge_l=pytest.approx(2 * 4 / (4 + 10)),
        length=10,
        total_ms=8.0,
    )


def test_width_and_white_space_do_not_count() -> None:
    assert covered("２０２０年\n３月（以内）", "2020 年3月(以内)") == (True, True)


def test_a_gold_may_stand_in_a_quote_and_any_gold_will_do() -> None:
    assert covered("见下。", "两次", quote="检修两次") == (True, True)
    assert covered("检修两次。", "三次", "两次") == (True, True)


def test_nine_characters_of_ten_in_their_order_are_covered_and_eight_are_not() -> None:
    gold = "甲乙丙丁戊己庚辛壬癸"
    assert covered("甲乙丙丁，戊己庚辛壬。", gold) == (False, True)
    assert covered("甲乙丙丁，戊己庚辛。", gold) == (False, False)
    assert covered("癸壬辛庚己戊丁丙乙甲", gold) == (False, False)


@pytest.mark.parametrize("status", ["unanswerable_not_stated", "clarification", "error_internal"])
def test_a_reply_that_does_not_answer_covers_nothing(status: str) -> None:
    judged = judge(ASKED, reply("最接近的条款是：银杏由市园林局管理。", status))
    assert (judged.covered, judged.contained, judged.first_cited, judged.rouge_l, judged.length) == (
        False,
        False,
        False,
        0.0,
        None,
    )


def test_rouge_l_and_recall_are_taken_over_characters() -> None:
    # Longest common subsequence 市路所, 3 characters of 4 and of 6.
    assert rouge_l("市路灯所", "归市路政所管") == pytest.approx(2 * 3 / 10)
    assert recall("市路灯所", "归市路政所管") == pytest.approx(3 / 4)
    assert (rouge_l("市路灯所", ""), rouge_l("市路灯所", "市路灯所")) == (0.0, 1.0)


def test_figures_are_means_over_all_questions_and_length_over_answers() -> None:
    second = SpanQuestion("q2", "", "roads", ("两次",))
    rows = [reply("市园林局", found=["trees"]), reply("没有找到。", "unanswerable_not_in_corpus", id="q2", found=[])]
    assert summarise(judge_all([ASKED, second], rows)) == {
        "questions": 2.0,
        "covered": 0.5,
        "contained": 0.5,
        "rouge_l": 0.5,
        "document_at_1": 0.5,
        "found_at_1": 0.5,
        "refused": 0.5,
        "mean_answer_length": 4.0,
        "latency_p50_ms": 8.0,
        "latency_p99_ms": 8.0,
    }
