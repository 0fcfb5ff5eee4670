"""Starting and stopping the service."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.errors import ServiceError
from bot.service.start import serve
from bot.settings import PROJECT


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError) as error:
            serve("127.0.0.1", port, tmp_path)
    assert str(error.value) == f"无法在 127.0.0.1:{port} 上启动：端口已被占用。请用 BOT_PORT 换一个端口后重试。"


@pytest.mark.parametrize("port", [-1, 70000])
def test_an_impossible_port_is_one_clear_sentence(tmp_path: Path, port: int) -> None:
    with pytest.raises(ServiceError):
        serve("127.0.0.1", port, tmp_path)


@pytest.mark.slow
def test_one_command_builds_the_index_serves_the_page_and_stops_in_order(tmp_path: Path) -> None:
    environment = {**os.environ, "BOT_STORE": str(tmp_path / "store"), "BOT_PORT": "0", "PYTHONUTF8": "1"}
    command = [sys.executable, str(PROJECT / "app.py")]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said: list[str] = []
        for line in process.stderr:
            said.append(line)
            if "已启动" in line:
                break
        address = re.findall(r"http://[\d.:]+", said[-1])[0]
        assert '<html\n\tlang="zh-CN"' in urllib.request.urlopen(address).read().decode()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == "问答服务已停止。\n"
    assert process.returncode == 0
    assert all(re.search("[\u4e00-\u9fff]", line) for line in said)
