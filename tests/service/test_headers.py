"""What every response tells the browser."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.errors import SettingsError
from bot.service.headers import Headers
from bot.settings import Settings, settings

LISTED, STRANGER = "https://www.listed.test", "https://listed.test.stranger.test"
CONTROL = "access-control-allow-origin"


def echoing(request: Any) -> Response:
    """As Gradio does: any Origin may read, with credentials."""
    headers = {CONTROL: request.headers.get("origin", "*"), "access-control-allow-credentials": "true"}
    return JSONResponse({}, headers=headers)


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route("/api/v1/ask", echoing, methods=["GET", "POST", "OPTIONS"]),
        *(Route(path, lambda _: HTMLResponse("")) for path in ("/", "/chat", "/about", "/chatter")),
        Route("/widget.js", lambda _: PlainTextResponse("")),
    ]
    return TestClient(Headers(Starlette(routes=routes), Settings(allowed_origins=LISTED, frame_ancestors=LISTED)))


def shared(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-allow")}


def test_a_listed_origin_may_read_and_no_other(client: TestClient) -> None:
    assert shared(client.get("/api/v1/ask", headers={"Origin": LISTED})) == {CONTROL: LISTED}
    for origin in (STRANGER, "null", LISTED.upper(), f"{LISTED}:8443", "http://www.listed.test"):
        assert shared(client.get("/api/v1/ask", headers={"Origin": origin})) == {}


def test_a_preflight_of_a_stranger_is_told_nothing(client: TestClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    assert shared(client.options("/api/v1/ask", headers={"Origin": STRANGER, **asked})) == {}
    told = shared(client.options("/api/v1/ask", headers={"Origin": LISTED, **asked}))
    assert told[CONTROL] == LISTED and "Content-Type" in told["access-control-allow-headers"]


@pytest.mark.parametrize(("site", "origin", "status"), [
    ("cross-site", STRANGER, 403), ("same-site", STRANGER, 403), ("cross-site", "null", 403),
    ("cross-site", LISTED, 200), ("same-origin", "https://own.test", 200), ("none", STRANGER, 200),
])  # fmt: skip
def test_a_page_of_another_origin_cannot_do_anything(client: TestClient, site: str, origin: str, status: int) -> None:
    response = client.post("/api/v1/ask", headers={"Origin": origin, "Sec-Fetch-Site": site})
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"


def test_our_pages_allow_nothing_inline_and_only_listed_sites_frame_the_conversation(client: TestClient) -> None:
    chat, about = (client.get(path).headers for path in ("/chat", "/about"))
    policy = chat["content-security-policy"]
    assert "unsafe" not in policy and policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert policy.endswith(f"frame-ancestors 'self' {LISTED}") and "x-frame-options" not in chat
    assert about["content-security-policy"].endswith("frame-ancestors 'self'")
    assert about["x-frame-options"] == "SAMEORIGIN"


def test_the_other_pages_get_nothing_from_elsewhere_and_are_framed_by_nobody_else(client: TestClient) -> None:
    for path in ("/", "/chatter"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-frame-options"] == "SAMEORIGIN"
    assert client.get("/api/v1/ask").headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_everything_says_what_the_browser_may_not_do(client: TestClient) -> None:
    for path in ("/", "/chat", "/widget.js", "/api/v1/ask", "/none"):
        headers = client.get(path).headers
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")
        assert "camera=()" in headers["permissions-policy"]
        assert "set-cookie" not in headers
        expected = "cross-origin" if path == "/widget.js" else "same-origin"
        assert headers["cross-origin-resource-policy"] == expected


@pytest.mark.parametrize("value", ["*", "https://*.gov.cn", "www.gov.cn", "https://www.gov.cn/", "https://A.gov.cn"])
def test_a_list_takes_whole_origins_only(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOT_FRAME_ANCESTORS", f"https://www.gov.cn,{value}")
    settings.cache_clear()
    with pytest.raises(SettingsError, match="BOT_FRAME_ANCESTORS"):
        settings()
    settings.cache_clear()


def test_a_list_is_separated_by_commas() -> None:
    listed = Settings(frame_ancestors=" https://a.test, http://[::1]:80 ,").ancestors
    assert listed == ("https://a.test", "http://[::1]:80")
