"""
Who is answered next: a few at a time, the others wait, and those who wait take turns by address.

    async with turns.turn("2026-11:9f2c…"): …     # raises FullError where too many wait already

One address with fifty questions waits behind its own, not before everyone else's.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FullError(Exception):
    """Too many run or wait."""


class Turns:
    """At most `together` at once, at most `most` that run or wait. For one event loop."""

    def __init__(self, together: int, most: int) -> None:
        self._together, self._most = together, most
        self.running = 0
        self.waiting = 0
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def full(self) -> bool:
        return self.running + self.waiting >= self._most

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        await self.take(who)
        try:
            yield
        finally:
            self.give_back()

    async def take(self, who: str) -> None:
        """Wait for one's turn; `give_back` must follow. Raises FullError at once where there is no room to wait."""
        if self.full:
            raise FullError
        if self.running < self._together:
            self.running += 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._queues.setdefault(who, deque()).append(mine)
        self.waiting += 1
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # called up in the same moment
                self.give_back()
            raise
        finally:
            self.waiting -= 1

    def give_back(self) -> None:
        """Call up the next one: the first of the address that has waited longest since its last turn."""
        while self._queues:
            who, queue = self._queues.popitem(last=False)
            following = queue.popleft()
            if queue:
                self._queues[who] = queue
            if not following.done():  # else it has stopped waiting
                following.set_result(None)
                return
        self.running -= 1
