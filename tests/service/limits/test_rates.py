"""How often one may ask, over all processes."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.service.limits import rates as rates_module
from bot.service.limits.rates import Rates
from bot.settings import PROJECT
from tests.deployment import programs

TAKE_THEM = """
import asyncio, sys
from pathlib import Path
from bot.service.limits.rates import Rates
async def taken():
    rates = Rates(Path(sys.argv[1]), sys.argv[2])
    return sum([(await rates.take("address", "甲", 60)).allowed for _ in range(50)])
print(asyncio.run(taken()))
"""


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    with programs.redis() as url:
        yield url


def take(rates: Rates, count: int, key: str = "甲", limit: int = 60) -> list[bool]:
    async def taken() -> list[bool]:
        return [(await rates.take("address", key, limit)).allowed for _ in range(count)]

    return asyncio.run(taken())


@pytest.fixture
def early_in_a_window(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands in the tenth second of a minute; its one number may be set."""
    now = [1_800_000_010.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


@pytest.mark.usefixtures("early_in_a_window")
def test_the_limit_is_met_exactly_and_each_key_has_its_own(tmp_path: Path) -> None:
    rates = Rates(tmp_path)
    assert take(rates, 62) == [True] * 60 + [False] * 2
    assert take(rates, 1, "乙") == [True]


def test_after_the_wait_that_was_told_one_more_is_let_through(tmp_path: Path, early_in_a_window: list[float]) -> None:
    for limit in (1, 15, 60):
        for start in (0.01, 10.3, 59.9):
            early_in_a_window[0] = 1_800_000_000.0 + start
            take(Rates(tmp_path), limit, f"{limit}-{start}", limit)
            refused = asyncio.run(Rates(tmp_path).take("address", f"{limit}-{start}", limit))
            early_in_a_window[0] += refused.wait
            assert (refused.allowed, refused.left) == (False, 0)
            assert take(Rates(tmp_path), 1, f"{limit}-{start}", limit) == [True]


def test_a_minute_has_never_more_than_the_limit_and_its_share_of_the_one_before(
    tmp_path: Path, early_in_a_window: list[float]
) -> None:
    allowed = []
    for second in range(300):
        early_in_a_window[0] = 1_800_000_000.0 + second
        allowed.append(sum(take(Rates(tmp_path), 2, "甲", 15)))
    within_a_minute = [sum(allowed[start : start + 60]) for start in range(241)]
    assert max(within_a_minute) <= 15 + 3  # the counter is weighted, so it is near, not exact
    assert sum(allowed) >= 15 * 4


def test_one_who_is_refused_is_not_counted_again_and_again(tmp_path: Path) -> None:
    rates = Rates(tmp_path)
    take(rates, 200)
    assert [row[0] for row in sqlite3.connect(tmp_path / "limits.db").execute("SELECT sum(count) FROM windows")] == [60]


def test_old_counts_are_swept_away(tmp_path: Path, early_in_a_window: list[float]) -> None:
    rates = Rates(tmp_path)
    for number in range(50):
        take(rates, 1, str(number))
    early_in_a_window[0] += 181
    take(rates, 1, "甲")
    assert sqlite3.connect(tmp_path / "limits.db").execute("SELECT count(*) FROM windows").fetchall() == [(1,)]


def test_the_memory_of_refusals_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates_module, "MOST_REFUSED", 10)
    rates = Rates()
    for number in range(50):
        take(rates, 2, str(number), 1)
    assert len(rates._refused) <= 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "redis"])
def test_processes_share_one_limit(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("redis") if kind == "redis" else ""
    time.sleep(max(60 - time.time() % 60, 0) if time.time() % 60 > 50 else 0)  # not over the edge of a window
    command = [sys.executable, "-c", TAKE_THEM, str(tmp_path), url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) for _ in range(3)]
    assert sum(int(process.communicate()[0]) for process in processes) == 60


@pytest.mark.slow
def test_a_redis_that_is_gone_leaves_each_process_its_own_counts(caplog: pytest.LogCaptureFixture) -> None:
    rates = Rates(redis="redis://127.0.0.1:1/0")
    started = time.monotonic()
    assert take(rates, 62) == [True] * 60 + [False] * 2
    assert time.monotonic() - started < 30
    assert len(caplog.records) == 1


def test_a_redis_address_that_cannot_be_one_is_one_clear_sentence() -> None:
    with pytest.raises(SettingsError, match="BOT_LIMITS_REDIS"):
        Rates(redis="nosuch://x")
