"""
The quoting answer and its evidence -> prompt -> model -> checked sentences: answers that grow while the model writes.

    Generator(chat, "qwen3", Grounder(outlines), 30.0).stream(quoted, drafts, started)
        ->  Answer(mode="generated", sentences=("每年培养30名以上。[1]",)), …, the whole with its cost

Whatever the model or its endpoint does, the last answer comes before the wait is over, and is the quoting answer where
nothing else is left.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter
from tenacity.stop import stop_before_delay

from bot.answering.draft import Draft
from bot.answering.generate.assemble import Assembly, Grounder
from bot.answering.generate.breaker import Breaker
from bot.answering.generate.passages import passages, written
from bot.answering.generate.prompts import load
from bot.answering.generate.reading import ModelFault, Reply
from bot.answering.generate.reply import Said, sentences
from bot.types import Answer, Outline, Usage

ATTEMPTS = 3
MOST_SENTENCES = 5  # asked for
MOST_CHARACTERS = 2000  # read; a model that goes on has lost itself
MOST_REPEATS = 3
MARGIN = 0.5  # seconds, or a fifth of a short wait, that are at least left for what comes after the model

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens."""

    input: float = 0.0
    output: float = 0.0


class Generator:
    """
    Any chat model of LangChain, and what its answers are checked with. Safe to share between threads.

    timeout: seconds for a whole answer, counted from when the question came; silence: those until the first piece of a
    reply, after which it is asked for once more. Raises PromptError where the prompts cannot be read.
    """

    def __init__(
        self,
        chat: Runnable[Any, Any],
        name: str,
        check: Callable[[Iterable[Outline]], Grounder],
        timeout: float = 30.0,
        prices: Prices = Prices(),
        outlines: Iterable[Outline] = (),
        breaker: Breaker | None = None,
        silence: float | None = None,
    ) -> None:
        self.chat, self.name, self.timeout, self.prices = chat, name, timeout, prices
        self.breaker = breaker or Breaker()
        self.silence = silence if silence is not None else timeout / 2
        self._check = check
        self._grounder = check(outlines)
        self._system, self._question = load("system"), load("question")

    def over(self, outlines: Iterable[Outline]) -> Generator:
        """The same model for other documents."""
        return Generator(
            self.chat, self.name, self._check, self.timeout, self.prices, outlines, self.breaker, self.silence
        )

    def stream(self, quoted: Answer, drafts: Sequence[Draft], started: float) -> Iterator[Answer]:
        """Growing answers, the last of them whole. `started` is when the question came, of time.monotonic()."""
        given, own = passages(quoted, drafts) if quoted.status == "answered" else ((), frozenset())
        if not given:
            yield quoted
            return
        asking = _Asking(self, self._messages(quoted, written(given)), started)
        assembly = Assembly(quoted, drafts, given, own, self._grounder)
        timings = dict(quoted.timings_ms)
        fault = ""
        try:
            for said in asking.sentences():
                if assembly.repeats > MOST_REPEATS:
                    raise ModelFault("endless")
                if asking.is_over:  # one piece may hold more sentences than there is time to check
                    raise ModelFault("timeout")
                if assembly.add(said):
                    timings.setdefault("first_sentence", _since(started))
                    yield assembly.answer(timings)
        except ModelFault as error:
            fault = error.kind
            log.warning("大模型 %s 没有好好答完（%s），用原文补上。", self.name, error.in_words)
        except Exception:
            fault = "unexpected"
            log.exception("a reply of %s was not worked on", self.name)
        timings["total"] = _since(started)
        yield assembly.finished(asking.usage(fault), timings, cut=bool(fault))

    def _messages(self, quoted: Answer, given: str) -> list[BaseMessage]:
        fence = f"＝＝{secrets.token_hex(8)}＝＝"
        return [
            SystemMessage(self._system.fill(fence=fence, most=MOST_SENTENCES)),
            HumanMessage(self._question.fill(fence=fence, passages=given, question=quoted.query.understood)),
        ]


class _Asking:
    """One question to the model: its attempts, and what they took."""

    def __init__(self, generator: Generator, messages: list[BaseMessage], started: float) -> None:
        self._generator, self._messages = generator, messages
        # What comes after the model is the kind of work that quoting was: where that took long, so will this.
        quoting = time.monotonic() - started
        margin = max(min(MARGIN, generator.timeout / 5), min(quoting, generator.timeout / 2))
        self._until = started + generator.timeout - margin
        self._replies: list[Reply] = []

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._until

    def sentences(self) -> Iterator[Said]:
        """Raises ModelFault. Asks again only as long as no sentence has come."""
        breaker = self._generator.breaker
        if not breaker.allows():
            raise ModelFault("open")
        if self.is_over:
            raise ModelFault("timeout")
        left = self._until - time.monotonic()
        again = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, ModelFault) and error.is_passing),
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(max(left, 0)),
            wait=_pause,
            reraise=True,
        )
        try:
            found = again(self._begin)
        except ModelFault:
            breaker.failed()
            raise
        breaker.worked()
        length = 0
        for said in found:
            length += len(said.text)
            yield said
            if length > MOST_CHARACTERS:
                raise ModelFault("endless")

    def usage(self, fault: str) -> Usage:
        told = [reply.tokens for reply in self._replies if reply.tokens]
        # One that answered in part is paid for too, though it did not come to tell what.
        untold = [reply for reply in self._replies if not reply.tokens and reply.received]
        written = sum(len(str(message.content)) for message in self._messages)
        sent = sum(tokens[0] for tokens in told) + len(untold) * written
        received = sum(tokens[1] for tokens in told) + sum(reply.received for reply in untold)
        prices = self._generator.prices
        cost = (sent * prices.input + received * prices.output) / 1_000_000
        name, attempts = self._generator.name, len(self._replies)
        return Usage(name, sent, received, round(cost, 6), attempts, estimated=bool(untold), fault=fault)

    def _begin(self) -> Iterator[Said]:
        reply = Reply(self._generator.chat, self._messages, self._until, self._generator.silence)
        self._replies.append(reply)
        found = sentences(_whole(reply))
        first = next(found, None)
        if first is None:
            raise ModelFault("empty")
        return chain([first], found)


def _whole(reply: Reply) -> Iterator[str]:
    """The pieces, closed by a line break where the model had come to its end. Raises ModelFault where it had not."""
    length = 0
    for piece in reply:
        yield piece
        length += len(piece)
    if reply.finished:
        yield "\n"
    else:
        raise ModelFault("cut" if length else "empty")


def _pause(state: RetryCallState) -> float:
    """Seconds until the next attempt: what the server asks for, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    told = error.wait if isinstance(error, ModelFault) else None
    return told if told is not None else float(wait_exponential_jitter(multiplier=0.2, max=2, jitter=0.2)(state))


def _since(started: float) -> float:
    return 1000 * (time.monotonic() - started)
