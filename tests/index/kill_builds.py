"""
Build, kill, look, again: python -m tests.index.kill_builds FOLDER KILLS SECONDS

    {"kills": 412, "old": 251, "new": 161, "wrong": []}

Each build leads from one state of a corpus to another and is killed (SIGKILL) at a random moment. Whatever a reader can
see afterwards must be the old state or the new one to the last digit. Children are forked, so that a kill costs half a
second; a process that has started Chroma cannot fork, so this one never does.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

# What takes long to import is there before the fork.
import bm25s  # noqa: F401
import chromadb.api.rust
import chromadb.telemetry.product.posthog  # noqa: F401
import filelock  # noqa: F401

from bot.errors import StoreError
from bot.index.build import build
from bot.text.segment import Segmenter
from tests.index.small_index import EXTRA, PLAN, RULES, character_embedder, seen, write_corpus

STATES = (
    {"plan": PLAN, "rules": RULES},
    {"plan": PLAN.replace("50棵", "60棵"), "rules": RULES, "extra": EXTRA},
    {"extra": EXTRA},
)


def kill_builds(folder: Path, kills: int, seconds: float) -> dict[str, object]:
    """At most so many kills in at most so many seconds."""
    corpora = [write_corpus(folder / f"corpus{number}", **texts) for number, texts in enumerate(STATES)]
    store, embedder = folder / "store", character_embedder()
    for texts in STATES:
        Segmenter().search_terms("".join(texts.values()))  # reads the dictionary, once for all children
    expected = []
    for number, corpus in enumerate(corpora):
        whole = folder / f"whole{number}"
        _wait(_fork(lambda corpus=corpus, whole=whole: build([corpus], whole, embedder)))
        expected.append(_look(whole, folder / "look", embedder))
    _wait(_fork(lambda: build([corpora[1]], store, embedder)))
    duration = _timed(lambda: _wait(_fork(lambda: build([corpora[0]], store, embedder))))
    state, ended = 0, {"old": 0, "new": 0}
    wrong: list[str] = []
    until = time.monotonic() + seconds
    done = 0
    while done < kills and time.monotonic() < until and not wrong:
        done += 1
        target = random.choice([number for number in range(len(STATES)) if number != state])
        child = _fork(lambda target=target: build([corpora[target]], store, embedder))
        time.sleep(random.uniform(0, 1.3 * duration))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = _look(store, folder / "look", embedder)
        if found not in (expected[state], expected[target]):
            wrong.append(found)
        ended["new" if found == expected[target] else "old"] += 1
        state = target if found == expected[target] else state
    return {"kills": done, **ended, "wrong": wrong}


def _look(store: Path, report: Path, embedder: object) -> str:
    """What a reader sees, as a fingerprint, or the error it gets."""

    def look() -> None:
        try:
            report.write_text(hashlib.sha256(repr(seen(store, embedder)).encode()).hexdigest())
        except StoreError as error:
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
    started = time.monotonic()
    action()
    return time.monotonic() - started


if __name__ == "__main__":
    print(json.dumps(kill_builds(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])), ensure_ascii=False))
