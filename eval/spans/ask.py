"""
The systems that are asked: a folder of papers in, something that answers a SpanQuestion with an OUT row out.

    with open_system("bot", DIR, store) as system:  system(SpanQuestion("q1", "银杏归谁管？", …))
    ->  {"id": "q1", "status": "answered", "answer": "…", "citations": […], "found": ["trees", "roads"], …}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.errors import EvaluationError
from eval.generate import bot_over
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
        with bot_over([folder / DOCUMENTS], store) as bot:
            yield bot
    else:
        raise EvaluationError(f"没有叫“{name}”的系统，请用 bot 或 baseline。")
