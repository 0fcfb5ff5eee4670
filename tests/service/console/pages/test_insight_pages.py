"""What the handlers of the pages do for someone who may, and that they do nothing for someone who may not."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from openpyxl import load_workbook

from bot.answering.pipeline import Pipeline, reopen
from bot.index.embed import load_embedder
from bot.index.store import open_store
from bot.service.console.console import COOKIE, Console
from bot.service.console.pages import dashboard, evaluation, search_tester, unanswered
from bot.service.current import Current
from bot.service.records import Records
from bot.service.service import Service
from bot.settings import Settings
from tests.conftest import MODEL

PASSWORD = "correct-horse-77"
PAGES = (unanswered, search_tester, dashboard, evaluation)
ATTACK = "<script>alert(1)</script>补贴"
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def console(plan_store_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    pipeline = Pipeline(open_store(plan_store_folder, load_embedder(MODEL)))
    current, records = Current(plan_store_folder, pipeline, reopen), Records.open("sqlite://")
    service = Service.of(current, records, Settings(data=tmp_path_factory.mktemp("data"), store=plan_store_folder))
    made = Console.of(service)
    for role in ("reader", "editor"):
        made.staff.add(role, role, PASSWORD, by="test")
    for number, question in enumerate(("瞪羚企业补贴多少钱", "瞪羚企业归哪个局", ATTACK)):
        answer = pipeline.invoke(question)
        answer = replace(answer, status="unanswerable_not_stated") if question == ATTACK else answer
        records.answered(f"0{number}", f"c{number}", question, answer, route="/chat")
    records.feedback("01", "down", "没说清楚")
    records.count(datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1))
    yield made
    service.close()
    records.close()
    pipeline.store.close()


@pytest.fixture(scope="module")
def blocks(console: Console) -> gr.Blocks:
    with gr.Blocks() as made, gr.Tabs():
        for page in PAGES:
            with gr.Tab(page.TITLE):
                page.build(console)
    return made


@pytest.fixture(scope="module")
def handlers(blocks: gr.Blocks) -> dict[str, Any]:
    return {str(each.api_name): each.fn for each in blocks.fns.values() if each.fn}


@pytest.fixture(scope="module")
def tokens(console: Console) -> dict[str, str]:
    """Of each role's session; a password takes long to check."""
    return {role: console.staff.sign_in(role, PASSWORD, "127.0.0.1") for role in ("reader", "editor")}


@pytest.fixture
def call(handlers: dict[str, Any], tokens: dict[str, str]) -> Call:
    """call("unanswered_opened", 14, "待处理", False, role="reader") as that person."""

    def as_person(name: str, *given: Any, role: str = "editor", first: bool = False) -> Any:
        request = SimpleNamespace(cookies={COOKIE: tokens[role]}, query_params={})
        return handlers[name](request, *given) if first else handlers[name](*given, request)

    return as_person


def picked(*row: Any) -> Any:
    return SimpleNamespace(row_value=list(row), index=[0, 0])


def test_a_topic_opens_with_its_questions_and_the_clauses_that_came_near(call: Call) -> None:
    rows, told, *_ = call("unanswered_opened", 14, "待处理", False, role="reader")
    name = next(row[0] for row in rows if "瞪羚" in row[0])
    row = next(row for row in rows if row[0] == name)
    open_, title, _, nearest, links, question, clause = call("unanswered_topic", 14, "待处理", False, picked(*row))
    assert told.startswith(f"共{len(rows)}个主题，")
    assert (title, question) == (f"### {name}", open_[0][0])
    assert "三、(三)8." in nearest
    assert clause == "三、(三)8."
    assert f"/console/?curate={open_[0][1]}" in links


def test_what_is_marked_leaves_the_list_and_the_audit_knows_who_did_it(call: Call, console: Console) -> None:
    given = (14, "待处理", False, [[ATTACK, "02"]], "与政策无关")
    assert ATTACK in str(call("unanswered_opened", 14, "待处理", True)[0])
    assert ATTACK not in str(call("unanswered_out_of_scope", *given)[0])
    entry = console.audit.latest(1)[0]
    assert (entry.who, entry.action, entry.detail) == ("editor", "不在服务范围", {"questions": 1, "note": "与政策无关"})
    assert ATTACK in str(call("unanswered_opened", 14, "已处理", True)[0])
    call("unanswered_back", *given)
    assert ATTACK in str(call("unanswered_opened", 14, "待处理", True)[0])


def test_a_question_is_promoted_once_it_is_complete(call: Call, console: Console) -> None:
    fields = ("瞪羚企业补贴多少钱", "not_stated", "unanswerable", "三、(三)8.\n", "", "", "热线常问")
    assert call("unanswered_promote", *fields) == ""
    rows = call("evaluation_opened")[4]
    assert rows[0][1:4] == ["瞪羚企业补贴多少钱", "说查不到", "三、(三)8."]
    with pytest.raises(gr.Error):
        call("unanswered_promote", "", *fields[1:])
    assert console.audit.latest(1)[0].action == "收进评测题"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("unanswered_out_of_scope", (14, "待处理", False, [["问", "01"]], "")),
        ("unanswered_settled", (14, "待处理", False, [["问", "01"]], "")),
        ("unanswered_back", (14, "待处理", False, [["问", "01"]], "")),
        ("unanswered_promote", ("问", "content", "answered", "", "", "", "")),
        ("evaluation_start", ("dev",)),
        ("evaluation_stop", ()),
    ],
)
def test_a_reader_changes_nothing(call: Call, name: str, given: tuple[Any, ...]) -> None:
    with pytest.raises(gr.Error, match="需要“编辑”"):
        call(name, *given, role="reader")


def test_nobody_gets_anything_without_having_signed_in(handlers: dict[str, Any]) -> None:
    request = SimpleNamespace(cookies={}, query_params={})
    for name, handler in handlers.items():
        count = handler.__code__.co_argcount - 1
        first = handler.__code__.co_varnames[0] == "request"
        with pytest.raises(gr.Error, match="重新登录"):
            handler(request, *[None] * count) if first else handler(*[None] * count, request)
        assert name


def test_the_figures_of_a_period_stand_beside_their_tables(call: Call) -> None:
    cards, asked, _, cited, _, statuses, covered = call("dashboard_opened", 30, role="reader")
    assert "<b>提问</b><span>3</span>" in cards
    assert asked["次数"].sum() == 3
    assert list(cited.columns) == ["文件", "条款", "条标题", "引用次数"]
    assert statuses["次数"].sum() == 3
    assert covered["条款数"].tolist() == [28]


def test_questions_are_found_by_their_words_and_opened(call: Call) -> None:
    rows, _, _, ids, _ = call("dashboard_questions_find", 30, "瞪羚 哪个局", "", False, role="reader")
    assert ([row[1] for row in rows], rows[0][3]) == (["瞪羚企业归哪个局"], "不满意")
    shown = call("dashboard_questions_picked", ids, picked(), role="reader")
    assert "读者说：没说清楚" in shown
    everything = call("dashboard_questions_find", 30, "", "", False)
    assert ATTACK in str(everything[0])
    assert "<script" not in call("dashboard_questions_picked", ["02"], picked())


def test_an_export_goes_to_the_browser_and_into_the_audit(call: Call, console: Console) -> None:
    made = call("dashboard_questions_export_xlsx", 30, "", "", False, role="reader", first=True)
    book = load_workbook(io.BytesIO(base64.b64decode(made["data"])))
    assert [cell.value for cell in book["提问"][1]] == ["时间", "问题", "答复", "评价"]
    assert book["提问"].max_row == 4
    entry = console.audit.latest(1)[0]
    assert (entry.who, entry.action, entry.subject, entry.detail) == ("reader", "导出表格", made["name"], {"rows": 3})
    tables = call("dashboard_export_xlsx", 30, first=True)
    assert len(load_workbook(io.BytesIO(base64.b64decode(tables["data"]))).sheetnames) == 6


def test_the_weekly_report_is_taken_from_the_page(call: Call) -> None:
    made = call("dashboard_report_word", "")
    assert (made["name"].startswith("weekly-"), base64.b64decode(made["data"])[:2]) == (True, b"PK")
    with pytest.raises(gr.Error, match="不知道"):
        call("dashboard_report_markdown", "上上周")


def test_a_question_is_searched_two_ways_and_shown_without_markup_of_its_own(call: Call) -> None:
    settings = ("hybrid", "", True, True, 5, "lexical", "", True, True, 5)
    left, right = call("search_tester_search", "瞪羚企业归哪个局", *settings, role="reader")
    assert "引用[1][2]" in left
    assert "向量 没有找到" in right
    attacked, _ = call("search_tester_search", ATTACK, *settings)
    assert "<script" not in attacked
    with pytest.raises(gr.Error, match="先输入"):
        call("search_tester_search", " ", *settings)


def test_another_page_leads_to_the_search_tester_by_a_number_alone(
    tokens: dict[str, str], handlers: dict[str, Any]
) -> None:
    for query, expected in (({"test": "01"}, "瞪羚企业归哪个局"), ({"set": "dev", "item": "none"}, "")):
        request = SimpleNamespace(cookies={COOKIE: tokens["reader"]}, query_params=query)
        text, tabs = handlers["search_tester_arrived"](request)
        assert (text == expected) if expected else isinstance(tabs, dict)


def test_only_one_evaluation_runs_and_only_of_a_set_that_is_there(call: Call) -> None:
    with pytest.raises(gr.Error, match="没有这个题集"):
        call("evaluation_start", "held")
    with pytest.raises(gr.Error, match="已经完成"):
        call("evaluation_compare", "", "")
    assert call("evaluation_stop")[1] == "还没有运行过评测。"


def test_nothing_of_the_records_stands_in_the_page_itself(blocks: gr.Blocks) -> None:
    assert "瞪羚" not in json.dumps(blocks.get_config_file(), ensure_ascii=False, default=str)
