"""
Query -> Hits: dense and lexical search, fused by reciprocal rank.

    HybridRetriever(store=…).search("瞪羚归哪个局管")  ->  [Hit(chunk=三、(三)8. …, dense_rank=2, lexical_rank=1), …]
"""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.index.store import Store
from bot.types import Chunk, Hit

# Cormack, Clarke and Büttcher (2009), "Reciprocal rank fusion outperforms Condorcet …": score = Σ 1 / (60 + rank).
RANK_CONSTANT = 60
CANDIDATES = 50


class HybridRetriever(BaseRetriever):
    """A LangChain retriever over an opened store; `search` gives our own hits with their ranks."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Store
    top_k: int = 10

    def search(self, text: str, top_k: int | None = None) -> list[Hit]:
        """The best chunks for `text`, best first, at most `top_k`."""
        dense = [chunk for chunk, _ in self.store.dense(text, CANDIDATES)]
        lexical = [chunk for chunk, _ in self.store.lexical(text, CANDIDATES)]
        return fuse(dense, lexical)[: self.top_k if top_k is None else top_k]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        del run_manager
        return [as_langchain(hit) for hit in self.search(query)]


def fuse(dense: list[Chunk], lexical: list[Chunk]) -> list[Hit]:
    """Reciprocal rank fusion of two rankings; a chunk missing from one side gets nothing from it."""
    dense_ranks = {chunk.id: rank for rank, chunk in enumerate(dense, 1)}
    lexical_ranks = {chunk.id: rank for rank, chunk in enumerate(lexical, 1)}
    chunks = {chunk.id: chunk for chunk in (*lexical, *dense)}
    hits = (_hit(chunk, dense_ranks.get(id_), lexical_ranks.get(id_)) for id_, chunk in chunks.items())
    return sorted(hits, key=lambda hit: -hit.score)


def _hit(chunk: Chunk, dense_rank: int | None, lexical_rank: int | None) -> Hit:
    score = sum(1 / (RANK_CONSTANT + rank) for rank in (dense_rank, lexical_rank) if rank is not None)
    return Hit(chunk, score, dense_rank, lexical_rank)


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
