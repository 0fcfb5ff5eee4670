"""A backup taken while answers are written holds everything of one moment; a restore elsewhere is equal to it."""

from __future__ import annotations

import tarfile
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.index.build import build
from bot.index.store import open_store
from bot.service.backup import BackupError, backup, counted, restore
from bot.service.records import Records
from bot.settings import Settings
from bot.types import Answer, Query, Sentence
from tests.index.small_index import PLAN, character_embedder, write_corpus

ANSWER = Answer(Query("培育多少家", "培育多少家", ()), "answered", (Sentence("每年培育10家。"),))


def settings_in(folder: Path) -> Any:
    places = {name: folder / name for name in ("data", "store", "corpus", "originals")}
    return Settings(**places, records="")  # type: ignore[arg-type]


@pytest.fixture
def here(tmp_path: Path) -> Any:
    """A service's folders with an index, a corpus and a few records."""
    chosen = settings_in(tmp_path / "here")
    chosen.corpus.parent.mkdir()
    write_corpus(chosen.corpus, plan=PLAN)
    build([chosen.corpus], chosen.store, character_embedder())
    with closing(Records.open(chosen.records_url, folder=chosen.data)) as records:
        records.answered("a1", "c1", "培育多少家？", ANSWER)
        records.complain("答错了", "张三 0532-1")
        records.accessed("/chat", 200, 1.0, "203.0.113.7")
    return chosen


def tables_of(chosen: Any) -> Any:
    with closing(Records.open(chosen.records_url, folder=chosen.data)) as records:
        return records.read(counted)


def test_what_is_restored_elsewhere_has_the_same_counts_and_hashes(here: Any, tmp_path: Path) -> None:
    taken = backup(tmp_path / "all.tar", here)
    there = settings_in(tmp_path / "there")
    assert restore(tmp_path / "all.tar", there) == taken
    assert tables_of(there) == taken.tables == tables_of(here)
    assert {name: taken.tables[name].rows for name in ("answers", "complaints", "access", "feedback")} == {
        "answers": 1,
        "complaints": 1,
        "access": 1,
        "feedback": 0,
    }
    with closing(open_store(there.store, character_embedder())) as store:
        assert [document.text for document in store.documents] == [PLAN]
    secrets = [chosen.data / "address-secrets.json" for chosen in (here, there)]
    assert secrets[0].read_bytes() == secrets[1].read_bytes()


def test_a_backup_during_load_is_of_one_moment(here: Any, tmp_path: Path) -> None:
    started, stop = threading.Event(), threading.Event()
    with closing(Records.open(here.records_url, folder=here.data)) as records:

        def load() -> None:
            number = 0
            while not stop.is_set():
                records.answered(f"load-{number}", "c2", "培育多少家？", ANSWER)
                records.feedback(f"load-{number}", "down", "不对")
                number += 1
                if number == 20:
                    started.set()

        writer = threading.Thread(target=load)
        writer.start()
        assert started.wait(20)
        try:
            taken = [backup(tmp_path / f"{number}.tar", here) for number in range(3)]
        finally:
            stop.set()
            writer.join()
    rows = [each.tables["answers"].rows for each in taken]
    assert rows == sorted(rows) and rows[0] >= 21
    # An answer and the feedback on it are written one after the other, so they differ by one at most, but for a1.
    assert all(each.tables["answers"].rows - 1 - each.tables["feedback"].rows in (0, 1) for each in taken)
    for number, each in enumerate(taken):
        there = settings_in(tmp_path / f"there-{number}")
        assert restore(tmp_path / f"{number}.tar", there).tables == each.tables
        assert tables_of(there) == each.tables


def test_nothing_that_is_there_is_lost(here: Any, tmp_path: Path) -> None:
    backup(tmp_path / "all.tar", here)
    with pytest.raises(BackupError, match="已有内容"):
        restore(tmp_path / "all.tar", here)
    with closing(Records.open(here.records_url, folder=here.data)) as records:
        records.answered("a2", "c1", "后来的问题", ANSWER)
    restored = restore(tmp_path / "all.tar", here, replace=True)
    assert restored.tables["answers"].rows == 1
    aside = next(path for path in here.data.iterdir() if ".before-" in path.name and path.name.startswith("records"))
    with closing(Records.open(f"sqlite:///{aside}")) as before:
        assert before.read(counted)["answers"].rows == 2


def test_a_damaged_backup_changes_nothing(here: Any, tmp_path: Path) -> None:
    backup(tmp_path / "all.tar", here)
    there = settings_in(tmp_path / "there")
    whole = (tmp_path / "all.tar").read_bytes()
    text = PLAN.encode()[30:60]
    (tmp_path / "bad.tar").write_bytes(whole.replace(text, text[::-1]))
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    for name, said in (("bad.tar", "与清单不符"), ("cut.tar", "不是完好的备份"), ("none.tar", "不存在")):
        with pytest.raises(BackupError, match=said):
            restore(tmp_path / name, there)
    assert not there.corpus.exists() and not (there.data / "records.db").exists()


def test_a_backup_is_for_its_owner_and_writes_over_nothing(here: Any, tmp_path: Path) -> None:
    backup(tmp_path / "all.tar", here)
    assert (tmp_path / "all.tar").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="已经存在"):
        backup(tmp_path / "all.tar", here)
    with tarfile.open(tmp_path / "all.tar") as tar:
        assert "./manifest.json" in tar.getnames()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".backup-")] == []
