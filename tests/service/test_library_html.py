"""The collection as HTML: grouped, flagged, its versions compared, everything escaped."""

import re
from datetime import date
from typing import Any

from bot.documents.diff import compare
from bot.documents.structure import parse
from bot.service.library_html import details_html, difference_html, library_html
from bot.types import Document, Outline

TODAY = date(2025, 6, 1)
OLD = "某市种树条例\n\n第一条 每户种树五棵。\n\n第二条 多浇水。\n\n第三条 自公布之日起施行。\n"
NEW = "某市种树条例\n\n第一条 每户种树十棵。\n\n第二条 苗木由市供给。\n\n第三条 多浇水。\n\n第四条 自公布之日起施行。\n"


def paper(name: str, title: str = "某市种树条例", text: str = OLD, **fields: Any) -> Outline:
    return parse(Document(name, title, text, **fields))


OLDER = paper("old", level="地方性法规", place="某市", issued_on=date(2012, 3, 1))
NEWER = paper(
    "new", text=NEW, level="地方性法规", place="某市", issued_on=date(2020, 6, 1), doc_number="某人发〔2020〕1号"
)
LAW = paper(
    "law", "中华人民共和国种树法", "第一条　多种树。\n", level="法律", kind="digest", issued_on=date(2019, 1, 1)
)
PLAN = paper("plan", "某市种树方案", primary=True, level="规范性文件", expires_on=date(2024, 12, 31))
WORDS = paper("words", "名词<解释>", kind="glossary")


def test_documents_stand_under_their_level_the_main_one_first_and_those_in_force_before_others() -> None:
    html = library_html([OLDER, LAW, WORDS, NEWER, PLAN], TODAY)
    found = re.findall(r'<h3>(.+?)（|<span class="document-name">(.+?)</span>', html)
    assert ["".join(each) for each in found] == [
        *("主要文件", "某市种树方案", "法律", "中华人民共和国种树法", "地方性法规", "某市种树条例", "某市种树条例"),
        *("其他", "名词&lt;解释&gt;"),
    ]
    assert re.findall(r'data-document="(.+?)"', html) == ["plan", "law", "new", "old", "words"]


def test_what_is_not_in_force_is_flagged_and_can_be_filtered_by_it() -> None:
    html = library_html([OLDER, NEWER, PLAN, LAW], TODAY)
    assert re.findall(r'<span class="flag">(.+?)</span>', html) == [
        "已到期 · 2024年12月31日",
        "要点摘编 · 非原文",
        "旧版本 · 已有2020年6月1日版本",
    ]
    assert re.findall(r'data-standing="(.+?)"', html) == ["到期", "现行", "现行", "旧版本"]
    assert re.findall(r"<option>(.+?)</option>", html) == [
        *("旧版本", "现行", "到期"),
        *("法律", "地方性法规", "规范性文件"),
        *("全国", "某市"),
    ]


def test_a_line_is_found_by_title_number_and_issuer() -> None:
    html = library_html([paper("a", doc_number="某ABC〔2020〕1号", issuer="某市<府>")], TODAY)
    assert 'data-search="某市种树条例 某abc〔2020〕1号 某市&lt;府&gt;"' in html
    assert '<span class="document-facts">全国 · 某ABC〔2020〕1号 · 某市&lt;府&gt;</span>' in html


def test_the_particulars_tell_all_that_is_known() -> None:
    html = details_html(NEWER, [OLDER, NEWER], TODAY)
    assert re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", html) == [
        ("性质", "原文"),
        ("状态", "现行"),
        ("效力层级", "地方性法规"),
        ("适用地方", "某市"),
        ("发文字号", "某人发〔2020〕1号"),
        ("成文日期", "2020年6月1日"),
        ("条款", "4条"),
    ]


def test_only_a_web_address_becomes_a_link() -> None:
    safe = paper("a", url='https://a.gov.cn/?a=1&b="2"')
    assert '<a href="https://a.gov.cn/?a=1&amp;b=&quot;2&quot;" target="_blank"' in details_html(safe, [safe], TODAY)
    unsafe = paper("a", url="javascript:alert(1)")
    assert "<a" not in details_html(unsafe, [unsafe], TODAY)


def test_the_versions_are_listed_newest_first_and_two_may_be_compared() -> None:
    html = details_html(OLDER, [OLDER, NEWER], TODAY)
    listed = re.findall(r"<li><button[^>]*>(.+?)</button></li>", html[html.index("<ol>") : html.index("</ol>")])
    assert listed == ["2020年6月1日版本（现行，4条）", "2012年3月1日版本（旧版本，3条），本版本"]
    assert re.findall(r'<option value="([^"]+)" selected>', html) == ["old", "new"]
    assert "各版本" not in details_html(LAW, [LAW, OLDER], TODAY)


def test_a_difference_marks_the_characters_that_changed() -> None:
    html = difference_html(compare(OLDER, NEWER))
    assert "修改1条，新增1条，移动2条，未变1条。" in html
    assert re.findall(r"<li>(.+?)</li>", html) == [
        "发文字号：未载明 → 某人发〔2020〕1号",
        "成文日期：2012年3月1日 → 2020年6月1日",
    ]
    assert re.findall(r'<section class="change"><h5>(.+?)</h5>(.*?)</section>', html, re.DOTALL) == [
        ('<span class="kind">修改</span>第一条', "<p>第一条 每户种树<del>五</del><ins>十</ins>棵。</p>"),
        ('<span class="kind">新增</span>第二条', "<p><ins>第二条 苗木由市供给。</ins></p>"),
        ('<span class="kind">移动</span>第二条至第三条 → 第三条至第四条，共 2 条', ""),
    ]


def test_script_in_a_changed_text_stays_text() -> None:
    evil = paper("evil", text=OLD.replace("五", "<script>"), issued_on=date(2021, 1, 1))
    assert "<script" not in difference_html(compare(OLDER, evil))
