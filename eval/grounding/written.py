"""
The cases written by hand on the corpus: as a model says things rightly, and wrongly.

    true.jsonl   {"kind": "paraphrase", "document": "patent-law", "ref": "第四十二条", "words": "", "sentence": "…"}
    false.jsonl  {"kind": "exchanged", …}  ->  Case("…", (Citation(1, 第四十二条, …),), "exchanged", False, …)

`words` stand in the segment that is cited, where a clause has several; `also` are further places that are cited. A
paper that the index does not hold, a digest whose original has taken its place, gives no case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.types import Citation, Outline
from eval.errors import EvaluationError
from eval.grounding.cases import KINDS, Case, Passage
from eval.questions import read_jsonl

FILES = {True: Path(__file__).with_name("true.jsonl"), False: Path(__file__).with_name("false.jsonl")}


def written(outlines: Sequence[Outline]) -> tuple[Case, ...]:
    """The cases on papers that are there. Raises EvaluationError for a line whose clause is not in its paper."""
    papers = {outline.document.id: outline for outline in outlines}
    return tuple(
        _case(record, papers, is_true, f"{path.name} 第 {number} 行")
        for is_true, path in FILES.items()
        for number, record in read_jsonl(path)
        if all(place["document"] in papers for place in _places(record))
    )


def _places(record: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    return [record, *record.get("also", ())]


def _case(record: Mapping[str, Any], papers: Mapping[str, Outline], is_true: bool, where: str) -> Case:
    if record["kind"] not in KINDS:
        raise EvaluationError(f"{where}的 kind “{record['kind']}”不是 {'、'.join(KINDS)} 之一，请改正。")
    cited: list[Citation] = []
    for place in _places(record):
        outline, ref, words = papers[place["document"]], place["ref"], place["words"]
        passage = next(_passages(outline, ref, words), None)
        if passage is None:
            raise EvaluationError(f"{where}：{outline.document.id} 的 {ref} 里没有“{words}”，请改正。")
        cited.append(passage.cited(len(cited) + 1))
    return Case(record["sentence"], tuple(cited), record["kind"], is_true, written=True)


def _passages(outline: Outline, ref: str, words: str) -> Iterator[Passage]:
    for clause in outline.clauses:
        for segment in clause.segments:
            if clause.ref == ref and words in segment.text:
                yield Passage(clause, segment)
