"""
Start the whole service on one port, in one process or several.

    serve("127.0.0.1", 7860, Path(".store"))  ->  问答服务已启动：http://127.0.0.1:7860（按 Ctrl+C 停止）

The default index is brought up to date with the documents it was built from first (corpus/ where there is none yet); an
index that someone named is used as it is. One that is built meanwhile is taken into use without a restart.
"""

from __future__ import annotations

import errno
import gc
import logging
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.errors import ServiceError, StoreBusyError, VectorServerError
from bot.service.figures import process_ended, shared_in
from bot.service.workers import run
from bot.settings import settings

CAUSES = {
    errno.EADDRINUSE: "端口已被占用",
    errno.EACCES: "没有使用这个端口的权限",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def serve(host: str, port: int, store: Path, workers: int = 1) -> None:
    """
    Serve until Ctrl-C or SIGTERM, by `workers` processes.

    Raises StoreError or ModelError where the index cannot be used, RecordsError for the records, ServiceError for the
    port.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with _listen(host, port) as listener:  # first: a port in use should not cost the time of building an index
        if store == settings().store:
            _bring_up_to_date(store)
        _say("正在启动网页……")
        started = f"问答服务已启动：http://{_shown(host)}:{listener.getsockname()[1]}（按 Ctrl+C 停止）"
        if workers == 1:
            _answer(0, lambda: _say(started), listener, store, None)
        else:
            with tempfile.TemporaryDirectory(prefix="bot-") as folder:  # for its owner only
                given = (listener, store, Path(folder) / "desk.sock")
                (figures := Path(folder) / "figures").mkdir()
                with shared_in(figures):
                    run(workers, _answer, given, lambda: _say(started), process_ended, ["bot.service.process"])
        _say("问答服务已停止。")


def _answer(number: int, ready: Callable[[], None], listener: socket.socket, store: Path, desk: Path | None) -> None:
    """What is imported here takes seconds, and a process that only starts others does not need it."""
    gc.disable()  # nothing of what is imported and opened goes again; looking for it takes an eighth of the time
    from bot.service.process import answer

    def serving() -> None:
        gc.freeze()
        gc.enable()
        ready()

    answer(number, serving, listener, store, desk)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        cause = CAUSES.get(getattr(error, "errno", 0), str(error))
        raise ServiceError(f"无法在 {host}:{port} 上启动：{cause}。请用 BOT_PORT 换一个端口后重试。") from error


def _bring_up_to_date(store: Path) -> None:
    from bot.index.build import build, indexed_paths
    from bot.index.embed import open_embedder

    try:
        paths = indexed_paths(store) or settings().sources
        report = build(paths, store, open_embedder(settings()), _progress, settings().chroma_url)
    except (StoreBusyError, VectorServerError) as error:
        _say(f"{error}本次先用现有索引。")
        return
    for problem in report.problems:
        _say(f"未收录：{problem}")


def _progress(step: str, done: int, total: int) -> None:
    """One line a step on a terminal, rewritten as it goes on; only the ends elsewhere."""
    if sys.stderr.isatty():
        print(f"\r索引：{step} {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done == total:
        _say(f"索引：{step} {total}")


def _shown(host: str) -> str:
    """An address that can be opened: a server that listens everywhere is found at this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
