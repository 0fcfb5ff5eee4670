"""
Who may sign in, for administrators.

    李敏 | 编辑 | 2026-11-24 09:12
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from bot.service.console.console import Console, tab
from bot.service.console.staff import ROLE_NAMES, Role

TITLE = "人员"
ROLE: Role = "administrator"
ORDER = 80


def build(console: Console) -> None:
    table = gr.Dataframe(headers=["用户名", "角色"], interactive=False, label="人员")
    refresh = gr.Button("刷新")

    def listed(request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        return [[member.name, ROLE_NAMES[member.role]] for member in console.staff.list()]

    refresh.click(listed, outputs=table, api_name="people_list")
    tab().select(listed, outputs=table, api_name="people_opened")
