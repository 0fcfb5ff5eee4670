"""
A pseudonym for an address: the same through a month, and of no use to anyone without the secret.

    Addresses(Path(".data")).pseudonym("203.0.113.7")  ->  "2026-11:9f2c51d0a7e34b88"

HMAC-SHA-256 under a secret of the month. The secrets lie in the data folder, one file for its owner only, and go when
the last record under them has gone: from then on nobody can tell whose it was. An IPv6 address counts by its /64, which
is what one customer gets.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import os
import secrets
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

SECRETS = "address-secrets.json"
SHOWN = 16  # hexadecimal characters of the HMAC: 64 bits, enough that two addresses do not meet


class Addresses:
    """Pseudonyms under the secrets in `folder`, or under `secret` where several machines must agree."""

    def __init__(self, folder: Path | None, secret: str = "") -> None:
        self._folder, self._secret = folder, secret
        self._months: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def pseudonym(self, address: str, on: datetime | None = None) -> str:
        month = (on or datetime.now(UTC)).strftime("%Y-%m")
        key = self._months.get(month) or self._key(month)
        return f"{month}:{hmac.new(key, network(address).encode(), 'sha256').hexdigest()[:SHOWN]}"

    def forget(self, before: datetime) -> int:
        """Delete the secrets of months that ended before then. Returns how many."""
        if self._folder is None or self._secret:
            return 0
        with self._lock, self._locked():
            kept = self._read()
            old = [month for month in kept if _end(month) < before]
            for month in old:
                del kept[month]
                self._months.pop(month, None)
            if old:
                self._write(kept)
            return len(old)

    def _key(self, month: str) -> bytes:
        with self._lock:
            if month not in self._months:
                self._months[month] = self._made(month)
            return self._months[month]

    def _made(self, month: str) -> bytes:
        if self._secret:
            return hmac.new(self._secret.encode(), month.encode(), "sha256").digest()
        if self._folder is None:
            return secrets.token_bytes(32)
        with self._locked():
            kept = self._read()
            if month not in kept:
                kept[month] = secrets.token_hex(32)
                self._write(kept)
            return bytes.fromhex(kept[month])

    def _locked(self) -> FileLock:
        assert self._folder  # noqa: S101
        self._folder.mkdir(0o700, parents=True, exist_ok=True)
        return FileLock(self._folder / f"{SECRETS}.lock")

    def _read(self) -> dict[str, str]:
        assert self._folder  # noqa: S101
        file = self._folder / SECRETS
        kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        assert self._folder  # noqa: S101
        temporary = self._folder / f"{SECRETS}.new"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  (made for its owner only)
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / SECRETS)


def network(address: str) -> str:
    """What is counted as one address: 203.0.113.7 itself, of IPv6 the /64, of ::ffff:203.0.113.7 the IPv4 within."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed.packed, 64), strict=False))
    return str(parsed)


def _end(month: str) -> datetime:
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return (start + timedelta(days=32)).replace(day=1)
