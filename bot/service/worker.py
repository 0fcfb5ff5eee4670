"""
Run one task in a process of its own, so that reading a heavy file or building an index does not slow the answers.

    run(read, (path, {}), limit=120)  ->  what read(path, {}, progress) returns there

The process is ended where it takes too long. What its user can do something about comes back as the error it was.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from bot.errors import BotError, ServiceError

Progress = Callable[[str, int, int], None]  # step in Chinese, done, of how many

DIED = "没有做完：内存不足或被系统中止，请稍后再试；仍不行请改用较小的文件。"
log = logging.getLogger(__name__)


def run(task: Callable[..., Any], given: tuple[Any, ...], limit: float, progress: Progress | None = None) -> Any:
    """
    What `task(*given, progress)` returns. `task` and what goes in and out must be picklable; `limit` is in seconds.

    Raises the BotError that the task raised, ServiceError where it took too long or was lost.
    """
    context = multiprocessing.get_context("spawn")  # the service has threads, which a fork would break
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, task, given), daemon=True)
    process.start()
    theirs.close()
    until = time.monotonic() + limit
    try:
        while ours.poll(max(until - time.monotonic(), 0)):
            kind, value = ours.recv()
            if kind == "done":
                return value
            if kind == "fault":
                raise value
            if kind == "crash":
                log.error("%s", value)
                raise ServiceError("系统暂时出错，没有做完，请稍后再试。")
            if progress:
                progress(*value)
        raise ServiceError(f"超过{limit / 60:.0f}分钟没有做完，已经停下，请改用较小的文件或拆成几份。")
    except EOFError:
        raise ServiceError(DIED) from None
    finally:
        ours.close()
        process.kill()
        process.join()


def _work(pipe: Connection, task: Callable[..., Any], given: tuple[Any, ...]) -> None:
    try:
        pipe.send(("done", task(*given, lambda *step: pipe.send(("progress", step)))))
    except BotError as error:
        pipe.send(("fault", error))
    except Exception:
        pipe.send(("crash", traceback.format_exc()))
