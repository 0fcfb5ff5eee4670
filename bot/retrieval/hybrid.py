"""
Query -> Hits: dense and lexical search, their scores added up, and read again by a reranker where there is one.

    HybridRetriever(store=…).search("瞪羚归哪个局管")  ->  [Hit(chunk=三、(三)8. …, dense_rank=2, lexical_rank=1), …]
"""

import logging
import time
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from bot.errors import ModelError, VectorServerError
from bot.index.store import Store
from bot.types import Chunk, Hit

if TYPE_CHECKING:
    from bot.retrieval.rerank import Reranker

# What a BM25 score, as a share of what the question could score at most, is worth beside a cosine similarity. Both
# weights are chosen from the curves in eval/LOG.md. Adding up ranks (reciprocal rank fusion) loses how far apart the
# chunks are.
LEXICAL_WEIGHT = 0.8
# What the document of a chunk is worth: how similar its best chunks are. A law of which three articles come near is
# about the question; one of which a single article does may only share words with it.
DOCUMENT_WEIGHT = 0.6
BEST_OF_DOCUMENT = 3
TOTAL = 2 + 2 * DOCUMENT_WEIGHT + LEXICAL_WEIGHT  # the most that a score can add up to
# Many lexical ones: a chunk whose score was not fetched counts as sharing no word with the question.
DENSE_CANDIDATES, LEXICAL_CANDIDATES = 400, 1000
# What the nearest neighbour is worth to a hit below the best: a rule often spreads over articles that stand together.
# Among the best, where answers are taken from, it would put the second best first.
NEIGHBOUR_WEIGHT = 0.2
NEIGHBOURHOOD = 400  # characters of the text between two chunks
SETTLED, REACHED = 30, 300  # the hits between these places are put in order anew
REST = 30.0  # seconds until a server of vectors that failed is asked again, so that not every question waits for it
log = logging.getLogger(__name__)


class HybridRetriever(BaseRetriever):
    """A LangChain retriever over an opened store; `search` gives our own hits with their ranks."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Store
    top_k: int = 10
    reranker: Any = None  # bot.retrieval.rerank.Reranker
    _ask_again_at: float = PrivateAttr(0.0)

    def search(
        self,
        text: str,
        top_k: int | None = None,
        question: str | None = None,
        documents: Collection[str] | None = None,
    ) -> list[Hit]:
        """
        The best chunks for `text`, best first, at most `top_k`; of these `documents` alone, by id, where given.

        A reranker reads `question` in the text's stead.
        """
        lexical = self.store.lexical(text, LEXICAL_CANDIDATES, documents)
        dense = self._dense(text, documents)
        hits = with_neighbours(fuse(dense, lexical, self.store.chunk_counts), dense)
        if self.reranker:
            hits = self._rerank(self.reranker, question or text, hits)
        return hits[: self.top_k if top_k is None else top_k]

    def _dense(self, text: str, documents: Collection[str] | None) -> list[tuple[Chunk, float]]:
        """Nothing, and a warning, where vectors come from a server that does not answer: BM25 goes on alone."""
        if time.monotonic() < self._ask_again_at:
            return []
        try:
            return self.store.dense(text, DENSE_CANDIDATES, documents)
        except (ModelError, VectorServerError) as error:
            log.warning("%s暂时只按字面检索。", error)
            self._ask_again_at = time.monotonic() + REST
            return []

    def _rerank(self, reranker: "Reranker", question: str, hits: list[Hit]) -> list[Hit]:
        try:
            return reranker.rerank(question, hits)
        except ModelError as error:
            log.warning("%s这一问未重排。", error)
            return hits

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        del run_manager
        return [as_langchain(hit) for hit in self.search(query)]


def fuse(
    dense: Sequence[tuple[Chunk, float]], lexical: Sequence[tuple[Chunk, float]], chunk_counts: Mapping[str, int]
) -> list[Hit]:
    """
    One ranking out of two, each best first: chunks with cosine similarities, and chunks with BM25 scores.

    score = (1 + w + similarity + w · document + v · BM25) / (2 + 2w + v), from 0 to 1, with BM25 the share of what
    the question could score at most, so that a question in the document's own words leans on them, w the
    DOCUMENT_WEIGHT and v the LEXICAL_WEIGHT. `document` is the mean similarity of the document's BEST_OF_DOCUMENT
    nearest chunks, or of all where `chunk_counts` (document id -> chunks) says it has fewer. A chunk that the dense
    side missed is taken to be as similar as the last one found there; one that the lexical side missed scores 0.
    """
    chunks = {chunk.id: chunk for chunk, _ in (*lexical, *dense)}
    similarities = {chunk.id: similarity for chunk, similarity in dense}
    scores = {chunk.id: score for chunk, score in lexical}
    dense_ranks = {id_: rank for rank, id_ in enumerate(similarities, 1)}
    lexical_ranks = {id_: rank for rank, id_ in enumerate(scores, 1)}
    lowest = min(similarities.values(), default=0.0)
    documents: dict[str, list[float]] = {}
    for chunk, similarity in dense:
        documents.setdefault(chunk.clause.document.id, []).append(similarity)

    @cache
    def of_document(id_: str) -> float:
        wanted = min(BEST_OF_DOCUMENT, chunk_counts[id_])
        best = documents.get(id_, [])[:wanted]
        return (sum(best) + lowest * (wanted - len(best))) / wanted

    def hit(id_: str, chunk: Chunk) -> Hit:
        similarity = similarities.get(id_, lowest) + DOCUMENT_WEIGHT * of_document(chunk.clause.document.id)
        score = (1 + DOCUMENT_WEIGHT + similarity + LEXICAL_WEIGHT * scores.get(id_, 0.0)) / TOTAL
        return Hit(chunk, score, dense_ranks.get(id_), lexical_ranks.get(id_))

    return sorted(map(hit, chunks, chunks.values()), key=attrgetter("score"), reverse=True)


def with_neighbours(hits: Sequence[Hit], dense: Sequence[tuple[Chunk, float]]) -> list[Hit]:
    """
    What `fuse` gives, with the hits from place SETTLED to REACHED ordered by score and nearest neighbour.

    Added to a hit's similarity is NEIGHBOUR_WEIGHT times that of the most similar chunk which the dense side found
    within NEIGHBOURHOOD characters of it in the same document, of the last one found where there is none. Ranks stay;
    the scores of these hits are dealt out anew, highest first.
    """
    found: dict[str, list[tuple[int, int, float]]] = {}  # of each document: start, end and similarity, in text order
    for chunk, similarity in dense:
        found.setdefault(chunk.clause.document.id, []).append((*chunk.span, similarity))
    for spans in found.values():
        spans.sort()
    lowest = min((similarity for _, similarity in dense), default=0.0)

    def nearest(chunk: Chunk) -> float:
        spans = found.get(chunk.clause.document.id, [])
        first = bisect_left(spans, chunk.span.start - NEIGHBOURHOOD, key=itemgetter(1))
        last = bisect_right(spans, chunk.span.end + NEIGHBOURHOOD, key=itemgetter(0))
        return max((own for *span, own in spans[first:last] if tuple(span) != chunk.span), default=lowest)

    tail = hits[SETTLED:REACHED]
    worth = [hit.score + NEIGHBOUR_WEIGHT * nearest(hit.chunk) / TOTAL for hit in tail]
    order = sorted(range(len(tail)), key=worth.__getitem__, reverse=True)
    dealt = [replace(tail[place], score=hit.score) for place, hit in zip(order, tail, strict=True)]
    return [*hits[:SETTLED], *dealt, *hits[REACHED:]]


def as_langchain(hit: Hit) -> LangChainDocument:
    """A hit in the form a LangChain chain expects; the metadata hold what a citation needs."""
    clause = hit.chunk.clause
    metadata: dict[str, Any] = {
        "document": clause.document.id,
        "title": clause.document.title,
        "ref": clause.ref,
        "path": list(clause.path),
        "start": hit.chunk.span.start,
        "end": hit.chunk.span.end,
        "units": list(hit.chunk.segment.units),
        "score": hit.score,
    }
    return LangChainDocument(page_content=hit.chunk.text, metadata=metadata, id=hit.chunk.id)
