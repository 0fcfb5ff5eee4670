"""The public view in a real Chromium: for all, by keyboard, on a small screen, in another site, against forgery."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Response, Route, expect, sync_playwright

from bot.service.words import AI_NOTICE
from tests.service.widget.conftest import Site

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
DESK, PHONE, TINY = {"width": 1280, "height": 800}, {"width": 390, "height": 844}, {"width": 320, "height": 256}
TIMEOUT = 15_000  # milliseconds
expect.set_options(timeout=TIMEOUT)  # a busy machine shows things late
QUESTION = "技术经纪人每年培养多少名？归谁管？"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVENTS = ["ready", "open", "close", "question", "answer", "error", "feedback"]

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="这台机器上没有 Chromium")]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """visit(address, viewport=PHONE) is a page whose faults, blocked contents among them, fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(address: str, viewport: Any = DESK, **options: Any) -> Page:
        context = chromium.new_context(viewport=viewport, **options)
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def ask(page: Page | Frame, question: str = QUESTION) -> None:
    before = page.locator(".answer-tools, .failure").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    expect(page.locator(".answer-tools, .failure")).to_have_count(before + 1, timeout=TIMEOUT)


def framed(page: Page) -> Frame:
    """The conversation inside the host page, when it listens."""
    page.locator("policy-chat iframe").wait_for()
    frame = page.locator("policy-chat iframe").element_handle().content_frame()  # type: ignore[union-attr]
    assert frame
    return frame


def violations(page: Page | Frame) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]  # type: ignore[arg-type]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def problem(route: Route) -> None:
    route.fulfill(status=503, content_type="application/problem+json", body='{"detail": "当前提问的人较多。"}')


def focused(page: Page | Frame) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


# ---- For everyone


@pytest.mark.parametrize("viewport", [DESK, PHONE, TINY], ids=["desk", "phone", "tiny"])
def test_axe_finds_nothing_in_any_state_of_the_full_page(visit: Open, site: Site, viewport: Any) -> None:
    page = visit(f"{site.server}/chat", viewport)
    page.locator(".suggestions").wait_for()
    found = {"empty": violations(page)}
    ask(page)
    ask(page, "我们是做类脑智能的初创公司，能有什么支持？")
    page.locator("details.card > summary").click()
    found["answered"] = violations(page)
    ask(page, "评上瞪羚企业奖励多少钱？")
    found["refused"] = violations(page)
    page.route("**/api/v1/ask", problem)
    ask(page, "再问一次")
    page.press("#question", "Enter")
    found["error"] = violations(page)
    page.locator(".answer .source").first.click()
    page.locator("#reader mark").first.wait_for()
    found["document"] = violations(page)
    page.get_by_text("更多", exact=True).click()
    for theme in ("dark", "contrast", "light"):
        page.locator(f"input[value={theme}]").check()
        found[f"menu and document, {theme}"] = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    for size in ("24", "30"):
        page.locator("button.size").click()
        for theme in ("dark", "contrast", ""):
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            found[f"answered, {size}, {theme}"] = violations(page)
    assert {state: told for state, told in found.items() if told} == {}


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_in_the_widget_closed_open_answered_or_in_a_dark_system(
    visit: Open, site: Site, viewport: Any
) -> None:
    page = visit(site.host, viewport, color_scheme="dark")
    page.locator("policy-chat .launcher").wait_for()
    found = {"closed": violations(page)}
    page.locator("policy-chat .launcher").click()
    frame = framed(page)
    found["open"] = violations(page) + violations(frame)
    ask(frame)
    found["answered"] = violations(page) + violations(frame)
    assert {state: told for state, told in found.items() if told} == {}


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_on_the_pages(visit: Open, site: Site, dark: bool) -> None:
    page = visit(f"{site.server}/about", PHONE, color_scheme="dark" if dark else "light")
    found = {"about": violations(page)}
    for path in (
        "/privacy",
        "/complaints",
        "/complaints?ticket=TS1",
        "/chat/documents/action-plan?quote=300-340",
        "/chat/documents/none",
    ):
        page.goto(site.server + path)
        found[path] = violations(page)
    page.goto(f"{site.server}/complaints")
    page.fill("#text", "答错了")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("受理编号：TS")).to_be_visible()
    found["ticket"] = violations(page)
    page.locator("button.size").click()
    page.locator("button.size").click()
    found["large"] = violations(page)
    assert {state: told for state, told in found.items() if told} == {}


def test_the_way_by_keyboard_leads_in_and_back_out(visit: Open, site: Site) -> None:
    page = visit(site.host)
    page.locator("policy-chat .launcher").wait_for()
    page.locator("main a").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    frame = framed(page)
    frame.wait_for_function("document.activeElement.id === 'question' && document.hasFocus()")
    page.keyboard.type("技术经纪人归谁管？")
    page.keyboard.press("Enter")
    frame.locator(".answer-tools").wait_for()
    assert focused(frame) == "question"  # an answer moves nothing
    page.keyboard.press("Escape")
    expect(page.locator("policy-chat .panel")).to_be_hidden()
    assert page.evaluate("document.querySelector('policy-chat').shadowRoot.activeElement.className") == "launcher"


def test_an_enter_that_ends_a_composition_sends_nothing(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    page.locator("#question").focus()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "jishu", "selectionStart": 5, "selectionEnd": 5})
    devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 13})
    page.evaluate(
        """() => { for (const how of [{isComposing: true, keyCode: 13}, {isComposing: false, keyCode: 229}])
        document.querySelector('#question').dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, ...how})) }"""
    )
    assert page.locator(".question").count() == 0
    devtools.send("Input.insertText", {"text": "技术经纪人归谁管"})
    page.keyboard.press("Enter")
    expect(page.locator(".question p")).to_have_text("技术经纪人归谁管")


@pytest.mark.parametrize("size", ["18", "24", "30"])
def test_a_very_small_window_shows_the_field_and_the_way_out_and_never_scrolls_sideways(
    visit: Open, site: Site, size: str
) -> None:
    page = visit(site.host, TINY)
    page.locator("policy-chat").evaluate("(chat, size) => chat.setAttribute('font-scale', size)", size)
    page.locator("policy-chat .launcher").click()
    frame = framed(page)
    ask(frame)
    assert frame.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{size}px"
    for part in ("#question", ".send", ".close"):
        box = frame.locator(part).bounding_box()
        assert box and box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= 320 and box["y"] + box["height"] <= 256, part
        assert box["width"] >= 44 and box["height"] >= 44, part
    for each in (page, frame):
        assert each.evaluate("document.documentElement.scrollWidth") <= 320
    assert frame.evaluate("document.querySelector('.log').scrollWidth <= document.querySelector('.log').clientWidth")
    assert frame.evaluate("document.querySelector('.log').clientHeight") >= 40


def test_an_answer_is_announced_once_and_whole(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    page.evaluate(
        """() => { window.changes = [];
        for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]'))
            new MutationObserver(found => window.changes.push(...found.map(() => region.textContent)))
                .observe(region, {subtree: true, childList: true, characterData: true}); }"""
    )
    ask(page)
    changes = page.evaluate("window.changes")
    assert len(changes) <= 3
    assert changes[-1] == "每年培养技术经纪人30名以上。责任单位：市科技局。依据2处，可在回答中查看。"
    assert page.locator(".log [aria-live], .log[aria-live], .log[role=log]").count() == 0


def test_larger_letters_and_colours_are_remembered(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    sizes = []
    for _ in range(3):
        page.locator("button.size").click()
        sizes.append(page.evaluate("getComputedStyle(document.querySelector('#question')).fontSize"))
    page.locator("button.size").click()
    page.get_by_text("更多", exact=True).click()
    page.locator("input[value=dark]").check()
    page.goto(f"{site.server}/about")
    shown = page.evaluate("({...document.documentElement.dataset})")
    assert (sizes, shown) == (["24px", "30px", "18px"], {"size": "24", "theme": "dark"})


# ---- The conversation


def test_a_source_opens_in_place_with_the_quoted_words_marked(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    ask(page)
    number = page.locator(".answer .cite").first
    number.click()
    marked = page.locator("#reader mark")
    marked.first.wait_for()
    assert "".join(marked.all_text_contents()) == "每年培养技术经纪人30名以上"
    expect(marked.first).to_be_in_viewport()
    assert focused(page) == "quote"
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(number).to_be_focused()


def test_a_source_has_an_address_of_its_own(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    ask(page)
    href = page.evaluate(
        """async () => (await (await fetch('/api/v1/ask', {method: 'POST',
        headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({question: '技术经纪人每年培养多少名？归谁管？'})})).json()).citations[0].href"""
    )
    page.goto(site.server + href)
    expect(page.locator("#quote")).to_have_text("每年培养技术经纪人30名以上")
    expect(page.locator("#quote")).to_be_in_viewport()


def test_sentences_say_what_they_are(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    ask(page)
    assert page.locator(".answer .label").all_text_contents() == ["政策原文"]
    ask(page, "什么是瞪羚企业？")
    assert "名词解释 · 非官方" in page.locator(".answer .label").all_text_contents()
    reply = {
        "id": "1", "conversation": "c" * 8, "status": "answered", "mode": "generated", "text": "写的。审定的。",
        "sentences": [{"text": "写的。", "origin": "generated", "label": "AI生成", "citations": []},
                      {"text": "审定的。", "origin": "quote", "label": "人工审定", "citations": []}],
        "citations": [], "understood": [], "card": None, "suggestions": [], "aigc": {},
    }  # fmt: skip
    stream = f"event: done\ndata: {json.dumps(reply)}\n\n"
    page.route("**/api/v1/ask", lambda route: route.fulfill(content_type="text/event-stream", body=stream))
    ask(page, "生成的")
    assert page.locator(".answer").last.locator(".label").all_text_contents() == ["AI生成", "AI生成", "人工审定"]


def test_markup_in_an_answer_stays_text(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    ask(page, "<img src=x onerror=alert(1)> 技术经纪人归谁管")
    page.route("**/api/v1/ask", lambda route: route.fulfill(status=503, body='{"detail": "<b>忙</b>"}'))
    ask(page, "再问")
    assert page.locator(".log img, .log b").count() == 0
    expect(page.locator(".failure p")).to_have_text("<b>忙</b>")


def test_the_field_is_never_locked_and_a_second_question_waits(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    held: list[Route] = []
    page.route("**/api/v1/ask", lambda route: held.append(route))
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".send")).to_have_attribute("aria-disabled", "true")
    page.fill("#question", "下一个问题")
    page.keyboard.press("Enter")
    expect(page.locator("#announcer")).to_have_text("上一个问题还在回答，请稍候。")
    assert page.locator("#question").input_value() == "下一个问题"
    assert page.locator("[disabled]").count() == 0
    held[0].continue_()
    expect(page.locator(".send")).to_have_attribute("aria-disabled", "false")


def test_a_fault_is_told_and_can_be_tried_again(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    page.route("**/api/v1/ask", problem)
    ask(page)
    expect(page.locator(".failure p")).to_have_text("当前提问的人较多。")
    page.unroute("**/api/v1/ask")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".answer-tools")).to_be_visible()
    assert (page.locator(".failure").count(), page.locator(".question").count()) == (0, 1)


def test_too_long_a_question_is_told_beside_the_field(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    page.fill("#question", "问" * 301)
    page.keyboard.press("Enter")
    expect(page.locator("#question-error")).to_have_text("问题请控制在300字以内，现有301字。")
    expect(page.locator("#question")).to_have_attribute("aria-invalid", "true")
    assert page.locator("#question").input_value() == "问" * 301


def test_a_follow_up_is_understood_and_a_suggestion_asks(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    ask(page, "技术经纪人每年培养多少名？")
    ask(page, "归谁管？")
    expect(page.locator(".answer").last).to_contain_text("市科技局")
    suggestion = page.locator(".answer .suggestions button").first
    words = suggestion.text_content()
    suggestion.click()
    expect(page.locator(".question p").last).to_have_text(words or "")
    expect(page.locator(".answer-tools")).to_have_count(3)


def test_feedback_reaches_the_records_and_clearing_deletes_them(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    ask(page)
    page.get_by_role("button", name="没帮助").click()
    expect(page.locator(".thanks")).to_contain_text("已记录")
    expect(page.get_by_role("button", name="没帮助")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("更多", exact=True).click()
    conversation = page.locator(".menu .code").text_content()
    page.get_by_role("button", name="清空并删除记录").click()
    expect(page.locator("#announcer")).to_have_text("对话已清空，服务器上的问答记录已删除。")
    assert page.locator(".question, .answer").count() == 0
    assert site.records.forget(conversation or "") == 0


def test_what_is_copied_or_printed_carries_the_notice(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat", permissions=["clipboard-read", "clipboard-write"])
    ask(page)
    page.get_by_role("button", name="复制").click()
    expect(page.locator(".thanks")).to_have_text("已复制。")
    copied = page.evaluate("navigator.clipboard.readText()")
    page.locator(".answer .quote p").first.select_text()
    page.keyboard.press("Control+C")
    by_hand = page.evaluate("navigator.clipboard.readText()")
    page.emulate_media(media="print")
    assert copied.startswith("每年培养技术经纪人30名以上[1]\n责任单位：市科技局[2]\n来源：\n[1] 《青岛市")
    assert copied.endswith(f"\n{AI_NOTICE}") and by_hand.endswith(f"\n{AI_NOTICE}")
    expect(page.locator(".fixed-notice")).to_be_visible()
    expect(page.locator(".composer")).to_be_hidden()


def test_the_notice_stands_outside_of_what_scrolls_and_cannot_be_closed(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat", PHONE)
    ask(page, "“推进科技成果转化改革”有哪些内容？")
    notice = page.locator(".fixed-notice")
    expect(notice).to_contain_text(AI_NOTICE)
    expect(notice).to_be_in_viewport(ratio=1)
    assert notice.locator("button").count() == 0
    assert page.locator(".log .fixed-notice").count() == 0


# ---- Without script


def test_without_script_a_link_leads_to_a_form_that_answers(visit: Open, site: Site) -> None:
    page = visit(site.host, PHONE, java_script_enabled=False)
    page.get_by_role("link", name="政策问答助手").click()
    page.fill("#question", "技术经纪人每年培养多少名？")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".answer")).to_contain_text("每年培养技术经纪人30名以上[1]")
    page.fill("#question", "归谁管？")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".answer")).to_contain_text("市科技局")
    href = page.locator(".sources a").first.get_attribute("href")
    page.goto(site.server + str(href))
    expect(page.locator("mark").first).to_be_visible()


# ---- In another site


def test_the_widget_tells_what_happens_but_never_the_words(visit: Open, site: Site) -> None:
    page = visit("about:blank")
    page.add_init_script(
        f"window.told = []; for (const name of {EVENTS}) document.addEventListener(`policy-chat:${{name}}`,"
        " event => window.told.push([name, event.detail]))"
    )
    page.goto(site.host)
    chat = page.locator("policy-chat")
    chat.evaluate("chat => chat.ask('技术经纪人每年培养多少名？')")
    frame = framed(page)
    frame.locator(".answer-tools").wait_for()
    frame.get_by_role("button", name="有帮助").click()
    frame.locator(".thanks").get_by_text("已记录").wait_for()
    chat.evaluate("chat => chat.toggle()")
    told = page.evaluate("window.told")
    assert [name for name, _ in told] == ["ready", "open", "question", "answer", "feedback", "close"]
    assert "经纪" not in str(told)
    assert told[3][1] | {"id": ""} == {"id": "", "status": "answered", "mode": "quoted"}


def test_the_attributes_of_the_element_are_heeded(visit: Open, site: Site) -> None:
    page = visit(site.host)
    chat = page.locator("policy-chat")
    chat.evaluate(
        """chat => { for (const [name, value] of Object.entries({title: '企业服务小助手', theme: 'dark',
        greeting: '欢迎。', 'font-scale': '24', position: 'bottom-left',
        'question-presets': '技术经纪人归谁管？| 瞪羚归谁管？ '}))
        chat.setAttribute(name, value) }"""
    )
    launcher = page.get_by_role("button", name="打开企业服务小助手")
    box = launcher.bounding_box()
    assert box and box["x"] < 100 and box["height"] >= 60
    launcher.click()
    frame = framed(page)
    expect(frame.locator("h1")).to_have_text("企业服务小助手")
    expect(frame.locator("#greeting > p")).to_have_text("欢迎。")
    expect(frame.locator("#greeting button")).to_have_text(["技术经纪人归谁管？", "瞪羚归谁管？"])
    assert frame.evaluate("({...document.documentElement.dataset})") == {"size": "24", "theme": "dark"}


def test_the_widget_never_opens_by_itself_nor_loads_anything_before(visit: Open, site: Site) -> None:
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.host)
    page.locator("policy-chat .launcher").wait_for()
    page.wait_for_timeout(300)
    assert [url for url in asked if url.startswith(site.server)] == [f"{site.server}/widget.js"]
    expect(page.locator("policy-chat .panel")).to_be_hidden()


def test_no_other_host_is_asked_and_no_cookie_is_set(visit: Open, site: Site) -> None:
    page = visit("about:blank")
    hosts: set[str] = set()
    page.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(site.host)
    page.locator("policy-chat .launcher").click()
    frame = framed(page)
    ask(frame)
    frame.locator(".answer .source").first.click()
    frame.locator("#reader mark").first.wait_for()
    for path in ("/chat", "/about", "/complaints", "/privacy"):
        page.goto(site.server + path)
    assert hosts == {urlsplit(site.server).netloc, urlsplit(site.host).netloc}
    assert page.context.cookies() == []


def test_forged_messages_are_heard_by_neither_side(visit: Open, site: Site) -> None:
    """The host, with the chat in the widget and in a frame of its own, and beside them a frame of a strange site."""
    page = visit("about:blank")
    page.goto(f"{site.host}/bare")
    page.locator("policy-chat").evaluate("chat => chat.open()")
    in_widget = framed(page)
    in_widget.wait_for_function("document.activeElement.id === 'question'")
    close, order = "{from: 'policy-chat', type: 'close'}", "{from: 'policy-chat', type: 'ask', question: '瞪羚归谁管'}"
    strange = next(frame for frame in page.frames if frame.url.endswith("/plain"))
    chat = next(frame for frame in page.frames if frame.url.startswith(site.server) and frame != in_widget)

    strange.evaluate(f"parent.postMessage({close}, '*')")
    strange.evaluate(f"parent.frames[0].postMessage({order}, '*')")  # neither its parent nor of its origin
    chat.evaluate(f"parent.postMessage({close}, '*')")  # of the right origin, but not the widget's window
    in_widget.evaluate(f"window.postMessage({order}, '*')")
    page.wait_for_timeout(300)
    expect(page.locator("policy-chat .panel")).to_be_visible()
    assert (chat.locator(".question").count(), in_widget.locator(".question").count()) == (0, 0)

    page.evaluate(f"window.frames[0].postMessage({order}, '*')")  # the host itself is heard
    expect(chat.locator(".question")).to_have_count(1)
    in_widget.evaluate("address => { location.href = address }", f"{site.stranger}/plain")
    page.wait_for_timeout(500)
    led_away = next(frame for frame in page.frames if frame.url.endswith("/plain") and frame != strange)
    led_away.evaluate(f"parent.postMessage({close}, '*')")  # the widget's window, but of another origin by now
    page.wait_for_timeout(300)
    expect(page.locator("policy-chat .panel")).to_be_visible()


def test_a_page_that_claims_to_be_the_host_hears_and_orders_nothing(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat?origin={site.stranger}")
    page.evaluate("window.postMessage({from: 'policy-chat', type: 'ask', question: '瞪羚'}, '*')")
    page.wait_for_timeout(300)
    assert page.locator(".question").count() == 0
    expect(page.locator(".close")).to_be_hidden()


def test_a_site_that_is_not_on_the_list_cannot_frame_the_conversation(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport=DESK)  # type: ignore[arg-type]
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(site.stranger)
    page.locator("policy-chat .launcher").click()
    expect(page.locator("policy-chat .aside")).to_be_visible()
    page.wait_for_timeout(1000)
    assert any("frame-ancestors" in each for each in said), said
    expect(page.locator("policy-chat .aside a")).to_have_attribute("href", f"{site.server}/chat", timeout=15_000)
    context.close()


def test_a_strange_page_can_neither_ask_nor_read(chromium: Browser, site: Site) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site.stranger}/plain")
    outcomes = page.evaluate(
        """async server => { const said = [];
        for (const [path, options] of [['/api/v1/suggestions', {}], ['/api/v1/ask', {method: 'POST',
            headers: {'Content-Type': 'application/json'}, body: '{"question": "瞪羚"}'}]])
            said.push(await fetch(server + path, options).then(() => 'read', () => 'refused'));
        said.push(await fetch(server + '/api/v1/suggestions', {mode: 'no-cors'}).then(() => 'sent', () => 'refused'));
        return said }""",
        site.server,
    )
    context.close()
    assert outcomes == ["refused", "refused", "refused"]  # the last by Cross-Origin-Resource-Policy


# ---- Weight


def test_loader_and_page_are_light(visit: Open, site: Site) -> None:
    page = visit("about:blank")
    responses: list[Response] = []
    page.on("response", lambda each: responses.append(each))
    page.goto(f"{site.server}/chat")
    page.wait_for_load_state("networkidle")
    bodies = {urlsplit(each.url).path: len(gzip.compress(each.body())) for each in list(responses)}
    loader = len(gzip.compress(page.request.get(f"{site.server}/widget.js").body()))
    print(f"loader {loader} B, page {sum(bodies.values())} B gzipped: {bodies}")
    assert {"/chat", "/widget/chat.css", "/widget/page.css", "/widget/chat.js", "/widget/display.js"} <= bodies.keys()
    assert loader <= 15 * 1024
    assert sum(bodies.values()) <= 60 * 1024


def test_no_page_holds_inline_script_or_style(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/chat")
    ask(page)
    for path in ("", "/about", "/complaints", "/privacy", "/chat/documents/action-plan"):
        if path:
            page.goto(site.server + path)
        source = page.content()
        assert not re.search(r"<style|<script(?![^>]*src=)|\son[a-z]+=|\sstyle=", source), path
