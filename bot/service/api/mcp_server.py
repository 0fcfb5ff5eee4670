"""
An MCP server at /mcp: language models of others ask here instead of guessing.

    tools/call ask_policy {"question": "瞪羚归谁管？"}  ->  培育…。[1] … 来源：[1] 《…》三、(三)8.  and as JSON

Streamable HTTP without sessions: each call stands alone, so any process of the service can take it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field
from starlette.applications import Starlette

from bot.documents.flags import Flagger
from bot.errors import BotError
from bot.service.api.answers import Question
from bot.service.api.ask import new_conversation, recorded
from bot.service.api.chat_completions import checked, closing
from bot.service.api.problems import RefusedError, problem_of
from bot.service.api.replies import AskReply, HitReply, hit_reply
from bot.service.words import SERVICE_NAME

if TYPE_CHECKING:
    from bot.service.service import Service

ROUTE = "/mcp"
MOST_HITS = 20
INSTRUCTIONS = (
    "回答有关已收录政策文件的问题。每句话后的[n]是引用编号，转述时请保留文件名、条款号和“仅供参考，以政策原文为准”。"
    "文件没有写的会答“文件未载明”，不要自行补充。"
)
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

QuestionArgument = Annotated[str, Field(description="用中文写的问题，1至300字。")]


class HitsReply(BaseModel):
    """检索到的条款，最相关的在前。"""

    hits: list[HitReply]


class McpServer:
    """The server as an ASGI application, and what must run while it is served."""

    def __init__(self, service: Service) -> None:
        self._server = _server(service)
        # Every host and origin: what is served is public, there is no login and no cookie that another page could use.
        self.app: Starlette = self._server.streamable_http_app(
            streamable_http_path=ROUTE,
            json_response=True,
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )

    @asynccontextmanager
    async def running(self, _: Any) -> AsyncIterator[None]:
        async with self.app.router.lifespan_context(self.app):
            yield


def _server(service: Service) -> MCPServer:
    server: MCPServer = MCPServer(SERVICE_NAME, instructions=INSTRUCTIONS, log_level="WARNING")

    @server.tool(title="政策问答", annotations=READS)
    async def ask_policy(
        question: QuestionArgument,
        history: Annotated[
            list[tuple[str, str]], Field(max_length=6, description="此前的对话，先旧后新，每轮为[问题, 回答]。")
        ] = [],  # noqa: B006  (read only; FastMCP reads the default from the signature)
    ) -> Annotated[CallToolResult, AskReply]:
        """就已收录的政策文件提问。答复逐句摘自原文，带引用编号、条款和责任单位；文件没有写的，如实说明。"""
        return await _told(lambda: asked(question, history))

    async def asked(question: str, history: list[tuple[str, str]]) -> CallToolResult:
        understood = _askable(question, history)
        answered = await service.answers.whole(understood)
        reply = await recorded(service, understood, answered, new_conversation(), ROUTE)
        return _result(reply.text + closing(answered.answer), reply)

    @server.tool(title="检索政策条款", annotations=READS)
    async def search_policy(
        query: QuestionArgument,
        top_k: Annotated[int, Field(ge=1, le=MOST_HITS, description="返回几段。")] = 5,
    ) -> Annotated[CallToolResult, HitsReply]:
        """检索已收录的政策文件，返回最相关的条款原文及其出处，不作回答。"""
        return await _told(lambda: found(query, top_k))

    async def found(query: str, top_k: int) -> CallToolResult:
        text = _askable(query).text
        hits = await service.answers.run(lambda: service.pipeline.search(text, top_k))
        flagger = Flagger(service.pipeline.store.documents)
        replies = [hit_reply(hit, flagger) for hit in hits]
        shown = (f"《{each.document.title}》{each.ref}\n{each.text}" for each in replies)
        return _result("\n\n".join(shown) or "没有找到相关的条款。", HitsReply(hits=replies))

    return server


async def _told(work: Callable[[], Any]) -> CallToolResult:
    """What `work` returns; of a question that cannot be asked the same Chinese sentence as everywhere."""
    try:
        result: CallToolResult = await work()
        return result
    except (RefusedError, BotError) as error:
        detail = problem_of(error, ROUTE).detail
        return CallToolResult(content=[TextContent(type="text", text=detail)], is_error=True)


def _askable(text: str, history: Sequence[tuple[str, str]] = ()) -> Question:
    question = checked(text, history)
    if question.fault:
        raise RefusedError(422, question.fault)
    return question


def _result(text: str, reply: BaseModel) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=reply.model_dump(mode="json")
    )
