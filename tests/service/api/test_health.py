"""Health and figures over real HTTP."""

import re

import httpx
import pytest

from bot.answering.pipeline import Pipeline
from bot.service.current import Current
from bot.service.service import Service


def figures(client: httpx.Client, name: str) -> dict[str, float]:
    lines = re.findall(rf"^{name}(\{{.*\}})? ([\d.e+]+)$", client.get("/metrics").text, re.MULTILINE)
    return {labels: float(value) for labels, value in lines}


def test_ready_says_what_it_answers_from(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    told = {"status": "ready", "generation": "000001", "documents": 2, "mode": "quoted", "stopped": False}
    assert client.get("/readyz").json() == told


def test_ready_is_said_after_a_question_has_been_answered(
    current: Current, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    quote = Pipeline.quote
    monkeypatch.setattr(Pipeline, "quote", lambda self, given: asked.append(given) or quote(self, given))
    assert client.get("/readyz").status_code == 200
    assert {"question": current.openings()[0]} in asked
    once = list(asked)
    assert client.get("/readyz").status_code == 200
    assert asked == once


def test_a_question_that_fails_beforehand_does_not_keep_the_service_down(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(Pipeline, "quote", fail)
    assert client.get("/readyz").status_code == 200
    assert [record.message for record in caplog.records if record.name == "bot.service.current"] == [
        "no question could be answered beforehand"
    ]


def test_a_stopped_service_is_ready_to_say_so(service: Service, client: httpx.Client) -> None:
    service.records.stop("演练", "值班员")
    assert client.get("/readyz").json()["stopped"] is True


def test_without_records_it_is_alive_but_not_ready(service: Service, client: httpx.Client) -> None:
    service.records.close()
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 503]


def test_figures_tell_routes_outcomes_and_what_was_kept(client: httpx.Client) -> None:
    for _ in range(3):
        client.post("/api/v1/ask", json={"question": "每年浇水多少次？"})
    client.get("/api/v1/documents/secret-words")
    client.get("/secret-words")
    assert figures(client, "bot_answers_total") == {'{mode="quoted",route="/api/v1/ask",status="answered"}': 3}
    assert figures(client, "bot_answer_cache_total") == {'{result="miss"}': 1, '{result="hit"}': 2}
    assert figures(client, "bot_answers_running") == {"": 0}
    assert figures(client, "bot_requests_total") == {
        '{method="POST",route="/api/v1/ask",status="200"}': 3,
        '{method="GET",route="/api/v1/documents/{identifier}",status="404"}': 1,
        '{method="GET",route="-",status="404"}': 1,
        '{method="GET",route="/metrics",status="200"}': 3,
    }
    assert "secret-words" not in client.get("/metrics").text
