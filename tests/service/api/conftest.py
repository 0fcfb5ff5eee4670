"""The interface over real HTTP: uvicorn on loopback, a real index of two tiny papers, records in memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from bot.answering.pipeline import Pipeline, reopen
from bot.index.build import build
from bot.index.store import open_store
from bot.service.api import create_api
from bot.service.api.metrics import Measured
from bot.service.current import Current
from bot.service.records import Records
from bot.service.service import Service
from bot.settings import Settings
from bot.types import Answer, Mode, Query, Sentence, Usage
from tests.index.small_index import PLAN, RULES, character_embedder, write_corpus
from tests.service.serving import served


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    build([write_corpus(folder / "corpus", plan=PLAN, rules=RULES)], folder / "store", character_embedder())
    return folder / "store"


@pytest.fixture
def current(small_store: Path) -> Iterator[Current]:
    opened = Current(small_store, Pipeline(open_store(small_store, character_embedder())), reopen)
    yield opened
    opened.close()
    opened.store.close()


@pytest.fixture
def service(current: Any) -> Iterator[Service]:
    records = Records.open("sqlite://")
    made = Service.of(current, records, Settings(provider_name="某市某局"))
    yield made
    made.close()
    records.close()


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    app = Measured(create_api(service), service.metrics)
    with served(app) as url, httpx.Client(base_url=url, timeout=20, trust_env=False) as opened:
        yield opened


@dataclass
class Scripted:
    """
    Stands in for Current where a test says when an answer comes: one sentence a step, each after `wait()`.

    Growing answers are a model's; the last is as the mode says. `left` counts the streams that were closed before
    their end.
    """

    sentences: Sequence[str] = ("第一句。", "第二句。")
    wait: Callable[[], object] = lambda: None
    generation: str = "000001"
    mode: Mode = "quoted"
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0
    status: Any = "answered"
    store: Any = field(default_factory=lambda: SimpleNamespace(documents=(), outlines=(), glossaries=()))
    curated: Any = None

    @property
    def edition(self) -> tuple[object, ...]:
        return (self.generation,)

    def stream(self, given: dict[str, Any], mode: Mode | None = None) -> Iterator[Answer]:
        self.asked.append({**given, "mode": mode or self.mode})
        answer = Answer(Query(given["question"], given["question"], ()), self.status, mode="generated")
        last = {"mode": "quoted"} if (mode or self.mode) == "quoted" else {"usage": Usage("scripted")}
        whole = False
        try:
            for number, sentence in enumerate(self.sentences, 1):
                self.wait()
                answer = replace(answer, sentences=(*answer.sentences, Sentence(sentence, origin="note")))
                yield replace(answer, **last) if number == len(self.sentences) else answer
            whole = True
        finally:
            self.left += not whole

    def suggest(self, answer: Answer) -> tuple[str, ...]:
        return (f"{answer.query.asked}还有呢？",)
