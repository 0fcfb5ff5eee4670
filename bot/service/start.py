"""
Start the whole service on one port, in one process.

    serve("127.0.0.1", 7860, Path(".store"))  ->  问答服务已启动：http://127.0.0.1:7860（按 Ctrl+C 停止）

The default index is brought up to date with the documents it was built from first (corpus/ where there is none yet); an
index that someone named is used as it is. One that is built meanwhile is taken into use without a restart.
"""

from __future__ import annotations

import errno
import logging
import socket
import sys
from contextlib import suppress
from pathlib import Path

from bot.errors import ServiceError, StoreBusyError, VectorServerError
from bot.settings import settings

CAUSES = {
    errno.EADDRINUSE: "端口已被占用",
    errno.EACCES: "没有使用这个端口的权限",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def serve(host: str, port: int, store: Path) -> None:
    """Serve until Ctrl-C. Raises StoreError or ModelError where the index cannot be used, ServiceError for the port."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with _listen(host, port) as listener:  # first: a port in use should not cost the time of building an index
        if store == settings().store:
            _bring_up_to_date(store)
        _say("正在启动网页……")
        import uvicorn

        from bot.answering.pipeline import open_pipeline, reopen
        from bot.service.api.metrics import Measured
        from bot.service.current import Current
        from bot.service.headers import Headers
        from bot.service.limits import Limits
        from bot.service.limits.rates import Rates
        from bot.service.records import Records
        from bot.service.server import create_app
        from bot.service.service import Service
        from bot.service.staff import Staff

        current = Current(store, open_pipeline(store), reopen)
        password = settings().staff_password.get_secret_value()
        staff = Staff(password, settings().sources, store, current) if password else None
        records = Records.open(settings().records_url, folder=settings().data)
        service = Service.of(current, records, settings())
        app = create_app(current, current.suggest, staff, service)
        current.changed = app.state.refresh
        current.watch()
        rates = Rates(settings().data, settings().limits_redis)
        gate = Headers(Measured(Limits(app, records, settings(), rates), service.metrics), settings())
        server = uvicorn.Server(
            uvicorn.Config(gate, log_level="warning", server_header=False, timeout_graceful_shutdown=10)
        )
        _say(f"问答服务已启动：http://{_shown(host)}:{listener.getsockname()[1]}（按 Ctrl+C 停止）")
        with suppress(KeyboardInterrupt):  # raised again by uvicorn when it has finished the running answers
            server.run(sockets=[listener])
        if staff:
            staff.close()
        service.close()
        records.close()
        _say("问答服务已停止。")


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
