"""
The vectors of all chunks in a folder of Chroma's: the one place that imports chromadb.

    Vectors.open(folder, embedder).search(embedder.embed_query("瞪羚归谁管"), k=2)  ->  [("9f…", 0.61), ("41…", 0.48)]

A vector is kept under the key of its chunk. A key stands for all that is stored under it, so an entry never changes: it
is added or deleted. Always our embedder; Chroma's own default would fetch a model from the network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError
from bot.types import Chunk

if TYPE_CHECKING:
    from bot.index.embed import Embedder

COLLECTION = "clauses"
# With Chroma's defaults (100, 100) 9 % of the 50 nearest neighbours are missed among 10,619 chunks, with these 0.4 %.
# The thresholds let nothing wait for a later write, so that a reader neither works for it nor changes a file.
HNSW: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "batch_size": 2, "sync_threshold": 2}
PROBES = 10


def embedded_text(chunk: Chunk) -> str:
    """What a chunk's vector stands for: the text under its title and path."""
    return f"{chunk.context} {chunk.text}"


def chunk_key(chunk: Chunk) -> str:
    """32 hex digits that name everything stored with the chunk's vector."""
    parts = (chunk.clause.document.id, chunk.clause.ref, embedded_text(chunk))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


class Vectors:
    """An opened Chroma collection. Safe to share between threads."""

    def __init__(self, client: Any, store: Any) -> None:
        self._client = client
        self.store = store  # langchain_chroma.Chroma
        self._collection = client.get_collection(COLLECTION, embedding_function=None)

    @classmethod
    def create(cls, folder: Path, embedder: Embedder) -> Vectors:
        """An empty collection in a folder that need not exist. Raises StoreError."""
        return cls._connect(folder, embedder, create=True)

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> Vectors:
        """The collection of a folder, not checked. Raises StoreError."""
        return cls._connect(folder, embedder, create=False)

    @classmethod
    def _connect(cls, folder: Path, embedder: Embedder, create: bool) -> Vectors:
        import chromadb
        from chromadb.config import Settings
        from langchain_chroma import Chroma

        with _translated(folder):
            try:
                client: Any = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
            except BaseException:
                _forget(folder)
                raise
            try:
                store = Chroma(
                    COLLECTION,
                    embedder,
                    client=client,
                    collection_configuration={"hnsw": HNSW} if create else None,
                    create_collection_if_not_exists=create,
                )
                return cls(client, store)
            except BaseException:
                client.close()
                raise

    def __len__(self) -> int:
        return int(self._collection.count())

    def add(self, chunks: Mapping[str, Chunk], embedder: Embedder, progress: Callable[[int], None]) -> None:
        """
        Embed chunks and add them under their keys, in batches; `progress` is called with how many are in.

        Not LangChain's add_texts: it keeps a second copy of every text and passes vectors as lists of Python numbers,
        which takes 2.4 times as long.
        """
        size = self._client.get_max_batch_size()
        keys = list(chunks)
        with _translated(None):
            for start in range(0, len(keys), size):
                batch = keys[start : start + size]
                self._collection.upsert(
                    ids=batch,
                    embeddings=embedder.embed([embedded_text(chunks[key]) for key in batch]),
                    documents=[chunks[key].clause.ref for key in batch],
                    metadatas=[{"document": chunks[key].clause.document.id} for key in batch],
                )
                progress(start + len(batch))

    def delete(self, keys: Sequence[str]) -> None:
        size = self._client.get_max_batch_size()
        with _translated(None):
            for start in range(0, len(keys), size):
                self.store.delete(list(keys[start : start + size]))

    def search(self, vector: Sequence[float], k: int) -> list[tuple[str, float]]:
        """(key, cosine similarity) of the `k` nearest, all where there are fewer, best first. Raises StoreError."""
        with _translated(None):
            found = self.store.similarity_search_by_vector_with_relevance_scores(list(vector), min(k, len(self)))
        return [(document.id, 1.0 - distance) for document, distance in found]

    def check(self, chunks: Mapping[str, Chunk], embedder: Embedder) -> None:
        """
        Raise StoreError unless there are exactly these chunks, and some of them are found by their own vectors.

        Chroma answers from an index that lost entries, or that a full disk cut short, without a word.
        """
        keys = list(chunks)
        if len(self) != len(keys):
            raise StoreError(f"向量库里有 {len(self)} 条记录，应有 {len(keys)} 条。")
        probes = keys[:: max(1, len(keys) // PROBES)]
        vectors = embedder.embed([embedded_text(chunks[key]) for key in probes])
        for key, vector in zip(probes, vectors, strict=True):
            if vector.any() and not self._finds(key, vector.tolist()):
                raise StoreError(f"向量库里查不到条款 {chunks[key].id}。")

    def _finds(self, key: str, vector: list[float]) -> bool:
        """Whether `key` is among the nearest, or ten others with the very same vector are."""
        found = dict(self.search(vector, 10))
        return key in found or (len(found) == 10 and min(found.values()) > 1 - 1e-4)

    def close(self) -> None:
        self._client.close()


def _forget(folder: Path) -> None:
    """Chroma keeps a client that could not start, and would give it out again when the folder is mended."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(str(folder), None)
    SharedSystemClient._identifier_to_refcount.pop(str(folder), None)


@contextmanager
def _translated(folder: Path | None) -> Iterator[None]:
    """Chroma's exceptions as StoreError. A client that cannot start ends in an AttributeError over its own clean-up."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, ValueError, AttributeError) as error:
        where = f" {folder}" if folder else ""
        raise StoreError(
            f"向量库{where} 不能读写（{_first_cause(error)}），请运行 python -m bot index 重建。"
        ) from error


def _first_cause(error: BaseException) -> str:
    while error.__context__:
        error = error.__context__
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
