"""Curated answers are kept, published and ended, and the audit knows of all of it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.service.console.audit import Audit
from bot.service.curated.entries import CuratedError, Draft, Entries, Quoted, checked
from bot.service.records import Records

DRAFT = Draft("谁浇水？", "市水务局浇水。[1]", (Quoted("plan", 1, 3, "浇水", "二、2."),), ("谁来浇水",), ("谁种树",))


@pytest.fixture
def records() -> Records:
    return Records.open("sqlite://")


def test_a_new_answer_is_a_draft_of_its_writer(records: Records) -> None:
    entry = Entries(records).save(DRAFT, by="李敏")
    assert (entry.state, entry.version, entry.created_by) == ("draft", 1, "李敏")
    assert entry.draft == replace(DRAFT, question="谁浇水?", owner="李敏")
    assert Entries(records).get(entry.id) == entry


def test_what_is_published_is_live_until_it_is_changed_or_retired(records: Records) -> None:
    entries = Entries(records)
    id_ = entries.save(DRAFT, by="李敏").id
    states = [
        entries.publish(id_, by="王强").state,
        entries.save(replace(DRAFT, text="园林局浇水。"), by="李敏", id_=id_).state,
        entries.publish(id_, by="王强").state,
        entries.retire(id_, by="王强", reason="已有新规定").state,
    ]
    assert states == ["live", "draft", "live", "retired"]
    assert [entry.draft.text for entry in entries.chosen("retired")] == ["园林局浇水。"]


def test_every_change_is_in_the_audit(records: Records) -> None:
    entries = Entries(records)
    id_ = entries.save(DRAFT, by="李敏").id
    entries.publish(id_, by="王强")
    entries.end(id_, 2, "changed", "所引的文字变了。")
    told = [(each.who, each.action, each.subject, each.detail["version"]) for each in Audit(records).latest()]
    assert told == [
        ("系统", "人工审定答复失效", id_, 3),
        ("王强", "发布人工审定答复", id_, 2),
        ("李敏", "保存人工审定答复", id_, 1),
    ]


def test_every_change_gives_another_revision(records: Records) -> None:
    entries = Entries(records)
    revisions = [entries.revision()]
    id_ = entries.save(DRAFT, by="李敏").id
    revisions.append(entries.revision())
    entries.publish(id_, by="王强")
    revisions.append(entries.revision())
    assert revisions == [(0, 0), (1, 1), (1, 2)]


def test_a_publisher_sees_what_is_published(records: Records) -> None:
    entries = Entries(records)
    seen = entries.save(DRAFT, by="李敏")
    entries.save(replace(DRAFT, text="别的。"), by="张伟", id_=seen.id)
    with pytest.raises(CuratedError, match="刚被别人改过"):
        entries.publish(seen.id, by="王强", version=seen.version)


def test_nothing_is_published_without_a_citation(records: Records) -> None:
    entries = Entries(records)
    id_ = entries.save(replace(DRAFT, text="市水务局浇水。", citations=()), by="李敏").id
    with pytest.raises(CuratedError, match="至少选一条依据"):
        entries.publish(id_, by="王强")


def test_it_is_ended_once_and_only_as_it_was_found(records: Records) -> None:
    entries = Entries(records)
    id_ = entries.save(DRAFT, by="李敏").id
    entries.publish(id_, by="王强")
    entries.end(id_, 1, "expired", "早先的版本")
    entries.end(id_, 2, "expired", "已经到期。")
    entries.end(id_, 2, "changed", "又一次")
    entry = entries.get(id_)
    assert entry and (entry.state, entry.reason, entry.version) == ("expired", "已经到期。", 3)
    assert [each.id for each in entries.attention("李敏")] == [id_]
    assert entries.attention("王强") == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"question": " "}, "都要填写"),
        ({"text": "答。[2]"}, r"没有第2条依据"),
        ({"text": "长" * 2001}, "最多2000字"),
        ({"negatives": ("谁来浇水",)}, "请只保留一处"),
        ({"valid_from": date(2027, 1, 1), "valid_to": date(2026, 1, 1)}, "不能早于起始日"),
        ({"variants": ("问" * 301,)}, "每个问题最多300字"),
    ],
)
def test_what_cannot_be_kept_is_told_in_a_sentence(changes: dict[str, object], told: str) -> None:
    with pytest.raises(CuratedError, match=told):
        checked(replace(DRAFT, **changes))
