"""Two runs beside each other: what changed, how sure that is, and what stays unsaid of held questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from eval.comparison import changed, compare, interval, mcnemar, verdict
from eval.errors import EvaluationError
from eval.runs import read_run
from tests.eval.small_runs import ASKED, save_run

TEXTS = {question.id: question.question for question in ASKED}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The boat is broken; the road and the held lamp are mended; the fare stays right."""
    before = save_run(tmp_path / "before", "市船局", "市灯局", "", "")
    after = save_run(tmp_path / "after", "", "市路局", "", "市灯局")
    return before, after


def test_what_changed_is_named_in_both_directions(files: tuple[Path, Path]) -> None:
    compared = compare(*map(read_run, files))
    assert (compared.broken, compared.mended, len(compared.common)) == (("dev-boat",), ("dev-road", "held-lamp"), 4)
    assert (compared.change, compared.p_value) == (0.25, 1.0)


def test_a_changed_question_is_told_with_kind_and_statuses_and_a_held_one_by_its_id(files: tuple[Path, Path]) -> None:
    assert list(changed(compare(*map(read_run, files)), TEXTS)) == [
        "[bold]对改错（1）[/bold]",
        "dev-boat  责任单位  answered → unanswerable_not_stated  木船归谁管？",
        "[bold]错改对（2）[/bold]",
        "dev-road  责任单位  answered → answered  石路归谁管？",
        "留出集 1 题：held-lamp",
    ]


def test_mcnemar_is_the_exact_binomial_test_of_the_questions_that_changed() -> None:
    assert [mcnemar(0, 0), mcnemar(3, 3)] == [1.0, 1.0]
    assert mcnemar(0, 6) == pytest.approx(2 / 2**6)
    assert mcnemar(1, 9) == pytest.approx(2 * (1 + 10) / 2**10)


def test_the_interval_is_that_of_the_split() -> None:
    # Of 4 changes all 4 mended: the share is at least 0.025 ** (1 / 4).
    assert interval(0, 4, 100) == (pytest.approx((2 * 0.025**0.25 - 1) * 0.04), pytest.approx(0.04))
    assert interval(0, 0, 100) == (0.0, 0.0)


@pytest.mark.parametrize("broken", range(8))
def test_the_interval_holds_nothing_exactly_where_the_test_finds_nothing(broken: int) -> None:
    low, high = interval(broken, 12, 100)
    assert (low <= 0 <= high) == (mcnemar(broken, 12) > 0.05)


def test_the_verdict_says_what_chance_would_do(files: tuple[Path, Path]) -> None:
    before, after = map(read_run, files)
    said = verdict(compare(before, after))
    assert said.startswith("共同的 4 题：对改错 1 题，错改对 2 题，净 +25.0 个百分点，95% 区间 -60.9 到 +73.7；")
    assert said.endswith("p = 1.000，分不出是不是偶然。")
    assert verdict(compare(before, before)) == "共同的 4 题，对错都没有变。"


def test_runs_without_common_questions_or_without_replies_are_one_sentence(tmp_path: Path) -> None:
    run = read_run(save_run(tmp_path, "", "", "", ""))
    other = read_run(save_run(tmp_path, "", "", "", "", replies={"x": {"right": True}}))
    older = read_run(save_run(tmp_path, "", "", "", "", replies=None))
    with pytest.raises(EvaluationError, match="不是同一组题"):
        compare(run, other)
    with pytest.raises(EvaluationError, match="没有逐题的记录"):
        compare(run, older)


def test_the_command_shows_figures_kinds_and_questions_but_never_a_held_text(files: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(command.app, ["compare", *map(str, files)])
    assert done.exit_code == 0, done.output
    for said in ("+25.0 个百分点", "有变化的类别", "dev-boat", "held-lamp"):
        assert said in done.output
    assert "路灯归谁管" not in done.output
