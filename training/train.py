"""
Learn the table from pairs, with sentence-transformers' own trainer and in-batch negatives.

    learn_statutes(tokenizer, articles, …)   ->  an embedding that knows which sentences stand in one article
    learn_questions(embedding, retrieval, …) ->  the same, that also knows in which words people ask
"""

from __future__ import annotations

import math
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from tokenizers import Tokenizer

from training.data import PASSAGE, Article, Asked, Pair, PolicyQuestion, Retrieval, statute_pairs
from training.evaluate import rank
from training.export import QUERY_PROMPT
from training.model import ComposedEmbedding


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyper-parameters; the defaults are what cross-validation on the training questions chose (eval/LOG.md)."""

    dimension: int = 496  # with 24,638 words in fp16, and the words themselves, just under 25 MB
    batch_size: int = 1024
    learning_rate: float = 0.01
    scale: float = 30.0  # cosine similarities are multiplied by it before the softmax
    epochs: int = 3  # fresh cuts of every article
    question_steps: int = 100
    question_share: float = 0.35  # of a batch: what people really asked
    our_question_share: float = 0.25  # what we wrote in their stead
    policy_share: float = 0.04  # questions on the product's own papers; a passage may stand in a batch once
    our_pair_share: float = 0.05  # our pairs of phrases; the rest of the batch keeps what the statutes taught
    hard_negatives: int = 30  # drawn from these ranks below the first five, which may be right though not marked so
    prompt_weight: float = 12.0  # what the query prompt's row weighs at first, beside 1 for the rarest words
    models: int = 4  # second stages, differing in their seeds, whose tables are averaged
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
    fit(embedding, rows, recipe, recipe.seed)
    return embedding


def learn_questions(
    embedding: ComposedEmbedding,
    retrieval: Retrieval,
    asked: Sequence[Asked],
    written: Sequence[Asked],
    policy: Sequence[PolicyQuestion],
    pairs: Sequence[Pair],
    articles: Sequence[Article],
    others: Sequence[Pair],
    recipe: Recipe,
    seed: int,
) -> None:
    """
    Second stage, in place: questions against hard and random articles. `written`, `policy` and `pairs` are ours.

    The batch is filled up with more of the first stage's pairs, which bring random articles along. Only what people
    really asked has the query prompt: what is written to cover the law evenly does not say what is asked about most.
    """
    chooser = random.Random(seed)  # noqa: S311 - a seed is wanted, not a secret
    size = recipe.question_steps * recipe.batch_size
    start_prompt(embedding, recipe)  # before hard negatives are looked for: an unlearnt prompt is noise
    rows: list[tuple[str, ...]] = []
    for questions, prompt, share in (
        (asked, QUERY_PROMPT, recipe.question_share),
        (written, "", recipe.our_question_share),
    ):
        ready = question_rows(embedding, retrieval, questions, prompt, recipe, chooser)
        rows += chooser.choices(ready, k=int(size * share))
    for question, passage, rest in chooser.choices(policy, k=int(size * recipe.policy_share)):
        rows.append((question, passage, *chooser.sample(rest, 2)))
    fill = chooser.choices(pairs, k=int(size * recipe.our_pair_share))
    fill += chooser.sample([*statute_pairs(articles, chooser), *others], size - len(rows) - len(fill))
    passages = list(retrieval.corpus.values())
    rows += [(*pair, *(passage[:PASSAGE] for passage in chooser.sample(passages, 2))) for pair in fill]
    fit(embedding, rows, recipe, seed)


def start_prompt(embedding: ComposedEmbedding, recipe: Recipe) -> None:
    """The prompt begins at nothing, with room to gain a direction."""
    (token,) = embedding.tokenizer.encode(QUERY_PROMPT).ids
    with torch.no_grad():
        embedding.embedding.weight[token] = 0
        embedding.gain[token] = math.log(recipe.prompt_weight)


def question_rows(
    embedding: ComposedEmbedding,
    retrieval: Retrieval,
    asked: Sequence[Asked],
    prompt: str,
    recipe: Recipe,
    chooser: random.Random,
) -> list[tuple[str, ...]]:
    """(prompt and question, right article, hard negative, random one), each question's articles several times over."""
    first = 5
    questions = [question for question, _ in asked]
    depth = first + recipe.hard_negatives
    ranked = rank(embedding.tokenizer, embedding.folded(), retrieval.corpus, questions, depth)
    ids = list(retrieval.corpus)
    rows = []
    for (question, articles), near in zip(asked, ranked, strict=True):
        hard = [found for found in near[first:] if found not in articles]
        for right in articles:
            for wrong in hard:
                texts = (retrieval.corpus[found][:PASSAGE] for found in (right, wrong, chooser.choice(ids)))
                rows.append((f"{prompt}{question}", *texts))
    return rows


def fit(embedding: ComposedEmbedding, rows: Sequence[tuple[str, ...]], recipe: Recipe, seed: int) -> None:
    """Train in place on (anchor, positive, negative, …): one pass, learning rate falling to zero."""
    model = SentenceTransformer(modules=[embedding], device="cpu")
    # Passage to question too: without it recall@10 falls from 0.584 to 0.556.
    loss = MultipleNegativesRankingLoss(
        model, scale=recipe.scale, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
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
            seed=seed,
            data_seed=seed,
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
