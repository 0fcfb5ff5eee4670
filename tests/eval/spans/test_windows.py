"""The plain way: windows of whole sentences, the best of them shown."""

from __future__ import annotations

from pathlib import Path

from eval.spans.questions import SpanQuestion, read_spans
from eval.spans.windows import Windows, windows
from tests.eval.spans.small_folder import ROADS, write_folder


def test_a_window_holds_whole_sentences_and_a_long_one_is_cut() -> None:
    text = "一二三。四五。六七八九十百千。"
    assert [span.of(text) for span in windows(text, 7)] == ["一二三。四五。", "四五。", "六七八九十百千", "。"]


def test_the_best_window_is_the_answer_and_its_paper_is_cited(tmp_path: Path) -> None:
    system = Windows.from_corpus([write_folder(tmp_path) / "docs"])
    row = system(read_spans(tmp_path)[1])
    (cited,) = row["citations"]
    assert (row["status"], row["found"], cited["document"]) == ("answered", ["roads"], "roads")
    assert "石板路每年检修两次。" in row["answer"]
    assert row["answer"] == cited["quote"] == ROADS[cited["start"] : cited["end"]]


def test_a_question_that_shares_no_word_is_not_answered(tmp_path: Path) -> None:
    system = Windows.from_corpus([write_folder(tmp_path) / "docs"])
    row = system(SpanQuestion("q", "zebra", "roads", ("两次",)))
    assert (row["status"], row["citations"], row["found"]) == ("unanswerable_not_in_corpus", [], [])
