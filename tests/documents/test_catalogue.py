from datetime import date
from typing import Any

import pytest

from bot.documents.catalogue import catalogue, render, standing
from bot.documents.structure import parse
from bot.types import Document, Outline

TODAY = date(2025, 6, 1)
TEXT = "某市种树办法\n\n第一条 多种树。\n\n第二条 多浇水。\n"


def paper(name: str, title: str = "某市种树办法", **fields: Any) -> Outline:
    return parse(Document(name, title, TEXT, **fields))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "现行"),
        ({"expires_on": date(2025, 5, 31)}, "到期"),
        ({"expires_on": TODAY}, "现行"),
        ({"effective_on": date(2025, 6, 2)}, "尚未施行"),
        ({"effective_on": TODAY}, "现行"),
        ({"state": "废止", "expires_on": date(2020, 1, 1)}, "废止"),
        ({"state": "征求意见", "effective_on": date(2026, 1, 1)}, "征求意见"),
    ],
)
def test_the_state_of_today_follows_the_dates(fields: dict[str, Any], expected: str):
    assert standing(Document("a", "办法", TEXT, **fields), TODAY) == expected


def test_every_document_is_listed_and_what_is_not_in_force_is_marked():
    old = paper("old", level="政府规章", place="某市", doc_number="某政发〔2019〕1号", expires_on=date(2024, 12, 31))
    new = paper("new", effective_on=date(2025, 1, 1), issued_on=date(2024, 12, 1), kind="curated")
    assert render(catalogue([old, new, paper("other", "剪枝办法")], TODAY)) == (
        "old · 某市种树办法\n"
        "    【到期】政府规章 · 某市 · 某政发〔2019〕1号 · 失效 2024-12-31 · 政策原文 · 2 条\n"
        "    另有版本：new\n"
        "new · 某市种树办法\n"
        "    现行 · 成文 2024-12-01 · 施行 2025-01-01 · 人工审定 · 2 条\n"
        "    另有版本：old\n"
        "other · 剪枝办法\n"
        "    现行 · 政策原文 · 2 条"
    )


def test_versions_of_one_paper_stand_newest_first():
    papers = [
        paper("a", "种树办法（2019年修正）", issued_on=date(2019, 1, 1)),
        paper("b", "种树办法（2024年修正）", issued_on=date(2024, 1, 1)),
    ]
    assert [entry.versions for entry in catalogue(papers, TODAY)] == [("b", "a"), ("b", "a")]


def test_as_json_an_entry_has_its_dates_and_not_its_text():
    told = catalogue([paper("a", expires_on=date(2024, 12, 31))], TODAY)[0].as_json
    assert {"text", "anchors"}.isdisjoint(told)
    chosen = ("id", "expires_on", "state", "standing", "clauses", "versions")
    assert [told[name] for name in chosen] == ["a", "2024-12-31", "现行", "到期", 2, []]
