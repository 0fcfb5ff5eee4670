"""`python -m eval grounding`: from papers to the saved figures, and below a floor exit 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.answering.ground
import eval.__main__ as command
from tests.eval.grounding.small_law import OUTLINES
from tests.eval.grounding.stand_in import Grounder


@pytest.fixture(autouse=True)
def on_the_small_law(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_outlines", lambda store, beside: OUTLINES)  # noqa: ARG005
    monkeypatch.setattr(bot.answering.ground, "Grounder", Grounder)


def test_cases_are_built_checked_and_kept(tmp_path: Path) -> None:
    done = CliRunner().invoke(command.app, ["grounding", "--out", str(tmp_path), "--show", "wrong"])
    assert done.exit_code == 0, done.output
    kept = json.loads((tmp_path / "grounding-latest.json").read_text(encoding="utf-8"))
    assert kept["run"]["set"] == "grounding"
    assert kept["overall"]["false_sentences"] > 50
    assert (tmp_path / "grounding-latest.md").read_text(encoding="utf-8").startswith("# grounding\n")
    assert "这个索引里没有可用的" in done.output


def test_below_a_floor_it_ends_with_1(tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text("[grounding.at_least]\nfacts_detected = 0.99\n", encoding="utf-8")
    done = CliRunner().invoke(command.app, ["grounding", "--out", str(tmp_path), "--floors", str(floors)])
    assert done.exit_code == 1
    assert "不得低于 99.0%" in done.output
