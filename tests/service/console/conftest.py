"""The console as it is served: behind the gate and the headers, over an index of two tiny papers, records in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from bot.answering.pipeline import Pipeline, reopen
from bot.index.build import build
from bot.index.store import open_store
from bot.service.console.console import Console
from bot.service.console.staff import ROLES, People
from bot.service.current import Current
from bot.service.headers import Headers
from bot.service.limits import Limits
from bot.service.records import Records
from bot.service.server import create_app
from bot.service.service import Service
from bot.settings import Settings
from tests.index.small_index import PLAN, RULES, character_embedder, write_corpus
from tests.service.serving import served

PASSWORD = "正确的-马-电池-订书钉"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Site:
    """The address, and what is behind it."""

    address: str
    service: Service

    @property
    def people(self) -> People:
        return People(self.service.records, QUICK)

    def client(self, **given: Any) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=30, trust_env=False, **given)


@pytest.fixture(scope="session")
def small_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("console")
    build([write_corpus(folder / "corpus", plan=PLAN, rules=RULES)], folder / "store", character_embedder())
    pipeline = Pipeline(open_store(folder / "store", character_embedder()))
    current = Current(Path(folder / "store"), pipeline, reopen)
    records = Records.open("sqlite://")
    service = Service.of(current, records, Settings(request_limit=100_000))
    yield service
    service.close()
    records.close()
    current.close()


@pytest.fixture(scope="session")
def site(small_service: Service) -> Iterator[Site]:
    """One person of each role, whose name is the role."""
    people = People(small_service.records, QUICK)
    for role in ROLES:
        people.add(role, role, PASSWORD, by="测试")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.service.console.staff.PasswordHasher", lambda: QUICK)
        app = create_app(small_service.pipeline, None, None, small_service)
    settings = small_service.settings
    with served(Headers(Limits(app, small_service.records, settings), settings)) as address:
        yield Site(address, small_service)


@pytest.fixture(scope="session")
def signed_in(site: Site) -> Iterator[Callable[[str], httpx.Client]]:
    """signed_in("editor") is a client with that person's cookie; one sign-in a role."""
    clients: dict[str, httpx.Client] = {}

    def client(role: str) -> httpx.Client:
        if role not in clients:
            clients[role] = site.client()
            reply = clients[role].post("/console/sign-in", data={"name": role, "password": PASSWORD})
            assert reply.status_code == 303, reply.text
        return clients[role]

    yield client
    for each in clients.values():
        each.close()


@pytest.fixture
def records() -> Iterator[Records]:
    opened = Records.open("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def people(records: Records) -> People:
    return People(records, QUICK)


@pytest.fixture
def console(small_service: Service) -> Console:
    return Console.of(small_service)
