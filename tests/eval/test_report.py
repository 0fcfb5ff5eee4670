"""What is printed and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.errors import EvaluationError
from eval.metrics import judge_all
from eval.questions import Question
from eval.report import describe_run, insert_table, markdown, result, save, saved_results, stem
from eval.rows import Row

ASKED = [Question(id="a", kind="unit", question="归谁管？", expect="answered", units=("市船局",))]
ROW: Row = {
    "id": "a",
    "question": "归谁管？",
    "status": "answered",
    "answer": "市车局",
    "citations": [],
    "timings_ms": {},
}


def test_a_result_names_wrong_replies_by_id_and_never_quotes_the_question() -> None:
    kept = result(judge_all(ASKED, [ROW], {}), {"system": "bot"})
    assert (kept["run"], kept["wrong"], kept["overall"]["correct"]) == ({"system": "bot"}, ["a"], 0.0)
    assert kept["by_kind"]["unit"] == kept["overall"]
    assert "归谁管" not in json.dumps(kept, ensure_ascii=False)


def test_a_run_is_described_without_paths_of_this_machine() -> None:
    run = describe_run("bot", "dev", "python -m eval --set dev")
    assert (run["settings"]["corpus"], run["system"], run["set"]) == ("corpus", "bot", "dev")
    assert str(Path(__file__).parents[2]) not in json.dumps(run)


def test_saved_results_become_the_table_of_the_readme(tmp_path: Path) -> None:
    run = {"command": "python -m eval --set dev", "date": "2026-01-02T03:04:05+08:00", "commit": "abc1234"}
    save(tmp_path, stem("bot", "dev"), result(judge_all(ASKED, [ROW], {}), run))
    table = markdown(saved_results(tmp_path)).splitlines()
    assert table[:4] == [
        "| 指标 | 本项目 · 调试集 |",
        "|---|---|",
        "| 问题数 | 1 |",
        "| 答对（要点在答案正文里） | 0.0% |",
    ]
    assert table[-1] == "本项目 · 调试集：`python -m eval --set dev`，2026-01-02，提交 abc1234。"


def test_the_table_replaces_only_what_stands_between_the_markers(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("前\n<!-- eval -->\n旧\n<!-- /eval -->\n后\n", encoding="utf-8")
    for _ in range(2):
        insert_table(readme, "新")
        assert readme.read_text(encoding="utf-8") == "前\n<!-- eval -->\n新\n<!-- /eval -->\n后\n"


def test_a_readme_without_markers_and_a_folder_without_results_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="两个标记"):
        insert_table(tmp_path / "README.md", "新")
    with pytest.raises(EvaluationError, match="没有评测结果"):
        saved_results(tmp_path)


def test_another_system_is_kept_under_its_own_name() -> None:
    assert [stem("bot", "dev"), stem("baseline", "dev")] == ["dev", "baseline-dev"]
