"""An embedding model behind an OpenAI-compatible endpoint, asked over real HTTP."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from bot.errors import ModelError, StoreError
from bot.index import endpoint
from bot.index.build import build
from bot.index.embed import Embedder, open_embedder
from bot.index.store import open_store
from bot.retrieval.hybrid import HybridRetriever
from bot.settings import Settings
from tests.index.embedding_server import EmbeddingServer
from tests.index.small_index import character_embedder

pytestmark = pytest.mark.skipif(find_spec("openai") is None, reason="需要 .[endpoint]")
TEXTS = ["种树归谁管", "  ", "引进瞪羚"]


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with EmbeddingServer().running() as running:
        yield running


def opened(url: str, model: str = "characters", key: str = "") -> Embedder:
    return open_embedder(Settings(embedding=model, embedding_url=url, embedding_key=SecretStr(key)))


def test_vectors_come_in_the_order_of_the_texts_and_at_length_one(server: EmbeddingServer):
    embedder = opened(server.url, key="密钥".encode().hex())
    np.testing.assert_allclose(embedder.embed(TEXTS), server.embedder.embed(TEXTS), atol=1e-5)
    np.testing.assert_allclose(embedder.embed_query(TEXTS[0]), server.embedder.embed(TEXTS[:1])[0], atol=1e-5)
    assert (embedder.embed_query(" "), embedder.embed([]).shape) == ([0.0] * 32, (0, 32))
    assert server.requests[1] == {"model": "characters", "input": [TEXTS[0], TEXTS[2]], "encoding_format": "float"}
    assert set(server.keys) == {f"Bearer {'密钥'.encode().hex()}"}


def test_many_texts_go_in_several_requests(server: EmbeddingServer):
    embedder = opened(f"{server.url}/embeddings/")
    embedder.embed(["种树"] * 70)
    assert [len(body["input"]) for body in server.requests] == [1, 32, 32, 6]


def test_a_provider_that_takes_fewer_at_once_gets_fewer(server: EmbeddingServer):
    def ten_at_most(body: dict[str, Any]) -> tuple[int, Any]:
        return server.embeddings(body) if len(body["input"]) <= 10 else (400, {"error": {"message": "batch size"}})

    server.answer = ten_at_most
    texts = list("种树归谁管引进瞪羚苗圃浇水银杏市园林局水务局科技局")
    np.testing.assert_allclose(opened(server.url).embed(texts), server.embedder.embed(texts), atol=1e-5)
    assert max(len(body["input"]) for body in server.requests[3:]) <= 10


FAULTS: dict[str, tuple[int, Any]] = {
    r"不接受这个密钥；请改正 BOT_EMBEDDING_KEY": (401, {"error": {"message": "Incorrect API key: geheim"}}),
    r"没有这个模型或网址；请改正 BOT_EMBEDDING 或": (404, {"error": {"message": "no model"}}),
    r"说请求太多或额度已用完": (429, {"error": {"message": "slow down"}}),
    r"出错（HTTP 500）": (500, "<html>"),
    r"出错（HTTP 400）": (400, {"error": {"message": "too long"}}),
    r"的回答不是 OpenAI 格式的向量（.+）": (200, {"hello": 1}),
    r"的回答不是 OpenAI 格式的向量（要 1 个向量，得到的形状是 \[0\]）": (200, {"data": []}),
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_every_fault_of_the_endpoint_is_one_sentence_without_the_key(server: EmbeddingServer, sentence: str):
    server.answer = lambda _: FAULTS[sentence]
    with pytest.raises(ModelError, match=f"^向量接口 http://127.*（模型 characters）{sentence}[^\n]*。$") as caught:
        opened(server.url, key="geheim")
    assert "geheim" not in str(caught.value)


def test_a_body_that_is_no_json_is_one_sentence(server: EmbeddingServer):
    server.answer = lambda _: (200, "<html>维护中</html>")
    with pytest.raises(ModelError, match=r"的回答不是 OpenAI 格式的向量"):
        opened(server.url)


def test_vectors_of_another_length_than_before_are_refused(server: EmbeddingServer):
    embedder = opened(server.url)
    server.embedder = character_embedder(dimension=16)
    with pytest.raises(ModelError, match=r"给出 16 维的向量，先前是 32 维；请确认那里的模型没有换。"):
        embedder.embed(["种树"])


def test_an_endpoint_that_is_down_or_slow_is_one_sentence(server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ModelError, match=r"向量接口 http://127.0.0.1:9/v1（模型 m）连不上；请确认它在运行"):
        opened("http://127.0.0.1:9/v1", "m")
    monkeypatch.setattr(endpoint, "QUERY_PATIENCE", 0.1)
    server.delay = 0.5
    with pytest.raises(ModelError, match=r"秒没有回应；请稍后重试"):
        opened(server.url)


def test_settings_that_cannot_work_are_said():
    with pytest.raises(ModelError, match=r"还要用 BOT_EMBEDDING 写明那里的模型名"):
        open_embedder(Settings(embedding_url="http://127.0.0.1:9/v1"))
    with pytest.raises(ModelError, match=r"BOT_EMBEDDING_URL=127.0.0.1 不是网址"):
        opened("127.0.0.1", "m")


def test_without_the_client_the_command_that_installs_it_is_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ModelError, match=r'请运行 pip install -e "\.\[endpoint\]"。'):
        opened("http://127.0.0.1:9/v1")


def test_an_index_notices_another_model_under_the_same_name(server: EmbeddingServer, corpus: Path, tmp_path: Path):
    build([corpus], tmp_path / "store", opened(server.url))
    open_store(tmp_path / "store", opened(server.url)).close()
    other = character_embedder()
    other._table = other._table[::-1]
    server.embedder = other
    with pytest.raises(StoreError, match=r"是用另一个向量模型建立的.*请运行 python -m bot index 重建。"):
        open_store(tmp_path / "store", opened(server.url))
    assert build([corpus], tmp_path / "store", opened(server.url)).generation == "000002"


def test_words_still_find_clauses_when_the_endpoint_fails(
    server: EmbeddingServer, corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    build([corpus], tmp_path / "store", opened(server.url))
    with open_store(tmp_path / "store", opened(server.url)) as store:
        retriever = HybridRetriever(store=store)
        assert retriever.search("银杏归谁管")[0].dense_rank is not None
        server.answer = lambda _: (500, {})
        before = len(server.requests)
        found = [retriever.search("银杏归谁管")[0] for _ in range(3)]
    assert [(hit.chunk.clause.ref, hit.dense_rank, hit.lexical_rank) for hit in found] == [("第二条", None, 1)] * 3
    assert (len(server.requests) - before, caplog.messages[0].endswith("暂时只按字面检索。")) == (1, True)
