"""A question meets the entry that answers it, and no entry that answers something near."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.service.curated.entries import Draft, Entry
from bot.service.curated.matching import Matcher
from bot.service.curated.reading import Reader

DAY = date(2026, 11, 24)
WRITTEN = datetime(2026, 11, 24)


def entry(question: str, *variants: str, negatives: tuple[str, ...] = (), id_: str = "1") -> Entry:
    draft = Draft(question, "答复", variants=variants, negatives=negatives)
    return Entry(id_, draft, "live", "", 1, WRITTEN, "李敏", WRITTEN, "李敏", "王强")


def found(matcher: Matcher, question: str) -> str:
    match = matcher.match(question, DAY)
    return match.entry.id if match else ""


SHUTTLE = entry("摆渡车补贴由哪个部门发放？")


@pytest.mark.parametrize(
    "question", ["摆渡车补贴由哪个部门发放？", "摆渡车的补助归谁发放", "请问摆渡车补贴是哪个局发放的"]
)
def test_the_same_question_in_other_words_is_met(reader: Reader, question: str) -> None:
    assert found(Matcher([SHUTTLE], reader), question) == "1"


@pytest.mark.parametrize(
    "question",
    [
        "摆渡车补贴多少钱？",
        "摆渡车补贴什么时候发放？",
        "观光车补贴由哪个部门发放？",
        "济南的摆渡车补贴由哪个部门发放？",
        "2025年摆渡车补贴由哪个部门发放？",
        "什么是量子信息？",
        "由哪个部门发放？",
        "？",
    ],
)
def test_something_near_is_not_met(reader: Reader, question: str) -> None:
    assert found(Matcher([SHUTTLE], reader), question) == ""


def test_another_year_is_another_question(reader: Reader) -> None:
    matcher = Matcher([entry("2025年的补贴怎么申请？")], reader)
    assert [found(matcher, f"{year}年的补贴怎么申请？") for year in (2025, 2026)] == ["1", ""]


def test_this_year_is_the_year_of_asking(reader: Reader) -> None:
    matcher = Matcher([entry("今年的补贴怎么申请？")], reader)
    assert matcher.match("今年的补贴怎么申请？", date(2026, 12, 31)) is not None
    assert matcher.match("今年的补贴怎么申请？", date(2027, 1, 1)) is None


def test_a_negative_variant_pushes_away(reader: Reader) -> None:
    near = "摆渡车补贴由哪个区发放？"
    with_it = entry("摆渡车补贴由哪个部门发放？", near, negatives=())
    without = replace(with_it, draft=replace(with_it.draft, variants=(), negatives=(near,)))
    assert [found(Matcher([each], reader), near) for each in (with_it, without)] == ["1", ""]


def test_the_nearest_of_several_answers(reader: Reader) -> None:
    others = [entry("观光车补贴由哪个部门发放？", id_="2"), entry("摆渡车补贴怎么申请？", id_="3")]
    matcher = Matcher([SHUTTLE, *others], reader)
    asked = ["摆渡车补贴由哪个部门发放", "观光车补贴由哪个部门发放", "怎么申请摆渡车补贴"]
    assert [found(matcher, question) for question in asked] == ["1", "2", "3"]


def test_an_entry_answers_on_its_days_alone(reader: Reader) -> None:
    valid = replace(SHUTTLE, draft=replace(SHUTTLE.draft, valid_from=DAY, valid_to=DAY))
    days = [date(2026, 11, 23), DAY, date(2026, 11, 25)]
    matcher = Matcher([valid], reader)
    assert [matcher.match(valid.draft.question, day) is not None for day in days] == [False, True, False]


def test_without_entries_nothing_is_met(reader: Reader) -> None:
    assert found(Matcher([], reader), "摆渡车补贴由哪个部门发放？") == ""
