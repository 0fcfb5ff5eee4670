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
from eval.questions import read_jsonl
from tests.eval.grounding.small_law import OUTLINES


def test_every_line_on_a_paper_of_the_corpus_stands_on_a_clause_of_it() -> None:
    outlines = read_corpus([PROJECT / "corpus"]).outlines
    papers = {outline.document.id for outline in outlines}
    cases = written(outlines)
    lines = [
        record
        for path in module.FILES.values()
        for _, record in read_jsonl(path)
        if {record["document"], *(place["document"] for place in record.get("also", ()))} <= papers
    ]
    true = [case for case in cases if case.is_true]
    assert len({case.sentence for case in cases}) == len(cases) == len(lines)
    assert (len(true) >= 350, len(cases) - len(true) >= 250) == (True, True)
    assert all(case.kind in (TRUE_KINDS if case.is_true else FALSE_KINDS) for case in cases)


def test_a_sentence_may_cite_two_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    also = [{"document": "tea-law", "ref": "第三条", "words": ""}]
    line = {"kind": "joined", "document": "tea-law", "ref": "第二条", "words": "", "also": also, "sentence": "喝茶。"}
    path = tmp_path / "true.jsonl"
    path.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(module, "FILES", {True: path})
    (case,) = written(OUTLINES)
    assert [(each.number, each.clause.ref) for each in case.cited] == [(1, "第二条"), (2, "第三条")]


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
