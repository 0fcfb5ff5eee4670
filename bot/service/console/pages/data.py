"""
Care of the data, for administrators: how much there is and how long it is kept, deletion by conversation, backup.

    问答记录 | 12,041 条 | 90天
"""

from __future__ import annotations

import re
from typing import Any

import gradio as gr
from sqlalchemy import Connection, func, select

from bot.errors import BotError
from bot.service.api.requests import CONVERSATION
from bot.service.console.audit import entered
from bot.service.console.console import Console, tab
from bot.service.console.html import table_html, told_html
from bot.service.console.staff import Role
from bot.service.records.desk_models import AuditRow, Review
from bot.service.records.models import Access, AnswerRow, Complaint, Feedback

TITLE = "数据保管"
ROLE: Role = "administrator"
ORDER = 90
BACKUP = (
    "<h3>备份与恢复</h3><p>在服务器上各用一条命令，服务不用停：</p>"
    "<p><code>python -m bot backup 备份文件.tar</code></p>"
    "<p><code>python -m bot restore 备份文件.tar</code>（先停服务；已有数据的，加 --replace，原有内容改名保留）</p>"
)


def build(console: Console) -> None:
    records, settings = console.service.records, console.service.settings
    table = gr.HTML("", elem_id="data-table", apply_default_css=False)
    with gr.Row():
        conversation = gr.Textbox(
            label="会话编号",
            info="公众在问答页面“更多”里可以看到自己的会话编号",
            elem_id="data-conversation",
            max_length=128,
        )
        forget = gr.Button("删除这次会话的记录", variant="stop", elem_id="data-forget", min_width=160)
    told = gr.HTML(told_html(""), elem_id="data-told", apply_default_css=False)
    gr.HTML(BACKUP, apply_default_css=False)

    def shown() -> str:
        days = f"{settings.answer_days}天"
        kept = (
            (AnswerRow, "问答记录", days),
            (Feedback, "评价", days),
            (Review, "复核", days),
            (Access, "访问日志（不含问题，地址为假名）", f"{settings.access_days}天"),
            (Complaint, "投诉举报", f"办结后{settings.access_days}天；联系方式办结即删"),
            (AuditRow, "操作记录", "长期，只增不改"),
        )

        def counted(connection: Connection) -> list[Any]:
            return [connection.scalar(select(func.count()).select_from(model)) for model, _, _ in kept]

        counts = records.read(counted)
        rows = [(name, f"{count:,}", until) for (_, name, until), count in zip(kept, counts, strict=True)]
        return table_html("保存的数据（到期的由服务每天清理一次）", ("内容", "条数", "保存期"), rows)

    def listed(request: gr.Request) -> str:
        console.require(request, ROLE)
        return shown()

    def forgotten(conversation: str, request: gr.Request) -> list[str]:
        person = console.require(request, ROLE)
        name = (conversation or "").strip()
        if not re.fullmatch(CONVERSATION, name):
            raise gr.Error("会话编号不对，请核对后重新填写。", title="没有删除", print_exception=False)
        try:
            deleted = records.forget(name)
            records.write(lambda connection: entered(connection, person.name, "删除会话", name, {"answers": deleted}))
        except BotError as error:
            raise gr.Error(str(error), title="没有删除", print_exception=False) from error
        return [shown(), told_html(f"已删除{deleted}条问答及其评价、复核。"), ""]

    tab().select(listed, outputs=table, api_name="data_opened", show_progress="hidden")
    forget.click(forgotten, conversation, [table, told, conversation], api_name="data_forget")
