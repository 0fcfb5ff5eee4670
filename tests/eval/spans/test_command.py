"""`python -m eval spans DIR`, from the folder to the saved figures."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

import eval.__main__ as command
from tests.eval.spans.small_folder import write_folder


def test_the_product_indexes_the_folder_and_answers_from_it(tmp_path: Path) -> None:
    folder, answers, store = write_folder(tmp_path / "plants"), tmp_path / "answers.jsonl", tmp_path / "store"
    options = ["--limit", "2", "--out", str(tmp_path), "--answers", str(answers), "--store", str(store)]
    done = CliRunner().invoke(command.app, ["spans", str(folder), "--calibration", *options])
    assert done.exit_code == 0, done.output
    kept = json.loads((tmp_path / "spans-plants-2-latest.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert (kept["run"]["set"], kept["overall"]["found_at_1"]) == ("spans-plants-2", 1.0)
    assert [right for _, right in kept["calibration"]["samples"]] == [True, True]
    assert [sorted(row["found"]) for row in rows] == [["roads", "trees"]] * 2
    assert (store / "CURRENT").is_file()


def test_the_baseline_is_kept_apart_and_what_it_missed_is_shown_but_not_kept(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "plants")
    options = ["--system", "baseline", "--out", str(tmp_path), "--show", "wrong"]
    done = CliRunner().invoke(command.app, ["spans", str(folder), *options])
    assert done.exit_code == 0, done.output
    assert "应：roads：路灯归市路灯所管。" in done.output
    kept = (tmp_path / "baseline-spans-plants-latest.json").read_text(encoding="utf-8")
    assert json.loads(kept)["wrong"] == ["q3"]
    assert json.loads(kept)["overall"]["covered"] == 0.6667
    assert "路灯" not in kept


def test_a_folder_of_something_else_is_one_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(command.app, ["spans", str(tmp_path)])
    assert (done.exit_code, done.output.count("错误：")) == (2, 1)
