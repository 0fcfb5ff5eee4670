"""
Ask the system under test: questions in, OUT rows out. The only file of the evaluation that knows how it is called.

    Question("海上综合试验场建设归谁管？")  ->  {"id": "dev-unit-01", "status": "answered", "answer": "…", …}

The first question is asked once unmeasured: the figures are for a warm service; starting has its own benchmark.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from bot.answering.report import row as answer_row
from bot.settings import settings
from eval.errors import EvaluationError
from eval.rows import Row

if TYPE_CHECKING:
    from bot.answering.pipeline import Pipeline
    from bot.types import Answer, Mode
    from eval.questions import Question


class Asked(Protocol):
    """What every question has, whatever counts as a right answer."""

    @property
    def id(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def history(self) -> tuple[tuple[str, str], ...]: ...


Asks = TypeVar("Asks", bound=Asked)
System = Callable[["Question"], Row]


class Bot:
    """Callable: a question in, the product's OUT row out."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._measured: Callable[[Answer], Any] = lambda _: None
        if pipeline.generator:
            from bot.answering.ground import Grounder
            from eval.generated import measured

            self._measured = partial(measured, grounder=Grounder(pipeline.store.outlines))

    def __call__(self, question: Asked) -> Row:
        history = [list(turn) for turn in question.history]
        answer = self.pipeline.invoke({"question": question.question, "history": history})
        written = self._measured(answer)
        told = {**answer_row(answer, question.id), "found": found_documents(answer)}
        return cast("Row", told | ({"written": written} if written else {}))


def open_system(name: str, store: Path | None = None, mode: Mode = "quoted") -> System:
    """`bot` is ours, `baseline` the tutorial recipe. Raises EvaluationError (another name), StoreError, ModelError."""
    if name == "bot":
        from bot.answering.pipeline import open_pipeline

        return Bot(open_pipeline(store, mode))
    return _other(name, [settings().corpus])


@contextmanager
def open_over(name: str, papers: Sequence[Path], store: Path | None = None, mode: Mode = "quoted") -> Iterator[System]:
    """The same over these files and folders. Raises EvaluationError for another name, and what `bot_over` raises."""
    if name == "bot":
        with bot_over(papers, store, mode) as bot:
            yield bot
    else:
        yield _other(name, papers)


@contextmanager
def bot_over(papers: Sequence[Path], store: Path | None = None, mode: Mode = "quoted") -> Iterator[Bot]:
    """
    The product over an index of these files and folders, which is kept at `store` if that is named.

    Raises CorpusError, StoreError, ModelError.
    """
    from bot.answering.pipeline import open_pipeline
    from bot.index.build import build
    from bot.index.embed import open_embedder

    with tempfile.TemporaryDirectory() as temporary:
        folder = store or Path(temporary)
        build(papers, folder, open_embedder(settings()))
        pipeline = open_pipeline(folder, mode)
        with pipeline.store:
            yield Bot(pipeline)


def _other(name: str, papers: Sequence[Path]) -> System:
    if name == "baseline":
        from eval.baseline import Baseline

        return Baseline.from_corpus(papers)
    raise EvaluationError(f"没有叫“{name}”的系统，请用 bot 或 baseline。")


def generate(system: Callable[[Asks], Row], questions: Sequence[Asks]) -> Iterator[Row]:
    """Rows in the order of the questions; `timings_ms["total"]` is wall time in milliseconds."""
    for question in questions[:1]:
        system(question)
    for question in questions:
        started = time.perf_counter()
        row = system(question)
        total = (time.perf_counter() - started) * 1000
        yield {**row, "timings_ms": {**row["timings_ms"], "total": round(total, 3)}}


def found_documents(answer: Answer) -> list[str]:
    """The documents of all hits, the best hit's first, each once."""
    hits = sorted((*answer.hits, *answer.rejected), key=lambda hit: -hit.score)
    return list(dict.fromkeys(hit.chunk.clause.document.id for hit in hits))


def corpus_texts(paths: Sequence[Path] = ()) -> dict[str, str]:
    """Document id → text, as the system indexes it, for checking quotes."""
    from bot.documents.corpus import read_corpus

    reading = read_corpus(paths or [settings().corpus])
    return {outline.document.id: outline.document.text for outline in reading.outlines}
