"""
Questions in, growing answers out, without holding up the event loop.

    async for answered in answers.stream(Question("瞪羚归谁管？")): …  ->  Answered(Answer(…), ("…",), whole=True)

Answers are made by a few threads. One depends on nothing but the question, the conversation, the index, the mode and
the day, so the last thousands of them are kept. Whoever leaves the stream gives its thread back: at once where it has
not begun, else at the next sentence.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from cachetools import LRUCache

from bot.answering.compose import invalid
from bot.service.api.metrics import Metrics
from bot.service.current import Current
from bot.types import Answer, Mode

# Threads. A model's answers are mostly waiting; quoted ones are work alone, and with a second one at it both, and the
# event loop, would only wait for each other.
TOGETHER: Mapping[Mode, int] = {"quoted": 1, "generated": 16}
KEPT = 4096  # answers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked: the question, the turns before it, oldest first, and how; mode None: as the service is set.

    `fault`: why it cannot be asked, for who answers that like a question.
    """

    text: str
    history: tuple[tuple[str, str], ...] = ()
    mode: Mode | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as far as it has come; with the whole one, what one might ask next."""

    answer: Answer
    suggestions: tuple[str, ...] = ()
    whole: bool = False
    generation: str = ""  # of the index


class Answers:
    """The answers of one pipeline; for one event loop."""

    def __init__(self, pipeline: Current, metrics: Metrics, kept: int = KEPT) -> None:
        self._pipeline, self._metrics = pipeline, metrics
        self._kept: LRUCache[tuple[object, ...], Answered] = LRUCache(kept)
        self._threads = ThreadPoolExecutor(TOGETHER[pipeline.mode], thread_name_prefix="answer")

    async def whole(self, question: Question) -> Answered:
        """The last of `stream`."""
        async with aclosing(self.stream(question)) as growing:
            async for answered in growing:
                last = answered
        return last

    async def stream(self, question: Question) -> AsyncGenerator[Answered]:
        """Each holds all sentences of the one before; the last is whole."""
        generation = self._pipeline.generation
        if question.fault:
            yield Answered(invalid(question.text, question.fault), whole=True, generation=generation)
            return
        mode = question.mode or self._pipeline.mode
        key = (question.text, question.history, generation, mode, date.today())
        answered = self._kept.get(key)
        self._metrics.kept.labels("hit" if answered else "miss").inc()
        if answered:
            yield answered
            return
        async with aclosing(self._streamed(lambda tell: self._answer(question, generation, tell))) as growing:
            async for answered in growing:
                if answered.whole and _lasts(answered.answer):
                    self._kept[key] = answered
                yield answered

    async def run(self, work: Callable[[], T]) -> T:
        """What `work()` returns, done by one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, question: Question, generation: str, tell: Callable[[Answered], bool]) -> None:
        """In a thread: tell each answer as it comes, until nobody listens."""
        asked = {"question": question.text, "history": [list(turn) for turn in question.history]}
        for answer in self._pipeline.stream(asked, question.mode):
            suggestions = tuple(self._pipeline.suggest(answer)) if answer.is_whole else ()
            if not tell(Answered(answer, suggestions, answer.is_whole, generation)):
                return

    async def _streamed(self, work: Callable[[Callable[[Any], bool]], None]) -> AsyncGenerator[Any]:
        """What `work(tell)` tells in one of the threads; `tell` returns whether anyone listens still."""
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[tuple[Any, BaseException | None] | None] = asyncio.Queue()
        left = threading.Event()

        def put(item: tuple[Any, BaseException | None] | None) -> None:
            with suppress(RuntimeError):  # the loop has ended, nobody listens
                loop.call_soon_threadsafe(told.put_nowait, item)

        def tell(value: Any) -> bool:
            put((value, None))
            return not left.is_set()

        def in_thread() -> None:
            try:
                if not left.is_set():
                    with self._metrics.working.track_inprogress():
                        work(tell)
                put(None)
            except BaseException as error:
                put((None, error))

        future = self._threads.submit(in_thread)
        try:
            while (item := await told.get()) is not None:
                value, error = item
                if error:
                    raise error
                yield value
        finally:
            left.set()
            future.cancel()


def _lasts(answer: Answer) -> bool:
    """Whether the same question would be answered the same: not where something failed."""
    failed = answer.usage is not None and answer.usage.fault
    return not failed and answer.status != "error_internal"
