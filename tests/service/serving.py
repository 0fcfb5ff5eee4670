"""
A real server on loopback for as long as a test needs it.

    with served(app) as address:  ->  "http://127.0.0.1:41235"
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

GRACE = 2  # seconds that open requests get at the end


@contextmanager
def served(app: ASGIApp, listener: socket.socket | None = None) -> Iterator[str]:
    """The address where `app` answers until the end of the block: that of `listener`, or a free port."""
    listener = listener or socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
