"""The report: both halves counted, sentences shown of one only."""

from __future__ import annotations

from eval.grounding.metrics import Judgement
from eval.grounding.report import markdown, missing, result, wrong
from tests.eval.grounding.test_metrics import CASES, JUDGED

RUN = {"command": "python -m eval grounding", "date": "2026-01-02T03:04:05+08:00", "commit": "abc1234"}


def test_only_practice_sentences_are_shown_and_no_sentence_is_kept() -> None:
    shown = "\n".join(wrong(JUDGED))
    kept = result(JUDGED, RUN)
    for judgement in JUDGED:
        readable = not judgement.case.held and not judgement.right
        assert (judgement.case.sentence in shown) == readable
        assert (judgement.case.id in kept["wrong"]) == readable
        assert judgement.case.sentence not in str(kept)


def test_the_halves_add_up() -> None:
    kept = result(JUDGED, RUN)
    for name in ("false_sentences", "true_sentences"):
        assert kept["practice"][name] + kept["held"][name] == kept["overall"][name]
    assert kept["by_kind"]["figure"] == {"cases": 1, "detected": 1.0, "low": 0.2065, "high": 1.0}


def test_markdown_has_a_row_a_kind_and_tells_where_it_came_from() -> None:
    told = markdown("grounding", JUDGED, RUN)
    assert "| 假 数字改动 | 1 | 100.0% | 20.7–100.0 |" in told
    assert "`python -m eval grounding`，2026-01-02，提交 abc1234。" in told


def test_kinds_that_the_papers_cannot_give_are_told() -> None:
    assert "文号改动或编造" in missing(JUDGED)
    assert "数字改动" not in missing(JUDGED)


def test_a_held_case_is_nowhere_shown() -> None:
    held = [Judgement(case, case.is_true is False, 0, 1.0) for case in CASES if case.held]
    assert list(wrong(held)) == []
