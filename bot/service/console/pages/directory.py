"""
The hand-off directory: where the public and the desk are sent for what a unit does.

    市民营经济局 | 0532-… | 工作日 9:00-17:00 | … | 市政府网站部门信息公开页，2026年11月查
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from bot.errors import BotError
from bot.service.console.console import Console, tab
from bot.service.console.directory import FIELDS, LONGEST, Directory, Handoff, hotline
from bot.service.console.html import table_html, told_html
from bot.service.console.staff import Role

TITLE = "转办目录"
ROLE: Role = "reader"
ORDER = 45
MAY_CHANGE: Role = "editor"
MOST_TOML = 100_000  # characters

HINTS = {
    "also": "别的叫法，用顿号隔开，如“市民营局”",
    "hours": "如“工作日9:00—17:00”",
    "source": "从哪里查到、什么时候查的；没有出处的不要填",
}


def build(console: Console) -> None:
    directory = Directory(console.service.records)
    gr.HTML(
        f"<p>回答没有给出所问内容的，公众和坐席会看到条款列明的责任单位的联系方式；"
        f"目录里没有的，转“{escape(hotline().unit)}”。</p>",
        apply_default_css=False,
    )
    table = gr.HTML("", elem_id="directory-table", apply_default_css=False)
    with gr.Accordion("增加或更改一个单位", open=False, elem_id="directory-form"):
        chosen = gr.Dropdown([], label="已有的单位（更改时选）", elem_id="directory-chosen")
        with gr.Row():
            boxes = {
                name: gr.Textbox(
                    label=label, info=HINTS.get(name), max_length=LONGEST, elem_id=f"directory-{name}", min_width=220
                )
                for name, label in FIELDS.items()
            }
        with gr.Row():
            keep = gr.Button("保存", variant="primary", elem_id="directory-keep")
            remove = gr.Button("删除这个单位", elem_id="directory-remove")
    with gr.Accordion("整批导入、导出（TOML）", open=False, elem_id="directory-toml-fold"):
        toml = gr.Textbox(
            label="TOML",
            info="每个单位一节[[unit]]，字段名与导出的一致",
            lines=8,
            max_length=MOST_TOML,
            elem_id="directory-toml",
        )
        with gr.Row():
            take_in = gr.Button("导入", elem_id="directory-take-in")
            take_out = gr.Button("显示现有内容", elem_id="directory-take-out")
    told = gr.HTML(told_html(""), elem_id="directory-told", apply_default_css=False)

    def shown(sentence: str = "") -> list[Any]:
        entries = directory.entries()
        return [_table(entries), gr.Dropdown(choices=[each.unit for each in entries], value=None), told_html(sentence)]

    def listed(request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        return shown()

    def picked(unit: str | None, request: gr.Request) -> list[str]:
        console.require(request, MAY_CHANGE)
        found = next((each for each in directory.entries() if each.unit == unit), Handoff(""))
        return [_text(getattr(found, name)) for name in FIELDS]

    def kept(  # Gradio finds the request among named arguments only
        unit: str,
        also: str,
        contact: str,
        hours: str,
        address: str,
        link: str,
        source: str,
        request: gr.Request,
    ) -> list[Any]:
        person = console.require(request, MAY_CHANGE)
        given = (unit, also, contact, hours, address, link, source)
        entry = dict(zip(FIELDS, (str(value or "") for value in given), strict=True))
        return _done(lambda: directory.put(entry, person.name), lambda: shown(f"“{entry['unit'].strip()}”已保存。"))

    def removed(unit: str, request: gr.Request) -> list[Any]:
        person = console.require(request, MAY_CHANGE)
        return _done(lambda: directory.remove((unit or "").strip(), person.name), lambda: shown(f"“{unit}”已删除。"))

    def taken_in(text: str, request: gr.Request) -> list[Any]:
        person = console.require(request, MAY_CHANGE)
        counted: list[int] = []
        return _done(
            lambda: counted.append(directory.take_in(text or "", person.name)),
            lambda: shown(f"已导入{counted[0]}个单位。"),
        )

    def taken_out(request: gr.Request) -> str:
        console.require(request, ROLE)
        return directory.as_toml()

    parts = [table, chosen, told]
    tab().select(listed, outputs=parts, api_name="directory_opened", show_progress="hidden")
    chosen.input(picked, chosen, list(boxes.values()), api_name="directory_case", show_progress="hidden")
    keep.click(kept, list(boxes.values()), parts, api_name="directory_keep")
    remove.click(removed, boxes["unit"], parts, api_name="directory_remove")
    take_in.click(taken_in, toml, parts, api_name="directory_take_in")
    take_out.click(taken_out, outputs=toml, api_name="directory_take_out")


def _done(work: Any, then: Any) -> list[Any]:
    try:
        work()
    except BotError as error:
        raise gr.Error(str(error), title="没有保存", print_exception=False) from error
    return then()  # type: ignore[no-any-return]


def _table(entries: Sequence[Handoff]) -> str:
    rows = [[_text(getattr(each, name)) or "—" for name in FIELDS] for each in (*entries, hotline())]
    return table_html("转办目录", tuple(FIELDS.values()), rows)


def _text(value: Any) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value)
