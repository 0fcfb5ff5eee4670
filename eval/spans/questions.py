"""
A folder of papers with questions on them, read and checked.

    DIR/docs/trees.txt         …银杏由市园林局管理。…
    DIR/questions.jsonl        {"id": "q1", "question": "银杏归谁管？", "document": "trees", "evidence": ["市园林局"]}

    ->  (SpanQuestion("q1", "银杏归谁管？", "trees", ("市园林局",)),)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.questions import read_jsonl

DOCUMENTS, QUESTIONS = "docs", "questions.jsonl"


@dataclass(frozen=True, slots=True)
class SpanQuestion:
    """A question, the paper that answers it (a file's stem) and the spans of it, each of which is a right answer."""

    id: str
    question: str
    document: str
    golds: tuple[str, ...]
    history: tuple[tuple[str, str], ...] = ()


def read_spans(folder: Path) -> tuple[SpanQuestion, ...]:
    """Raises EvaluationError for a missing part, a broken line, an id twice, and a document that is not in docs/."""
    documents, path = folder / DOCUMENTS, folder / QUESTIONS
    if not documents.is_dir() or not path.is_file():
        raise EvaluationError(f"{folder} 里应有文件夹 {DOCUMENTS}/ 和题目 {QUESTIONS}，请给出这样的文件夹。")
    known = {document.stem for document in documents.rglob("*") if document.is_file()}
    questions: dict[str, SpanQuestion] = {}
    for number, record in read_jsonl(path):
        where = f"{path.name} 第 {number} 行"
        question = _question(record, where)
        if question.id in questions:
            raise EvaluationError(f"{where}的 id {question.id} 已经用过，请让每个 id 只出现一次。")
        if question.document not in known:
            raise EvaluationError(f"{where}的 document {question.document} 不在 {DOCUMENTS}/ 里，请补上文件或改正。")
        questions[question.id] = question
    return tuple(questions.values())


def _question(record: Mapping[str, Any], where: str) -> SpanQuestion:
    for name in ("id", "question", "document"):
        if not isinstance(record.get(name), str) or not record[name]:
            raise EvaluationError(f"{where}缺少 {name}（非空字符串），请补上。")
    golds = record.get("evidence")
    if not isinstance(golds, list) or not golds or not all(isinstance(gold, str) and gold.strip() for gold in golds):
        raise EvaluationError(f"{where}的 evidence 应是至少一段原文的列表，请改正。")
    history = tuple((str(asked), str(answered)) for asked, answered in record.get("history", []))
    return SpanQuestion(record["id"], record["question"], record["document"], tuple(golds), history)
