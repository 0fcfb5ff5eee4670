"""Questions that staff add are evaluated like all others; runs go on in a process of their own and are compared."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.service.console.insight.evaluation import (
    Changed,
    Promoted,
    RunError,
    Runs,
    compared,
    promote,
    promoted_questions,
    question_of,
    questions_file,
    sets,
)
from eval.questions import Question, load_set
from eval.replies import Reply

ASKED = Promoted("瞪羚企业补贴多少？", "not_stated", "unanswerable", ("三、(三)8.", ""), note="热线常问")


def put_run(
    folder: Path, name: str, right: dict[str, bool], state: str = "done", at: str = "2026-11-24T01:00:00"
) -> None:
    """A run as it is kept, of these questions."""
    run = folder / "runs" / name
    run.mkdir(parents=True)
    about = {"set": "console", "who": "张三", "started": at, "state": state}
    (run / "run.json").write_text(json.dumps(about), "utf-8")
    (run / "progress.txt").write_text(f"{len(right)}/{len(right)}", "utf-8")
    if state == "done":
        replies = {id_: Reply("not_stated", "answered", each, 1.0).as_json(id_) for id_, each in right.items()}
        overall = {"questions": len(right), "correct": sum(right.values()) / len(right)}
        result = {"run": {"set": "console"}, "overall": overall, "by_kind": {}, "wrong": [], "replies": replies}
        (run / "console-latest.json").write_text(json.dumps(result), "utf-8")


def test_a_promoted_question_is_one_that_the_evaluation_reads(tmp_path: Path) -> None:
    first, second = promote(tmp_path, ASKED, "张三"), promote(tmp_path, ASKED, "李四")
    (question, _) = load_set(str(questions_file(tmp_path)))
    day = first.split("-")[1]
    assert (first, second) == (f"console-{day}-001", f"console-{day}-002")
    assert question == Question(
        first,
        "not_stated",
        "瞪羚企业补贴多少？",
        "unanswerable",
        clauses=("三、(三)8.",),
        note=f"热线常问（张三，{day[:4]}-{day[4:6]}-{day[6:]}）",
        source="console",
    )
    assert sets(tmp_path)["帮助台收进的题"] == str(questions_file(tmp_path))
    assert question_of(tmp_path, "console", first) == "瞪羚企业补贴多少？"


@pytest.mark.parametrize(
    "wrong",
    [Promoted(" ", "content", "answered"), Promoted("问", "无此类", "answered"), Promoted("问", "content", "好")],
)
def test_a_question_that_could_not_be_read_is_not_added(tmp_path: Path, wrong: Promoted) -> None:
    promote(tmp_path, ASKED, "张三")
    with pytest.raises(RunError):
        promote(tmp_path, wrong, "张三")
    assert len(promoted_questions(tmp_path)) == 1


def test_sets_that_nobody_tunes_on_are_not_offered(tmp_path: Path) -> None:
    assert set(sets(tmp_path).values()) == {"dev"}
    with pytest.raises(RunError, match="没有这个题集"):
        Runs(tmp_path, tmp_path).start("held", "张三")
    assert question_of(tmp_path, "held", "held-unit-01") == ""


def test_runs_are_listed_with_how_they_ended(tmp_path: Path) -> None:
    put_run(tmp_path, "20261124-090000-console", {"a": True, "b": False})
    put_run(tmp_path, "20261124-100000-console", {"a": True}, "failed")
    (tmp_path / "runs" / "20261124-100000-console" / "output.txt").write_text("建索引……\n错误：没有索引\n", "utf-8")
    failed, done = Runs(tmp_path, tmp_path).list()
    assert (failed.state, failed.told, failed.correct) == ("failed", "错误：没有索引", None)
    assert (done.state, done.correct, done.asked, done.total, done.started) == (
        "done",
        0.5,
        2,
        2,
        datetime(2026, 11, 24, 1),
    )


def test_a_run_whose_process_is_gone_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_run(tmp_path, "20261124-090000-console", {"a": True}, "running")
    runs = Runs(tmp_path, tmp_path)
    assert runs.list()[0].state == "running"
    promote(tmp_path, ASKED, "张三")
    with pytest.raises(RunError, match="已有一次评测"):
        runs.start(str(questions_file(tmp_path)), "张三")
    monkeypatch.setattr("bot.service.console.insight.evaluation.SILENT", -1.0)
    assert runs.list()[0].state == "stopped"


def test_two_runs_are_compared_question_by_question(tmp_path: Path) -> None:
    mended, broken = promote(tmp_path, ASKED, "张三"), promote(tmp_path, ASKED, "张三")
    put_run(tmp_path, "1", {mended: False, broken: True, "c": True})
    put_run(tmp_path, "2", {mended: True, broken: False, "c": True})
    pair = compared(tmp_path, "1", "2")
    text = "瞪羚企业补贴多少？"
    assert pair.changed == (
        Changed(broken, False, text, "answered", "answered"),
        Changed(mended, True, text, "answered", "answered"),
    )
    assert ("答对（要点在答案正文里）", "66.7%", "66.7%", "—") in pair.figures
    with pytest.raises(RunError, match="已经完成"):
        compared(tmp_path, "1", "../../etc")


@pytest.mark.slow
def test_a_run_asks_the_index_that_is_served(tmp_path: Path, plan_store_folder: Path) -> None:
    promote(
        tmp_path, Promoted("瞪羚企业归哪个局培育？", "unit", "answered", ("三、(三)8.",), (), ("市民营经济局",)), "张三"
    )
    runs = Runs(tmp_path, plan_store_folder)
    name = runs.start(str(questions_file(tmp_path)), "张三")
    until = time.monotonic() + 120
    while runs.list()[0].state == "running" and time.monotonic() < until:
        time.sleep(0.2)
    (run,) = runs.list()
    assert (run.name, run.state, run.correct, run.asked, run.total) == (name, "done", 1.0, 1, 1), output(tmp_path)


def output(folder: Path) -> Any:
    return [file.read_text("utf-8") for file in folder.glob("runs/*/output.txt")]
