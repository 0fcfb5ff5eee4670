"""Saved runs, read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.errors import EvaluationError
from eval.questions import load_set
from eval.replies import Reply
from eval.rows import Row, write_rows
from eval.runs import read_run
from tests.eval.small_runs import save_run


def test_a_result_reads_back_with_every_reply(tmp_path: Path) -> None:
    run = read_run(save_run(tmp_path, "市船局", "", "", "市路局"))
    assert (run.name, run.questions, run.headline, run.overall["correct"]) == ("dev-latest", "dev", "correct", 0.5)
    assert run.replies == {
        "dev-boat": Reply("unit", "answered", True, 8.0),
        "dev-road": Reply("unit", "unanswerable_not_stated", False, 9.0),
        "dev-fare": Reply("not_stated", "unanswerable_not_stated", True, 10.0),
        "held-lamp": Reply("", None, False, 11.0),
    }


def test_an_older_result_tells_right_from_wrong_by_its_set(tmp_path: Path) -> None:
    asked = load_set("dev")
    overall = {"questions": float(len(asked)), "correct": 0.9}
    path = save_run(tmp_path, "", "", "", "", replies=None, wrong=[asked[1].id], overall=overall)
    replies = read_run(path).replies
    assert [reply.right for reply in replies.values()] == [True, False, *[True] * (len(asked) - 2)]


def test_an_older_result_on_questions_since_changed_has_no_replies(tmp_path: Path) -> None:
    assert read_run(save_run(tmp_path, "", "", "", "", replies=None)).replies == {}


def test_answers_are_scored_when_read(tmp_path: Path) -> None:
    question = next(each for each in load_set("dev") if each.expect == "unanswerable")
    refused: Row = {
        "id": question.id,
        "question": question.question,
        "status": "unanswerable_not_in_corpus",
        "answer": "文件未载明。",
        "citations": [],
        "timings_ms": {"total": 7.0},
    }
    write_rows(tmp_path / "dev-answers.jsonl", [refused])
    run = read_run(tmp_path / "dev-answers.jsonl")
    assert run.replies == {question.id: Reply(question.kind, "unanswerable_not_in_corpus", True, 7.0)}


def test_answers_to_unknown_questions_are_one_sentence(tmp_path: Path) -> None:
    unknown: Row = {"id": "x", "question": "", "status": "answered", "answer": "", "citations": [], "timings_ms": {}}
    write_rows(tmp_path / "x.jsonl", [unknown])
    with pytest.raises(EvaluationError, match="不在调试集和留出集里的题"):
        read_run(tmp_path / "x.jsonl")


@pytest.mark.parametrize("content", ["[", "[]", "{}", '{"run": {}, "rankers": {}}', '{"overall": {"correct": 1}}'])
def test_another_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "other.json").write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"other\.json"):
        read_run(tmp_path / "other.json")


def test_a_result_is_written_with_a_line_a_reply(tmp_path: Path) -> None:
    path = save_run(tmp_path, "市船局", "", "", "")
    text = path.read_text(encoding="utf-8")
    assert '  "dev-boat": {"kind": "unit", "status": "answered", "right": true, "ms": 8.0},\n' in text
    assert list(json.loads(text)["replies"]) == ["dev-boat", "dev-road", "dev-fare", "held-lamp"]
