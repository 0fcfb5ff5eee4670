"""
Learn when two questions ask the same, from the practice entries, and write bot/service/curated/likeness.toml.

    learn(load_cases("dev"), reader)  ->  "…: recall 0.8, mistaken 0.01 (eight-fold)"

A logistic model over the features of a pair. The practice look-alikes are few, so more are made: a variant in which a
noun of the question is exchanged for one of another entry. The threshold is the lowest at which no more than
MOST_MISTAKEN of the look-alikes are answered when each eighth of the entries is judged by a model of the others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.service.curated import likeness
from bot.service.curated.likeness import MODEL, VETOES, Model, features
from bot.service.curated.matching import Matcher
from bot.service.curated.reading import Reader, Reading
from bot.text.normalise import normalise
from eval.curated.cases import WRITTEN, Case

FOLDS = 8
STRENGTH = 1 / 3  # of the penalty on large weights
MADE_WEIGHT = 0.35  # of a look-alike that was made, against one that was written
MOST_MISTAKEN = 0.01
SEED = 5
NEAREST, FARTHEST = 4, 60  # which of the nouns by nearness takes another's place: the very nearest may mean the same

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions: do they ask the same?"""

    case: str
    values: dict[str, float]
    same: bool
    weight: float = 1.0


def pairs(cases: Sequence[Case], reader: Reader) -> Iterator[Pair]:
    """Of each entry what is written, with one wording and with three, and what is made."""

    def read(text: str) -> Reading:
        return reader.read(normalise(text), WRITTEN.date())

    nouns = _nouns(cases, reader)
    chance = random.Random(SEED)
    for case in cases:
        wordings = (case.question, *case.variants[:2])
        readings = tuple(map(read, wordings))
        for place, reading in enumerate(readings):
            beside = tuple(other for other in readings if other is not reading)
            for same, asked in ((True, case.variants), (False, case.lookalikes)):
                for question in asked:
                    if question == wordings[place]:
                        continue
                    yield Pair(case.id, features(reading, read(question)), same)
                    if place == 0 or question not in wordings:
                        yield Pair(case.id, features(reading, read(question), beside), same)
        for question in _made(case, nouns, chance, reader):
            yield Pair(case.id, features(readings[0], read(question)), False, MADE_WEIGHT)


def fit(chosen: Sequence[Pair]) -> dict[str, float]:
    """Logistic regression with a ridge penalty."""
    chosen = [pair for pair in chosen if not any(pair.values[name] for name in VETOES)]
    names = [name for name in chosen[0].values if name not in VETOES]
    x = np.array([[pair.values[name] for name in names] for pair in chosen])
    y = np.array([1.0 if pair.same else -1.0 for pair in chosen])
    w = np.array([pair.weight for pair in chosen])

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = y * (x @ weights)
        slope = -w * y / (1 + np.exp(np.clip(margins, -500, 500)))
        value = float(w @ np.logaddexp(0, -margins) + STRENGTH / 2 * weights @ weights)
        return value, x.T @ slope + STRENGTH * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return dict(zip(names, map(float, found), strict=True)) | dict.fromkeys(VETOES, 0.0)


def learn(cases: Sequence[Case], reader: Reader, path: Path = MODEL) -> str:
    """Writes the model; returns what it reaches on entries it was not learnt from."""
    every = list(pairs(cases, reader))
    folds = [{each.id for each in cases[place::FOLDS]} for place in range(FOLDS)]
    models = [fit([pair for pair in every if pair.case not in fold]) for fold in folds]
    judged = [_judged(cases, folds, models, worded, reader) for worded in (False, True)]
    chosen = min(
        (each for each in np.arange(0.3, 0.96, 0.01) if max(_rate(of, each, False) for of in judged) <= MOST_MISTAKEN),
        default=1.0,
    )
    told = [f"同义 {_rate(of, chosen, True):.1%}、误认 {_rate(of, chosen, False):.1%}" for of in judged]
    weights = fit(every)
    lines = [f"{name} = {value:.3f}" for name, value in weights.items()]
    head = "# Learnt by `python -m eval curated --learn` from the practice entries; not to be edited by hand.\n"
    path.write_text(f"{head}threshold = {chosen:.2f}\n\n[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return f"阈值 {chosen:.2f}；八折验证，只有问题本身：{told[0]}；有两条同义问法和一条反例：{told[1]}"


def _judged(
    cases: Sequence[Case],
    folds: Sequence[set[str]],
    models: Sequence[dict[str, float]],
    worded: bool,
    reader: Reader,
) -> list[tuple[float, bool]]:
    """The probability of each question by a model that has not seen its entry, and whether it asks the same."""
    judged = []
    for fold, weights in zip(folds, models, strict=True):
        learnt = Model(0.0, weights)
        with patch.object(likeness, "model", lambda learnt=learnt: learnt):
            for case in (each.worded() if worded else each for each in cases if each.id in fold):
                matcher = Matcher([case.entry], reader)
                for same, questions in ((True, case.variants), (False, case.lookalikes)):
                    for question in questions:
                        near = matcher.nearest(question, WRITTEN.date())
                        judged.append((near[0].probability if near else 0.0, same))
    return judged


def _rate(judged: Sequence[tuple[float, bool]], threshold: float, same: bool) -> float:
    """Of the questions that ask the same, or do not, the share that is answered."""
    return float(np.mean([probability >= threshold for probability, asks_same in judged if asks_same == same]))


def _nouns(cases: Sequence[Case], reader: Reader) -> dict[str, Floats]:
    texts = (normalise(text) for case in cases for text in (case.question, *case.variants))
    found = {word for text in texts for word in reader.nouns(text)}
    return {word: reader.vector(word) for word in sorted(found)}


def _made(case: Case, nouns: dict[str, Floats], chance: random.Random, reader: Reader) -> Iterator[str]:
    own = [word for word in reader.nouns(normalise(case.question)) if word in nouns]
    for text in (case.question, *case.variants) * 2:
        there = [word for word in own if word in normalise(text)]
        if not there:
            continue
        word = chance.choice(there)
        others = [other for other in nouns if not set(other) <= set(word) and not set(word) <= set(other)]
        others.sort(key=lambda other: -float(nouns[other] @ nouns[word]))
        yield normalise(text).replace(word, chance.choice(others[NEAREST:FARTHEST]))
