"""
The folder of the originals that were fetched.

    .originals/某法.docx                       as published
    .originals/manifest.toml                   what the corpus's manifest says of it; read by `python -m bot index`
    .originals/.records/某法.json, 某法.txt      where from, when, its hash; its text
    .originals/.earlier/某法.2026-11-23.ab12cd34.docx   what it replaced
    .originals/.incoming/, .run.json, .lock    what is under way

A file is replaced in one step, so that a kill at any moment leaves the old one or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.documents.load import load
from bot.documents.manifest import MANIFEST
from bot.errors import CorpusError, SyncError
from bot.types import Document

_RECORDS, _EARLIER, _INCOMING = ".records", ".earlier", ".incoming"
_RUN, _LOCK = ".run.json", ".lock"
_RESUMED_WITHIN = 24 * 3600  # seconds; after that everything is asked for again
_HEAD = "# 由 python -m bot sync 写成，每次都会重写；要改身份，请改语料文件夹里的清单。\n"


@dataclass(frozen=True, slots=True)
class Record:
    """Where an original came from. Times are local, with their offset."""

    id: str
    file: str
    url: str  # the address a reader opens
    final_url: str  # after redirects
    title: str  # as found in the file
    status: int
    sha256: str
    bytes: int
    fetched_on: str
    checked_on: str  # when the site last said that it is still so
    content_type: str = ""
    etag: str | None = None
    modified: str | None = None
    version: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)  # what the site says against the corpus's manifest
    entry: Mapping[str, str] = field(default_factory=dict)  # its part of manifest.toml; dates as 2024-05-06

    @property
    def fetched_day(self) -> str:
        return self.fetched_on[:10]


class Originals:
    """Reads and writes the folder. Raises SyncError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held by the one process that fetches; the system lets go of it when that process dies. Raises SyncError."""
        from filelock import FileLock, Timeout

        with writing(self.folder):
            for folder in (self.folder, *(self.folder / name for name in (_RECORDS, _EARLIER, _INCOMING))):
                folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / _LOCK)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise SyncError(f"另一个 python -m bot sync 正在写 {self.folder}，请等它结束后再运行。") from None
        try:
            for left in (self.folder / _INCOMING).iterdir():
                left.unlink()
            yield
        finally:
            lock.release()

    def record(self, name: str) -> Record | None:
        """The record of document `name`, where its file is there as it was fetched."""
        record = self._read_record(name)
        path = self.folder / record.file if record else None
        return record if record and path and path.is_file() and _sha256(path.read_bytes()) == record.sha256 else None

    def present(self, name: str) -> Document | None:
        """The original that is there, where it can be read."""
        for path in self._files(name):
            try:
                return load(path)
            except CorpusError:
                continue
        return None

    def incoming(self, name: str, suffix: str, raw: bytes) -> Path:
        """Write what was fetched beside the originals, to be looked at."""
        path = self.folder / _INCOMING / f"{name}{suffix}"
        with writing(self.folder):
            _write(path, raw)
        return path

    def put(self, incoming: Path, record: Record, text: str) -> None:
        """Make the file at `incoming` the original of `record.id`; what it replaces goes to the earlier ones."""
        before = self._read_record(record.id)
        with writing(self.folder):
            for path in self._files(record.id):
                self._keep_earlier(path, before, record)
            incoming.replace(self.folder / record.file)
            self._finish(record, text)

    def confirm(self, record: Record) -> None:
        """Write down that nothing changed."""
        with writing(self.folder):
            self._finish(record, None)

    def done_before(self, asked: Sequence[str], now: datetime) -> frozenset[str]:
        """The documents that a run for the same ones had done when it was interrupted in the last 24 hours."""
        try:
            run = json.loads((self.folder / _RUN).read_text(encoding="utf-8"))
            age = (now - datetime.fromisoformat(run["started"])).total_seconds()
            return frozenset(run["done"]) if run["asked"] == list(asked) and age < _RESUMED_WITHIN else frozenset()
        except (OSError, ValueError, KeyError, TypeError):
            return frozenset()

    def note_run(self, asked: Sequence[str], started: datetime, done: Iterable[str]) -> None:
        run = {"asked": list(asked), "started": started.isoformat(timespec="seconds"), "done": sorted(done)}
        with writing(self.folder):
            _write(self.folder / _RUN, json.dumps(run, ensure_ascii=False).encode())

    def end_run(self) -> None:
        with writing(self.folder):
            (self.folder / _RUN).unlink(missing_ok=True)

    def _files(self, name: str) -> list[Path]:
        return [path for path in sorted(self.folder.iterdir()) if path.stem == name and path.name != MANIFEST]

    def _finish(self, record: Record, text: str | None) -> None:
        """The manifest names no file that is not there: files of another suffix go last, and those a kill left too."""
        self._write_record(record, text)
        self._write_manifest()
        for path in self._files(record.id):
            if path.name != record.file:
                path.unlink()

    def _keep_earlier(self, path: Path, record: Record | None, new: Record) -> None:
        raw = path.read_bytes()
        if _sha256(raw) == new.sha256:
            return
        day = record.fetched_day if record else date.fromtimestamp(path.stat().st_mtime).isoformat()
        kept = self.folder / _EARLIER / f"{path.stem}.{day}.{_sha256(raw)[:8]}{path.suffix}"
        if not kept.exists():
            _write(kept, raw)

    def _read_record(self, name: str) -> Record | None:
        try:
            return Record(**json.loads((self.folder / _RECORDS / f"{name}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _write_record(self, record: Record, text: str | None) -> None:
        records = self.folder / _RECORDS
        if text is not None:
            _write(records / f"{record.id}.txt", text.encode())
        _write(records / f"{record.id}.json", json.dumps(asdict(record), ensure_ascii=False, indent=1).encode())

    def _write_manifest(self) -> None:
        names = sorted(path.stem for path in (self.folder / _RECORDS).glob("*.json"))
        records = [record for name in names if (record := self._read_record(name))]
        tables = [_table(record) for record in records if (self.folder / record.file).is_file()]
        _write(self.folder / MANIFEST, (_HEAD + "".join(tables)).encode())


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A full disk or a folder that may not be written is one clear sentence."""
    try:
        yield
    except OSError as error:
        cause = error.strerror or str(error)
        raise SyncError(f"写不进 {folder}：{cause}。已取回的都在，请清理磁盘或检查权限后重新运行。") from error


def entry_values(values: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def _table(record: Record) -> str:
    lines = [
        f"{name} = {value if name.endswith('_on') else json.dumps(value, ensure_ascii=False)}"
        for name, value in {"file": record.file, **record.entry}.items()
    ]
    return "\n[[document]]\n" + "\n".join(lines) + "\n"


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _write(path: Path, raw: bytes) -> None:
    """The whole content or none of it."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
