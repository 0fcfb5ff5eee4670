"""How figures are written, and their differences."""

from __future__ import annotations

from eval.figures import PLAN, SPANS, difference, shown
from eval.metrics import summarise
from eval.spans.metrics import summarise as summarise_spans


def test_every_figure_has_a_name_and_a_way_to_be_written() -> None:
    assert (set(PLAN), set(SPANS)) == (set(summarise([])), set(summarise_spans([])))
    assert [shown("correct", 0.913), shown("latency_p50_ms", 8.16), shown("rouge_l", 0.27), shown("correct", None)] == [
        "91.3%",
        "8.2 毫秒",
        "0.270",
        "—",
    ]


def test_a_difference_is_signed_and_of_shares_in_percentage_points() -> None:
    assert difference("correct", 0.86, 0.872) == "+1.2 个百分点"
    assert difference("latency_p50_ms", 9.0, 8.25) == "-0.8 毫秒"
    assert difference("answer_length", 80, 92) == "+12"
    assert [difference("correct", 0.5, 0.5), difference("units_exact", None, 0.5)] == ["—", "—"]
