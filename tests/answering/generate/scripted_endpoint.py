"""
A real HTTP server on this machine that speaks the OpenAI chat protocol and streams what it was told to say.

    with ScriptedEndpoint().running() as endpoint:
        endpoint.script = [[Status(429, {"Retry-After": "0"})], says("每年培养30名以上。[1]")]
        …  # the first request is refused, the second and all later ones get the sentence

It is no model: it knows nothing of what it is asked, and it can misbehave as servers of models do.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Status:
    """Instead of a stream: this status and body."""

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = '{"error": {"message": "no"}}'


@dataclass(frozen=True)
class Piece:
    """A piece of the reply's text; with `delta` something else than text, as a tool call."""

    text: str = ""
    delta: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class Meet:
    """Goes on when as many requests as the barrier counts are here at the same time."""

    barrier: threading.Barrier


@dataclass(frozen=True)
class Raw:
    """Bytes as they are, whether they make sense or not."""

    content: bytes


@dataclass(frozen=True)
class Cut:
    """The connection is closed, with `reset` torn down, in the middle of the stream."""

    reset: bool = False


@dataclass(frozen=True)
class End:
    """The model says why it ended; then the tokens are told, if any, and the stream is closed."""

    reason: str = "stop"
    tokens: tuple[int, int] | None = (100, 20)


@dataclass(frozen=True)
class Endless:
    """This text again and again, until the reader has gone, or a minute is over."""

    text: str
    pause: float = 0.0
    is_raw: bool = False


Step = Status | Piece | Pause | Meet | Raw | Cut | End | Endless
Script = Sequence[Step]


def says(text: str, size: int = 2, reason: str = "stop", tokens: tuple[int, int] | None = (100, 20)) -> list[Step]:
    """The whole text in pieces of `size` characters."""
    pieces = [Piece(text[start : start + size]) for start in range(0, len(text), size)]
    return [*pieces, End(reason, tokens)]


class ScriptedEndpoint:
    """`requests` are the bodies it was sent. The last script is used for all requests that come after it."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.script: Sequence[Script] | Callable[[dict[str, Any]], Script] = [says("")]
        self.first_sentence_at = 0.0  # time.monotonic() when the first piece that ends with ] was sent
        self.gone = threading.Event()  # set when a reader has left before the end
        self.url = ""

    def next_script(self, body: dict[str, Any]) -> Script:
        if callable(self.script):
            return self.script(body)
        return self.script[min(len(self.requests), len(self.script)) - 1]

    @contextmanager
    def running(self) -> Iterator[ScriptedEndpoint]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.keys.append(self.headers["Authorization"])
                steps = outer.next_script(body) if self.path == "/v1/chat/completions" else [Status(404)]
                try:
                    self.play(steps, str(body.get("model")))
                except (BrokenPipeError, ConnectionResetError):
                    outer.gone.set()
                self.close_connection = True

            def play(self, steps: Script, model: str) -> None:
                if isinstance(steps[0], Status):
                    content = steps[0].body.encode()
                    self.send_response(steps[0].code)
                    for name, value in steps[0].headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream; charset=utf-8")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for step in steps:
                    if isinstance(step, Piece):
                        self.piece(step, model)
                    elif isinstance(step, Pause):
                        time.sleep(step.seconds)
                    elif isinstance(step, Meet):
                        step.barrier.wait()
                    elif isinstance(step, Raw):
                        self.send(step.content)
                    elif isinstance(step, Endless):
                        until = time.monotonic() + 60
                        while time.monotonic() < until:
                            self.send(step.text.encode()) if step.is_raw else self.piece(Piece(step.text), model)
                            time.sleep(step.pause)
                    elif isinstance(step, Cut):
                        if step.reset:
                            linger = struct.pack("ii", 1, 0)
                            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        self.connection.close()
                        return
                    elif isinstance(step, End):
                        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": step.reason}]}, model)
                        if step.tokens:
                            sent, received = step.tokens
                            counted = {"prompt_tokens": sent, "completion_tokens": received}
                            self.event({"choices": [], "usage": counted | {"total_tokens": sent + received}}, model)
                        self.send(b"data: [DONE]\n\n")
                self.wfile.write(b"0\r\n\r\n")

            def piece(self, piece: Piece, model: str) -> None:
                delta = piece.delta if piece.delta is not None else {"content": piece.text}
                if piece.text.endswith("]") and not outer.first_sentence_at:
                    outer.first_sentence_at = time.monotonic()
                self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}, model)

            def event(self, content: dict[str, Any], model: str) -> None:
                head = {"id": "scripted", "object": "chat.completion.chunk", "created": 0, "model": model}
                self.send(f"data: {json.dumps(head | content, ensure_ascii=False)}\n\n".encode())

            def send(self, content: bytes) -> None:
                self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: object) -> None:
                """A reader that has gone is none of ours to report."""

        server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}/v1"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            with suppress(OSError):
                server.server_close()
