"""Stopping, keeping in time and answering complaints on the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.service.records import Records
from bot.settings import settings

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """`python -m bot …` in this process over records in `tmp_path`: exit code and what was said."""

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["bot", *arguments])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, (said.out + said.err).strip()

    monkeypatch.setenv("BOT_DATA", str(tmp_path))
    monkeypatch.setattr("getpass.getuser", lambda: "zhang")
    settings.cache_clear()
    yield call
    settings.cache_clear()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records.open(f"sqlite:///{tmp_path}/records.db")
    yield opened
    opened.close()


def test_stopping_and_resuming_name_who_and_why(run: Run, records: Records) -> None:
    assert run("stop", "--reason", "答复有误") == (0, "已暂停回答；恢复请用 python -m bot resume --reason …")
    assert run("resume", "--reason", "已更正") == (0, "已恢复回答。")
    audit = [(row["stopped"], row["reason"], row["who"]) for row in records.stops()]
    assert audit == [(True, "答复有误", "zhang"), (False, "已更正", "zhang")]


def test_stopping_without_a_reason_is_refused(run: Run, records: Records) -> None:
    assert run("stop", "--reason", " ") == (1, "错误：停用和恢复都要写明原因：--reason …")
    assert records.stops() == []


def test_retention_says_what_it_deleted(run: Run) -> None:
    assert run("retain") == (
        0,
        "已删去：访问日志 0 条，问答记录 0 条，评价 0 条，复核 0 条，已办结的投诉 0 件，过期密钥 0 个。",
    )


def test_a_complaint_is_listed_and_closed_with_a_reply(run: Run, records: Records) -> None:
    ticket = records.complain("答错了", "zhang@example.com")
    listed = f"{ticket.number}（{ticket.due:%Y-%m-%d} 前答复）答错了 联系方式：zhang@example.com"
    assert run("complaints") == (0, listed)
    assert run("complaints", "--close", ticket.number) == (1, "错误：办结要写明答复：--reply …")
    assert run("complaints", "--close", ticket.number, "--reply", "已更正。") == (0, f"{ticket.number} 已办结。")
    assert run("complaints") == (0, "")
    missing = f"错误：没有编号为“{ticket.number}”的未办结投诉。"
    assert run("complaints", "--close", ticket.number, "--reply", "再来") == (1, missing)
