"""The same records in PostgreSQL, where it is on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text

from bot.errors import RecordsError
from bot.service.backup import BackupError, backup, restore
from bot.service.console.staff import People
from bot.service.records import Records
from bot.service.records.models import Base
from bot.settings import Settings
from bot.types import Answer
from tests.deployment.programs import postgresql

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The URL of a database."""
    with postgresql() as url:
        yield url


def test_answers_are_kept_found_and_forgotten(cluster: str, answer: Answer) -> None:
    records = Records.open(cluster)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: records.answered(f"{number}", f"c{number % 2}", "归谁管", answer), range(100)))
    assert records.feedback("7", "up", "好")
    assert not records.feedback("100", "up")
    assert records.forget("c1") == 50
    ticket = records.complain("慢")
    assert records.ticket(ticket.number) == ticket
    records.stop("演练", "zhang")
    assert records.stopped
    records.resume("演练结束", "zhang")
    gone = records.retain(datetime.now(UTC).replace(tzinfo=None) + timedelta(days=91))
    assert (gone.answers, gone.feedback) == (50, 0)
    records.close()


def test_many_open_at_once_and_find_the_tables_of_the_models(cluster: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        for records in threads.map(lambda _: Records.open(cluster), range(4)):
            records.close()
    with create_engine(cluster).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_connection_that_was_lost_is_made_anew(cluster: str, answer: Answer) -> None:
    records = Records.open(cluster)
    records.answered("before", "c", "归谁管", answer)
    ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with create_engine(cluster, isolation_level="AUTOCOMMIT").connect() as other:
        other.exec_driver_sql(ending)
    records.answered("after", "c", "归谁管", answer)
    assert records.forget("c") == 2
    records.close()


def test_text_that_postgresql_does_not_take_harms_nobody_else(cluster: str, answer: Answer) -> None:
    records = Records.open(cluster)
    futures = [
        records.put_answer(f"t{number}", conversation, "问", answer)
        for number, conversation in enumerate(("c", "c\x00", "c"))
    ]
    assert [futures[0].result(10), futures[2].result(10)] == [None, None]
    with pytest.raises(RecordsError):
        futures[1].result(10)
    assert records.forget("c") == 2
    records.close()


def test_a_backup_is_restored_into_another_database(cluster: str, answer: Answer, tmp_path: Path) -> None:
    with create_engine(cluster, isolation_level="AUTOCOMMIT").connect() as connection:
        for name in ("here", "there"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    here, there = (cluster.replace("/postgres?", f"/{name}?") for name in ("here", "there"))
    names = ("data", "store", "corpus", "originals")
    places = [
        Settings(records=url, **{name: tmp_path / str(number) / name for name in names})  # type: ignore[arg-type]
        for number, url in enumerate((here, there))
    ]
    with closing(Records.open(here, folder=places[0].data)) as records:
        records.answered("1", "c1", "归谁管", answer)
        people = People(records, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        people.add("李敏", "editor", "正确的-马-电池-订书钉", by="王强")
        with pytest.raises(RecordsError, match="only added to"):
            records.write(lambda connection: connection.execute(text("TRUNCATE audit")))
    taken = backup(tmp_path / "all.tar", places[0])
    assert (taken.tables["answers"].rows, taken.tables["audit"].rows) == (1, 1)
    assert restore(tmp_path / "all.tar", places[1]) == taken
    with pytest.raises(BackupError, match="已有内容"):
        restore(tmp_path / "all.tar", places[1], replace=True)
