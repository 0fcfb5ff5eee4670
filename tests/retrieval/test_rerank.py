"""The reranker: a real CrossEncoder, tiny and untrained, so that order is compared with its own scores."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.answering.pipeline import open_pipeline
from bot.errors import ModelError
from bot.index.build import build
from bot.index.store import Store, open_store
from bot.retrieval.hybrid import HybridRetriever
from bot.retrieval.rerank import Reranker
from bot.settings import PROJECT, settings
from tests.index.small_index import PLAN, RULES, character_embedder, write_corpus
from tests.index.tiny_models import break_file, write_bert, write_cross_encoder

pytestmark = pytest.mark.skipif(find_spec("sentence_transformers") is None, reason="需要 .[models]")
QUESTION = "银杏归谁管"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    return Reranker.load(str(folder))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("index")
    build([write_corpus(folder / "corpus", plan=PLAN, rules=RULES)], folder / "store", character_embedder())
    return open_store(folder / "store", character_embedder())


def test_hits_stand_in_the_order_of_the_models_scores_and_keep_their_ranks(store: Store, reranker: Reranker):
    hits = HybridRetriever(store=store).search(QUESTION)
    scores = reranker._model.predict([(QUESTION, f"{hit.chunk.context} {hit.chunk.text}") for hit in hits])
    expected = [hit for _, hit in sorted(zip(scores, hits, strict=True), key=lambda pair: -pair[0])]
    found = reranker.rerank(QUESTION, hits)
    ranks = [(hit.chunk.id, hit.dense_rank, hit.lexical_rank) for hit in found]
    assert ranks == [(hit.chunk.id, hit.dense_rank, hit.lexical_rank) for hit in expected] and found != hits
    assert [hit.score for hit in found] == [hit.score for hit in hits]


def test_the_retriever_reranks_before_it_cuts_and_by_the_question_alone(store: Store, reranker: Reranker):
    hits = HybridRetriever(store=store).search(f"{QUESTION} 浇水")
    best = HybridRetriever(store=store, reranker=reranker).search(f"{QUESTION} 浇水", 2, QUESTION)
    assert best == reranker.rerank(QUESTION, hits)[:2]


def test_only_the_first_hits_are_read(store: Store, reranker: Reranker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.retrieval.rerank.RERANKED", 3)
    hits = HybridRetriever(store=store).search(QUESTION)
    found = reranker.rerank(QUESTION, hits)
    assert (found[3:], {hit.chunk for hit in found[:3]}) == (hits[3:], {hit.chunk for hit in hits[:3]})
    assert (reranker.rerank(QUESTION, []), reranker.rerank(QUESTION, hits[:1])) == ([], hits[:1])


def test_a_model_that_fails_on_a_question_leaves_the_hits_as_they_were(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def too_large(*_: object, **__: object) -> None:
        raise RuntimeError("can't allocate memory")

    reranker = Reranker.load(str(folder))
    monkeypatch.setattr(reranker._model, "predict", too_large)
    found = HybridRetriever(store=store, reranker=reranker).search(QUESTION)
    assert found == HybridRetriever(store=store).search(QUESTION)
    assert caplog.messages[0].endswith("算不出分数（can't allocate memory），请去掉 BOT_RERANKER。这一问未重排。")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("fault", ["missing", "truncated", "empty"])
def test_a_broken_folder_is_one_sentence(folder: Path, tmp_path: Path, name: str, fault: str):
    broken = shutil.copytree(folder, tmp_path / "broken")
    break_file(broken / name, fault)
    with pytest.raises(ModelError, match=r"^[^\n]*broken[^\n]*；请重新取得它，或改 BOT_RERANKER。$"):
        Reranker.load(str(broken))


def test_a_model_without_one_score_a_pair_is_no_reranker(tmp_path: Path):
    from transformers import BertModel

    for wrong in (write_bert(tmp_path / "encoder", BertModel), write_cross_encoder(tmp_path, labels=3)):
        with pytest.raises(ModelError, match=r"不是重排模型.*请改正 BOT_RERANKER"):
            Reranker.load(str(wrong))


def test_the_setting_puts_it_into_the_pipeline_and_nothing_else_does(
    plan_store_folder: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.cache_clear()
    assert open_pipeline(plan_store_folder).retriever.reranker is None
    monkeypatch.setenv("BOT_RERANKER", str(folder))
    settings.cache_clear()
    pipeline = open_pipeline(plan_store_folder)
    settings.cache_clear()
    assert isinstance(pipeline.retriever.reranker, Reranker)
    assert pipeline.invoke("瞪羚企业归哪个局培育？").status == "answered"


@pytest.mark.slow
def test_by_default_neither_torch_nor_the_client_of_an_endpoint_is_imported(plan_store_folder: Path):
    program = (
        "import sys; from pathlib import Path; from bot.answering.pipeline import open_pipeline;"
        f"open_pipeline(Path({str(plan_store_folder)!r})).invoke('瞪羚企业归哪个局培育？');"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'openai'} & set(sys.modules)))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=clean, capture_output=True, encoding="utf-8"
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0)
