from datetime import date
from typing import Any

import pytest

from bot.documents.flags import Flagger, flag_note
from bot.types import Document

TODAY = date(2025, 6, 1)


def paper(name: str, title: str = "某市种树条例", **fields: Any) -> Document:
    return Document(name, title, "正文", **fields)


@pytest.mark.parametrize(
    ("fields", "flags", "warning"),
    [
        ({}, (), ""),
        ({"kind": "digest"}, ("要点摘编 · 非原文",), ""),
        (
            {"expires_on": date(2024, 12, 31)},
            ("已到期 · 2024年12月31日",),
            "《某市种树条例》已于2024年12月31日到期",
        ),
        ({"state": "废止"}, ("已废止",), "《某市种树条例》已废止"),
        (
            {"state": "废止", "expires_on": date(2023, 1, 2), "kind": "digest"},
            ("要点摘编 · 非原文", "已废止 · 2023年1月2日"),
            "《某市种树条例》已于2023年1月2日废止",
        ),
        (
            {"effective_on": date(2026, 1, 1)},
            ("尚未施行 · 2026年1月1日起施行",),
            "《某市种树条例》自2026年1月1日起施行，目前尚未施行",
        ),
        ({"state": "征求意见"}, ("征求意见稿 · 未正式出台",), "《某市种树条例》是征求意见稿，尚未正式出台"),
    ],
)
def test_what_is_not_in_force_is_flagged_with_the_day(fields: dict[str, Any], flags: tuple[str, ...], warning: str):
    document = paper("a", **fields)
    flagger = Flagger([document], lambda: TODAY)
    assert (flagger.flags(document), flagger.warning(document)) == (flags, warning)


def test_a_version_that_another_has_replaced_is_flagged():
    # A law goes on from the day it first began; the day of its amendment tells the versions apart.
    old = paper("old", "中华人民共和国种树法", issued_on=date(2012, 3, 1), effective_on=date(1996, 1, 1))
    new = paper("new", "种树法（2020年修正）", issued_on=date(2020, 6, 1), effective_on=date(1996, 1, 1))
    flagger = Flagger([old, new], lambda: TODAY)
    assert [flagger.flags(each) for each in (old, new)] == [("旧版本 · 已有2020年6月1日版本",), ()]
    assert [flagger.state(each) for each in (old, new)] == ["旧版本", "现行"]
    assert flagger.warning(old) == "《中华人民共和国种树法》（2012年3月1日版本）已有2020年6月1日版本"


@pytest.mark.parametrize("fields", [{"state": "征求意见"}, {"effective_on": date(2026, 1, 1)}, {"state": "废止"}])
def test_what_is_not_in_force_itself_replaces_nothing(fields: dict[str, Any]):
    old, new = paper("old", issued_on=date(2012, 3, 1)), paper("new", issued_on=date(2020, 6, 1), **fields)
    assert Flagger([old, new], lambda: TODAY).flags(old) == ()


def test_a_flag_is_told_of_the_day_it_is_asked_for():
    days = [date(2024, 12, 31)]
    document = paper("a", expires_on=days[0])
    flagger = Flagger([document], lambda: days[-1])
    assert flagger.state(document) == "现行"
    days.append(date(2025, 1, 1))
    assert flagger.state(document) == "到期"


def test_in_plain_text_the_flags_stand_in_one_bracket():
    assert flag_note(("要点摘编 · 非原文", "已废止")) == "（要点摘编 · 非原文；已废止）"
    assert flag_note(()) == ""
