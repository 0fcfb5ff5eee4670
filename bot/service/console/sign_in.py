"""
The form by which staff sign in, and the cookie it sets.

    POST /console/sign-in  name=李敏&password=…  ->  303 /console/, Set-Cookie: console_session=…; HttpOnly; …
    POST /console/sign-out                       ->  303 /console/sign-in, the session ended

A page rendered here, without script. A form of another origin is refused by Origin and Sec-Fetch-Site, and would have
no cookie either.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from anyio import to_thread
from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.errors import BotError
from bot.service.console.console import COOKIE, Console
from bot.service.console.staff import LONGEST, StaffError, TooOftenError
from bot.service.widget.pages import HERE as PUBLIC
from bot.service.widget.pages import HOTLINE, asset
from bot.service.words import AI_NOTICE, SERVICE_NAME

PATH = "/console"
SIGN_IN, SIGN_OUT = f"{PATH}/sign-in", f"{PATH}/sign-out"
NOT_KEPT = {"Cache-Control": "no-store"}
ELSEWHERE = "请从本服务的登录页登录。"
TOO_OFTEN_SECONDS = "300"


def sign_in_routes(console: Console) -> APIRouter:
    """The routes; they come before the Door."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN)
    async def form() -> Response:
        return await _form(console)

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        if from_elsewhere("POST", request):
            return JSONResponse({"detail": ELSEWHERE}, 403, NOT_KEPT)
        given = _fields(await request.body())
        name, password = given.get("name", "").strip(), given.get("password", "")
        address = request.client.host if request.client else ""
        before = request.cookies.get(COOKIE, "")
        try:
            token = await to_thread.run_sync(console.staff.sign_in, name, password, address, before)
        except TooOftenError as error:
            return await _form(console, 429, str(error), name)
        except StaffError as error:
            return await _form(console, 403, str(error), name)
        except BotError:
            return await _form(console, 503, "系统暂时出错，请稍后再试。", name)
        response = RedirectResponse(f"{PATH}/", 303, NOT_KEPT)
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(LONGEST.total_seconds()),
            path=PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    @router.post(SIGN_OUT)
    async def sign_out(request: Request) -> Response:
        if from_elsewhere("POST", request):
            return JSONResponse({"detail": ELSEWHERE}, 403, NOT_KEPT)
        await to_thread.run_sync(console.staff.sign_out, request.cookies.get(COOKIE, ""))
        response = RedirectResponse(SIGN_IN, 303, NOT_KEPT | {"Clear-Site-Data": '"cache", "storage"'})
        response.delete_cookie(
            COOKIE, path=PATH, secure=request.url.scheme == "https", httponly=True, samesite="strict"
        )
        return response

    return router


def from_elsewhere(method: str, asked: HTTPConnection) -> bool:
    """Whether a page of another origin is behind a request that does something: by Sec-Fetch-Site, else by Origin."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return False
    if site := asked.headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = asked.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != asked.headers.get("host")


async def _form(console: Console, status: int = 200, detail: str = "", name: str = "") -> Response:
    nobody = await to_thread.run_sync(lambda: console.staff.nobody)
    text = _environment().get_template("sign-in.html").render(detail=detail, name=name, nobody=nobody)
    return HTMLResponse(text, status, NOT_KEPT | ({"Retry-After": TOO_OFTEN_SECONDS} if status == 429 else {}))


def _fields(body: bytes) -> dict[str, str]:
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


@cache
def _environment() -> Environment:
    """The public pages' frame around our own templates."""
    loader = FileSystemLoader([Path(__file__).parent / "templates", PUBLIC / "templates"])
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(service=SERVICE_NAME, notice=AI_NOTICE, hotline=HOTLINE, asset=asset)
    return environment
