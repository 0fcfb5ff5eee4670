"""
Build, add or retire, kill, look, again: python -m tests.index.kill_builds FOLDER KILLS SECONDS

    {"kills": 4121, "old": 2510, "new": 1611, "restarts": 2044, "wrong": []}

Each step leads the index from one state to another and is killed (SIGKILL) at a random moment. Whatever a reader can
see afterwards must be the old state or the new one to the last digit, the corpus folder must be readable, and every
other time the same step is run again and must come to its end. Children are forked, so that a kill costs a tenth of a
second (a FOLDER in memory, /dev/shm, spares the waiting for the disk, which a kill does not test); a process that has
started Chroma cannot fork, so this one never does.
"""

import gc
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

# What takes long to import is there before the fork.
import bm25s  # noqa: F401
import chromadb.api.rust
import chromadb.telemetry.product.posthog  # noqa: F401
import filelock  # noqa: F401
import scipy.sparse  # noqa: F401
import tomlkit  # noqa: F401

from bot.documents.corpus import read_corpus
from bot.documents.library import add, retire
from bot.errors import BotError
from bot.index.build import build
from bot.index.embed import Embedder
from bot.text.segment import Segmenter
from tests.index.small_index import EXTRA, PLAN, RULES, character_embedder, seen, write_corpus

STATES = (
    {"plan": PLAN, "rules": RULES},
    {"plan": PLAN.replace("50棵", "60棵"), "rules": RULES, "extra": EXTRA},
    {"extra": EXTRA},
)


@dataclass(frozen=True)
class Step:
    """`prepare` puts the corpus folder into the state that `act`, which is killed, starts from."""

    corpus: Path
    prepare: Callable[[], object]
    act: Callable[[], object]


def kill_builds(folder: Path, kills: int, seconds: float) -> dict[str, object]:
    """At most so many kills in at most so many seconds."""
    store, embedder = folder / "store", character_embedder()
    steps = _steps(folder)
    for step in steps:  # reads the dictionary and compiles the patterns, once for all children
        step.prepare()
        for outline in read_corpus([step.corpus]).outlines:
            Segmenter().search_terms(outline.document.text)
    gc.collect()
    gc.freeze()  # children then copy less of this process's memory
    expected = [_whole(step, folder, embedder) for step in steps]
    durations: list[float] = []
    for step in (*steps, steps[0]):
        step.prepare()
        durations.append(_timed(_run(step, store, embedder)))
    state = expected[0]
    told: dict[str, int] = {"kills": 0, "old": 0, "new": 0, "restarts": 0}
    wrong: list[str] = []
    until = time.monotonic() + seconds
    while told["kills"] < kills and time.monotonic() < until and not wrong:
        target = random.choice([number for number in range(len(steps)) if expected[number] != state])
        steps[target].prepare()
        child = _fork(_run(steps[target], store, embedder))
        time.sleep(random.uniform(0, 1.3 * durations[target]))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told["kills"] += 1
        found = _look(store, steps[target].corpus, folder / "look", embedder)
        if found not in (state, expected[target]):
            wrong.append(found)
        told["new" if found == expected[target] else "old"] += 1
        state = found
        if told["kills"] % 2 and not wrong:
            durations[target] = _timed(_run(steps[target], store, embedder))
            told["restarts"] += 1
            state = expected[target]  # seen by the next look
    return {**told, "wrong": wrong}


def _steps(folder: Path) -> Sequence[Step]:
    builds = []
    for number, texts in enumerate(STATES):
        corpus = write_corpus(folder / f"corpus{number}", **texts)
        builds.append(Step(corpus, lambda: None, lambda: None))
    clerk = folder / "clerk"
    paper = folder / "extra.txt"
    paper.write_text(EXTRA, encoding="utf-8")

    def before_adding() -> None:
        shutil.rmtree(clerk, ignore_errors=True)
        write_corpus(clerk, **STATES[0])

    def adding() -> None:
        add(clerk, paper, {"level": "政府规章"})

    def before_retiring() -> None:
        before_adding()
        adding()

    return (
        *builds,
        Step(clerk, before_adding, adding),
        Step(clerk, before_retiring, lambda: retire([clerk], "extra", "废止")),
    )


def _run(step: Step, store: Path, embedder: Embedder) -> Callable[[], object]:
    def run() -> None:
        step.act()
        build([step.corpus], store, embedder)

    return run


def _whole(step: Step, folder: Path, embedder: Embedder) -> str:
    """What a reader sees where the step was never killed and nothing was there before."""
    whole = folder / "whole"
    step.prepare()
    _wait(_fork(_run(step, whole, embedder)))
    found = _look(whole, step.corpus, folder / "look", embedder)
    shutil.rmtree(whole)
    return found


def _look(store: Path, corpus: Path, report: Path, embedder: Embedder) -> str:
    """What a reader sees, as a fingerprint, or the error it gets."""

    def look() -> None:
        try:
            problems = read_corpus([corpus]).problems
            report.write_text(hashlib.sha256(repr((seen(store, embedder), problems)).encode()).hexdigest())
        except BotError as error:
            report.write_text(str(error))

    report.write_text("the reader died")
    _wait(_fork(look))
    return report.read_text()


def _fork(action: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        action()
        os._exit(0)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
    os._exit(1)


def _wait(child: int) -> None:
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"child ended with {status}")


def _timed(action: Callable[[], object]) -> float:
    """Seconds that a child takes for it."""
    started = time.monotonic()
    _wait(_fork(action))
    return time.monotonic() - started


if __name__ == "__main__":
    print(json.dumps(kill_builds(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])), ensure_ascii=False))
