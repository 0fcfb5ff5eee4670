"""Several processes behind one port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from bot.service.records import Records
from bot.settings import PROJECT

pytestmark = pytest.mark.slow


@contextmanager
def serving(folder: Path, *options: str, limit: int = 1000) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """tests/service/small_service.py in two processes, and its address."""
    command = [sys.executable, "-m", "tests.service.small_service", str(folder), *options]
    environment = {**os.environ, "BOT_ADDRESS_LIMIT": str(limit)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, cwd=PROJECT, text=True, **pipes) as process:
        assert process.stdout
        try:
            yield process, f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def ask(address: str, **more: object) -> httpx.Response:
    return httpx.post(f"{address}/api/v1/ask", json={"question": "归谁管", **more}, timeout=30)


def workers(address: str) -> set[int]:
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda _: ask(address, seconds=0.1), range(8)))
    return {reply.json()["worker"] for reply in replies}


def test_they_share_the_work_and_the_limit(tmp_path: Path) -> None:
    with serving(tmp_path, limit=60) as (_, address):
        time.sleep(max(61 - time.time() % 60, 0) if time.time() % 60 > 45 else 0)  # not over the edge of a window
        with ThreadPoolExecutor(8) as threads:
            replies = list(threads.map(lambda _: ask(address, seconds=0.1), range(80)))
        statuses = [reply.status_code for reply in replies]
        assert (statuses.count(200), statuses.count(429)) == (60, 20)
        assert len({reply.json()["worker"] for reply in replies if reply.status_code == 200}) == 2


def test_one_that_is_killed_is_started_again_and_the_others_answer_meanwhile(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, address):
        before = workers(address)
        os.kill(min(before), signal.SIGKILL)
        assert [ask(address).status_code for _ in range(5)] == [200] * 5
        until = time.monotonic() + 20
        while workers(address) == before - {min(before)} and time.monotonic() < until:
            time.sleep(0.5)
        assert min(before) not in (after := workers(address))
        assert len(after) == 2


def test_each_tells_the_figures_of_all_also_of_one_that_was_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, address):
        first = {ask(address, seconds=0.1).json()["worker"]}
        while len(first) < 2:
            first |= workers(address)
        asked = figure(address, "bot_answers_total")
        assert asked >= 2
        assert [figure(address, "bot_answers_total") for _ in range(6)] == [asked] * 6
        hanging = threading.Thread(target=ask_in_vain, args=(address,), daemon=True)
        hanging.start()
        until = time.monotonic() + 20
        while figure(address, "bot_answers_running") != 1 and time.monotonic() < until:
            time.sleep(0.05)
        for each in first:  # one of them was at it
            os.kill(each, signal.SIGKILL)
        hanging.join(20)
        while figure(address, "bot_answers_running") != 0 and time.monotonic() < until:
            time.sleep(0.2)
        assert (figure(address, "bot_answers_running"), figure(address, "bot_answers_total")) == (0, asked + 1)


def figure(address: str, name: str) -> float:
    """The sum over all labels."""
    text = httpx.get(f"{address}/metrics", timeout=30).text
    return sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? ([\d.e+]+)$", text, re.MULTILINE))


def ask_in_vain(address: str) -> None:
    with suppress(httpx.HTTPError):
        ask(address, seconds=20)


def test_running_answers_are_finished_when_it_is_told_to_stop_and_streams_without_end_are_not_waited_for(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as (process, address), ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(ask, address, seconds=3) for _ in range(3)]
        threading.Thread(target=read_for_ever, args=(address,), daemon=True).start()
        time.sleep(1)
        stopped = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert [each.result().status_code for each in answers] == [200, 200, 200]
        assert process.stdout
        assert process.stdout.read() == "ended\n"
        assert process.wait() == 0
        assert time.monotonic() - stopped < 15
        assert process.stderr
        assert process.stderr.read() == ""
    records = Records.open(f"sqlite:///{tmp_path}/records.db")
    count = "SELECT sum(count) FROM access WHERE route = '/api/v1/ask' AND status = 200"
    assert records._do(lambda link: link.exec_driver_sql(count).scalar()) == 3
    records.close()


def read_for_ever(address: str) -> None:
    try:
        with httpx.stream("GET", f"{address}/endless", timeout=60) as reply:
            for _ in reply.iter_raw():
                pass
    except httpx.HTTPError:
        return


def test_a_stop_on_the_command_line_reaches_all_of_them(tmp_path: Path) -> None:
    environment = {**os.environ, "BOT_DATA": str(tmp_path)}
    with serving(tmp_path) as (_, address):
        for command, status in (("stop", 503), ("resume", 200)):
            given = [sys.executable, "-m", "bot", command, "--reason", "演练"]
            subprocess.run(given, env=environment, cwd=PROJECT, check=True)
            time.sleep(1.5)
            assert {ask(address).status_code for _ in range(6)} == {status}


def test_one_that_cannot_start_ends_them_all_with_its_sentence(tmp_path: Path) -> None:
    with serving(tmp_path, "--fail") as (process, _):
        assert process.wait(60) == 1
        assert process.stderr
        told = process.stderr.read()
        assert "错误：没有磁盘了。" in told
        assert "有工作进程没能启动" in told


def test_they_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, address):
        found = workers(address)
        process.kill()
        until = time.monotonic() + 15
        while any(alive(each) for each in found) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(alive(each) for each in found)


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
