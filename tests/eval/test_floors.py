"""Floors: what is broken is said in one sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import PROJECT
from eval.errors import EvaluationError
from eval.floors import Floors, complaints, read_floors
from eval.questions import SETS


def test_each_figure_beyond_its_limit_is_named() -> None:
    floors = Floors(at_least={"correct": 0.8, "true_quotes": 1.0}, at_most={"wrongly_refused": 0.05})
    assert complaints("dev", {"correct": 0.75, "true_quotes": None, "wrongly_refused": 0.1}, floors) == [
        "dev：答对（要点在答案正文里） 75.0%，不得低于 80.0%",
        "dev：引文与原文逐字一致 —，不得低于 100.0%",
        "dev：能答却拒答 10.0%，不得高于 5.0%",
    ]


def test_a_figure_at_its_limit_is_accepted() -> None:
    floors = Floors(at_least={"correct": 0.8}, at_most={"wrongly_refused": 0.05})
    assert complaints("dev", {"correct": 0.8, "wrongly_refused": 0.05}, floors) == []


def test_the_floors_in_the_tree_cover_every_set() -> None:
    for name in SETS:
        assert read_floors(PROJECT / "eval" / "floors.toml", name).at_least["true_quotes"] == 1.0


def test_the_floors_of_grounding_are_those_that_were_asked_for() -> None:
    floors = read_floors(PROJECT / "eval" / "floors.toml", "grounding")
    assert floors.at_least == {
        "false_sentences": 3000,
        "true_sentences": 1500,
        "facts_detected": 0.99,
        "wording_detected": 0.92,
    }
    assert floors.at_most == {"false_alarms": 0.02, "check_p99_ms": 5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "读不了下限文件"),
        ("[held.at_least]\ncorrect = 1", r"没有 \[dev.at_least\]"),
        ("[dev.at_least]\ncorect = 0.9", "corect = 0.9 有误"),
        ('[dev.at_most]\ncorrect = "高"', "correct = '高' 有误"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=said):
        read_floors(path, "dev")
