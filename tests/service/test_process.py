"""Who a request is said to come from, and who is believed."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.service.process import configured
from bot.settings import Settings


async def who(request: Request) -> PlainTextResponse:
    assert request.client
    return PlainTextResponse(request.client.host)


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "believed"),
    [
        ("", "127.0.0.1", "203.0.113.7", "127.0.0.1"),
        ("10.0.0.5", "203.0.113.9", "203.0.113.7", "203.0.113.9"),
        ("10.0.0.5", "10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.0/8", "10.0.0.5", "198.51.100.1, 203.0.113.7, 10.0.0.6", "203.0.113.7"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(trusted: str, peer: str, forwarded: str, believed: str) -> None:
    async def told() -> str:
        config = configured(Starlette(routes=[Route("/", who)]), Settings(trusted_proxies=trusted))
        config.load()
        transport = httpx.ASGITransport(config.loaded_app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return (await client.get("/", headers={"X-Forwarded-For": forwarded})).text

    assert asyncio.run(told()) == believed
