import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents.load import load
from bot.errors import CorpusError, StoreBusyError, StoreError
from bot.index.build import build, indexed_paths
from bot.index.embed import Embedder
from bot.index.generations import build_lock, generation_folder
from bot.index.store import open_store
from bot.settings import PROJECT
from tests.index.small_index import EXTRA, PLAN, RULES, character_embedder, generations, seen, write_corpus


def test_what_is_added_changed_kept_and_removed_is_reported(tmp_path: Path, corpus: Path, embedder: Embedder):
    store = tmp_path / "store"
    first = build([corpus], store, embedder)
    assert (first.added, first.changed, first.kept, first.removed) == (("plan", "rules"), (), (), ())
    write_corpus(corpus, extra=EXTRA, rules=RULES.replace("雪松", "黑松"))
    second = build([corpus], store, embedder)
    assert (second.added, second.changed, second.kept, second.removed) == (("extra",), ("rules",), (), ("plan",))
    assert (second.chunks, second.generation, second.problems) == (6, "000002", ())


def test_indexing_twice_equals_once(tmp_path: Path, corpus: Path, embedder: Embedder):
    store = tmp_path / "store"
    build([corpus], store, embedder)
    once, files = seen(store, embedder), sorted(store.rglob("*"))
    again = build([corpus], store, embedder)
    assert (again.kept, again.added, again.generation) == (("plan", "rules"), (), "000001")
    assert (seen(store, embedder), sorted(store.rglob("*"))) == (once, files)


HISTORIES = {
    "added": [{"plan": PLAN}, {"plan": PLAN, "rules": RULES}],
    "added and removed": [
        {"plan": PLAN, "rules": RULES},
        {"plan": PLAN, "rules": RULES, "extra": EXTRA},
        {"plan": PLAN},
    ],
    "changed": [{"plan": PLAN, "rules": RULES}, {"plan": PLAN.replace("50棵", "60棵"), "rules": RULES}],
    "a new word cuts old text anew": [{"rules": RULES}, {"rules": RULES, "extra": "办法\n\n第一条 称为“树种由市”。\n"}],
    "a new word of letters cuts old text anew": [
        {"rules": RULES + "\n第三条 推行Ａ+Ｘ机制。\n"},
        {"rules": RULES + "\n第三条 推行Ａ+Ｘ机制。\n", "extra": "细则\n\n第一条 称为“A+X”。\n"},
    ],
    "moved": [{"plan": PLAN}, {"plan": PLAN.replace("一、", "为了种树，制定本方案。\n一、", 1)}],
    "renamed": [{"plan": PLAN, "rules": RULES}, {"a": PLAN, "rules": RULES}],
    "all new": [{"plan": PLAN}, {"rules": RULES}],
    "said twice": [{"plan": PLAN}, {"plan": PLAN + "为了种树，多浇水。\n\n为了种树，多浇水。\n"}, {"plan": PLAN}],
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_step_by_step_gives_what_one_build_gives(tmp_path: Path, embedder: Embedder, history: list[dict[str, str]]):
    for texts in history:
        corpus = write_corpus(tmp_path / "corpus", **texts)
        build([corpus], tmp_path / "steps", embedder)
    build([corpus], tmp_path / "at once", embedder)
    assert seen(tmp_path / "steps", embedder) == seen(tmp_path / "at once", embedder)


def test_unchanged_vectors_are_not_computed_again(tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch):
    embedder, embedded = character_embedder(), []
    build([corpus], tmp_path / "store", embedder)
    write_corpus(corpus, plan=PLAN, rules=RULES, extra=EXTRA)
    real = embedder.embed
    monkeypatch.setattr(embedder, "embed", lambda texts: embedded.append(list(texts)) or real(texts))
    build([corpus], tmp_path / "store", embedder)
    assert len(embedded[0]) == 3 and all("剪枝办法" in text for text in embedded[0])


def test_a_file_that_did_not_change_is_not_parsed_again(
    tmp_path: Path, corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
):
    build([corpus], tmp_path / "store", embedder)
    write_corpus(corpus, plan=PLAN, rules=RULES.replace("雪松", "黑松"), extra=EXTRA)
    loaded: list[str] = []
    monkeypatch.setattr("bot.documents.corpus.load", lambda path, entry: loaded.append(path.stem) or load(path, entry))
    report = build([corpus], tmp_path / "store", embedder)
    assert (loaded, report.kept) == (["extra", "rules"], ("plan",))


def test_a_change_that_keeps_length_and_time_is_seen(tmp_path: Path, corpus: Path, embedder: Embedder):
    build([corpus], tmp_path / "store", embedder)
    before = (corpus / "plan.txt").stat()
    (corpus / "plan.txt").write_text(PLAN.replace("50棵", "60棵"), encoding="utf-8")
    os.utime(corpus / "plan.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert build([corpus], tmp_path / "store", embedder).changed == ("plan",)


def test_a_change_of_the_manifest_is_seen(tmp_path: Path, corpus: Path, embedder: Embedder):
    build([corpus], tmp_path / "store", embedder)
    (corpus / "manifest.toml").write_text('[[document]]\nfile = "rules.txt"\nstate = "废止"\n', encoding="utf-8")
    report = build([corpus], tmp_path / "store", embedder)
    with open_store(tmp_path / "store", embedder) as store:
        states = {document.id: document.state for document in store.documents}
    assert (report.changed, states) == (("rules",), {"plan": "现行", "rules": "废止"})


def test_with_other_code_everything_is_read_anew(
    tmp_path: Path, corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
):
    build([corpus], tmp_path / "store", embedder)
    monkeypatch.setattr("bot.documents.corpus._code", lambda: b"of tomorrow")
    monkeypatch.setattr("bot.documents.corpus.load", lambda path, entry: replace(load(path, entry), title="新题"))
    assert build([corpus], tmp_path / "store", embedder).changed == ("plan", "rules")


def test_after_many_changes_deleted_vectors_do_not_pile_up(tmp_path: Path, embedder: Embedder):
    for year in range(2027, 2037):
        corpus = write_corpus(tmp_path / "corpus", plan=PLAN.replace("2027", str(year)), rules=RULES)
        build([corpus], tmp_path / "store", embedder)
    meta = json.loads((generation_folder(tmp_path / "store", "000010") / "meta.json").read_text())
    assert meta["deleted"] <= 0.3 * meta["vectors"]


def test_the_generation_just_replaced_stays_and_older_ones_go(tmp_path: Path, corpus: Path, embedder: Embedder):
    store = tmp_path / "store"
    for text in (PLAN, EXTRA, RULES):
        build([write_corpus(corpus, plan=text)], store, embedder)
    (store / "generations" / "000099").mkdir()
    (store / "generations" / "000099" / "left by a killed build").touch()
    assert generations(store) == ["000002", "000003", "000099"]
    build([corpus], store, embedder)
    assert generations(store) == ["000002", "000003"]


def test_progress_is_reported_in_order(tmp_path: Path, corpus: Path, embedder: Embedder):
    steps: list[tuple[str, int, int]] = []
    build([corpus], tmp_path / "store", embedder, lambda *step: steps.append(step))
    assert list(dict.fromkeys(step for step, _, _ in steps)) == ["读取文件", "切分词语", "计算向量"]
    assert all(0 <= done <= total for _, done, total in steps)


@pytest.mark.parametrize("damage", ["CURRENT", "meta.json", "corpus.json", "chroma.sqlite3", "terms.npy", "all"])
def test_a_broken_index_is_built_anew(tmp_path: Path, corpus: Path, embedder: Embedder, damage: str):
    store = tmp_path / "store"
    build([corpus], store, embedder)
    whole = seen(store, embedder)
    if damage == "all":
        shutil.rmtree(store / "generations")
    else:
        next(store.rglob(damage)).write_bytes(b"\xff" * 100)
    build([corpus], store, embedder)
    assert seen(store, embedder) == whole


def test_an_index_of_another_model_is_built_anew(tmp_path: Path, corpus: Path, embedder: Embedder):
    build([corpus], tmp_path / "store", embedder)
    other = character_embedder("other", 16)
    assert build([corpus], tmp_path / "store", other).added == ("plan", "rules")
    assert len(seen(tmp_path / "store", other)) == 5


def test_nothing_to_read_leaves_the_index_alone(tmp_path: Path, corpus: Path, embedder: Embedder):
    store = tmp_path / "store"
    build([corpus], store, embedder)
    with pytest.raises(CorpusError):
        build([write_corpus(tmp_path / "empty")], store, embedder)
    assert (generations(store), len(seen(store, embedder))) == (["000001"], 5)


def test_a_second_build_at_once_says_so(tmp_path: Path, corpus: Path, embedder: Embedder):
    (tmp_path / "store").mkdir()
    with build_lock(tmp_path / "store"):
        program = [sys.executable, "-m", "tests.index.small_index", str(corpus), str(tmp_path / "store")]
        done = subprocess.run(program, capture_output=True, encoding="utf-8", cwd=PROJECT)
    assert "StoreBusyError: 另一个 python -m bot index 正在为" in done.stderr.splitlines()[-1]
    assert build([corpus], tmp_path / "store", embedder).generation == "000001"


def test_threads_exclude_each_other_too(tmp_path: Path, corpus: Path, embedder: Embedder):
    busy: list[Exception] = []

    def second(*_: object) -> None:
        try:
            build([corpus], tmp_path / "store", embedder)
        except StoreBusyError as error:
            busy.append(error)

    def progress(*_: object) -> None:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    build([corpus], tmp_path / "store", embedder, progress)
    assert busy and generations(tmp_path / "store") == ["000001"]


@pytest.mark.parametrize("step", ["读取文件", "切分词语", "计算向量"])
def test_ctrl_c_leaves_the_old_index_and_nothing_else(tmp_path: Path, corpus: Path, embedder: Embedder, step: str):
    store = tmp_path / "store"
    build([corpus], store, embedder)
    before = seen(store, embedder)
    write_corpus(corpus, extra=EXTRA)

    def interrupt(now: str, *_: object) -> None:
        if now == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([corpus], store, embedder, interrupt)
    assert (seen(store, embedder), generations(store)) == (before, ["000001"])
    assert build([corpus], store, embedder).generation == "000002"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("a disk of 4 MB can be mounted by root only")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("free", [0, 8, 64, 200])
def test_a_full_disk_leaves_the_old_index(small_disk: Path, corpus: Path, embedder: Embedder, free: int):
    store = small_disk / "store"
    build([corpus], store, embedder)
    before = seen(store, embedder)
    write_corpus(corpus, plan=PLAN, rules=RULES, extra=EXTRA)
    left = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(bytes(left - free * 1024))
    with pytest.raises(
        StoreError, match=r"磁盘空间不足，.*原来的索引不受影响；请腾出空间后再运行 python -m bot index。"
    ):
        build([corpus], store, embedder)
    (small_disk / "ballast").unlink()
    assert (seen(store, embedder), generations(store)) == (before, ["000001"])
    assert build([corpus], store, embedder).added == ("extra",)


def test_a_file_that_may_not_grow_is_one_sentence(tmp_path: Path, corpus: Path, embedder: Embedder):
    """RLIMIT_FSIZE stands in for a quota: the process may write no file of more than 1,000 bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(StoreError, match=r"磁盘空间不足，.*store 的新索引没有写成"):
            build([corpus], tmp_path / "store", embedder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert generations(tmp_path / "store") == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_one_sentence(tmp_path: Path, corpus: Path, embedder: Embedder):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"store 写不进去（.*），原来的索引不受影响；请检查路径和权限"):
        build([corpus], tmp_path / "store", embedder)


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path, corpus: Path, embedder: Embedder):
    (tmp_path / "store").write_text("")
    with pytest.raises(StoreError, match=r"store 写不进去（File exists）"):
        build([corpus], tmp_path / "store", embedder)


def test_an_index_knows_what_it_was_built_from(tmp_path: Path, embedder: Embedder):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "办法.txt").write_text("示范办法\n一、目标\n每年培育10家企业。\n", encoding="utf-8")
    build([tmp_path / "docs"], tmp_path / "store", embedder)
    assert indexed_paths(tmp_path / "store") == [tmp_path / "docs"]
    assert indexed_paths(tmp_path / "nothing") == []
