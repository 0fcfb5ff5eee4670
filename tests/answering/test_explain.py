from pathlib import Path

import pytest

from bot.answering.explain import asked_word, entry_of, is_defined
from bot.answering.pipeline import Pipeline
from bot.answering.report import row
from bot.index.build import build
from bot.index.store import open_store
from bot.types import Answer
from tests.index.small_index import character_embedder

EXPLANATION = "【名词解释 · 非官方】"


def explains(answer: Answer) -> list[str]:
    return [citation.clause.ref for citation in answer.citations if citation.clause.document.is_glossary]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("什么是先投后股", "先投后股"),
        ("请问什么叫隐形独角兽啊?", "隐形独角兽"),
        ("耐心资本是什么意思?", "耐心资本"),
        ('方案里说的"揭榜挂帅"是个啥', "揭榜挂帅"),
        ("上头说的大胆资本是个啥,往哪投", "大胆资本"),
        ("怎么理解包容审慎监管", "包容审慎监管"),
        ("脑机接口的定义", "脑机接口"),
        ("先投后股归谁管", ""),
        ("瞪羚企业奖励多少", ""),
        ("孵化器由什么单位负责", ""),
        ("中试平台要什么条件", ""),
    ],
)
def test_the_word_whose_meaning_is_asked_for(question: str, word: str) -> None:
    assert asked_word(question) == word


def test_the_meaning_follows_what_the_policy_says_and_is_marked(plan: Pipeline) -> None:
    answer = plan.invoke("先投后股是什么意思")
    kinds = [citation.clause.document.kind for citation in answer.citations]
    assert (answer.status, kinds) == ("answered", ["original", "glossary"])
    assert [sentence.origin for sentence in answer.sentences] == ["quote", "note", "explanation"]
    assert answer.text.splitlines()[-1].startswith(f"{EXPLANATION}先投后股。")
    assert [citation["kind"] for citation in row(answer)["citations"]] == kinds


def test_the_entry_is_cited_to_the_character(plan: Pipeline) -> None:
    citation = plan.invoke("什么是耐心资本").citations[-1]
    assert citation.span.of(citation.clause.document.text) == citation.quote
    assert citation.quote.startswith("耐心资本。")


@pytest.mark.parametrize(
    "question",
    [
        "独角兽企业奖励多少",
        "独角兽归谁管",
        "新质生产力由谁牵头",
        "链主企业几家",
        "多金属结核含什么金属",
        "隐形独角兽估值多少亿",
    ],
)
def test_no_other_question_is_answered_from_the_glossary(plan: Pipeline, question: str) -> None:
    answer = plan.invoke(question)
    assert explains(answer) == []
    assert EXPLANATION not in answer.text


def test_the_glossary_is_not_searched_and_teaches_no_words(plan: Pipeline) -> None:
    store = plan.store
    [glossary] = store.glossaries
    assert all(chunk.clause.document.id != glossary.document.id for chunk in store.chunks)
    assert not store.mentions("间接融资租赁") and not store.mentions("太赫兹波")
    assert "赛马机制" not in store.lexicon
    assert glossary.document in store.documents


def test_an_alias_finds_the_entry(plan: Pipeline) -> None:
    named = [entry_of(word, plan.store) for word in ("中间试验", "瞪羚企业", "投小", "量子纠缠")]
    assert [pick.text[:2] if pick else None for pick in named] == ["中试", "瞪羚", "投早", None]


def test_every_entry_can_be_asked_for(plan: Pipeline) -> None:
    [glossary] = plan.store.glossaries
    entries = [clause for clause in glossary.clauses if clause.title and clause.ref != "一、"]
    assert len(entries) > 60
    assert all(entry_of(clause.title.split("（")[0], plan.store) is not None for clause in entries)


def write_glossary(corpus: Path, **texts: str) -> Path:
    """A corpus with a glossary words.txt."""
    corpus.mkdir()
    for name, text in texts.items():
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
    manifest = '[[document]]\nfile = "words.txt"\nkind = "glossary"\n'
    (corpus / "manifest.toml").write_text(manifest, encoding="utf-8")
    return corpus


def test_a_policy_that_defines_the_word_is_enough(tmp_path: Path) -> None:
    rules = "种树办法\n\n第一条 本办法所称瞪羚苗圃，是指长得快的苗圃。\n\n第二条 链主苗圃归市园林局管。\n"
    words = "名词\n1.瞪羚苗圃。一种苗圃。\n2.链主苗圃。另一种苗圃。\n"
    build([write_glossary(tmp_path / "corpus", rules=rules, words=words)], tmp_path / "store", character_embedder())
    with open_store(tmp_path / "store", character_embedder()) as store:
        assert (is_defined("瞪羚苗圃", store), is_defined("链主苗圃", store)) == (True, False)
        assert explains(Pipeline(store).invoke("什么是瞪羚苗圃")) == []
        assert explains(Pipeline(store).invoke("什么是链主苗圃")) == ["2."]


def test_a_corpus_of_nothing_but_a_glossary_explains_and_no_more(tmp_path: Path) -> None:
    words = "名词\n1.瞪羚。一种羚羊。\n2.链主。领头的。\n"
    build([write_glossary(tmp_path / "corpus", words=words)], tmp_path / "store", character_embedder())
    with open_store(tmp_path / "store", character_embedder()) as store:
        told = [Pipeline(store).invoke(question).status for question in ("什么是瞪羚", "瞪羚归谁管")]
    assert told == ["answered", "unanswerable_not_in_corpus"]
