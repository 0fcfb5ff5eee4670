"""Answers of a model on the page: a real Chromium, the whole service and its check, an endpoint with a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.service.words import AI_NOTICE, REMOVED
from tests.answering.generate.scripted_endpoint import End, Pause, ScriptedEndpoint, says
from tests.service.test_browser import CHROMIUM, DESK, PASSWORD, PHONE, ask, chromium, mark, running, visit

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="这台机器上没有 Chromium")]
__all__ = ("chromium",)  # a fixture

TEXT = """云溪市种树办法
第一条 镇政府每年种植银杏30棵，树坑深1米。
第二条 苗圃每季度除草2次，每次由园林站派3人，但雨天除外。
第三条 灌木由园林站修剪，修剪高度不超过2米。
"""
QUESTION = "云溪市种树办法第二条说了什么"
TRUE, EXCEPTION, FALSE = "苗圃每季度除草2次，每次由园林站派3人。", "但雨天除外。", "苗圃每季度除草9次。"
UNVERIFIED = "模型所写的内容有1句未能在原文中得到印证，已略去或改引原文。"
STATED = "第二条 苗圃每季度除草2次，每次由园林站派3人，但雨天除外。"
WATCH = """() => {
  window.heard = [];
  const said = document.querySelector("#chat .announcement");
  new MutationObserver(() => heard.push(said.textContent)).observe(said, { childList: true });
  window.sent = [];
  const fetched = window.fetch;
  window.fetch = async (...given) => {
    const response = await fetched(...given);
    if (String(given[0]).endsWith("/chat/ask")) response.clone().text().then((body) => sent.push(body));
    return response;
  };
}"""


class Service(NamedTuple):
    address: str
    endpoint: ScriptedEndpoint


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    from bot.answering.generate.endpoint import connect
    from bot.answering.generate.generator import Generator
    from bot.answering.ground import Grounder
    from bot.answering.pipeline import Pipeline, reopen
    from bot.index.build import build
    from bot.index.embed import open_embedder
    from bot.index.store import open_store
    from bot.service.current import Current
    from bot.service.staff import Staff
    from bot.settings import settings

    folder = tmp_path_factory.mktemp("trees")
    corpus, store = folder / "corpus", folder / "store"
    corpus.mkdir()
    (corpus / "trees.txt").write_text(TEXT, encoding="utf-8")
    embedder = open_embedder(settings())
    build([corpus], store, embedder)
    opened = open_store(store, embedder)
    with ScriptedEndpoint().running() as endpoint:
        chat = connect(endpoint.url, "scripted", "", 20.0)
        generator = Generator(chat, "scripted", Grounder, 20.0, outlines=opened.outlines)
        current = Current(store, Pipeline(opened, generator=generator), reopen)
        with running(current, current.suggest, Staff(PASSWORD, [corpus], Path(store), current), current) as address:
            yield Service(address, endpoint)
        current.close()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(chromium: Browser, service: Service, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(viewport=request.param)
    page = visit(context, service.address)
    page.evaluate(WATCH)
    yield page
    context.close()


def begin(page: Page) -> None:
    """Ask, and wait for the first sentence."""
    page.fill(".composer textarea", QUESTION)
    page.press(".composer textarea", "Enter")
    expect(page.locator(".generated")).to_have_text(f"AI生成{TRUE}[1]")


def test_checked_sentences_come_first_then_the_sources_and_are_heard_once(page: Page, service: Service) -> None:
    service.endpoint.script = [[*says(f"{TRUE}[1]")[:-1], Pause(2), *says(f"{FALSE}[1]")]]
    begin(page)
    answer = page.locator(".answer")
    expect(answer).to_have_attribute("aria-busy", "true")
    expect(page.locator(".answer .quote")).to_have_text(f"政策原文{EXCEPTION}[2]")
    expect(page.locator(".sources")).to_be_hidden()
    assert page.evaluate("heard") == []
    page.locator(".generated .cite").focus()
    expect(answer).to_have_attribute("aria-busy", "false")
    expect(page.locator(".generated .cite")).to_be_focused()
    expect(page.locator(".sources")).to_be_visible()
    expect(page.locator(".answer > .note")).to_have_text(UNVERIFIED)
    assert page.evaluate("heard") == [f"【AI生成】{TRUE}[1]\n【政策原文】{EXCEPTION}[2]\n{UNVERIFIED}"]
    assert FALSE not in page.content()
    page.locator(".generated .cite").click()
    assert mark(page) == STATED.replace("但雨天除外。", EXCEPTION)
    expect(page.locator(".pane mark").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")
    assert AI_NOTICE in page.inner_text("body")
    assert AI_NOTICE in str(page.locator(".copy").get_attribute("data-copy"))


def test_the_reader_can_stop_it_and_go_on_asking(page: Page, service: Service) -> None:
    service.endpoint.script = [[*says(f"{TRUE}[1]")[:-1], Pause(10), *says(f"{FALSE}[1]")]]
    begin(page)
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".answer > .stopped")).to_have_text("已停止作答，以上内容没有写完。")
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".sources")).to_be_visible()
    expect(page.get_by_role("button", name="停止")).to_be_hidden()
    expect(page.get_by_label("输入您的问题")).to_be_focused()
    assert page.evaluate("heard") == [
        f"【AI生成】{TRUE}[1]\n【政策原文】{EXCEPTION}[2]\n已停止作答，以上内容没有写完。"
    ]
    service.endpoint.script = [says(f"{TRUE}[1]")]
    ask(page, QUESTION)
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(2)


def test_stopped_before_the_first_sentence_nothing_is_shown(page: Page, service: Service) -> None:
    service.endpoint.script = [[Pause(5), End()]]
    page.fill(".composer textarea", QUESTION)
    page.press(".composer textarea", "Enter")
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".turn .stopped")).to_have_text("已停止作答。")
    expect(page.locator(".answer")).to_have_count(0)


def test_an_answer_that_breaks_off_says_so(page: Page, service: Service) -> None:
    service.endpoint.script = [says(f"{TRUE}[1]")]
    asked = page.request.post(f"{service.address}/chat/ask", data={"question": QUESTION})
    growing = next(line for line in asked.text().splitlines() if not json.loads(line)["is_whole"])
    page.route("**/chat/ask", lambda route: route.fulfill(body=growing + "\n"))
    begin(page)
    expect(page.locator(".answer > .stopped")).to_have_text("连接中断，以上内容没有写完。")


def test_staff_alone_unfold_what_the_check_took_out(page: Page, service: Service) -> None:
    service.endpoint.script = [says(f"{TRUE}[1]{FALSE}[1]")]
    ask(page, QUESTION)
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    expect(page.locator(".removed")).to_have_count(0)
    page.get_by_role("tab", name="收录").click()
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".upload")).to_be_visible()
    page.get_by_role("tab", name="问答").click()
    ask(page, QUESTION)
    fold = page.locator(".removed")
    expect(fold.locator("summary")).to_have_text(REMOVED.format(count=1))
    expect(fold.locator("p")).to_be_hidden()
    fold.locator("summary").press("Enter")
    expect(fold.locator("p")).to_have_text(FALSE)
    expect(fold.locator("li li")).to_have_text("数字与原文不符：写作“9次”，原文作“2次”")
    assert page.evaluate("(words) => sent.map((body) => body.includes(words))", FALSE) == [False, True]
    assert FALSE not in str(page.locator(".copy").last.get_attribute("data-copy"))
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")


@pytest.mark.parametrize(
    "reply", ["", "<think>9次</think>", "Weeds are pulled 9 times. [1]", f"{FALSE}[1]", f"{TRUE}[7]"]
)
def test_where_nothing_a_model_writes_holds_the_paper_is_quoted(page: Page, service: Service, reply: str) -> None:
    service.endpoint.script = [says(reply)]
    ask(page, QUESTION)
    expect(page.locator(".answer .quote")).to_have_text(f"政策原文{STATED}[1]")
    expect(page.locator(".answer .generated")).to_have_count(0)
    assert "9次" not in page.content()
