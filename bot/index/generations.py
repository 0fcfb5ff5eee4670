"""
The folder of an index: whole generations, and one small file that names the one in use.

    .store/CURRENT            "000007"
    .store/generations/000007/{meta.json, corpus.json, sources.json, lexicon.json, bm25/, chroma/}
    .store/build.lock

A generation is written beside the others and never changed once CURRENT names it. CURRENT is replaced in one step, so a
build that is killed at any moment leaves the old generation answering.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import StoreBusyError, StoreError, StoreMissingError

if TYPE_CHECKING:
    from bot.index.embed import Embedder

SAME_MODEL = 0.99  # cosine between two vectors of one text; a server may round differently from day to day
FORMAT = 4  # raise it whenever what is stored, or how it was worked out, changes
REBUILD = "请运行 python -m bot index 重建"

META, CORPUS, SOURCES, LEXICON = "meta.json", "corpus.json", "sources.json", "lexicon.json"
BM25, CHROMA = "bm25", "chroma"
CHROMA_DATABASE = "chroma.sqlite3"
# Chroma writes to these when it opens them. SQLite notices damage itself; wrong lengths change no result.
_VOLATILE = frozenset({CHROMA_DATABASE, "length.bin"})
_CURRENT, _GENERATIONS, _LOCK = "CURRENT", "generations", "build.lock"
_NUMBER = re.compile(r"\d{6,}")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a generation is. `files` are the length and CRC-32 of every file that stays as it was written."""

    format: int
    generation: str
    previous: str | None  # the generation it replaced
    embedder: str  # fingerprint of the model that made the vectors
    dimension: int
    chunks: int
    vectors: int  # fewer than chunks where the same words stand twice
    deleted: int  # vectors deleted since they were last written whole
    sources: tuple[str, ...]  # the files and folders it was built from, absolute
    files: dict[str, tuple[int, int]]
    probe: tuple[float, ...] = ()  # the model's `probe`

    def made_by(self, embedder: Embedder) -> bool:
        """Whether this model made the vectors; one behind an endpoint may answer to the name of another."""
        if (self.embedder, self.dimension, len(self.probe)) != (
            embedder.fingerprint,
            embedder.dimension,
            len(embedder.probe),
        ):
            return False
        likeness = sum(map(mul, self.probe, embedder.probe))
        return not self.probe or likeness > SAME_MODEL


def generation_folder(store: Path, generation: str) -> Path:
    return store / _GENERATIONS / generation


def current_generation(store: Path) -> str:
    """
    The id of the generation in use: cheap enough to ask before every question.

    Raises StoreMissingError where nothing has been indexed yet, StoreError where CURRENT is unreadable.
    """
    pointer = store / _CURRENT
    try:
        generation = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise StoreMissingError(f"{store} 里还没有索引，请先运行 python -m bot index。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{pointer} 读不出来（{error}），{REBUILD}。") from error
    if not _NUMBER.fullmatch(generation):
        raise StoreError(f"{pointer} 的内容应是一个编号，实际是“{generation[:20]}”，{REBUILD}。")
    return generation


def next_generation(store: Path) -> str:
    """An id that no generation has had."""
    return f"{max(_numbers(store), default=0) + 1:06d}"


def make_current(store: Path, generation: str) -> None:
    """The swap: from here on readers open `generation`."""
    temporary = store / f"{_CURRENT}.new"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(f"{generation}\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(store / _CURRENT)
    _sync(store)


def superseded(store: Path, keep: set[str]) -> list[Path]:
    """The folders of every generation that is not to be kept: older ones, and what killed builds left."""
    return [folder for folder in (store / _GENERATIONS).glob("*") if folder.name not in keep]


def read_meta(store: Path, generation: str) -> Meta:
    """Raises StoreError where the generation is missing, broken or of another format."""
    path = generation_folder(store, generation) / META
    found = read_json(path)
    if not isinstance(found, dict) or "format" not in found:
        raise StoreError(f"{path} 已损坏，{REBUILD}。")
    if found["format"] != FORMAT:
        raise StoreError(f"{store} 里的索引是另一个版本建立的（格式 {found['format']}，现在是 {FORMAT}），{REBUILD}。")
    try:
        files = {name: tuple(value) for name, value in found["files"].items()}
        as_tuples = {"sources": tuple(found["sources"]), "probe": tuple(found.get("probe", ()))}
        return Meta(**found | as_tuples | {"files": files})
    except (TypeError, KeyError, AttributeError) as error:
        raise StoreError(f"{path} 已损坏（{error}），{REBUILD}。") from error


def write_meta(folder: Path, meta: Meta) -> None:
    write_json(folder / META, asdict(meta))


def check_files(store: Path, meta: Meta) -> None:
    """Raise StoreError unless every file is as it was written: a broken HNSW file would take the process down."""
    folder = generation_folder(store, meta.generation)
    try:
        found = fingerprints(folder)
    except OSError as error:
        raise StoreError(f"索引文件 {error.filename} 读不出来（{error.strerror}），{REBUILD}。") from error
    for name, expected in meta.files.items():
        if found.get(name) != expected:
            raise StoreError(f"索引文件 {folder / name} {'已损坏' if name in found else '不见了'}，{REBUILD}。")


def fingerprints(folder: Path) -> dict[str, tuple[int, int]]:
    """Length and CRC-32 of every file of a generation that stays as it was written."""
    found: dict[str, tuple[int, int]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in {META, *_VOLATILE}:
            length = checksum = 0
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    length += len(block)
                    checksum = zlib.crc32(block, checksum)
            found[path.relative_to(folder).as_posix()] = (length, checksum)
    return found


def sync_folder(folder: Path) -> None:
    """Wait until everything in a folder is on the disk, so that CURRENT never names what a power cut can lose."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        _sync(path)


def read_json(path: Path) -> Any:
    """Raises StoreError where the file is missing or broken."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"索引文件 {path} 读不出来（{error}），{REBUILD}。") from error


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


@contextmanager
def build_lock(store: Path) -> Iterator[None]:
    """Held by the one process that builds; the system lets go of it when that process dies. Raises StoreBusyError."""
    from filelock import FileLock, Timeout

    lock = FileLock(store / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreBusyError(f"另一个 python -m bot index 正在为 {store} 建立索引，请等它结束后再运行。") from None
    try:
        yield
    finally:
        lock.release()


def _numbers(store: Path) -> Iterator[int]:
    for folder in (store / _GENERATIONS).glob("*"):
        if _NUMBER.fullmatch(folder.name):
            yield int(folder.name)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
