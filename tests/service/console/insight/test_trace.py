"""The search tester tells of every clause how it was found and what became of it."""

from __future__ import annotations

import pytest

from bot.answering.pipeline import Pipeline
from bot.index.build import build
from bot.index.store import open_store
from bot.service.console.insight.trace import As, trace
from tests.index.small_index import PLAN, RULES, character_embedder, write_corpus

QUESTION = "瞪羚企业归哪个局培育？"


def test_the_products_own_settings_give_its_own_hits_and_answer(plan: Pipeline) -> None:
    found = trace(plan, QUESTION, As(), 10)
    query = plan.understand(QUESTION)
    own = plan.retriever.search(QUESTION, 10)
    assert [(each.clause.ref, each.score, each.dense_rank, each.lexical_rank) for each in found.found[:10]] == [
        (hit.chunk.clause.ref, hit.score, hit.dense_rank, hit.lexical_rank) for hit in own
    ]
    assert (found.query.understood, found.answer.text) == (query.understood, plan.quote(QUESTION).text)
    cited = [each for each in found.found if each.used]
    assert [(each.clause.ref, each.outcome) for each in cited] == [("三、(三)8.", "引用[1][2]")]


def test_what_is_cited_is_listed_however_far_down_it_was_found(plan: Pipeline) -> None:
    (only,) = (each for each in trace(plan, QUESTION, As(way="lexical"), 1).found if each.used)
    assert only.clause.ref == "三、(三)8."


@pytest.mark.parametrize(("way", "missing"), [("dense", "lexical_rank"), ("lexical", "dense_rank")])
def test_one_side_alone_has_no_ranks_of_the_other(plan: Pipeline, way: str, missing: str) -> None:
    found = trace(plan, QUESTION, As(way=way)).found  # type: ignore[arg-type]
    assert {getattr(each, missing) for each in found} == {None}
    assert [each.fused for each in found] == [each.place for each in found]


def test_scores_stand_beside_the_ranks_of_each_side(plan: Pipeline) -> None:
    for each in trace(plan, QUESTION, As()).found:
        assert (each.dense_rank is None) == (each.similarity is None)
        assert (each.lexical_rank is None) == (each.bm25 is None)
        assert each.reranked is None  # no reranker is set


def test_a_paper_that_does_not_apply_says_why(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("expired")
    corpus = write_corpus(folder / "corpus", plan=PLAN, rules=RULES)
    repealed = '[[document]]\nfile = "rules.txt"\ntitle = "种树管理办法"\nstate = "废止"\n'
    (corpus / "manifest.toml").write_text(repealed, "utf-8")
    build([corpus], folder / "store", character_embedder())
    with open_store(folder / "store", character_embedder()) as store:
        found = trace(Pipeline(store), "银杏归谁管", As())
        (rule, *_) = [each for each in found.found if each.clause.document.id == "rules"]
        assert (rule.flags, rule.outcome) == (("已废止",), "未采用：文件不适用（已废止）")
        everything = trace(Pipeline(store), "银杏归谁管", As(scoped=False))
        assert not any(each.outcome.startswith("未采用") for each in everything.found)
