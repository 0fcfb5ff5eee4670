"""
What is trained: a static embedding whose words are made of their parts.

    row(个体工商户) = exp(gain) * (own + mean of 个体, 工商, 商户, 个, 体, 工, 商, 户)

A rare word so starts from what its parts mean, and each word learns its own weight (`gain`). Both are folded into one
plain table when the model is saved, so that readers see an ordinary `StaticEmbedding`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_matrix, identity
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from torch import Tensor, nn


class ComposedEmbedding(StaticEmbedding):
    """StaticEmbedding with its table computed from word parts; `folded()` gives the plain one."""

    def __init__(self, tokenizer: Tokenizer, dimension: int, gains: np.ndarray, seed: int = 0) -> None:
        """`gains`: float32, one natural logarithm of the starting weight per token, e.g. of its inverse frequency."""
        super().__init__(tokenizer, embedding_dim=dimension)
        generator = torch.Generator().manual_seed(seed)
        nn.init.normal_(self.embedding.weight, std=dimension**-0.5, generator=generator)
        self.gain = nn.Parameter(torch.from_numpy(gains.astype(np.float32)))
        self.composition = composition(tokenizer)

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        """Sums, not means: the cosine does not see the length. Only rows of tokens in the batch are computed."""
        tokens, places = np.unique(features["input_ids"].numpy(), return_inverse=True)
        rows = _product(self.composition[tokens], self.embedding.weight)
        rows = torch.exp(self.gain[torch.from_numpy(tokens)])[:, None] * rows
        ends = np.append(features["offsets"].numpy(), len(places))
        bags = csr_matrix((np.ones(len(places), np.float32), places, ends), (len(ends) - 1, len(tokens)))
        features["sentence_embedding"] = _product(bags, rows)
        return features

    def folded(self) -> np.ndarray:
        """float32 [tokens, dimension], scaled so that the longest row has length 1; [UNK] is zero."""
        table = np.exp(self.gain.detach().numpy())[:, None] * (
            self.composition @ self.embedding.weight.detach().numpy()
        )
        folded: np.ndarray = table / np.linalg.norm(table, axis=1).max()
        return folded


class _Product(torch.autograd.Function):
    """Constant sparse matrix times dense one; scipy's kernels are several times faster than torch's here."""

    @staticmethod
    def forward(ctx: Any, matrix: csr_matrix, dense: Tensor) -> Tensor:
        ctx.matrix = matrix
        return torch.from_numpy(matrix @ dense.detach().numpy())

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        return None, torch.from_numpy(ctx.matrix.T @ gradient.numpy())


def _product(matrix: csr_matrix, dense: Tensor) -> Tensor:
    product: Tensor = _Product.apply(matrix, dense)  # type: ignore[no-untyped-call]
    return product


def composition(tokenizer: Tokenizer) -> csr_matrix:
    """float32 [tokens, tokens]: 1 for the word itself, plus the mean of the entries inside it; letters mean nothing."""
    vocabulary = tokenizer.get_vocab()
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for word, row in vocabulary.items():
        inside = {
            vocabulary[part]
            for start in range(len(word))
            for end in range(start + 1, len(word) + 1)
            if (part := word[start:end]) in vocabulary and part != word and not word.isascii()
        }
        rows += [row] * len(inside)
        columns += inside
        values += [1 / max(1, len(inside))] * len(inside)
    size = len(vocabulary)
    whole = identity(size, dtype=np.float32, format="csr") + csr_matrix(
        (values, (rows, columns)), (size, size), np.float32
    )
    whole.data[: whole.indptr[1]] = 0  # [UNK] says nothing, as if unknown characters were not there
    whole.eliminate_zeros()
    return whole
