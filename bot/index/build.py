"""
Files -> a new generation of the index, or nothing where nothing changed.

    build([Path("corpus")], Path(".store"), embedder)  ->  BuildReport(added=("action-plan",), chunks=45, …)

What did not change is taken over from the generation in use: documents, terms, term counts, vectors. Readers keep
answering from that one until the new one is whole.
"""

from __future__ import annotations

import errno
import gc
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.documents.chunk import split
from bot.documents.corpus import CorpusReading, read_corpus
from bot.errors import StoreError, VectorServerError
from bot.index.contents import Contents, Previous, Progress
from bot.index.generations import (
    CHROMA,
    CHROMA_DATABASE,
    CORPUS,
    FORMAT,
    SOURCES,
    Meta,
    build_lock,
    check_files,
    current_generation,
    fingerprints,
    generation_folder,
    make_current,
    next_generation,
    read_meta,
    superseded,
    sync_folder,
    write_json,
    write_meta,
)
from bot.index.lexical import Helper, lexical_half
from bot.index.outlines import Packed, pack
from bot.index.vectors import Vectors, chunk_key, delete_vectors, ping, server_of
from bot.types import Chunk, Outline

if TYPE_CHECKING:
    from bot.index.embed import Embedder

# Deleted vectors stay in Chroma's files. When they are this share of what is there, it is written anew.
MOST_DELETED = 0.3
LEAST_FREE = 1 << 20  # bytes; with less left, a failed write is put down to a full disk
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Documents are named by their id; `problems` are sentences about files that were left out."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[str, ...]
    chunks: int
    seconds: float
    generation: str
    replaced: tuple[str, ...] = ()  # sentences about digests that were left out because their original is there


def silent(step: str, done: int, total: int) -> None:
    """No progress shown."""


def build(
    paths: Sequence[Path], store: Path, embedder: Embedder, progress: Progress = silent, chroma_url: str = ""
) -> BuildReport:
    """
    Index exactly the documents that `paths` hold, files or folders; vectors on the Chroma server if one is named.

    Raises CorpusError or ManifestError for what is to be read, StoreBusyError where another build is running,
    StoreError where the index cannot be written, VectorServerError where the server does not answer. The generation in
    use answers until the new one is whole.
    """
    started = time.perf_counter()
    if chroma_url:
        ping(chroma_url)  # first: a server that is down should not cost the time of a build
    with _translated(store):
        store.mkdir(parents=True, exist_ok=True)
    with build_lock(store), _uncollected(), Helper() as helper:
        used = _in_use(store)
        if used:
            _discard(*superseded(store, keep={used, *_replaced_by(store, used)}))
        previous = _previous(store, used, embedder, chroma_url)
        progress("读取文件", 0, 1)
        if not previous:
            helper.start_early(paths)
        read = previous.read if previous else {}
        reading = read_corpus(paths, {source: outline for source, (outline, _) in read.items()})
        chunks = {
            outline.document.id: read[source][1] if source in read else _split(outline)
            for source, outline in zip(reading.sources, reading.outlines, strict=True)
        }
        contents = _contents(reading, chunks, previous)
        progress("读取文件", 1, 1)
        if previous and previous.contents == contents and _has_vectors(previous):
            generation = previous.meta.generation
        else:
            every = tuple(chunk for own in chunks.values() for chunk in own)
            sources = tuple(str(path.resolve()) for path in paths)
            generation = _write(
                store, reading.outlines, every, contents, sources, previous, embedder, helper, progress, chroma_url
            )
            with _translated(store):
                make_current(store, generation)
            _discard(*superseded(store, keep={generation, used or generation}))
    before = previous.contents.packed if previous else {}
    return BuildReport(
        added=tuple(name for name in contents.packed if name not in before),
        changed=tuple(name for name, packed in contents.packed.items() if before.get(name, packed) != packed),
        kept=tuple(name for name, packed in contents.packed.items() if before.get(name) == packed),
        removed=tuple(name for name in before if name not in contents.packed),
        problems=reading.problems,
        chunks=len(contents.keys),
        seconds=time.perf_counter() - started,
        generation=generation,
        replaced=reading.replaced,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """A build makes 100,000 values and no circle of them: looking for circles takes a third of adding a document."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def indexed_paths(store: Path) -> list[Path]:
    """The files and folders the index in use was built from, as far as they are still there."""
    generation = _in_use(store)
    try:
        sources = read_meta(store, generation).sources if generation else ()
    except StoreError:
        return []
    return [path for path in map(Path, sources) if path.exists()]


def paths_to_update(store: Path, sources: Sequence[Path]) -> list[Path]:
    """What the index was built from, and of `sources` what does not lie in it: what is indexed after a change."""
    paths = indexed_paths(store)
    return [*paths, *(path for path in sources if not any(path.resolve().is_relative_to(own) for own in paths))]


def _in_use(store: Path) -> str | None:
    try:
        return current_generation(store)
    except StoreError:
        return None


def _replaced_by(store: Path, generation: str) -> Iterator[str]:
    """The generation before this one: readers may still be on it."""
    try:
        meta = read_meta(store, generation)
    except StoreError:
        return
    if meta.previous:
        yield meta.previous


def _previous(store: Path, generation: str | None, embedder: Embedder, chroma_url: str) -> Previous | None:
    """The generation in use, or None where it is missing, broken, elsewhere, of another version or another model's."""
    if not generation:
        return None
    folder = generation_folder(store, generation)
    try:
        meta = read_meta(store, generation)
        check_files(store, meta)
        if not meta.made_by(embedder) or server_of(folder / CHROMA) != chroma_url:
            return None
        return Previous.load(meta, folder)
    except (StoreError, OSError, LookupError, TypeError, ValueError):
        return None


def _has_vectors(previous: Previous) -> bool:
    """Asked only where the generation is to stay as it is: what is taken over is checked in the new one."""
    try:
        with closing(Vectors.open(previous.folder / CHROMA)) as vectors:
            return len(vectors) == previous.meta.vectors
    except StoreError:
        return False


def _split(outline: Outline) -> tuple[Chunk, ...]:
    """A glossary explains words and is not searched: nothing of it may count as said by a policy."""
    return () if outline.document.is_glossary else split(outline)


def _contents(reading: CorpusReading, chunks: Mapping[str, tuple[Chunk, ...]], previous: Previous | None) -> Contents:
    before = previous.contents if previous else Contents({}, {})
    packed: dict[str, Packed] = {}
    sources: dict[str, str] = {}
    for source, outline in zip(reading.sources, reading.outlines, strict=True):
        name = outline.document.id
        sources[name] = source
        if before.sources.get(name) == source:
            packed[name] = before.packed[name]
        else:
            packed[name] = pack(outline, chunks[name], [chunk_key(chunk) for chunk in chunks[name]])
    return Contents(packed, sources)


def _write(
    store: Path,
    outlines: Sequence[Outline],
    chunks: Sequence[Chunk],
    contents: Contents,
    sources: tuple[str, ...],
    previous: Previous | None,
    embedder: Embedder,
    helper: Helper,
    progress: Progress,
    chroma_url: str,
) -> str:
    """A new generation, complete on the disk. Returns its id."""
    try:
        with _new_generation(store) as (generation, folder):
            write_json(folder / CORPUS, list(contents.packed.values()))
            write_json(folder / SOURCES, contents.sources)
            with lexical_half(folder, outlines, chunks, contents, previous, helper, progress):
                vectors, deleted = _write_vectors(
                    folder / CHROMA, contents, chunks, previous, embedder, progress, chroma_url
                )
            meta = Meta(
                format=FORMAT,
                generation=generation,
                previous=_in_use(store),
                embedder=embedder.fingerprint,
                dimension=embedder.dimension,
                chunks=len(chunks),
                vectors=vectors,
                deleted=deleted,
                sources=sources,
                probe=embedder.probe,
                files=fingerprints(folder),
            )
            write_meta(folder, meta)
            sync_folder(folder)
            return generation
    except StoreError as error:
        if previous is None or isinstance(error, VectorServerError):
            raise
        # What was taken over may be broken in a way that only shows now; from scratch nothing of it is needed.
        return _write(store, outlines, chunks, contents, sources, None, embedder, helper, progress, chroma_url)


@contextmanager
def _new_generation(store: Path) -> Iterator[tuple[str, Path]]:
    """A folder for a generation, taken away again where writing it fails or is interrupted."""
    generation = next_generation(store)
    folder = generation_folder(store, generation)
    try:
        with _translated(store):
            folder.mkdir(parents=True)
            yield generation, folder
    except BaseException:
        _discard(folder)
        raise


def _discard(*folders: Path) -> None:
    """Delete generations. One whose vectors are on a server that does not answer stays for the next build to delete."""
    for folder in folders:
        if delete_vectors(folder / CHROMA):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _translated(store: Path) -> Iterator[None]:
    """What can go wrong with a disk, as one sentence."""
    try:
        yield
    except (OSError, sqlite3.Error, StoreError) as error:
        if _is_disk_full(store, error):
            next_step = "原来的索引不受影响；请腾出空间后再运行 python -m bot index"
            raise StoreError(f"磁盘空间不足，{store} 的新索引没有写成，{next_step}。") from error
        if isinstance(error, StoreError):
            raise
        cause = getattr(error, "strerror", None) or str(error)
        next_step = "原来的索引不受影响；请检查路径和权限后再运行 python -m bot index"
        raise StoreError(f"{store} 写不进去（{cause}），{next_step}。") from error


def _is_disk_full(store: Path, error: Exception) -> bool:
    """Chroma does not say why it could not write, so the disk is asked."""
    if getattr(error, "errno", None) in NO_SPACE:
        return True
    return store.exists() and shutil.disk_usage(store).free < LEAST_FREE


def _write_vectors(
    folder: Path,
    contents: Contents,
    chunks: Sequence[Chunk],
    previous: Previous | None,
    embedder: Embedder,
    progress: Progress,
    chroma_url: str,
) -> tuple[int, int]:
    """All vectors of the contents. Returns how many, and how many deleted ones are still in the files."""
    wanted = dict(zip(contents.keys, chunks, strict=True))
    kept = set(previous.contents.keys) if previous else set()
    stale = kept - wanted.keys()
    deleted = len(stale) + (previous.meta.deleted if previous else 0)
    if chroma_url:
        vectors = Vectors.create(folder, chroma_url)
        kept, stale, deleted = kept & wanted.keys(), set(), 0
        if previous and kept:
            with closing(Vectors.open(previous.folder / CHROMA)) as before:
                vectors.take_over(before, sorted(kept))
    elif previous and deleted <= MOST_DELETED * len(wanted):
        _copy_chroma(previous.folder / CHROMA, folder)
        vectors = Vectors.open(folder)
    else:
        vectors = Vectors.create(folder)
        kept, stale, deleted = set(), set(), 0
    new = {key: chunk for key, chunk in wanted.items() if key not in kept}
    with closing(vectors):
        vectors.delete(sorted(stale))
        vectors.add(new, embedder, lambda done: progress("计算向量", done, len(new)))
    # Looked up from the disk, as a reader will.
    with closing(Vectors.open(folder)) as vectors:
        vectors.check(wanted, embedder)
    return len(wanted), deleted


def _copy_chroma(source: Path, target: Path) -> None:
    """A copy that Chroma may change. A reader that opens the original writes to its database, so SQLite copies that."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{CHROMA_DATABASE}*"))
    with (
        closing(sqlite3.connect(source / CHROMA_DATABASE)) as old,
        closing(sqlite3.connect(target / CHROMA_DATABASE)) as new,
    ):
        old.backup(new)
