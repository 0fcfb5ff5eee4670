"""
The programs that stand beside the service where it runs on several machines, each for as long as a test needs it.

    with postgresql() as url:  ->  "postgresql+psycopg://bot@/postgres?host=…"

A test is skipped, with the reason, where a program is not on this machine.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.settings import PROJECT

TEMPLATE = PROJECT / "docs" / "deployment" / "nginx.conf.template"
HANG = 60.0  # seconds; only to end a test that would never end
NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/bots.conf;
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(come: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + HANG
    while not come():
        assert time.monotonic() < until, f"{what} did not come"
        time.sleep(0.05)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def program(*names: str) -> str:
    """Where one of these is; skips the test where none is."""
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip(f"no {names[0]} on this machine")
    return found


@contextmanager
def running(command: Sequence[object], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens on `port`; killed at the end."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(list(map(str, command)), stdout=quiet, stderr=quiet, cwd="/") as process:
        try:
            wait_for(lambda: listens(port) or process.poll() is not None, str(command[0]))
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            yield process
        finally:
            process.kill()


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a database that listens on a Unix socket only."""
    found = shutil.which("pg_ctl") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), "")
    if not found:
        pytest.skip("no PostgreSQL on this machine")
    programs = Path(found).resolve().parent
    as_user: list[str] = []
    # Not in pytest's folder: every pytest that starts closes that one to other users.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        folder = Path(name)
        if os.getuid() == 0:  # PostgreSQL does not run as root
            as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            shutil.chown(folder, "nobody", "nogroup")

        def call(name: str, *arguments: str) -> None:
            command = [*as_user, str(programs / name), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        call("initdb", "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-locale")
        call("pg_ctl", "-w", "-o", f"-k {folder} -c listen_addresses=''", "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql+psycopg://bot@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def redis() -> Iterator[str]:
    port = free_port()
    command = [program("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with running(command, port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def chroma(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [Path(sys.executable).parent / "chroma", "run", "--path", folder, "--host", "127.0.0.1", "--port", port]
    with running(command, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def nginx(folder: Path, bots: Sequence[int]) -> Iterator[str]:
    """The address of nginx before two bots on these ports, by the configuration that docs/deployment gives away."""
    command = program("nginx", "/usr/sbin/nginx")
    folder.mkdir()
    port = free_port()
    given = {"LISTEN": f"127.0.0.1:{port}", "BOT_1": f"127.0.0.1:{bots[0]}", "BOT_2": f"127.0.0.1:{bots[1]}"}
    rendered = string.Template(TEMPLATE.read_text(encoding="utf-8")).safe_substitute(given)
    assert not re.search(r"\$\{", rendered)
    (folder / "bots.conf").write_text(rendered, encoding="utf-8")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder), encoding="utf-8")
    with running([command, "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"], port):
        yield f"http://127.0.0.1:{port}"


class Bot:
    """`python -m bot serve` on a port and in a data folder of its own; it may be killed and started again."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        folder.mkdir()
        self._environment = {**os.environ, **settings, "BOT_PORT": str(self.port), "BOT_DATA": str(folder)}
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Soon, not at once: `wait_ready` must follow."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "bot", "serve"]
            self._process = subprocess.Popen(command, cwd=PROJECT, env=self._environment, stdout=log, stderr=log)

    def wait_ready(self) -> None:
        def ready() -> bool:
            assert self._process and self._process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                return httpx.get(f"{self.url}/readyz", timeout=HANG).status_code == 200
            except httpx.TransportError:
                return False

        wait_for(ready, self.url)

    def run(self, *arguments: str) -> str:
        """What `python -m bot …` says with the settings of this machine."""
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=self._environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill(self) -> None:
        """As a machine that loses its power: nothing is finished."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """As systemd does: SIGTERM, then wait until it has ended."""
        assert self._process
        self._process.terminate()
        self._process.wait(HANG)
