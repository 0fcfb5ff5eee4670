"""
Complaints: what is due, reply, close, export.

    TS20261101-9F2C51D0A7 | 2026-11-16 | 受理中（逾期8天） | …
"""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from bot.errors import BotError
from bot.service.console.audit import now
from bot.service.console.complaints import LONGEST, MOST, OPEN, OVERDUE, SHOWN, Case, Complaints
from bot.service.console.console import Console, tab
from bot.service.console.exports import links_html
from bot.service.console.html import table_html, told_html, when
from bot.service.console.staff import Role

TITLE = "投诉举报"
ROLE: Role = "editor"
ORDER = 40


def build(console: Console) -> None:
    complaints = Complaints(console.service.records)
    with gr.Row():
        which = gr.Radio(list(SHOWN), value=OPEN, label="显示", elem_id="complaints-which")
        gr.HTML(links_html("complaints"), apply_default_css=False)
    table = gr.HTML("", elem_id="complaints-table", apply_default_css=False)
    chosen = gr.Dropdown([], label="办理（受理编号）", elem_id="complaints-number")
    case = gr.HTML("", elem_id="complaints-case", apply_default_css=False)
    reply = gr.Textbox(
        label="答复（投诉人凭受理编号可以看到）", lines=4, max_length=LONGEST, elem_id="complaints-reply"
    )
    close = gr.Button("答复并办结", variant="primary", elem_id="complaints-close")
    told = gr.HTML(told_html(""), apply_default_css=False)

    def shown(which: str) -> list[Any]:
        open_ones = complaints.list(OPEN)
        choices = [(f"{each.number}（{when(each.due)[:10]}前答复）", each.number) for each in open_ones]
        return [_table(complaints.list(which)), gr.Dropdown(choices=choices, value=None), "", ""]

    def listed(which: str, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        return shown(which)

    def picked(number: str | None, request: gr.Request) -> str:
        console.require(request, ROLE)
        found = [each for each in complaints.list(OPEN) if each.number == number]
        return _case_html(found[0]) if found else ""

    def closed(number: str | None, reply: str, which: str, request: gr.Request) -> list[Any]:
        person = console.require(request, ROLE)
        if not number:
            raise gr.Error("请先选择要办理的受理编号。", title="没有办结", print_exception=False)
        try:
            complaints.close(number, reply or "", person.name)
        except BotError as error:
            raise gr.Error(str(error), title="没有办结", print_exception=False) from error
        return [*shown(which), told_html(f"{number} 已办结，联系方式已删除。")]

    parts = [table, chosen, case, reply]
    tab().select(listed, which, parts, api_name="complaints_opened", show_progress="hidden")
    which.input(listed, which, parts, api_name="complaints_list", show_progress="hidden")
    chosen.input(picked, chosen, case, api_name="complaints_case", show_progress="hidden")
    close.click(closed, [chosen, reply, which], [*parts, told], api_name="complaints_close")


def _table(cases: Any) -> str:
    at = now()
    late = sum(1 for each in cases if OVERDUE in each.told_state(at) and each.state == OPEN)
    told = [f"{len(cases)}件", f"逾期未办{late}件" if late else "", "只列前面这些" if len(cases) == MOST else ""]
    caption = f"投诉举报（{'，'.join(filter(None, told))}）"
    rows = [(each.number, when(each.at), when(each.due)[:10], each.told_state(at), each.text) for each in cases]
    html = table_html(caption, ("受理编号", "收到时间", "答复期限", "状态", "内容"), rows)
    return html.replace(f"<td>{OPEN}（", f'<td class="late">{OPEN}（')


def _case_html(case: Case) -> str:
    return (
        f'<div class="case"><p><strong>{escape(case.number)}</strong> {escape(case.told_state(now()))}，'
        f"{when(case.due)[:10]}前答复</p><p>{escape(case.text)}</p>"
        f"<p>联系方式：{escape(case.contact) or '未留'}</p></div>"
    )
