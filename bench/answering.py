"""
How fast a question is answered and how much memory it takes, beside the tutorial recipe (fixed chunks, BM25).

    python bench/answering.py  ->  a table: cold start, warm p50 and p99, memory; ours, the recipe's, the ratio

Cold start is a whole process from nothing to a printed answer; warm is one user asking the practice questions in turn.
Every figure is the median of several rounds; timings depend on the machine, ratios hardly.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

ROUNDS = 5
QUESTION = "中试平台由哪个部门负责？"


def cold_seconds(store: str) -> tuple[float, bool]:
    """Median wall seconds of `python -m bot ask`, and whether torch was imported."""
    command = [sys.executable, "-m", "bot", "ask", QUESTION, "--store", store]
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
        spent.append(time.perf_counter() - started)
    told = subprocess.run(
        [sys.executable, "-X", "importtime", *command[1:]], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    return statistics.median(spent), "| torch\n" in told.stderr


def warm_milliseconds(answer: Callable[[str], object], questions: Sequence[str]) -> tuple[float, float]:
    """p50 and p99 over all questions, the median of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        spent = []
        for question in questions:
            started = time.perf_counter()
            answer(question)
            spent.append((time.perf_counter() - started) * 1000)
        rounds.append(statistics.quantiles(spent, n=100))
    return statistics.median(cut[49] for cut in rounds), statistics.median(cut[98] for cut in rounds)


def page_megabytes(store: str) -> float:
    """Peak resident memory of `python app.py` after it has answered over HTTP."""
    script = (
        "import resource, sys; sys.path.insert(0, '.')\n"
        "from fastapi.testclient import TestClient\n"
        "from bot.answering.pipeline import open_pipeline\n"
        "from bot.service.server import create_app\n"
        "from pathlib import Path\n"
        "pipeline = open_pipeline(Path(sys.argv[1])); client = TestClient(create_app(pipeline)); client.get('/')\n"
        f"[pipeline.invoke({QUESTION!r}) for _ in range(200)]\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, store], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def main() -> None:
    from bot.answering.pipeline import open_pipeline
    from eval.baseline import Baseline
    from eval.questions import load_set

    questions = load_set("dev")
    with tempfile.TemporaryDirectory() as store:
        subprocess.run(
            [sys.executable, "-m", "bot", "index", "--store", store], cwd=PROJECT, check=True, capture_output=True
        )
        seconds, torch = cold_seconds(store)
        pipeline = open_pipeline(Path(store))
        ours = warm_milliseconds(pipeline.invoke, [question.question for question in questions])
        by_text = {question.question: question for question in questions}
        recipe = Baseline.from_corpus([PROJECT / "corpus"])
        theirs = warm_milliseconds(lambda text: recipe(by_text[text]), list(by_text))
        megabytes = page_megabytes(store)
    print(f"冷启动 python -m bot ask：{seconds:.2f} 秒（{ROUNDS} 次中位数，{'导入了' if torch else '未导入'} torch）")
    print(f"热回答：p50 {ours[0]:.1f} 毫秒，p99 {ours[1]:.1f} 毫秒（{len(questions)} 题，{ROUNDS} 轮中位数）")
    print(f"教程做法：p50 {theirs[0]:.1f} 毫秒，p99 {theirs[1]:.1f} 毫秒；我们是它的 {ours[0] / theirs[0]:.1f} 倍")
    print(f"网页服务峰值内存：{megabytes:.0f} MB")
    print(
        json.dumps(
            {"cold_s": seconds, "p50_ms": ours[0], "p99_ms": ours[1], "page_mb": megabytes, "cpus": os.cpu_count()}
        )
    )


if __name__ == "__main__":
    main()
