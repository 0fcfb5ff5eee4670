"""The whole application, the page included, behind its limits."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from bot.service.current import Current
from bot.service.limits import Limits
from bot.service.service import Service
from bot.settings import Settings
from tests.service.serving import served

pytestmark = pytest.mark.slow  # importing Gradio, and trying hundreds of requests

ANY_NUMBER = 1_000_000


@pytest.fixture
def url(current: Current, service: Service) -> Iterator[str]:
    from bot.service.server import create_app

    limits = Settings(conversation_limit=ANY_NUMBER, address_limit=ANY_NUMBER, request_limit=ANY_NUMBER)
    app = create_app(current, current.suggest, service=service)
    with served(Limits(app, service.records, limits)) as found:
        yield found


def test_the_page_and_the_interface_stand_side_by_side(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert '<html\n\tlang="zh-CN"' in client.get("/").text
        assert client.post("/api/v1/ask", json={"question": "每年浇水多少次？"}).json()["status"] == "answered"
        assert client.get("/config").json()["components"]
        called = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        accept = {"Accept": "application/json, text/event-stream"}
        tools = client.post("/mcp", json=called, headers=accept).json()["result"]["tools"]
        assert [tool["name"] for tool in tools] == ["ask_policy", "search_policy"]
        assert client.get("/v1/nowhere").headers["content-type"] == "application/problem+json"


def test_the_interface_answers_before_the_page_is_there_and_the_page_waits_for_itself(
    current: Current, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.service import server

    let_go, mount = threading.Event(), server._mount_pages
    monkeypatch.setattr(server, "_mount_pages", lambda *given: let_go.wait() and mount(*given))
    create_app = server.create_app
    app = create_app(current, current.suggest, service=service, quiet=lambda: True)
    with served(app) as url, httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        with ThreadPoolExecutor(1) as threads:
            page = threads.submit(httpx.get, url, timeout=60, trust_env=False)
            assert client.post("/api/v1/ask", json={"question": "每年浇水多少次？"}).json()["status"] == "answered"
            assert client.get("/readyz").status_code == 200
            assert not page.done()
            let_go.set()
        assert '<html\n\tlang="zh-CN"' in page.result().text
        assert client.get("/config").json()["components"]
        assert client.get("/v1/nowhere").headers["content-type"] == "application/problem+json"


def test_schemathesis_finds_nothing(url: str, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(Path(__file__).with_name("schemathesis.toml")),
    ]
    command += ["run", f"{url}/api/v1/openapi.json", "--max-examples", "40", "--seed", "7", "--no-color"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Tested: 16" in done.stdout
