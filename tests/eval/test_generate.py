"""Asking: any callable can be the system; time is taken outside it."""

from __future__ import annotations

import pytest

from eval.errors import EvaluationError
from eval.generate import generate, open_system
from eval.questions import Question
from eval.rows import Row

QUESTIONS = [Question(id=id_, kind="unit", question="归谁管？", expect="answered") for id_ in ("a", "b")]


def test_rows_come_in_order_after_one_unmeasured_question() -> None:
    asked = []

    def echo(question: Question) -> Row:
        asked.append(question.id)
        return {"id": question.id, "question": question.question, "status": "answered", "answer": "市船局",
                "citations": [], "timings_ms": {"retrieve": 1.0}}  # fmt: skip

    rows = list(generate(echo, QUESTIONS))
    assert asked == ["a", "a", "b"]
    assert [(row["id"], sorted(row["timings_ms"])) for row in rows] == [(id_, ["retrieve", "total"]) for id_ in "ab"]


def test_an_unknown_system_is_one_sentence() -> None:
    with pytest.raises(EvaluationError, match="没有叫“chatgpt”的系统"):
        open_system("chatgpt")
