"""Who does what, as a matrix and as a table."""

import re
from dataclasses import replace

from bot.answering import replies
from bot.documents.structure import parse
from bot.service.duties_html import duties_page_html
from bot.types import Document, Outline
from tests.answering.small_plan import PLAN, RULES


def marked(outline: Outline, html: str) -> str:
    """The characters that the button in `html` has marked."""
    ranges = "".join(re.findall(r'data-marks="(.+?)"', html)).split(",")
    return "".join(outline.document.text[slice(*map(int, each.split("-")))] for each in ranges)


def test_every_unit_is_a_row_and_every_task_a_column(outline: Outline) -> None:
    html = duties_page_html([outline, RULES])
    assert re.findall(r'<tr data-unit="(.+?)">', html) == ["甲局", "乙局", "丙局"]
    assert re.findall(r'<th scope="col" class="task[^"]*"><button[^>]*>(.+?)</button>', html) == ["1.培育好企业"]
    assert "列有责任单位的任务1项、2段，涉及单位3个。" in html
    assert "没有区分牵头和配合" in html


def test_a_dot_opens_its_task_with_the_segments_of_its_unit_marked(outline: Outline) -> None:
    html = duties_page_html([outline])
    row = html[html.index('<tr data-unit="乙局">') : html.index('<tr data-unit="丙局">')]
    assert re.findall(r'aria-label="(.+?)"', row) == ["乙局：1.培育好企业，1段，打开条款"]
    assert marked(outline, row) == "放宽A<B的限制。（责任单位：乙局、丙局）"


def test_a_unit_named_twice_in_a_task_has_both_segments_marked() -> None:
    task = "甲事。做一。（责任单位：甲局）做二。（责任单位：乙局）做三。（责任单位：甲局）\n"
    twice = parse(Document("twice", "某市方案", f"某市方案\n一、总则\n求进。\n二、任务\n1.{task}"))
    html = duties_page_html([twice])
    row = html[html.index('<tr data-unit="甲局">') : html.index('<tr data-unit="乙局">')]
    assert marked(twice, row) == "1.甲事。做一。（责任单位：甲局）做三。（责任单位：甲局）"
    assert ">2</button>" in row and 'data-units="甲局"' in row


def test_roles_are_shown_only_where_the_text_names_them() -> None:
    html = duties_page_html([PLAN])
    row = html[html.index('<tr data-unit="丁局">') :]
    assert "丁局：2.丰富场景，牵头单位，打开条款" in row
    assert "原文区分责任单位、配合单位、牵头单位，标在圆点中。" in html


def test_the_table_has_a_line_for_every_segment_with_its_own_units(outline: Outline) -> None:
    html = duties_page_html([outline])
    lines = re.findall(r'<tr data-units="([^"]+)"><th scope="row">(.+?)</th><td><button[^>]*>(.+?)</button>', html)
    assert lines == [
        ("甲局", "1.培育好企业", "每年培育10家。"),
        ("乙局\n丙局", "1.培育好企业", "放宽A&lt;B的限制。"),
    ]


def test_a_task_without_a_number_is_named_by_its_paragraph() -> None:
    html = duties_page_html([parse(Document("plain", "某市通知", "某市通知\n做好服务。（责任单位：甲局）\n"))])
    assert re.findall(r'<th scope="row">(.+?)</th><td><button[^>]*>(.+?)</button>', html) == [("第1段", "做好服务。")]


def test_names_are_escaped(outline: Outline) -> None:
    html = duties_page_html([replace(outline, document=replace(outline.document, title="<b>办法"))])
    assert "<h2>&lt;b&gt;办法</h2>" in html


def test_without_a_plan_there_is_a_sentence() -> None:
    assert replies.NO_PLAN in duties_page_html([RULES])
    assert "<table" not in duties_page_html([RULES])
