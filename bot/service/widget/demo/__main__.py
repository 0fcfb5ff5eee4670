"""
Serve the page that embeds the widget from an origin of its own.

    BOT_FRAME_ANCESTORS=http://127.0.0.1:7900 python app.py &
    python -m bot.service.widget.demo --server http://127.0.0.1:7860  ->  http://127.0.0.1:7900

Its own Content-Security-Policy is as strict as a careful site's: of the service only scripts and frames are let in.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, HTMLResponse, Response

HERE = Path(__file__).parent


def create_demo(server: str) -> FastAPI:
    """The host page; `server` is the origin of the service."""
    demo = FastAPI(openapi_url=None)
    policy = f"default-src 'none'; script-src {server}; frame-src {server}; style-src 'self'; img-src 'self'"

    @demo.get("/")
    async def index() -> Response:
        text = (HERE / "index.html").read_text(encoding="utf-8").replace("{{server}}", server)
        return HTMLResponse(text, headers={"Content-Security-Policy": policy})

    @demo.get("/host.css")
    async def style() -> Response:
        return FileResponse(HERE / "host.css")

    return demo


def main() -> None:
    import uvicorn

    options = argparse.ArgumentParser(description="演示：在另一个来源的网页里放政策问答助手")
    options.add_argument("--server", default="http://127.0.0.1:7860", help="问答服务的来源")
    options.add_argument("--port", type=int, default=7900)
    chosen = options.parse_args()
    print(f"演示网页：http://127.0.0.1:{chosen.port}")
    uvicorn.run(create_demo(chosen.server), port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
