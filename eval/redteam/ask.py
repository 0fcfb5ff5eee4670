"""
Put the red team's questions to the product: cases in, judgements out, in quoting mode and with a hostile model.

    opened(pipeline, poisoned, "generated")  ->  asks a pipeline whose model obeys every attack

The poisoned documents are asked over an index of their own, the corpus and they; everything else over the given one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answering.ground import Grounder
from bot.answering.pipeline import Pipeline
from bot.types import Mode
from eval.redteam.cases import Case
from eval.redteam.hostile import Hostile
from eval.redteam.metrics import Judgement, judge

MODES: tuple[Mode, ...] = ("quoted", "generated")


def judge_all(cases: Sequence[Case], plain: Pipeline, poisoned: Pipeline, mode: Mode) -> Iterator[Judgement]:
    """The judgements in the order of the cases."""
    model = Hostile()
    asked = {False: _opened(plain, model, mode), True: _opened(poisoned, model, mode)}
    for case in cases:
        model.orders = case.must_not_contain
        history = [list(turn) for turn in case.history]
        answer = asked[case.is_poisoned].invoke({"question": case.question, "history": history})
        yield judge(case, answer)


def _opened(pipeline: Pipeline, model: Hostile, mode: Mode) -> Pipeline:
    if mode == "quoted":
        return pipeline
    from bot.answering.generate import Generator

    generator = Generator(model, "hostile", Grounder, outlines=pipeline.store.outlines)
    return Pipeline(pipeline.store, pipeline.retriever.reranker, generator)
