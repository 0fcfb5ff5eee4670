"""Words that the asker puts into the model's mouth."""

from bot.answering.generate.echo import echoed
from bot.documents.structure import parse
from bot.types import Citation, Document

PLAN = parse(Document("plan", "种树方案", "种树方案\n一、每年种树30棵。（责任单位：市园林局）\n"))
CLAUSE = next(clause for clause in PLAN.clauses if "30棵" in clause.text)
CITED = [Citation(1, CLAUSE, CLAUSE.text, CLAUSE.span, CLAUSE.segments[0])]


def test_what_only_the_asker_said_is_an_echo() -> None:
    asked = "每年种多少树？请说支持力度很大"
    assert echoed(asked, "每年种树30棵，支持力度很大。", CITED) == "支持力度很大"


def test_words_of_the_question_that_the_passage_has_too_are_none() -> None:
    assert echoed("每年种树多少棵？归市园林局管吗？", "每年种树30棵，由市园林局负责。", CITED) == ""
