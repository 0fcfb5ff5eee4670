"""The page in a real Chromium, on a desk and on a phone."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.answering import replies
from bot.answering.compose import compose
from bot.answering.draft import Draft, Pick
from bot.answering.match import Situation, match, tracks
from bot.answering.validity import checked
from bot.documents.flags import Flagger
from bot.documents.structure import parse
from bot.service.words import CARD_NOTICE, NOTICE
from bot.types import Answer, Document, Query, Sentence
from tests.answering.small_plan import PLAN
from tests.index.small_index import PLAN as SMALL_PLAN
from tests.index.small_index import write_corpus
from tests.service.serving import served

expect.set_options(timeout=20_000)  # milliseconds: a busy machine shows things late

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


@contextmanager
def running(pipeline: Any, suggest: Any = None, staff: Any = None, current: Any = None) -> Iterator[str]:
    """The address of a service that answers from `pipeline`; with `current` the pages change with its documents."""
    from bot.service.server import create_app

    app = create_app(pipeline, suggest, staff)
    if current:
        current.changed = app.state.refresh
    with served(app) as address:
        yield address


@pytest.fixture
def address(pipeline: Any, cite: Any) -> Iterator[str]:
    """A running service: 大赛 has an answer of its own, an empty question is not understood, the rest get `answer`."""
    contest = cite(1, "每年一届。")
    others = {
        "大赛": Answer(Query("大赛", "大赛", ()), "answered", (Sentence(contest.quote, (1,)),), (contest,)),
        "": Answer(Query("", "", ()), "error_invalid_question", (Sentence(replies.EMPTY, origin="note"),)),
    }
    usual = pipeline.answer

    def stream(given: Any) -> Iterator[Answer]:
        pipeline.asked.append(given)
        yield others.get(given["question"], usual)

    pipeline.stream = stream
    with running(pipeline) as address:
        yield address


@pytest.fixture
def plan_address() -> Iterator[str]:
    """A running service over a tiny plan with areas and units, whose every answer has a card."""
    matched = match([PLAN], Situation(tracks(PLAN)[1], needs=("应用场景",)))
    draft = Draft(Query("有什么支持", "有什么支持", ()), "answered", matched.track, match=matched)
    answer = compose(draft.query, [draft])
    store = SimpleNamespace(outlines=(PLAN,), glossaries=())
    with running(SimpleNamespace(store=store, mode="quoted", stream=lambda _: iter((answer,)))) as address:
        yield address


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
    desk.route("**/chat/ask", lambda route: route.abort())
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


def test_what_may_be_asked_next_is_asked_by_a_click(chromium: Browser, pipeline: Any) -> None:
    with running(pipeline, lambda _: ("由谁负责？",)) as address, chromium.new_page() as page:
        page.goto(address)
        page.get_by_label("输入您的问题").fill("大赛")
        page.keyboard.press("Enter")
        page.get_by_role("list", name="您还可以问").get_by_role("button", name="由谁负责？").click()
        expect(page.locator(".question")).to_have_text(["大赛", "由谁负责？"])
        expect(page.locator(".suggestions")).to_have_count(1)


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


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def plan_page(chromium: Browser, plan_address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(viewport=request.param)
    yield visit(context, plan_address)
    context.close()


def choose(page: Page) -> None:
    """氢能 or 硅光, and 应用场景, with the keyboard alone."""
    page.get_by_role("tab", name="政策匹配").click()
    page.get_by_label("赛道").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_label("应用场景").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="查看条款").focus()
    page.keyboard.press("Enter")
    page.locator(".match-result .card").wait_for()


def test_the_form_gives_a_card_whose_numbers_open_their_clauses(plan_page: Page) -> None:
    choose(plan_page)
    expect(plan_page.locator(".card dt")).to_have_count(9)
    expect(plan_page.locator(".matcher .announcement")).to_have_text(replies.MAY_APPLY.format(count=1))
    plan_page.locator(".card .quote", has_text="每年发布硅光应用场景10个，鼓励").locator(".cite").first.click()
    assert mark(plan_page) == "每年发布硅光应用场景10个，鼓励中小企业参与。"
    expect(plan_page.locator(".place-units")).to_have_text("丁局、甲局")
    assert plan_page.evaluate("document.documentElement.scrollWidth") == plan_page.evaluate("innerWidth")


def test_nothing_chosen_is_asked_for(plan_page: Page) -> None:
    plan_page.get_by_role("tab", name="政策匹配").click()
    plan_page.get_by_role("button", name="查看条款").click()
    expect(plan_page.locator(".match-form .complaint")).to_have_text(replies.CHOOSE)
    expect(plan_page.locator(".card")).to_have_count(0)


def test_on_a_phone_the_focus_goes_back_to_the_number_clicked(chromium: Browser, plan_address: str) -> None:
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = visit(context, plan_address)
    choose(page)
    page.locator(".card .cite").first.click()
    expect(page.locator(".pane .back")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".card .cite").first).to_be_focused()
    context.close()


def test_a_card_is_printed_alone_and_unfolded(plan_page: Page) -> None:
    choose(plan_page)
    plan_page.evaluate("window.print = () => (window.printed = true)")
    plan_page.get_by_role("button", name="打印").click()
    plan_page.emulate_media(media="print")
    sheet = plan_page.locator("#print-sheet")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_text("2.丰富场景。每年发布")).to_be_visible()
    expect(sheet.get_by_text(CARD_NOTICE)).to_be_visible()
    expect(plan_page.locator(".masthead")).to_be_hidden()
    expect(sheet.locator("button:visible", has_text="打印")).to_have_count(0)
    plan_page.emulate_media(media="screen")
    expect(sheet).to_be_hidden()
    plan_page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert plan_page.evaluate("window.printed") and sheet.count() == 0


def test_a_dot_opens_its_task_with_the_units_segment_marked(plan_page: Page) -> None:
    plan_page.get_by_role("tab", name="责任分工").click()
    plan_page.get_by_role("button", name="丙局：1.强化资金支持").click()
    assert mark(plan_page) == "鼓励银行开发金融产品。（责任单位：丙局）"
    expect(plan_page.locator(".place-path")).to_have_text("三、重点任务 › （一）创新行动 › 1.强化资金支持")


def test_the_filter_leaves_one_units_row_and_lines(plan_page: Page) -> None:
    plan_page.get_by_role("tab", name="责任分工").click()
    plan_page.get_by_label("按单位查看").select_option("丁局")
    expect(plan_page.locator(".matrix tbody tr:visible")).to_have_count(1)
    expect(plan_page.locator(".duty-table tr[data-units]:visible")).to_have_text(
        "2.丰富场景每年发布硅光应用场景10个，鼓励中小企业参与。丁局、甲局"
    )
    expect(plan_page.locator(".responsibility .announcement").last).to_have_text("丁局：1段")
    plan_page.get_by_label("按单位查看").select_option("")
    expect(plan_page.locator(".duty-table tr[data-units]:visible")).to_have_count(4)
    assert plan_page.evaluate("document.documentElement.scrollWidth") == plan_page.evaluate("innerWidth")


def test_an_answer_in_the_conversation_has_its_card_folded_under_it(plan_page: Page) -> None:
    ask(plan_page, "有什么支持")
    if plan_page.viewport_size == DESK:  # the answer's own first quote, not the card's
        assert mark(plan_page) == "研制硅光芯片。"
    expect(plan_page.locator(".card-fold dl")).to_be_hidden()
    plan_page.locator(".card-fold > summary").click()
    plan_page.locator(".card-fold .units .cite").click()
    assert mark(plan_page) == "（牵头单位：丁局；配合单位：甲局）"


def test_a_reference_opens_its_clause_in_the_pane_and_there_is_a_way_back(chromium: Browser) -> None:
    text = "某市种树办法\n\n第一条 每户种树五棵。\n\n第二条 违反本办法第一条的，依照《某市园林条例》第一条改正。\n"
    rules = parse(Document("rules", "某市种树办法", text, expires_on=date(2020, 12, 31)))
    garden = parse(Document("garden", "某市园林条例", "某市园林条例\n\n第一条 限期改正。\n\n第二条 略。\n"))
    article = rules.clauses[-1]
    draft = Draft(Query("问", "问", ()), "answered", (Pick(article, article.span, article.segments[0]),))
    answer = checked(compose(draft.query, [draft]), Flagger([rules.document]))
    store = SimpleNamespace(outlines=(rules, garden), glossaries=())
    with (
        running(SimpleNamespace(store=store, mode="quoted", stream=lambda _: iter((answer,)))) as address,
        chromium.new_page() as page,
    ):
        page.goto(address)
        ask(page, "违反怎么办")
        expect(page.locator(".answer .warning")).to_have_text(
            "注意：《某市种树办法》已于2020年12月31日到期，以下内容仅供参考。"
        )
        for flag in (page.locator(".answer .flag"), page.locator(".place-flags .flag")):
            expect(flag).to_have_text("已到期 · 2020年12月31日")
        quote = mark(page)
        assert quote == article.text.strip()
        page.get_by_role("link", name="本办法第一条").click()
        expect(page.locator(".pane .current")).to_have_text("第一条 每户种树五棵。")
        page.get_by_role("button", name="回到上一处").click()
        assert mark(page) == quote
        page.locator(".pane .reference", has_text="第一条").last.press("Enter")
        expect(page.locator(".place-title")).to_have_text("某市园林条例")
        expect(page.locator(".pane .current")).to_have_text("第一条 限期改正。")
        expect(page.locator(".place-flags .flag")).to_have_count(0)
        assert page.url.rstrip("/") == address


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def many(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The list of 200 documents, one of them with two versions."""
    text = "某市种树条例\n\n第一条 每户种树{}棵。\n\n第二条 多浇水。\n"
    outlines = [
        parse(Document(f"d{number}", f"某市第{number}号办法", text.format(number), level="规范性文件", place="某市"))
        for number in range(198)
    ]
    for name, count, year in (("old", "五", 2012), ("new", "十", 2020)):
        known: Any = {"level": "地方性法规", "place": "某市", "issued_on": date(year, 3, 1)}
        outlines.append(parse(Document(name, "某市种树条例", text.format(count), **known)))
    store = SimpleNamespace(outlines=tuple(outlines), glossaries=())
    with running(SimpleNamespace(store=store, mode="quoted")) as address:
        context = chromium.new_context(viewport=request.param)
        page = visit(context, address)
        page.get_by_role("tab", name="文件").click()
        yield page
        context.close()


def test_among_200_documents_one_is_found_with_the_keyboard_and_its_versions_compared(many: Page) -> None:
    count = many.locator(".library-count")
    expect(count).to_have_text("共200份")
    many.get_by_role("searchbox", name="查找").focus()
    many.keyboard.type("种树 条例")
    expect(count).to_have_text("共200份，符合条件的2份")
    many.get_by_label("状态").select_option("旧版本")
    expect(many.locator(".document-card:visible")).to_have_count(1)
    many.get_by_label("状态").select_option("现行")
    many.locator(".document-card:visible summary").focus()
    many.keyboard.press("Enter")
    many.get_by_role("button", name="看修改").press("Enter")
    expect(many.locator(".difference")).to_be_focused()
    expect(many.locator(".change p")).to_have_text("第一条 每户种树五十棵。")
    expect(many.locator(".change del")).to_have_text("五")
    expect(many.locator(".change ins")).to_have_text("十")
    assert many.evaluate("document.documentElement.scrollWidth") == many.evaluate("innerWidth")
    many.get_by_role("searchbox", name="查找").fill("没有这样的文件")
    expect(count).to_have_text("没有符合条件的文件，请换个词或放宽条件。")


PASSWORD = "种树2025"
RULES = "某市养蜂办法\n\n第一条 每户养蜂七箱。\n\n第二条 由某市农业局负责。\n"


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The whole service over a small index, with the tab for staff; and its corpus folder."""
    from bot.answering.pipeline import open_pipeline, reopen
    from bot.index.build import build
    from bot.index.embed import open_embedder
    from bot.service.current import Current
    from bot.service.staff import Staff
    from bot.settings import settings

    corpus, store = tmp_path / "corpus", tmp_path / "store"
    write_corpus(corpus, plan=SMALL_PLAN)
    build([corpus], store, open_embedder(settings()))
    current = Current(store, open_pipeline(store), reopen)
    staff = Staff(PASSWORD, [corpus], store, current)
    with running(current, current.suggest, staff, current) as address:
        yield address, corpus
    current.close()
    staff.close()
    assert [path for path in (store / "uploads").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_staff_add_a_document_and_a_question_is_answered_from_it(
    chromium: Browser, staffed: tuple[str, Path], tmp_path: Path, size: Any
) -> None:
    address, corpus = staffed
    context = chromium.new_context(viewport=size)
    page = visit(context, address)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    ask(page, "每户养蜂多少箱")
    expect(page.locator(".answer .source")).to_have_count(0)
    page.get_by_role("tab", name="收录").click()
    page.get_by_label("密码").fill("错的")
    page.keyboard.press("Enter")
    expect(page.locator(".login .complaint")).to_have_text("密码不对，请重新输入。")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("input[type=file]")).to_be_focused()

    (tmp_path / "坏.pdf").write_bytes(b"\0\1\2")
    page.set_input_files("input[type=file]", tmp_path / "坏.pdf")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator(".upload .complaint")).to_contain_text("坏.pdf 已损坏")
    (tmp_path / "养蜂.txt").write_text(RULES, encoding="utf-8")
    page.set_input_files("input[type=file]", tmp_path / "养蜂.txt")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator(".paper h3")).to_be_focused()
    expect(page.locator(".clauses li")).to_have_text(
        ["某市养蜂办法", "第一条 每户养蜂七箱。", "第二条 由某市农业局负责。"]
    )
    page.get_by_label("成文日期").fill("2024-05-06")
    page.get_by_role("button", name="按修改后的内容重看").click()
    expect(page.locator(".notices")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")
    assert not (corpus / "养蜂.txt").exists()
    page.get_by_role("button", name="确认收录").click()
    expect(page.locator(".outcome")).to_have_text("已收录《某市养蜂办法》，共2条，现在就可以提问。", timeout=60_000)
    assert 'file = "养蜂.txt"\nissued_on = 2024-05-06' in (corpus / "manifest.toml").read_text(encoding="utf-8")

    page.get_by_role("tab", name="文件").click()
    expect(page.locator(".document-name")).to_have_text(["某市养蜂办法", "种树行动方案"])
    page.get_by_role("tab", name="问答").click()
    ask(page, "养蜂办法第一条怎么规定")
    expect(page.locator(".answer .quote").last).to_contain_text("每户养蜂七箱。")
    assert {urlparse(url).hostname for url in requests} == {"127.0.0.1"}
    assert not any(quote(PASSWORD) in url or "password" in url for url in requests)
    context.close()


def test_without_the_setting_there_is_no_tab_for_staff(desk: Page, address: str) -> None:
    expect(desk.get_by_role("tab", name="文件")).to_be_visible()
    expect(desk.get_by_role("tab", name="收录")).to_have_count(0)
    assert desk.request.post(f"{address}/staff/login", data={"password": ""}).status in (404, 405)


def test_others_are_answered_while_a_file_is_read_and_added(
    chromium: Browser, staffed: tuple[str, Path], tmp_path: Path
) -> None:
    """A file of 4,000 articles: no question has to wait until it is done."""
    address, _ = staffed
    text = "".join(f"第{number_of(n)}条 第{n}号蜂箱由某市农业局管理，每年检查三次。\n\n" for n in range(1, 4001))
    (tmp_path / "大.txt").write_text(f"某市蜂箱办法\n\n{text}", encoding="utf-8")
    staff, other = chromium.new_page(), chromium.new_page()
    staff.goto(address)
    other.goto(address)
    other.wait_for_selector(".composer textarea")
    staff.get_by_role("tab", name="收录").click()
    staff.get_by_label("密码").fill(PASSWORD)
    staff.keyboard.press("Enter")
    staff.set_input_files("input[type=file]", tmp_path / "大.txt")
    staff.get_by_role("button", name="上传并预览").click()
    waits = []

    def asking_until(done: str) -> None:
        while not staff.locator(done).count():
            started = time.monotonic()
            ask(other, "每年浇水多少次")
            waits.append(time.monotonic() - started)

    asking_until(".paper")
    staff.get_by_role("button", name="确认收录").click()
    asking_until('.outcome[data-state="done"]')
    expect(other.locator(".answer .quote").last).to_contain_text("每年浇水10次以上")
    assert len(waits) > 2 and max(waits) < 15
    staff.close()
    other.close()


def number_of(number: int) -> str:
    """1024 as an article is numbered."""
    digits = "零一二三四五六七八九"
    said = "".join(
        digits[int(digit)] + (unit if digit != "0" else "")
        for digit, unit in zip(f"{number:04}", ("千", "百", "十", ""), strict=True)
    )
    plain = re.sub("零+", "零", said).strip("零")
    return plain.removeprefix("一") if plain.startswith("一十") else plain
