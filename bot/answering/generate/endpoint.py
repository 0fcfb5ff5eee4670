"""
Language models behind an OpenAI-compatible endpoint: bought, or one's own vLLM or Ollama.

    connect("https://api.deepseek.com", "deepseek-flash", "sk-…", 30.0).astream([("user", "你好")])

langchain-openai and the openai client are imported here, and only where BOT_LLM_URL is set.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.answering.generate.reading import ReplyTooLongError
from bot.errors import ModelError

if TYPE_CHECKING:
    import httpx
    from langchain_core.runnables import Runnable

MOST_BYTES = 8_000_000  # of one reply: thirty thousand tokens of a reasoning model, each in its own line of JSON
CONNECT = 5.0  # seconds


def connect(
    url: str, model: str, key: str, timeout: float, extra: Mapping[str, Any] | None = None
) -> Runnable[Any, Any]:
    """
    The chat model at `url`; nothing is sent yet. `extra` goes into the body of each request.

    Raises ModelError where a setting is missing or wrong.
    """
    if not model:
        raise ModelError("设了 BOT_LLM_URL，还要用 BOT_LLM_MODEL 写明那里的模型名，例如 deepseek-flash。")
    if not url.startswith(("http://", "https://")):
        raise ModelError(f"BOT_LLM_URL={url} 不是网址；请写成 https://主机/v1 的样子。")
    if not key.isascii():  # it could not be sent
        raise ModelError("BOT_LLM_KEY 里有中文或全角的字符；请填写接口给的密钥。")
    try:
        import httpx
        import openai
        from langchain_openai import ChatOpenAI
    except ImportError as error:
        raise ModelError(
            '大模型接口要用 langchain-openai，它没有安装；请运行 pip install -e ".[endpoint]"。'
        ) from error
    common: dict[str, Any] = {
        "model": model,
        "base_url": url.rstrip("/").removesuffix("/chat/completions"),
        "api_key": key or "none",  # servers of one's own take any key, the client none that is empty
        "timeout": httpx.Timeout(timeout, connect=min(CONNECT, timeout)),
        "extra_body": dict(extra or {}) or None,
        "max_retries": 0,  # what to do about a fault is decided where the time that is left is known
        "use_responses_api": False,
        "stream_chunk_timeout": None,
        # A reply without end, or one that unpacks to it, must not fill the memory; no other host is to get the key.
        "default_headers": {"Accept-Encoding": "identity"},
        "http_async_client": httpx.AsyncClient(follow_redirects=False, event_hooks={"response": [_bound]}),
    }
    asked = ChatOpenAI(**common, temperature=0.0, stream_usage=True)
    # Some take no temperature, others do not count the tokens of a stream; they say so by refusing the request.
    refused = (openai.BadRequestError, openai.UnprocessableEntityError)
    return asked.with_fallbacks([ChatOpenAI(**common)], exceptions_to_handle=refused)


async def _bound(response: httpx.Response) -> None:
    import httpx

    class Bounded(httpx.AsyncByteStream):
        """The bytes of a stream, up to MOST_BYTES."""

        def __init__(self, stream: httpx.AsyncByteStream) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            total = 0
            async for part in self._stream:
                total += len(part)
                if total > MOST_BYTES:
                    raise ReplyTooLongError
                yield part

        async def aclose(self) -> None:
            await self._stream.aclose()

    if response.headers.get("content-encoding", "identity") != "identity":
        raise ReplyTooLongError
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = Bounded(response.stream)
