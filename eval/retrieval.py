"""
Measure retrieval on a BEIR folder, with the product's own parts.

    python -m eval retrieval DIR --split train  ->  BM25 | 向量 | 混合: Recall@5/10/20/100, MRR@10, nDCG@10, speed

A passage is one chunk, whole, because that is what the qrels name; the product cuts long segments in windows. Passages
titled as articles of one law (种树办法第二条) are clauses of one document, as they are in the product. There are no
headings or quoted terms to draw a lexicon from, so the segmenter has jieba's alone.
Metrics by ir-measures: TREC's own trec_eval behind it, and ready-made wheels, where ranx brings numba and a compiler.
"""

from __future__ import annotations

import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ir_measures
from ir_measures import RR, R, nDCG
from rich.box import SIMPLE
from rich.table import Table

from bot.index.bm25 import LexicalIndex
from bot.index.counting import count_terms
from bot.index.embed import Embedder
from bot.index.generations import BM25, CHROMA
from bot.index.store import Store
from bot.index.vectors import Vectors, chunk_key
from bot.retrieval.hybrid import HybridRetriever
from bot.text.lexicon import Lexicon
from bot.text.segment import Segmenter
from bot.types import Chunk, Clause, Document, Hit, Outline, Segment, Span
from eval.beir import Collection, Passage

DEPTH = 100  # passages ranked for each query
DEPTHS = (5, 10, 20, 100)
METRICS = {**{f"recall@{depth}": R @ depth for depth in DEPTHS}, "mrr@10": RR @ 10, "ndcg@10": nDCG @ 10}
LABELS = {"bm25": "BM25", "dense": "向量", "hybrid": "混合", "reranked": "重排"}

ARTICLE = re.compile(r"(?P<law>.+?)(?P<number>第[零〇一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?)")

Ranker = Callable[[str], Sequence[Chunk]]  # query -> at most DEPTH chunks, best first
Rerank = Callable[[str, Sequence[Hit]], Sequence[Hit]]  # (query, hits) -> the same hits, better ordered
Track = Callable[[Sequence[str], str], Iterator[str]]  # (queries, ranker) -> the queries, progress shown


@dataclass(frozen=True, slots=True)
class Measured:
    """How one ranker did. `build_seconds` is what it needs built, `queries_per_second` one query at a time."""

    metrics: Mapping[str, float]  # names of METRICS -> means over all queries
    build_seconds: float
    queries_per_second: float


@dataclass(frozen=True, slots=True)
class Report:
    """One measurement: the collection's size, every ranker's figures, the process's peak memory."""

    passages: int
    queries: int
    rankers: Mapping[str, Measured]
    peak_megabytes: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluate(
    collection: Collection, embedder: Embedder, rerank: Rerank | None = None, track: Track | None = None
) -> Report:
    """Index the collection in a temporary folder and ask its queries of each ranker. Raises StoreError."""
    with tempfile.TemporaryDirectory() as folder, index(collection.passages, Path(folder), embedder) as (store, spent):
        both = sum(spent.values())
        seconds = {"bm25": spent["bm25"], "dense": spent["dense"], "hybrid": both, "reranked": both}
        rankers = {
            name: _measure(name, ranker, collection, seconds[name], track)
            for name, ranker in open_rankers(store, rerank).items()
        }
    return Report(len(collection.passages), len(collection.queries), rankers, _peak_megabytes())


def open_rankers(store: Store, rerank: Rerank | None = None) -> dict[str, Ranker]:
    """The ways to search a store that are compared; `reranked` only where there is something to rerank with."""
    retriever = HybridRetriever(store=store, top_k=DEPTH)
    rankers: dict[str, Ranker] = {
        "bm25": lambda text: [chunk for chunk, _ in store.lexical(text, DEPTH)],
        "dense": lambda text: [chunk for chunk, _ in store.dense(text, DEPTH)],
        "hybrid": lambda text: [hit.chunk for hit in retriever.search(text)],
    }
    if rerank:
        rankers["reranked"] = lambda text: [hit.chunk for hit in rerank(text, retriever.search(text))]
    return rankers


@contextmanager
def index(passages: Sequence[Passage], folder: Path, embedder: Embedder) -> Iterator[tuple[Store, dict[str, float]]]:
    """An opened store over the passages, and the seconds that building each side took."""
    contents = _contents(passages)
    chunks = [chunk for _, own in contents for chunk in own]
    keys = [chunk_key(chunk) for chunk in chunks]
    spent: dict[str, float] = {}
    with _timed(spent, "bm25"):
        LexicalIndex.build(count_terms(chunks, Segmenter())).save(folder / BM25)
    with _timed(spent, "dense"):
        vectors = Vectors.create(folder / CHROMA)
        vectors.add(dict(zip(keys, chunks, strict=True)), embedder, lambda _: None)
        vectors.close()
    # Opened from the disk, as a reader would.
    bm25, vectors = LexicalIndex.load(folder / BM25), Vectors.open(folder / CHROMA)
    with Store("", contents, keys, Lexicon({}), bm25, vectors, embedder) as store:
        yield store, spent


def _contents(passages: Sequence[Passage]) -> list[tuple[Outline, tuple[Chunk, ...]]]:
    """A document for every law and every other passage; the ids of the passages are the refs of its clauses."""
    of_law: dict[tuple[str, str], list[tuple[Passage, tuple[str, ...]]]] = {}
    for passage in passages:
        article = ARTICLE.fullmatch(passage.title)
        if article:
            of_law.setdefault(("law", article["law"]), []).append((passage, (article["number"],)))
        else:
            of_law[("passage", passage.id)] = [(passage, ())]
    return [_document(" ".join(key), own) for key, own in of_law.items()]


def _document(id_: str, passages: Sequence[tuple[Passage, tuple[str, ...]]]) -> tuple[Outline, tuple[Chunk, ...]]:
    first, path = passages[0]
    title = first.title.removesuffix("".join(path))
    document = Document(id_, title, "\n".join(passage.text for passage, _ in passages))
    chunks, start = [], 0
    for passage, path in passages:
        span = Span(start, start + len(passage.text))
        segment = Segment(passage.text, span)
        chunks.append(
            Chunk(Clause(document, passage.id, path, passage.text, span, (segment,)), segment, passage.text, span)
        )
        start = span.end + 1
    return Outline(document, (), tuple(chunk.clause for chunk in chunks)), tuple(chunks)


def _measure(name: str, ranker: Ranker, collection: Collection, build_seconds: float, track: Track | None) -> Measured:
    queries = list(collection.queries)
    ranker(collection.queries[queries[0]])  # unmeasured, as the figures are for a warm service
    spent: dict[str, float] = {}
    found: dict[str, Sequence[Chunk]] = {}
    with _timed(spent, name):
        for query in track(queries, LABELS[name]) if track else queries:
            found[query] = ranker(collection.queries[query])
    return Measured(
        score({query: [chunk.clause.ref for chunk in chunks] for query, chunks in found.items()}, collection),
        round(build_seconds, 2),
        round(len(queries) / spent[name], 1),
    )


def score(found: Mapping[str, Sequence[str]], collection: Collection) -> dict[str, float]:
    """Ids in the order found -> METRICS. Ranks are the scores, so there are no ties; a query without finds counts 0."""
    run = {query: {id_: float(-rank) for rank, id_ in enumerate(ids)} for query, ids in found.items()}
    qrels = {query: dict(relevant) for query, relevant in collection.relevant.items()}
    means = ir_measures.calc_aggregate(METRICS.values(), qrels, run)
    return {name: round(float(means[metric]), 4) for name, metric in METRICS.items()}


def table(title: str, report: Report) -> Table:
    """One row a ranker."""
    size = f"{report.queries} 问，{report.passages} 段；峰值内存 {report.peak_megabytes:.0f} MB"
    shown = Table(title=f"{title}：{size}", box=SIMPLE)
    shown.add_column("检索", no_wrap=True)
    for label in (*(f"R@{depth}" for depth in DEPTHS), "MRR@10", "nDCG@10", "建索引秒", "问/秒"):
        shown.add_column(label, no_wrap=True, justify="right")
    for name, measured in report.rankers.items():
        figures = (f"{measured.metrics[metric]:.4f}" for metric in METRICS)
        shown.add_row(LABELS[name], *figures, f"{measured.build_seconds:.1f}", f"{measured.queries_per_second:.0f}")
    return shown


def draw(title: str, report: Report, path: Path) -> None:
    """Recall against depth, one line a ranker."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    for name, measured in report.rankers.items():
        axes.plot(DEPTHS, [measured.metrics[f"recall@{depth}"] for depth in DEPTHS], marker="o", label=name)
    axes.set(title=title, xlabel="depth k", ylabel="recall@k", xscale="log", ylim=(0, 1))
    axes.set_xticks(DEPTHS, [str(depth) for depth in DEPTHS])
    axes.minorticks_off()
    axes.grid(color="0.9")
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


@contextmanager
def _timed(spent: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    spent[name] = time.perf_counter() - started


def _peak_megabytes() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
