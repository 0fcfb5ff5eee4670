"""Counting: what is detected, what is a false alarm, and how sure both are."""

from __future__ import annotations

import pytest

from eval.grounding.cases import Case
from eval.grounding.metrics import by_kind, judge, summarise, wilson
from tests.eval.grounding.small_law import OUTLINES, stating
from tests.eval.grounding.stand_in import Grounder

TAX, SHELF = stating("税率").passage, stating("绿茶").passage
CASES = (
    Case("茶税税率为6%。", (TAX.cited(),), "figure", is_true=False),
    Case("茶税税率为25%。", (TAX.cited(),), "dropped", is_true=False),
    Case("绿茶保质期为十八年。", (SHELF.cited(),), "measure", is_true=False, written=True),
    Case("红茶保质期为36个月。", (SHELF.cited(),), "number_form", is_true=True),
    Case("绿茶保质期为18个月。", (SHELF.cited(),), "paraphrase", is_true=True, written=True),
)
JUDGED = tuple(judge(CASES, Grounder(OUTLINES).check))


def test_a_fault_and_an_omission_both_detect() -> None:
    assert [(item.detected, item.holds, item.right) for item in JUDGED] == [
        (True, False, True),
        (True, True, True),
        (False, True, False),
        (True, False, False),
        (False, True, True),
    ]


def test_shares_are_told_by_group() -> None:
    figures = summarise(JUDGED)
    assert figures["check_p50_ms"] and figures["check_p99_ms"]
    assert {name: value for name, value in figures.items() if not name.startswith("check")} == {
        "false_sentences": 3.0,
        "true_sentences": 2.0,
        "detected": 2 / 3,
        "facts_detected": 0.5,
        "wording_detected": 1.0,
        "others_detected": None,
        "written_detected": 0.0,
        "false_alarms": 0.5,
        "removed_though_true": 0.5,
        "written_false_alarms": 0.0,
    }


def test_each_kind_of_a_group_weighs_the_same() -> None:
    judged = [*JUDGED, *JUDGED[:1], *JUDGED[:1]]
    assert summarise(judged)["facts_detected"] == 0.5
    assert summarise(judged)["detected"] == 4 / 5


def test_kinds_are_counted_in_the_order_of_the_report() -> None:
    assert [(kind, count.found, count.total) for kind, count in by_kind(JUDGED).items()] == [
        ("figure", 1, 1),
        ("measure", 0, 1),
        ("dropped", 1, 1),
        ("number_form", 1, 1),
        ("paraphrase", 0, 1),
    ]


@pytest.mark.parametrize(
    ("found", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_wilsons(found: int, total: int, low: float, high: float) -> None:
    """The row 81 of 263 is Newcombe's (1998) example of the score method: 0.2553 to 0.3662."""
    assert wilson(found, total) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
