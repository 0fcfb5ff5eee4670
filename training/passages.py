"""
Learn which lines of a paper answer: our questions on official pages -> the weights of bot/answering/passage.toml.

    python -m training.passages ../shared/pages  ->  172 questions, first line right 70.3 % (by score alone 60.5 %)

A multinomial logistic regression over the lines of a page: each line is to get the share of the answer that stands in
it. The pages are flattened into one line, as the papers that the model is for. Cross-validated over eight parts.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import tomlkit
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.answering import passage
from bot.answering.pipeline import Pipeline
from bot.documents.corpus import read_corpus
from bot.index.build import build
from bot.index.embed import open_embedder
from bot.index.store import open_store
from bot.settings import settings
from bot.types import Scope, Span

PAIRS = Path(__file__).parent / "pairs" / "passages.txt"
WEIGHTS = Path(passage.__file__).with_suffix(".toml")
BY_HAND = frozenset({"announces", "repeats_title"})  # the pages are no news
LONGEST = 3000  # characters of a page
PENALTY = 0.02  # of the squared weights, each in standard deviations of what is observed
FOLDS = 8
BREAK = re.compile(r"[ \t\u3000]*\n\s*")

Floats = NDArray[np.float64]


class Asked(NamedTuple):
    """A question, alone and after its subject, the page's file name, and how the answer begins and ends there."""

    questions: tuple[str, str]
    page: str
    first: str
    last: str


class Sample(NamedTuple):
    """What is observed of each line (rows), and the share of the answer that stands in it."""

    observed: Floats
    shares: Floats


def read_questions(path: Path = PAIRS) -> list[Asked]:
    """Raises ValueError for a line that is neither."""
    asked: list[Asked] = []
    for group in path.read_text(encoding="utf-8").split("\n\n")[1:]:
        head, *lines = group.strip().splitlines()
        page, _, subject = head.partition("｜")
        for line in lines:
            answer, _, question = line.partition("｜")
            first, _, last = answer.partition("…")
            if not (first and last and question):
                raise ValueError(f"{path.name} 的“{line}”应为“答案开头…结尾｜问题”，请改正。")
            asked.append(Asked((question, f"{subject}，{question}"), page, first, last))
    return asked


def flat(title: str, text: str) -> str:
    """A page as it is found where its lines were lost."""
    text = BREAK.sub(" \u3000\u3000", text.strip())[:LONGEST]
    return text if text.startswith(title) else f"{title} {text}"


def samples(pages: Path, asked: Sequence[Asked], folder: Path) -> list[Sample]:
    """Those whose page is there and is found, with the lines as the product reads them."""
    papers = folder / "papers"
    papers.mkdir()
    for outline in read_corpus([pages]).outlines:
        document = outline.document
        if any(each.page == document.id for each in asked):
            (papers / f"{document.id}.txt").write_text(flat(document.title, document.text), encoding="utf-8")
    build([papers], folder / "store", open_embedder(settings()))
    pipeline = Pipeline(open_store(folder / "store", open_embedder(settings())))
    found: list[Sample] = []
    for each in asked:
        lines = pipeline.lines(each.page)
        text = lines[0].clause.document.text
        start = text.index(each.first)
        answer = Span(start, text.index(each.last, start) + len(each.last))
        inside = [max(0, min(line.span.end, answer.end) - max(line.span.start, answer.start)) for line in lines]
        for question in each.questions:
            query = replace(pipeline.understand(question), scope=Scope(named=frozenset({each.page})))
            evidence = pipeline.evidence(query, pipeline.candidates(query))
            if evidence and evidence[0].rarities:
                observed = passage.observe(query, evidence, lines)
                learnt = [column for name, column in observed.items() if name not in BY_HAND]
                found.append(Sample(np.column_stack(learnt), np.array(inside) / sum(inside)))
    return found


def learn(data: Sequence[Sample]) -> Floats:
    """The weights that make the shares likeliest."""
    scale = np.vstack([sample.observed for sample in data]).std(axis=0).clip(0.05)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for observed, shares in data:
            scaled = observed / scale
            scores = scaled @ weights
            scores -= scores.max()
            expected = np.exp(scores) / np.exp(scores).sum()
            total -= float(shares @ np.log(expected + 1e-12))
            slope += scaled.T @ (expected - shares)
        return total / len(data) + PENALTY * float(weights @ weights), slope / len(data) + 2 * PENALTY * weights

    return np.asarray(minimize(loss, np.zeros(len(scale)), jac=True).x / scale)


def right(data: Sequence[Sample], weights: Floats) -> int:
    """The questions of which the line with the best score holds as much of the answer as any."""
    return sum(shares[int((observed @ weights).argmax())] == shares.max() for observed, shares in data)


def main(pages: Annotated[Path, typer.Argument(help="网页所在的文件夹")]) -> None:
    """由自写的问题学 bot/answering/passage.toml 的权重。"""
    with tempfile.TemporaryDirectory() as folder:
        data = samples(pages, read_questions(), Path(folder))
    weights = learn(data)
    alone = np.eye(len(weights))[0]  # the score of the sentence
    folds = [set(fold.tolist()) for fold in np.array_split(np.arange(len(data)), FOLDS)]
    held = sum(
        right(
            [data[place] for place in sorted(fold)],
            learn([each for place, each in enumerate(data) if place not in fold]),
        )
        for fold in folds
    )
    share, before = held / len(data), right(data, alone) / len(data)
    print(f"{len(data)} questions, first line right {share:.1%} (by score alone {before:.1%})")
    written = tomlkit.parse(WEIGHTS.read_text(encoding="utf-8"))
    learnt = [name for name in written if name not in BY_HAND]
    for name, weight in zip(learnt, weights.tolist(), strict=True):
        written[name] = round(weight, 2)
    WEIGHTS.write_text(tomlkit.dumps(written), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
