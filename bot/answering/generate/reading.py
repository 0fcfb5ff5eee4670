"""
Read a model's reply in the background, so that whoever waits for it never waits longer than agreed.

    reply = Reply(chat, messages, until=monotonic() + 30)
    list(reply)  ->  ["每年培养", "30名以上。[1]"];  reply.tokens  ->  (812, 24);  reply.finished  ->  True

Every chat model of LangChain reads here, in one event loop in a thread of its own: cancelling closes the connection at
once, also one that drips a byte a second. Whatever goes wrong is a ModelFault.
"""

from __future__ import annotations

import asyncio
import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable

STATUS = {401: "refused", 403: "refused", 404: "refused", 408: "timeout", 429: "rate_limit"}
WORTH_ANOTHER = frozenset({"timeout", "rate_limit", "server", "connection", "empty"})
AHEAD = 100  # pieces
LONGEST_TOLD = 200  # characters of what a server says
_KEY = re.compile(r"sk-[\w*-]+|(?=[\w*-]*[\d*])[\w*-]{16,}", re.ASCII)  # what may be one, whole or in part
ENDED = frozenset({"stop", "eos", "end_turn"})

# The kinds of fault in plain words, for the log: what whoever runs the service can do something about.
IN_WORDS = {
    "timeout": "到时没有答完",
    "rate_limit": "接口限流",
    "server": "接口出错",
    "connection": "接口连不上，或者中途断线",
    "refused": "接口不受理，请核对 BOT_LLM_URL、BOT_LLM_MODEL、BOT_LLM_KEY 和 BOT_LLM_EXTRA",
    "empty": "回复是空的",
    "cut": "回复没有写完",
    "endless": "回复写个不停",
    "open": "接连出错，暂不再问",
}


class ModelFault(Exception):  # noqa: N818  (Fault is the word of Usage)
    """
    A model that did not do what it was asked. `kind` is one of Usage.fault; `wait` is what the server asks for, `told`
    what it says of the matter, for the log.
    """

    def __init__(self, kind: str, wait: float | None = None, told: str = "") -> None:
        super().__init__(kind)
        self.kind, self.wait, self.told = kind, wait, told

    @property
    def in_words(self) -> str:
        return f"{IN_WORDS[self.kind]}：{self.told}" if self.told else IN_WORDS[self.kind]

    @property
    def is_passing(self) -> bool:
        """Whether asking once more may help."""
        return self.kind in WORTH_ANOTHER


class Reply:
    """One reply. Iterate for its pieces, once; closing the iterator ends the reading and its connection."""

    def __init__(
        self, chat: Runnable[Any, Any], messages: Sequence[BaseMessage], until: float, silence: float = 60.0
    ) -> None:
        self._chat, self._messages, self._until = chat, list(messages), until
        self._silence = silence  # seconds until the first piece; who does not begin may do so when asked again
        self.tokens: tuple[int, int] | None = None  # sent, received; None where the endpoint does not tell
        self.received = 0  # characters
        self.finished = False  # whether the model said that it was done

    def __iter__(self) -> Iterator[str]:
        """Raises ModelFault, "timeout" where the time is over."""
        pieces: queue.SimpleQueue[Any] = queue.SimpleQueue()
        reading = asyncio.run_coroutine_threadsafe(self._read(pieces), _loop())
        first = time.monotonic() + self._silence
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(min(self._until, first) - time.monotonic(), 0))
                except queue.Empty:
                    raise ModelFault("timeout") from None
                if time.monotonic() > self._until:  # there may be more waiting than can be read in time
                    raise ModelFault("timeout")
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    raise fault_of(piece) from piece
                first = self._until
                self._note(piece)
                if text := piece.text:
                    self.received += len(text)
                    yield str(text)
        finally:
            reading.cancel()

    async def _read(self, pieces: queue.SimpleQueue[Any]) -> None:
        try:
            async with asyncio.timeout(max(self._until - time.monotonic(), 0)):
                async for piece in self._chat.astream(self._messages):
                    pieces.put(piece)
                    while pieces.qsize() > AHEAD:  # a flood is not taken in faster than it is read
                        await asyncio.sleep(0.01)
            pieces.put(None)
        except BaseException as error:
            pieces.put(error)
            if not isinstance(error, Exception):
                raise

    def _note(self, piece: Any) -> None:
        if counted := getattr(piece, "usage_metadata", None):
            sent, received = self.tokens or (0, 0)
            self.tokens = sent + counted["input_tokens"], received + counted["output_tokens"]
        reason = piece.response_metadata.get("finish_reason") or piece.response_metadata.get("done_reason")
        self.finished = self.finished or reason in ENDED


def fault_of(error: BaseException) -> ModelFault:
    """What an exception of a client library means. Told by what they have in common, not by the library's names."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        response = getattr(error, "response", None)
        wait = _seconds(getattr(response, "headers", {}).get("retry-after", ""))
        return ModelFault(STATUS.get(status, "server" if status >= 500 else "refused"), wait, _told(status, error))
    name = type(error).__name__
    if isinstance(error, TimeoutError) or "Timeout" in name:
        return ModelFault("timeout")
    if isinstance(error, ValueError) and "No generation" in str(error):  # LangChain's word for an empty stream
        return ModelFault("empty")
    if isinstance(error, ReplyTooLongError):
        return ModelFault("endless")
    # A cut stream, a reset connection, lines that are no JSON, another shape: no two libraries name them alike.
    return ModelFault("connection")


class ReplyTooLongError(Exception):
    """An endpoint sends more than any answer takes."""


def _told(status: int, error: BaseException) -> str:
    """
    The status and what the server says, short and without a key: 400 Unknown parameter: 'thinking'. Chinese may be the
    question or the passages come back, which no log may hold.
    """
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    line = " ".join(str(said or "").split())[:LONGEST_TOLD]
    line = "" if re.search("[\u3400-\u9fff]", line) else line
    return _KEY.sub("…", f"{status} {line}".strip())


def _seconds(header: str) -> float | None:
    """Retry-After: seconds, or a date."""
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError):
        return None


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The loop in which all replies are read: connections are kept open in it from one to the next."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="replies of models", daemon=True).start()
    return loop
