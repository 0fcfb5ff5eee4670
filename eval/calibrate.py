"""
Learn when to refuse: labelled questions -> the weights of bot/answering/answerable.toml.

    python -m eval calibrate --with DIR  ->  figures of a tenfold cross-validation, docs/calibration.png,
                                             answerable.toml rewritten

A logistic regression over what `bot.answering.answerable.observe` sees. Only questions that reach that model take part:
orders to the system, matters out of scope and answers from the document's structure are settled before it. Only the
practice set is used, so that the held-out set stays a measure of unseen questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering import answerable
from bot.answering.pipeline import Pipeline
from eval.questions import Question
from eval.samples import Sample, reaching

WEIGHTS = Path(answerable.__file__).with_name("answerable.toml")
# Inverse of the L2 penalty. With 10 the cross-validated Brier score is 0.060, with 3 0.061, with 1 0.062; the weaker
# the penalty, the more what nearly says the same gets large weights of opposite sign, and other papers are refused.
STRENGTH = 3.0
THRESHOLD = 0.65  # answer from this probability on
ELSEWHERE = 0.45  # where another paper than the main one answers, or there is no main one
FOLDS = 10
TAKING_PART = {"answered", "unanswerable", "correct_premise"}  # what is expected
SETTLED_ELSEWHERE = {"promise", "unsafe", "out_of_scope"}  # kinds

Floats = NDArray[np.float64]


def samples(pipeline: Pipeline, questions: Sequence[Question]) -> Iterator[Sample]:
    """The questions that reach the model, each part of a question that has several on its own."""
    for question in questions:
        if question.expect not in TAKING_PART or question.kind in SETTLED_ELSEWHERE:
            continue
        answers = question.expect != "unanswerable"
        # Of several parts the text may well answer one: only the first is known to be unanswerable.
        for part, evidence in reaching(pipeline, question, None if answers else 1):
            yield Sample.of(question.id, part, evidence, pipeline, answers)


def calibrate(asked: Mapping[str, tuple[Pipeline, Sequence[Question]]], plot: Path | None = None) -> str:
    """Ask each set of its pipeline, and `learn` from what the model sees of the questions."""
    return learn({name: list(samples(pipeline, questions)) for name, (pipeline, questions) in asked.items()}, plot)


def learn(of_sets: Mapping[str, Sequence[Sample]], plot: Path | None = None) -> str:
    """
    Fit on the samples of all sets, write the weights, draw the calibration.

    Returns the figures in Chinese: a line for all, then one for each set under its name.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    found = [sample for of_set in of_sets.values() for sample in of_set]
    names = [name for name in found[0].observations if name != "one"]
    seen = np.array([[sample.observations[name] for name in names] for sample in found])
    labels = np.array([sample.answerable for sample in found], dtype=float)
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    # A question asked of two corpora is in one fold, so that neither sample is measured on what the other taught.
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    groups = [sample.id for sample in found]
    likely: Floats = cross_val_predict(model, seen, labels, cv=folds, groups=groups, method="predict_proba")[:, 1]
    model.fit(seen, labels)
    learnt = dict(zip(names, map(float, model.coef_[0]), strict=True))
    write_weights({"one": float(model.intercept_[0]), **learnt})
    if plot:
        draw(likely, labels, plot)
    sets = np.repeat(list(of_sets), [len(of_set) for of_set in of_sets.values()])
    refused = likely < [ELSEWHERE if sample.elsewhere else THRESHOLD for sample in found]
    lines = [f"{FOLDS} 折交叉验证，阈值 {THRESHOLD}，别的文件来答时 {ELSEWHERE}"]
    for name in ("全部", *of_sets):
        chosen = (sets == name) | (name == "全部")
        lines.append(f"{name}：{told(likely[chosen], labels[chosen], refused[chosen])}")
    return "\n".join(lines)


def told(likely: Floats, labels: Floats, refused: NDArray[np.bool_]) -> str:
    """A set's figures in Chinese: of the probabilities of its samples, and of what the thresholds in force refuse."""
    from sklearn.metrics import roc_auc_score

    brier = float(((likely - labels) ** 2).mean())
    wrongly, rightly = refused[labels == 1].mean(), refused[labels == 0].mean()
    return (
        f"{len(labels)} 个样本（{int((1 - labels).sum())} 个应拒答），AUC {roc_auc_score(labels, likely):.3f}，"
        f"Brier 分数 {brier:.3f}，误拒 {wrongly:.1%}，应拒答的拒答 {rightly:.1%}"
    )


def write_weights(weights: dict[str, float], path: Path = WEIGHTS) -> None:
    """The file that `bot.answering.answerable` reads."""
    lines = "\n".join(f"{name} = {weight:.3f}" for name, weight in weights.items())
    head = "# Learnt by `python -m eval calibrate` from the practice questions; not to be edited by hand."
    thresholds = f"threshold = {THRESHOLD}\nelsewhere = {ELSEWHERE}"
    path.write_text(f"{head}\n{thresholds}\n\n[weights]\n{lines}\n", encoding="utf-8")


def draw(likely: Floats, labels: Floats, path: Path, bins: int = 8) -> None:
    """Predicted against observed share of answerable questions, in bins of equal size."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    order = np.argsort(likely)
    groups = [group for group in np.array_split(order, bins) if len(group)]
    figure, axes = pyplot.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    axes.plot([likely[group].mean() for group in groups], [labels[group].mean() for group in groups], marker="o")
    axes.set(xlabel="predicted probability of being answerable", ylabel="observed share", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
