"""
Learn which sentence of a statute answers: practice questions -> the weights of bot/answering/ranking.toml.

    python -m eval rank --with DIR  ->  figures by folds, before and after; ranking.toml rewritten

A conditional logit: of all sentences that were found for a question, the right one, or one of the right article, is to
have the greatest sum of its hand-set score (weight 1) and of what `bot.answering.ranking.observe` sees. A law's
questions are all in one fold, so that none is measured on what another of the same law taught.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.answering import ranking
from bot.answering.evidence import beside, by_paper
from bot.answering.pipeline import Pipeline
from eval.metrics import fold, same_clause
from eval.questions import Question
from eval.samples import parts_searched

WEIGHTS = Path(ranking.__file__).with_name("ranking.toml")
PENALTY = 0.005  # of the squared weights, each of its observation brought to unit variance
LEAST = 0.01  # weight of the hand-set score: it may count for little, not against
FOLDS = 5
DEPTH = 60  # chunks; more than the product weighs, so that there are more wrong ones to learn from

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """The sentences found for a question: what is seen of each, and which are right."""

    group: str  # law, or a stand-in for a question on the plan
    names: tuple[str, ...]
    seen: Floats  # [sentences, 1 + names]: the hand-set score first
    in_article: Floats  # 1 where the sentence is of a right clause
    right: Floats  # 1 where it also has words that the answer must hold


def choices(pipeline: Pipeline, questions: Iterable[Question]) -> Iterator[Choice]:
    """Of the questions with one part whose right clause is among what is found."""
    for question in questions:
        parts = list(parts_searched(pipeline, question))
        if question.to_refuse or not question.clauses or len(parts) != 1:
            continue
        query = parts[0]
        near = {hit.chunk.id: hit for hit in (*pipeline.candidates(query), *pipeline.retrieve(query, DEPTH))}
        evidence = pipeline.by_wording(query, sorted(near.values(), key=lambda hit: hit.score, reverse=True))
        if not evidence:
            continue
        papers = {id_: beside(query, items) for id_, items in by_paper(evidence).items()}
        articles = [item for item in evidence if item.is_article]
        observed = iter(ranking.observe(query, articles, pipeline.likeness.to(query.understood)))
        rows = [next(observed) if item.is_article else None for item in evidence]
        names = next((("article", *row) for row in rows if row), None)
        in_article = np.array(
            [
                any(same_clause(item.clause.ref, clause, item.clause.document.work) for clause in question.clauses)
                for item in evidence
            ],
            dtype=float,
        )
        if not names or not in_article.any() or in_article.all():
            continue
        seen = np.zeros((len(evidence), 1 + len(names)))
        for place, (item, row) in enumerate(zip(evidence, rows, strict=True)):
            seen[place, 0] = item.score + papers[item.clause.document.id]
            if row:
                seen[place, 1:] = 1.0, *row.values()
        holds = [any(fold(phrase) in fold(item.text) for phrase in question.required) for item in evidence]
        right = in_article * np.array(holds, dtype=float)
        law = question.clauses[0].rpartition(" ")[0]
        group = law or str(zlib.crc32(question.id.encode()) % (10 * FOLDS))
        yield Choice(group, names, seen, in_article, right if right.any() else in_article)


def learn(sets: Sequence[Sequence[Choice]], path: Path = WEIGHTS) -> str:
    """Fit on all choices and write the weights. Returns figures of each set by folds, in Chinese."""
    every = [choice for own in sets for choice in own]
    groups = sorted({choice.group for choice in every}, key=lambda group: zlib.crc32(group.encode()))
    folds = {group: place % FOLDS for place, group in enumerate(groups)}
    learnt = [fit([choice for choice in every if folds[choice.group] != held_back]) for held_back in range(FOLDS)]
    by_hand = np.eye(1, len(learnt[0]))[0]
    lines = []
    for own in sets:
        before = [first(choice, by_hand) for choice in own]
        after = [first(choice, learnt[folds[choice.group]]) for choice in own]
        figures = (f"{np.mean(found, axis=0)[place]:.1%}" for place in (0, 1) for found in (before, after))
        lines.append("{} 问：首条 {} → {}，首句 {} → {}".format(len(own), *figures))
    write_weights(every, fit(every), path)
    return f"{FOLDS} 折交叉验证，学之前 → 之后\n" + "\n".join(lines)


def first(choice: Choice, weights: Floats) -> tuple[bool, bool]:
    """Whether the first sentence is of a right clause, and whether it is a right one."""
    best = int(np.argmax(choice.seen @ weights))
    return bool(choice.in_article[best]), bool(choice.right[best])


def fit(choices: Sequence[Choice]) -> Floats:
    """The weights, the hand-set score's first; it is 1."""
    centred = [choice.seen - choice.seen.mean(axis=0) for choice in choices]
    spread = np.concatenate(centred).std(axis=0) + 1e-6
    rows = [seen / spread for seen in centred]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for seen, choice in zip(rows, choices, strict=True):
            scores = seen @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            for wanted in (choice.in_article, choice.right):
                share = likely * wanted
                total -= 0.5 * np.log(share.sum() + 1e-12)
                slope -= 0.5 * seen.T @ (share / (share.sum() + 1e-12) - likely)
        penalty = PENALTY * float(weights @ weights)
        return total / len(rows) + penalty, slope / len(rows) + 2 * PENALTY * weights

    names = rows[0].shape[1]
    bounds = [(LEAST, None), *[(None, None)] * (names - 1)]
    found = minimize(loss, np.zeros(names), jac=True, method="L-BFGS-B", bounds=bounds)
    weights: Floats = found.x / spread
    learnt: Floats = weights / weights[0]
    return learnt


def write_weights(choices: Sequence[Choice], weights: Floats, path: Path) -> None:
    """The file that `bot.answering.ranking` reads: the level is what the right sentences have on the average."""
    names = choices[0].names[1:]
    right = np.concatenate([choice.seen[(choice.right > 0) & (choice.seen[:, 1] > 0)] for choice in choices])
    level = float((right[:, 2:] @ weights[2:]).mean())
    lines = "\n".join(f"{name} = {weight:.3f}" for name, weight in zip(names, weights[2:], strict=True))
    head = "# Learnt by `python -m eval rank` from the practice questions; not to be edited by hand."
    path.write_text(
        f"{head}\nlevel = {level:.3f}\narticle = {weights[1] + level:.3f}\n\n[weights]\n{lines}\n", encoding="utf-8"
    )
