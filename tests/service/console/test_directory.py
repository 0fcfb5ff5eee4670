"""Whom to turn to: a unit that the text names, else 12345; and what may be entered."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answering.replies import HUMAN
from bot.service.console.audit import Audit
from bot.service.console.directory import Directory, DirectoryError, Handoff, hotline, needs_handoff
from bot.service.records import Records
from bot.types import Answer, Query, Sentence, Turn
from tests.service.console.conftest import Site

ENTRY = {"unit": "青岛市乙局", "also": "乙局综合处", "contact": "0532-10000001", "source": "示例"}
KNOWN = Handoff("青岛市乙局", "0532-10000001", also=("乙局综合处",), source="示例")


@pytest.fixture
def directory(records: Records) -> Directory:
    opened = Directory(records)
    opened.put(ENTRY, by="李敏")
    return opened


def test_where_nothing_is_known_there_is_12345(records: Records) -> None:
    assert Directory(records).find(["乙局"]) == hotline()
    assert (hotline().contact, hotline().hours, hotline().address) == ("12345", "", "")


@pytest.mark.parametrize("name", ["青岛市乙局", "市乙局", "乙局", "乙局综合处"])
def test_a_unit_is_found_by_any_name_it_goes_by(directory: Directory, name: str) -> None:
    assert directory.find(["甲局", name]) == KNOWN


def test_an_answer_leads_to_the_unit_its_clause_names(directory: Directory, cite: Any) -> None:
    answer = Answer(Query("补贴多少", "补贴多少", ()), "unanswerable_not_stated", (), (cite(1, "放宽A<B的限制。"),))
    assert (needs_handoff(answer), directory.of(answer)) == (True, KNOWN)


def test_who_asks_for_a_person_means_what_was_talked_about(directory: Directory) -> None:
    turn = Turn("放宽什么", "放宽A<B的限制。[1]\n责任单位：乙局、丙局[2]")
    asked = Query("转人工", "转人工", (), history=(turn,))
    answer = Answer(asked, "clarification", (Sentence(HUMAN, origin="note"),))
    assert (needs_handoff(answer), directory.of(answer)) == (True, KNOWN)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": " "}, "请写明单位名称"),
        ({"contact": ""}, "至少写一项"),
        ({"source": ""}, "请写明出处"),
        ({"link": "javascript:alert(1)"}, "网址应以"),
        ({"hours": "长" * 201}, "控制在200字以内"),
    ],
)
def test_an_entry_without_a_name_a_way_or_a_source_is_not_kept(
    records: Records, change: dict[str, str], said: str
) -> None:
    with pytest.raises(DirectoryError, match=said):
        Directory(records).put(ENTRY | change, by="李敏")
    assert Directory(records).entries() == []


def test_what_is_exported_can_be_imported(directory: Directory, records: Records) -> None:
    text = directory.as_toml()
    directory.remove("青岛市乙局", by="李敏")
    assert directory.take_in(text, by="王强") == 1
    assert directory.entries() == [KNOWN]
    found = [(each.who, each.action) for each in Audit(records).latest()]
    assert found == [("王强", "更改转办目录"), ("李敏", "删除转办单位"), ("李敏", "更改转办目录")]


def test_where_one_entry_is_wrong_none_is_imported(records: Records) -> None:
    text = '[[unit]]\nunit = "甲局"\ncontact = "1"\nsource = "示例"\n[[unit]]\nunit = "丁局"\nphone = "1"\n'
    with pytest.raises(DirectoryError, match="phone"):
        Directory(records).take_in(text, by="李敏")
    assert Directory(records).entries() == []


def test_the_public_sees_where_to_turn_to_with_what_is_not_answered(site: Site) -> None:
    with site.client() as client:
        found = client.post("/api/v1/ask", json={"question": "转人工"}).json()
        page = client.post("/chat", data={"question": "转人工"}).text
        answered = client.post("/api/v1/ask", json={"question": "培育多少家瞪羚企业"}).json()
    assert found["handoff"] == {
        "unit": "12345政务服务便民热线",
        "contact": "12345",
        "hours": "",
        "address": "",
        "link": "",
    }
    assert '<p class="handoff">咨询渠道：<strong>12345政务服务便民热线</strong>，12345</p>' in page
    assert answered["status"] != "answered" or answered["handoff"] is None
