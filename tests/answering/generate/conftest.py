"""A small corpus, its pipeline with a generator, and an endpoint that says what a test has written for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.answering.generate.endpoint import connect
from bot.answering.generate.generator import Generator, Prices
from bot.answering.pipeline import Pipeline
from bot.index.build import build
from bot.index.embed import load_embedder
from bot.index.store import Store, open_store
from bot.settings import PROJECT
from tests.answering.generate.plain_grounder import PlainGrounder
from tests.answering.generate.scripted_endpoint import ScriptedEndpoint

TEXT = """云溪市种树办法
第一条 镇政府每年种植银杏30棵，树坑深1米。
第二条 苗圃每季度除草2次，每次由园林站派3人，但雨天除外。
第三条 灌木由园林站修剪，修剪高度不超过2米。
第四条 苗圃除草使用手工工具，工具由镇政府配发。
"""
MODEL = PROJECT / "bot" / "index" / "model"
Opened = Callable[..., Pipeline]


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("trees")
    (folder / "trees.txt").write_text(TEXT, encoding="utf-8")
    embedder = load_embedder(MODEL)
    build([folder / "trees.txt"], folder / "store", embedder)
    return open_store(folder / "store", embedder)


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint().running() as running:
        yield running


@pytest.fixture
def opened(trees: Store, endpoint: ScriptedEndpoint) -> Opened:
    """A pipeline that asks the endpoint, with this wait in seconds."""

    def over(
        wait: float = 5.0,
    ) -> Pipeline:
        prices = Prices(2.0, 8.0)
        chat = connect(endpoint.url, "scripted", "geheim", wait)
        return Pipeline(trees, generator=Generator(chat, "scripted", PlainGrounder, wait, prices, trees.outlines))

    return over
