"""The report of all saved runs, as Markdown, JSON and one page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from eval.errors import EvaluationError
from eval.overview import read_runs
from tests.eval.small_runs import ABOUT, ASKED, CALIBRATION, save_run


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Our run on dev, with calibration; another system's; one on foreign papers; two that are no answers."""
    folder = tmp_path / "results"
    save_run(folder, "市船局", "", "", "", calibration=CALIBRATION)
    save_run(folder, "", "", "", "", system="baseline", replies=None)
    spans = {"questions": 2.0, "covered": 0.5, "mean_answer_length": 12.0}
    run = {**ABOUT, "system": "bot", "set": "spans-trees", "changed_since_commit": True}
    save_run(folder, "", "", "", "", questions="spans-trees", run=run, overall=spans, by_kind=None)
    (folder / "retrieval-trees-latest.json").write_text('{"rankers": {}}', encoding="utf-8")
    (folder / "grounding-latest.json").write_text('{"practice": {}}', encoding="utf-8")
    return folder


def written(results: Path, name: str) -> str:
    done = CliRunner().invoke(command.app, ["report", str(results.parent), "--results", str(results)])
    assert done.exit_code == 0, done.output
    return (results.parent / name).read_text(encoding="utf-8")


def test_ours_come_first_and_each_run_has_a_title(results: Path) -> None:
    assert [entry.title for entry in read_runs(results).entries] == [
        "本项目 · 调试集",
        "本项目 · 外来文件 trees",
        "教程做法 · 调试集",
    ]


def test_the_markdown_holds_figures_kinds_calibration_and_times(results: Path) -> None:
    lines = written(results, "report.md").splitlines()
    for line in (
        "| 指标 | 本项目 · 调试集 | 教程做法 · 调试集 |",
        "| 答对（要点在答案正文里） | 50.0% | 25.0% |",
        "| 答案含标准答案（连续，或按序含九成字） | 50.0% |",
        "| 责任单位 | 33.3% | 3 |",
        "| 调试集 | 4 | 0.5 | 50.0% | 50.0% | 0.185 |",
        "| 调试集 | 9.0 毫秒 | 11.0 毫秒 | 11.0 毫秒 | 11.0 毫秒 | 11.0 毫秒 |",
        "- 本项目 · 外来文件 trees：`python -m eval`，2026-01-02，提交 abc1234（之后有改动）。",
    ):
        assert line in lines


def test_the_json_holds_the_same(results: Path) -> None:
    first = json.loads(written(results, "report.json"))["runs"][0]
    assert (first["title"], first["overall"]["correct"], first["latency_ms"]["p90"]) == ("本项目 · 调试集", 0.5, 11.0)
    assert first["calibration"]["bins"][0] == {"likely": 0.1, "right": 0.0, "samples": 1}


def test_the_page_stands_alone_with_its_charts(results: Path) -> None:
    page = written(results, "report.html")
    assert page.count("<svg") == 4  # probabilities, one threshold, two of times
    assert not re.search(r'(src|href)="(?!#)|url\((?!#)|@import|<script|<link', page)


def test_no_question_and_no_held_id_is_in_any_of_the_files(results: Path) -> None:
    for name in ("report.md", "report.json", "report.html"):
        text = written(results, name)
        assert not [part for part in ("held-", *(question.question for question in ASKED)) if part in text]


def test_without_calibration_and_times_the_report_says_what_to_do(tmp_path: Path) -> None:
    save_run(tmp_path / "results", "", "", "", "", replies=None)
    text = written(tmp_path / "results", "report.html")
    assert "没有校准数据：运行评测时加 <code>--calibration</code>。" in text
    assert "结果里没有逐题的耗时，重新运行一次评测即可。" in text
    assert "<svg" not in text


def test_a_folder_without_results_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="没有评测结果"):
        read_runs(tmp_path)
