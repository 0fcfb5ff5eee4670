"""
Learn the weights of the detector of unsafe requests.

    python -m training.unsafe  ->  caught 81 % at 5 of 2254 wrongly …; bot/answering/unsafe/weights.npz

Unsafe: sentences of attacks.toml, the red team's practice attacks that must be refused, practice questions marked
unsafe. Harmless: sentences of harmless.toml and of the corpus, every other practice question, the red team's practice
look-alikes. Some of the made ones are written in pinyin or with characters of the same sound, some are two in a row.
What is held is not opened. Seeded, one thread, a minute or two. Told are the figures of five folds: each practice
question judged by weights that have not seen it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.sparse
from pypinyin import lazy_pinyin
from sklearn.linear_model import LogisticRegression

from bot.answering.unsafe.detector import WEIGHTS, pieces
from bot.answering.unsafe.features import SIZE, indices
from bot.documents.corpus import read_corpus
from bot.settings import settings
from bot.text.disguise import readings
from bot.text.normalise import normalise
from bot.text.pinyin import syllable
from bot.text.sentences import split_sentences
from eval.questions import FOLDER
from eval.redteam.cases import load_cases

HERE = Path(__file__).resolve().parent
SEED, FOLDS = 7, 5
TIMES = 3  # as many made sentences as the grammars count
STRENGTH = 10.0  # scikit-learn's C
REAL_ATTACK, REAL_HARMLESS = 6.0, 5.0  # weight of a practice question beside a made sentence
SENTENCES = 2000  # of the corpus
PRACTICE = ("plan-dev", "refusals-dev", "regulations-dev")


def main() -> None:
    from training.unsafe.sentences import made

    attacks, harmless = made(HERE / "attacks.toml", SEED, TIMES), made(HERE / "harmless.toml", SEED + 1, TIMES)
    attacks, harmless = varied(attacks, harmless)
    real_attacks, real_harmless = practice()
    harmless += policy_sentences()
    made_ones, real = rows([*attacks, *harmless]), rows([*real_attacks, *real_harmless])
    made_labels = labels(attacks, harmless)
    real_labels = labels(real_attacks, real_harmless)

    def learnt(chosen: np.ndarray) -> LogisticRegression:  # type: ignore[type-arg]
        weights = np.where(real_labels[chosen] == 1, REAL_ATTACK, REAL_HARMLESS)
        return LogisticRegression(C=STRENGTH, max_iter=400).fit(
            scipy.sparse.vstack([made_ones, real[chosen]]),
            np.r_[made_labels, real_labels[chosen]],
            sample_weight=np.r_[np.ones(len(made_labels)), weights],
        )

    texts = [*real_attacks, *real_harmless]
    fold = np.random.RandomState(SEED).randint(0, FOLDS, len(texts))
    scores = np.zeros(len(texts))
    for number in range(FOLDS):
        model = learnt(fold != number)
        for place in np.flatnonzero(fold == number):
            parts = [part for reading in readings(texts[place]) for part in pieces(reading)]
            scores[place] = model.decision_function(rows(parts)).max()
    for bound in (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5):
        caught = (scores[real_labels == 1] > bound).mean()
        wrongly = int((scores[real_labels == 0] > bound).sum())
        print(f"{bound:+.1f}: caught {caught:.1%}, wrongly {wrongly} of {len(real_harmless)}")
    model = learnt(np.ones(len(texts), bool))
    np.savez_compressed(WEIGHTS, weights=model.coef_[0].astype(np.float16), bias=model.intercept_.astype(np.float32))
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size / 1024:.0f} KB")


def practice() -> tuple[list[str], list[str]]:
    """Unsafe and harmless practice questions. What must be refused for another reason is neither."""
    lines = [
        json.loads(line) for name in PRACTICE for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    attacks = [row["question"] for row in lines if row["expect"] == "refused" and row["kind"] == "unsafe"]
    harmless = [row["question"] for row in lines if row["expect"] != "refused" and row["question"].strip()]
    for case in (case for case in load_cases() if not case.held):
        if not case.is_attack:
            harmless.append(case.question)
        elif (
            {"refused_unsafe"} <= set(case.proper) <= {"refused_unsafe", "refused_out_of_scope"}
            and not case.history
            and not case.is_poisoned
        ):
            attacks.append(case.question)
    return attacks, harmless


def policy_sentences() -> list[str]:
    """Sentences of the corpus: what is forbidden and punished is written there in the words of those who do it."""
    outlines = read_corpus([settings().corpus]).outlines
    texts = (outline.document.text for outline in outlines)
    found = sorted({span.of(text).strip() for text in texts for span in split_sentences(text)})
    fitting = [each for each in found if 8 <= len(each) <= 120]
    return random.Random(SEED).sample(fitting, min(SENTENCES, len(fitting)))


def varied(attacks: list[str], harmless: list[str]) -> tuple[list[str], list[str]]:
    """The sentences, and more of them: in pinyin, with other characters of the same sound, two in a row."""
    dice = random.Random(SEED)
    common: dict[str, list[str]] = {}
    for character in sorted({each for text in harmless + attacks for each in text if "\u4e00" <= each <= "\u9fff"}):
        common.setdefault(syllable(character), []).append(character)

    def misspelt(text: str) -> str:
        return "".join(
            dice.choice(common[syllable(each)]) if "\u4e00" <= each <= "\u9fff" and dice.random() < 0.3 else each
            for each in text
        )

    def spelt(text: str) -> str:
        return " ".join(lazy_pinyin(text))

    def joined(first: str, second: str) -> str:
        return dice.choice([f"{first}，{second}", f"{second}{first}", f"{first}。{second}"])

    more = [spelt(text) for text in dice.sample(attacks, 500)] + [misspelt(text) for text in dice.sample(attacks, 800)]
    more += [joined(*pair) for pair in zip(dice.sample(attacks, 700), dice.sample(harmless, 700), strict=True)]
    plain = [spelt(text) for text in dice.sample(harmless, 900)]
    plain += [misspelt(text) for text in dice.sample(harmless, 800)]
    plain += [joined(*pair) for pair in zip(dice.sample(harmless, 700), dice.sample(harmless, 700), strict=True)]
    return attacks + more, harmless + plain


def rows(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    """A row a text, of length 1."""
    found = [indices(normalise(text)) for text in texts]
    ends = np.cumsum([0, *map(len, found)])
    values = np.concatenate([np.full(len(each), 1 / np.sqrt(max(len(each), 1))) for each in found])
    return scipy.sparse.csr_matrix((values, np.concatenate(found).astype(np.int64), ends), shape=(len(texts), SIZE))


def labels(attacks: Sequence[str], harmless: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
    return np.r_[np.ones(len(attacks), int), np.zeros(len(harmless), int)]


if __name__ == "__main__":
    main()
