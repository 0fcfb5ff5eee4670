"""
Everything a service keeps, in one file, taken while it runs; and the way back, on this machine or another.

    backup(Path("备份.tar"), settings())   ->  Manifest(tables={"answers": Counted(12041, "9f2c…"), …}, files={…})
    restore(Path("备份.tar"), settings())  ->  the same, after every count and hash has been found equal

The file holds the records (SQLite's online backup, or pg_dump of one snapshot), the index in use, the corpus, the
fetched originals and the secrets of the addresses' pseudonyms; and `manifest.json`: rows and a hash of each table, a
SHA-256 of each file. A restore is checked in a folder of its own before anything that was there is moved aside.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect, select, text
from sqlalchemy.engine import URL, make_url

from bot.errors import BotError, StoreMissingError, first_line
from bot.index.generations import current_generation, generation_folder, make_current
from bot.service.records.address import SECRETS
from bot.settings import Settings

MANIFEST, SQLITE, POSTGRESQL, DATA = "manifest.json", "records.db", "records.dump", "data"
FORMAT = 1
ASIDE = "%Y%m%d-%H%M%S"
TRIES = 3  # the index in use may be replaced while it is read


class BackupError(BotError):
    """A backup cannot be taken or restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a table has, and a hash over all of them in the order of their keys."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: tables by name, files by path within it (their SHA-256)."""

    at: str  # UTC, ISO 8601
    generation: str  # of the index; empty where there is none
    tables: Mapping[str, Counted]
    files: Mapping[str, str]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def backup(file: Path, chosen: Settings) -> Manifest:
    """Write the backup, readable by its owner only. Raises BackupError; a file that is there is not written over."""
    if file.exists():
        raise BackupError(f"{file} 已经存在，请换一个文件名。")
    if not file.resolve().parent.is_dir():
        raise BackupError(f"没有 {file.parent} 这个文件夹。")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.resolve().parent) as work:
            folder = Path(work) / "content"
            folder.mkdir()
            tables = _take_records(chosen.records_url, folder)
            generation = _take_index(chosen.store, folder)
            for name, source in (("corpus", chosen.corpus), ("originals", chosen.originals)):
                if source.is_dir():
                    shutil.copytree(source, folder / name)
            if (secrets := chosen.data / SECRETS).is_file():
                (folder / DATA).mkdir()
                shutil.copy2(secrets, folder / DATA / SECRETS)
            manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), generation, tables, _hashes(folder))
            (folder / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
            packed = Path(work) / "packed"
            with os.fdopen(os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                with tarfile.open(fileobj=out, mode="w") as tar:
                    tar.add(folder, arcname=".")
                out.flush()
                os.fsync(out.fileno())
            packed.replace(file)
    except OSError as error:
        raise BackupError(f"备份没有写成（{error.strerror or error}），请检查磁盘空间和权限。") from error
    return manifest


def restore(file: Path, chosen: Settings, replace: bool = False) -> Manifest:
    """
    Put everything where the settings say. With `replace`, what is there is kept under a name with the time.

    Raises BackupError where the file is damaged, something is there and not to be replaced, or a count or hash differs.
    """
    targets = {"corpus": chosen.corpus, "originals": chosen.originals, "index": chosen.store}
    try:
        with tempfile.TemporaryDirectory(prefix="restore-", dir=_near(chosen.data)) as work:
            folder = Path(work)
            manifest = _unpacked(file, folder)
            targets = {name: target for name, target in targets.items() if (folder / name).is_dir()}
            _check_free(chosen, targets, replace)
            if manifest.generation:
                make_current(folder / "index", manifest.generation)
            aside = f".before-{datetime.now(UTC):{ASIDE}}"
            _put_records(chosen, folder, manifest, aside)
            for name, target in targets.items():
                _move(folder / name, target, aside)
            if (secrets := folder / DATA / SECRETS).is_file():
                _move(secrets, chosen.data / SECRETS, aside)
    except OSError as error:
        raise BackupError(f"恢复没有完成（{error.strerror or error}），请检查磁盘空间和权限。") from error
    return manifest


def counted(connection: Connection) -> dict[str, Counted]:
    """Each table's rows and a hash over them, whatever the database: equal where the contents are."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {table.name: Counted(*_counted(connection, table)) for table in metadata.sorted_tables}


def _counted(connection: Connection, table: Any) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    order = list(table.primary_key.columns) or list(table.columns)
    for row in connection.execution_options(yield_per=2000).execute(select(table).order_by(*order)):
        digest.update(json.dumps(list(row), ensure_ascii=False, sort_keys=True, default=_plain).encode())
        rows += 1
    return rows, digest.hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _take_records(url: str, folder: Path) -> dict[str, Counted]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _take_sqlite(parsed, folder / SQLITE)
    engine = create_engine(parsed, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection, connection.begin():
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            _run("pg_dump", parsed, ["--format=custom", "--no-owner", f"--snapshot={snapshot}"], folder / POSTGRESQL)
            return counted(connection)
    finally:
        engine.dispose()


def _take_sqlite(url: URL, copy: Path) -> dict[str, Counted]:
    if not url.database or not Path(url.database).is_file():
        raise BackupError("还没有记录库可以备份：服务没有启动过，或者 BOT_DATA、BOT_RECORDS 指错了地方。")
    with closing(sqlite3.connect(url.database, timeout=30)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # in one step: writers wait for none of it under WAL
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return _counted_in(f"sqlite:///{copy}")


def _counted_in(url: str) -> dict[str, Counted]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return counted(connection)
    finally:
        engine.dispose()


def _take_index(store: Path, folder: Path) -> str:
    """The generation in use; taken again where a build has replaced and deleted it meanwhile."""
    for _ in range(TRIES):
        try:
            generation = current_generation(store)
        except StoreMissingError:
            return ""
        target = generation_folder(folder / "index", generation)
        try:
            shutil.copytree(generation_folder(store, generation), target)
            return generation
        except (FileNotFoundError, shutil.Error):
            shutil.rmtree(folder / "index", ignore_errors=True)
    raise BackupError("索引正在反复更新，没有备份成，请稍后再试。")


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(file: Path, folder: Path) -> Manifest:
    """The manifest, when every file is as it was packed."""
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        tables = {name: Counted(**table) for name, table in found["tables"].items()}
        manifest = Manifest(**found | {"tables": tables})
    except FileNotFoundError as error:
        raise BackupError(f"{file} 不存在，或者不是本服务的备份。") from error
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{file} 不是完好的备份（{first_line(error)}）。") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{file} 是另一个版本的备份（格式{manifest.format}，现在是{FORMAT}）。")
    hashes = _hashes(folder)
    hashes.pop(MANIFEST)
    if wrong := sorted(name for name in {*hashes, *manifest.files} if hashes.get(name) != manifest.files.get(name)):
        raise BackupError(f"备份里的 {wrong[0]} 与清单不符，没有恢复。")
    return manifest


def _check_free(chosen: Settings, targets: Mapping[str, Path], replace: bool) -> None:
    parsed = make_url(chosen.records_url)
    if parsed.get_backend_name() == "sqlite":
        taken = [str(parsed.database)] if Path(str(parsed.database)).exists() else []
    else:
        taken = ["BOT_RECORDS 所指的数据库"] if _tables(chosen.records_url) else []
        if taken:  # nothing can be moved aside there
            raise BackupError("BOT_RECORDS 所指的数据库里已有内容，请换一个空库再恢复。")
    taken += [str(target) for target in targets.values() if target.exists() and any(target.iterdir())]
    if taken and not replace:
        raise BackupError(f"{'、'.join(taken)} 已有内容。要换下它们（原有的改名保留），请加 --replace。")


def _tables(url: str) -> list[str]:
    engine: Engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _put_records(chosen: Settings, folder: Path, manifest: Manifest, aside: str) -> None:
    parsed = make_url(chosen.records_url)
    kept = (folder / SQLITE).is_file()
    if kept != (parsed.get_backend_name() == "sqlite"):
        raise BackupError(f"备份来自{'SQLite' if kept else 'PostgreSQL'}，BOT_RECORDS 应指向同一种数据库。")
    if kept:
        _check(_counted_in(f"sqlite:///{folder / SQLITE}"), manifest)
        database = Path(str(parsed.database))
        for log in ("-wal", "-shm"):
            if (beside := database.with_name(database.name + log)).exists():
                beside.rename(database.with_name(database.name + aside + log))
        _move(folder / SQLITE, database, aside)
        database.chmod(0o600)
    else:
        _run("pg_restore", parsed, ["--no-owner", "--exit-on-error", "--single-transaction", str(folder / POSTGRESQL)])
        _check(_counted_in(chosen.records_url), manifest)


def _check(found: Mapping[str, Counted], manifest: Manifest) -> None:
    wrong = sorted(name for name in {*found, *manifest.tables} if found.get(name) != manifest.tables.get(name))
    if wrong:
        raise BackupError(f"恢复出来的表 {wrong[0]} 与备份时的条数或内容不符。")


def _move(source: Path, target: Path, aside: str) -> None:
    target.parent.mkdir(0o700, parents=True, exist_ok=True)
    if target.exists():
        target.rename(target.with_name(target.name + aside))
    shutil.move(source, target)


def _run(program: str, url: URL, options: Iterable[str], output: Path | None = None) -> None:
    """Run PostgreSQL's own tool; the password goes by environment, where other users cannot read it."""
    named = {"--host": url.host, "--port": url.port, "--username": url.username, "--dbname": url.database}
    command = [program, *(f"{name}={value}" for name, value in named.items() if value), *options]
    if output:
        command.append(f"--file={output}")
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise BackupError(f"没有找到 {program}，请安装与数据库同版本的 PostgreSQL 客户端。") from None
    if done.returncode:
        raise BackupError(f"{program} 没有完成：{done.stderr.strip()[-300:]}")


def _near(data: Path) -> Path:
    """A folder on the same disk, so that what is checked is moved and not copied."""
    data.mkdir(0o700, parents=True, exist_ok=True)
    return data
