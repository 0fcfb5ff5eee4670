"""
What adding one document to an index of 10,000 clauses takes, and what the questions asked meanwhile notice of it.

    python bench/adding.py  ->  收录一份：… 秒（连启动 … 秒）；其间 … 问全部有答，最慢 … 毫秒

Needs ../shared/retrieval. The commands are those of a clerk, each a process of its own; the questions go to the
service's pipeline over the same index. The folder is under the system's temporary one and is taken away at the end.
On a busy machine only the CPU times say anything.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench.scale import write_laws  # noqa: E402

LAWS = 227  # 10,000 articles
PAPER = PROJECT / "corpus" / "action-plan.txt"
QUESTIONS = ("口岸由谁管理", "违反规定的怎么处罚", "技术经纪人每年培养多少名", "本条例自什么时候起施行")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles = write_laws(folder / "corpus", LAWS)
        environment = {**os.environ, "BOT_CORPUS": str(folder / "corpus"), "BOT_STORE": str(folder / "store")}
        run(environment, "index")
        changed = folder / PAPER.name
        changed.write_text(PAPER.read_text(encoding="utf-8").replace("海洋", "远洋"), encoding="utf-8")
        asked: dict[str, Any] = {"latencies": [], "unanswered": 0}
        stop = threading.Event()
        service = threading.Thread(target=ask, args=(folder / "store", asked, stop))
        service.start()
        while not asked["latencies"]:
            time.sleep(0.1)
        alone = len(asked["latencies"])
        figures = {
            "add": run(environment, "add", str(PAPER)),
            "change": run(environment, "add", "--replace", str(changed)),
            "retire": run(environment, "retire", PAPER.stem),
        }
        time.sleep(3)  # until the last one is in use
        stop.set()
        service.join()
    meanwhile = sorted(asked["latencies"][alone:])
    for what, (work, whole, busy) in figures.items():
        print(f"{what}：{work:.1f} 秒，连同启动 {whole:.1f} 秒，其中 CPU {busy:.1f} 秒")
    print(
        f"条文 {articles:,} 条；其间 {len(meanwhile):,} 问，没有答出的 {asked['unanswered']}，"
        f"p50 {1000 * meanwhile[len(meanwhile) // 2]:.0f} 毫秒，最慢 {1000 * meanwhile[-1]:.0f} 毫秒；"
        f"换代 {asked['changes']} 次"
    )
    print(json.dumps({"articles": articles, **figures, "load": os.getloadavg()}))


def run(environment: dict[str, str], *arguments: str) -> tuple[float, float, float]:
    """Seconds of the command's own work, as it says, of the whole process, and of its CPU time."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, encoding="utf-8", check=True)
    found = re.search(r"用时 ([\d.]+) 秒", done.stdout)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
    return float(found[1]) if found else 0.0, time.perf_counter() - started, busy


def ask(store: Path, asked: dict[str, Any], stop: threading.Event) -> None:
    from bot.answering.pipeline import open_pipeline, reopen
    from bot.service.current import Current

    current = Current(store, open_pipeline(store), reopen)
    seen = {current.store.generation}
    for question in QUESTIONS:  # the first questions read files
        current.invoke({"question": question})
    current.watch()
    while not stop.is_set():
        for question in QUESTIONS:
            started = time.perf_counter()
            answer = current.invoke({"question": question})
            asked["latencies"].append(time.perf_counter() - started)
            asked["unanswered"] += answer.status.startswith("error")
            time.sleep(0.05)
        seen.add(current.store.generation)
    asked["changes"] = len(seen) - 1
    current.close()


if __name__ == "__main__":
    main()
