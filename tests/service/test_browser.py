"""The page in a real Chromium, on a desk and on a phone."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.answering import replies
from bot.service.words import NOTICE
from bot.types import Answer, Query, Sentence

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="这台机器上没有 Chromium")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(pipeline: Any, cite: Any) -> Iterator[str]:
    """A running service: 大赛 has an answer of its own, an empty question is not understood, the rest get `answer`."""
    import uvicorn

    from bot.service.server import create_app

    contest = cite(1, "每年一届。")
    others = {
        "大赛": Answer(Query("大赛", "大赛", ()), "answered", (Sentence(contest.quote, (1,)),), (contest,)),
        "": Answer(Query("", "", ()), "error_invalid_question", (Sentence(replies.EMPTY, origin="note"),)),
    }
    usual = pipeline.answer

    def invoke(given: Any) -> Answer:
        pipeline.asked.append(given)
        answer: Answer = others.get(given["question"], usual)
        return answer

    pipeline.invoke = invoke
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(pipeline), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def visit(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".composer textarea")
    return page


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport=DESK, permissions=["clipboard-read", "clipboard-write"])  # type: ignore[arg-type]
    yield visit(context, address)
    context.close()


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    yield visit(context, address)
    context.close()


def ask(page: Page, question: str) -> None:
    page.fill(".composer textarea", question)
    page.press(".composer textarea", "Enter")
    expect(page.locator(".pending")).to_have_count(0)


def mark(page: Page) -> str:
    page.locator(".pane mark").first.wait_for()
    return "".join(page.locator(".pane mark").all_text_contents())


def test_the_page_speaks_chinese_and_asks_no_other_host(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport=DESK, locale="en-US")  # type: ignore[arg-type]
    page = context.new_page()
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlparse(request.url).hostname))
    page.goto(address)
    ask(page, "放宽什么")
    page.get_by_role("tab", name="文件").click()
    expect(page.locator(".outline")).to_be_visible()
    assert hosts == {"127.0.0.1"}
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.title() == "政策问答助手"
    assert NOTICE in page.inner_text("body")
    context.close()


def test_an_answer_opens_its_clause_with_the_quote_marked(desk: Page) -> None:
    ask(desk, "放宽什么")
    expect(desk.locator(".quote .label")).to_have_text("政策原文")
    assert mark(desk) == "放宽A<B的限制。"
    expect(desk.locator(".pane mark")).to_be_in_viewport()
    expect(desk.locator(".place-path")).to_have_text("二、重点任务 › （一）育企行动 › 1.培育好企业")
    expect(desk.locator(".place-units")).to_have_text("乙局、丙局")
    assert desk.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert desk.input_value(".composer textarea") == ""


def test_every_earlier_answer_still_opens_its_clause_without_asking_the_server(desk: Page) -> None:
    ask(desk, "放宽什么")
    ask(desk, "大赛")
    assert mark(desk) == "每年一届。"
    requests: list[str] = []
    desk.on("request", lambda request: requests.append(request.url))
    desk.locator(".turn").first.locator(".cite").nth(1).click()
    assert mark(desk) == "（责任单位：乙局、丙局）"
    assert "".join(desk.locator(".pane .document").all_inner_texts()).count("每年培育10家。") == 1
    desk.locator(".turn").nth(1).locator(".cite").click()
    assert (mark(desk), requests) == ("每年一届。", [])


def test_shift_enter_breaks_the_line_and_enter_while_composing_never_sends(desk: Page, pipeline: Any) -> None:
    desk.fill(".composer textarea", "放宽")
    desk.press(".composer textarea", "Shift+Enter")
    assert desk.input_value(".composer textarea") == "放宽\n"
    desk.evaluate(
        """() => { for (const key of [{isComposing: true}, {keyCode: 229}]) document.querySelector(".composer textarea")
        .dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true, ...key})); }"""
    )
    desk.wait_for_timeout(200)
    assert (desk.locator(".turn").count(), pipeline.asked) == (0, [])


def test_an_empty_question_gets_a_sentence_and_no_place_in_the_conversation(desk: Page) -> None:
    desk.click(".send")
    expect(desk.locator(".complaint")).to_have_text(replies.EMPTY)
    assert desk.locator(".turn").count() == 0


def test_an_unreachable_service_gives_the_question_back(desk: Page) -> None:
    desk.route("**/component_server/", lambda route: route.abort())
    ask(desk, "放宽什么")
    expect(desk.locator(".complaint")).to_have_text("暂时连接不上服务，请稍后再试。")
    assert desk.input_value(".composer textarea") == "放宽什么"


def test_what_is_typed_stays_text(desk: Page) -> None:
    ask(desk, "<img src=x onerror=alert(1)>")
    expect(desk.locator(".question")).to_have_text("<img src=x onerror=alert(1)>")
    assert desk.locator(".conversation img").count() == 0


def test_a_copy_names_its_source(desk: Page) -> None:
    ask(desk, "大赛")
    desk.click(".copy")
    expect(desk.locator(".copy")).to_have_text("已复制")
    assert desk.evaluate("navigator.clipboard.readText()") == (
        f"每年一届。[1]\n来源：\n[1] 《某市扶持示范产业办法》二、(一)2.办好大赛\n{NOTICE}"
    )


def test_an_example_asks_and_a_cleared_conversation_forgets(desk: Page, pipeline: Any) -> None:
    desk.locator(".examples button").first.click()
    expect(desk.locator(".answer")).to_have_count(1)
    ask(desk, "大赛")
    desk.click(".restart")
    ask(desk, "大赛")
    assert [len(given["history"]) for given in pipeline.asked] == [0, 1, 0]


def test_two_visitors_do_not_share_a_conversation(desk: Page, phone: Page, pipeline: Any) -> None:
    ask(desk, "放宽什么")
    ask(phone, "大赛")
    ask(desk, "归谁管")
    histories = [[turn[0] for turn in given["history"]] for given in pipeline.asked]
    assert histories == [[], [], ["放宽什么"]]


def test_an_outline_line_opens_its_clause(desk: Page) -> None:
    desk.get_by_role("tab", name="文件").click()
    desk.get_by_role("button", name="1.培育好企业").click()
    expect(desk.locator(".pane .current")).to_contain_text("每年培育10家。")
    expect(desk.locator(".place-units")).to_have_text("甲局、乙局、丙局")


@pytest.mark.parametrize("way_back", ["返回", "Escape", "the phone's own"])
def test_on_a_phone_the_clause_opens_over_the_conversation_with_a_way_back(phone: Page, way_back: str) -> None:
    ask(phone, "放宽什么")
    expect(phone.locator(".pane")).to_be_hidden()
    phone.locator(".cite").first.click()
    expect(phone.locator(".pane mark")).to_be_in_viewport()
    if way_back == "返回":
        phone.get_by_role("button", name="返回").click()
    elif way_back == "Escape":
        phone.keyboard.press("Escape")
    else:
        phone.go_back()
    expect(phone.locator(".pane")).to_be_hidden()
    expect(phone.locator(".answer")).to_be_visible()


def test_nothing_runs_over_the_side_of_a_phone(phone: Page) -> None:
    ask(phone, "长" * 60)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    phone.locator(".cite").first.click()
    assert phone.evaluate("document.querySelector('.pane-body').scrollWidth <= innerWidth")
