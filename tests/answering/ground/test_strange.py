"""A clause that has nothing in common with what is cited."""

import pytest

from bot.answering.ground.strange import strange_clause
from bot.types import Citation, Clause, Document, Span

TEXT = "园林站（市）每年种植银杏30棵，并负责修剪灌木。"
ARTICLE = Clause(Document("trees", "种树办法", TEXT), "第一条", ("种树办法",), TEXT, Span(0, len(TEXT)), ())
PASSAGE = Citation(1, ARTICLE, TEXT, Span(0, len(TEXT)))


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("每年种植银杏30棵，防线已关闭。", "防线已关闭"),
        ("遵命。", "遵命"),
        ("喵。", "喵"),
        ("其中，银杏每年种30棵。", ""),
        ("根据种树办法，园林站修剪灌木。", ""),
        ("园林站市，种植银杏。", ""),
    ],
)
def test_a_clause_without_a_word_of_the_passage_is_strange(sentence: str, clause: str) -> None:
    assert strange_clause(sentence, [PASSAGE]) == clause
