"""
An opened index: what retrieval and answering ask, read-only.

    open_store(Path(".store"), embedder).lexical("瞪羚归谁管", k=1)  ->  [(Chunk(三、(三)8. …), 9.4)]

It stays on the generation it was opened on, whatever is built meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import StoreError
from bot.index.bm25 import LexicalIndex
from bot.index.generations import (
    BM25,
    CHROMA,
    CORPUS,
    LEXICON,
    REBUILD,
    check_files,
    current_generation,
    generation_folder,
    read_json,
    read_meta,
)
from bot.index.outlines import unpack
from bot.index.vectors import Vectors
from bot.text.lexicon import Lexicon, merge
from bot.text.normalise import comparable
from bot.text.segment import Segmenter, pieces
from bot.types import Chunk, Document, Outline

if TYPE_CHECKING:
    from bot.index.embed import Embedder

REMEMBERED = 4096  # words whose chunks are kept at hand
# Chunks whose vectors are fetched and compared one by one; of more, those among the nearest of all are taken.
FETCHED = 500


class Scored(NamedTuple):
    """Chunks by their places in the store, the best first, each with its score."""

    places: list[int]
    scores: list[float]

    @classmethod
    def of(cls, found: Sequence[tuple[int, float]]) -> Scored:
        return cls([place for place, _ in found], [score for _, score in found])


class Store:
    """One generation of the index. Safe to share between threads; close it, or use it in a `with`."""

    def __init__(
        self,
        generation: str,
        contents: Sequence[tuple[Outline, tuple[Chunk, ...]]],
        keys: Sequence[str],
        lexicon: Lexicon,
        bm25: LexicalIndex,
        vectors: Vectors,
        embedder: Embedder,
    ) -> None:
        self.generation = generation
        every = tuple(outline for outline, _ in contents)
        self.outlines: tuple[Outline, ...] = tuple(each for each in every if not each.document.is_glossary)
        self.glossaries: tuple[Outline, ...] = tuple(each for each in every if each.document.is_glossary)
        self.documents: tuple[Document, ...] = tuple(outline.document for outline in every)
        self.chunks: tuple[Chunk, ...] = tuple(chunk for _, chunks in contents for chunk in chunks)
        self.chunk_counts: Mapping[str, int] = {outline.document.id: len(chunks) for outline, chunks in contents}
        self.lexicon = lexicon
        self.segmenter = Segmenter(lexicon)
        self._bm25 = bm25
        self._vectors = vectors
        self.embedder = embedder
        self.document_of: tuple[str, ...] = tuple(map(_document, self.chunks))  # its id, by a chunk's place
        # Chunks share a key, and so a vector, only where the same words stand twice under one heading.
        self._by_key: dict[str, list[int]] = {}
        self._by_document: dict[str, dict[str, list[int]]] = {document.id: {} for document in self.documents}
        for place, key in enumerate(keys):
            self._by_key.setdefault(key, []).append(place)
            self._by_document[self.document_of[place]].setdefault(key, []).append(place)
        self._chunks_with = lru_cache(REMEMBERED)(self._find_chunks_with)
        self._plain = cache(self._make_plain)
        self._plain_context = cache(comparable)

    def dense(self, text: str, k: int, documents: Collection[str] | None = None) -> list[tuple[Chunk, float]]:
        """
        The `k` chunks whose vectors are nearest to that of `text`, with cosine similarities; of these documents alone,
        by id, where given. Raises StoreError.
        """
        return self._chunks_at(self.nearest(text, k, documents))

    def lexical(
        self, query: str | Mapping[str, float], k: int, documents: Collection[str] | None = None
    ) -> list[tuple[Chunk, float]]:
        """
        The `k` chunks with the best BM25 scores; none that shares nothing with the query. A score is given as a share
        of what a chunk made of the query's own words would get. Of these documents alone, by id, where given.

        The query is a text, or words with weights: a weight multiplies all that its word is searched by.
        """
        return self._chunks_at(self.matching(query, k, documents))

    def _chunks_at(self, found: Scored) -> list[tuple[Chunk, float]]:
        return [(self.chunks[place], score) for place, score in zip(found.places, found.scores, strict=True)]

    def nearest(self, text: str, k: int, documents: Collection[str] | None = None) -> Scored:
        """As `dense`, by the places of the chunks."""
        vector = self.embedder.embed_query(text)
        if k <= 0 or not any(vector):  # no known word, so that nothing is near
            return Scored([], [])
        of_documents = {id_: self._by_document[id_] for id_ in documents or ()}
        if documents is None or sum(map(len, of_documents.values())) > FETCHED:
            found = self._vectors.search(vector, k)
            near = [(place, similarity) for key, similarity in found for place in self._by_key.get(key, ())]
            if documents is not None:
                near = [each for each in near if self.document_of[each[0]] in documents]
            return Scored.of(near[:k])
        similarities = self._vectors.similarities(vector, [key for keys in of_documents.values() for key in keys])
        near = [
            (place, similarities[key])
            for keys in of_documents.values()
            for key, places in keys.items()
            for place in places
        ]
        return Scored.of(sorted(near, key=itemgetter(1), reverse=True)[:k])

    def matching(self, query: str | Mapping[str, float], k: int, documents: Collection[str] | None = None) -> Scored:
        """As `lexical`, by the places of the chunks."""
        weights: dict[str, float] = {}
        for text, weight in ({query: 1.0} if isinstance(query, str) else query).items():
            for term in self.segmenter.search_terms(text):
                weights[term] = max(weight, weights.get(term, 0.0))
        most = self._bm25.ceiling(weights)
        found = self._bm25.search(weights, k if documents is None else len(self.chunks))
        if documents is not None:
            found = [each for each in found if self.document_of[each[0]] in documents][:k]
        return Scored.of([(place, score / most) for place, score in found])

    def chunks_with(self, words: str) -> tuple[Chunk, ...]:
        """The chunks in whose own text these words stand, whatever their width, case and spaces."""
        words = comparable(words)
        return tuple(self.chunks[place] for place in self._chunks_with(words) if words in self._plain(place)[1])

    def mentions(self, words: str, document: str | None = None) -> bool:
        """
        Whether these words stand in any clause or heading, whatever their width, case and spaces.

        With a document's id: in that document.
        """
        places = self._chunks_with(comparable(words))
        if document is None or len(self.outlines) == 1:
            return bool(places)
        return any(self.chunks[place].clause.document.id == document for place in places)

    def document_frequency(self, words: str) -> int:
        """The number of chunks in whose own text these words stand."""
        words = comparable(words)
        return sum(words in self._plain(place)[1] for place in self._chunks_with(words))

    def rarities(self, text: str) -> dict[str, float]:
        """The words and pairs of characters of `text`, each with its inverse document frequency, ln((N + 1) / n)."""
        found: dict[str, int] = {}
        for term in self.segmenter.search_terms(text):
            if len(piece := term.lstrip("_")) > 1:
                found[piece] = max(found.get(piece, 1), len(self._bm25.chunks_with(term)))
        return {piece: math.log((len(self.chunks) + 1) / number) for piece, number in found.items()}

    def _find_chunks_with(self, words: str) -> tuple[int, ...]:
        """Places of the chunks that hold `words` in their title, path or text."""
        return tuple(place for place in self._candidates(words) if any(words in part for part in self._plain(place)))

    def _candidates(self, words: str) -> Sequence[int]:
        """The chunks that have the rarest pair of characters in `words`; all where it has none."""
        postings = [self._bm25.chunks_with(piece) for piece in pieces(words)]
        return min(postings, key=len).tolist() if postings else range(len(self.chunks))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every responsible unit that a clause names, each once."""
        return tuple(
            dict.fromkeys(unit for outline in self.outlines for clause in outline.clauses for unit in clause.units)
        )

    def _make_plain(self, place: int) -> tuple[str, str]:
        """Title with path, and text, of a chunk in comparable form."""
        chunk = self.chunks[place]
        return self._plain_context(chunk.context), comparable(chunk.text)

    def close(self) -> None:
        self._vectors.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _document(chunk: Chunk) -> str:
    return chunk.clause.document.id


def open_store(folder: Path, embedder: Embedder) -> Store:
    """
    The index at `folder`, as it is now.

    Raises StoreMissingError where nothing has been indexed, StoreError with the command that mends it where the index
    is broken, of another version or made by another embedding model.
    """
    while True:
        generation = current_generation(folder)
        try:
            return _open(folder, generation, embedder)
        except StoreError:
            # Two builds may have come and gone since CURRENT was read, and with them this generation.
            if current_generation(folder) == generation:
                raise


def indexed_outlines(folder: Path) -> tuple[Outline, ...]:
    """Every document of the index at `folder`, as it is now, without what searching needs. Raises StoreError."""
    while True:
        generation = current_generation(folder)
        try:
            read_meta(folder, generation)
            return tuple(outline for outline, _ in _contents(generation_folder(folder, generation)))
        except StoreError:
            if current_generation(folder) == generation:
                raise


def _contents(root: Path) -> list[tuple[Outline, tuple[Chunk, ...]]]:
    try:
        return [unpack(document) for document in read_json(root / CORPUS)]
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"索引 {root} 的内容读不出来（{type(error).__name__}: {error}），{REBUILD}。") from error


def _open(folder: Path, generation: str, embedder: Embedder) -> Store:
    meta = read_meta(folder, generation)
    if not meta.made_by(embedder):
        raise StoreError(
            f"{folder} 里的索引是用另一个向量模型建立的（索引：{meta.embedder}，{meta.dimension} 维；"
            f"现在：{embedder.fingerprint}，{embedder.dimension} 维），{REBUILD}。"
        )
    check_files(folder, meta)
    root = generation_folder(folder, generation)
    try:
        packed = read_json(root / CORPUS)
        contents = [unpack(document) for document in packed]
        keys = [key for document in packed for key in document["keys"]]
        lexicon = merge(read_json(root / LEXICON).values())
        bm25 = LexicalIndex.load(root / BM25)
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"索引 {root} 的内容读不出来（{type(error).__name__}: {error}），{REBUILD}。") from error
    vectors = Vectors.open(root / CHROMA)
    try:
        found = (sum(len(chunks) for _, chunks in contents), len(bm25), len(vectors))
        if found != (meta.chunks, meta.chunks, meta.vectors):
            raise StoreError(f"索引 {root} 不完整（应有 {meta.chunks} 段，实际 {found}），{REBUILD}。")
        vectors.read()
    except BaseException:
        vectors.close()
        raise
    return Store(generation, contents, keys, lexicon, bm25, vectors, embedder)
