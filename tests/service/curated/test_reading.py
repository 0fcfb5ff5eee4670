"""A question is taken apart into what it asks for and what it is about."""

from datetime import date

import pytest

from bot.service.curated.reading import Reader

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("孵化器归谁管?", "who"),
        ("补贴多少钱?", "money"),
        ("要建多少个平台?", "count"),
        ("什么时候截止?", "date"),
        ("多久能办好?", "duration"),
        ("要准备什么材料?", "materials"),
        ("需要什么条件?", "conditions"),
        ("怎么申请?", "how"),
        ("能申请吗?", "whether"),
        ("到哪里办?", "place"),
        ("有什么区别?", "difference"),
        ("孵化器", ""),
    ],
)
def test_what_is_asked_for_is_told(reader: Reader, question: str, kind: str) -> None:
    assert reader.read(question, DAY).kind == kind


def test_words_of_one_meaning_have_one_name(reader: Reader) -> None:
    assert reader.read("民企搬来", DAY).telling == (reader.read("民营企业", DAY).telling[0], "迁")


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("2027年建几个?", {"2027年"}),
        ("27年建几个?", {"2027年"}),
        ("今年建几个?", {"2026年"}),
        ("明年建几个?", {"2027年"}),
        ("每年建几个?", {"每年"}),
        ("不到18度怎么办?", {"18"}),
        ("建几个?", set()),
    ],
)
def test_years_and_numbers_are_read_as_of_the_day(reader: Reader, question: str, figures: set[str]) -> None:
    assert reader.read(question, DAY).figures == figures


@pytest.mark.parametrize(
    ("question", "negated"),
    [
        ("没有执照能申请吗?", True),
        ("未办登记能上牌吗?", True),
        ("有执照能申请吗?", False),
        ("能不能申请?", False),
        ("未来产业有没有基金?", False),
    ],
)
def test_a_denial_is_no_question_word(reader: Reader, question: str, negated: bool) -> None:
    assert reader.read(question, DAY).negated is negated


def test_another_place_is_seen_but_not_home(reader: Reader) -> None:
    assert reader.read("济南的园区在哪里?", DAY).places == {"济南"}
    assert reader.read("青岛的园区在哪里?", DAY).places == frozenset()
