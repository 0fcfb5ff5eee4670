"""
Ask the system under test: questions in, OUT rows out. The only file of the evaluation that knows how it is called.

    Question("海上综合试验场建设归谁管？")  ->  {"id": "dev-unit-01", "status": "answered", "answer": "…", …}

The first question is asked once unmeasured: the figures are for a warm service; starting has its own benchmark.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar, cast

from bot.settings import settings
from eval.errors import EvaluationError
from eval.questions import Question
from eval.rows import Row

System = Callable[[Question], Row]
Asked = TypeVar("Asked")


def open_system(name: str, store: Path | None = None) -> System:
    """`bot` is ours, `baseline` the tutorial recipe. Raises EvaluationError for another name, StoreError."""
    if name == "bot":
        return _open_bot(store)
    if name == "baseline":
        from eval.baseline import Baseline

        return Baseline.from_corpus([settings().corpus])
    raise EvaluationError(f"没有叫“{name}”的系统，请用 bot 或 baseline。")


def generate(system: Callable[[Asked], Row], questions: Sequence[Asked]) -> Iterator[Row]:
    """Rows in the order of the questions; `timings_ms["total"]` is wall time in milliseconds."""
    for question in questions[:1]:
        system(question)
    for question in questions:
        started = time.perf_counter()
        row = system(question)
        total = (time.perf_counter() - started) * 1000
        yield {**row, "timings_ms": {**row["timings_ms"], "total": round(total, 3)}}


def corpus_texts(paths: Sequence[Path] = ()) -> dict[str, str]:
    """Document id → text, as the system indexes it, for checking quotes."""
    from bot.documents.corpus import read_corpus

    reading = read_corpus(paths or [settings().corpus])
    return {outline.document.id: outline.document.text for outline in reading.outlines}


def _open_bot(store: Path | None) -> System:
    from bot.answering.pipeline import open_pipeline
    from bot.answering.report import row

    pipeline = open_pipeline(store)

    def ask(question: Question) -> Row:
        history = [list(turn) for turn in question.history]
        return cast("Row", row(pipeline.invoke({"question": question.question, "history": history}), question.id))

    return ask
