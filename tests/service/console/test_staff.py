"""The list of people: what can be changed, who cannot be lost, what stays in the audit."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import RecordsError
from bot.service.console.audit import Audit
from bot.service.console.staff import People, Person, StaffError
from bot.service.records import Records
from bot.service.records.desk_models import AuditRow, StaffRow
from tests.service.console.conftest import PASSWORD


def test_whoever_is_added_can_sign_in(people: People) -> None:
    people.add("李敏", "editor", PASSWORD, by="王强")
    token = people.sign_in("李敏", PASSWORD, "203.0.113.7")
    assert people.session(token) == Person("李敏", "editor")
    assert people.session(token[:-1]) is None


def test_neither_password_nor_token_is_kept_as_it_is(people: People, records: Records) -> None:
    people.add("李敏", "editor", PASSWORD, by="王强")
    token = people.sign_in("李敏", PASSWORD, "203.0.113.7")
    kept = records.read(
        lambda connection: [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for table in ("staff", "staff_sessions", "audit")
        ]
    )
    assert not any(secret in row for row in kept for secret in (PASSWORD, token, "203.0.113.7"))
    assert "$argon2id$" in kept[0]


@pytest.mark.parametrize("password", ["short", "李敏的密码一共有十二个字", "ababababababab", "长" * 129])
def test_a_password_that_is_easily_guessed_is_not_taken(people: People, password: str) -> None:
    with pytest.raises(StaffError):
        people.add("李敏", "editor", password, by="王强")
    assert people.list() == []


@pytest.mark.parametrize("name", ["", "李 敏", "<b>", "名" * 33])
def test_a_name_is_one_short_word(people: People, name: str) -> None:
    with pytest.raises(StaffError, match="用户名用1至32个"):
        people.add(name, "editor", PASSWORD, by="王强")


def test_the_last_administrator_stays(people: People) -> None:
    people.add("李敏", "administrator", PASSWORD, by="王强")
    for change in (lambda: people.remove("李敏", by="李敏"), lambda: people.set_role("李敏", "reader", by="李敏")):
        with pytest.raises(StaffError, match="唯一的管理人员"):
            change()
    people.add("王强", "administrator", PASSWORD, by="李敏")
    people.remove("李敏", by="王强")
    assert [each.name for each in people.list()] == ["王强"]


def test_every_change_is_in_the_audit(people: People, records: Records) -> None:
    people.add("李敏", "reader", PASSWORD, by="王强")
    people.set_role("李敏", "editor", by="王强")
    people.set_password("李敏", PASSWORD + "2", by="王强")
    with pytest.raises(StaffError):
        people.sign_in("李敏", PASSWORD, "203.0.113.7")
    token = people.sign_in("李敏", PASSWORD + "2", "203.0.113.7")
    people.sign_out(token)
    people.remove("李敏", by="王强")
    found = [(each.who, each.action, each.detail) for each in reversed(Audit(records).latest())]
    assert found == [
        ("王强", "增加人员", {"role": "reader"}),
        ("王强", "更改角色", {"from": "reader", "to": "editor"}),
        ("王强", "更改密码", {}),
        ("李敏", "登录失败", {}),
        ("李敏", "登录", {}),
        ("李敏", "退出", {}),
        ("王强", "删除人员", {}),
    ]


@pytest.mark.parametrize("change", [delete(AuditRow), update(AuditRow).values(who="别人")])
def test_the_database_itself_refuses_to_change_the_audit(people: People, records: Records, change: object) -> None:
    people.add("李敏", "reader", PASSWORD, by="王强")
    with pytest.raises((RecordsError, SQLAlchemyError), match="only added to"):
        records.write(lambda connection: connection.execute(change))  # type: ignore[call-overload]
    assert len(Audit(records).latest()) == 1


def test_what_is_typed_for_an_unknown_name_is_not_written_down(people: People, records: Records) -> None:
    with pytest.raises(StaffError):
        people.sign_in("也许是我的密码", PASSWORD, "203.0.113.7")
    assert [(each.who, each.subject) for each in Audit(records).latest()] == [("（无此人）", "（无此人）")]


def test_someone_removed_is_not_let_in_again_by_an_old_token(people: People, records: Records) -> None:
    people.add("李敏", "administrator", PASSWORD, by="王强")
    token = people.sign_in("李敏", PASSWORD, "203.0.113.7")
    records.write(lambda connection: connection.execute(delete(StaffRow)))
    assert people.session(token) is None
