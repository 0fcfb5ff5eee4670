"""
Two buttons that hand a page's tables to the browser as files: CSV (the first table) and XLSX (all, a sheet each).

    export_buttons(console, "dashboard", ROLE, tables, [days])

The content goes over the event's own reply and is made a file in the browser, so that no copy of what people asked lies
in a folder of the server.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from bot.service.console.console import Console
from bot.service.console.insight.figures import today
from bot.service.console.staff import Role
from bot.service.console.tables import CSV, XLSX, Table, as_csv, as_xlsx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SAVE = """(file) => {
    if (!file) return;
    const bytes = Uint8Array.from(atob(file.data), (c) => c.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], {type: file.type}));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""

Tables = Callable[..., Sequence[Table]]


def export_buttons(console: Console, page: str, role: Role, tables: Tables, inputs: Sequence[Any]) -> None:
    """`tables(*inputs)` gives what is shown; the audit notes who took it."""
    with gr.Row(elem_classes="export-buttons"):
        for ending in ("xlsx", "csv"):
            button = gr.Button(f"导出 {ending.upper()}", size="sm", min_width=120)
            download(button, _exported(console, role, tables, ending), inputs, f"{page}_export_{ending}")


def download(button: gr.Button, make: Callable[..., dict[str, str]], inputs: Sequence[Any], name: str) -> None:
    """On a click, have `make(request, *inputs)` make a file and the browser keep it."""
    kept = gr.JSON(visible=False)
    button.click(make, list(inputs), kept, api_name=name).then(None, kept, None, js=SAVE, api_name=False)


def file(name: str, kind: str, content: bytes) -> dict[str, str]:
    """What SAVE takes."""
    return {"name": name, "type": kind, "data": base64.b64encode(content).decode()}


def _exported(console: Console, role: Role, tables: Tables, ending: str) -> Callable[..., dict[str, str]]:
    def exported(request: gr.Request, *given: Any) -> dict[str, str]:
        person = console.require(request, role)
        made = tables(*given)
        name = f"{made[0].name}-{today():%Y%m%d}.{ending}"
        content, kind = (as_xlsx(made), XLSX) if ending == "xlsx" else (as_csv(made[0]), CSV)
        console.audit.note(person.name, "导出表格", name, rows=sum(len(table.rows) for table in made))
        return file(name, kind, content)

    return exported
