"""
The systems that are asked: a folder of papers in, something that answers a SpanQuestion with an OUT row out.

    with open_system("bot", DIR, store) as system:  system(SpanQuestion("q1", "银杏归谁管？", …))
    ->  {"id": "q1", "status": "answered", "answer": "…", "citations": […], "found": ["trees", "roads"], …}
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from bot.settings import settings
from bot.types import Answer
from eval.errors import EvaluationError
from eval.rows import Row
from eval.spans.questions import DOCUMENTS, SpanQuestion

System = Callable[[SpanQuestion], Row]


@contextmanager
def open_system(name: str, folder: Path, store: Path | None = None) -> Iterator[System]:
    """
    `bot` is the product over an index of the folder's papers, kept at `store` if that is named; `baseline` is Windows.

    Raises EvaluationError for another name, CorpusError, StoreError, ModelError.
    """
    if name == "baseline":
        from eval.spans.windows import Windows

        yield Windows.from_corpus([folder / DOCUMENTS])
    elif name == "bot":
        with tempfile.TemporaryDirectory() as temporary, _open_bot(folder, store or Path(temporary)) as system:
            yield system
    else:
        raise EvaluationError(f"没有叫“{name}”的系统，请用 bot 或 baseline。")


def found_documents(answer: Answer) -> list[str]:
    """The documents of all hits, the best hit's first, each once."""
    hits = sorted((*answer.hits, *answer.rejected), key=lambda hit: -hit.score)
    return list(dict.fromkeys(hit.chunk.clause.document.id for hit in hits))


@contextmanager
def _open_bot(folder: Path, store: Path) -> Iterator[System]:
    from bot.answering.pipeline import open_pipeline
    from bot.answering.report import row
    from bot.index.build import build
    from bot.index.embed import open_embedder

    build([folder / DOCUMENTS], store, open_embedder(settings()))
    pipeline = open_pipeline(store)

    def ask(question: SpanQuestion) -> Row:
        history = [list(turn) for turn in question.history]
        answer = pipeline.invoke({"question": question.question, "history": history})
        return cast("Row", {**row(answer, question.id), "found": found_documents(answer)})

    with pipeline.store:
        yield ask
