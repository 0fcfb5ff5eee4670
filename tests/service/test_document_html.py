"""A document as HTML: nothing lost, its links in place, everything escaped."""

import re
from dataclasses import replace
from html import unescape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents.references import Reference
from bot.service.document_html import document_html, original_url, outline_html
from bot.types import Document, Outline, Span


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_a_clause_shows_its_number_and_its_units(outline: Outline) -> None:
    assert (
        '<section class="clause"><p data-block="41"><b>1.培育好企业。</b>每年培育10家。'
        '<span class="units">（责任单位：甲局）</span>放宽A&lt;B的限制。'
        '<span class="units">（责任单位：乙局、丙局）</span></p></section>'
    ) in document_html(outline)


def test_headings_keep_their_level_and_the_title_stands_alone(outline: Outline) -> None:
    assert document_html(outline).startswith(
        '<article class="document" data-document="demo">'
        '<section class="clause"><p class="title" data-block="0">某市扶持示范产业办法</p></section>'
        '<h3 class="heading" data-block="11">一、总体要求</h3>'
        '<section class="clause"><p data-block="18">坚持稳中求进。</p></section>'
        '<h3 class="heading" data-block="26">二、重点任务</h3><h4 class="heading" data-block="33">（一）育企行动</h4>'
    )


@given(st.lists(st.tuples(st.integers(0, 115), st.integers(0, 115)).map(sorted), max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_a_link_no_character_is_lost(outline: Outline, spans: list[list[int]]) -> None:
    clause = outline.clauses[2]
    references = [Reference(Span(*span), clause, clause.span) for span in spans if span[0] < span[1]]
    assert words(document_html(outline, references)) == "".join(outline.document.text.split())


def test_a_reference_is_a_link_to_its_place(outline: Outline) -> None:
    start, target = outline.document.text.index("扩大合作"), outline.clauses[3]
    html = document_html(outline, [Reference(Span(start, start + 4), target, target.span)])
    assert (
        f'<a class="reference" href="/chat/documents/demo?quote={target.span.start}-{target.span.end}#quote" '
        'data-document="demo" data-title="某市扶持示范产业办法" data-block="88" '
        'data-path="二、重点任务 › （一）育企行动 › 2.办好大赛" data-units="">扩大合作</a>。'
    ) in html


def test_the_flags_of_a_document_go_with_its_text(outline: Outline) -> None:
    html = document_html(outline, flags=("已废止", "<旧>"))
    assert html.startswith('<article class="document" data-document="demo" data-flags="已废止\n&lt;旧&gt;">')


def test_the_original_opens_at_the_page_of_the_words() -> None:
    document = Document("d", "某办法", "", url="https://a.gov.cn/x.pdf#top", anchors=((0, "page=1"), (50, "page=2")))
    assert [original_url(document, offset) for offset in (0, 49, 50)] == [
        "https://a.gov.cn/x.pdf#page=1",
        "https://a.gov.cn/x.pdf#page=1",
        "https://a.gov.cn/x.pdf#page=2",
    ]
    assert original_url(replace(document, anchors=((0, '"><b'),))) == "https://a.gov.cn/x.pdf#%22%3E%3Cb"
    for url in (None, "", "javascript:alert(1)", "ftp://a/b", "https://", "http://[", "//a.gov.cn/x"):
        assert original_url(replace(document, url=url)) == ""


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


def test_a_signature_is_set_at_the_right(outline: Outline) -> None:
    head = outline.clauses[0]
    notice = replace(head, segments=(replace(head.segments[0], label="印发通知"),))
    html = document_html(replace(outline, headings=(), clauses=(notice,)))
    assert '<p class="signature" data-block="0">某市扶持示范产业办法</p>' in html


def test_marked_words_are_marked_across_what_stands_in_them(outline: Outline) -> None:
    start = outline.document.text.index("每年一届")
    html = document_html(outline, marks=[Span(start - 5, start + 4)])
    assert "<b><mark>办好大赛。</mark></b><mark>每年一届</mark>。" in html
