"""The answer desk: clauses in place, replies that are ready, what a review is and what it goes with."""

from __future__ import annotations

from typing import Any

from bot.service.console.clauses_html import clauses_html
from bot.service.console.directory import Handoff
from bot.service.console.ready_replies import CURATED_NOTICE, ready_replies
from bot.service.console.reviews import Reviews
from bot.service.records import Records
from bot.service.words import AI_NOTICE
from bot.types import Answer, Query, Sentence

UNIT = Handoff("乙局", "0532-10000001", "工作日9:00—17:00")
PLACE = "《某市扶持示范产业办法》二、(一)1.培育好企业"


def test_a_clause_stands_whole_with_what_is_cited_marked(cite: Any) -> None:
    html = clauses_html((cite(1, "每年培育10家。"), cite(2, "放宽A<B的限制。")))
    assert html.count('<section class="cited"') == 1
    assert "1.培育好企业。<mark>每年培育10家。</mark>（责任单位：甲局）<mark>放宽A&lt;B的限制。</mark>" in html
    assert 'id="cited-1"' in html and 'id="cited-2"' in html


def test_each_reply_says_the_answer_its_clause_the_unit_and_the_notice(answer: Answer) -> None:
    texts = ready_replies("放宽什么，归谁管", answer, UNIT)
    assert texts["电话"] == (
        "您好。根据《某市扶持示范产业办法》第二部分第（一）项第1点：放宽A<B的限制。责任单位：乙局、丙局。"
        "如需进一步了解，可以联系乙局，电话0532-10000001，服务时间工作日9:00—17:00。"
        f"{AI_NOTICE}。"
    )
    assert texts["邮件"] == (
        "您好：\n您咨询的“放宽什么，归谁管”，现答复如下：\n放宽A<B的限制。[1]\n责任单位：乙局、丙局[2]\n\n"
        f"依据：\n[1] {PLACE}\n[2] {PLACE} · 责任单位\n\n"
        f"咨询渠道：乙局，0532-10000001，工作日9:00—17:00\n说明：{AI_NOTICE}。"
    )
    assert texts["12345工单"] == (
        "【诉求内容】放宽什么，归谁管\n【答复意见】\n放宽A<B的限制。[1]\n责任单位：乙局、丙局[2]\n"
        f"【政策依据】\n{PLACE}：“放宽A<B的限制。”\n{PLACE} · 责任单位：“（责任单位：乙局、丙局）”\n"
        f"【责任单位】乙局、丙局\n【转办建议】乙局，0532-10000001，工作日9:00—17:00\n【说明】{AI_NOTICE}。"
    )


def test_a_curated_answer_carries_its_own_notice() -> None:
    origin: Any = "curated"
    answer = Answer(Query("问", "问", ()), "answered", (Sentence("答。", origin=origin),))
    assert ready_replies("问", answer, None)["电话"] == f"您好。答。{CURATED_NOTICE}。"


def test_what_is_long_is_not_cut_within_a_sentence_on_the_telephone() -> None:
    answer = Answer(Query("问", "问", ()), "answered", tuple(Sentence(f"{'长' * 150}{n}。") for n in range(3)))
    said = ready_replies("问", answer, None)["电话"]
    assert said.startswith(f"您好。{'长' * 150}0。其余内容较多")


def test_a_review_is_kept_redacted_and_goes_with_its_conversation(records: Records, answer: Answer) -> None:
    records.answered("a1", "c1", "放宽什么", answer)
    reviews = Reviews(records)
    assert reviews.put("a1", "退回", "请打13800001111", "号码不对", "李敏")
    assert not reviews.put("a2", "通过", "", "", "李敏")
    found = reviews.latest()[0]
    assert (found.who, found.verdict, found.question, found.text, found.comment) == (
        "李敏",
        "退回",
        "放宽什么",
        "请打［手机号已隐去］",
        "号码不对",
    )
    records.forget("c1")
    assert reviews.latest() == []
