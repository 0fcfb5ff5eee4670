"""Answers of an endpoint that says what it is told, measured and kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from bot.settings import settings
from eval.generated import Written, result, summarise
from tests.answering.generate.scripted_endpoint import ScriptedEndpoint, Status, says

ASKED = [
    {"id": "a", "kind": "unit", "question": "海洋科技大市场归谁管？", "expect": "answered", "units": ["市科技局"]},
    {"id": "b", "kind": "unit", "question": "今天天气怎么样？", "expect": "refused"},
]


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint().running() as running:
        monkeypatch.setenv("BOT_LLM_URL", running.url)
        monkeypatch.setenv("BOT_LLM_MODEL", "scripted")
        settings.cache_clear()
        yield running
    settings.cache_clear()


def run(tmp_path: Path, store: Path, *more: str) -> tuple[int, str]:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ASKED)
    (tmp_path / "few.jsonl").write_text(lines, encoding="utf-8")
    given = ["--set", str(tmp_path / "few.jsonl"), "--store", str(store), "--out", str(tmp_path / "kept"), *more]
    done = CliRunner().invoke(command.app, given)
    return done.exit_code, done.output


def test_what_a_model_wrote_is_measured_beside_the_other_figures(
    tmp_path: Path, plan_store_folder: Path, endpoint: ScriptedEndpoint
) -> None:
    endpoint.script = [says("海洋科技大市场由市科技局负责。[1]每年培养技术经纪人70名以上。[1]")]
    code, told = run(tmp_path, plan_store_folder, "--mode", "generated")
    assert (code, len(endpoint.requests)) == (0, 2)  # once unmeasured
    assert "大模型所写的内容" in told
    kept = json.loads((tmp_path / "kept" / "generated-few-latest.json").read_text(encoding="utf-8"))
    assert kept["overall"]["correct"] == 1.0
    figures = {name: kept["generated"][name] for name in ("asked", "generated", "faithful", "supported", "needed")}
    assert figures == {"asked": 1, "generated": 1, "faithful": 1, "supported": 0.5, "needed": 1}
    assert (kept["generated"]["removed_by_kind"], kept["generated"]["tokens"]) == ({"figure": 1}, 120)


def test_the_evaluation_asks_no_model_unless_it_is_told_to(
    tmp_path: Path, plan_store_folder: Path, endpoint: ScriptedEndpoint
) -> None:
    assert run(tmp_path, plan_store_folder, "--limit", "1")[0] == 0
    assert (tmp_path / "kept" / "few-1-latest.json").is_file()
    assert endpoint.requests == []


def test_an_endpoint_that_fails_is_counted(tmp_path: Path, plan_store_folder: Path, endpoint: ScriptedEndpoint) -> None:
    endpoint.script = [[Status(401)]]
    assert run(tmp_path, plan_store_folder, "--mode", "generated")[0] == 0
    kept = json.loads((tmp_path / "kept" / "generated-few-latest.json").read_text(encoding="utf-8"))["generated"]
    assert (kept["generated"], kept["faithful"], kept["faults_by_kind"]) == (0, None, {"refused": 1})


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--mode", "wild"), "--mode 只能是 quoted 或 generated，不是“wild”。"),
        (("--mode", "generated", "--system", "baseline"), "--mode generated 只能用于 bot，baseline不问大模型。"),
    ],
)
def test_modes_that_cannot_be_are_told(tmp_path: Path, more: tuple[str, ...], sentence: str) -> None:
    code, told = run(tmp_path, tmp_path, *more)
    assert (code, sentence in told) == (2, True)


def test_shares_are_over_all_sentences_and_sums_over_all_questions() -> None:
    one = Written(mode="generated", sentences=3, held=3, figures_found=2, citations=4, needed=3, removed=["figure"],
                  fault="", attempts=1, tokens=100, cost=0.25, first_sentence_ms=8.0)  # fmt: skip
    other = Written(mode="quoted", sentences=0, held=0, figures_found=0, citations=0, needed=0,
                    removed=["unit", "figure"], fault="timeout", attempts=2, tokens=50, cost=0.5)  # fmt: skip
    assert summarise([one, other]) == {
        "asked": 2,
        "generated": 0.5,
        "faithful": 1.0,
        "figures_found": pytest.approx(2 / 3),
        "supported": 0.5,
        "needed": 0.75,
        "removed": 3,
        "faults": 1,
        "tokens": 150,
        "cost": 0.75,
        "first_sentence_p50_ms": 8.0,
        "first_sentence_p99_ms": 8.0,
    }
    assert result([one, other])["removed_by_kind"] == {"figure": 2, "unit": 1}
