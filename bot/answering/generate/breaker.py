"""
Stop asking an endpoint that fails again and again, and try it again after a while.

    breaker.failed(); breaker.failed(); breaker.failed()  ->  breaker.allows() is False for REST seconds
"""

from __future__ import annotations

import threading
import time

LIMIT = 3  # failures in a row
REST = 30.0  # seconds; then one question tries it, and the next ones wait for what comes of it


class Breaker:
    """Safe to share between threads."""

    def __init__(self, limit: int = LIMIT, rest: float = REST) -> None:
        self._limit, self._rest = limit, rest
        self._failures = 0
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether the endpoint may be asked now."""
        with self._lock:
            if self._failures < self._limit:
                return True
            now = time.monotonic()
            if now < self._closed_until:
                return False
            self._closed_until = now + self._rest
            return True

    def worked(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._closed_until = time.monotonic() + self._rest
