"""Documents, clauses and places over real HTTP."""

import hashlib
from typing import Any

import httpx
import pytest

from tests.index.small_index import PLAN

DOCUMENTS = "/api/v1/documents"
IDENTITY = {
    "id": "plan",
    "title": "种树行动方案",
    "doc_number": None,
    "level": "规范性文件",
    "state": "现行",
    "kind": "original",
    "url": None,
}
PARTICULARS = IDENTITY | {
    "issuer": None,
    "place": "",
    "issued_on": None,
    "effective_on": None,
    "expires_on": None,
    "flags": [],
    "clauses": 4,
    "sha256": hashlib.sha256(PLAN.encode()).hexdigest(),
    "href": "/chat/documents/plan",
}
WATERING = {
    "ref": "二、2.",
    "title": "浇灌树木",
    "path": ["二、重点任务", "2.浇灌树木"],
    "text": "2.浇灌树木。每年浇水10次以上。（责任单位：市水务局）",
    "span": [89, 117],
    "units": ["市水务局"],
    "segments": [
        {
            "text": "2.浇灌树木。每年浇水10次以上。（责任单位：市水务局）",
            "span": [89, 117],
            "label": "",
            "units": ["市水务局"],
        }
    ],
    "href": "/chat/documents/plan#89-117",
}


def test_every_document_is_listed(client: httpx.Client) -> None:
    listed = client.get(DOCUMENTS).json()["documents"]
    assert [each["id"] for each in listed] == ["plan", "rules"]
    assert listed[0] == PARTICULARS


def test_a_document_comes_with_its_headings_and_its_text(client: httpx.Client) -> None:
    said = client.get(f"{DOCUMENTS}/plan").json()
    headings = said.pop("headings")
    assert said == PARTICULARS | {"note": None, "text": PLAN}
    assert [(each["ref"], each["text"], each["depth"]) for each in headings][1:] == [("二、", "二、重点任务", 1)]
    assert all(PLAN[slice(*each["span"])] == each["text"] for each in headings)


def test_the_clauses_of_a_document(client: httpx.Client) -> None:
    said = client.get(f"{DOCUMENTS}/plan/clauses").json()
    assert said["document"] == IDENTITY
    assert [each["ref"] for each in said["clauses"]] == ["题头", "一、", "二、1.", "二、2."]
    assert said["clauses"][3] == WATERING


def test_a_place_is_shown_with_the_clause_around_it(client: httpx.Client) -> None:
    said = client.get(f"{DOCUMENTS}/plan/clauses/96-106").json()
    quote = {"quote": "每年浇水10次以上。", "span": [96, 106]}
    assert said == {"document": IDENTITY, "flags": [], "clauses": [WATERING]} | quote


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("nowhere", 404, "没有收录这份文件，编号见 /api/v1/documents。"),
        ("nowhere/clauses", 404, "没有收录这份文件，编号见 /api/v1/documents。"),
        ("plan/clauses/9-9", 404, "文件中没有这个位置，起止位置以条款和引用的span为准。"),
        ("plan/clauses/9-99999", 404, "文件中没有这个位置，起止位置以条款和引用的span为准。"),
        ("plan/clauses/a-b", 422, "请求中的 start 不合要求，请对照接口说明改正后重试。"),
    ],
)
def test_what_is_not_there_is_told(client: httpx.Client, path: str, status: int, detail: str) -> None:
    said: dict[str, Any] = client.get(f"{DOCUMENTS}/{path}").json()
    assert (said["status"], said["detail"], said["instance"]) == (status, detail, f"{DOCUMENTS}/{path}")


def test_what_to_ask_first_is_made_from_the_documents(client: httpx.Client) -> None:
    told = ["“总体要求”有哪些内容？", "“培育树苗”由哪些单位负责？", "市水务局负责哪些任务？"]
    assert client.get("/api/v1/suggestions").json() == {"suggestions": told}
