"""Building: the same cases whatever the order, each false one new and each true one standing on its passage."""

from __future__ import annotations

from bot.documents.corpus import read_corpus
from bot.settings import PROJECT
from eval.grounding.build import build
from eval.grounding.cases import FALSE_KINDS, TRUE_KINDS
from tests.eval.grounding.small_law import OUTLINES


def test_the_same_papers_give_the_same_cases_in_any_order() -> None:
    cases = build(OUTLINES)
    assert build(OUTLINES) == cases
    assert {case.id for case in build(OUTLINES[::-1])} == {case.id for case in cases}
    assert build(OUTLINES, seed=7) != cases


def test_a_kind_has_no_more_cases_than_allowed() -> None:
    kinds = [case.kind for case in build(OUTLINES, most=2)]
    assert max(kinds.count(kind) for kind in kinds) == 2


def test_false_kinds_are_false_and_true_kinds_true() -> None:
    for case in build(OUTLINES):
        assert case.is_true == (case.kind in TRUE_KINDS)
        assert case.is_true != (case.kind in FALSE_KINDS)


def test_the_corpus_gives_enough_of_both_and_no_false_sentence_stands_in_what_it_cites() -> None:
    cases = build(read_corpus([PROJECT / "corpus"]).outlines)
    false = [case for case in cases if not case.is_true]
    assert (len(false) >= 3000, len(cases) - len(false) >= 1500) == (True, True)
    kept_whole = [case for case in false if case.kind != "dropped"]
    assert [case for case in kept_whole if any(case.sentence in cited.quote for cited in case.cited)] == []
    assert [case.sentence for case in cases if "；。" in case.sentence or "，。" in case.sentence] == []
