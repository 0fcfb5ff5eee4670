"""The MCP SDK's own client asks here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from mcp import Client

from bot.answering import replies


def over(client: httpx.Client, use: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(f"{client.base_url}/mcp") as session:
            return await use(session)

    return asyncio.run(run())


def test_two_tools_are_offered(client: httpx.Client) -> None:
    offered = over(client, lambda session: session.list_tools())
    tools = {tool.name: (tool.title, tool.annotations.read_only_hint) for tool in offered.tools}
    assert tools == {"ask_policy": ("政策问答", True), "search_policy": ("检索政策条款", True)}


def test_an_answer_comes_as_text_and_as_data(client: httpx.Client) -> None:
    given = {"question": "浇灌树木由谁负责？"}
    said = over(client, lambda session: session.call_tool("ask_policy", given))
    assert said.content[0].text == (
        "每年浇水10次以上。[1]\n责任单位：市水务局[2]\n\n"
        "来源：\n[1] 《种树行动方案》二、2.\n[2] 《种树行动方案》二、2.\n\n"
        "本服务为人工智能生成内容，仅供参考，以政策原文为准"
    )
    told = said.structured_content
    assert (told["status"], told["citations"][0]["quote"]) == ("answered", "每年浇水10次以上。")
    feedback = client.post("/api/v1/feedback", json={"answer": told["id"], "verdict": "up"})
    assert feedback.json() == {"recorded": True}


def test_a_follow_up_leans_on_the_history(client: httpx.Client) -> None:
    given = {"question": "由谁负责？", "history": [["每年浇水多少次？", "每年浇水10次以上。[1]"]]}
    said = over(client, lambda session: session.call_tool("ask_policy", given))
    assert "责任单位：市水务局[2]" in said.content[0].text


def test_a_search_gives_clauses(client: httpx.Client) -> None:
    said = over(client, lambda session: session.call_tool("search_policy", {"query": "浇水", "top_k": 1}))
    text = "2.浇灌树木。每年浇水10次以上。（责任单位：市水务局）"
    assert said.content[0].text == f"《种树行动方案》二、2.\n{text}"
    hit = said.structured_content["hits"][0]
    assert (hit["text"], hit["span"], hit["units"]) == (text, [89, 117], ["市水务局"])


def test_what_cannot_be_asked_is_told_as_everywhere(client: httpx.Client) -> None:
    for tool, given in (("ask_policy", {"question": " "}), ("search_policy", {"query": ""})):
        said = over(client, lambda session, tool=tool, given=given: session.call_tool(tool, given))
        assert (said.is_error, said.content[0].text) == (True, replies.EMPTY)
