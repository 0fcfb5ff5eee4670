"""Cases written by hand: all on clauses of the corpus, enough of them, and none on papers that are not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.documents.corpus import read_corpus
from bot.settings import PROJECT
from eval.errors import EvaluationError
from eval.grounding import written as module
from eval.grounding.cases import FALSE_KINDS, TRUE_KINDS
from eval.grounding.written import written
from tests.eval.grounding.small_law import OUTLINES


def test_every_line_stands_on_a_clause_of_the_corpus() -> None:
    cases = written(read_corpus([PROJECT / "corpus"]).outlines)
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in module.FILES.values())
    true = [case for case in cases if case.is_true]
    assert len({case.sentence for case in cases}) == len(cases) == lines
    assert (len(true) >= 150, len(cases) - len(true) >= 60) == (True, True)
    assert all(case.kind in (TRUE_KINDS if case.is_true else FALSE_KINDS) for case in cases)


def test_a_paper_that_is_not_there_gives_none() -> None:
    assert written(OUTLINES) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"words": "咖啡"}, "第 1 行：tea-law 的 第二条 里没有“咖啡”"), ({"kind": "guess"}, "kind “guess”不是")],
)
def test_a_wrong_line_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], said: str
) -> None:
    line = {
        "kind": "figure",
        "document": "tea-law",
        "ref": "第二条",
        "words": "",
        "sentence": "税率为20%。",
        **change,
    }
    path = tmp_path / "false.jsonl"
    path.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(module, "FILES", {False: path})
    with pytest.raises(EvaluationError, match=said):
        written(OUTLINES)
