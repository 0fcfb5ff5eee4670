"""Vectors on a Chroma server: a real `chroma run` on this machine, and one that hangs."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreError, VectorServerError
from bot.index import vectors
from bot.index.build import build
from bot.index.embed import Embedder
from bot.index.generations import current_generation
from bot.index.store import open_store
from bot.retrieval.hybrid import HybridRetriever
from bot.settings import PROJECT
from tests.index.small_index import EXTRA, PLAN, RULES, character_embedder, seen, write_corpus


class ChromaServer:
    """`chroma run` on a port and a folder of its own; it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self.start()

    def start(self) -> None:
        command = [Path(sys.executable).parent / "chroma", "run", "--path", self._folder, "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                return vectors.ping(self.url)
            except VectorServerError:
                time.sleep(0.1)
        raise AssertionError("chroma run did not start")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def collections(self) -> set[str]:
        client = vectors._http(self.url, 5)
        names = {collection.name for collection in client.list_collections()}
        client.close()
        return names


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    running = ChromaServer(tmp_path / "server")
    yield running
    running.stop()


def collection_of(store: Path) -> str:
    """The one that the generation in use names."""
    record = store / "generations" / current_generation(store) / "chroma" / "server.json"
    return str(json.loads(record.read_text())["collection"])


def indexed(store: Path, url: str, embedder: Embedder, **texts: str) -> str:
    corpus = write_corpus(store.parent / "corpus", **texts)
    return build([corpus], store, embedder, chroma_url=url).generation


@pytest.mark.slow
def test_an_index_on_a_server_gives_what_one_in_a_folder_gives(
    server: ChromaServer, tmp_path: Path, embedder: Embedder
):
    for texts in ({"plan": PLAN}, {"plan": PLAN, "rules": RULES}, {"rules": RULES, "extra": EXTRA}):
        indexed(tmp_path / "there", server.url, embedder, **texts)
        indexed(tmp_path / "here", "", embedder, **texts)
        assert seen(tmp_path / "there", embedder) == seen(tmp_path / "here", embedder)


@pytest.mark.slow
def test_every_generation_has_a_collection_and_old_ones_go_with_their_folders(
    server: ChromaServer, tmp_path: Path, embedder: Embedder
):
    store, used = tmp_path / "store", []
    for texts in ({"plan": PLAN}, {"rules": RULES}, {"extra": EXTRA}):
        indexed(store, server.url, embedder, **texts)
        used.append(collection_of(store))
    assert (len(set(used)), server.collections()) == (3, set(used[1:]))
    assert indexed(store, "", embedder, extra=EXTRA) == "000004"  # and back into the folder
    assert server.collections() == {used[2]}


@pytest.mark.slow
def test_vectors_of_unchanged_clauses_are_taken_over(server: ChromaServer, tmp_path: Path, monkeypatch: Any):
    embedder, embedded = character_embedder(), []
    indexed(tmp_path / "store", server.url, embedder, plan=PLAN)
    real = embedder.embed
    monkeypatch.setattr(embedder, "embed", lambda texts: embedded.append(list(texts)) or real(texts))
    indexed(tmp_path / "store", server.url, embedder, plan=PLAN, extra=EXTRA)
    assert len(embedded[0]) == 3 and all("剪枝办法" in text for text in embedded[0])


@pytest.mark.slow
def test_a_server_that_dies_during_a_build_leaves_the_index_and_its_rest_is_cleared_later(
    server: ChromaServer, tmp_path: Path, embedder: Embedder
):
    store = tmp_path / "store"
    indexed(store, server.url, embedder, plan=PLAN)
    before = seen(store, embedder)

    def die(step: str, *_: int) -> None:
        if step == "计算向量":
            server.stop()

    corpus = write_corpus(tmp_path / "corpus", plan=PLAN, rules=RULES)
    with pytest.raises(VectorServerError, match=rf"^Chroma 服务 {server.url} 连不上；请确认它在运行.*。$"):
        build([corpus], store, embedder, die, server.url)
    server.start()
    assert (current_generation(store), seen(store, embedder), len(server.collections())) == ("000001", before, 2)
    assert build([corpus], store, embedder, chroma_url=server.url).generation == "000002"
    assert len(server.collections()) == 2


@pytest.mark.slow
def test_a_killed_build_leaves_no_collection_for_ever(server: ChromaServer, tmp_path: Path, embedder: Embedder):
    store = tmp_path / "store"
    indexed(store, server.url, embedder, plan=PLAN)
    left = store / "generations" / "000009" / "chroma"  # what a build killed by the system leaves
    vectors.Vectors.create(left, server.url).close()
    assert len(server.collections()) == 2
    indexed(store, server.url, embedder, plan=PLAN)
    assert (server.collections(), left.exists()) == ({collection_of(store)}, False)


@pytest.mark.slow
def test_a_running_reader_goes_on_with_words_while_the_server_is_down(
    server: ChromaServer, tmp_path: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
):
    indexed(tmp_path / "store", server.url, embedder, plan=PLAN, rules=RULES)
    with open_store(tmp_path / "store", embedder) as store:
        retriever = HybridRetriever(store=store)
        assert retriever.search("银杏归谁管")[0].dense_rank is not None
        server.stop()
        found = retriever.search("银杏归谁管")[0]
        assert (found.chunk.clause.ref, found.dense_rank, found.lexical_rank) == ("第二条", None, 1)
        assert caplog.messages[0].endswith("BOT_CHROMA_URL 没有写错。暂时只按字面检索。")
        server.start()
        retriever._ask_again_at = 0.0
        assert retriever.search("银杏归谁管")[0].dense_rank is not None


@pytest.mark.slow
def test_a_collection_that_someone_deleted_is_one_sentence_and_built_anew(
    server: ChromaServer, tmp_path: Path, embedder: Embedder
):
    store = tmp_path / "store"
    indexed(store, server.url, embedder, plan=PLAN)
    expected = seen(store, embedder)
    vectors.delete_vectors(store / "generations" / "000001" / "chroma")
    with pytest.raises(StoreError, match=r"上没有这份索引的向量，请运行 python -m bot index 重建。$"):
        open_store(store, embedder)
    assert (indexed(store, server.url, embedder, plan=PLAN), seen(store, embedder)) == ("000002", expected)


@pytest.mark.slow
def test_the_command_line_builds_and_asks_through_the_setting(server: ChromaServer, tmp_path: Path):
    environment = os.environ | {"BOT_CHROMA_URL": server.url, "BOT_STORE": str(tmp_path / "store")}

    def bot(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, encoding="utf-8")

    assert bot("index").returncode == 0
    assert "市民营经济局" in bot("ask", "瞪羚企业归哪个局培育？").stdout
    assert server.collections() == {collection_of(tmp_path / "store")}
    server.stop()
    failed = bot("ask", "瞪羚企业归哪个局培育？")
    assert (failed.returncode, failed.stderr.count("\n")) == (1, 1)
    assert failed.stderr.startswith(f"错误：Chroma 服务 {server.url} 连不上；")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:9", r"连不上；请确认它在运行、BOT_CHROMA_URL 没有写错。"),
        ("127.0.0.1:8000", r"不是 Chroma 服务的网址；请写成 http://主机:8000 的样子。"),
        ("http://127.0.0.1:很多", r"不是 Chroma 服务的网址"),
        ("http://127.0.0.1:8000/path", r"不是 Chroma 服务的网址"),
    ],
)
def test_a_server_that_is_not_there_is_said_before_anything_is_read(
    tmp_path: Path, corpus: Path, embedder: Embedder, url: str, sentence: str
):
    indexed(tmp_path / "store", "", embedder, plan=PLAN)
    before = seen(tmp_path / "store", embedder)
    steps: list[str] = []
    note: Callable[[str, int, int], None] = lambda step, *_: steps.append(step)  # noqa: E731
    with pytest.raises(VectorServerError, match=sentence):
        build([corpus], tmp_path / "store", embedder, note, url)
    assert (steps, seen(tmp_path / "store", embedder)) == ([], before)


def test_a_server_that_never_answers_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vectors, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(VectorServerError, match=f"^Chroma 服务 {url} 没有及时回应；请稍后重试，或检查它的负载。$"):
            vectors.ping(url)


def test_a_folder_whose_server_is_gone_stays_until_it_can_be_asked(tmp_path: Path):
    record = tmp_path / "server.json"
    record.write_text(json.dumps({"url": "http://127.0.0.1:9", "collection": "clauses-1"}))
    assert not vectors.delete_vectors(tmp_path)
    record.write_text("{")
    assert vectors.delete_vectors(tmp_path)
    with pytest.raises(StoreError, match=r"server.json 读不出来，请运行 python -m bot index 重建。"):
        vectors.server_of(tmp_path)
    shutil.rmtree(tmp_path)
    assert (vectors.delete_vectors(tmp_path), vectors.server_of(tmp_path)) == (True, "")
