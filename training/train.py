"""
Learn the table from pairs, with sentence-transformers' own trainer and in-batch negatives.

    learn_statutes(tokenizer, articles, …)   ->  an embedding that knows which sentences stand in one article
    learn_questions(embedding, retrieval, …) ->  the same, that also knows in which words people ask
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from datasets import Dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from tokenizers import Tokenizer

from training.data import PASSAGE, Article, Pair, Retrieval, statute_pairs
from training.evaluate import rank
from training.model import ComposedEmbedding

Direction = Literal["query_to_doc", "doc_to_query"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyper-parameters; the defaults are what cross-validation on the training questions chose (eval/LOG.md)."""

    dimension: int = 504  # with 24,117 words in fp16 just under 25 MB
    batch_size: int = 1024
    learning_rate: float = 0.01
    scale: float = 30.0  # cosine similarities are multiplied by it before the softmax
    epochs: int = 3  # fresh cuts of every article
    question_steps: int = 100
    question_share: float = 0.3  # of a batch; the rest keeps what the statutes taught
    our_share: float = 0.2  # likewise of what we wrote ourselves
    hard_negatives: int = 100  # drawn from these ranks below the first five, which may be right though not marked so
    seed: int = 2025


def learn_statutes(
    tokenizer: Tokenizer, articles: Sequence[Article], others: Sequence[Pair], recipe: Recipe
) -> ComposedEmbedding:
    """First stage: a sentence finds the rest of its article. `others` are met once an epoch."""
    chooser = random.Random(recipe.seed)  # noqa: S311 - a seed is wanted, not a secret
    gains = inverse_frequency_gains(tokenizer, [article.text for article in articles])
    embedding = ComposedEmbedding(tokenizer, recipe.dimension, gains, recipe.seed)
    rows: list[tuple[str, ...]] = []
    for _ in range(recipe.epochs):
        rows += [*statute_pairs(articles, chooser), *others]
    fit(embedding, rows, recipe, both_directions=True)
    return embedding


def learn_questions(
    embedding: ComposedEmbedding,
    retrieval: Retrieval,
    queries: Sequence[str],
    articles: Sequence[Article],
    others: Sequence[Pair],
    ours: Sequence[Pair],
    recipe: Recipe,
) -> None:
    """
    Second stage, in place: a question's articles against hard and random ones.

    The batch is filled up with pairs written by us and more of the first stage's, which bring random articles along.
    """
    chooser = random.Random(recipe.seed)  # noqa: S311 - a seed is wanted, not a secret
    size = recipe.question_steps * recipe.batch_size
    asked = question_rows(embedding, retrieval, queries, recipe, chooser)
    rows = chooser.choices(asked, k=int(size * recipe.question_share))
    pairs = chooser.choices(ours, k=int(size * recipe.our_share))
    pairs += chooser.sample([*statute_pairs(articles, chooser), *others], size - len(rows) - len(pairs))
    passages = list(retrieval.corpus.values())
    rows += [(*pair, *(passage[:PASSAGE] for passage in chooser.sample(passages, 2))) for pair in pairs]
    fit(embedding, rows, recipe, both_directions=False)


def question_rows(
    embedding: ComposedEmbedding, retrieval: Retrieval, queries: Sequence[str], recipe: Recipe, chooser: random.Random
) -> list[tuple[str, ...]]:
    """(question, right article, hard negative, random article), each question's articles several times over."""
    first = 5
    ranked = rank(embedding.tokenizer, embedding.folded(), retrieval, queries, first + recipe.hard_negatives)
    ids = list(retrieval.corpus)
    rows = []
    for query in queries:
        hard = [found for found in ranked[query][first:] if found not in retrieval.relevant[query]]
        for right in sorted(retrieval.relevant[query]):
            for wrong in hard:
                texts = (retrieval.corpus[found][:PASSAGE] for found in (right, wrong, chooser.choice(ids)))
                rows.append((retrieval.queries[query], *texts))
    return rows


def fit(embedding: ComposedEmbedding, rows: Sequence[tuple[str, ...]], recipe: Recipe, both_directions: bool) -> None:
    """Train in place on (anchor, positive, negative, …): one pass, learning rate falling to zero."""
    model = SentenceTransformer(modules=[embedding], device="cpu")
    directions: tuple[Direction, ...] = ("query_to_doc", "doc_to_query") if both_directions else ("query_to_doc",)
    loss = MultipleNegativesRankingLoss(
        model, scale=recipe.scale, directions=directions, partition_mode="per_direction"
    )
    names = ("anchor", "positive", "negative_1", "negative_2")
    dataset = Dataset.from_dict(dict(zip(names, map(list, zip(*rows, strict=True)), strict=False)))
    with tempfile.TemporaryDirectory() as folder:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=folder,
            num_train_epochs=1,
            per_device_train_batch_size=recipe.batch_size,
            batch_sampler="no_duplicates_hashed",  # the same article twice in a batch would be its own negative
            dataloader_drop_last=True,
            learning_rate=recipe.learning_rate,
            weight_decay=0.0,
            max_grad_norm=0.0,
            lr_scheduler_type="linear",
            warmup_steps=30,
            seed=recipe.seed,
            data_seed=recipe.seed,
            save_strategy="no",
            report_to="none",
            logging_steps=50,
            use_cpu=True,
        )
        SentenceTransformerTrainer(model=model, args=arguments, train_dataset=dataset, loss=loss).train()


def inverse_frequency_gains(tokenizer: Tokenizer, texts: Sequence[str]) -> np.ndarray:
    """
    float32 [tokens]: the logarithm of a / (a + share of the token), a = 1e-3.

    Smooth inverse frequency: Arora et al. 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings.
    """
    counts = Counter(token for encoding in tokenizer.encode_batch_fast(list(texts)) for token in encoding.ids)
    frequencies = np.array([counts[token] for token in range(tokenizer.get_vocab_size())], dtype=np.float64)
    gains: np.ndarray = np.log(1e-3 / (1e-3 + frequencies / frequencies.sum())).astype(np.float32)
    return gains
