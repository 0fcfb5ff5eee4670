import pytest

from bot.answering import indicators
from bot.answering.draft import Draft
from bot.documents.structure import parse
from bot.index.store import Store
from bot.retrieval.understand import Understander
from bot.types import Document

TEXT = """云溪市苗木产业提升行动方案（2031—2033年）
一、总体目标
到2033年，育苗体系初步建立。建设良种繁育基地6个左右。
二、重点任务
1.培育人才。每年培养嫁接能手15名以上。支持能手带徒。
"""
PLAN = parse(Document("plan", "云溪市苗木产业提升行动方案（2031—2033年）", TEXT))


@pytest.fixture(scope="module")
def quotes(plan_store: Store):  # type: ignore[no-untyped-def]
    understand = Understander(plan_store)

    def of(question: str) -> list[str]:
        found: Draft | None = indicators.draft(understand(question), [PLAN])
        return [pick.text for pick in found.picks] if found else []

    return of


def test_all_indicators_are_the_sentences_that_count_something(quotes) -> None:  # type: ignore[no-untyped-def]
    assert quotes("老板让问量化的数，全给拉个单子") == quotes("方案的量化指标全部列一下")
    assert quotes("方案的量化指标全部列一下") == ["建设良种繁育基地6个左右。", "每年培养嫁接能手15名以上。"]


def test_yearly_indicators_are_those_counted_a_year(quotes) -> None:  # type: ignore[no-untyped-def]
    assert quotes("哪些指标是按年算的") == ["每年培养嫁接能手15名以上。"]


def test_the_indicators_of_a_year_are_those_of_the_paragraph_that_sets_it(quotes) -> None:  # type: ignore[no-untyped-def]
    assert quotes("2033年的目标有哪几个数字") == ["建设良种繁育基地6个左右。"]


def test_the_indicators_of_something_in_particular_are_left_to_others(quotes) -> None:  # type: ignore[no-untyped-def]
    assert quotes("类脑智能有哪些指标") == []


def test_when_indicators_are_due_is_told_by_the_line_that_sets_the_year(quotes) -> None:  # type: ignore[no-untyped-def]
    assert quotes("那些量化目标要到哪年实现") == ["到2033年，育苗体系初步建立。"]
