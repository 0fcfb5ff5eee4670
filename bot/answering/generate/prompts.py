"""
Prompts: one a file under prompts/, whose head says what fills it.

    load("question").fill(fence="…", passages="[1] …", question="瞪羚归谁管")  ->  "资料：\\n…"
    load("question").fill(fence="…")  ->  PromptError: 提示词 question.md 缺少：passages、question。

Filling is strict: a variable that is missing or that the head does not know is named before anything is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from bot.errors import PromptError
from bot.settings import PROJECT

FOLDER = PROJECT / "prompts"
_HEAD = re.compile(r"<!--\n(?P<head>.*?)-->\n", re.DOTALL)
_VARIABLE = re.compile(r"^([a-z_]+)：", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt and the names of the variables that fill it."""

    name: str
    body: str
    variables: frozenset[str]

    def fill(self, **values: object) -> str:
        """The text to send. Raises PromptError naming the variables that are missing or too many."""
        self._demand("缺少", self.variables - values.keys())
        self._demand("用不到", values.keys() - self.variables)
        return Template(self.body).substitute({name: str(value) for name, value in values.items()}).strip()

    def _demand(self, what: str, names: set[str] | frozenset[str]) -> None:
        if names:
            raise PromptError(f"提示词 {self.name}.md {what}：{'、'.join(sorted(names))}。")


@cache
def load(name: str, folder: Path = FOLDER) -> Prompt:
    """The prompt in `name`.md. Raises PromptError where it cannot be read, or head and body name other variables."""
    path = folder / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"读不了提示词 {path.name}，请检查 prompts/ 文件夹。") from error
    head = _HEAD.match(text)
    if head is None:
        raise PromptError(f"提示词 {path.name} 开头应有 <!-- … -->，写明由什么填入。")
    body = text[head.end() :]
    told, used = frozenset(_VARIABLE.findall(head["head"])), frozenset(Template(body).get_identifiers())
    if not Template(body).is_valid():
        raise PromptError(f"提示词 {path.name} 里有单独的“$”，请写成“$$”。")
    if told != used:
        names = "、".join(sorted(told ^ used))
        raise PromptError(f"提示词 {path.name} 的文件头和正文所用的变量不一致：{names}。")
    return Prompt(name, body, told)
