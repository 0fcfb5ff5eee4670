"""
Build and query time beside what one would take from the shelf: LangChain, Chroma and a small transformer.

    python bench/encoders.py  ->  建索引：本项目每秒 … 条，对照每秒 … 条，… 倍；查询：…

The transformer has the shape of bge-small-zh (4 layers, 512 wide, 8 heads, 24 M parameters) and random weights, which
cost the same as trained ones. It is slow, so it gets fewer articles; rates are compared. Ours is the whole product:
files parsed, words cut, BM25 and vectors built. Theirs is Chroma.from_texts over ready-made articles. Each first builds
a few articles beside the clock, so that neither is charged with loading its libraries. Beside the clock stand the
seconds of processor time an article takes, all processes together: other work on the machine bears on them far less.
Needs ../shared/retrieval and the extra `models`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench.scale import RETRIEVAL, write_laws  # noqa: E402

QUERIES = 100
TOP_K = 10
LONGEST = 512  # tokens, bge-small-zh's own limit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=int, default=200, help="laws that ours indexes")
    parser.add_argument("--articles", type=int, default=512, help="articles that the other indexes")
    arguments = parser.parse_args()
    if not RETRIEVAL.is_dir():
        sys.exit(f"找不到 {RETRIEVAL}，请先放好检索材料。")
    lines = (RETRIEVAL / "stard-train" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line)["text"] for line in lines[:QUERIES]]
    with tempfile.TemporaryDirectory() as name:
        ours = measure_ours(Path(name), arguments.laws, queries)
        theirs = measure_theirs(Path(name), arguments.articles, queries)
    build, encode = (ours[figure] / theirs[figure] for figure in ("articles_per_second", "encoded_per_second"))
    query = theirs["query_ms"] / ours["query_ms"]
    for label, figure, ratio, unit in (
        ("建索引", "articles_per_second", build, "条/秒"),
        ("只编码", "encoded_per_second", encode, "条/秒"),
        ("查询 p50", "query_ms", query, "毫秒"),
    ):
        print(f"{label}：本项目 {ours[figure]:,.1f} {unit}，对照 {theirs[figure]:,.1f} {unit}，快 {ratio:.1f} 倍")
    spent = theirs["cpu_ms"] / ours["cpu_ms"]
    print(f"建索引每条用处理器 {ours['cpu_ms']:.2f} 毫秒，对照 {theirs['cpu_ms']:.2f} 毫秒，少到 1/{spent:.1f}")
    print(json.dumps({"ours": ours, "theirs": theirs, "build": build, "encode": encode, "query": query, "cpu": spent}))


def measure_ours(folder: Path, laws: int, queries: Sequence[str]) -> dict[str, float]:
    from bot.index.build import build
    from bot.index.embed import open_embedder
    from bot.index.store import open_store
    from bot.retrieval.hybrid import HybridRetriever
    from bot.settings import settings

    articles = write_laws(folder / "corpus", laws)
    embedder = open_embedder(settings())
    write_laws(folder / "first", 1)
    build([folder / "first"], folder / "first-store", embedder)
    before = processor_seconds()
    report = build([folder / "corpus"], folder / "store", embedder)
    spent_on_building = processor_seconds() - before
    texts = _articles(articles)
    started = time.perf_counter()
    embedder.embed(texts)
    encoding = time.perf_counter() - started
    with open_store(folder / "store", embedder) as store:
        spent = query_milliseconds(HybridRetriever(store=store, top_k=TOP_K).search, queries)
    return _figures(articles / report.seconds, articles / encoding, spent, spent_on_building / articles)


def measure_theirs(folder: Path, articles: int, queries: Sequence[str]) -> dict[str, float]:
    from langchain_chroma import Chroma

    embeddings = random_transformer(folder / "transformer")
    texts = _articles(articles)
    Chroma.from_texts(texts[:8], embeddings, persist_directory=str(folder / "first-theirs"))
    encoding = 0.0
    encode = embeddings.embed_documents

    def timed(batch: list[str]) -> list[list[float]]:
        nonlocal encoding
        started = time.perf_counter()
        vectors: list[list[float]] = encode(batch)
        encoding += time.perf_counter() - started
        return vectors

    embeddings.embed_documents = timed
    before, started = processor_seconds(), time.perf_counter()
    store = Chroma.from_texts(texts, embeddings, persist_directory=str(folder / "theirs"))
    building, spent_on_building = time.perf_counter() - started, processor_seconds() - before
    encoded_per_second = articles / encoding  # now, since queries are encoded too
    spent = query_milliseconds(lambda query: store.similarity_search(query, TOP_K), queries)
    return _figures(articles / building, encoded_per_second, spent, spent_on_building / articles)


def random_transformer(folder: Path) -> Any:
    """A BertModel of bge-small-zh's shape, one token a character, first token's vector, brought to unit length."""
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder.mkdir()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    characters = [chr(code) for code in (*range(0x21, 0x7F), *range(0x3001, 0x3020), *range(0x4E00, 0x9FA6))]
    words = [*special, *characters]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=LONGEST).save_pretrained(folder)
    shape = {"num_hidden_layers": 4, "hidden_size": 512, "num_attention_heads": 8, "intermediate_size": 2048}
    BertModel(BertConfig(vocab_size=len(words), **shape)).save_pretrained(folder)
    transformer = Transformer(str(folder), max_seq_length=LONGEST)
    model = SentenceTransformer(modules=[transformer, Pooling(512, pooling_mode="cls"), Normalize()], device="cpu")

    class LangChainEmbeddings(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, batch_size=32).tolist()
            return vectors

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return LangChainEmbeddings()


def query_milliseconds(search: Callable[[str], object], queries: Sequence[str]) -> float:
    """The median, one user asking in turn; the first question is not measured."""
    search(queries[0])
    spent = []
    for query in queries:
        started = time.perf_counter()
        search(query)
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def processor_seconds() -> float:
    """Of this process with all its threads, and of those it started that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _articles(count: int) -> list[str]:
    with gzip.open(RETRIEVAL / "law-articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, count)]
    return [f"{row['law']} {row['article']} {row['text']}" for row in rows]


def _figures(
    articles_per_second: float, encoded_per_second: float, query_ms: float, cpu_seconds: float
) -> dict[str, float]:
    return {
        "articles_per_second": round(articles_per_second, 1),
        "encoded_per_second": round(encoded_per_second, 1),
        "query_ms": round(query_ms, 2),
        "cpu_ms": round(cpu_seconds * 1000, 3),
    }


if __name__ == "__main__":
    main()
