"""
The pipeline over the index as it is now: a service that goes on for months is not restarted for a new document.

    Current(Path(".store"), open_pipeline(…), reopen).invoke({"question": "瞪羚归谁管"})  ->  Answer(…)

The next generation is opened in a thread of its own, and the one in use answers until that is done. One that cannot be
opened leaves everything as it is, and the log says why.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.answering.pipeline import Pipeline
from bot.answering.suggest import Suggester
from bot.errors import BotError, StoreError
from bot.index.generations import current_generation
from bot.index.store import Store
from bot.types import Answer, Hit, Mode

LOOK = 1.0  # seconds between two looks at CURRENT where nobody asks
AGAIN = 30.0  # seconds until a generation that could not be opened is tried again: a server may be back by then
LONGEST_WAIT = 60.0  # seconds for the next generation, where the one in use is gone

log = logging.getLogger(__name__)


class _Served:
    """A pipeline, and how many questions it is at."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.suggest = Suggester(pipeline)
        self.documents = {document.id: document for document in pipeline.store.documents}
        self.questions = 0


class Current:
    """A pipeline to the pages. Safe to share between threads. `changed` is called after each change of generation."""

    def __init__(self, folder: Path, pipeline: Pipeline, reopen: Callable[[Pipeline, Path], Pipeline]) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._folder = folder
        self._reopen = reopen
        self._served = _Served(pipeline)
        self._idle = threading.Condition()  # guards _served and the numbers of questions
        self._opening = threading.Lock()
        self._failed: tuple[str, float] = ("", 0.0)  # a generation that could not be opened, and when
        self._closed = threading.Event()
        self._warming = threading.Lock()
        self._warm = False

    @property
    def store(self) -> Store:
        return self._served.pipeline.store

    @property
    def generation(self) -> str:
        """The id of the index in use."""
        return self.store.generation

    @property
    def mode(self) -> Mode:
        """How answers are made unless another way is asked for."""
        return "generated" if self._served.pipeline.generator else "quoted"

    def invoke(self, input: dict[str, Any]) -> Answer:  # noqa: A002  (LangChain's name)
        """The answer of the generation in use; where that has been deleted meanwhile, of the one that came after it."""
        self.look()
        with self._in_use() as served:
            answer = served.pipeline.invoke(input)
        if answer.status == "error_internal" and self._wait_for_another(served):
            with self._in_use() as served:
                return served.pipeline.invoke(input)
        return answer

    def stream(self, input: dict[str, Any], mode: Mode | None = None) -> Iterator[Answer]:  # noqa: A002
        """
        Growing answers of the generation in use, which stays open until the last of them; where it has been deleted
        meanwhile, of the one that came after it. mode "quoted": in the papers' words, also where there is a model.
        """
        self.look()
        with self._in_use() as served:
            for answer in _streamed(served.pipeline, input, mode):
                if answer.status == "error_internal":
                    break
                yield answer
            else:
                return
        if self._wait_for_another(served):
            with self._in_use() as served:
                yield from _streamed(served.pipeline, input, mode)
        else:
            yield answer

    def search(self, question: str, top_k: int) -> list[Hit]:
        """The chunks found for a question, the best first; nothing is answered."""
        self.look()
        with self._in_use() as served:
            return served.pipeline.retrieve(served.pipeline.understand(question), top_k)

    def suggest(self, answer: Answer) -> Sequence[str]:
        """What one might ask next; nothing where the answer's documents have changed since."""
        with self._in_use() as served:
            papers = [citation.clause.document for citation in answer.citations]
            known = all(served.documents.get(paper.id) is paper for paper in papers)
            return served.suggest(answer) if known else ()

    def openings(self) -> Sequence[str]:
        """What one might ask first."""
        with self._in_use() as served:
            return served.suggest.openings

    def warm(self) -> None:
        """
        Answer a question once, so that no user's is the one that reads the vectors and fills the caches; waits for it
        where another thread is at it. Asked of the texts alone: a model would cost money.
        """
        with self._warming:
            if self._warm:
                return
            try:
                with self._in_use() as served:
                    for question in served.suggest.openings[:1]:
                        served.suggest(served.pipeline.quote({"question": question}))
            except Exception:
                log.exception("no question could be answered beforehand")
            self._warm = True

    def look(self) -> None:
        """Start to open the generation that CURRENT names, if it is another one; never waits for it."""
        if self._next() and self._opening.acquire(blocking=False):
            threading.Thread(target=self._open, name="open the next index", daemon=True).start()

    def watch(self) -> None:
        """Look now and then, so that the pages are of today even where nobody asks."""

        def watching() -> None:
            while not self._closed.wait(LOOK):
                self.look()

        threading.Thread(target=watching, name="watch the index", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def _next(self) -> str | None:
        """The generation to change to."""
        try:
            named = current_generation(self._folder)
        except StoreError:  # whoever deleted the index will build another; this one answers until then
            return None
        failed, when = self._failed
        waiting = named == failed and time.monotonic() < when + AGAIN
        return None if waiting or named == self.store.generation else named

    def _open(self) -> None:
        try:
            while named := self._next():
                try:
                    self._change(self._opened())
                except BotError as error:
                    self._failed = (named, time.monotonic())
                    log.error("新索引 %s 打不开，仍用原来的 %s：%s", named, self.store.generation, error)
        except Exception:
            log.exception("the next index was not opened")
        finally:
            self._opening.release()

    def _opened(self) -> Pipeline:
        """Once asked, so that no user's question is the one that reads the vectors. Raises BotError."""
        pipeline = self._reopen(self._served.pipeline, self._folder)
        try:
            pipeline.store.dense(next((chunk.text for chunk in pipeline.store.chunks), ""), 1)
        except BaseException:
            pipeline.store.close()
            raise
        return pipeline

    def _change(self, pipeline: Pipeline) -> None:
        following = _Served(pipeline)
        with self._idle:
            before, self._served = self._served, following
        self.changed()
        log.info("索引已换成 %s", pipeline.store.generation)
        with self._idle:
            self._idle.wait_for(lambda: before.questions == 0)
        before.pipeline.store.close()
        gc.unfreeze()  # what a start froze may be the index that goes now

    def _wait_for_another(self, served: _Served) -> bool:
        """Whether another generation is in use, or has come to be in time."""
        until = time.monotonic() + LONGEST_WAIT
        while self._served is served and (self._next() or self._opening.locked()) and time.monotonic() < until:
            self.look()
            time.sleep(0.02)
        return self._served is not served

    @contextmanager
    def _in_use(self) -> Iterator[_Served]:
        with self._idle:
            served = self._served
            served.questions += 1
        try:
            yield served
        finally:
            with self._idle:
                served.questions -= 1
                self._idle.notify_all()


def _streamed(pipeline: Pipeline, input: dict[str, Any], mode: Mode | None) -> Iterator[Answer]:  # noqa: A002
    return iter((pipeline.quote(input),)) if mode == "quoted" else pipeline.stream(input)
