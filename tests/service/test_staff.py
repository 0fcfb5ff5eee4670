"""What staff may do: only with the password, a few tries a minute, and nothing of it left behind."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.documents.load import MOST_BYTES
from bot.service import staff as module
from bot.service.staff import Staff

PASSWORD = "种树2025"
TEXT = "某市种树办法\n\n第一条 多种树。\n\n第二条 多浇水。\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "store").mkdir()
    return tmp_path / "corpus", tmp_path / "store"


@pytest.fixture
def client(folders: tuple[Path, Path]) -> Iterator[TestClient]:
    served: Any = SimpleNamespace(store=SimpleNamespace(outlines=(), glossaries=()), generation="1", look=lambda: None)
    staff = Staff(PASSWORD, [folders[0]], folders[1], served)
    app = FastAPI()
    app.include_router(staff.router)
    yield TestClient(app)
    staff.close()


def login(client: TestClient, password: str = PASSWORD) -> Any:
    return client.post("/staff/login", json={"password": password})


def enter(client: TestClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {login(client).json()['token']}"}


def put_up(client: TestClient, headers: dict[str, str], name: str = "种树.txt", content: bytes = TEXT.encode()) -> Any:
    return client.post("/staff/paper", content=content, headers={**headers, "X-File-Name": quote(name)})


def uploads(folders: tuple[Path, Path]) -> list[str]:
    return [path.name for path in (folders[1] / "uploads").rglob("*") if path.is_file()]


def test_the_right_password_gives_a_token_and_no_cookie(client: TestClient) -> None:
    reply = login(client)
    assert (reply.status_code, set(reply.json()), reply.headers.get("set-cookie")) == (200, {"token"}, None)
    assert reply.headers["cache-control"] == "no-store"


def test_after_five_wrong_ones_the_right_one_has_to_wait_too(client: TestClient, monkeypatch: Any) -> None:
    assert [login(client, "错").status_code for _ in range(6)] == [403] * 5 + [429]
    reply = login(client)
    assert (reply.status_code, reply.json()) == (429, {"text": "密码输错次数过多，请一分钟后再试。"})
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + module.MINUTE + 1)
    assert login(client).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "paper"), ("DELETE", "paper"), ("POST", "preview"), ("POST", "add"), ("GET", "progress")],
)
@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer falsch"}, {"Authorization": f"Basic {quote(PASSWORD)}"}]
)
def test_without_a_token_nothing_is_done(
    client: TestClient, folders: tuple[Path, Path], method: str, path: str, headers: dict[str, str]
) -> None:
    reply = client.request(method, f"/staff/{path}", headers=headers)
    assert (reply.status_code, reply.json()) == (401, {"text": "登录已过期，请重新输入密码。"})
    assert uploads(folders) == []


def test_a_file_that_is_put_up_is_shown_and_one_that_is_dropped_is_gone(
    client: TestClient, folders: tuple[Path, Path]
) -> None:
    headers = enter(client)
    reply = put_up(client, headers)
    assert reply.status_code == 200 and "核对：某市种树办法" in reply.json()["html"]
    assert uploads(folders) == ["种树.txt"]
    put_up(client, headers, "浇水.txt")
    assert uploads(folders) == ["浇水.txt"]  # the one before was not confirmed
    assert client.delete("/staff/paper", headers=headers).json() == {}
    assert uploads(folders) == [] and list(folders[0].iterdir()) == []


def test_a_file_that_cannot_be_read_is_one_sentence_without_the_servers_paths(
    client: TestClient, folders: tuple[Path, Path]
) -> None:
    reply = put_up(client, enter(client), "种树.pdf", b"\0\1\2")
    assert reply.status_code == 422 and reply.json()["text"].startswith("种树.pdf 已损坏")
    assert uploads(folders) == []


def test_a_body_over_the_limit_is_refused_before_and_while_it_comes(
    client: TestClient, folders: tuple[Path, Path], monkeypatch: Any
) -> None:
    headers = enter(client)
    announced = {**headers, "Content-Length": str(MOST_BYTES + 1), "X-File-Name": "a.txt"}
    assert client.post("/staff/paper", content=b"", headers=announced).status_code == 413
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    reply = client.post("/staff/paper", content=iter([b"123456"] * 3), headers={**headers, "X-File-Name": "a.txt"})
    assert (reply.status_code, uploads(folders)) == (413, [])
    assert client.post("/staff/login", content=b" " * 70_000).status_code == 413


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"password": 1}', b'"' * 9000])
def test_what_is_no_request_is_told_so(client: TestClient, body: bytes) -> None:
    reply = client.post("/staff/login", content=body)
    assert (reply.status_code, reply.json()) == (400, {"text": "请求不合格式，请刷新网页后重试。"})


def test_a_preview_of_another_file_or_an_id_that_is_taken_is_not_added(
    client: TestClient, folders: tuple[Path, Path]
) -> None:
    headers = enter(client)
    put_up(client, headers)
    stale = client.post("/staff/add", content=json.dumps({"paper": "another"}), headers=headers)
    assert (stale.status_code, stale.json()) == (410, {"text": "这份文件已不在服务器上，请重新上传。"})
    (folders[0] / "种树.txt").write_text("别的", encoding="utf-8")
    paper = put_up(client, headers).json()["paper"]
    taken = client.post("/staff/add", content=json.dumps({"paper": paper}), headers=headers)
    assert taken.status_code == 409 and taken.json()["text"].startswith("已有编号为“种树”的文件。")
    assert (folders[0] / "种树.txt").read_text(encoding="utf-8") == "别的"


def test_closing_the_service_deletes_what_was_not_confirmed(folders: tuple[Path, Path]) -> None:
    served: Any = SimpleNamespace(store=SimpleNamespace(outlines=(), glossaries=()), generation="1", look=lambda: None)
    staff = Staff(PASSWORD, [folders[0]], folders[1], served)
    app = FastAPI()
    app.include_router(staff.router)
    client = TestClient(app)
    put_up(client, enter(client))
    assert uploads(folders) == ["种树.txt"]
    staff.close()
    assert uploads(folders) == []
