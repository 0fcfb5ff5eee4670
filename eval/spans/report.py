"""
Show and keep the figures of spans: judgements in, a table or a JSON content out.

    {"covered": 0.62, "rouge_l": 0.31, …}  ->  要点在答案里 62.0%  ROUGE-L 0.310 …
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from eval.figures import SPANS, rounded, shown
from eval.metrics import Figures
from eval.replies import Reply
from eval.rows import Row
from eval.spans.metrics import SpanJudgement, summarise
from eval.spans.questions import SpanQuestion


def table(title: str, figures: Figures) -> Table:
    """One row a figure; a dash where nothing was measured."""
    filled = Table("指标", "数值", title=title)
    for name, figure in SPANS.items():
        filled.add_row(figure.label, shown(name, figures[name]))
    return filled


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
        "replies": {
            item.id: Reply("", item.status, item.covered, round(item.total_ms, 1)).as_json(item.id)
            for item in judgements
        },
    }
