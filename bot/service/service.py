"""
What one process serves with: the one object that every router gets.

    Service.of(Current(…), Records.open("sqlite://"), settings())  ->  Service(pipeline, records, answers, …)
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Self

from ulid import ULID

from bot.service.api.answers import Answered, Answers
from bot.service.api.ask import new_conversation
from bot.service.api.metrics import Metrics
from bot.service.current import Current
from bot.service.records import Records
from bot.settings import Settings
from bot.types import Answer

PATIENCE = 10.0  # seconds for a record to be written


@dataclass(frozen=True, slots=True)
class Service:
    """The index in use, what is kept of what is done, the settings, the answers and the figures of this process."""

    pipeline: Current
    records: Records
    settings: Settings
    answers: Answers
    metrics: Metrics

    @classmethod
    def of(cls, pipeline: Current, records: Records, settings: Settings) -> Self:
        metrics = Metrics()
        return cls(pipeline, records, settings, Answers(pipeline, metrics), metrics)

    async def record(self, reply_id: str, conversation: str, question: str, answered: Answered, route: str) -> None:
        """Note an answer in the quality log and among the figures; returns when it is durable. Raises RecordsError."""
        await asyncio.wrap_future(
            self._put(reply_id, conversation, question, answered.answer, answered.generation, route)
        )

    def record_of_page(self, question: str, answer: Answer) -> None:
        """As `record`, of the Gradio page, which has no name for a conversation; for threads."""
        generation = self.pipeline.generation
        self._put(str(ULID()), new_conversation(), question, answer, generation, "/chat/ask").result(PATIENCE)

    def _put(
        self, reply_id: str, conversation: str, question: str, answer: Answer, generation: str, route: str
    ) -> Future[None]:
        usage = answer.usage
        self.metrics.answers.labels(answer.status, answer.mode, route).inc()
        if usage:
            self.metrics.tokens.labels("input").inc(usage.input_tokens)
            self.metrics.tokens.labels("output").inc(usage.output_tokens)
        return self.records.put_answer(reply_id, conversation, question, answer, route=route, generation=generation)

    def close(self) -> None:
        """Let the running answers end; the records and the index are closed by who opened them."""
        self.answers.close()
