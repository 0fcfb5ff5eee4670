import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.index import lexical
from bot.index.build import build
from bot.index.embed import Embedder
from bot.settings import PROJECT
from tests.index.small_index import EXTRA, PLAN, RULES, generations, write_corpus


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little there is to cut, another process does it."""
    monkeypatch.setattr(lexical, "BESIDE", range(1 << 20))
    monkeypatch.setattr(lexical.os, "cpu_count", lambda: 2)


def lexical_files(store: Path) -> dict[str, bytes]:
    folder = store / "generations" / generations(store)[-1]
    files = [folder / "lexicon.json", *(folder / "bm25").iterdir()]
    return {file.name: file.read_bytes() for file in files}


def build_in_two_steps(folder: Path, embedder: Embedder) -> dict[str, bytes]:
    folder.mkdir()
    build([write_corpus(folder / "corpus", plan=PLAN, rules=RULES)], folder / "store", embedder)
    build([write_corpus(folder / "corpus", plan=PLAN, extra=EXTRA)], folder / "store", embedder)
    return lexical_files(folder / "store")


@pytest.mark.slow
@pytest.mark.usefixtures("beside")
def test_another_process_writes_the_same_files(tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as here:
        here.setattr(lexical, "BESIDE", range(0))
        expected = build_in_two_steps(tmp_path / "here", embedder)
    monkeypatch.setattr(lexical, "_write", lambda *_: pytest.fail("written in this process"))
    assert build_in_two_steps(tmp_path / "there", embedder) == expected


@pytest.mark.slow
@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("command", [["no such program"], [sys.executable, "-c", "raise SystemExit(1)"]])
def test_where_another_process_fails_this_one_does_it(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, command: list[str]
):
    expected = build_in_two_steps(tmp_path / "there", embedder)
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda _, **options: start(command, **options))
    assert build_in_two_steps(tmp_path / "here", embedder) == expected


@pytest.mark.slow
@pytest.mark.usefixtures("beside")
def test_an_interrupted_build_leaves_nothing_of_either_process(tmp_path: Path, embedder: Embedder):
    store, corpus = tmp_path / "store", tmp_path / "corpus"
    build([write_corpus(corpus, plan=PLAN)], store, embedder)

    def interrupt(step: str, *_: object) -> None:
        if step == "计算向量":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([write_corpus(corpus, plan=PLAN, rules=RULES)], store, embedder, interrupt)
    assert generations(store) == ["000001"]


@pytest.mark.slow
@pytest.mark.parametrize("told", [False, True])
def test_the_other_process_ends_with_the_one_that_started_it(tmp_path: Path, told: bool):
    os.mkfifo(tmp_path / "corpus.json")  # nobody writes to it: it would be read for ever
    with subprocess.Popen([sys.executable, "-m", "bot.index.lexical"], cwd=PROJECT, stdin=subprocess.PIPE) as process:
        try:
            process.communicate(f"{json.dumps([str(tmp_path)])}\n".encode() if told else b"", timeout=30)
        finally:
            process.kill()
    assert process.returncode == 1


def test_it_loads_while_files_are_read_that_are_enough_for_it(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
):
    begun: list[str] = []
    monkeypatch.setattr(lexical, "EARLY", 1)
    monkeypatch.setattr(lexical.os, "cpu_count", lambda: 2)
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: begun.append("it") or start(command, **options))
    corpus, store = write_corpus(tmp_path / "corpus", plan=PLAN), tmp_path / "store"
    build([corpus], store, embedder, lambda step, *_: begun.append(step))
    assert begun.index("it") < begun.index("切分词语")
    begun.clear()
    build([write_corpus(tmp_path / "corpus", plan=PLAN, rules=RULES)], store, embedder)  # most is taken over
    assert begun == []
