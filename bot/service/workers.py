"""
Several processes behind one port: started, watched, started again where one dies, ended together.

    run(2, answer, (listener, store))  ->  answer(0, ready, listener, store) and answer(1, …), each in its own process

All accept from the one listening socket, so whoever is free takes the next connection. SIGTERM or Ctrl-C to this
process lets each finish what it is at. A worker whose parent is gone ends as if told to.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Semaphore
from typing import Any

from bot.errors import BotError, ServiceError

LOOK = 0.5  # seconds between two looks at the workers
SOON = 5.0  # seconds; a worker that dies sooner after its start is started again later
LATER = 2.0
KILLED_AFTER = 75.0  # seconds for the last answers; more than the longest answer may take

log = logging.getLogger(__name__)
Task = Callable[..., None]  # (number, ready, *given): serve until SIGTERM; call ready() once


def run(
    count: int,
    task: Task,
    given: tuple[Any, ...],
    all_ready: Callable[[], None],
    ended: Callable[[int], None] = lambda _: None,
    modules: Sequence[str] = (),
) -> None:
    """
    Run `task` in `count` processes until this one is told to stop. `task` and `given` must be picklable.

    What `modules` names is imported once for all of them, so it must start no thread and open no file.
    `all_ready` is called when each has called its `ready`, `ended` with the id of one that died later. Raises
    ServiceError where one ends before all are ready.
    """
    with _told_to_stop() as stop:
        workers = Workers(count, task, given, ended, modules)
        try:
            if workers.wait_ready(stop):
                all_ready()
            while not stop.is_set():
                workers.watch()
        finally:
            workers.end()


class Workers:
    """The processes."""

    def __init__(
        self,
        count: int,
        task: Task,
        given: tuple[Any, ...],
        ended: Callable[[int], None],
        modules: Sequence[str] = (),
    ) -> None:
        # This process has threads, which a fork would break: workers are forked from one that only imports.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(modules))
        self._task, self._given, self._ended = task, given, ended
        self._ready = self._context.Semaphore(0)
        self._started = [0.0] * count
        self._processes = [self._start(number) for number in range(count)]

    def wait_ready(self, stop: threading.Event) -> bool:
        """False where it was told to stop meanwhile."""
        left = len(self._processes)
        while left and not stop.is_set():
            if self._ready.acquire(timeout=LOOK / 5):
                left -= 1
            elif not all(process.is_alive() for process in self._processes):
                raise ServiceError("有工作进程没能启动，原因见上面的提示，服务没有开始。")
        return not left

    def watch(self) -> None:
        """Wait a moment; start again what has died meanwhile."""
        wait([process.sentinel for process in self._processes], timeout=LOOK)
        for number, process in enumerate(self._processes):
            if process.is_alive():
                continue
            log.error("工作进程 %s 意外退出（%s），重新启动。", process.pid, process.exitcode)
            self._ended(process.pid or 0)
            if time.monotonic() < self._started[number] + SOON:
                time.sleep(LATER)
            self._processes[number] = self._start(number)

    def end(self) -> None:
        """Let each finish what it is at."""
        for process in self._processes:
            process.terminate()
        until = time.monotonic() + KILLED_AFTER
        for process in self._processes:
            process.join(max(until - time.monotonic(), 0))
            if process.is_alive():
                process.kill()
                process.join()

    def _start(self, number: int) -> ForkServerProcess:
        self._started[number] = time.monotonic()
        process = self._context.Process(
            target=_work, args=(number, self._ready, self._task, self._given), name=f"worker {number}"
        )
        process.start()
        return process


def _work(number: int, ready: Semaphore, task: Task, given: tuple[Any, ...]) -> None:
    os.setpgid(0, 0)  # Ctrl-C is for the parent, which tells us
    threading.Thread(target=_end_with_parent, name="watch the parent", daemon=True).start()
    logging.basicConfig(format="%(asctime)s %(process)s %(levelname)s %(name)s %(message)s")
    try:
        task(number, ready.release, *given)
    except KeyboardInterrupt:  # told to stop before it served
        sys.exit(0)
    except BotError as error:
        print(f"错误：{error}", file=sys.stderr, flush=True)
        sys.exit(1)
    sys.stderr.flush()
    os._exit(0)  # all is closed, and taking an index in memory apart, value by value, would take seconds more


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    stop = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, lambda *_: stop.set()) for each in signals]
    try:
        yield stop
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
