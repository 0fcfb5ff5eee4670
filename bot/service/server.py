"""
Put the pages and the interface on the web: one FastAPI application, one port.

    create_app(pipeline, service=service)  ->  POST /api/v1/ask answers, GET / is the page, /console for staff

Gradio is mounted at "/console" for staff and at "/" for all. The latter takes every path that nothing before it has
taken, so its routes come last. To import it takes longer than all the rest, so a service that is started answers before
its page is there.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from bot.service.api.application import Paths, create_api
from bot.service.ask import Pipeline, Suggest
from bot.service.chat import chat_routes
from bot.service.console.console import Console
from bot.service.console.exports import export_routes
from bot.service.console.mount import mount_console
from bot.service.console.sign_in import sign_in_routes
from bot.service.forward import Forward, ForwardConsole
from bot.service.later import Later
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
    quiet: Callable[[], bool] | None = None,
    console: ForwardConsole | None = None,
) -> FastAPI:
    """
    The application that answers from `pipeline`; `suggest` gives the questions shown after an answer, with `staff`
    those who know the password may add documents, with `service` there are the HTTP interface and the console too,
    unless `console` sends whoever wants it to another process.

    Its `state.refresh` is to be called when the pipeline's documents have changed. With `quiet`, which tells whether
    there is nothing to do, the page is made while the rest is served.
    """
    api = create_api(service) if service else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if api:  # an application within another is not told by itself
                await stack.enter_async_context(api.router.lifespan_context(api))
            if later:
                await stack.enter_async_context(later.running())
            yield

    def page_later() -> FastAPI:
        page = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.state.refresh = _mount_pages(page, pipeline, staff is not None, own_console)
        app.state.refresh()  # the documents may have changed while the page was made of them
        return page

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    later = Later(page_later, quiet) if quiet else None
    own_console = Console.of(service) if service and not console else None
    if api and service:
        app.router.routes.append(Paths(api))
        app.include_router(widget_routes(service))
    is_staff = staff.knows if staff else lambda _: False
    app.include_router(chat_routes(pipeline, suggest, is_staff, service.record_of_page if service else None))
    if staff:
        app.include_router(staff.router)
    if console:
        app.include_router(console.router)
    if own_console:
        app.include_router(sign_in_routes(own_console))
        app.include_router(export_routes(own_console))
    if later:
        app.state.refresh = _nothing_to_refresh
        app.router.routes.append(later)
    else:
        app.state.refresh = _mount_pages(app, pipeline, staff is not None, own_console)
    return app


def _nothing_to_refresh() -> None:
    """What is made later is made of what is there then."""


def _mount_pages(app: FastAPI, pipeline: Pipeline, for_staff: bool, console: Console | None) -> Callable[[], None]:
    """Mount the console, then the page at "/", which would take the console's paths; returns the page's `refresh`."""
    import gradio

    from bot.service.page import STATIC, create_page

    _speak_chinese()
    page = create_page(pipeline, for_staff)
    look: dict[str, Any] = {
        "theme": gradio.themes.Base(font=FONT, font_mono=("monospace",)),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "show_error": False,
        "ssr_mode": False,
    }
    if console:
        mount_console(app, console, **look)
    gradio.mount_gradio_app(
        app,
        page.blocks,
        path="/",
        css_paths=STATIC / "page.css",
        head=f'<style media="print">{(STATIC / "print.css").read_text(encoding="utf-8")}</style>',
        favicon_path=str(STATIC / "favicon.svg"),
        max_file_size="1kb",
        **look,
    )
    return page.refresh


def _speak_chinese() -> None:
    """Let Gradio's page template say zh-CN; Gradio has no setting for it."""
    from gradio import routes
    from jinja2 import FunctionLoader

    routes.templates.env.loader = FunctionLoader(_chinese_page)


def _chinese_page(name: str) -> str:
    import gradio

    page = (Path(gradio.__file__).parent / "templates" / name).read_text(encoding="utf-8")
    page = ADVERTISEMENT.sub("", page).replace('lang="en"', 'lang="zh-CN"', 1)
    return page.replace("<head>", CHINESE_HEAD, 1).replace("<gradio-app", f"{WITHOUT_SCRIPT}<gradio-app", 1)
