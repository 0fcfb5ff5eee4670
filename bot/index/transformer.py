"""
Larger embedding models, read by sentence-transformers: imported here, and only when the settings name such a model.

    TransformerEmbedder.load("BAAI/bge-m3").embed(["老板拖欠工资"])  ->  float32 [1, 1024]

A name on Hugging Face is looked for in the local cache first, so that a model once fetched needs no network.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from bot.errors import ModelError, first_line
from bot.index.embed import Embedder, Vectors

PATIENCE = 10  # seconds until Hugging Face is said to be out of reach
HUB_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)
SAMPLES = 64  # weights of each tensor that go into the fingerprint: all of a 2 GB model would take seconds
Model = TypeVar("Model")


class TransformerEmbedder(Embedder):
    """Any model of sentence-transformers, with the prompts it was trained with for queries and for passages."""

    batch = 256

    def __init__(self, name: str, model: Any) -> None:
        self._name = name
        self._model = model  # sentence_transformers.SentenceTransformer
        self.fingerprint = fingerprint(model)
        self.dimension = self._encode(model.encode_document, ["政策"]).shape[1]

    @classmethod
    def load(cls, name: str) -> TransformerEmbedder:
        """A folder or a name on Hugging Face. Raises ModelError, one Chinese sentence."""

        def read(local: bool) -> Any:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(name, local_files_only=local)

        model = load_model(name, "BOT_EMBEDDING", "向量模型", read)
        with_tokenizer(name, "BOT_EMBEDDING", model)
        return cls(name, model)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._encode(self._model.encode_document, texts)

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._encode(self._model.encode_query, [text])[0].tolist()
        return vector

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        try:
            vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        except (RuntimeError, MemoryError) as error:  # torch's word for too little memory is a RuntimeError
            raise ModelError(
                f"向量模型 {self._name} 算不出向量（{first_line(error)}），请换一个小一些的模型。"
            ) from error
        if not len(texts):
            return np.zeros((0, self.dimension), np.float32)
        return np.nan_to_num(np.asarray(vectors, np.float32))


def load_model(name: str, setting: str, what: str, read: Callable[[bool], Model]) -> Model:
    """
    What `read(local files only)` gives for the model `name` that `setting` asks for.

    Raises ModelError where sentence-transformers is not installed, there is no such model, it cannot be fetched, or its
    files are broken.
    """
    try:
        import sentence_transformers  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"{what} {name} 要用 sentence-transformers 读取，它没有装好（{first_line(error)}）；"
            f'请运行 pip install -e ".[models]"，或去掉 {setting}。'
        ) from error
    folder = Path(name).is_dir()
    if not folder and (Path(name).exists() or not HUB_NAME.fullmatch(name)):
        raise ModelError(f"没有{what} {name}；请把 {setting} 改成模型文件夹，或 Hugging Face 上的名字。")
    try:
        return read(True)
    except Exception as error:  # every kind of broken file raises something else
        if folder:
            raise ModelError(
                f"{what}文件夹 {name} 不完整或已损坏（{first_line(error)}）；请重新取得它，或改 {setting}。"
            ) from error
    _ask_hub(name, setting, what)
    try:
        return read(False)
    except Exception as error:
        raise ModelError(
            f"{what} {name} 没能下载或读取（{first_line(error)}）；请检查网络后重试，或改 {setting}。"
        ) from error


def _ask_hub(name: str, setting: str, what: str) -> None:
    """Raise ModelError where the model cannot be fetched: sentence-transformers would try for a minute first."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        HfApi().model_info(name, timeout=PATIENCE)
    except RepositoryNotFoundError as error:
        raise ModelError(f"Hugging Face 上没有 {name} 这个{what}；请改正 {setting}。") from error
    except Exception as error:
        raise ModelError(
            f"{what} {name} 不在本机，也连不上 Hugging Face（{first_line(error)}）；"
            f"请联网后重试，或把 {setting} 改成已下载的模型文件夹。"
        ) from error


def with_tokenizer(name: str, setting: str, model: Any) -> None:
    """Raise ModelError where there is no real tokenizer: without its file a model reads every word as unknown."""
    size = len(model.tokenizer) if hasattr(model.tokenizer, "__len__") else None
    special = len(getattr(model.tokenizer, "all_special_ids", ()))
    if size is not None and size <= special:
        raise ModelError(f"模型 {name} 没有词表文件 tokenizer.json；请重新取得它，或改 {setting}。")


def fingerprint(model: Any) -> str:
    """16 hex digits that change with the weights, the vocabulary, the modules and the prompts of a loaded model."""
    digest = hashlib.sha256(repr([type(module).__name__ for module in model]).encode())
    digest.update(repr((sorted(model.prompts.items()), model.max_seq_length)).encode())
    if hasattr(model.tokenizer, "get_vocab"):
        digest.update(repr(sorted(model.tokenizer.get_vocab().items())).encode())
    for name, weights in sorted(model.state_dict().items()):
        flat = weights.flatten()
        few = flat[:: max(1, len(flat) // SAMPLES)].float().cpu().numpy()
        digest.update(f"{name}{tuple(weights.shape)}".encode() + few.tobytes())
    return digest.hexdigest()[:16]
