"""
Query -> Hits: dense and lexical search, their scores added up, and read again by a reranker where there is one.

    HybridRetriever(store=…).search("瞪羚归哪个局管")  ->  [Hit(chunk=三、(三)8. …, dense_rank=2, lexical_rank=1), …]
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from bot.errors import ModelError, VectorServerError
from bot.index.store import Scored, Store
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
REMEMBERED = 1 << 14  # chunks whose neighbours are kept at hand
REST = 30.0  # seconds until a server of vectors that failed is asked again, so that not every question waits for it
log = logging.getLogger(__name__)


class HybridRetriever(BaseRetriever):
    """A LangChain retriever over an opened store; `search` gives our own hits with their ranks."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Store
    top_k: int = 10
    reranker: Any = None  # bot.retrieval.rerank.Reranker
    _ask_again_at: float = PrivateAttr(0.0)
    _beside: Callable[[int], Sequence[int]] = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        super().model_post_init(context)
        self._beside = lru_cache(REMEMBERED)(partial(near_in_text, self.store.chunks))

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
        ranking = self.rank(text, question, documents)
        return ranking.hits(range(len(ranking.places))[: self.top_k if top_k is None else top_k])

    def rank(self, text: str, question: str | None = None, documents: Collection[str] | None = None) -> "Ranking":
        """As `search`, of all that was found, for who takes some of it: to make hits of all takes longer."""
        lexical = self.store.matching(text, LEXICAL_CANDIDATES, documents)
        dense = self._dense(text, documents)
        fused = fuse(dense, lexical, self.store.document_of, self.store.chunk_counts)
        found = with_neighbours(fused, dense, self._beside)
        ranks = ({place: rank for rank, place in enumerate(side.places, 1)} for side in (dense, lexical))
        ranking = Ranking(self.store.chunks, *found, *ranks)
        return self._reranked(self.reranker, question or text, ranking) if self.reranker else ranking

    def _dense(self, text: str, documents: Collection[str] | None) -> Scored:
        """Nothing, and a warning, where vectors come from a server that does not answer: BM25 goes on alone."""
        if time.monotonic() < self._ask_again_at:
            return Scored([], [])
        try:
            return self.store.nearest(text, DENSE_CANDIDATES, documents)
        except (ModelError, VectorServerError) as error:
            log.warning("%s暂时只按字面检索。", error)
            self._ask_again_at = time.monotonic() + REST
            return Scored([], [])

    def _reranked(self, reranker: "Reranker", question: str, ranking: "Ranking") -> "Ranking":
        hits = self._rerank(reranker, question, ranking.hits(range(len(ranking.places))))
        places = {self.store.chunks[place].id: place for place in ranking.places}
        return replace(ranking, places=[places[hit.chunk.id] for hit in hits], scores=[hit.score for hit in hits])

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


@dataclass(frozen=True, slots=True)
class Ranking:
    """Chunks by their places in the store, best first. A Hit is made of one when it is asked for: most never are."""

    chunks: Sequence[Chunk]
    places: list[int]
    scores: list[float]
    dense_ranks: Mapping[int, int]  # of a place
    lexical_ranks: Mapping[int, int]

    def hits(self, numbers: Iterable[int]) -> list[Hit]:
        """Those with these numbers, counted from 0."""
        dense, lexical = self.dense_ranks, self.lexical_ranks
        chosen = ((self.places[number], self.scores[number]) for number in numbers)
        return [Hit(self.chunks[place], score, dense.get(place), lexical.get(place)) for place, score in chosen]


def fuse(dense: Scored, lexical: Scored, document_of: Sequence[str], chunk_counts: Mapping[str, int]) -> Scored:
    """
    One ranking out of two, each best first: chunks with cosine similarities, and chunks with BM25 scores.

    score = (1 + w + similarity + w · document + v · BM25) / (2 + 2w + v), from 0 to 1, with BM25 the share of what
    the question could score at most, so that a question in the document's own words leans on them, w the
    DOCUMENT_WEIGHT and v the LEXICAL_WEIGHT. `document` is the mean similarity of the document's BEST_OF_DOCUMENT
    nearest chunks, or of all where `chunk_counts` (document id -> chunks) says it has fewer. A chunk that the dense
    side missed is taken to be as similar as the last one found there; one that the lexical side missed scores 0.
    """
    lowest = min(dense.scores, default=0.0)
    documents: dict[str, list[float]] = {}
    for place, similarity in zip(dense.places, dense.scores, strict=True):
        documents.setdefault(document_of[place], []).append(similarity)

    @cache
    def of_document(id_: str) -> float:
        wanted = min(BEST_OF_DOCUMENT, chunk_counts[id_])
        best = documents.get(id_, [])[:wanted]
        return (sum(best) + lowest * (wanted - len(best))) / wanted

    places = list(dict.fromkeys((*lexical.places, *dense.places)))
    near, said = np.full(len(document_of), lowest), np.zeros(len(document_of))
    near[dense.places], said[lexical.places] = dense.scores, lexical.scores
    similarities = near[places] + DOCUMENT_WEIGHT * np.array([of_document(document_of[place]) for place in places])
    scores = (1 + DOCUMENT_WEIGHT + similarities + LEXICAL_WEIGHT * said[places]) / TOTAL
    order = np.argsort(-scores, kind="stable")
    return Scored([places[number] for number in order.tolist()], scores[order].tolist())


def with_neighbours(ranked: Scored, dense: Scored, beside: Callable[[int], Sequence[int]]) -> Scored:
    """
    What `fuse` gives, with the chunks from number SETTLED to REACHED ordered by score and nearest neighbour.

    Added to a chunk's similarity is NEIGHBOUR_WEIGHT times that of the most similar one which the dense side found
    `beside` it, of the last one found where there is none. The scores of these chunks are dealt out anew, highest
    first.
    """
    found = dict(zip(dense.places, dense.scores, strict=True))
    lowest = min(dense.scores, default=0.0)

    def nearest(place: int) -> float:
        return max([found[other] for other in beside(place) if other in found], default=lowest)

    tail, scores = ranked.places[SETTLED:REACHED], ranked.scores[SETTLED:REACHED]
    worth = [score + NEIGHBOUR_WEIGHT * nearest(place) / TOTAL for place, score in zip(tail, scores, strict=True)]
    order = sorted(range(len(tail)), key=worth.__getitem__, reverse=True)
    places = [*ranked.places[:SETTLED], *(tail[number] for number in order), *ranked.places[REACHED:]]
    return Scored(places, ranked.scores)


def near_in_text(chunks: Sequence[Chunk], place: int) -> tuple[int, ...]:
    """The places of the chunks, in text order, that stand within NEIGHBOURHOOD characters of one, itself left out."""
    document, (start, end) = chunks[place].clause.document.id, chunks[place].span

    def stands(other: int) -> bool:
        span = chunks[other].span
        near = span.end >= start - NEIGHBOURHOOD and span.start <= end + NEIGHBOURHOOD
        return near and chunks[other].clause.document.id == document

    before = takewhile(stands, range(place - 1, -1, -1))
    after = takewhile(stands, range(place + 1, len(chunks)))
    return (*before, *after)


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
