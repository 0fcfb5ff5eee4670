"""The four pages in a real browser: filled, within the window, and without a fault that axe-core finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.pipeline import Pipeline, reopen
from bot.index.embed import load_embedder
from bot.index.store import open_store
from bot.service.console.staff import People
from bot.service.current import Current
from bot.service.headers import Headers
from bot.service.records import Records
from bot.service.server import create_app
from bot.service.service import Service
from bot.settings import Settings
from tests.conftest import MODEL
from tests.service.serving import served

pytestmark = pytest.mark.browser
PASSWORD = "correct-horse-77"
TABS = ("待答复问题", "检索测试", "运行情况", "评测")
QUESTION = "瞪羚企业补贴多少钱"


@pytest.fixture(scope="module")
def address(plan_store_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("data")
    pipeline = Pipeline(open_store(plan_store_folder, load_embedder(MODEL)))
    current, records = Current(plan_store_folder, pipeline, reopen), Records.open(f"sqlite:///{folder}/records.db")
    chosen = Settings(data=folder, store=plan_store_folder)
    service = Service.of(current, records, chosen)
    People(records).add("editor", "editor", PASSWORD, by="test")
    records.answered("01", "c", QUESTION, pipeline.invoke(QUESTION), route="/chat")
    records.feedback("01", "down", "没说清楚")
    with served(Headers(create_app(current, service=service), chosen)) as url:
        yield url
    service.close()
    current.close()
    records.close()
    pipeline.store.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_can_be_used_and_has_no_fault_of_our_making(address: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page, expect, sync_playwright

    def open_tab(page: Page, name: str) -> None:
        tab = page.get_by_role("tab", name=name).first
        if not tab.is_visible():
            page.locator(".overflow-menu > button").click()
            page.locator(".overflow-dropdown button", has_text=name).click()
        else:
            tab.click()

    def violations(page: Page) -> list[tuple[str, str]]:
        found = Axe().run(page).response["violations"]
        return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("critical", "serious")]

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(30_000)
        page.goto(f"{address}/console/sign-in")
        page.fill("#name", "editor")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#console-who form")
        open_tab(page, "待答复问题")
        page.locator("#unanswered-groups [data-testid=cell-0-0]").click()
        expect(page.locator("#unanswered-near")).to_contain_text("三、(三)8.", timeout=30_000)
        for name in TABS:
            open_tab(page, name)
            if name == "检索测试":
                page.fill("#tester-question textarea", QUESTION)
                page.click("#tester-search")
                expect(page.locator("#tester-0")).to_contain_text("向量 第1", timeout=30_000)
            elif name == "运行情况":
                expect(page.locator("#dashboard-cards")).to_contain_text("提问", timeout=30_000)
            elif name == "评测":
                expect(page.locator("#evaluation-told")).to_contain_text("还没有运行过评测", timeout=30_000)
            page.wait_for_timeout(700)  # colours change gradually
            assert (name, violations(page)) == (name, [])
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()


def test_an_answer_leads_to_the_search_tester_which_searches_at_once(address: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{address}/console/sign-in")
        page.fill("#name", "editor")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#console-who form")
        page.goto(f"{address}/console/?test=01")
        expect(page.locator("#tester-question textarea")).to_have_value(QUESTION, timeout=30_000)
        expect(page.locator("#tester-0")).to_contain_text("向量 第1", timeout=30_000)
        browser.close()
