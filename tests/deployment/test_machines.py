"""Two machines that share Chroma, PostgreSQL, Redis and the index, behind nginx as docs/deployment sets it up."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import aiohttp
import httpx
import pytest
from sqlalchemy import Engine, create_engine, text

from tests.deployment.programs import HANG, Bot, chroma, nginx, postgresql, program, redis, wait_for

pytestmark = pytest.mark.slow

QUESTIONS = ("瞪羚归谁管？", "技术经纪人每年培养多少名？", "中试平台由哪个部门负责？", "评上瞪羚企业奖励多少钱？")


class Site(NamedTuple):
    """nginx's address, the two machines behind it, their database."""

    url: str
    bots: tuple[Bot, Bot]
    database: Engine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program("nginx", "/usr/sbin/nginx")
    folder = tmp_path_factory.mktemp("machines")
    with ExitStack() as stack:
        records = stack.enter_context(postgresql())
        settings = {
            "BOT_STORE": str(folder / "store"),
            "BOT_CHROMA_URL": stack.enter_context(chroma(folder / "chroma")),
            "BOT_RECORDS": records,
            "BOT_LIMITS_REDIS": stack.enter_context(redis()),
            "BOT_ADDRESS_SECRET": "两台机器写的是同一个",
            "BOT_TRUSTED_PROXIES": "127.0.0.1",
            "OMP_NUM_THREADS": "1",
            "PYTHONUTF8": "1",
        }
        bots = (Bot(folder / "bot-1", settings), Bot(folder / "bot-2", settings))
        bots[0].run("index")
        for bot in bots:  # at once, on an empty database: one of them makes its tables
            bot.start()
            stack.callback(bot.kill)
        for bot in bots:
            bot.wait_ready()
        url = stack.enter_context(nginx(folder / "nginx", [bot.port for bot in bots]))
        engine = create_engine(records)
        stack.callback(engine.dispose)
        yield Site(url, bots, engine)


def client(address: str) -> httpx.Client:
    """Of its own address: all of 127.0.0.0/8 is this machine."""
    return httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=HANG)


def ask(of: str, question: str, conversation: str | None = None) -> httpx.Response:
    return httpx.post(f"{of}/api/v1/ask", json={"question": question, "conversation": conversation}, timeout=HANG)


def stated(reply: httpx.Response) -> dict[str, object]:
    """A reply without what is of its own: its id, its times."""
    body = reply.raise_for_status().json()
    return {name: body[name] for name in ("status", "sentences", "citations", "text", "understood", "suggestions")}


def test_both_say_the_same_and_nginx_adds_nothing(site: Site) -> None:
    for question in QUESTIONS:
        with client("127.0.0.2") as reader:
            through = reader.post(f"{site.url}/api/v1/ask", json={"question": question})
        first, second = (ask(bot.url, question) for bot in site.bots)
        assert stated(through) == stated(first) == stated(second)


def test_a_limit_is_counted_over_both_whatever_the_client_says_of_itself(site: Site) -> None:
    time.sleep(60 - time.time() % 60 if time.time() % 60 > 45 else 0)  # not over the edge of a window
    with client("127.0.0.3") as reader:
        statuses = Counter(
            reader.post(
                f"{site.url}/api/v1/ask",
                json={"question": QUESTIONS[0]},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            ).status_code
            for number in range(70)
        )
    assert statuses == {200: 60, 429: 10}


def test_what_one_writes_the_other_reads_and_deletes(site: Site) -> None:
    first, second = (bot.url for bot in site.bots)
    answered = ask(first, QUESTIONS[0], "conversation-of-two-machines").json()
    liked = httpx.post(f"{second}/api/v1/feedback", json={"answer": answered["id"], "verdict": "up"})
    ticket = httpx.post(f"{second}/api/v1/complaints", json={"text": "答得不全"}).json()["ticket"]
    found = httpx.get(f"{first}/api/v1/complaints/{ticket}").json()
    forgotten = httpx.delete(f"{second}/api/v1/conversations/{answered['conversation']}").json()
    site.bots[1].run("complaints", "--close", ticket, "--reply", "已经补全")
    closed = httpx.get(f"{first}/api/v1/complaints/{ticket}").json()
    assert (liked.status_code, found["state"], forgotten["deleted"]) == (200, "受理中", 1)
    assert (closed["state"], closed["reply"]) == ("已办结", "已经补全")


def test_both_log_an_address_by_one_pseudonym_and_old_rows_go_by_the_retention_of_either(site: Site) -> None:
    with client("127.0.0.4") as reader:
        for _ in range(6):
            reader.get(f"{site.url}/api/v1/documents").raise_for_status()
    query = text("SELECT count(*) FROM access WHERE route = '/api/v1/documents' GROUP BY address")

    def logged() -> list[int]:
        with site.database.connect() as connection:
            return list(connection.execute(query).scalars())

    wait_for(lambda: sum(logged()) == 6, "the access log")
    assert logged() == [6]
    with site.database.begin() as connection:
        connection.execute(text("UPDATE access SET at = at - interval '185 days' WHERE route = '/api/v1/documents'"))
    assert "访问日志 6 条" in site.bots[1].run("retain")
    assert logged() == []


def test_a_stop_reaches_both_and_so_does_its_end(site: Site) -> None:
    def statuses() -> set[int]:
        return {ask(bot.url, QUESTIONS[0]).status_code for bot in site.bots}

    site.bots[0].run("stop", "--reason", "演练")
    wait_for(lambda: statuses() == {503}, "the stop")
    with client("127.0.0.5") as reader:
        refused = reader.post(f"{site.url}/api/v1/ask", json={"question": QUESTIONS[0]})
        assert (refused.status_code, reader.get(f"{site.url}/about").status_code) == (503, 200)
    site.bots[1].run("resume", "--reason", "演练结束")
    wait_for(lambda: statuses() == {200}, "the end of the stop")


def test_what_is_for_the_inner_network_is_not_seen_through_nginx(site: Site) -> None:
    seen = {path: httpx.get(f"{site.url}{path}").status_code for path in ("/metrics", "/readyz", "/healthz", "/chat")}
    assert seen == {"/metrics": 404, "/readyz": 404, "/healthz": 200, "/chat": 200}


LEFT_ALONE = 3  # seconds: longer than nginx leaves a machine alone that did not answer (fail_timeout)


@pytest.mark.parametrize("way", ["kill", "end"])
def test_one_may_die_under_load_and_come_back_and_nobody_sees_it(site: Site, way: str) -> None:
    """`kill` as by a lost machine, `end` as by a release of a new version."""
    statuses: Counter[object] = Counter()
    ended = asyncio.Event()

    async def read(network: str) -> None:
        for machine in range(1, 255):
            connector = aiohttp.TCPConnector(local_addr=(f"{network}.{machine}", 0))
            timeout = aiohttp.ClientTimeout(total=HANG)
            async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
                for turn in range(50):  # fewer than an address may ask in a minute
                    question = {"question": f"{QUESTIONS[turn % len(QUESTIONS)]}{machine}-{turn}"}  # never one kept
                    try:
                        async with session.post(f"{site.url}/api/v1/ask", json=question) as reply:
                            await reply.read()
                            statuses[reply.status] += 1
                    except (aiohttp.ClientError, TimeoutError) as error:
                        statuses[type(error).__name__] += 1
                    if ended.is_set():
                        return

    async def disturb() -> None:
        def answered() -> int:
            return sum(statuses.values())

        try:
            await asyncio.to_thread(wait_for, lambda: answered() >= 50, "answers of both")
            for bot in site.bots:
                await asyncio.to_thread(getattr(bot, way))
                more = answered() + 50
                await asyncio.to_thread(wait_for, lambda more=more: answered() >= more, "answers of the other")
                bot.start()
                await asyncio.to_thread(bot.wait_ready)
                await asyncio.sleep(LEFT_ALONE)
        finally:
            ended.set()

    async def both() -> None:
        await asyncio.gather(disturb(), *(read(f"127.{len(way)}.{number}") for number in range(8)))

    asyncio.run(both())
    assert set(statuses) == {200}, statuses
