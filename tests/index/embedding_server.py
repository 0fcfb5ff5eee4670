"""A real HTTP server on this machine that speaks the OpenAI embeddings protocol and answers with character vectors."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.index.small_index import character_embedder

Answer = tuple[int, Any]  # HTTP status, body


class EmbeddingServer:
    """`requests` are the bodies it was sent; `answer` may be replaced to make it fail."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.embedder = character_embedder()
        self.answer: Callable[[dict[str, Any]], Answer] = self.embeddings
        self.delay = 0.0
        self.url = ""

    def embeddings(self, body: dict[str, Any]) -> Answer:
        rows = [
            {"object": "embedding", "index": place, "embedding": (2 * vector).tolist()}
            for place, vector in enumerate(self.embedder.embed(body["input"]))
        ]
        return 200, {"object": "list", "model": body["model"], "data": rows[::-1], "usage": {}}

    @contextmanager
    def running(self) -> Iterator[EmbeddingServer]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.keys.append(self.headers["Authorization"])
                time.sleep(outer.delay)
                status, answer = outer.answer(body) if self.path == "/v1/embeddings" else (404, {})
                content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}/v1"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
