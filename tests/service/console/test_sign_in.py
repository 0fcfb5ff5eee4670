"""Signing in and out over HTTP: the cookie, wrong passwords, expiry, forms of another origin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie

import httpx
import pytest
from sqlalchemy import update

from bot.service.console import staff
from bot.service.console.staff import IDLE, LONGEST, TOO_OFTEN, WRONG_PASSWORD, People
from bot.service.records.desk_models import StaffSession
from tests.service.console.conftest import PASSWORD, Site

SIGN_IN, SIGN_OUT = "/console/sign-in", "/console/sign-out"


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with site.client() as opened:
        yield opened


@pytest.fixture
def person(site: Site) -> Iterator[str]:
    """Someone of whom no other test knows."""
    name = "王强"
    site.people.add(name, "reader", PASSWORD, by="测试")
    yield name
    site.people.remove(name, by="测试")


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return client.post(SIGN_IN, data={"name": name, "password": password}, headers=headers)


def is_in(client: httpx.Client) -> bool:
    return client.get("/console/config").status_code == 200


def shift(site: Site, name: str, **ago: timedelta) -> None:
    """Let a session have begun, or have been used, so long ago."""
    change = {column: staff.now() - time for column, time in ago.items()}
    statement = update(StaffSession).where(StaffSession.name == name).values(**change)
    site.service.records.write(lambda connection: connection.execute(statement).rowcount)


def test_the_cookie_is_for_the_console_alone_and_no_script_reads_it(client: httpx.Client, person: str) -> None:
    reply = sign_in(client, person)
    cookie = SimpleCookie(reply.headers["set-cookie"])["console_session"]
    assert (reply.status_code, reply.headers["location"]) == (303, "/console/")
    kept = {name: cookie[name] for name in ("path", "httponly", "samesite", "secure", "max-age", "domain")}
    assert kept == {
        "path": "/console",
        "httponly": True,
        "samesite": "strict",
        "secure": "",
        "max-age": "43200",
        "domain": "",
    }
    assert is_in(client)


def test_the_public_pages_set_no_cookie(client: httpx.Client, person: str) -> None:
    sign_in(client, person)
    assert [path for path in ("/", "/chat", "/about") if "set-cookie" in client.get(path).headers] == []


def test_a_wrong_password_and_an_unknown_name_get_one_answer(client: httpx.Client, person: str) -> None:
    wrong, unknown = sign_in(client, person, "不对的密码不对的密码"), sign_in(client, "无名氏", PASSWORD)
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert WRONG_PASSWORD in wrong.text and WRONG_PASSWORD in unknown.text
    assert not is_in(client)


def test_after_five_wrong_passwords_the_right_one_waits(site: Site, client: httpx.Client) -> None:
    site.people.add("赵六", "reader", PASSWORD, by="测试")
    statuses = [sign_in(client, "赵六", "不对的密码不对的密码").status_code for _ in range(5)]
    locked = sign_in(client, "赵六")
    assert (statuses, locked.status_code, locked.headers["retry-after"]) == ([403] * 5, 429, "300")
    assert TOO_OFTEN in locked.text
    assert sign_in(client, "reader").status_code == 303  # nobody else is kept out


def test_a_session_ends_when_it_is_not_used(site: Site, client: httpx.Client, person: str) -> None:
    sign_in(client, person)
    shift(site, person, used=IDLE - timedelta(minutes=1))
    assert is_in(client)  # which is a use
    shift(site, person, used=IDLE + timedelta(seconds=1))
    assert not is_in(client)


def test_a_session_ends_however_much_it_is_used(site: Site, client: httpx.Client, person: str) -> None:
    sign_in(client, person)
    shift(site, person, at=LONGEST + timedelta(seconds=1))
    assert not is_in(client)


def test_signing_out_ends_the_session_on_the_server(client: httpx.Client, person: str) -> None:
    sign_in(client, person)
    kept = dict(client.cookies)
    reply = client.post(SIGN_OUT)
    assert (reply.status_code, reply.headers["location"]) == (303, SIGN_IN)
    client.cookies.update(kept)
    assert not is_in(client)


def test_a_token_from_before_signing_in_is_never_taken_over(site: Site, client: httpx.Client, person: str) -> None:
    client.cookies.set("console_session", "planted-by-someone-else", path="/console")
    assert sign_in(client, person).status_code == 303
    with site.client(cookies={"console_session": "planted-by-someone-else"}) as planted:
        assert not is_in(planted)


def test_signing_in_again_ends_the_session_before(site: Site, client: httpx.Client, person: str) -> None:
    sign_in(client, person)
    before = client.cookies["console_session"]
    sign_in(client, person)
    assert client.cookies["console_session"] != before
    with site.client(cookies={"console_session": before}) as earlier:
        assert not is_in(earlier)
    assert is_in(client)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_origin_is_refused(client: httpx.Client, person: str, headers: dict[str, str]) -> None:
    assert sign_in(client, person, **headers).status_code == 403
    assert sign_in(client, person, Origin=str(client.base_url).rstrip("/")).status_code == 303
    assert client.post(SIGN_OUT, headers=headers).status_code == 403
    called = client.post("/console/gradio_api/run/console_opened", json={"data": []}, headers=headers)
    assert (called.status_code, is_in(client)) == (403, True)


def test_another_role_or_password_ends_the_sessions_of_that_person(
    site: Site, client: httpx.Client, person: str
) -> None:
    sign_in(client, person)
    site.people.set_role(person, "editor", by="测试")
    assert not is_in(client)
    sign_in(client, person)
    site.people.set_password(person, "另一个的-马-电池-订书钉", by="测试")
    assert not is_in(client)


def test_the_form_says_how_to_begin_where_there_is_no_one(site: Site, people: People) -> None:
    with site.client() as client:
        assert "staff add" not in client.get(SIGN_IN).text
    assert people.nobody


def test_the_sign_in_page_needs_no_script_of_its_own_and_cannot_be_framed(client: httpx.Client) -> None:
    headers = client.get(SIGN_IN).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["cache-control"] == "no-store"
