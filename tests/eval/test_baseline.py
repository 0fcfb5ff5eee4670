"""The tutorial recipe on two tiny papers."""

from __future__ import annotations

from bot.documents.structure import parse
from bot.types import Document
from eval.baseline import Baseline
from eval.questions import Question

BOATS = "一、买船\n每年购买木船。\n二、修路\n每年修补石路。"
OUTLINE = parse(Document(id="boats", title="造船规定", text=BOATS))


def ask(question: str, size: int) -> tuple[str, list[str]]:
    row = Baseline([OUTLINE], size=size)(Question(id="a", kind="unit", question=question, expect="answered"))
    assert all(BOATS[c["start"] : c["end"]] == c["quote"] for c in row["citations"])
    return row["status"], [citation["ref"] for citation in row["citations"]]


def test_the_best_chunk_is_shown_and_each_clause_it_touches_is_cited() -> None:
    assert ask("怎么修补石路", size=500) == ("answered", ["二、", "一、"])


def test_a_question_that_shares_no_word_finds_nothing() -> None:
    assert ask("zebra", size=500) == ("unanswerable_not_in_corpus", [])


def test_chunks_are_cut_without_regard_to_clauses() -> None:
    assert ask("木船", size=13) == ("answered", ["一、"])
