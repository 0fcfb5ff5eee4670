"""The console in a real Chromium: without a mouse, on a small screen, for all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.service.console.page import modules
from tests.service.console.conftest import PASSWORD, Site

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TIMEOUT = 20_000  # milliseconds
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUESTION = "培育多少家瞪羚企业"

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="这台机器上没有 Chromium")]
expect.set_options(timeout=TIMEOUT)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """sign_in("reviewer") is the console as that person sees it, signed in by keyboard."""
    contexts = []

    def signed_in(role: str, viewport: Any = DESK) -> Page:
        context = chromium.new_context(viewport=viewport)
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site.address}/console")
        expect(page.locator("#name")).to_be_focused()
        page.keyboard.type(role)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("#console-who form")).to_be_visible()
        return page

    yield signed_in
    for context in contexts:
        context.close()


def tabs(page: Page) -> list[str]:
    shown = page.locator("#console-tabs .tab-container:not(.visually-hidden) [role=tab]").all_inner_texts()
    return [name.strip() for name in shown if name.strip()]


def ask(page: Page) -> None:
    """Type the question where the focus is, as whoever has just signed in does."""
    expect(page.locator("#desk-question").locator("textarea, input")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#desk-answer .answer")).to_be_visible()


def settled(page: Page) -> None:
    """What a page fills when it is opened is there, and no longer dimmed."""
    page.wait_for_timeout(1000)  # milliseconds: until the events of the tab have begun
    expect(page.locator(".pending")).to_have_count(0)
    page.wait_for_timeout(300)  # and Gradio has faded in


def open_tab(page: Page, module: Any) -> None:
    name = module.TITLE
    tab = page.get_by_role("tab", name=name, exact=True)
    if not tab.is_visible():
        page.locator(".overflow-menu > button").first.click()
        page.locator(".overflow-dropdown button", has_text=name).click()
    else:
        tab.click()
    expect(page.locator(f"#tab-{module.__name__.rpartition('.')[2]}")).to_be_visible()
    settled(page)


def test_a_question_is_asked_adjusted_and_approved_without_a_mouse(sign_in: Callable[..., Page]) -> None:
    page = sign_in("reviewer")
    ask(page)
    text = page.locator("#desk-text textarea")
    expect(text).to_have_value(re.compile("^您好。"))
    page.keyboard.press("Alt+g")
    expect(text).to_have_value(re.compile(f"^【诉求内容】{QUESTION}\n【答复意见】"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk-told")).to_have_text("已通过，记在reviewer名下。")
    expect(page.locator("#desk-latest td").nth(3)).to_have_text(QUESTION)
    page.keyboard.press("Alt+q")
    expect(page.locator("#desk-question textarea, #desk-question input")).to_be_focused()


def test_who_may_not_judge_is_told_so(sign_in: Callable[..., Page]) -> None:
    page = sign_in("reader")
    ask(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast-wrap, [data-testid=toast-body]").first).to_contain_text("这一步需要“审核”")


def test_each_role_sees_its_own_tabs(sign_in: Callable[..., Page]) -> None:
    reader = sign_in("reader", {"width": 2400, "height": 900})
    every = sign_in("administrator", {"width": 2400, "height": 900})
    expect(every.get_by_role("tab", name="人员", exact=True)).to_be_visible()
    assert tabs(every) == [each.TITLE for each in modules()]
    assert tabs(reader) == [each.TITLE for each in modules() if each.ROLE == "reader"]


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_no_page_has_a_serious_fault_of_accessibility(sign_in: Callable[..., Page], viewport: Any) -> None:
    page = sign_in("administrator", viewport)
    ask(page)
    faults, wide = {}, []
    for module in modules():
        open_tab(page, module)
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        serious = [
            (each["id"], [node["html"][:160] for node in each["nodes"]])
            for each in found
            if each["impact"] in ("critical", "serious")
        ]
        if serious:
            faults[module.TITLE] = serious
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(module.TITLE)
    assert (faults, wide) == ({}, [])


def test_signing_out_leads_back_to_the_form(sign_in: Callable[..., Page], site: Site) -> None:
    page = sign_in("reader")
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("#name")).to_be_focused()
    page.goto(f"{site.address}/console/")
    expect(page).to_have_url(f"{site.address}/console/sign-in")


def test_the_sign_in_form_has_no_fault_of_accessibility(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site.address}/console/sign-in")
    page.fill("#name", "reader")
    page.fill("#password", "不对的密码不对的密码")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-error")).to_be_visible()
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    context.close()
    assert found == []
