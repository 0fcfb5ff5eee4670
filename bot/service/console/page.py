"""
The console's Gradio page: one tab for each module of pages/, shown by role.

    create_page(console)  ->  gr.Blocks, to be mounted at /console by bot.service.console.mount

A module of pages/ has TITLE, ROLE (the least that sees it), ORDER (its place, 50 where it has none) and
`build(console)`, which is called within its tab. Nothing that not everyone may read belongs in a component's first
value, for the page itself is the same for all: it is filled by handlers, which know who asks.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import gradio

from bot.service.console import pages
from bot.service.console.console import Console
from bot.service.console.pages.curated import notice_html
from bot.service.console.staff import ROLE_NAMES
from bot.service.words import SERVICE_NAME

TITLE = f"{SERVICE_NAME} · 帮助台"
AT_ONCE = 8  # handlers of one kind
SIGN_OUT = (
    '<form method="post" action="/console/sign-out" class="sign-out"><button type="submit">退出登录</button></form>'
)


def modules() -> Sequence[ModuleType]:
    """The pages in the order of their tabs."""
    found = [importlib.import_module(f"{pages.__name__}.{each.name}") for each in pkgutil.iter_modules(pages.__path__)]
    return sorted((each for each in found if hasattr(each, "build")), key=lambda each: getattr(each, "ORDER", 50))


def create_page(console: Console) -> gradio.Blocks:
    """The page; each handler's `page` names the module of pages/ that it belongs to."""
    chosen = modules()
    blocks = gradio.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        with gradio.Row(elem_id="console-head"):
            gradio.HTML(f"<h1>{TITLE}</h1>", elem_id="console-title", apply_default_css=False)
            name = gradio.HTML("", elem_id="console-who", apply_default_css=False)
        notice = gradio.HTML("", elem_id="console-notice", apply_default_css=False)
        tabs = []
        with gradio.Tabs(elem_id="console-tabs"):
            for module in chosen:
                short = module.__name__.rpartition(".")[2]
                with gradio.Tab(module.TITLE, visible=module.ROLE == "reader", id=short, elem_id=f"tab-{short}") as tab:
                    module.build(console)
                tabs.append(tab)

        def opened(request: gradio.Request) -> list[Any]:
            """Who is signed in, which of their curated answers have ended, and the tabs of that role."""
            person = console.require(request, "reader")
            shown = [gradio.Tab(visible=person.may(module.ROLE)) for module in chosen]
            ended = notice_html(console.service.curated.entries.attention(person.name))
            return [f"<p>{person.name} · {ROLE_NAMES[person.role]}</p>{SIGN_OUT}", ended, *shown]

        blocks.load(opened, outputs=[name, notice, *tabs], api_name="console_opened", show_progress="hidden")
    blocks.queue(default_concurrency_limit=AT_ONCE)
    return blocks
