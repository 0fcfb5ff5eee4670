"""
What may be sent, as pydantic models; what is wrong with it becomes one Chinese sentence.

    {"question": "瞪羚\\u200b归谁管？"}  ->  AskRequest(question="瞪羚归谁管？", history=[], conversation=None)
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool
from pydantic_core import PydanticCustomError

from bot.answering import replies
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH, strip_invisible

MAX_TURNS = 6  # earlier exchanges a follow-up may lean on
MAX_TURN = 2000  # characters of an earlier question or answer that are read
MAX_COMPLAINT = 2000
MAX_CONTACT = 200
MAX_COMMENT = 500

CONVERSATION = r"^[A-Za-z0-9_-]{8,128}$"


# What strip_invisible takes away, for the description: a character class as JSON Schema writes it.
UNSEEN = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff" "\U000e0000-\U000e007f"
SEEN = rf"[^\s{UNSEEN}]"


def _plain(text: str) -> str:
    return strip_invisible(text).strip()


def _question(text: str) -> str:
    """Checked by hand, so that the sentence is the one all pages say."""
    text = strip_invisible(text)
    if not text.strip():
        raise PydanticCustomError("question_empty", replies.EMPTY)
    if len(text) > MAXIMUM_QUESTION_LENGTH:
        told = replies.TOO_LONG.format(limit=MAXIMUM_QUESTION_LENGTH, length=len(text))
        raise PydanticCustomError("question_too_long", told)
    return text.strip()


def _filled(text: str) -> str:
    text = _plain(text)
    if not text:
        raise PydanticCustomError("string_too_short", "")
    return text


def _turn(text: str) -> str:
    return _plain(text)[:MAX_TURN]


QuestionText = Annotated[
    str,
    AfterValidator(_question),
    Field(
        description="问题，1至300字；零宽、双向控制等不可见字符先行去除，不计入字数。",
        json_schema_extra={
            "allOf": [
                {"pattern": SEEN},
                {"pattern": f"^[{UNSEEN}]*([^{UNSEEN}][{UNSEEN}]*){{1,{MAXIMUM_QUESTION_LENGTH}}}$"},
            ]
        },
        examples=["到2027年要打造多少个应用场景？"],
    ),
]
TurnText = Annotated[str, AfterValidator(_turn)]
Conversation = Annotated[
    str, Field(pattern=CONVERSATION, description="会话编号，由客户端生成或由服务端首次答复时给出。")
]


class Model(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)  # nobody's words in the log


class AskRequest(Model):
    """一次提问。对话由客户端保存，随问题带上最近几轮。"""

    question: QuestionText
    history: list[tuple[TurnText, TurnText]] = Field(
        default=[], max_length=MAX_TURNS, description="此前的对话，先旧后新，每轮为[问题, 回答]，至多6轮。"
    )
    conversation: Conversation | None = None


class FeedbackRequest(Model):
    """对一条回答的评价。"""

    answer: str = Field(min_length=1, max_length=64, description="回答的编号，即答复中的id。")
    verdict: Literal["up", "down"] = Field(description="up为有帮助，down为没有帮助。")
    comment: Annotated[str, Field(max_length=MAX_COMMENT), AfterValidator(_plain)] = ""


class ComplaintRequest(Model):
    """一件投诉举报。无须登录；联系方式可以不填。"""

    text: Annotated[str, Field(max_length=MAX_COMPLAINT, json_schema_extra={"pattern": SEEN}), AfterValidator(_filled)]
    contact: Annotated[str, Field(max_length=MAX_CONTACT), AfterValidator(_plain)] = ""


class Part(Model):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class Message(Model):
    """One message of a conversation as OpenAI's clients keep it."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatRequest(Model):
    """与 OpenAI 聊天补全接口相同；只读取 model、messages、stream、stream_options，其余参数不起作用。"""

    model: str = Field(max_length=100, examples=["policy-quoted"])
    messages: list[Message] = Field(min_length=1, max_length=100)
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None


class StreamOptions(Model):
    include_usage: StrictBool | None = None


ChatRequest.model_rebuild()
