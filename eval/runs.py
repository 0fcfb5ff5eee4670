"""
A saved run, read back.

    read_run(Path("eval/results/dev-latest.json"))  ->  Run(name="dev-latest", overall={…}, replies={…}, …)
    read_run(Path("dev-answers.jsonl"))             ->  the same, scored now
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.generate import corpus_texts
from eval.metrics import Figures, judge_all
from eval.questions import SETS, load_set
from eval.replies import Reply
from eval.report import result
from eval.rows import read_rows

HEADLINES = ("correct", "covered")  # the figure that says whether a reply was right, of plan questions and of spans


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what was asked, the figures, and each reply by its question's id, in the order asked."""

    name: str  # the file's
    questions: str  # the set's
    overall: Figures
    by_kind: Mapping[str, Figures]
    replies: Mapping[str, Reply]
    about: Mapping[str, Any]  # command, date, commit, settings, versions
    calibration: Mapping[str, Any] | None = None

    @property
    def headline(self) -> str:
        return next(name for name in HEADLINES if name in self.overall)


def read_run(path: Path) -> Run:
    """A result (.json) or the answers of a known set (.jsonl). Raises EvaluationError."""
    content = _scored(path) if path.suffix == ".jsonl" else _read(path)
    try:
        return Run(
            path.stem,
            content["run"]["set"],
            content["overall"],
            content.get("by_kind", {}),
            _replies(content),
            content["run"],
            content.get("calibration"),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f"{path} 不是 python -m eval 存下的结果（{error}），请换一个文件。") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"读不了 {path}（{error}），请给出 python -m eval 存下的结果。") from error
    if not isinstance(content, dict) or not any(name in content.get("overall", {}) for name in HEADLINES):
        raise EvaluationError(f"{path} 不是问答的评测结果，请换一个文件。")
    return content


def _scored(path: Path) -> dict[str, Any]:
    rows = read_rows(path)
    asked = {row["id"] for row in rows}
    questions = [question for question in load_set("all") if question.id in asked]
    if len(questions) < len(asked):
        raise EvaluationError(f"{path} 里有不在调试集和留出集里的题，请改用 python -m eval 存下的 .json 结果。")
    return result(judge_all(questions, rows, corpus_texts()), {"set": path.stem})


def _replies(content: Mapping[str, Any]) -> dict[str, Reply]:
    """Results from before replies were kept tell the wrong ones only; the others are the rest of their set."""
    if "replies" in content:
        return {id_: Reply.from_json(saved) for id_, saved in content["replies"].items()}
    name, wrong = content["run"]["set"], set(content["wrong"])
    questions = load_set(name) if name in SETS else ()
    if len(questions) != content["overall"]["questions"]:
        return {}  # asked of other questions than there are now
    return {question.id: Reply(question.kind, None, question.id not in wrong, None) for question in questions}
