"""
Who may sign in, for administrators; and one's own password, which the account page has.

    李敏 | 编辑 | 2026-11-24 09:12
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import gradio as gr

from bot.errors import BotError
from bot.service.console.console import Console, tab
from bot.service.console.html import table_html, told_html, when
from bot.service.console.staff import LONGEST_PASSWORD, ROLE_NAMES, SHORTEST_PASSWORD, Role

TITLE = "人员"
ROLE: Role = "administrator"
ORDER = 80

MAY = (
    ("查阅", "提问、取用答复、看转办目录"),
    ("编辑", "另可办理投诉、维护目录和内容"),
    ("审核", "另可通过、退回答复"),
    ("管理", "另可管理人员、看操作记录、删除会话"),
)


def build(console: Console) -> None:
    people = console.staff
    gr.HTML(table_html("角色", ("角色", "可以做什么"), MAY), apply_default_css=False)
    table = gr.HTML("", elem_id="people-table", apply_default_css=False)
    roles = [(name, role) for role, name in ROLE_NAMES.items()]
    with gr.Row():
        name = gr.Textbox(label="用户名", max_length=32, elem_id="people-name", min_width=160)
        role = gr.Dropdown(roles, value="reader", label="角色", elem_id="people-role", min_width=160)
        password = gr.Textbox(
            label="密码",
            type="password",
            info=f"{SHORTEST_PASSWORD}至{LONGEST_PASSWORD}个字符",
            max_length=LONGEST_PASSWORD,
            elem_id="people-password",
            min_width=160,
        )
    with gr.Row():
        add = gr.Button("增加", variant="primary", elem_id="people-add")
        change = gr.Button("更改角色", elem_id="people-change")
        reset = gr.Button("更改密码", elem_id="people-reset")
        remove = gr.Button("删除", elem_id="people-remove")
    told = gr.HTML(told_html(""), elem_id="people-told", apply_default_css=False)

    def shown(sentence: str = "") -> list[str]:
        rows = [(each.name, ROLE_NAMES[each.role], when(each.since), when(each.last_used)) for each in people.list()]
        headers = ("用户名", "角色", "增加时间", "最近使用")
        return [table_html("人员", headers, rows), told_html(sentence), ""]

    def done(work: Callable[[], None], sentence: str) -> list[str]:
        try:
            work()
        except BotError as error:
            raise gr.Error(str(error), title="没有更改", print_exception=False) from error
        return shown(sentence)

    def listed(request: gr.Request) -> list[str]:
        console.require(request, ROLE)
        return shown()

    def added(name: str, role: str, password: str, request: gr.Request) -> list[str]:
        by = console.require(request, ROLE).name
        return done(lambda: people.add(_name(name), cast("Role", role), password or "", by), f"已增加“{_name(name)}”。")

    def changed(name: str, role: str, request: gr.Request) -> list[str]:
        by = console.require(request, ROLE).name
        work = lambda: people.set_role(_name(name), cast("Role", role), by)  # noqa: E731
        return done(work, f"“{_name(name)}”的角色已更改，须重新登录。")

    def reset_to(name: str, password: str, request: gr.Request) -> list[str]:
        by = console.require(request, ROLE).name
        work = lambda: people.set_password(_name(name), password or "", by)  # noqa: E731
        return done(work, f"“{_name(name)}”的密码已更改，须重新登录。")

    def removed(name: str, request: gr.Request) -> list[str]:
        by = console.require(request, ROLE).name
        return done(lambda: people.remove(_name(name), by), f"已删除“{_name(name)}”。")

    parts = [table, told, password]
    tab().select(listed, outputs=parts, api_name="people_opened", show_progress="hidden")
    add.click(added, [name, role, password], parts, api_name="people_add")
    change.click(changed, [name, role], parts, api_name="people_role")
    reset.click(reset_to, [name, password], parts, api_name="people_password")
    remove.click(removed, [name], parts, api_name="people_remove")


def _name(given: Any) -> str:
    return str(given or "").strip()
