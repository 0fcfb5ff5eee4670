"""What the refusal model made of questions, and what a result keeps of it."""

from __future__ import annotations

from bot.answering.answerable import threshold
from bot.answering.pipeline import Pipeline
from eval.calibrate import samples
from eval.questions import Question
from eval.samples import Sample, as_json, reaching

UNIT = Question("dev-1", "unit", "技术经纪人培养归谁管？", "answered", clauses=("三、(二)6.",))
MONEY = Question("dev-2", "not_stated", "技术经纪人补贴多少钱一个月？", "unanswerable")
GREETING = Question("dev-3", "unit", "你好", "answered")


def test_a_question_the_text_answers_is_likely_and_one_it_does_not_is_not(plan: Pipeline) -> None:
    answered, refused = samples(plan, [UNIT, MONEY])
    assert (answered.answerable, refused.answerable) == (True, False)
    assert refused.likely < answered.likely
    assert answered.observations["one"] == 1.0


def test_what_is_settled_before_the_model_gives_no_sample(plan: Pipeline) -> None:
    assert list(reaching(plan, GREETING)) == []


def test_only_the_first_parts_are_taken_where_that_is_asked(plan: Pipeline) -> None:
    both = Question("dev-4", "multiple", "技术经纪人培养归谁管？海上综合试验场建设归谁管？", "answered")
    assert [len(list(reaching(plan, both, parts))) for parts in (None, 1)] == [2, 1]


def test_a_result_keeps_sorted_pairs_and_the_threshold() -> None:
    kept = as_json([Sample("b", {}, 0.91234, True), Sample("a", {}, 0.2, False)])
    assert kept == {"threshold": threshold(), "samples": [[0.2, False], [0.912, True]]}
