"""What belongs together: cuts of articles and the pairs we wrote."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import PROJECT
from eval.metrics import fold
from eval.questions import REGULATIONS, load_set
from training.data import (
    OUR_PAIRS,
    Article,
    Asked,
    Pair,
    Retrieval,
    cut_article,
    read_our_pairs,
    read_our_questions,
    read_our_words,
    read_policy_questions,
    statute_pairs,
)

CORPUS = PROJECT / "corpus"


def test_a_cut_sets_one_run_of_sentences_against_the_rest() -> None:
    article = Article("某条例第一条", "", "企业可以申请补助。补助不超过十万元。到期不再受理。")
    pair = cut_article(article, random.Random(1), headed=1)
    assert pair is not None
    heading, _, rest = pair.positive.partition(" ")
    assert heading == "某条例第一条"
    assert sorted(pair.anchor + rest) == sorted(article.text)


def test_an_article_of_one_clause_cannot_be_cut() -> None:
    assert cut_article(Article("某条例第二条", "", "本条例自公布之日起施行。"), random.Random(1)) is None


def test_the_chapter_is_set_against_the_text_where_it_is_known() -> None:
    articles = [Article("某条例第一条", "某条例 总则", "目的。"), Article("某法第一条", "", "目的。")]
    assert statute_pairs(articles, random.Random(1), chapters=1) == [Pair("某条例 总则", "目的。")]


@given(st.lists(st.text("甲乙丙，。；", min_size=1), max_size=9), st.integers())
def test_no_character_is_invented(pieces: list[str], seed: int) -> None:
    text = "".join(pieces)
    pair = cut_article(Article("", "", text), random.Random(seed), headed=0)
    assert pair is None or Counter(pair.anchor + pair.positive) <= Counter(text)


def test_a_policy_question_is_set_against_the_chunk_with_its_stretch(tmp_path: Path) -> None:
    path = tmp_path / "policy.txt"
    path.write_text("# 说明\n\naction-plan｜研究成立未来产业发展基金\n有没有基金\n政府出不出钱\n", encoding="utf-8")
    first, second = read_policy_questions(CORPUS, path)
    assert (first.question, second.question) == ("有没有基金", "政府出不出钱")
    assert "研究成立未来产业发展基金" in first.passage
    assert not any("研究成立未来产业发展基金" in other for other in first.others)


def test_a_stretch_that_no_chunk_has_is_named(tmp_path: Path) -> None:
    path = tmp_path / "policy.txt"
    path.write_text("action-plan｜没有这句话\n问\n", encoding="utf-8")
    with pytest.raises(ValueError, match="没有这句话"):
        read_policy_questions(CORPUS, path)


def test_no_evaluation_question_is_learnt_from() -> None:
    asked = {fold(question.question) for name in ("all", *REGULATIONS) for question in load_set(name)}
    assert not asked & {fold(policy.question) for policy in read_policy_questions(CORPUS)}


def test_our_own_pairs_have_two_sides_and_no_question_twice() -> None:
    anchors = [pair.anchor for pair in read_our_pairs()]
    assert len(anchors) == len(set(anchors)) > 400
    assert all(pair.anchor and pair.positive for pair in read_our_pairs())


def test_our_questions_are_set_against_the_articles_named_above_them(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    # A comment, two articles of the collection, one that it lacks.
    blocks = ["# 说明", "某法第一条\n欠薪找谁\n工资拖着不发咋办", "某法第二条＋某法第三条\n被狗咬了谁赔"]
    blocks.append("别的法第一条\n问")
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    titles = {"a": "某法第一条", "b": "某法第二条", "c": "某法第三条", "d": "某法第一条"}
    assert read_our_questions(Retrieval({}, {}, {}, titles), path) == [
        Asked("欠薪找谁", ("a", "d")),
        Asked("工资拖着不发咋办", ("a", "d")),
        Asked("被狗咬了谁赔", ("b", "c")),
    ]


def test_our_questions_are_all_different_and_none_is_used_to_evaluate() -> None:
    blocks = [block.splitlines() for block in (OUR_PAIRS / "questions.txt").read_text(encoding="utf-8").split("\n\n")]
    ours = [question for _, *questions in blocks[1:] for question in questions]
    evaluated = {question.question for name in ("all", *REGULATIONS) for question in load_set(name)}
    assert len(ours) == len(set(ours)) > 10_000
    assert not evaluated & set(ours)


def test_our_own_words_are_words() -> None:
    assert all(2 <= len(word) <= 10 for word in read_our_words())
