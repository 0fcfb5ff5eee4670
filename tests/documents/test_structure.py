"""A small plan, a small statute, and the traps between them."""

import string

from hypothesis import given
from hypothesis import strategies as st

from bot.documents.structure import parse
from bot.types import Document, Outline, Span

PLAN = """各区、市人民政府：
《青岛市种树行动方案（2025—2027年）》已经研究同意，现印发给你们。
青岛市人民政府办公厅
2025年4月14日
青岛市种树行动方案（2025—2027年）
为多种树，制定本行动方案。
一、总体要求
到2027年，种树1.4万棵。构建“8+X”体系。
第三条所称树苗除外。
二、重点任务
（一）选苗行动
1.选好苗。建设苗圃10家左右。（责任单位：市园林局）鼓励企业育苗。（责任单位：市科技局，有关区、市政府）
（二）种树行动
2.种好树。每年种树。（责任单位：市园林局）
3.管好树。浇水施肥。
（三）谋划未来行动
长远谋划。"""

STATUTE = """青岛市种树条例
2020年1月1日青岛市人民代表大会常务委员会通过
第一章　总则
第一条　为了种树，制定本条例。
第二条　本条例所称种树，包括下列活动：
（一）选苗；
（二）浇水。
第三条所称的单位适用前款规定。
第二章　责任
第一节　单位责任
第三条　单位应当种树。
第三条之一　个人可以种树。
第二节　附则
第四条　本条例自2020年5月1日起施行。"""


def outline(text: str, title: str = "") -> Outline:
    return parse(Document("a", title or text.split("\n", 1)[0], text))


def refs(text: str) -> list[str]:
    return [clause.ref for clause in outline(text).clauses]


def uncovered(parsed: Outline) -> str:
    """The visible characters that are not in exactly one heading or clause."""
    parts = [part.span for part in (*parsed.headings, *parsed.clauses)]
    times = [0] * len(parsed.document.text)
    for start, end in parts:
        for position in range(start, end):
            times[position] += 1
    pairs = zip(parsed.document.text, times, strict=True)
    return "".join(char for char, count in pairs if count != 1 and not char.isspace())


def visible(text: str) -> str:
    return "".join(text.split())


def faults(parsed: Outline) -> list[str]:
    """What breaks a promise of the outline: lost characters, spans that misread, refs that name two places."""
    text = parsed.document.text
    found = [f"在两处或一处也不在：{lost}"] if (lost := uncovered(parsed)) else []
    for part in (*parsed.headings, *parsed.clauses):
        found += [f"读回不同：{part.ref}"] * (part.span.of(text) != part.text)
    for clause in parsed.clauses:
        found += [f"段落读回不同：{clause.ref}" for s in clause.segments if s.span.of(text) != s.text]
        tiled = visible("".join(segment.text for segment in clause.segments))
        found += [f"段落没有铺满：{clause.ref}"] * (tiled != visible(clause.text))
    named = [clause.ref for clause in parsed.clauses]
    found += [f"重名：{ref}" for ref in named if named.count(ref) > 1]
    return found


def test_a_plan_has_a_clause_for_each_item_and_for_each_section_without_items():
    assert refs(PLAN) == ["题头", "一、", "二、(一)1.", "二、(二)2.", "二、(二)3.", "二、(三)"]


def test_headings_carry_ref_path_and_depth():
    assert [(heading.ref, heading.path, heading.depth) for heading in outline(PLAN).headings] == [
        ("一、", ("一、总体要求",), 1),
        ("二、", ("二、重点任务",), 1),
        ("二、(一)", ("二、重点任务", "（一）选苗行动"), 2),
        ("二、(二)", ("二、重点任务", "（二）种树行动"), 2),
        ("二、(三)", ("二、重点任务", "（三）谋划未来行动"), 2),
    ]


def test_an_item_carries_its_title_in_its_text_and_in_its_path():
    item = outline(PLAN).clauses[4]
    assert (item.title, item.text) == ("管好树", "3.管好树。浇水施肥。")
    assert item.path == ("二、重点任务", "（二）种树行动", "3.管好树")


def test_a_bracket_governs_the_sentences_back_to_the_previous_bracket():
    segments = outline(PLAN).clauses[2].segments
    assert [(segment.body_span.of(PLAN), segment.units) for segment in segments] == [
        ("1.选好苗。建设苗圃10家左右。", ("市园林局",)),
        ("鼓励企业育苗。", ("市科技局", "有关区、市政府")),
    ]


def test_sentences_after_the_last_bracket_have_no_unit():
    parsed = outline("一、甲。\n二、乙。做事。（责任单位：市财政局）还有丙事。")
    assert [(segment.text, segment.units) for segment in parsed.clauses[1].segments] == [
        ("二、乙。做事。（责任单位：市财政局）", ("市财政局",)),
        ("还有丙事。", ()),
    ]


def test_the_title_block_is_labelled():
    head = outline(PLAN, "青岛市种树行动方案(2025—2027年)").clauses[0]
    assert [(segment.label, segment.text[:6]) for segment in head.segments] == [
        ("印发通知", "各区、市人民"),
        ("标题", "青岛市种树行"),
        ("引言", "为多种树，制"),
    ]


def test_paragraphs_of_a_part_are_segments():
    assert [segment.text for segment in outline(PLAN).clauses[1].segments] == [
        "到2027年，种树1.4万棵。构建“8+X”体系。",
        "第三条所称树苗除外。",
    ]


def test_a_statute_has_a_clause_for_each_article():
    assert refs(STATUTE) == ["题头", "第一条", "第二条", "第三条", "第三条之一", "第四条"]


def test_chapters_and_their_sections_are_headings():
    assert [(heading.ref, heading.text, heading.depth) for heading in outline(STATUTE).headings] == [
        ("第一章", "第一章　总则", 1),
        ("第二章", "第二章　责任", 1),
        ("第二章第一节", "第一节　单位责任", 2),
        ("第二章第二节", "第二节　附则", 2),
    ]


def test_items_of_an_article_stay_with_their_paragraph():
    article = outline(STATUTE).clauses[2]
    assert [(segment.label, segment.text[-10:]) for segment in article.segments] == [
        ("第一款", "选苗；\n（二）浇水。"),
        ("第二款", "的单位适用前款规定。"),
    ]


def test_the_path_of_an_article_ends_with_its_number():
    assert outline(STATUTE).clauses[4].path == ("第二章　责任", "第一节　单位责任", "第三条之一")


def test_half_width_brackets_and_full_width_give_the_same_refs():
    narrow = PLAN.translate(str.maketrans("（），：；", "(),:;"))
    assert refs(narrow) == refs(PLAN)


def test_flattened_text_gives_the_same_refs():
    assert refs(PLAN.replace("\n", "　　")) == refs(PLAN)
    assert refs(STATUTE.replace("\n", " ")) == refs(STATUTE)


def test_flattened_headings_end_at_the_gap():
    parsed = outline("关于种树的通知 一、了解需求 　　各地要了解。 　　二、加强领导。各地要领导。")
    assert [heading.text for heading in parsed.headings] == ["一、了解需求"]
    assert [(clause.ref, clause.title) for clause in parsed.clauses[1:]] == [("一、", "了解需求"), ("二、", "加强领导")]


def test_an_article_missing_from_the_text_does_not_hide_the_next():
    assert refs("第一条　甲。\n第二条　乙。\n第四条　丁。\n第五条　戊。") == ["第一条", "第二条", "第四条", "第五条"]


def test_an_article_without_a_gap_after_its_number_counts_where_the_sequence_needs_it():
    assert refs("第一条　甲。\n第二条乙。\n第一条所称甲。\n第三条　丙。") == ["第一条", "第二条", "第三条"]


def test_numbers_inside_quotes_are_no_headings():
    text = "一、将第一条修改为：\n“一、甲。\n二、乙。”\n二、本决定自公布之日起施行。"
    assert refs(text) == ["一、", "二、"]


def test_signature_and_attachment_follow_the_last_part():
    text = "通知\n一、甲。\n二、乙。\n附件：1.甲表\n2.乙表\n市科技局\n2025年1月2日\n附件1\n甲办法\n一、丙。\n二、丁。"
    assert refs(text) == ["题头", "一、", "二、", "附件", "附件1", "附件1·一、", "附件1·二、"]


def test_a_document_without_numbers_is_cited_by_paragraph():
    assert refs("关于种树的公告\n春天到了。\n\n请种树。") == ["题头", "第1段", "第2段"]


def test_text_between_a_heading_and_its_first_item_bears_the_ref_of_the_heading():
    parsed = outline("一、任务\n总的来说。\n（一）甲。\n（二）乙。\n二、保障\n有保障。")
    assert [clause.ref for clause in parsed.clauses] == ["一、", "一、(一)", "一、(二)", "二、"]
    assert parsed.clauses[0].text == "总的来说。"


def test_a_ref_that_comes_again_says_so():
    assert refs("一、甲\n1.子。\n2.丑。\n另：\n1.寅。\n2.卯。\n二、乙。")[2:4] == ["一、1.(第2处)", "一、2.(第2处)"]


def test_a_table_of_contents_is_no_second_set_of_chapters():
    text = "条例\n目　录\n第一章　甲\n第二章　乙\n第一章　甲\n第一条　子。\n第二章　乙\n第二条　丑。"
    assert [heading.ref for heading in outline(text).headings] == ["第一章", "第二章"]


CHARS = "一二三十第条章节、（）(1).12 \n　。；：“”《》附件责任单位市局年月日" + string.ascii_lowercase[:2]


@given(st.text(alphabet=CHARS, max_size=200))
def test_any_text_keeps_every_character_once(text: str):
    assert faults(parse(Document("a", "题", text))) == []


@given(st.lists(st.lists(st.integers(0, 3), max_size=4), min_size=2, max_size=5), st.booleans())
def test_a_generated_plan_is_read_back(shape: list[list[int]], flat: bool):
    numerals = "一二三四五"
    lines, expected = ["方案"], ["题头"]
    for part, sections in enumerate(shape):
        lines.append(f"{numerals[part]}、部分")
        sections = sections if len(sections) > 1 else []
        for section, items in enumerate(sections):
            lines.append(f"（{numerals[section]}）小节")
            items = items if items > 1 else 0
            lines += [f"{item}.事项。做好这件事。" for item in range(1, items + 1)] or ["就这样做。"]
            own = f"{numerals[part]}、({numerals[section]})"
            expected += [f"{own}{item}." for item in range(1, items + 1)] or [own]
        if not sections:
            lines.append("照此办理。")
            expected.append(f"{numerals[part]}、")
    assert refs((" " if flat else "\n").join(lines)) == expected


def test_spans_point_into_the_document():
    assert outline(PLAN).clauses[1].segments[1].span == Span(PLAN.index("第三条所称"), PLAN.index("\n二、"))
