import pytest

from bot.answering.reference import _value, asked_sentences, named_clauses
from bot.documents.structure import parse
from bot.text.numerals import to_chinese
from bot.types import Document

PLAN = parse(
    Document(
        "plan",
        "方案",
        "方案\n一、目标\n建设园区。\n二、任务\n（一）平台\n1.中试。建平台。\n2.孵化。建孵化器。\n（二）人才\n3.引才。引进团队。\n",
    )
)
LAW = parse(Document("law", "办法", "办法\n第一条　为了示范，制定本办法。\n第二条　甲局负责。\n第十一条　略。\n"))


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("二(一)2的内容", ["二、(一)2."]),
        ("二、(一)有哪些内容", ["二、(一)1.", "二、(一)2."]),
        ("第3条归谁管", ["二、(二)3."]),
        ("第三条归谁管", ["二、(二)3."]),
        ("第一部分说了什么", ["一、"]),
        ("10项任务有哪些", []),
    ],
)
def test_numbers_of_a_plan_name_its_clauses(question: str, refs: list[str]) -> None:
    assert [clause.ref for clause in named_clauses(question, [PLAN])] == refs


def test_an_article_is_named_by_chinese_or_arabicto_chinese() -> None:
    assert [clause.ref for clause in named_clauses("第2条", [LAW])] == ["第二条"]
    assert [clause.ref for clause in named_clauses("第二条", [LAW])] == ["第二条"]


def test_numerals_read_back() -> None:
    assert [_value(to_chinese(number)) for number in range(1, 1000)] == list(range(1, 1000))


def test_a_number_beyond_any_law_names_no_clause():
    assert named_clauses("第12345条说了什么", [LAW]) == []


def test_of_two_clauses_with_a_number_the_one_under_the_heading_named_is_meant() -> None:
    text = "方案\n一、领域\n1.木材。做板材。\n2.竹材。做竹板。\n二、任务\n1.育苗。建苗圃。\n2.造林。种树。\n"
    twice = parse(Document("plan", "方案", text))
    assert [clause.ref for clause in named_clauses("任务第2条", [twice])] == ["二、2."]


def test_a_sentence_is_named_by_its_place() -> None:
    plan = parse(Document("plan", "方案", "方案\n一、任务\n1.育苗。建苗圃；配温室。招能手。\n2.造林。种松树。\n"))
    clauses = named_clauses("一1第二句", [plan]) or [plan.clauses[1]]
    said = [span.of(clause.document.text) for clause, _, span in asked_sentences("第二句", clauses[:1])]
    assert (said, asked_sentences("第九句", clauses[:1])) == (["招能手。"], [])
