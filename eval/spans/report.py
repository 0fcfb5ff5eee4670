"""
Show and keep the figures of spans: judgements in, a table or a JSON content out.

    {"covered": 0.62, "rouge_l": 0.31, …}  ->  要点在答案里 62.0%  ROUGE-L 0.310 …
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.table import Table

from eval.metrics import Figures
from eval.report import count, milliseconds, percent, rounded
from eval.rows import Row
from eval.spans.metrics import SpanJudgement, summarise
from eval.spans.questions import SpanQuestion


def _score(value: float) -> str:
    return f"{value:.3f}"


FIGURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "questions": ("问题数", count),
    "covered": ("答案含标准答案（连续，或按序含九成字）", percent),
    "contained": ("答案或引文逐字含标准答案", percent),
    "rouge_l": ("ROUGE-L F1（按字）", _score),
    "document_at_1": ("首条引用的文件正确", percent),
    "found_at_1": ("检索首位的文件正确", percent),
    "refused": ("没有作答", percent),
    "answer_length": ("平均答案长度（字）", count),
    "latency_p50_ms": ("耗时 p50", milliseconds),
    "latency_p99_ms": ("耗时 p99", milliseconds),
}


def table(title: str, figures: Figures) -> Table:
    """One row a figure; a dash where nothing was measured."""
    shown = Table("指标", "数值", title=title)
    for name, (label, write) in FIGURES.items():
        value = figures[name]
        shown.add_row(label, "—" if value is None else write(value))
    return shown


def comparison(question: SpanQuestion, row: Row) -> str:
    """A question beside its reply and what should have been said."""
    cited = "、".join(f"{citation['document']} {citation['ref']}" for citation in row["citations"]) or "无"
    golds = " / ".join(question.golds)
    return (
        f"—— {question.id} · {row['status']}\n问：{question.question}\n答：{row['answer']}\n"
        f"引：{cited}\n应：{question.document}：{golds}\n"
    )


def result(judgements: Sequence[SpanJudgement], run: Mapping[str, Any]) -> dict[str, Any]:
    """What is saved: the run, the figures, and the ids (never the words) of what was not covered."""
    return {
        "run": dict(run),
        "overall": rounded(summarise(judgements)),
        "wrong": [judgement.id for judgement in judgements if not judgement.covered],
    }
