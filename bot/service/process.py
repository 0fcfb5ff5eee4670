"""
What one process of the service does: open the index and the records, answer on a listening socket until told to stop.

    answer(0, ready, listener, Path(".store"), None)

The default is one process; `--workers` runs this in several (see workers.py), which share the socket, the records and
the counters of the limits. Each looks for a newer index by itself, so an update reaches all of them.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot.answering.pipeline import open_pipeline, reopen
from bot.service.api.metrics import Measured
from bot.service.current import Current
from bot.service.forward import Desk, Forward, ForwardConsole
from bot.service.head import Head
from bot.service.headers import Headers
from bot.service.limits import Limits
from bot.service.limits.rates import Rates
from bot.service.records import open_records
from bot.service.server import create_app
from bot.service.service import Service
from bot.service.staff import Staff
from bot.settings import Settings, settings

STREAMS_END = 1.0  # seconds that streams which are no answers get at the end: a page's heartbeat never ends by itself
SWITCH = 0.001  # seconds that an answer keeps the interpreter when the event loop has something to do; 0.005 by default
SLACK = 5.0  # seconds after the last answer's time-out

log = logging.getLogger(__name__)


def answer(number: int, ready: Callable[[], None], listener: socket.socket, store: Path, desk: Path | None) -> None:
    """
    Serve until SIGTERM or Ctrl-C. `ready` is called when requests are taken.

    `desk` is the Unix socket over which other workers reach the staff pages and the console of worker 0; None where
    there is one worker.
    Raises StoreError or ModelError where the index cannot be used, RecordsError for the records.
    """
    sys.setswitchinterval(SWITCH)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it again when it is done; we are not
    chosen = settings()
    current = Current(store, open_pipeline(store), reopen)
    records = open_records(chosen)
    staff = _staff(number, store, current, desk)
    service = Service.of(current, records, chosen)
    console = ForwardConsole(desk) if desk and number else None
    app: Any = create_app(current, current.suggest, staff, service, quiet=lambda: not gate.busy, console=console)
    current.changed = lambda: app.state.refresh()  # another one when the page is there
    gate = Limits(app, records, chosen, Rates(chosen.data, chosen.limits_redis))
    sockets = [listener]
    if desk and number == 0:
        sockets.append(_listen_at(desk))
    config = configured(Desk(Head(Headers(Measured(gate, service.metrics), chosen)), app), chosen)
    threading.Thread(target=current.warm, name="warm up", daemon=True).start()
    current.watch()
    records.watch()
    try:
        with suppress(KeyboardInterrupt):  # raised again by uvicorn when it has finished the running answers
            Server(config, gate, ready).run(sockets)
    finally:
        if staff:
            staff.close()
        service.close()
        records.close()


def configured(app: ASGIApp, chosen: Settings) -> uvicorn.Config:
    """How uvicorn serves `app`. Who a request comes from is read from X-Forwarded-For behind a trusted proxy only."""
    return uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(chosen.proxies),
        forwarded_allow_ips=chosen.proxies,
        timeout_graceful_shutdown=int(chosen.timeout + SLACK),
    )


class Server(uvicorn.Server):
    """uvicorn's, that tells when it serves, and at the end waits for answers but not for streams without an end."""

    def __init__(self, config: uvicorn.Config, gate: Limits, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._gate, self._ready = gate, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        ending = asyncio.create_task(self._end_streams())
        await super().shutdown(sockets)
        ending.cancel()

    async def _end_streams(self) -> None:
        await asyncio.sleep(STREAMS_END)
        while self._gate.busy:
            await asyncio.sleep(0.05)
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # that a heartbeat was cut off is no error
        for task in self.server_state.tasks:
            task.cancel()


def _staff(number: int, store: Path, current: Current, desk: Path | None) -> Staff | Forward | None:
    password = settings().staff_password.get_secret_value()
    if not password:
        return None
    return Forward(desk) if desk and number else Staff(password, settings().sources, store, current)


def _listen_at(desk: Path) -> socket.socket:
    desk.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(desk))
    listener.listen(128)
    return listener
