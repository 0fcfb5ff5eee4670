"""The questions files are what they say they are, word by word against the plan; a wrong line is named."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.settings import PROJECT
from eval.errors import EvaluationError
from eval.metrics import fold
from eval.questions import KINDS, REGULATIONS, Question, load_set, read_questions

PLAN = (PROJECT / "corpus" / "action-plan.txt").read_text(encoding="utf-8")
DEV, HELD = load_set("dev"), load_set("held")
OWN = [question for question in DEV + HELD if question.source == "own"]


def clauses_of(plan: str) -> dict[str, str]:
    """Canonical reference → folded text, in a few lines of its own so that the parser is not judged by itself."""
    texts: dict[str, str] = {}
    part = section = ref = ""
    for line in plan.splitlines():
        folded = fold(line)
        if found := re.match(r"([一二三四])、", folded):
            part = ref = f"{found[1]}、"
        elif found := re.match(r"\(([一二三四五])\)", folded):
            section = ref = f"{part}({found[1]})"
        elif part and (found := re.match(r"(\d+)\.", folded)):
            ref = f"{section}{found[1]}."
        name = ref or "题头"
        texts[name] = texts.get(name, "") + folded
    return texts


CLAUSES = clauses_of(PLAN)


def text_of(question: Question) -> str:
    """The text of the clauses that a question names, a section's items included."""
    return "".join(
        text
        for ref, text in CLAUSES.items()
        if any(ref == clause or (clause.endswith(")") and ref.startswith(clause)) for clause in question.clauses)
    )


def test_there_are_enough_questions_of_our_own() -> None:
    assert sum(not question.to_refuse for question in OWN) >= 120
    assert sum(question.to_refuse for question in OWN) >= 80
    asked = OWN + [question for name in REGULATIONS for question in load_set(name)]
    assert {question.kind for question in asked} == set(KINDS)


def test_ids_are_unique_and_tell_the_set() -> None:
    assert len({question.id for question in DEV + HELD}) == len(DEV + HELD)
    assert all(question.held for question in HELD)
    assert not any(question.held for question in DEV)


def test_no_question_is_asked_twice() -> None:
    times = Counter((fold(question.question), question.history) for question in DEV + HELD)
    assert [asked for asked, count in times.items() if count > 1] == []


def test_held_is_two_fifths_in_every_kind() -> None:
    # Questions written later for practice are in the dev set only and do not count here.
    first = [question for question in DEV if not question.id.startswith(("train-", "train2-", "train3-", "train4-"))]
    dev, held = Counter(question.kind for question in first), Counter(question.kind for question in HELD)
    assert 0.35 <= len(HELD) / (len(first) + len(HELD)) <= 0.45
    assert all(held[kind] >= 0.3 * (dev[kind] + held[kind]) for kind in KINDS)


def test_every_reference_is_a_place_in_the_plan() -> None:
    assert [(q.id, clause) for q in DEV + HELD for clause in q.clauses if clause not in CLAUSES] == []


def test_what_is_expected_stands_in_the_named_clauses() -> None:
    expected = [(q, phrase) for q in DEV + HELD for phrase in q.required + q.units]
    assert [(q.id, phrase) for q, phrase in expected if fold(phrase) not in text_of(q)] == []


def test_an_answerable_question_says_what_it_expects_and_where() -> None:
    empty = [q.id for q in DEV + HELD if not q.to_refuse and not (q.clauses and (q.required or q.units))]
    assert empty == []


def test_nothing_expected_is_also_forbidden() -> None:
    for question in DEV + HELD:
        expected = fold("".join(question.required + question.units))
        assert [phrase for phrase in question.must_not if fold(phrase) in expected] == []


def test_every_clause_of_the_plan_is_asked_about() -> None:
    named = {clause for question in OWN for clause in question.clauses}
    with_text = {ref for ref in CLAUSES if ref.endswith(".")} | {"题头", "一、", "二、(二)", "四、"}
    assert len(with_text) == 28
    assert with_text <= named


def test_the_seeds_are_kept_apart_from_our_own() -> None:
    assert [question.source for question in DEV].count("seed") == 60
    assert {question.source for question in HELD} == {"own"}


GOOD = {"id": "a", "kind": "unit", "question": "归谁管？", "expect": "answered"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["{"], "第 1 行不是 JSON"),
        (["[]"], "第 1 行应是一个 JSON 对象"),
        ([], "是空的"),
        ([json.dumps({**GOOD, "id": ""})], "第 1 行缺少 id"),
        ([json.dumps(GOOD), "", json.dumps({**GOOD, "kind": "归谁"})], "第 3 行的 kind 是“归谁”"),
        ([json.dumps({**GOOD, "expect": "yes"})], "expect 是“yes”"),
        ([json.dumps({**GOOD, "units": "市科技局"})], "units 应是字符串列表"),
        ([json.dumps({**GOOD, "history": [["只有问"]]})], "history 应是"),
        ([json.dumps(GOOD), json.dumps(GOOD)], "id 重复：a"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, lines: list[str], said: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(EvaluationError, match=re.escape(said)):
        load_set(str(path))


def test_a_file_that_is_missing_or_not_utf8_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "gbk.jsonl").write_bytes("归谁管".encode("gbk"))
    for name in ("none.jsonl", "gbk.jsonl"):
        with pytest.raises(EvaluationError, match="请检查路径和编码"):
            read_questions(tmp_path / name)
