"""
How the service stands under load, over real HTTP on this machine: `python -m bot serve` and many open conversations.

    python bench/service.py [--seconds 60] [--fresh] [--closed] [--stream] [--workers 2] [--times 10]
        ->  200 conversations, 110 questions a second: answers a second, p50, p95, errors, memory

Each conversation asks three questions, carries them along as its history, and is followed by a new one. Threes of
questions are taken from the practice set, a few often and most seldom (Zipf), as people ask what is on a page; with
--fresh no conversation is like another, and no answer is one that was kept. Questions come at their own steady pace;
with --closed each client asks again the moment it has its answer, so that 200 questions are always on their way: then
an answer takes 200 divided by the answers a second, and what is measured is how many there can be. With --stream
answers are taken as server-sent events.

Then so many times as many conversations come at once, from as many addresses, with the limits of the default settings:
every request must be answered (200, 429 or 503), and the first question afterwards soon. On a machine that has other
work the processor's time tells more than the clock does, so it is printed too, that of the clients beside.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

PROJECT = Path(__file__).resolve().parent.parent
QUESTIONS = PROJECT / "eval" / "questions" / "plan-dev.jsonl"
CONVERSATIONS = 200
RATE = 110.0  # questions a second of all conversations together
STREAMED = {"Accept": "text/event-stream"}
TURNS = 3  # questions a conversation
THINK = 0.1  # seconds between an answer and the next question at least: nobody asks within the same moment
WARM = 5.0  # seconds before anything is counted
NO_LIMIT = "1000000"


@dataclass
class Seen:
    """What the clients saw."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  # of replies with status 200
    started: float = 0.0
    sent: int = 0  # also before anything was counted

    def report(self, name: str, spent: float) -> str:
        answers = self.statuses["200"]
        ranked = sorted(self.seconds) or [0.0]
        p50, p95, p99 = (1000 * ranked[min(int(part * len(ranked)), len(ranked) - 1)] for part in (0.5, 0.95, 0.99))
        told = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        times = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms"
        return f"{name}: {answers / spent:.1f} answers a second, {times} ({told})"


class Asker:
    """One client, and the conversations it has one after the other."""

    def __init__(self, number: int, questions: list[str], fresh: bool, stream: bool) -> None:
        self._random = random.Random(number)
        self._questions, self._fresh = questions, fresh
        self._weights = [1 / (place + 1) for place in range(len(questions) // TURNS)]
        self._asked: list[str] = []
        self._headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        self._headers |= STREAMED if stream else {}
        self._conversation, self._history = "", list[list[str]]()

    async def ask(self, session: aiohttp.ClientSession, url: str, seen: Seen) -> None:
        if not self._asked:
            self._conversation, self._history = f"conversation-{self._random.getrandbits(64):x}", []
            (place,) = self._random.choices(range(len(self._weights)), self._weights)
            chosen = self._questions[TURNS * place : TURNS * (place + 1)]
            self._asked = self._random.sample(self._questions, TURNS) if self._fresh else chosen
        question, *self._asked = self._asked
        body = {"question": question, "history": self._history, "conversation": self._conversation}
        started = time.perf_counter()
        try:
            async with session.post(f"{url}/api/v1/ask", json=body, headers=self._headers) as reply:
                said, status = _said(await reply.text()), str(reply.status)
                status += f" {said['title']}" if reply.status != 200 else ""
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            said, status = None, type(error).__name__
        seen.sent += 1
        if started < seen.started:
            return
        seen.statuses[status] += 1
        if said and status == "200":
            seen.seconds.append(time.perf_counter() - started)
            self._history.append([question, said["text"][:1000]])


def _said(reply: str) -> dict[str, Any]:
    """A JSON reply, or the last event of a stream, which holds the whole reply."""
    if reply.startswith(("event:", ":")):
        reply = reply.rpartition("event: done\ndata: ")[2]
    said: dict[str, Any] = json.loads(reply)
    return said


async def load(url: str, conversations: int, rate: float, seconds: float, fresh: bool, stream: bool = False) -> Seen:
    """So many conversations, each asking at its own steady pace, never twice at once; without a pause at rate 0."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [question for line in lines if (question := json.loads(line)["question"].strip())]
    questions = [question for question in questions if len(question) <= 300]
    random.Random(7).shuffle(questions)
    pause, think = (conversations / rate, THINK) if rate else (0.0, 0.0)
    seen = Seen(started=time.perf_counter() + WARM)
    until = seen.started + seconds

    async def converse(number: int) -> None:
        asker = Asker(number, questions, fresh, stream)
        due = time.perf_counter() + pause * number / conversations
        while due < until:
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            await asker.ask(session, url, seen)
            due = max(due + pause, time.perf_counter() + think)

    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=70)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        await asyncio.gather(*(converse(number) for number in range(conversations)))
    return seen


@contextmanager
def serving(store: str, workers: int, **settings: str) -> Iterator[tuple[str, int]]:
    """The address of a running service and the process id of its first process."""
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "BOT_STORE": store, "BOT_DATA": data, "BOT_PORT": "0", **settings}
        environment |= {"BOT_TRUSTED_PROXIES": "127.0.0.1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "bot", "serve", "--workers", str(workers)]
        with subprocess.Popen(command, env=environment, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr
            line = next(line for line in process.stderr if "已启动" in line)
            try:
                yield re.findall(r"http://[\d.:]+", line)[0], process.pid
            finally:
                process.terminate()
                process.stderr.read()


def family(pid: int) -> list[int]:
    """A process and its children."""
    found = [pid]
    for each in found:
        found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    return found


def memory(pid: int) -> float:
    """MB."""
    resident = (re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{each}/status").read_text()) for each in family(pid))
    return sum(int(found[1]) for found in resident if found) / 1024


def processor(pid: int) -> float:
    """Seconds of processor time so far."""
    spent = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:13] for each in family(pid))
    return sum(int(user) + int(system) for user, system in spent) / os.sysconf("SC_CLK_TCK")


async def first_answer(url: str) -> float:
    """Seconds until a question of someone new is answered again."""
    started = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        while True:
            headers = {"X-Forwarded-For": "192.0.2.1"}
            async with session.post(f"{url}/api/v1/ask", json={"question": "瞪羚归谁管？"}, headers=headers) as reply:
                if reply.status == 200:
                    return time.perf_counter() - started
            await asyncio.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", default="")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--times", type=int, default=10)
    for kind in ("--fresh", "--closed", "--stream"):
        parser.add_argument(kind, action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = chosen.store or folder
        if not chosen.store:
            command = [sys.executable, "-m", "bot", "index", "--store", store]
            subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
        unlimited = dict.fromkeys(("BOT_CONVERSATION_LIMIT", "BOT_ADDRESS_LIMIT", "BOT_REQUEST_LIMIT"), NO_LIMIT)
        with serving(store, chosen.workers, **unlimited) as (url, pid):
            before, idle = memory(pid), processor(pid)
            rate, client = 0.0 if chosen.closed else chosen.rate, time.process_time()
            seen = asyncio.run(load(url, CONVERSATIONS, rate, chosen.seconds, chosen.fresh, chosen.stream))
            print(seen.report(f"{CONVERSATIONS} conversations", chosen.seconds))
            used = processor(pid) - idle
            every = chosen.seconds + WARM
            print(f"processor: {used / every:.2f} of a core, {1000 * used / max(seen.sent, 1):.1f} ms a question")
            print(f"processor of the clients: {(time.process_time() - client) / every:.2f} of a core")
            print(f"memory: {before:.0f} MB at the start, {memory(pid):.0f} MB at the end")
        if chosen.times:
            with serving(store, chosen.workers) as (url, pid):
                sizes = [memory(pid)]
                many, every = chosen.times * CONVERSATIONS, chosen.seconds / 2
                for _ in range(2):
                    idle = processor(pid)
                    seen = asyncio.run(load(url, many, chosen.times * chosen.rate, every, chosen.fresh))
                    sizes.append(memory(pid))
                    print(seen.report(f"{many} conversations, limits on", every))
                    print(f"processor: {1000 * (processor(pid) - idle) / max(seen.sent, 1):.1f} ms a question")
                print(f"first answer afterwards: {asyncio.run(first_answer(url)):.2f} s")
                print("memory: " + ", ".join(f"{size:.0f} MB" for size in sizes) + " (start, after each half)")


if __name__ == "__main__":
    main()
