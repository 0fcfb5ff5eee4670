"""
Turn Chinese text into vectors: with the small static model that lies beside this file, or the one the settings name.

    load_embedder(Path("bot/index/model")).embed(["老板拖欠工资", "用人单位克扣劳动报酬"])  ->  float32 [2, 504]
    open_embedder(Settings(embedding="BAAI/bge-m3"))                                  ->  TransformerEmbedder

Every model is an `Embedder`. With the static one a text is cut into words by tokenizer.json, the words' rows are added
up, the sum is brought to unit length. That is all that sentence-transformers' StaticEmbedding and Normalize do too, so
both give the same vectors (a test holds them to it); here it needs no torch and is ready in a tenth of a second.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load
from tokenizers import Tokenizer

from bot.errors import ModelError

if TYPE_CHECKING:
    from bot.settings import Settings

WEIGHTS, TOKENIZER, PROMPTS = "model.safetensors", "tokenizer.json", "config_sentence_transformers.json"
STATIC_MODULES = {"StaticEmbedding", "Normalize"}
NEXT_STEP = "请用 git checkout -- bot/index/model 恢复自带模型,或用 BOT_EMBEDDING 指定另一个模型文件夹"
BATCH = 1024  # texts tokenised at once: bounds the memory, costs no speed

Vectors = NDArray[np.float32]


class Embedder(Embeddings):
    """
    Texts to unit vectors; a text of which nothing is known gives the zero vector.

    dimension: columns of every vector. fingerprint: 16 hex digits that change with the model. probe: the vector of a
    fixed text, where the fingerprint stands for no more than a name. batch: the texts a build hands over at once.
    """

    dimension: int
    fingerprint: str
    probe: tuple[float, ...] = ()
    batch: int = 8192

    @abstractmethod
    def embed(self, texts: Sequence[str]) -> Vectors:
        """Passages, float32 [len(texts), dimension], rows of length 1 or 0. Raises ModelError."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class StaticEmbedder(Embedder):
    """The sum of the rows of a text's words, brought to unit length."""

    batch = BATCH  # so that the next one is tokenised while Chroma, which lets no Python run, takes in this one

    def __init__(self, tokenizer: Tokenizer, table: Vectors, fingerprint: str, query_prompt: str = "") -> None:
        self._tokenizer = tokenizer
        self._table = table
        self._query_prompt = query_prompt
        self.dimension = table.shape[1]
        self.fingerprint = fingerprint

    def embed(self, texts: Sequence[str]) -> Vectors:
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            encodings = self._tokenizer.encode_batch_fast(list(texts[start : start + BATCH]), add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                np.add.reduce(self._table.take(encoding.ids, axis=0), axis=0, out=sums[row])
        lengths: Vectors = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.divide(sums, lengths, out=sums, where=lengths > 0)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Questions, like `embed`, with the model's prompt before each; zero where nothing but the prompt is known."""
        known = self.embed(texts).any(axis=1, keepdims=True)
        return np.where(known, self.embed([f"{self._query_prompt}{text}" for text in texts]), np.float32(0))

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.embed_queries([text])[0].tolist()
        return vector

    def words(self, text: str) -> NDArray[np.int32]:
        """The numbers of a text's words, in order."""
        return np.array(self._tokenizer.encode(text, add_special_tokens=False).ids, dtype=np.int32)

    def rows(self, words: NDArray[np.int32]) -> Vectors:
        """The vectors of words by their numbers, float32 [len(words), dimension]; those of telling words are long."""
        rows: Vectors = self._table[words]
        return rows


def open_embedder(chosen: Settings) -> Embedder:
    """The model the settings name. Raises ModelError, one Chinese sentence, where it cannot be had or used."""
    if chosen.embedding_url:
        from bot.index.endpoint import EndpointEmbedder

        return EndpointEmbedder.connect(chosen.embedding_url, chosen.embedding, chosen.embedding_key.get_secret_value())
    if _is_static(Path(chosen.embedding)):
        return load_embedder(Path(chosen.embedding))
    from bot.index.transformer import TransformerEmbedder

    return TransformerEmbedder.load(chosen.embedding)


def _is_static(folder: Path) -> bool:
    """Whether `load_embedder` is to read the folder; it says what is wrong where files are missing."""
    from bot.settings import OWN_EMBEDDING

    if str(folder) == OWN_EMBEDDING:
        return True
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
        return {module["type"].rpartition(".")[2] for module in modules} <= STATIC_MODULES and modules[0]["path"] == ""
    except FileNotFoundError:  # model2vec writes none
        return (folder / WEIGHTS).exists() and _model_type(folder) in {None, "model2vec"}
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _model_type(folder: Path) -> object:
    try:
        return json.loads((folder / "config.json").read_bytes()).get("model_type")
    except (OSError, ValueError, AttributeError):
        return None


def load_embedder(folder: Path) -> StaticEmbedder:
    """Read a StaticEmbedding folder. Raises ModelError, one Chinese sentence, where a file is missing or unusable."""
    weights, words = _read(folder, WEIGHTS), _read(folder, TOKENIZER)
    tokenizer, table = _tokenizer(folder, words), _table(folder, weights)
    if table.shape[0] != tokenizer.get_vocab_size():
        raise ModelError(
            f"向量模型 {folder} 的词表有 {tokenizer.get_vocab_size()} 个词,{WEIGHTS} 却有 {table.shape[0]} 行,"
            f"两个文件不是同一个模型;{NEXT_STEP}。"
        )
    fingerprint = hashlib.sha256(weights + words).hexdigest()[:16]
    return StaticEmbedder(tokenizer, table, fingerprint, _query_prompt(folder))


def _query_prompt(folder: Path) -> str:
    """What sentence-transformers' encode_query puts before a question; model2vec's folders have none."""
    try:
        prompts = json.loads((folder / PROMPTS).read_bytes())["prompts"]
        return str(prompts.get("query", ""))
    except (FileNotFoundError, LookupError):
        return ""
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ModelError(f"向量模型的设置 {folder / PROMPTS} 已损坏或不完整;{NEXT_STEP}。") from error


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise ModelError(f"读不到向量模型文件 {folder / name}({error.strerror});{NEXT_STEP}。") from error


def _tokenizer(folder: Path, content: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except Exception as error:  # the Rust side raises plain Exception or ValueError for every kind of broken file
        raise ModelError(f"向量模型的词表 {folder / TOKENIZER} 已损坏或不完整;{NEXT_STEP}。") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _table(folder: Path, content: bytes) -> Vectors:
    """model2vec calls the table `embeddings`, sentence-transformers `embedding.weight`."""
    try:
        tensors = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise ModelError(f"向量模型文件 {folder / WEIGHTS} 已损坏或不完整;{NEXT_STEP}。") from error
    table = tensors.get("embeddings", tensors.get("embedding.weight"))
    if table is None or table.ndim != 2 or not np.issubdtype(table.dtype, np.floating):
        found = "、".join(f"{name}{list(tensor.shape)}" for name, tensor in tensors.items()) or "空"
        raise ModelError(
            f"向量模型文件 {folder / WEIGHTS} 应有二维浮点表 embeddings,实际是 {found},不是静态向量模型;{NEXT_STEP}。"
        )
    return table.astype(np.float32)
