from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.answering.compose import compose
from bot.answering.draft import Draft, Pick
from bot.answering.report import row
from bot.answering.validity import checked
from bot.documents.flags import Flagger
from bot.documents.structure import parse
from bot.types import Document, Outline, Query

TODAY = date(2025, 6, 1)


def paper(name: str, title: str, **fields: Any) -> Outline:
    head = "" if fields.get("kind") == "digest" else f"{title}\n\n"
    return parse(Document(name, title, f"{head}第一条 多种树。\n", **fields))


def answered(outlines: Iterable[Outline]) -> Any:
    outlines = list(outlines)
    articles = [outline.clauses[-1] for outline in outlines]
    picks = tuple(Pick(article, article.span, article.segments[0]) for article in articles)
    flagger = Flagger((outline.document for outline in outlines), lambda: TODAY)
    return checked(compose(Query("问", "问", ()), [Draft(Query("问", "问", ()), "answered", picks)]), flagger)


def test_an_expired_paper_is_quoted_below_one_sentence_that_says_so():
    answer = answered([paper("a", "某市种树办法", expires_on=date(2024, 12, 31))])
    assert answer.text == "注意：《某市种树办法》已于2024年12月31日到期，以下内容仅供参考。\n第一条 多种树。[1]"
    assert answer.sentences[0].origin == "warning"
    assert [citation["flags"] for citation in row(answer)["citations"]] == [["已到期 · 2024年12月31日"]]


def test_several_papers_share_the_sentence_and_one_in_force_is_not_named():
    answer = answered(
        [
            paper("a", "某市种树办法", state="废止"),
            paper("b", "某市浇水办法（草案）", state="征求意见"),
            paper("c", "某市剪枝办法", kind="digest"),
        ]
    )
    assert answer.sentences[0].text == (
        "注意：《某市种树办法》已废止；《某市浇水办法（草案）》是征求意见稿，尚未正式出台，以下内容仅供参考。"
    )
    assert [citation.flags for citation in answer.citations] == [
        ("已废止",),
        ("征求意见稿 · 未正式出台",),
        ("要点摘编 · 非原文",),
    ]


def test_what_is_in_force_is_answered_as_before():
    answer = answered([paper("a", "某市种树办法")])
    assert (answer.text, answer.citations[0].flags) == ("第一条 多种树。[1]", ())
