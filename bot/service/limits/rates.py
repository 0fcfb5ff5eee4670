"""
How often one may ask, counted over all processes: sliding windows of a minute, in SQLite or in Redis.

    await rates.take("address", "2026-11:9f2c…", 60)  ->  Share(allowed=False, limit=60, left=0, wait=12)

Where the counters cannot be reached each process counts for itself until they can: a service without its Redis is
still limited, and still answers.
"""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path
from typing import NamedTuple

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from bot.errors import SettingsError

MINUTE = 60
AGAIN = 5.0  # seconds until counters that failed are tried again
REDIS_PATIENCE = 0.3  # seconds
MOST_REFUSED = 20_000  # keys whose refusal is remembered

log = logging.getLogger(__name__)


class Share(NamedTuple):
    """What one has of a limit: whether this one is within it, how many are left, seconds until one more comes free."""

    allowed: bool
    limit: int
    left: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit headers as in draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.wait),
            "RateLimit-Policy": f"{self.limit};w={MINUTE}",
        }


class Rates:
    """Counters in `redis` (a URL) or, where that is empty, in a SQLite file in `folder`; without either, in memory."""

    def __init__(self, folder: Path | None = None, redis: str = "") -> None:
        self._shared = SlidingWindowCounterRateLimiter(_storage(folder, redis))
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._failed = -math.inf
        self._refused: dict[str, float] = {}  # key -> until when it is refused without asking the counters again

    async def take(self, kind: str, key: str, limit: int, *, shared: bool = True) -> Share:
        """
        Count one for `key` if that is within `limit` a minute; one that is refused does not count.

        Not `shared`: in this process only, for what is counted so often that a file would cost more than it spares.
        """
        now = time.monotonic()
        if (until := self._refused.get(f"{kind}:{key}", 0.0)) > now:
            return Share(False, limit, 0, math.ceil(until - now))
        if shared and now > self._failed + AGAIN:
            try:
                return await self._take(self._shared, kind, key, limit)
            except StorageError as error:
                self._failed = now
                log.error("限流计数暂时不能共用，各进程先自行计数：%s", error)
        return await self._take(self._own, kind, key, limit)

    async def _take(self, counters: SlidingWindowCounterRateLimiter, kind: str, key: str, limit: int) -> Share:
        item = RateLimitItemPerMinute(limit)
        allowed = await counters.hit(item, kind, key)
        reset, left = await counters.get_window_stats(item, kind, key)
        wait = max(math.floor(reset - time.time()) + 1, 1)  # at `reset` itself the count is not yet below the limit
        if not allowed:
            self._remember(f"{kind}:{key}", max(reset - time.time(), 0.05))
        return Share(allowed, limit, left if allowed else 0, wait)

    def _remember(self, key: str, seconds: float) -> None:
        if len(self._refused) >= MOST_REFUSED:
            now = time.monotonic()
            self._refused = {each: until for each, until in self._refused.items() if until > now}
            if len(self._refused) >= MOST_REFUSED:
                self._refused.clear()
        self._refused[key] = time.monotonic() + seconds


def _storage(folder: Path | None, redis: str):  # type: ignore[no-untyped-def]
    from bot.service.limits import sqlite  # noqa: F401  (makes its scheme known)

    if redis:
        options = {"socket_timeout": REDIS_PATIENCE, "socket_connect_timeout": REDIS_PATIENCE}
        try:
            return storage_from_string(f"async+{redis}", implementation="redispy", wrap_exceptions=True, **options)
        except Exception as error:
            raise SettingsError(f"设置 BOT_LIMITS_REDIS 不能用（{error}），应写成 redis://主机:6379/0。") from error
    if folder is None:
        return MemoryStorage()
    folder.mkdir(0o700, parents=True, exist_ok=True)
    return storage_from_string(f"async+sqlite://{(folder / 'limits.db').resolve()}", wrap_exceptions=True)
