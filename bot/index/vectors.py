"""
The vectors of all chunks, in a folder of Chroma's or on a Chroma server: the one place that imports chromadb.

    Vectors.open(folder).search(embedder.embed_query("瞪羚归谁管"), k=2)  ->  [("9f…", 0.61), ("41…", 0.48)]

A vector is kept under the key of its chunk. A key stands for all that is stored under it, so an entry never changes: it
is added or deleted. Always our embedder; Chroma's own default would fetch a model from the network.

On a server every generation has a collection of its own. Its folder holds server.json, which says where: written before
the collection is made, so that whoever deletes the folder knows what else there is to delete.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from bot.errors import StoreError, VectorServerError, first_line
from bot.types import Chunk

if TYPE_CHECKING:
    from bot.index.embed import Embedder

COLLECTION = "clauses"
# Built coarsely and searched thoroughly: among 57,000 articles 0.4 % of the 100 nearest and 1.3 % of the 400 nearest
# are missed; see docs/decisions.
# The thresholds let nothing wait for a later write, so that a reader neither works for it nor changes a file.
HNSW: Any = {"space": "cosine", "ef_construction": 40, "ef_search": 1600, "batch_size": 2, "sync_threshold": 2}
PROBES = 10
SERVER = "server.json"
READ = 1024  # entries that are read at once
EXACT = 4096  # entries of a folder up to which all are compared: in a fortieth of the time, and none is missed
PATIENCE = 5.0  # seconds for a server's answer to a question
BUILD_PATIENCE = 60.0  # seconds for it to take in a batch
SERVER_BATCH = 1000  # vectors in one request, which servers bound at some 40 MB


def embedded_text(chunk: Chunk) -> str:
    """What a chunk's vector stands for: the text under its title and path."""
    return f"{chunk.context} {chunk.text}"


def chunk_key(chunk: Chunk) -> str:
    """32 hex digits that name everything stored with the chunk's vector."""
    parts = (chunk.clause.document.id, chunk.clause.ref, embedded_text(chunk))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


class Vectors:
    """An opened Chroma collection. Safe to share between threads."""

    def __init__(self, client: Any, collection: Any, where: Path | str) -> None:
        self._client = client
        self._collection = collection  # chromadb.Collection
        self._where = where  # the folder, or the server's address
        self._keys: list[str] = []  # of the rows, where all are compared
        self._places: dict[str, int] = {}  # key -> row
        self._rows: NDArray[np.float32] | None = None  # unit vectors
        self._batch = min(client.get_max_batch_size(), SERVER_BATCH if isinstance(where, str) else 1 << 20)

    @classmethod
    def create(cls, folder: Path, url: str = "") -> Vectors:
        """An empty collection in a folder that need not exist, or on the server at `url`. Raises StoreError."""
        if not url:
            return cls._connect(_persistent(folder), COLLECTION, folder, create=True)
        folder.mkdir(parents=True, exist_ok=True)
        collection = f"{COLLECTION}-{uuid.uuid4().hex}"
        (folder / SERVER).write_text(json.dumps({"url": url, "collection": collection}), encoding="utf-8")
        return cls._connect(_http(url, BUILD_PATIENCE), collection, url, create=True)

    @classmethod
    def open(cls, folder: Path) -> Vectors:
        """The collection of a folder, wherever it lies, not checked. Raises StoreError."""
        url, collection = _place(folder)
        client = _http(url, PATIENCE) if url else _persistent(folder)
        return cls._connect(client, collection, url or folder, create=False)

    @classmethod
    def _connect(cls, client: Any, name: str, where: Path | str, create: bool) -> Vectors:
        with _translated(where):
            try:
                if create:
                    made = client.create_collection(name, configuration={"hnsw": HNSW}, embedding_function=None)
                    return cls(client, made, where)
                return cls(client, client.get_collection(name, embedding_function=None), where)
            except BaseException:
                client.close()
                raise

    def __len__(self) -> int:
        with _translated(self._where):
            return int(self._collection.count())

    def add(self, chunks: Mapping[str, Chunk], embedder: Embedder, progress: Callable[[int], None]) -> None:
        """
        Embed chunks and add them under their keys, in batches; `progress` is called with how many are in.

        Nothing but the vectors: the key leads to everything else, and with a text and metadata it takes twice as long.
        Not LangChain's Chroma: it keeps a second copy of every text and passes vectors as lists of Python numbers,
        which takes 2.4 times as long; its searches fetch text and metadata of every hit, which takes 5 times as long.
        """
        size = min(self._batch, embedder.batch)
        keys = list(chunks)
        batches = [keys[start : start + size] for start in range(0, len(keys), size)]

        def embed(batch: Sequence[str]) -> Any:
            # As float64, of which Chroma makes Python's numbers sooner: nothing else runs meanwhile.
            return embedder.embed([embedded_text(chunks[key]) for key in batch]).astype(np.float64)

        # One batch ahead: a model cuts texts into words, or waits for its server, while Chroma computes.
        with _translated(self._where), ThreadPoolExecutor(1) as ahead:
            coming = deque(ahead.submit(embed, batch) for batch in batches[:1])
            for number, batch in enumerate(batches, 1):
                vectors = coming.popleft().result()
                coming.extend(ahead.submit(embed, following) for following in batches[number : number + 1])
                self._collection.upsert(ids=batch, embeddings=vectors)
                progress(min(number * size, len(keys)))

    def take_over(self, others: Vectors, keys: Sequence[str]) -> None:
        """Add what another collection of the same model has under these keys."""
        with _translated(self._where):
            for start in range(0, len(keys), self._batch):
                batch = list(keys[start : start + self._batch])
                found = others._collection.get(batch, include=["embeddings"])
                self._collection.upsert(found["ids"], found["embeddings"])

    def delete(self, keys: Sequence[str]) -> None:
        with _translated(self._where):
            for start in range(0, len(keys), self._batch):
                self._collection.delete(list(keys[start : start + self._batch]))

    def search(self, vector: Sequence[float], k: int) -> list[tuple[str, float]]:
        """(key, cosine similarity) of the `k` nearest, all where there are fewer, best first. Raises StoreError."""
        if self._rows is not None:
            cosines = self._rows @ _unit(np.asarray(vector, np.float32))
            nearest = np.argsort(-cosines, kind="stable")[:k]
            best = zip(nearest.tolist(), cosines[nearest].tolist(), strict=True)
            return [(self._keys[row], cosine) for row, cosine in best]
        with _translated(self._where):
            found = self._collection.query(query_embeddings=[list(vector)], n_results=k, include=["distances"])
        return [(key, 1.0 - distance) for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def read(self) -> None:
        """
        Take all vectors to hand where there are few: of a folder that only answers, as nothing is added afterwards.

        Raises StoreError.
        """
        with _translated(self._where):
            number = 0 if isinstance(self._where, str) else self._collection.count()
            if not 0 < number <= EXACT:
                return
            keys: list[str] = []
            rows: list[NDArray[np.float32]] = []
            for start in range(0, number, READ):  # Chroma hands over ten times what the vectors take
                found = self._collection.get(limit=READ, offset=start, include=["embeddings"])
                keys += found["ids"]
                rows.append(np.asarray(found["embeddings"], np.float32))
        self._keys, self._places = keys, {key: row for row, key in enumerate(keys)}
        self._rows = _unit(np.concatenate(rows))

    def similarities(self, vector: Sequence[float], keys: Sequence[str]) -> dict[str, float]:
        """The cosine similarity of each of these entries to `vector`. Raises StoreError."""
        if not keys:
            return {}
        if self._rows is not None:
            cosines = self._rows[[self._places[key] for key in keys]] @ _unit(np.asarray(vector, np.float32))
            return dict(zip(keys, cosines.tolist(), strict=True))
        with _translated(self._where):
            found = self._collection.get(ids=list(keys), include=["embeddings"])
        rows, asked = np.asarray(found["embeddings"], np.float32), np.asarray(vector, np.float32)
        lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(asked)
        cosines = rows @ asked / np.where(lengths > 0, lengths, 1)
        return dict(zip(found["ids"], cosines.tolist(), strict=True))

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


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit


def server_of(folder: Path) -> str:
    """The address of the server that has a folder's vectors; empty where they lie in it. Raises StoreError."""
    return _place(folder)[0]


def ping(url: str) -> None:
    """Raise VectorServerError, one Chinese sentence, unless a Chroma server answers at this address."""
    _http(url, PATIENCE).close()


def delete_vectors(folder: Path) -> bool:
    """Delete what a folder has on a server. False where that server does not answer; true where there is nothing."""
    from chromadb.errors import NotFoundError

    try:
        url, collection = _place(folder)
        if not url:
            return True
        client = _http(url, PATIENCE)
        with closing(client), _translated(url), suppress(NotFoundError):
            client.delete_collection(collection)
    except VectorServerError:
        return False
    except StoreError:  # server.json is broken: nobody knows any more
        return True
    return True


def _place(folder: Path) -> tuple[str, str]:
    """(address of the server, or nothing, and name of the collection)."""
    try:
        found = json.loads((folder / SERVER).read_bytes())
        return str(found["url"]), str(found["collection"])
    except FileNotFoundError:
        return "", COLLECTION
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise StoreError(f"{folder / SERVER} 读不出来，请运行 python -m bot index 重建。") from error


def _persistent(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    with _translated(folder):
        try:
            return chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
        except BaseException:
            _forget(folder)
            raise


def _http(url: str, patience: float) -> Any:
    """A client that waits no longer than `patience` seconds. Raises VectorServerError."""
    import chromadb
    import httpx
    from chromadb.config import Settings

    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 8000)
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or parts.path.strip("/"):
        raise VectorServerError(f"BOT_CHROMA_URL={url} 不是 Chroma 服务的网址；请写成 http://主机:8000 的样子。")
    with _translated(url):
        # Chroma's client waits for ever, and says hello before it can be told not to.
        httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=PATIENCE).raise_for_status()
        client: Any = chromadb.HttpClient(
            host, port, parts.scheme == "https", settings=Settings(anonymized_telemetry=False)
        )
        client._server._session.timeout = httpx.Timeout(patience)
    return client


def _forget(folder: Path) -> None:
    """Chroma keeps a client that could not start, and would give it out again when the folder is mended."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(str(folder), None)
    SharedSystemClient._identifier_to_refcount.pop(str(folder), None)


@contextmanager
def _translated(where: Path | str) -> Iterator[None]:
    """Chroma's exceptions as StoreError. A client that cannot start ends in an AttributeError over its own clean-up."""
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except httpx.TimeoutException as error:
        raise VectorServerError(f"Chroma 服务 {where} 没有及时回应；请稍后重试，或检查它的负载。") from error
    except httpx.TransportError as error:
        raise VectorServerError(f"Chroma 服务 {where} 连不上；请确认它在运行、BOT_CHROMA_URL 没有写错。") from error
    except (httpx.HTTPError, ChromaError, ValueError, AttributeError) as error:
        if isinstance(where, str) and isinstance(error, NotFoundError):
            what = f"Chroma 服务 {where} 上没有这份索引的向量"
            raise StoreError(f"{what}，请运行 python -m bot index 重建。") from error
        if isinstance(where, str):
            raise VectorServerError(
                f"Chroma 服务 {where} 出错（{_first_cause(error)}）；请看它的日志，修好后再运行 python -m bot index。"
            ) from error
        raise StoreError(
            f"向量库 {where} 不能读写（{_first_cause(error)}），请运行 python -m bot index 重建。"
        ) from error


def _first_cause(error: BaseException) -> str:
    while error.__context__:
        error = error.__context__
    return first_line(error)
