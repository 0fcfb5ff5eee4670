"""Saved runs of four questions, one of them held, in the layout of eval/results."""

from pathlib import Path
from typing import Any

from eval.metrics import judge_all
from eval.questions import Question
from eval.report import result, save, stem
from eval.rows import Row

ASKED = [
    Question(id="dev-boat", kind="unit", question="木船归谁管？", expect="answered", units=("市船局",)),
    Question(id="dev-road", kind="unit", question="石路归谁管？", expect="answered", units=("市路局",)),
    Question(id="dev-fare", kind="not_stated", question="船票多少钱？", expect="unanswerable"),
    Question(id="held-lamp", kind="unit", question="路灯归谁管？", expect="answered", units=("市灯局",)),
]
ABOUT = {"command": "python -m eval", "date": "2026-01-02T03:04:05+08:00", "commit": "abc1234"}
CALIBRATION = {"threshold": 0.5, "samples": [[0.1, False], [0.4, True], [0.6, False], [0.9, True]]}


def rows(*answers: str) -> list[Row]:
    """A reply to each of ASKED; an empty one is a refusal."""
    return [
        {
            "id": question.id,
            "question": question.question,
            "status": "answered" if answer else "unanswerable_not_stated",
            "answer": answer or "文件未载明。",
            "citations": [],
            "timings_ms": {"total": float(place)},
        }
        for place, (question, answer) in enumerate(zip(ASKED, answers, strict=True), start=8)
    ]


def save_run(folder: Path, *answers: str, system: str = "bot", questions: str = "dev", **more: Any) -> Path:
    """The run's file; `more` replaces or adds parts, None takes one away."""
    run = {**ABOUT, "system": system, "set": questions, "changed_since_commit": False}
    content = {**result(judge_all(ASKED, rows(*answers), {}), run), **more}
    return save(folder, stem(system, questions), {name: part for name, part in content.items() if part is not None})
