"""
Counters of the limits in a SQLite file: a storage of the library `limits`, which has none for SQLite itself.

    async+sqlite:////srv/bot/.data/limits.db

One row a key and window, shared by every process of the machine; what is lost with the machine's power is one minute's
counts, so nothing is flushed to the disk. Only what the sliding window counter needs is there.
"""

from __future__ import annotations

import sqlite3
import time
from urllib.parse import unquote, urlsplit

from limits.aio.storage import SlidingWindowCounterSupport, Storage

WAIT = 0.2  # seconds for another process's write; it holds up the event loop
SWEEP = 60.0  # seconds between two deletions of old rows

TABLE = """CREATE TABLE IF NOT EXISTS windows
    (key TEXT, number INTEGER, count INTEGER, ends REAL, PRIMARY KEY (key, number)) WITHOUT ROWID"""
BOTH = "SELECT number, count FROM windows WHERE key = ? AND number IN (?, ?)"
# In one statement, so that two processes cannot both take the last place.
TAKE = """INSERT INTO windows (key, number, count, ends)
    SELECT :key, :number, :amount, :ends WHERE :amount + CAST(
        coalesce((SELECT count FROM windows WHERE key = :key AND number = :number), 0)
        + coalesce((SELECT count FROM windows WHERE key = :key AND number = :number - 1), 0) * :share
    AS INTEGER) <= :limit
    ON CONFLICT (key, number) DO UPDATE SET count = count + :amount"""


class SQLiteStorage(Storage, SlidingWindowCounterSupport):
    """The counters in the file that `uri` names."""

    STORAGE_SCHEME = ["async+sqlite"]  # noqa: RUF012  (the library's name)

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        path = unquote(urlsplit(uri).path)
        self._database = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", TABLE):
            self._database.execute(statement)
        self._swept = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    async def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now = time.time()
        self._sweep(now)
        number, into = divmod(now, expiry)
        given = {
            "key": key,
            "number": int(number),
            "amount": amount,
            "limit": limit,
            "share": 1 - into / expiry,  # of the window before, by how much of it is still within one expiry
            "ends": (number + 2) * expiry,
        }
        return self._database.execute(TAKE, given).rowcount == 1

    async def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        now = time.time()
        number, into = divmod(now, expiry)
        counts = dict(self._database.execute(BOTH, (key, int(number), int(number) - 1)).fetchall())
        left = expiry - into
        before = counts.get(int(number) - 1, 0)
        return before, left if before else 0.0, counts.get(int(number), 0), left + expiry

    async def clear_sliding_window(self, key: str, expiry: int) -> None:  # noqa: ARG002  (the library's interface)
        await self.clear(key)

    async def clear(self, key: str) -> None:
        self._database.execute("DELETE FROM windows WHERE key = ?", (key,))

    async def reset(self) -> int | None:
        return self._database.execute("DELETE FROM windows").rowcount

    async def check(self) -> bool:
        return bool(self._database.execute("SELECT 1").fetchone())

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("the fixed window is not counted in SQLite")

    async def get(self, key: str) -> int:
        raise NotImplementedError("the fixed window is not counted in SQLite")

    async def get_expiry(self, key: str) -> float:
        raise NotImplementedError("the fixed window is not counted in SQLite")

    def close(self) -> None:
        self._database.close()

    def _sweep(self, now: float) -> None:
        if now > self._swept + SWEEP:
            self._swept = now
            self._database.execute("DELETE FROM windows WHERE ends < ?", (now,))
