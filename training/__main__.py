"""
Train the embedding model from data folders to the folder the product ships.

    python -m training --data ../shared/retrieval --out bot/index/model --folds 5
    {"recall@10": 0.63, "recall@100": 0.85, "mrr@10": 0.48}

Seeded; on one core about a quarter of an hour, and seven minutes more for each fold of the cross-validation.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from bot.settings import PROJECT
from training.data import (
    Retrieval,
    read_articles,
    read_beir,
    read_our_pairs,
    read_our_questions,
    read_our_words,
    read_policy_questions,
    read_question_pairs,
)
from training.evaluate import measure, rank
from training.export import QUERY_PROMPT, export
from training.tokenizer import build_tokenizer
from training.train import Recipe, learn_questions, learn_statutes

CARD = Path(__file__).parent / "card.md"


def main(
    data: Annotated[Path, typer.Option(help="训练数据文件夹")] = PROJECT.parent / "shared" / "retrieval",
    out: Annotated[Path, typer.Option(help="模型写到哪里")] = PROJECT / "bot" / "index" / "model",
    folds: Annotated[int, typer.Option(help="交叉验证的份数,0 为不做")] = 0,
) -> None:
    """Learn from all questions and put the model in place; then, if asked to, cross-validate."""
    lesson = Lesson(data, Recipe())
    table = lesson.learn(sorted(lesson.retrieval.queries))
    export(lesson.tokenizer, table, out, CARD.read_text(encoding="utf-8"))
    typer.echo(f"模型已写入 {out}")
    if folds:
        typer.echo(json.dumps(cross_validate(lesson, folds)))


def cross_validate(lesson: Lesson, folds: int) -> dict[str, float]:
    """Measures over all questions, each answered by a model trained on the other parts."""
    parts, retrieval = split(lesson.retrieval, folds), lesson.retrieval
    ranked: dict[str, list[str]] = {}
    for held_back in parts:
        table = lesson.learn([query for part in parts if part is not held_back for query in part])
        questions = [retrieval.queries[query] for query in held_back]
        found = dict(zip(held_back, rank(lesson.tokenizer, table, retrieval.corpus, questions, 100), strict=True))
        typer.echo(json.dumps(measure(found, retrieval.relevant)))
        ranked |= found
    return measure(ranked, retrieval.relevant)


def split(retrieval: Retrieval, folds: int) -> list[list[str]]:
    """The questions in `folds` parts, ordered by a hash of their ids so that neighbours part."""
    queries = sorted(retrieval.queries, key=lambda query: hashlib.sha256(query.encode()).digest())
    return [queries[part::folds] for part in range(folds)]


class Lesson:
    """The data, and an embedding that has learnt the statutes; `learn` starts from there each time."""

    def __init__(self, data: Path, recipe: Recipe) -> None:
        torch.set_num_threads(1)  # the matrices are small: a second thread costs more than it gives
        self.recipe = recipe
        self.articles = read_articles(data)
        self.retrieval = read_beir(data / "stard-train", "train")
        self.written = read_our_questions(self.retrieval)
        self.policy = read_policy_questions(PROJECT / "corpus")
        self.others, self.pairs = read_question_pairs(data), read_our_pairs()
        self.tokenizer = build_tokenizer(self._texts(), [QUERY_PROMPT.strip(": "), *read_our_words()])
        self.embedding = learn_statutes(self.tokenizer, self.articles, [*self.others, *self.pairs], recipe)
        self._start = copy.deepcopy(self.embedding.state_dict())

    def learn(self, queries: Sequence[str]) -> np.ndarray:
        """The table learnt from the questions with these ids: the mean over `recipe.models` seeds."""
        asked = self.retrieval.asked(queries)
        tables = []
        for seed in range(self.recipe.seed, self.recipe.seed + self.recipe.models):
            self.embedding.load_state_dict(self._start)
            learn_questions(
                self.embedding,
                self.retrieval,
                asked,
                self.written,
                self.policy,
                self.pairs,
                self.articles,
                self.others,
                self.recipe,
                seed,
            )
            tables.append(self.embedding.folded())
        mean: np.ndarray = np.mean(tables, axis=0)
        return mean

    def _texts(self) -> list[str]:
        texts = [text for article in self.articles for text in (article.heading, article.text)]
        pairs = [text for pair in [*self.others, *self.pairs] for text in pair]
        policy = [text for question, passage, _ in self.policy for text in (question, passage)]
        written = [question for question, _ in self.written]
        return [*texts, *pairs, *self.retrieval.queries.values(), *written, *policy]


if __name__ == "__main__":
    typer.run(main)
