"""The command: score a saved run, show what was wrong, hide what is held, fail below a floor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command

DEV: dict[str, object] = {
    "id": "dev-1",
    "kind": "unit",
    "question": "木船归谁管？",
    "expect": "answered",
    "units": ["市船局"],
}
HELD: dict[str, object] = {
    "id": "held-1",
    "kind": "unit",
    "question": "石路归谁管？",
    "expect": "answered",
    "units": ["市路局"],
}
REPLY: dict[str, object] = {"status": "answered", "answer": "不知道。", "citations": [], "timings_ms": {}}


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A set of two questions, both answered wrongly."""
    monkeypatch.setattr(command, "corpus_texts", lambda _: {})
    rows = [{**REPLY, "id": asked["id"], "question": asked["question"]} for asked in (DEV, HELD)]
    for name, records in {"set": [DEV, HELD], "out": rows}.items():
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return ["--set", str(tmp_path / "set.jsonl"), "--from", str(tmp_path / "out.jsonl")]


def test_wrong_questions_are_shown_and_held_ones_only_named(arguments: list[str]) -> None:
    done = CliRunner().invoke(command.app, [*arguments, "--show", "wrong"])
    assert done.exit_code == 0
    assert "木船归谁管？" in done.output
    assert "石路" not in done.output
    assert "留出集答错 1 题：held-1" in done.output


def test_a_saved_run_is_kept_where_asked(arguments: list[str], tmp_path: Path) -> None:
    assert CliRunner().invoke(command.app, [*arguments, "--out", str(tmp_path / "kept")]).exit_code == 0
    kept = json.loads((tmp_path / "kept" / "out-latest.json").read_text(encoding="utf-8"))
    assert (kept["run"]["system"], kept["run"]["set"], kept["wrong"]) == ("out.jsonl", "set", ["dev-1", "held-1"])


def test_a_broken_floor_ends_with_1(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "floors.toml").write_text("[set.at_least]\ncorrect = 0.5", encoding="utf-8")
    done = CliRunner().invoke(command.app, [*arguments, "--floors", str(tmp_path / "floors.toml")])
    assert (done.exit_code, "不得低于 50.0%" in done.output) == (1, True)


def test_a_fault_is_one_sentence_and_ends_with_2(arguments: list[str]) -> None:
    done = CliRunner().invoke(command.app, [*arguments[:2], "--from", "没有.jsonl"])
    assert (done.exit_code, done.output.count("错误：")) == (2, 1)


def test_statutes_have_to_be_named_and_are_skipped_where_they_are_not_at_hand(tmp_path: Path) -> None:
    unnamed = CliRunner().invoke(command.app, ["--set", "regulations"])
    assert (unnamed.exit_code, "请用 --with 指明" in unnamed.output) == (2, True)
    missing = CliRunner().invoke(command.app, ["--set", "regulations", "--with", str(tmp_path / "none")])
    assert (missing.exit_code, "regulations 没有评测。" in missing.output) == (0, True)


def test_papers_beside_the_corpus_are_asked_too(tmp_path: Path) -> None:
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "木船办法.txt").write_text("木船办法\n第一条　木船由市船局管理。", encoding="utf-8")
    asked = {**DEV, "clauses": ["木船办法 第一条"], "required": ["市船局"], "units": []}
    (tmp_path / "one.jsonl").write_text(json.dumps(asked), encoding="utf-8")
    options = ["--set", str(tmp_path / "one.jsonl"), "--with", str(tmp_path / "beside"), "--out", str(tmp_path)]
    done = CliRunner().invoke(command.app, options)
    assert done.exit_code == 0, done.output
    overall = json.loads((tmp_path / "one-latest.json").read_text(encoding="utf-8"))["overall"]
    assert (overall["correct"], overall["right_clause_first"], overall["true_quotes"]) == (1.0, 1.0, 1.0)


def test_calibration_is_kept_with_a_run_of_ours(plan_store_folder: Path, tmp_path: Path) -> None:
    asked = {"id": "dev-9", "kind": "unit", "question": "技术经纪人培养归谁管？", "expect": "answered"}
    (tmp_path / "one.jsonl").write_text(json.dumps({**asked, "clauses": ["三、(二)6."]}), encoding="utf-8")
    options = ["--set", str(tmp_path / "one.jsonl"), "--store", str(plan_store_folder), "--out", str(tmp_path)]
    done = CliRunner().invoke(command.app, [*options, "--calibration"])
    assert done.exit_code == 0, done.output
    ((_, right),) = json.loads((tmp_path / "one-latest.json").read_text(encoding="utf-8"))["calibration"]["samples"]
    assert right is True


def test_a_system_without_probabilities_cannot_be_calibrated(arguments: list[str]) -> None:
    done = CliRunner().invoke(command.app, [*arguments, "--calibration"])
    assert (done.exit_code, "只能用于 bot" in done.output) == (2, True)
