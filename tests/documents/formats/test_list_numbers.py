import pytest

from bot.documents.formats.list_numbers import Level, ListCounter, gap_after, numeral


@pytest.mark.parametrize(
    ("number", "number_format", "written"),
    [
        (1, "chineseCounting", "一"),
        (10, "japaneseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (103, "chineseCountingThousand", "一百零三"),
        (110, "chineseCountingThousand", "一百一十"),
        (23, "chineseLegalSimplified", "贰拾叁"),
        (20, "ideographDigital", "二〇"),
        (3, "ideographTraditional", "丙"),
        (2, "ideographZodiac", "丑"),
        (21, "decimalEnclosedCircleChinese", "㉑"),
        (4, "lowerRoman", "iv"),
        (28, "upperLetter", "BB"),
        (7, "decimalZero", "07"),
        (7, "someFormatOfTomorrow", "7"),
    ],
)
def test_numbers_are_written_as_word_writes_them(number: int, number_format: str, written: str):
    assert numeral(number, number_format) == written


def test_a_level_begins_anew_under_each_of_the_level_above():
    counter = ListCounter({0: Level("%1、", "chineseCounting"), 1: Level("（%2）", "chineseCounting")})
    assert [counter.next(level) for level in (0, 1, 1, 0, 1)] == ["一、", "（一）", "（二）", "二、", "（一）"]


def test_a_level_that_does_not_restart_counts_on():
    counter = ListCounter(
        {0: Level("第%1章", "chineseCounting"), 1: Level("第%2条", "chineseCounting", restarts=False)}
    )
    assert [counter.next(level) for level in (0, 1, 0, 1)] == ["第一章", "第一条", "第二章", "第二条"]


def test_a_numeral_may_hold_those_above():
    counter = ListCounter({0: Level("%1.", "chineseCounting"), 1: Level("%1.%2", is_legal=True)})
    assert [counter.next(level) for level in (0, 1, 1)] == ["一.", "1.1", "1.2"]


def test_a_bullet_is_no_numeral():
    assert ListCounter({0: Level("\uf0b7", "bullet")}).next(0) == ""


@pytest.mark.parametrize(
    ("pattern", "follows", "gap"), [("第%1条", "nothing", "　"), ("%1、", "tab", ""), ("%1.%2", "tab", " ")]
)
def test_a_numeral_stands_apart_where_it_would_run_into_the_text(pattern: str, follows: str, gap: str):
    assert gap_after(pattern, follows) == gap
