from datetime import date
from typing import Any

import pytest

from bot.documents.references import References
from bot.documents.structure import parse
from bot.types import Document, Outline

TEXT = """某市种树办法

第一条 为了多种树，制定本办法。

第二条 每户种树五棵。
前款所称每户，按户籍计算。

第三条 {}

第四条 多浇水。
"""
LAW = "种树法\n\n第一条 多种树。\n\n第二条 多浇水。\n\n第三条 多剪枝。\n"


def paper(name: str, title: str, text: str, **fields: Any) -> Outline:
    return parse(Document(name, title, text, **fields))


def found(said: str, *others: Outline) -> list[tuple[str, str, str, str]]:
    """(words, document, place, what is meant there) of each reference in 第三条."""
    own = paper("own", "某市种树办法", TEXT.format(said))
    article = own.clauses[3]
    return [
        (
            each.span.of(own.document.text),
            each.place.document.id,
            each.place.ref,
            each.target.of(each.place.document.text),
        )
        for each in References([own, *others]).of(own)
        if article.span.start <= each.span.start < article.span.end
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("违反第二条的，限期改正。", [("第二条", "第二条")]),
        ("违反本办法第二条、第四条的，限期改正。", [("本办法第二条", "第二条"), ("第四条", "第四条")]),
        ("依照前条办理。", [("前条", "第二条")]),
        ("依照刑法第二条、第四条处理。", []),
        ("依照《某市没有条例》第二条和第四条处理。", []),
        ("依照《某市没有条例》处理，违反第二条的除外。", [("第二条", "第二条")]),
        ("第二十条、第三条都不是别处。", []),
    ],
)
def test_an_article_named_alone_is_one_of_the_same_paper(said: str, expected: list[tuple[str, str]]):
    assert [(words, place) for words, document, place, _ in found(said) if document == "own"] == expected


def test_a_paragraph_is_meant_alone():
    assert found("适用第二条第二款。") == [("第二条第二款", "own", "第二条", "前款所称每户，按户籍计算。")]
    own = paper("own", "某市种树办法", TEXT.format("略。"))
    assert [
        (each.span.of(own.document.text), each.target.of(own.document.text)) for each in References([own]).of(own)
    ] == [("前款", "第二条 每户种树五棵。")]


def test_a_title_and_the_article_behind_it_are_of_the_paper_named():
    law = paper("law", "中华人民共和国种树法", LAW)
    said = "依照《中华人民共和国种树法》（以下简称种树法）第三条和第二条，参照《种树法》办理，第四条除外。"
    assert [each[:3] for each in found(said, law)] == [
        ("《中华人民共和国种树法》", "law", "题头"),
        ("第三条", "law", "第三条"),
        ("第二条", "law", "第二条"),
        ("《种树法》", "law", "题头"),
        ("第四条", "own", "第四条"),
    ]


def test_the_newest_version_in_force_is_meant():
    papers = [
        paper("new", "种树法（2020年修正）", LAW, issued_on=date(2020, 1, 1)),
        paper("draft", "种树法（征求意见稿）", LAW, issued_on=date(2024, 1, 1), state="征求意见"),
        paper("old", "种树法", LAW, issued_on=date(2010, 1, 1)),
    ]
    assert [each[:2] for each in found("依照《种树法》办理。", *papers)] == [("《种树法》", "new")]


def test_its_own_title_is_no_reference():
    assert found("本《某市种树办法》自公布之日起施行。") == []
