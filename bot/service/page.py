"""
The Gradio page: questions and documents on one side, the clause in its document on the other.

    create_page(pipeline).blocks  ->  gr.Blocks, to be mounted by bot.service.server

Gradio carries the page, its tabs and the calls from the browser (`server_functions`); what is shown is rendered by the
pure functions beside this file, and the behaviour is in the small scripts under static/. Questions go to
bot.service.chat, since a server function of Gradio's cannot send an answer while it grows. Gradio is imported here and
in bot.service.server only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import gradio

from bot.documents.diff import compare
from bot.documents.flags import Flagger
from bot.documents.references import References
from bot.service.ask import Pipeline, Store
from bot.service.document_html import document_html
from bot.service.duties_html import duties_page_html
from bot.service.library_html import details_html, difference_html, library_html
from bot.service.match import MatchReply, match_form_html, match_reply
from bot.service.words import AI_NOTICE, FOR_STAFF, HOW, MOTTO, NOTICE, SERVICE_NAME
from bot.types import Outline

STATIC = Path(__file__).parent / "static"


class Page(NamedTuple):
    """What is mounted, and what is to be called when the pipeline's documents have changed."""

    blocks: gradio.Blocks
    refresh: Callable[[], None]


def create_page(pipeline: Pipeline, for_staff: bool = False) -> Page:
    """The page over this pipeline and the documents of its store; `for_staff`: with the tab where they add one."""

    def match_policy(request: Any) -> MatchReply:
        return match_reply(pipeline.store.outlines, request)

    def read_document(identifier: Any) -> str | None:
        every = _every(pipeline.store)
        outline = every.get(str(identifier))
        if outline is None:
            return None
        flagger = Flagger(each.document for each in every.values())
        return document_html(outline, References(every.values()).of(outline), flagger.flags(outline.document))

    def read_library(_: Any) -> str:
        return library_html(tuple(_every(pipeline.store).values()), date.today())

    def read_details(identifier: Any) -> str | None:
        every = _every(pipeline.store)
        outline = every.get(str(identifier))
        return details_html(outline, tuple(every.values()), date.today()) if outline else None

    def read_difference(request: Any) -> str | None:
        every = _every(pipeline.store)
        old, new = (every.get(str(request.get(name))) if isinstance(request, dict) else None for name in ("old", "new"))
        return difference_html(compare(old, new)) if old and new else None

    blocks = gradio.Blocks(title=SERVICE_NAME, analytics_enabled=False, fill_width=True)
    with blocks:
        notice = AI_NOTICE if pipeline.mode == "generated" else NOTICE
        named = {"name": SERVICE_NAME, "motto": MOTTO[pipeline.mode], "notice": notice}
        _part("header", _static("header.html").format(**named), script="answer.js")
        with gradio.Row(elem_id="workspace"):
            with gradio.Column(elem_id="desk"), gradio.Tabs(elem_id="desk-tabs"):
                with gradio.Tab("问答"):
                    _part("chat", _static("chat.html").format(how=HOW[pipeline.mode]), script="chat.js")
                with gradio.Tab("政策匹配"):
                    match = _part("match", script="match.js", functions=[match_policy])
                with gradio.Tab("责任分工"):
                    duties = _part("duties", script="duties.js")
                with gradio.Tab("文件"):
                    functions = [read_library, read_details, read_difference]
                    _part("library", _static("library.html"), script="library.js", functions=functions)
                if for_staff:
                    with gradio.Tab("收录"):
                        _part(
                            "intake",
                            _static("intake.html").format(for_staff=FOR_STAFF[pipeline.mode]),
                            script="intake.js",
                        )
            with gradio.Column(elem_id="reader"):
                _part("pane", _static("pane.html"), script="pane.js", functions=[read_document])

    def refresh() -> None:
        store = pipeline.store
        match.value = match_form_html(store.outlines)
        duties.value = duties_page_html(store.outlines)
        blocks.config = blocks.get_config_file()  # what Gradio sends to whoever opens the page from here on

    refresh()
    return Page(blocks, refresh)


def _every(store: Store) -> dict[str, Outline]:
    return {outline.document.id: outline for outline in (*store.outlines, *store.glossaries)}


def _part(name: str, html: str = "", script: str = "", functions: list[Any] | None = None) -> gradio.HTML:
    return gradio.HTML(
        html,
        elem_id=name,
        js_on_load=_static(script) if script else None,
        server_functions=functions,
        apply_default_css=False,
    )


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
