"""An answer card as HTML and as copied text: every field named, long ones folded, everything escaped."""

import re
from dataclasses import replace
from typing import Any

from bot.service.answer_html import answer_html
from bot.service.card_html import card_html, card_text
from bot.service.words import CARD_NAME, CARD_NOTICE
from bot.types import Answer, Card, Line

UNSTATED = (Line("文件未载明", origin="note"),)


def card(cite: Any, **fields: tuple[Line, ...]) -> Card:
    """A card that cites the second sentence of 培育好企业 as [1] and its bracket as [2]."""
    names = "conclusion basis support audience conditions times units originals next_steps"
    lines = {name: fields.get(name, UNSTATED) for name in names.split()}
    return Card(**lines, citations=(cite(1, "放宽A<B的限制。"), cite(2, "（责任单位：乙局、丙局）")))


def test_every_field_stands_under_its_name_in_order(cite: Any) -> None:
    html = card_html(card(cite))
    assert re.findall(r"<dt>(.+?)</dt>", html) == [
        "结论", "依据", "支持内容", "适用对象", "条件/例外", "时间", "责任单位", "原文", "下一步",
    ]  # fmt: skip
    assert html.count('<p class="note">文件未载明</p>') == 9
    assert f'<p class="card-notice">{CARD_NOTICE}</p>' in html and 'class="print"' in html


def test_a_quote_stands_under_its_clause_with_its_number_and_is_marked_as_the_policys_own_words(cite: Any) -> None:
    html = card_html(card(cite, support=(Line("放宽A<B的限制。", (1,), label="二、(一)1.培育好企业"),)))
    assert (
        '<dt>支持内容<span class="label">政策原文</span></dt><dd><div class="line">'
        '<p class="line-label">二、(一)1.培育好企业</p><p class="quote">放宽A&lt;B的限制。'
        '<button type="button" class="cite" data-number="1" aria-label="查看依据1：二、(一)1.">[1]</button></p></div>'
    ) in html
    assert html.count('class="label"') == 1


def test_units_stand_behind_the_name_of_their_task(cite: Any) -> None:
    html = card_html(card(cite, units=(Line("乙局、丙局", (2,), "units", "二、(一)1.培育好企业"),)))
    assert '<p class="units"><span class="line-label">二、(一)1.培育好企业：</span>乙局、丙局<button' in html


def test_long_fields_fold_and_the_basis_and_conditions_never_do(cite: Any) -> None:
    many = tuple(Line(f"第{number}条", origin="note") for number in range(9))
    folded = card_html(card(cite, support=many, conditions=many, basis=many))
    assert re.findall(r"<summary>(.+?)</summary>", folded) == ["展开其余5条", "来源（2处）"]
    whole = (Line("放宽A<B的限制。", (1,)), Line("每年培育10家。", (1,)))
    assert "<summary>展开所引条款全文（2段）</summary>" in card_html(card(cite, originals=whole))
    assert "展开" not in card_html(card(cite, support=many[:5]))


def test_a_copy_names_every_field_its_sources_and_the_notice(cite: Any) -> None:
    text = card_text(card(cite, support=(Line("放宽A<B的限制。", (1,), label="二、(一)1.培育好企业"),)))
    assert text.startswith(f"{CARD_NAME}\n【结论】\n文件未载明\n")
    assert "【支持内容】\n二、(一)1.培育好企业：放宽A<B的限制。[1]\n【适用对象】" in text
    assert text.endswith(f"[2] 《某市扶持示范产业办法》二、(一)1.培育好企业 · 责任单位\n{CARD_NOTICE}")


def test_an_answer_folds_its_card_away_and_lists_each_source_once(answer: Answer, cite: Any) -> None:
    more = replace(card(cite), citations=(*answer.citations, cite(3, "每年培育10家。")))
    html = answer_html(replace(answer, card=more))
    assert f'<details class="card card-fold"><summary>展开{CARD_NAME}（可能相关的任务共0段）</summary>' in html
    assert re.findall(r'class="source" data-number="(\d)"', html) == ["3", "1", "2"]
    assert "card-fold" not in answer_html(answer)
