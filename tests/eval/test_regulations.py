"""The questions on statutes are what they say they are, word by word against the statutes where these are at hand."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bot.settings import PROJECT
from eval.metrics import fold
from eval.questions import load_set

STATUTES = PROJECT.parent / "shared" / "regulations"
PLAN = PROJECT / "corpus" / "action-plan.txt"
PLAN_WORK = "青岛市加快培育发展未来产业行动方案（2025—2027年）"
DEV, HELD = load_set("regulations"), load_set("regulations-held")
BOTH = DEV + HELD


def articles_of_statutes() -> dict[str, str]:
    """专利法 第六条 → folded text, in a few lines of its own so that the parser is not judged by itself."""
    texts: dict[str, str] = {}
    for path in STATUTES.glob("*.md"):
        title, *lines = path.read_text(encoding="utf-8").splitlines()
        work = title.lstrip("# ").strip().removeprefix("中华人民共和国")
        place = ""
        for line in lines:
            if line.startswith("#"):
                place = ""
            elif found := re.match(r"\**\s*(第[一二三四五六七八九十百零]+条)\**\s", line.strip() + " "):
                place = f"{work} {found[1]}"
            if place:
                texts[place] = texts.get(place, "") + fold(line)
    return texts


def test_the_halves_are_alike_and_told_by_their_ids() -> None:
    # Questions written later for practice are in the dev set only and do not count here.
    first = [question for question in DEV if not question.id.startswith("train-")]
    assert len(first) == len(HELD) >= 80
    assert all(question.held for question in HELD)
    assert not any(question.held for question in DEV)
    dev, held = Counter((q.kind, q.expect) for q in first), Counter((q.kind, q.expect) for q in HELD)
    assert all(abs(dev[part] - held[part]) <= 1 for part in dev | held)


def test_there_are_enough_to_answer_and_enough_to_refuse() -> None:
    expected = Counter(question.expect for question in BOTH)
    assert expected["answered"] >= 290
    assert expected["unanswerable"] >= 80


def test_a_pair_is_one_question_to_answer_and_one_the_statutes_leave_open() -> None:
    pairs = [(q, re.match(r"与 (\S+) 成对", q.note)) for q in DEV]
    twins = {q.id: found[1] for q, found in pairs if found}
    assert {id_ for id_, twin in twins.items() if twins.get(twin) != id_} == set()
    expected = {q.id: q.expect for q in DEV}
    assert len(twins) == 50
    assert all({expected[id_], expected[twin]} == {"answered", "unanswerable"} for id_, twin in twins.items())


def test_no_question_is_asked_twice() -> None:
    times = Counter((fold(question.question), question.history) for question in BOTH)
    assert [asked for asked, count in times.items() if count > 1] == []


def test_an_answerable_question_says_what_it_expects_and_where() -> None:
    answerable = [question for question in BOTH if question.expect in {"answered", "correct_premise"}]
    assert [q.id for q in answerable if not (q.clauses and (q.required or q.units))] == []


def test_what_is_required_is_a_fact_and_no_sentence_of_a_statute() -> None:
    assert [(q.id, phrase) for q in BOTH for phrase in q.required if len(phrase) > 16] == []


def test_what_is_expected_stands_in_the_named_articles() -> None:
    if not STATUTES.is_dir():
        pytest.skip("没有 ../shared/regulations")
    texts = articles_of_statutes() | {PLAN_WORK: fold(PLAN.read_text(encoding="utf-8"))}
    named = {clause: PLAN_WORK if clause.startswith(PLAN_WORK) else clause for q in BOTH for clause in q.clauses}
    assert [(q.id, clause) for q in BOTH for clause in q.clauses if named[clause] not in texts] == []
    said = {q.id: "".join(texts[named[clause]] for clause in q.clauses) for q in BOTH}
    assert [(q.id, phrase) for q in BOTH for phrase in q.required + q.units if fold(phrase) not in said[q.id]] == []


def test_questions_to_answer_or_not_are_told_by_their_ids_and_kept_with_their_twins() -> None:
    practice, held = load_set("refusals"), load_set("refusals-held")
    assert [len(practice), len(held)] == [202, 68]
    assert all(question.held for question in held)
    assert not any(question.held for question in practice)
    for questions in (practice, held):
        expected = {question.id: question.expect for question in questions}
        twins = {q.id: found[1] for q in questions if (found := re.match(r"与 (\S+) 成对", q.note))}
        assert all({expected[id_], expected[twin]} == {"answered", "unanswerable"} for id_, twin in twins.items())


def test_no_question_to_answer_or_not_is_asked_elsewhere() -> None:
    asked = [fold(question.question) for name in ("refusals", "refusals-held") for question in load_set(name)]
    assert len(set(asked)) == len(asked)
    assert set(asked) & {fold(question.question) for question in BOTH} == set()


def test_a_question_to_answer_names_an_article_that_is_there() -> None:
    if not STATUTES.is_dir():
        pytest.skip("没有 ../shared/regulations")
    texts = articles_of_statutes()
    clauses = [clause for name in ("refusals", "refusals-held") for q in load_set(name) for clause in q.clauses]
    statutes = [clause for clause in clauses if " " in clause]
    assert [clause for clause in statutes if clause not in texts] == []
    assert len(statutes) > 70
