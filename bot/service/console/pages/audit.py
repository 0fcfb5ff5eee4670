"""
The audit, for administrators: who did what to what, and when.

    2026-11-24 09:12 | 李敏 | 办结投诉 | TS20261101-9F2C51D0A7
"""

from __future__ import annotations

import json

import gradio as gr

from bot.service.console.audit import Entry
from bot.service.console.console import Console, tab
from bot.service.console.exports import links_html
from bot.service.console.html import table_html, when
from bot.service.console.staff import Role

TITLE = "操作记录"
ROLE: Role = "administrator"
ORDER = 85
HEADERS = ("时间", "人员", "操作", "对象", "详情")
MOST = 200


def build(console: Console) -> None:
    with gr.Row():
        sought = gr.Textbox(label="查找人员、操作或者对象，按回车", elem_id="audit-sought", max_length=64)
        gr.HTML(links_html("audit"), apply_default_css=False)
    table = gr.HTML("", elem_id="audit-table", apply_default_css=False)

    def listed(sought: str, request: gr.Request) -> str:
        console.require(request, ROLE)
        found = console.audit.latest(MOST, (sought or "").strip())
        return table_html(f"操作记录（最近{MOST}条以内，只增不改）", HEADERS, map(row, found))

    tab().select(listed, sought, table, api_name="audit_opened", show_progress="hidden")
    sought.submit(listed, sought, table, api_name="audit_list")


def row(entry: Entry) -> tuple[str, ...]:
    """What HEADERS name."""
    detail = json.dumps(entry.detail, ensure_ascii=False) if entry.detail else ""
    return (when(entry.at), entry.who, entry.action, entry.subject, detail)
