"""The service goes on while its index changes: real builds, real pipelines, at the end over real HTTP."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answering.pipeline import Pipeline, reopen
from bot.errors import StoreError
from bot.index.build import build
from bot.index.embed import Embedder
from bot.index.store import open_store
from bot.service.current import Current
from tests.index.small_index import EXTRA, PLAN, RULES, character_embedder, write_corpus
from tests.index.test_chroma_server import ChromaServer
from tests.service.serving import served

ASKED = {"question": "雪松由哪个单位管理"}
OLD, NEW = "银杏、水杉、雪松等树种由市园林局管理。", "银杏、水杉、雪松等树种由市水务局管理。"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return character_embedder()


@pytest.fixture
def rebuild(tmp_path: Path, embedder: Embedder) -> Callable[..., None]:
    """Another process's `python -m bot index`, as far as the service can see."""

    def run(chroma_url: str = "", **texts: str) -> None:
        build([write_corpus(tmp_path / "corpus", **texts)], tmp_path / "store", embedder, chroma_url=chroma_url)

    return run


@pytest.fixture
def open_current(tmp_path: Path, embedder: Embedder) -> Iterator[Callable[..., Current]]:
    opened: list[Current] = []

    def run(again: Callable[[Pipeline, Path], Pipeline] = reopen) -> Current:
        opened.append(Current(tmp_path / "store", Pipeline(open_store(tmp_path / "store", embedder)), again))
        return opened[-1]

    yield run
    for current in opened:
        current.close()
        current.store.close()


def answer(current: Current) -> str:
    return current.invoke(ASKED).text


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be in 20 seconds"
        time.sleep(0.01)


def test_a_question_after_a_build_is_answered_from_the_new_index(rebuild: Any, open_current: Any) -> None:
    rebuild(rules=RULES)
    current, changes = open_current(), []
    current.changed = lambda: changes.append([document.id for document in current.store.documents])
    assert OLD in answer(current)
    rebuild(rules=RULES.replace("市园林局管理", "市水务局管理"), extra=EXTRA)
    current.look()
    until(lambda: current.store.generation == "000002")
    assert NEW in answer(current)
    until(lambda: changes)
    assert changes == [["extra", "rules"]]


def test_a_stream_of_answers_ends_with_the_whole(rebuild: Any, open_current: Any) -> None:
    rebuild(rules=RULES)
    current = open_current()
    assert [each.text for each in current.stream(ASKED)] == [answer(current)]


def test_nobody_needs_to_ask_for_the_pages_to_be_of_today(rebuild: Any, open_current: Any) -> None:
    rebuild(rules=RULES)
    current = open_current()
    current.watch()
    rebuild(rules=RULES, extra=EXTRA)
    until(lambda: len(current.store.documents) == 2)


def test_the_old_index_answers_until_the_new_one_is_open(rebuild: Any, open_current: Any) -> None:
    rebuild(rules=RULES)
    ready = threading.Event()

    def slowly(pipeline: Pipeline, folder: Path) -> Pipeline:
        assert ready.wait(20)
        return reopen(pipeline, folder)

    current = open_current(slowly)
    rebuild(rules=RULES.replace("市园林局管理", "市水务局管理"))
    assert [OLD in answer(current) for _ in range(3)] == [True] * 3
    ready.set()
    until(lambda: NEW in answer(current))


@pytest.mark.slow
def test_questions_go_on_through_many_builds(rebuild: Any, open_current: Any) -> None:
    rebuild(rules=RULES)
    current = open_current()
    answers: list[Any] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            told = current.invoke(ASKED)
            answers.append((told.status, OLD in told.text or NEW in told.text, current.suggest(told) is not None))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for number in range(6):
        rebuild(
            rules=RULES.replace("市园林局管理", "市水务局管理") if number % 2 else RULES,
            plan=PLAN + "多浇水。" * number,
        )
    until(lambda: current.store.generation == "000007")
    done.set()
    for asker in askers:
        asker.join()
    assert (set(answers), len(answers) > 10) == ({("answered", True, True)}, True)


def test_a_new_index_that_is_broken_leaves_the_old_one_answering(
    rebuild: Any, open_current: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rebuild(rules=RULES)
    current = open_current()
    rebuild(rules=RULES.replace("市园林局管理", "市水务局管理"))
    (tmp_path / "store" / "generations" / "000002" / "corpus.json").write_text("[")
    with caplog.at_level(logging.ERROR):
        current.look()
        until(lambda: caplog.messages)
    assert caplog.messages[0].startswith("新索引 000002 打不开，仍用原来的 000001：索引文件")
    for _ in range(3):
        assert OLD in answer(current)
    assert len(caplog.messages) == 1  # said once, not with every question
    rebuild(rules=RULES.replace("市园林局管理", "市水务局管理"), extra=EXTRA)
    current.look()
    until(lambda: NEW in answer(current))


def test_one_that_could_not_be_opened_is_tried_again(
    rebuild: Any, open_current: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.current.AGAIN", 0.05)
    rebuild(rules=RULES)
    faults = [StoreError("服务没有回应。"), StoreError("服务没有回应。")]

    def at_the_third_time(pipeline: Pipeline, folder: Path) -> Pipeline:
        if faults:
            raise faults.pop()
        return reopen(pipeline, folder)

    current = open_current(at_the_third_time)
    current.watch()
    rebuild(rules=RULES, extra=EXTRA)
    until(lambda: current.store.generation == "000002")


def test_an_index_that_was_deleted_goes_on_answering(rebuild: Any, open_current: Any, tmp_path: Path) -> None:
    rebuild(rules=RULES)
    current = open_current()
    (tmp_path / "store" / "CURRENT").unlink()
    assert OLD in answer(current)


def test_two_builds_without_a_question_cost_no_answer(rebuild: Any, open_current: Any, tmp_path: Path) -> None:
    rebuild(rules=RULES)
    current = open_current()
    for times in (1, 2):
        rebuild(rules=RULES.replace("市园林局管理", "市水务局管理"), plan=PLAN + "多浇水。" * times)
    assert not (tmp_path / "store" / "generations" / "000001").exists()
    told = answer(current)
    assert OLD in told or NEW in told
    until(lambda: NEW in answer(current))


@pytest.mark.slow
def test_on_a_server_the_vectors_of_an_index_long_replaced_are_gone_and_the_question_is_answered(
    rebuild: Any, open_current: Any, tmp_path: Path
) -> None:
    server = ChromaServer(tmp_path / "server")
    try:
        rebuild(server.url, rules=RULES)
        current = open_current()
        for times in (1, 2):
            rebuild(server.url, rules=RULES.replace("市园林局管理", "市水务局管理"), plan=PLAN + "多浇水。" * times)
        assert len(server.collections()) == 2
        assert NEW in answer(current)
    finally:
        server.stop()


@pytest.mark.slow
def test_over_http_a_new_paper_is_listed_read_and_answered_from(rebuild: Any, open_current: Any) -> None:
    import httpx

    from bot.service.server import create_app

    rebuild(plan=PLAN)
    current = open_current()
    app = create_app(current, current.suggest)
    current.changed = app.state.refresh
    current.watch()
    with served(app) as address, httpx.Client(base_url=address, timeout=20) as client:

        def call(function: str, data: Any) -> Any:
            parts = client.get("/config").json()["components"]
            part = next(part for part in parts if function in part["props"].get("server_fns", []))
            body = {"session_hash": "s", "component_id": part["id"], "fn_name": function, "data": data}
            return client.post("/gradio_api/component_server/", json=body).json()

        def said() -> str:
            return str(client.post("/chat/ask", json=ASKED).json()["text"])

        assert (OLD in said(), call("read_document", "rules")) == (False, None)
        rebuild(plan=PLAN, rules=RULES)
        until(lambda: "种树管理办法" in call("read_library", None))
        assert OLD in said()
        assert 'data-document="rules"' in call("read_document", "rules")
