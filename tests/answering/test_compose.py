from datetime import date

from bot.answering.compose import compose, join_neighbours
from bot.answering.draft import Draft, Pick
from bot.types import Citation, Clause, Document, Query, Segment, Sentence, Span

TEXT = "1.强化支持。设立基金。探索先投后股。（责任单位：市财政局）发展耐心资本。"
DOCUMENT = Document(id="plan", title="示例方案", text=TEXT, issued_on=date(2025, 4, 14))
FIRST = Segment(TEXT[:30], Span(0, 30), ("市财政局",), Span(19, 30))
SECOND = Segment(TEXT[30:], Span(30, 37))
CLAUSE = Clause(DOCUMENT, "一、1.", ("一、任务", "1.强化支持"), TEXT, Span(0, 37), (FIRST, SECOND), "强化支持")
QUERY = Query("基金归谁管", "基金归谁管", ())


def pick(start: int, end: int, segment: Segment = FIRST) -> Pick:
    return Pick(CLAUSE, Span(start, end), segment)


def test_the_spans_of_this_file_are_right() -> None:
    assert (Span(7, 12).of(TEXT), Span(12, 19).of(TEXT), Span(19, 30).of(TEXT)) == (
        "设立基金。",
        "探索先投后股。",
        "（责任单位：市财政局）",
    )


def test_a_quote_is_numbered_and_followed_by_its_units() -> None:
    answer = compose(QUERY, [Draft(QUERY, "answered", (pick(7, 12),), with_units=True)])
    assert answer.text == "设立基金。[1]\n责任单位：市财政局[2]"
    assert answer.citations == (
        Citation(1, CLAUSE, "设立基金。", Span(7, 12), FIRST),
        Citation(2, CLAUSE, "（责任单位：市财政局）", Span(19, 30), FIRST),
    )


def test_neighbouring_sentences_become_one_quote_in_reading_order() -> None:
    assert join_neighbours([pick(12, 19), pick(7, 12)]) == [pick(7, 19)]


def test_sentences_of_different_segments_stay_apart() -> None:
    runs = [pick(7, 12), pick(30, 37, SECOND)]
    assert join_neighbours(runs) == runs


def test_a_segment_without_a_bracket_names_no_unit() -> None:
    answer = compose(QUERY, [Draft(QUERY, "answered", (pick(30, 37, SECOND),), with_units=True)])
    assert answer.text == "发展耐心资本。[1]"


def test_the_same_stretch_is_cited_once() -> None:
    drafts = [Draft(QUERY, "answered", (pick(7, 12),)), Draft(QUERY, "answered", (pick(7, 12),))]
    assert compose(QUERY, drafts).sentences == (Sentence("设立基金。", (1,)),)


def test_what_is_answered_comes_with_what_is_not_stated() -> None:
    drafts = [
        Draft(QUERY, "unanswerable_not_stated", (pick(12, 19),), ("文件未载明金额。",)),
        Draft(QUERY, "answered", (pick(7, 12),)),
    ]
    answer = compose(QUERY, drafts)
    assert (answer.status, answer.text) == ("answered", "设立基金。[1]\n文件未载明金额。")


def test_a_refused_question_is_not_said_to_be_understood_otherwise() -> None:
    query = Query("明天会下雨吗", "明天会下雨吗", (), changes=(("结合上文", "卫星互联网"),))
    assert compose(query, [Draft(query, "refused_out_of_scope", closing=("不在范围。",))]).query.changes == ()


def test_what_one_part_quotes_is_not_quoted_again_by_another() -> None:
    whole = Draft(QUERY, "answered", (pick(7, 19),), with_units=True)
    answer = compose(QUERY, [Draft(QUERY, "answered", (pick(7, 12),)), whole])
    assert answer.text == "设立基金。探索先投后股。[1]\n责任单位：市财政局[2]"


def test_a_quote_that_brings_units_is_kept_beside_a_longer_one_without() -> None:
    longer = Draft(QUERY, "answered", (pick(7, 19),))
    answer = compose(QUERY, [longer, Draft(QUERY, "answered", (pick(7, 12),), with_units=True)])
    assert answer.text == "设立基金。探索先投后股。[1]\n设立基金。[2]\n责任单位：市财政局[3]"
