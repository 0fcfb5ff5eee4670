"""
Put the pages and the interface on the web: one FastAPI application, one port.

    create_app(pipeline, service=service)  ->  POST /api/v1/ask answers, GET / is the page in Chinese

Gradio is mounted at "/" and takes every path that nothing before it has taken, so its routes come last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import gradio
from fastapi import FastAPI
from gradio import routes
from jinja2 import FunctionLoader

from bot.service.api.application import Paths, create_api
from bot.service.ask import Pipeline, Suggest
from bot.service.chat import chat_routes
from bot.service.forward import Forward
from bot.service.page import STATIC, create_page
from bot.service.service import Service
from bot.service.staff import Staff
from bot.service.widget import widget_routes

FONT = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")

# Gradio's own page says lang="en", advertises gradio.app to crawlers and picks its wording by the browser's language.
ADVERTISEMENT = re.compile(r"\s*<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*/>")
CHINESE_HEAD = """<head>
		<script>
			Object.defineProperty(navigator, "language", { value: "zh-CN" });
			Object.defineProperty(navigator, "languages", { value: ["zh-CN"] });
		</script>"""
WITHOUT_SCRIPT = "<noscript>本页需要启用 JavaScript 才能提问。</noscript>"


def create_app(
    pipeline: Pipeline,
    suggest: Suggest | None = None,
    staff: Staff | Forward | None = None,
    service: Service | None = None,
) -> FastAPI:
    """
    The application that answers from `pipeline`; `suggest` gives the questions shown after an answer, with `staff`
    those who know the password may add documents, with `service` there is the HTTP interface too.

    Its `state.refresh` is to be called when the pipeline's documents have changed.
    """
    api = create_api(service) if service else None
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan_of(api) if api else None)
    if api and service:
        app.router.routes.append(Paths(api))
        app.include_router(widget_routes(service))
    _speak_chinese()
    page = create_page(pipeline, staff is not None)
    app.include_router(chat_routes(pipeline, suggest, staff.knows if staff else lambda _: False))
    if staff:
        app.include_router(staff.router)
    app.state.refresh = page.refresh
    gradio.mount_gradio_app(
        app,
        page.blocks,
        path="/",
        css_paths=STATIC / "page.css",
        head=f'<style media="print">{(STATIC / "print.css").read_text(encoding="utf-8")}</style>',
        theme=gradio.themes.Base(font=FONT, font_mono=("monospace",)),
        favicon_path=str(STATIC / "favicon.svg"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
    )
    return app


def _lifespan_of(api: FastAPI) -> Callable[[FastAPI], AbstractAsyncContextManager[Any]]:
    """What the interface needs while it is served: an application within another is not told by itself."""
    return lambda _: api.router.lifespan_context(api)


def _speak_chinese() -> None:
    """Let Gradio's page template say zh-CN; Gradio has no setting for it."""
    routes.templates.env.loader = FunctionLoader(_chinese_page)


def _chinese_page(name: str) -> str:
    page = (Path(gradio.__file__).parent / "templates" / name).read_text(encoding="utf-8")
    page = ADVERTISEMENT.sub("", page).replace('lang="en"', 'lang="zh-CN"', 1)
    return page.replace("<head>", CHINESE_HEAD, 1).replace("<gradio-app", f"{WITHOUT_SCRIPT}<gradio-app", 1)
