"""
The plain way to find a span, for comparison: the window of whole sentences that BM25 likes best.

    "银杏归谁管？"  ->  "银杏由市园林局管理。雪松由……", at most 160 characters of one paper

A window opens at each sentence and takes in the ones after it while they fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import bm25s
import jieba

from bot.documents.corpus import read_corpus
from bot.text.sentences import split_sentences
from bot.types import Document, Span
from eval.baseline import words
from eval.rows import Cited, Row
from eval.spans.questions import SpanQuestion

LONGEST = 160  # characters


class Windows:
    """Callable: a question in, an OUT row out."""

    def __init__(self, documents: Sequence[Document]) -> None:
        jieba.setLogLevel("ERROR")
        self._windows = [(document, span) for document in documents for span in windows(document.text)]
        self._index = bm25s.BM25()
        self._index.index([words(span.of(document.text)) for document, span in self._windows], show_progress=False)

    @classmethod
    def from_corpus(cls, paths: Sequence[Path]) -> Windows:
        return cls([outline.document for outline in read_corpus(paths).outlines])

    def __call__(self, question: SpanQuestion) -> Row:
        scores = self._index.get_scores(words(question.question))
        best = int(scores.argmax())
        row: Row = {
            "id": question.id,
            "question": question.question,
            "status": "unanswerable_not_in_corpus",
            "answer": "没有找到。",
            "citations": [],
            "timings_ms": {},
            "found": [],
        }
        if scores[best] <= 0:
            return row
        document, span = self._windows[best]
        quote = span.of(document.text)
        cited: Cited = {
            "document": document.id,
            "ref": "",
            "quote": quote,
            "start": span.start,
            "end": span.end,
            "units": [],
        }
        return {**row, "status": "answered", "answer": quote, "citations": [cited], "found": [document.id]}


def windows(text: str, longest: int = LONGEST) -> Iterator[Span]:
    """Runs of sentences of at most `longest` characters; a longer sentence is cut."""
    pieces = [
        Span(start, min(start + longest, sentence.end))
        for sentence in split_sentences(text)
        for start in range(sentence.start, sentence.end, longest)
    ]
    for place, first in enumerate(pieces):
        fitting = [piece.end for piece in pieces[place : place + longest] if piece.end - first.start <= longest]
        yield Span(first.start, fitting[-1])
