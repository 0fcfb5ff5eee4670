"""
Embedding models behind an OpenAI-compatible endpoint, POST …/v1/embeddings: bought, or one's own vLLM, TEI or Ollama.

    EndpointEmbedder.connect("http://127.0.0.1:8080/v1", "bge-m3", key="").embed(["拖欠工资"])  ->  float32 [1, 1024]

The openai client is imported here, and only when BOT_EMBEDDING_URL is set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.errors import ModelError, first_line
from bot.index.embed import Embedder, Vectors
from bot.settings import OWN_EMBEDDING

PATIENCE = 60.0  # seconds for one request of a build; what is too slow or too busy is asked twice more
QUERY_PATIENCE = 10.0  # seconds for a question, which is asked once
AT_ONCE = 32  # texts in a request; halved for a provider that takes fewer


class EndpointEmbedder(Embedder):
    """A model known by its name only. Blank texts are not sent; they have the zero vector."""

    batch = 256

    def __init__(self, url: str, model: str, client: Any) -> None:
        self._url = url
        self._model = model
        self._client = client  # openai.OpenAI
        self._at_once = AT_ONCE
        self.fingerprint = hashlib.sha256(f"endpoint {model}".encode()).hexdigest()[:16]
        self.probe = tuple(self._ask(["政策"], QUERY_PATIENCE)[0].tolist())
        self.dimension = len(self.probe)

    @classmethod
    def connect(cls, url: str, model: str, key: str) -> EndpointEmbedder:
        """Ask the endpoint for one vector. Raises ModelError, one Chinese sentence, where it gives none."""
        if model == OWN_EMBEDDING:
            raise ModelError("设了 BOT_EMBEDDING_URL，还要用 BOT_EMBEDDING 写明那里的模型名，例如 bge-m3。")
        if not url.startswith(("http://", "https://")):
            raise ModelError(f"BOT_EMBEDDING_URL={url} 不是网址；请写成 https://主机/v1 的样子。")
        try:
            from openai import OpenAI
        except ImportError as error:
            raise ModelError('向量接口要用 openai 客户端，它没有安装；请运行 pip install -e ".[endpoint]"。') from error
        base = url.rstrip("/").removesuffix("/embeddings")
        # Servers of one's own take any key, the client none that is empty.
        return cls(url, model, OpenAI(base_url=base, api_key=key or "none", timeout=PATIENCE))

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        places = [place for place, text in enumerate(texts) if text.strip()]
        start = 0
        while start < len(places):
            few = places[start : start + self._at_once]
            if (found := self._ask_or_narrow([texts[place] for place in few])) is not None:
                vectors[few] = self._checked(found)
                start += len(few)
        return vectors

    def embed_query(self, text: str) -> list[float]:
        found = self._ask([text], QUERY_PATIENCE) if text.strip() else np.zeros((1, self.dimension), np.float32)
        vector: list[float] = self._checked(found)[0].tolist()
        return vector

    def _ask_or_narrow(self, texts: list[str]) -> Vectors | None:
        """None where the endpoint refused so many at once, and fewer are to be tried."""
        from openai import BadRequestError

        try:
            return self._ask(texts, PATIENCE)
        except ModelError as error:
            if not isinstance(error.__cause__, BadRequestError) or len(texts) == 1:
                raise
            self._at_once = len(texts) // 2
            return None

    def _ask(self, texts: list[str], patience: float) -> Vectors:
        """Unit vectors from one request. Raises ModelError."""
        import openai

        client = self._client.with_options(timeout=patience, max_retries=2 if patience == PATIENCE else 0)
        try:
            answer = client.embeddings.create(model=self._model, input=texts, encoding_format="float")
            rows = sorted(answer.data, key=lambda row: int(row.index))
            vectors = np.array([row.embedding for row in rows], np.float32)
            if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
                raise ValueError(f"要 {len(texts)} 个向量，得到的形状是 {list(vectors.shape)}")
        except openai.APITimeoutError as error:
            raise self._fault(f"超过 {patience:.0f} 秒没有回应", "请稍后重试，或换一个接口") from error
        except openai.APIConnectionError as error:
            raise self._fault("连不上", "请确认它在运行、网址没有写错（BOT_EMBEDDING_URL）") from error
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise self._fault("不接受这个密钥", "请改正 BOT_EMBEDDING_KEY") from error
        except openai.NotFoundError as error:
            raise self._fault(
                "没有这个模型或网址", "请改正 BOT_EMBEDDING 或 BOT_EMBEDDING_URL（通常以 /v1 结尾）"
            ) from error
        except openai.RateLimitError as error:
            raise self._fault("说请求太多或额度已用完", "请稍后重试，或检查额度") from error
        except openai.APIStatusError as error:
            raise self._fault(f"出错（HTTP {error.status_code}）", "请检查模型名与那里的日志") from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
            raise self._fault(
                f"的回答不是 OpenAI 格式的向量（{first_line(error)}）", "请确认网址通向 /v1/embeddings"
            ) from error
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        return unit

    def _checked(self, vectors: Vectors) -> Vectors:
        if vectors.shape[1] != self.dimension:
            raise self._fault(f"给出 {vectors.shape[1]} 维的向量，先前是 {self.dimension} 维", "请确认那里的模型没有换")
        return vectors

    def _fault(self, what: str, next_step: str) -> ModelError:
        return ModelError(f"向量接口 {self._url}（模型 {self._model}）{what}；{next_step}。")
