"""
The answer desk: ask, read the clauses in place, take the reply that is ready, adjust it, approve or reject it.

    瞪羚归谁管？ ⏎  ->  the answer, each clause it cites, “您好。根据《……》……” for the telephone

Made for the keyboard: static/answer_desk.js has the shortcuts, and they are shown beside the question.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from ulid import ULID

from bot.errors import BotError
from bot.service.answer_html import answer_html
from bot.service.api.answers import Question
from bot.service.console.clauses_html import clauses_html
from bot.service.console.console import Console, tab
from bot.service.console.directory import Directory, Handoff
from bot.service.console.html import table_html, told_html, when
from bot.service.console.ready_replies import KINDS, ready_replies
from bot.service.console.reviews import LONGEST, Reviews, Verdict
from bot.service.console.staff import Role
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH, strip_invisible
from bot.types import Answer

TITLE = "坐席问答"
ROLE: Role = "reader"
ORDER = 10
ROUTE = "/console"

SCRIPT = Path(__file__).parent.parent / "static" / "answer_desk.js"
SHORTCUTS = (
    ("回车", "提问"),
    ("Alt+Q", "回到提问框"),
    ("Alt+P", "电话口径"),
    ("Alt+M", "邮件口径"),
    ("Alt+G", "工单口径"),
    ("Alt+C", "复制答复"),
    ("Ctrl+回车", "通过"),
    ("Ctrl+Shift+回车", "退回"),
)
NOT_ASKED = "先提一个问题，再复核答复。"
GONE = "这条问答已不在记录里，不能复核。"


def build(console: Console) -> None:
    reviews, directory = Reviews(console.service.records), Directory(console.service.records)
    asked = gr.State({})  # the id of the reply and the ready texts; kept here, not in the browser
    gr.HTML(_shortcuts_html(), js_on_load=SCRIPT.read_text(encoding="utf-8"), apply_default_css=False)
    with gr.Row():
        question = gr.Textbox(
            label="问题",
            placeholder="输入来电、来信人的问题，按回车提问",
            elem_id="desk-question",
            max_length=MAXIMUM_QUESTION_LENGTH,
            autofocus=True,
            lines=1,
            scale=8,
        )
        ask = gr.Button("提问", variant="primary", scale=1, min_width=96)
    with gr.Row(elem_id="desk-body"):
        with gr.Column(scale=6):
            answer = gr.HTML("", elem_id="desk-answer", apply_default_css=False)
        with gr.Column(scale=5):
            kind = gr.Radio(list(KINDS), value=KINDS[0], label="答复口径", elem_id="desk-kind")
            text = gr.Textbox(label="答复（可以修改）", lines=9, max_lines=24, elem_id="desk-text", max_length=LONGEST)
            copy = gr.Button("复制答复", elem_id="desk-copy")
            comment = gr.Textbox(label="复核意见", lines=1, elem_id="desk-comment", max_length=LONGEST)
            with gr.Row():
                approve = gr.Button("通过", variant="primary", elem_id="desk-approve", min_width=96)
                reject = gr.Button("退回", elem_id="desk-reject", min_width=96)
            told = gr.HTML(told_html(""), elem_id="desk-told", apply_default_css=False)
    latest = gr.HTML("", elem_id="desk-latest", apply_default_css=False)

    async def asked_for(given: str, chosen: str, request: gr.Request) -> list[Any]:
        """The answer is recorded like any other, so that it can be reviewed and counted."""
        console.require(request, ROLE)
        words = strip_invisible(given or "").strip()
        if not words:
            raise gr.Error("请输入问题。", title="没有问题", print_exception=False)
        service = console.service
        question = Question(words)
        try:
            answered = await service.answers.whole(question)
            reply_id = str(ULID())
            await service.record(reply_id, f"console-{reply_id}", words, answered, ROUTE)
            handoff = await service.answers.run(lambda: directory.of(answered.answer))
        except BotError as error:
            raise gr.Error(str(error), title="没有答成", print_exception=False) from error
        texts = ready_replies(words, answered.answer, handoff)
        shown = _asked_html(words, answered.answer, handoff)
        return [{"id": reply_id, "texts": texts}, shown, texts[chosen], "", told_html("")]

    def kind_chosen(chosen: str, about: dict[str, Any], request: gr.Request) -> str:
        console.require(request, ROLE)
        return str(about.get("texts", {}).get(chosen, ""))

    def judged(verdict: Verdict, about: dict[str, Any], text: str, comment: str, by: str) -> list[str]:
        if not about:
            raise gr.Error(NOT_ASKED, title="没有复核", print_exception=False)
        if not reviews.put(about["id"], verdict, text or "", comment or "", by):
            raise gr.Error(GONE, title="没有复核", print_exception=False)
        return [told_html(f"已{verdict}，记在{by}名下。"), _latest_html(reviews)]

    def approved(about: dict[str, Any], text: str, comment: str, request: gr.Request) -> list[str]:
        person = console.require(request, "reviewer")
        return judged("通过", about, text, comment, person.name)

    def rejected(about: dict[str, Any], text: str, comment: str, request: gr.Request) -> list[str]:
        person = console.require(request, "reviewer")
        if not (comment or "").strip():
            raise gr.Error("退回要写明复核意见。", title="没有退回", print_exception=False)
        return judged("退回", about, text, comment, person.name)

    def listed(request: gr.Request) -> str:
        console.require(request, ROLE)
        return _latest_html(reviews)

    asking = {"inputs": [question, kind], "outputs": [asked, answer, text, comment, told]}
    gr.on([question.submit, ask.click], asked_for, **asking, api_name="answer_desk_ask")
    kind.change(kind_chosen, [kind, asked], text, api_name="answer_desk_kind", show_progress="hidden")
    for button, judge, name in ((approve, approved, "approve"), (reject, rejected, "reject")):
        button.click(judge, [asked, text, comment], [told, latest], api_name=f"answer_desk_{name}")
    copy.click(None, text, None, js=COPY)
    tab().select(listed, outputs=latest, api_name="answer_desk_latest", show_progress="hidden")


COPY = "(text) => { window.dispatchEvent(new CustomEvent('desk-copy', { detail: text })); }"


def _shortcuts_html() -> str:
    keys = "".join(f"<span><kbd>{key}</kbd> {what}</span>" for key, what in SHORTCUTS)
    return f'<p class="shortcuts" aria-label="快捷键">{keys}</p>'


def _asked_html(question: str, answer: Answer, handoff: Handoff) -> str:
    facts = escape("，".join(filter(None, (handoff.contact, handoff.hours, handoff.address))))
    if handoff.link:
        facts += f' <a href="{escape(handoff.link)}" target="_blank" rel="noopener noreferrer">网址</a>'
    clauses = f'<h3>所引条款</h3><div class="cited-list">{clauses_html(answer.citations)}</div>'
    return (
        f'<h2 class="asked">{escape(question)}</h2>{answer_html(answer, for_staff=True)}'
        f'<p class="handoff">可转：<strong>{escape(handoff.unit)}</strong> {facts}</p>'
        f"{clauses if answer.citations else ''}"
    )


def _latest_html(reviews: Reviews) -> str:
    rows = [(when(each.at), each.who, each.verdict, each.question, each.comment) for each in reviews.latest()]
    return table_html("最近复核", ("时间", "人员", "结果", "问题", "意见"), rows, "还没有复核过答复。")
