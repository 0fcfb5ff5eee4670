"""Folders of papers with span answers: read, or one sentence that says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.errors import EvaluationError
from eval.spans.questions import SpanQuestion, read_spans
from tests.eval.spans.small_folder import QUESTIONS, write_folder


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    assert read_spans(write_folder(tmp_path / "plants"))[:2] == (
        SpanQuestion("q1", "银杏由谁管理？", "trees", ("市园林局",)),
        SpanQuestion("q2", "石板路每年检修几次？", "roads", ("两次", "检修 两次")),
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "q1"}, "第 2 行的 id q1 已经用过"),
        ({"question": ""}, "第 2 行缺少 question"),
        ({"document": "boats"}, "第 2 行的 document boats 不在 docs/ 里"),
        ({"evidence": []}, "第 2 行的 evidence 应是至少一段原文的列表"),
        ({"evidence": [" "]}, "第 2 行的 evidence 应是至少一段原文的列表"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    folder = write_folder(tmp_path / "plants", [QUESTIONS[0], {**QUESTIONS[1], **change}])
    with pytest.raises(EvaluationError, match=complaint):
        read_spans(folder)


def test_a_folder_without_the_parts_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="应有文件夹 docs/ 和题目"):
        read_spans(tmp_path)
