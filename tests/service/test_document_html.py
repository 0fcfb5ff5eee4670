"""A document as HTML: nothing lost, the quote marked, everything escaped."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.service.document_html import document_html, library_html, marked_blocks, outline_html, particulars_html
from bot.types import Document, Outline, Span


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_a_clause_shows_its_number_its_units_and_the_quote(outline: Outline) -> None:
    start = outline.document.text.index("放宽")
    assert (
        '<section class="clause"><p data-block="41"><b>1.培育好企业。</b>每年培育10家。'
        '<span class="units">（责任单位：甲局）</span><mark>放宽A&lt;B的限制。</mark>'
        '<span class="units">（责任单位：乙局、丙局）</span></p></section>'
    ) in document_html(outline, Span(start, start + len("放宽A<B的限制。")))


def test_headings_keep_their_level_and_the_title_stands_alone(outline: Outline) -> None:
    assert document_html(outline).startswith(
        '<article class="document" data-document="demo">'
        '<section class="clause"><p class="title" data-block="0">某市扶持示范产业办法</p></section>'
        '<h3 class="heading" data-block="11">一、总体要求</h3>'
        '<section class="clause"><p data-block="18">坚持稳中求进。</p></section>'
        '<h3 class="heading" data-block="26">二、重点任务</h3><h4 class="heading" data-block="33">（一）育企行动</h4>'
    )


@given(st.tuples(st.integers(0, 115), st.integers(0, 115)).map(sorted))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_marked_no_character_is_lost_and_the_mark_is_exact(outline: Outline, edges: list[int]) -> None:
    text = outline.document.text
    html = document_html(outline, Span(*edges))
    assert words(html) == "".join(text.split())
    assert words("".join(re.findall(r"<mark>.*?</mark>", html))) == "".join(text[slice(*edges)].split())


def test_the_blocks_to_swap_in_are_those_the_quote_touches(outline: Outline) -> None:
    clause = outline.clauses[2]
    start = clause.span.start
    assert marked_blocks(clause, Span(start, start + 2)) == (
        (
            start,
            '<mark><b>1.</b></mark><b>培育好企业。</b>每年培育10家。<span class="units">（责任单位：甲局）</span>'
            '放宽A&lt;B的限制。<span class="units">（责任单位：乙局、丙局）</span>',
        ),
    )
    assert marked_blocks(clause, Span(0, 5)) == ()


def test_every_line_of_an_outline_opens_its_place(outline: Outline) -> None:
    lines = re.findall(r'<li class="(.+?)"><button .*?data-block="(\d+)".*?>(.+?)</button>', outline_html(outline))
    assert lines == [
        ("depth-1", "0", "题头（标题）"),
        ("depth-1", "18", "一、总体要求"),
        ("depth-1", "26", "二、重点任务"),
        ("depth-2", "33", "（一）育企行动"),
        ("depth-3", "41", '1.培育好企业<span class="units">甲局、乙局、丙局</span>'),
        ("depth-3", "88", "2.办好大赛"),
        ("depth-2", "109", "（二）开放行动"),
    ]


def test_particulars_say_what_is_not_official(outline: Outline) -> None:
    glossary = replace(outline.document, kind="glossary")
    assert particulars_html(glossary).startswith(
        '<dl class="particulars"><div><dt>性质</dt><dd>名词解释 · 非官方</dd></div>'
    )


def test_particulars_name_only_what_is_known() -> None:
    document = Document("d", "某办法", "", issuer="某市<政府>", issued_on=date(2025, 4, 1), state="征求意见")
    assert particulars_html(document) == (
        '<dl class="particulars"><div><dt>发文机关</dt><dd>某市&lt;政府&gt;</dd></div>'
        "<div><dt>成文日期</dt><dd>2025年4月1日</dd></div><div><dt>状态</dt><dd>征求意见</dd></div></dl>"
    )


def test_only_a_web_address_becomes_a_link() -> None:
    document = Document("d", "某办法", "", url='https://example.gov.cn/?a=1&b="2"')
    assert '<a href="https://example.gov.cn/?a=1&amp;b=&quot;2&quot;" target="_blank"' in particulars_html(document)
    assert "<a" not in particulars_html(replace(document, url="javascript:alert(1)"))


def test_a_library_has_a_card_a_document() -> None:
    assert library_html([Document("d<", "某办法", "", note="照录&")]) == (
        '<div class="library"><details class="document-card" data-document="d&lt;"><summary>某办法</summary>'
        '<dl class="particulars"><div><dt>状态</dt><dd>现行</dd></div></dl>'
        '<p class="document-note">照录&amp;</p><div class="outline-place"></div></details></div>'
    )


def test_a_signature_is_set_at_the_right(outline: Outline) -> None:
    head = outline.clauses[0]
    notice = replace(head, segments=(replace(head.segments[0], label="印发通知"),))
    html = document_html(replace(outline, headings=(), clauses=(notice,)))
    assert '<p class="signature" data-block="0">某市扶持示范产业办法</p>' in html
