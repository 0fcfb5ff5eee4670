"""The whole road on a handful of sentences: learn, fold, save, read."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sentence_transformers")

from bot.index.embed import load_embedder  # noqa: E402
from training.data import Article, Asked, Pair, PolicyQuestion, Retrieval  # noqa: E402
from training.evaluate import measure, rank  # noqa: E402
from training.export import export  # noqa: E402
from training.model import ComposedEmbedding, composition  # noqa: E402
from training.tokenizer import build_tokenizer  # noqa: E402
from training.train import Recipe, fit, learn_questions, learn_statutes, start_prompt  # noqa: E402

PASSAGES = {
    "工资": "用人单位应当按月支付劳动报酬",
    "狗": "饲养动物造成他人损害的应当赔偿",
    "房": "出租人应当维修租赁物",
}
QUESTIONS = {"工资": "老板欠薪", "狗": "被狗咬伤", "房": "房东漏水"}
RETRIEVAL = Retrieval(PASSAGES, QUESTIONS, {key: frozenset({key}) for key in PASSAGES})
TOKENIZER = build_tokenizer([*PASSAGES.values(), *QUESTIONS.values()], ["query"], minimum_count=1)


def train() -> ComposedEmbedding:
    embedding = ComposedEmbedding(TOKENIZER, 8, np.zeros(TOKENIZER.get_vocab_size()), seed=1)
    rows = [(QUESTIONS[key], PASSAGES[key]) for key in PASSAGES] * 30
    fit(embedding, rows, Recipe(batch_size=3), seed=1)
    return embedding


@pytest.fixture(scope="module")
def trained() -> ComposedEmbedding:
    return train()


@pytest.mark.slow
def test_questions_find_their_passages_after_training(trained: ComposedEmbedding) -> None:
    ranked = rank(TOKENIZER, trained.folded(), PASSAGES, list(QUESTIONS.values()), 3)
    assert measure(dict(zip(QUESTIONS, ranked, strict=True)), RETRIEVAL.relevant) == {
        "recall@10": 1,
        "recall@100": 1,
        "mrr@10": 1,
    }


@pytest.mark.slow
def test_the_same_seed_gives_the_same_table(trained: ComposedEmbedding) -> None:
    np.testing.assert_array_equal(trained.folded(), train().folded())


@pytest.mark.slow
def test_both_stages_run_on_the_smallest_lesson() -> None:
    recipe = Recipe(dimension=4, batch_size=2, epochs=1, question_steps=3, hard_negatives=1)
    articles = [Article(key, "", f"{text}。{text}。") for key, text in PASSAGES.items()]
    ours = [Pair("欠薪", "拖欠劳动报酬")]
    many = Retrieval(
        PASSAGES | {str(number): f"无关条文{number}" for number in range(9)}, QUESTIONS, RETRIEVAL.relevant
    )
    embedding = learn_statutes(TOKENIZER, articles, ours, recipe)
    before = embedding.folded()
    written = [Asked("拖欠薪水", ("工资",))]
    policy = [PolicyQuestion("老板跑路", PASSAGES["工资"], tuple(PASSAGES.values()))]
    learn_questions(embedding, many, many.asked(QUESTIONS), written, policy, ours, articles, ours, recipe, seed=1)
    assert embedding.folded().shape == before.shape
    assert not np.array_equal(embedding.folded(), before)


def test_an_unlearnt_prompt_says_nothing_when_hard_negatives_are_looked_for() -> None:
    embedding = ComposedEmbedding(TOKENIZER, 4, np.zeros(TOKENIZER.get_vocab_size()), seed=1)
    token = TOKENIZER.token_to_id("query")
    assert embedding.folded()[token].any()
    start_prompt(embedding, Recipe())
    assert not embedding.folded()[token].any()


@pytest.mark.slow
def test_folding_keeps_the_directions_the_training_saw(trained: ComposedEmbedding) -> None:
    texts = list(PASSAGES.values())
    seen = trained(trained.preprocess(texts))["sentence_embedding"].detach().numpy()
    sums = np.stack([trained.folded()[encoding.ids].sum(axis=0) for encoding in TOKENIZER.encode_batch(texts)])
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (seen, sums)]
    np.testing.assert_allclose(unit[0], unit[1], atol=1e-5)


def test_a_word_is_itself_and_the_mean_of_its_parts() -> None:
    tokenizer = build_tokenizer(["工资", "工", "资"], minimum_count=1)
    row = composition(tokenizer).toarray()[tokenizer.token_to_id("工资")]
    assert {tokenizer.id_to_token(place): row[place] for place in row.nonzero()[0]} == {"工资": 1, "工": 0.5, "资": 0.5}


def test_the_unknown_token_says_nothing() -> None:
    assert not composition(TOKENIZER).toarray()[0].any()


def test_a_model_is_replaced_whole(tmp_path: Path) -> None:
    table = np.eye(TOKENIZER.get_vocab_size(), 4)
    export(TOKENIZER, table, tmp_path / "model", "# 旧")
    export(TOKENIZER, table * 2, tmp_path / "model", "# 新")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert (tmp_path / "model" / "README.md").read_text(encoding="utf-8") == "# 新"
    assert load_embedder(tmp_path / "model").dimension == 4


def test_measures_follow_their_definitions() -> None:
    ranked = {"甲": ["x", "a", "b"], "乙": ["y"]}
    relevant = {"甲": frozenset("ab"), "乙": frozenset("c")}
    assert measure(ranked, relevant) == {"recall@10": 0.5, "recall@100": 0.5, "mrr@10": 0.25}
