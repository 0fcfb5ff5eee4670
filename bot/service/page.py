"""
The Gradio page: questions and documents on one side, the clause in its document on the other.

    create_page(pipeline)  ->  gr.Blocks, to be mounted by bot.service.server

Gradio carries the page, its tabs and the calls from the browser (`server_functions`); what is shown is rendered by the
pure functions beside this file, and the behaviour is in the small scripts under static/. Gradio is imported here and in
bot.service.server only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio

from bot.service.ask import Pipeline, Reply, Suggest, reply
from bot.service.document_html import document_html, library_html, outline_html
from bot.service.duties_html import duties_page_html
from bot.service.match import MatchReply, match_form_html, match_reply
from bot.service.words import NOTICE, SERVICE_NAME

STATIC = Path(__file__).parent / "static"


def create_page(pipeline: Pipeline, suggest: Suggest | None = None) -> gradio.Blocks:
    """The page over this pipeline and the documents of its store."""
    store = pipeline.store
    documents = store.outlines
    outlines = {outline.document.id: outline for outline in (*documents, *store.glossaries)}

    def ask(request: Any) -> Reply:
        return reply(pipeline, request, suggest)

    def match_policy(request: Any) -> MatchReply:
        return match_reply(documents, request)

    def read_document(identifier: Any) -> str | None:
        outline = outlines.get(str(identifier))
        return document_html(outline) if outline else None

    def read_outline(identifier: Any) -> str | None:
        outline = outlines.get(str(identifier))
        return outline_html(outline) if outline else None

    page = gradio.Blocks(title=SERVICE_NAME, analytics_enabled=False, fill_width=True)
    with page:
        _part("header", _static("header.html").format(name=SERVICE_NAME, notice=NOTICE), script="answer.js")
        with gradio.Row(elem_id="workspace"):
            with gradio.Column(elem_id="desk"), gradio.Tabs(elem_id="desk-tabs"):
                with gradio.Tab("问答"):
                    _part("chat", _static("chat.html"), script="chat.js", functions=[ask])
                with gradio.Tab("政策匹配"):
                    _part("match", match_form_html(documents), script="match.js", functions=[match_policy])
                with gradio.Tab("责任分工"):
                    _part("duties", duties_page_html(documents), script="duties.js")
                with gradio.Tab("文件"):
                    papers = [outline.document for outline in outlines.values()]
                    _part("library", library_html(papers), script="library.js", functions=[read_outline])
            with gradio.Column(elem_id="reader"):
                _part("pane", _static("pane.html"), script="pane.js", functions=[read_document])
    return page


def _part(name: str, html: str, script: str = "", functions: list[Any] | None = None) -> gradio.HTML:
    return gradio.HTML(
        html,
        elem_id=name,
        js_on_load=_static(script) if script else None,
        server_functions=functions,
        apply_default_css=False,
    )


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
