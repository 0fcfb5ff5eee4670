"""The description tells the truth about every route."""

from typing import Any

import httpx
import pytest

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.fixture
def described(client: httpx.Client) -> Any:
    return client.get("/api/v1/openapi.json").json()


def test_every_route_is_described(described: Any) -> None:
    assert {(path, method) for path, methods in described["paths"].items() for method in methods} == {
        ("/api/v1/ask", "post"),
        ("/api/v1/complaints", "post"),
        ("/api/v1/complaints/{ticket}", "get"),
        ("/api/v1/conversations/{conversation}", "delete"),
        ("/api/v1/documents", "get"),
        ("/api/v1/documents/{identifier}", "get"),
        ("/api/v1/documents/{identifier}/clauses", "get"),
        ("/api/v1/documents/{identifier}/clauses/{start}-{end}", "get"),
        ("/api/v1/feedback", "post"),
        ("/api/v1/suggestions", "get"),
        ("/healthz", "get"),
        ("/metrics", "get"),
        ("/readyz", "get"),
        ("/v1/chat/completions", "post"),
        ("/v1/models", "get"),
        ("/v1/models/{model}", "get"),
    }


def test_every_fault_is_a_problem(described: Any) -> None:
    for methods in described["paths"].values():
        for operation in methods.values():
            faults = {status: each for status, each in operation["responses"].items() if status >= "4"}
            assert {"429", "500", "503"} <= faults.keys()
            assert all(each["content"] == PROBLEM for each in faults.values())
            assert "Retry-After" in faults["429"]["headers"] and "Retry-After" in faults["503"]["headers"]
    assert set(described["components"]["schemas"]["Problem"]["required"]) == {"title", "status", "detail", "instance"}
