"""
Build the cases of an index: every change and every rephrasing of every statement, a fixed number of each kind.

    build(outlines, seed=6)  ->  (Case("税率为20%。", …, "figure", is_true=False), …)

The same outlines and seed give the same cases in the same order; which of a kind are taken depends on a hash of the
case, not on the order of the papers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from random import Random

from bot.types import Outline
from eval.grounding.cases import Case, Statement, passages, statements
from eval.grounding.changes import CHANGERS, merged, titled
from eval.grounding.rephrasings import OPENINGS, REPHRASERS, joined
from eval.grounding.vocabulary import Vocabulary

SEED = 6
MOST = 560  # cases of one kind
STATEMENTS = 3000  # true statements that cases are made from; an index of many papers has more
RARE = frozenset({"bound", "dropped", "exchanged", "shortened"})  # few statements give one: these are made from all
EACH = 4  # cases of one kind from one statement


def build(outlines: Sequence[Outline], seed: int = SEED, most: int = MOST) -> tuple[Case, ...]:
    """False cases of each kind, then true ones; a kind that the papers cannot give has none."""
    shown = list(passages(outlines))
    vocabulary = Vocabulary.of(outlines, shown)
    told = [statement for passage in shown for statement in statements(passage)]
    taken = sorted(told, key=lambda statement: statement.hash)[:STATEMENTS]
    found: dict[str, dict[str, Case]] = defaultdict(dict)
    for case in (*_false(told, taken, vocabulary, seed), *_true(told, taken, vocabulary, seed)):
        found[case.kind].setdefault(case.id, case)
    kinds = (*CHANGERS, "merged", *REPHRASERS, "joined")
    return tuple(case for kind in kinds for case in sorted(found[kind].values(), key=lambda case: case.id)[:most])


def _false(told: Sequence[Statement], taken: Sequence[Statement], vocabulary: Vocabulary, seed: int) -> Iterator[Case]:
    for kind, changer in CHANGERS.items():
        for statement in told if kind in RARE else taken:
            random = statement.random(seed, kind)
            changed = list(dict.fromkeys(changer(statement, vocabulary, random)))
            for sentence in random.sample(changed, min(EACH, len(changed))):
                # What is left of a sentence stands in its passage, but not alone.
                if kind == "dropped" or sentence.removesuffix("。") not in statement.passage.segment.text:
                    yield Case(_dressed(sentence, statement, random), (statement.passage.cited(),), kind, is_true=False)
    for own in _by_paper_and_half(taken):
        random = Random(f"{seed} merged {own[0].passage.document.id}")
        for statement, change in merged(own, vocabulary, random):
            other = [change.other.cited(2)] if change.other else []
            yield Case(change.sentence, (statement.passage.cited(), *other), change.kind, is_true=False)


def _dressed(sentence: str, statement: Statement, random: Random) -> str:
    """As it is, or with an opening, as models begin their sentences: a changed one is not told by its length."""
    choice = random.randrange(3)
    if choice == 0 or sentence.startswith(("《", "根据", "在")):
        return sentence
    return (random.choice(OPENINGS) if choice == 1 else f"根据{titled(statement.passage.document.work)}，") + sentence


def _true(told: Sequence[Statement], taken: Sequence[Statement], vocabulary: Vocabulary, seed: int) -> Iterator[Case]:
    for kind, rephraser in REPHRASERS.items():
        for statement in _unlimited(told if kind in RARE else taken):
            random = statement.random(seed, kind)
            said = list(dict.fromkeys(rephraser(statement, vocabulary, random)))
            for sentence in random.sample(said, min(EACH, len(said))):
                yield Case(sentence, (statement.passage.cited(),), kind, is_true=True)
    for first, second in pairwise(_unlimited(told)):
        if sentence := joined(first, second, first.random(seed, "joined")):
            other = [] if first.passage.segment is second.passage.segment else [second.passage.cited(2)]
            yield Case(sentence, (first.passage.cited(), *other), "joined", is_true=True)


def _unlimited(told: Iterable[Statement]) -> list[Statement]:
    """Those that nothing else in their passage limits: they are true alone."""
    return [statement for statement in told if statement.stands_alone]


def _by_paper_and_half(told: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Two clauses that are mixed are of one half, so that what is shown holds nothing of the other."""

    def half(statement: Statement) -> tuple[str, bool]:
        return statement.passage.document.id, statement.passage.is_held

    for _, own in groupby(sorted(told, key=lambda statement: (*half(statement), statement.hash)), half):
        yield list(own)
