"""A disliked answer becomes a live curated one in a real browser, as a new member of staff would do it."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.service.console.conftest import PASSWORD, Site

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUESTION = "浇灌树木用什么水？"
WIDTHS = (1280, 390)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="这台机器上没有 Chromium")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def opened(browser: Browser, site: Site, path: str, width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{site.address}/console/sign-in")
    page.fill("#name", "reviewer")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#console-who form", timeout=60_000)
    page.goto(f"{site.address}{path}")
    expect(page.locator("#curated-question textarea")).to_be_visible(timeout=60_000)
    return page


def asked(site: Site) -> dict[str, Any]:
    with site.client() as client:
        reply: dict[str, Any] = client.post("/api/v1/ask", json={"question": QUESTION}).json()
        return reply


def test_a_disliked_answer_is_answered_by_staff_in_four_steps(chromium: Browser, site: Site) -> None:
    disliked = asked(site)
    with site.client() as client:
        client.post("/api/v1/feedback", json={"answer": disliked["id"], "verdict": "down"})
    page = opened(chromium, site, f"/console/?curate={disliked['id']}")  # 1: the link beside the disliked answer
    expect(page.locator("#curated-question textarea")).to_have_value(QUESTION)
    if not page.locator("#curated-cited input:checked").count():
        page.locator("#curated-cited input").first.check()  # 2, where nothing was cited
    page.fill("#curated-text textarea", "浇灌用再生水。")  # 3
    page.click("#curated-publish")  # 4
    expect(page.locator(".curated-message")).to_have_text("已发布，一秒内生效。", timeout=30_000)
    live = asked(site)
    assert (disliked["mode"], live["mode"], live["sentences"][0]["text"]) == ("quoted", "curated", "浇灌用再生水。")
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_for_everyone(chromium: Browser, site: Site, width: int) -> None:
    page = opened(chromium, site, f"/console/?curate={asked(site)['id']}", width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page, context="#tab-curated, [role=tabpanel]")
    grave = [each for each in found.response["violations"] if each["impact"] in {"critical", "serious"}]
    told = {each["id"]: each["nodes"][0]["html"][:200] for each in grave}
    assert told == {}
    page.context.close()
