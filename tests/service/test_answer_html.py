"""An answer as HTML and as copied text: origins kept apart, sources named, everything escaped."""

from dataclasses import replace
from typing import Any

from bot.service.answer_html import answer_html, answer_text
from bot.service.words import NOTICE
from bot.types import Answer, Query, Sentence

CITE = '<button type="button" class="cite" data-number="{0}" aria-label="查看依据{0}：二、(一)1.">[{0}]</button>'
PLACE = (
    'data-document="demo" data-title="某市扶持示范产业办法" data-block="41" '
    'data-path="二、重点任务 › （一）育企行动 › 1.培育好企业{}" data-units="乙局、丙局" data-marks="{}"'
)


def note(status: Any, text: str) -> Answer:
    return Answer(Query("问", "问", ()), status, (Sentence(text, origin="note"),))


def test_an_answer_shows_quotes_units_and_sources(answer: Answer) -> None:
    html = answer_html(answer)
    assert html.startswith(
        '<article class="answer" data-status="answered">'
        f'<p class="quote"><span class="label">政策原文</span>放宽A&lt;B的限制。{CITE.format(1)}</p>'
        f'<p class="units">责任单位：乙局、丙局{CITE.format(2)}</p>'
        '<ul class="sources" aria-label="依据"><li class="source-document">'
        '<span class="source-name">《某市扶持示范产业办法》</span></li>'
        f'<li><button type="button" class="source" data-number="1" {PLACE.format("", "66-75")}>'
        f'<span class="number">[1]</span><span>二、(一)1.培育好企业</span></button></li>'
        f'<li><button type="button" class="source" data-number="2" {PLACE.format(" › 责任单位", "75-87")}>'
        '<span class="number">[2]</span><span>二、(一)1.培育好企业 · 责任单位</span></button>'
    )


def test_a_copy_carries_its_sources_and_the_notice(answer: Answer) -> None:
    assert answer_text(answer) == (
        "放宽A<B的限制。[1]\n责任单位：乙局、丙局[2]\n来源：\n[1] 《某市扶持示范产业办法》二、(一)1.培育好企业\n"
        f"[2] 《某市扶持示范产业办法》二、(一)1.培育好企业 · 责任单位\n{NOTICE}"
    )


def test_a_refusal_says_its_status_in_plain_chinese() -> None:
    assert answer_html(note("unanswerable_not_stated", "文件未载明金额。")) == (
        '<article class="answer" data-status="unanswerable_not_stated"><p class="status">文件未载明</p>'
        '<p class="note">文件未载明金额。</p>'
        f'<button type="button" class="copy" data-copy="文件未载明金额。\n{NOTICE}">复制</button></article>'
    )


def test_a_greeting_has_no_status_line() -> None:
    assert '<p class="status">' not in answer_html(note("clarification", "您好。"))


def test_what_was_understood_is_shown_when_it_was_changed(answer: Answer) -> None:
    changed = Query("孵华器", "孵化器", (), changes=(("孵华器", "孵化器"), ("<", "小于")))
    html = answer_html(replace(answer, query=changed))
    assert '<p class="understood">已理解为：孵化器（孵华器）；小于（&lt;）</p>' in html
    assert "已理解为" not in answer_html(answer)


def test_a_digest_is_never_called_the_original(answer: Answer) -> None:
    first = answer.citations[0]
    digest = replace(first.clause.document, kind="digest", state="废止")
    flags = ("要点摘编 · 非原文", "已废止")
    citation = replace(first, clause=replace(first.clause, document=digest), flags=flags)
    cited = replace(answer, citations=(citation,))
    html = answer_html(cited)
    badges = '<span class="flag">要点摘编 · 非原文</span><span class="flag">已废止</span>'
    assert '<span class="label">要点摘编 · 非原文</span>' in html
    assert f'<span class="source-name">《某市扶持示范产业办法》</span>{badges}</li>' in html
    assert "[1] 《某市扶持示范产业办法》二、(一)1.培育好企业（要点摘编 · 非原文；已废止）" in answer_text(cited)


def test_a_citation_links_to_the_page_of_the_published_file(answer: Answer) -> None:
    first = answer.citations[0]
    web = "https://a.gov.cn/x.pdf"
    published = replace(first.clause.document, url=web, anchors=((0, "page=1"), (60, "page=2")))
    clause = replace(first.clause, document=published)
    html = answer_html(replace(answer, citations=(replace(first, clause=clause),)))
    link = '<a class="original" href="https://a.gov.cn/x.pdf#page=2" target="_blank" rel="noopener noreferrer">'
    assert f"{link}官方原件第2页</a></li>" in html
    whole = replace(first, clause=replace(clause, document=replace(published, anchors=())))
    assert f'<a class="original" href="{web}" target' in answer_html(replace(answer, citations=(whole,)))
    unsafe = replace(first, clause=replace(clause, document=replace(published, url="javascript:alert(1)")))
    assert "<a " not in answer_html(replace(answer, citations=(unsafe,)))


def test_a_warning_looks_different_from_a_note(answer: Answer) -> None:
    warned = replace(answer, sentences=(Sentence("注意：甲。", origin="warning"), *answer.sentences))
    assert '<p class="warning">注意：甲。</p><p class="quote">' in answer_html(warned)


def test_an_explanation_is_marked_as_not_official_on_the_page_and_in_the_copy(answer: Answer) -> None:
    first = answer.citations[0]
    glossary = replace(first.clause.document, kind="glossary")
    citation = replace(first, clause=replace(first.clause, document=glossary))
    explained = replace(answer, citations=(citation,), sentences=(Sentence("甲。", (1,), "explanation"),))
    label = '<p class="explanation"><span class="label">名词解释 · 非官方</span>甲。'
    assert label in answer_html(explained)
    assert answer_text(explained).startswith("【名词解释 · 非官方】甲。[1]\n")


def test_a_sentence_of_a_model_is_marked_and_never_called_the_original(answer: Answer) -> None:
    written = replace(answer, mode="generated", sentences=(Sentence("限制放宽了。", (1,), "generated"),))
    assert f'<p class="generated"><span class="label">AI生成</span>限制放宽了。{CITE.format(1)}</p>' in answer_html(
        written
    )
    assert answer_text(written).startswith("【AI生成】限制放宽了。[1]\n来源：")


def test_a_number_without_a_citation_makes_no_button(answer: Answer) -> None:
    assert 'data-number="9"' not in answer_html(replace(answer, sentences=(Sentence("甲。", (9,)),)))


def test_script_in_any_text_stays_text(answer: Answer) -> None:
    evil = Sentence("<script>alert(1)</script>", (1,))
    query = Query("<b>", "<b>", (), changes=(("<b>", "<img onerror=1>"),))
    html = answer_html(replace(answer, sentences=(evil,), query=query))
    assert "<script" not in html and "<img" not in html and "<b>alert" not in html
