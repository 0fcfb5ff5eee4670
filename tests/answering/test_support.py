"""Open questions of companies, over the real plan."""

import pytest

from bot.answering import replies
from bot.answering.pipeline import Pipeline
from bot.answering.report import row
from bot.answering.support import asks_for_support
from bot.retrieval.asks import detect_asks
from bot.types import Query, Turn


def query(question: str, *earlier: str) -> Query:
    history = tuple(Turn(said, "") for said in earlier)
    return Query(question, question, (), detect_asks(question), history=history)


@pytest.mark.parametrize(
    "question",
    ["我们是做储氢瓶的初创公司,能有什么支持", "我司研制硅光芯片,有哪些扶持政策", "团队想创业,能享受什么优惠政策"],
)
def test_a_company_that_asks_openly_is_heard(question: str) -> None:
    assert asks_for_support(query(question))


@pytest.mark.parametrize(
    "question",
    [
        "我们做储氢瓶,归谁管",
        "我们是初创公司,有什么补贴,最高多少钱",
        "我们想申报,支持政策什么时候截止",
        "有哪些支持政策",
        "方案支持了哪些平台",
    ],
)
def test_a_narrow_question_or_one_of_nobody_is_not(question: str) -> None:
    assert not asks_for_support(query(question))


def test_who_asks_may_have_been_said_before() -> None:
    assert asks_for_support(query("能申请啥", "我们是做储氢瓶的"))


def test_the_area_comes_first_then_a_measure_for_each_reason_with_its_units_then_what_to_do(plan: Pipeline) -> None:
    answer = plan.invoke("我们是做量子磁力计的初创公司，缺资金，有什么支持？")
    assert answer.sentences[0].text == replies.TRACK_FOUND.format(track="量子信息")
    assert [(part.origin, part.text[:9]) for part in answer.sentences[1:]] == [
        ("quote", "积极布局量子工业测"),
        ("quote", "壮大耐心资本、发展"),
        ("units", "责任单位：市委金融"),
        ("quote", "聚焦未来产业重点领"),
        ("quote", "创新科研组织模式，"),
        ("units", "责任单位：市科技局"),
        ("quote", "鼓励高校和科研机构"),
        ("units", "责任单位：市科技局"),
        ("note", "就具体条款向其列明"),
    ]


def test_the_card_goes_on_with_the_answers_numbers_and_holds_more(plan: Pipeline) -> None:
    answer = plan.invoke("我们是做量子磁力计的初创公司，缺资金，有什么支持？")
    assert answer.card is not None
    assert answer.card.citations[: len(answer.citations)] == answer.citations
    assert len(answer.card.units) > sum(part.origin == "units" for part in answer.sentences)
    assert answer.card.conclusion[0].text == "您的情况：赛道“量子信息”，阶段“创意与初创”，需求“资金”。"


def test_the_row_has_the_card_where_there_is_one(plan: Pipeline) -> None:
    told = row(plan.invoke("我们是做量子磁力计的初创公司，有什么支持？"))
    assert list(told["card"]["fields"]) == [
        "结论", "依据", "支持内容", "适用对象", "条件/例外", "时间", "责任单位", "原文", "下一步",
    ]  # fmt: skip
    assert told["card"]["fields"]["条件/例外"] == [
        {"label": "申报条件", "text": "文件未载明", "citations": [], "origin": "note"}
    ]
    assert "card" not in row(plan.invoke("量子磁力计用在哪些领域"))


def test_what_the_plan_does_not_know_is_said_so_instead(plan: Pipeline) -> None:
    answer = plan.invoke("我们是卖烤鸭的初创公司，有什么支持？")
    assert (answer.status, answer.card) == ("unanswerable_not_in_corpus", None)
    assert answer.sentences[0].text == replies.NOT_IN_CORPUS_TERMS.format(terms="烤鸭")


def test_those_in_none_of_the_areas_are_shown_what_is_said_of_the_others(plan: Pipeline) -> None:
    answer = plan.invoke("我们的产品不属于这些赛道，还有机会得到支持吗？")
    assert answer.sentences[0].text == replies.OUTSIDE
    assert answer.citations[0].clause.ref == "二、(二)"
