from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.documents.diff import Difference, compare, render
from bot.documents.structure import parse
from bot.types import Document, Outline

ARTICLES = (
    "为了多种树，制定本办法。",
    "银杏、水杉由市园林局管理。",
    "对种树的单位给予奖励，奖励不低于苗木费用的百分之二十。",
    "违反规定砍树的，由城管部门处理。",
    "树苗应当先租后建，不得占用农田。",
)
NUMERALS = "一二三四五六七八九"


def version(*articles: str, name: str = "rules", **fields: object) -> Outline:
    body = "".join(f"第{numeral}条 {text}\n\n" for numeral, text in zip(NUMERALS, articles, strict=False))
    return parse(Document(name, "某市种树办法", f"某市种树办法\n\n{body}", **fields))


def told(difference: Difference) -> list[tuple[str, str, str]]:
    return [
        (change.kind, change.old.ref if change.old else "", change.new.ref if change.new else "")
        for change in difference.changes
    ]


def test_equal_versions_have_no_changes():
    difference = compare(version(*ARTICLES), version(*ARTICLES))
    assert (difference.changes, difference.unchanged, difference.facts) == ((), 6, {})


def test_another_width_is_no_change():
    wide = [article.replace("，", ",") for article in ARTICLES]
    assert compare(version(*ARTICLES), version(*wide)).changes == ()


def test_an_inserted_article_moves_those_after_it():
    inserted = compare(version(*ARTICLES[:3]), version(ARTICLES[0], "种树应当因地制宜。", *ARTICLES[1:3]))
    assert told(inserted) == [("新增", "", "第二条"), ("移动", "第二条", "第三条"), ("移动", "第三条", "第四条")]


def test_a_deleted_article_is_told_where_it_stood():
    deleted = compare(version(*ARTICLES[:3]), version(ARTICLES[0], ARTICLES[2]))
    assert told(deleted) == [("删除", "第二条", ""), ("移动", "第三条", "第二条")]
    assert told(compare(version(*ARTICLES), version(*ARTICLES[1:])))[0] == ("删除", "第一条", "")


def test_articles_that_changed_places_moved():
    swapped = compare(version(*ARTICLES[:3]), version(ARTICLES[1], ARTICLES[0], ARTICLES[2]))
    assert sorted(told(swapped)) == [("移动", "第一条", "第二条"), ("移动", "第二条", "第一条")]


def test_a_changed_article_shows_its_characters():
    changed = compare(version(*ARTICLES), version(*ARTICLES[:2], ARTICLES[2].replace("二十", "五十"), *ARTICLES[3:]))
    pieces = [(piece.kind, piece.text) for piece in changed.changes[0].pieces]
    assert told(changed) == [("修改", "第三条", "第三条")]
    assert pieces == [
        ("same", "第三条 对种树的单位给予奖励，奖励不低于苗木费用的百分之"),
        ("deleted", "二"),
        ("added", "五"),
        ("same", "十。"),
    ]


def test_a_figure_is_changed_whole():
    changed = compare(version("每年浇水2019次。"), version("每年浇水2029次。"))
    assert [piece.text for piece in changed.changes[0].pieces] == ["第一条 每年浇水", "2019", "2029", "次。"]


def test_an_article_changed_and_renumbered_is_known_again():
    new = (*ARTICLES[:2], "种树应当因地制宜。", ARTICLES[2].replace("单位", "单位和个人"), *ARTICLES[3:])
    assert told(compare(version(*ARTICLES), version(*new)))[:2] == [
        ("新增", "", "第三条"),
        ("修改", "第三条", "第四条"),
    ]


def test_another_rule_under_the_same_number_is_no_change_of_the_first():
    other = compare(version(*ARTICLES[:2]), version(ARTICLES[0], "施工单位须在开工前缴纳保证金。"))
    assert told(other) == [("删除", "第二条", ""), ("新增", "", "第二条")]


@given(st.lists(st.sampled_from(ARTICLES), min_size=1, max_size=8), st.lists(st.sampled_from(ARTICLES), max_size=8))
def test_every_clause_is_told_of_once_and_the_pieces_are_both_texts(before: list[str], after: list[str]):
    old, new = version(*before), version(*after)
    difference = compare(old, new)
    assert sum(1 for change in difference.changes if change.new) + difference.unchanged == len(new.clauses)
    assert sum(1 for change in difference.changes if change.old) + difference.unchanged == len(old.clauses)
    for change in difference.of_kind("修改"):
        assert "".join(piece.text for piece in change.pieces if piece.kind != "added") == change.old.text
        assert "".join(piece.text for piece in change.pieces if piece.kind != "deleted") == change.new.text


def test_a_reader_sees_facts_counts_and_changes():
    old = version(*ARTICLES[:4], name="2018", effective_on=date(2018, 1, 1), state="废止")
    new = version(
        ARTICLES[0],
        "种树应当因地制宜。",
        ARTICLES[1],
        ARTICLES[2].replace("二十", "五十"),
        name="2025",
        effective_on=date(2025, 7, 1),
    )
    assert render(compare(old, new)) == (
        "某市种树办法（2018） → 某市种树办法（2025）\n"
        "施行日期：2018-01-01 → 2025-07-01\n"
        "状态：废止 → 现行\n"
        "修改 1 条，新增 1 条，删除 1 条，移动 1 条，未变 2 条。标记：[-删去的字-]{+增加的字+}\n"
        "新增 第二条\n"
        "    第二条 种树应当因地制宜。\n"
        "移动 第二条 → 第三条\n"
        "修改 第三条 → 第四条\n"
        "    第[-三-]{+四+}条 对种树的单位给予奖励，奖励不低于苗木费用的百分之[-二-]{+五+}十。\n"
        "删除 第四条\n"
        "    第四条 违反规定砍树的，由城管部门处理。"
    )


def test_articles_that_moved_on_together_are_one_line():
    moved = render(compare(version(*ARTICLES), version("种树应当因地制宜。", *ARTICLES)))
    assert moved.splitlines()[-1] == "移动 第一条至第五条 → 第二条至第六条，共 5 条"


def test_articles_that_changed_places_are_a_line_each():
    swapped = render(compare(version(*ARTICLES[:2]), version(ARTICLES[1], ARTICLES[0])))
    assert sorted(swapped.splitlines()[2:]) == ["移动 第一条 → 第二条", "移动 第二条 → 第一条"]


def test_what_is_far_from_a_change_is_left_out():
    long = "种树的目的、原则和步骤由市园林局另行规定，报市人民政府批准后施行。"
    changed = render(compare(version(long + ARTICLES[2]), version(long + ARTICLES[2].replace("二十", "五十"))))
    assert changed.splitlines()[-1] == "    ……奖励，奖励不低于苗木费用的百分之[-二-]{+五+}十。"
