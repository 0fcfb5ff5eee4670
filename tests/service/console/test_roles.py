"""Every role against every page and endpoint: whoever adds one without `require` fails these."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
import httpx
import pytest

from bot.service.console.console import SIGN_IN_FIRST, Console
from bot.service.console.exports import EXPORTS, PREFIX
from bot.service.console.page import create_page, modules
from bot.service.console.staff import ROLES, Role
from tests.service.console.conftest import Site

# What only some may do, written down here too, so that nobody lowers a role by accident.
LEAST: dict[str, Role] = {
    "answer_desk_ask": "reader",
    "answer_desk_approve": "reviewer",
    "answer_desk_reject": "reviewer",
    "complaints_opened": "editor",
    "complaints_close": "editor",
    "directory_opened": "reader",
    "directory_keep": "editor",
    "directory_remove": "editor",
    "directory_take_in": "editor",
    "people_opened": "administrator",
    "people_add": "administrator",
    "people_role": "administrator",
    "people_password": "administrator",
    "people_remove": "administrator",
    "unanswered_opened": "reader",
    "unanswered_out_of_scope": "editor",
    "unanswered_settled": "editor",
    "unanswered_back": "editor",
    "unanswered_promote": "editor",
    "search_tester_search": "reader",
    "dashboard_opened": "reader",
    "dashboard_report_word": "reader",
    "evaluation_compare": "reader",
    "evaluation_start": "editor",
    "evaluation_stop": "editor",
    "audit_opened": "administrator",
    "data_opened": "administrator",
    "data_forget": "administrator",
}


class StoppedError(Exception):
    """What `require` raises here in place of an answer: the role that was asked for."""


class Spying(Console):
    """Tells which role a handler requires, and lets it get no further."""

    def require(self, request: Any, role: Role) -> Any:  # noqa: ARG002
        raise StoppedError(role)


@pytest.fixture(scope="module")
def required(console: Console) -> dict[str, Role]:
    """The role that each handler of the page requires before it does anything else."""
    blocks = create_page(Spying(console.service, console.staff, console.audit))
    found: dict[str, Role] = {}
    for handler in blocks.fns.values():
        if handler.fn is not None:
            found[str(handler.api_name)] = required_by(handler.fn)
    return found


@pytest.fixture(scope="module")
def console(small_service: Any) -> Console:
    return Console.of(small_service)


def required_by(handler: Any) -> Role:
    """Call a handler with nothing at all: the first thing it does must be to require a role."""
    given = [
        None
        for parameter in inspect.signature(handler).parameters.values()
        if parameter.kind == parameter.POSITIONAL_OR_KEYWORD and parameter.name != "request"
    ]
    try:
        made = handler(*given, request=gr.Request())
        if inspect.iscoroutine(made):
            made.send(None)
        if isinstance(made, Iterator):
            next(made)
        if inspect.isasyncgen(made):
            made.asend(None).send(None)
    except StoppedError as stopped:
        role: Role = stopped.args[0]
        return role
    pytest.fail(f"{handler.__qualname__} does something before it calls console.require")


def test_every_handler_requires_a_role_before_anything_else(required: dict[str, Role]) -> None:
    assert {name: required[name] for name in LEAST} == LEAST
    assert all(role in ROLES for role in required.values())


def test_a_handler_requires_no_less_than_its_page(required: dict[str, Role]) -> None:
    pages = {module.__name__.rpartition(".")[2]: module.ROLE for module in modules()}
    assert {name: page_of(name, pages) for name in required if not page_of(name, pages)} == {"console_opened": ""}
    low = {
        name: role
        for name, role in required.items()
        if name != "console_opened" and ROLES.index(role) < ROLES.index(pages[page_of(name, pages)])
    }
    assert low == {}


def page_of(name: str, pages: dict[str, Any]) -> str:
    """The module of pages/ that a handler's name begins with."""
    return max((page for page in pages if name.startswith(f"{page}_")), key=len, default="")


def test_every_role_may_call_what_it_may_and_nothing_else(
    required: dict[str, Role], signed_in: Callable[[str], httpx.Client]
) -> None:
    wrong = []
    inputs = inputs_of(signed_in("administrator"))
    for role in ROLES:
        for name, least in required.items():
            refused = "这一步需要" in call(signed_in(role), name, inputs[name])
            if refused != (ROLES.index(role) < ROLES.index(least)):
                wrong.append((role, name, least))
    assert wrong == []


def inputs_of(client: httpx.Client) -> dict[str, list[Any]]:
    """Nothing in every field; Gradio itself refuses None for a group of checkboxes, before the handler is called."""
    config = client.get("/console/config").json()
    groups = {each["id"] for each in config["components"] if each["type"] == "checkboxgroup"}
    return {
        each["api_name"]: [[] if field in groups else None for field in each["inputs"]]
        for each in config["dependencies"]
    }


def call(client: httpx.Client, name: str, given: list[Any]) -> str:
    clicked = {"index": [0, 0], "value": "", "row_value": [""] * 12}  # of a table's row, where one is asked for
    return client.post(f"/console/gradio_api/run/{name}", json={"data": given, "event_data": clicked}).text


def test_nobody_who_is_not_signed_in_gets_anything(site: Site, required: dict[str, Role]) -> None:
    paths = ["/console/config", "/console/gradio_api/info", "/console/gradio_api/startup-events", "/console/theme.css"]
    paths += ["/console/gradio_api/queue/data?session_hash=x", "/console/gradio_api/file=/etc/passwd", "/console/x"]
    with site.client(cookies={"console_session": "made-up"}) as client:
        found = {path: client.get(path) for path in paths}
        called = {name: call(client, name, []) for name in required}
        joined = client.post("/console/gradio_api/queue/join", json={"data": [], "fn_index": 0, "session_hash": "x"})
        uploaded = client.post("/console/gradio_api/upload", files={"files": b"x"})
        page = client.get("/console/", headers={"Accept": "text/html"})
    assert {path: reply.status_code for path, reply in found.items()} == dict.fromkeys(paths, 401)
    assert set(called.values()) == {f'{{"detail":"{SIGN_IN_FIRST}"}}'}
    assert (joined.status_code, uploaded.status_code) == (401, 401)
    assert (page.status_code, page.headers["location"]) == (303, "/console/sign-in")


def test_a_table_is_exported_to_its_role_and_those_above(site: Site, signed_in: Callable[[str], httpx.Client]) -> None:
    found = {}
    for export in EXPORTS:
        for role in ROLES:
            found[export.name, role] = signed_in(role).get(f"{PREFIX}/{export.name}.csv").status_code
        with site.client() as stranger:
            assert stranger.get(f"{PREFIX}/{export.name}.xlsx").status_code == 401
    assert found == {
        (export.name, role): 200 if ROLES.index(role) >= ROLES.index(export.role) else 403
        for export in EXPORTS
        for role in ROLES
    }


def test_the_page_itself_holds_nothing_that_was_recorded(site: Site, signed_in: Callable[[str], httpx.Client]) -> None:
    site.service.records.complain("这句话只给办理的人看", "张三")
    assert "这句话只给办理的人看" not in signed_in("reader").get("/console/config").text
    shown = call(signed_in("editor"), "complaints_opened", ["受理中"])
    assert "这句话只给办理的人看" in shown
