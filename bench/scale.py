"""
How the index bears 143,686 articles of law: the product's own build over one text file a law, then its hybrid search.

    python bench/scale.py [--laws N] [--profile]  ->  建索引 … 分钟，峰值内存 … GB；p50 … 毫秒，p99 … 毫秒

Needs ../shared/retrieval. Build and search run in a process each, so that each has its own peak memory; the folder is
under the system's temporary one (about 2 GB) and is taken away at the end.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import os
import pstats
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

RETRIEVAL = PROJECT.parent / "shared" / "retrieval"
WARM_UP = 20  # questions asked before the clock runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=int, help="only the first N laws")
    parser.add_argument("--profile", action="store_true", help="say where the time of build and search goes")
    parser.add_argument("--step", nargs=2, metavar=("STEP", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        step, folder = arguments.step
        print(json.dumps({"build": measure_build, "search": measure_search}[step](Path(folder), arguments.profile)))
        return
    if not RETRIEVAL.is_dir():
        sys.exit(f"找不到 {RETRIEVAL}，请先放好检索材料。")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles = write_laws(folder / "corpus", arguments.laws)
        built, searched = (_in_process(step, folder, arguments.profile) for step in ("build", "search"))
        size = sum(path.stat().st_size for path in (folder / "store").rglob("*") if path.is_file())
    print(f"条文 {articles:,} 条，文件 {built['documents']:,} 份，{built['chunks']:,} 段；{os.cpu_count()} 核")
    steps = "，".join(f"{step} {seconds:.0f} 秒" for step, seconds in built["steps"].items())
    cost = f"CPU {built['cpu_s']:.0f} 秒，峰值内存 {built['gigabytes']:.2f} GB"
    print(f"建索引 {built['seconds'] / 60:.1f} 分钟（{steps}），{cost}")
    print(
        f"混合检索 {searched['queries']:,} 问：p50 {searched['p50_ms']:.1f} 毫秒，p99 {searched['p99_ms']:.1f} 毫秒；"
        f"打开 {searched['open_s']:.1f} 秒，峰值内存 {searched['gigabytes']:.2f} GB，磁盘 {size / 1e9:.2f} GB"
    )
    print(json.dumps({"articles": articles, "build": built, "search": searched, "disk_gb": round(size / 1e9, 3)}))


def write_laws(folder: Path, laws: int | None = None) -> int:
    """One text file a law, as it would be published: title, chapters, articles. Returns the number of articles."""
    folder.mkdir()
    count = 0
    with gzip.open(RETRIEVAL / "law-articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        by_law = groupby(map(json.loads, lines), key=lambda row: (row["law"], row["date"]))
        for number, ((law, _), rows) in enumerate(islice(by_law, laws)):
            articles = list(rows)
            (folder / f"law-{number:05d}.txt").write_text("\n".join([law, *_lines(articles)]) + "\n", encoding="utf-8")
            count += len(articles)
    return count


def _lines(articles: list[dict[str, Any]]) -> Iterator[str]:
    chapter = ""
    for row in articles:
        if row["chapter"] != chapter:
            chapter = row["chapter"]
            yield chapter
        yield f"{row['article']}　{row['text']}"


def measure_build(folder: Path, profile: bool) -> dict[str, Any]:
    """Seconds of the whole build and of its steps, as `python -m bot index` runs it."""
    from bot.index.build import build
    from bot.index.embed import open_embedder
    from bot.settings import settings

    begun: dict[str, float] = {}

    def note(step: str, done: int, total: int) -> None:
        begun.setdefault(step, time.perf_counter())
        print(f"\r{step} {done}/{total} ", end="", file=sys.stderr, flush=True)

    with _profiled(profile):
        report = build([folder / "corpus"], folder / "store", open_embedder(settings()), note)
    starts = [*begun.values(), time.perf_counter()]
    steps = {step: round(end - start, 1) for step, start, end in zip(begun, starts[:-1], starts[1:], strict=True)}
    return {
        "documents": len(report.added),
        "problems": len(report.problems),
        "chunks": report.chunks,
        "seconds": round(report.seconds, 1),
        "steps": steps,
        "cpu_s": _cpu_seconds(),
        "gigabytes": _peak_gigabytes(),
    }


def measure_search(folder: Path, profile: bool) -> dict[str, Any]:
    """One user asking the questions of the training split in turn."""
    from bot.index.embed import open_embedder
    from bot.index.store import open_store
    from bot.retrieval.hybrid import HybridRetriever
    from bot.settings import settings

    lines = (RETRIEVAL / "stard-train" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    started = time.perf_counter()
    with open_store(folder / "store", open_embedder(settings())) as store:
        retriever = HybridRetriever(store=store)
        opened = time.perf_counter() - started
        for question in questions[:WARM_UP]:
            retriever.search(question)
        with _profiled(profile):
            spent = [_milliseconds(retriever, question) for question in questions]
    cuts = statistics.quantiles(spent, n=100)
    return {
        "queries": len(spent),
        "open_s": round(opened, 2),
        "p50_ms": round(cuts[49], 2),
        "p99_ms": round(cuts[98], 2),
        "gigabytes": _peak_gigabytes(),
    }


def _milliseconds(retriever: Any, question: str) -> float:
    started = time.perf_counter()
    retriever.search(question)
    return (time.perf_counter() - started) * 1000


@contextmanager
def _profiled(wanted: bool) -> Iterator[None]:
    """Where wanted, prints the 40 functions that took longest, to stderr."""
    profile = cProfile.Profile()
    if wanted:
        profile.enable()
    yield
    if wanted:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(40)


def _in_process(step: str, folder: Path, profile: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", step, str(folder), *(["--profile"] if profile else [])]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _cpu_seconds() -> float:
    """Of all threads: on a machine with other work it says more than the clock."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round(used.ru_utime + used.ru_stime, 1)


def _peak_gigabytes() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6 * 1.024, 3)


if __name__ == "__main__":
    main()
