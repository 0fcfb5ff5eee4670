"""A task in a process of its own: its result, its progress, its errors, and its end."""

import os
import time
from typing import Any

import pytest

from bot.errors import CorpusError, ServiceError
from bot.service.worker import DIED, run


def double(number: int, progress: Any) -> int:
    progress("加倍", 1, 1)
    return 2 * number


def wrong(_: Any) -> None:
    raise CorpusError("种树.txt 打不开。")


def crash(_: Any) -> None:
    raise ValueError("何処")


def die(_: Any) -> None:
    os._exit(9)


def sleep(_: Any) -> None:
    time.sleep(60)


def test_it_gives_its_result_and_tells_how_it_goes_on() -> None:
    steps: list[tuple[str, int, int]] = []
    assert run(double, (21,), 30, lambda *step: steps.append(step)) == 42
    assert steps == [("加倍", 1, 1)]


@pytest.mark.parametrize(
    ("task", "error", "sentence"),
    [
        (wrong, CorpusError, "种树.txt 打不开。"),
        (crash, ServiceError, "系统暂时出错，没有做完，请稍后再试。"),
        (die, ServiceError, DIED),
    ],
)
def test_a_fault_is_one_sentence(task: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error) as raised:
        run(task, (), 30)
    assert str(raised.value) == sentence


def test_one_that_takes_too_long_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(ServiceError, match="没有做完，已经停下"):
        run(sleep, (), 1)
    assert time.monotonic() - started < 20
