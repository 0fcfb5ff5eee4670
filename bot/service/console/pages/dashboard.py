"""
How much was asked and what became of it: figures, plots, tables to take away, the weekly report.

    近30天：提问 5,412，作答 81.2%，未能作答 12.0%，不满意 2.1%；一半的回答用时不超过 17 毫秒
"""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr
import pandas as pd

from bot.service.console.console import Console, tab
from bot.service.console.insight import report
from bot.service.console.insight.figures import Figures, Period, figures, today, week_named
from bot.service.console.insight.questions import Wanted, every, listed
from bot.service.console.insight.topics import topics
from bot.service.console.pages.answer_html import answer_html
from bot.service.console.pages.export import DOCX, download, export_buttons, file
from bot.service.console.staff import Role
from bot.service.console.tables import Table
from bot.service.records.daily import BEIJING
from bot.service.words import STATUS_LABELS

TITLE = "运行情况"
ROLE: Role = "reader"
ORDER = 60
PERIODS = [("近7天", 7), ("近30天", 30), ("近90天", 90), ("近一年", 365)]
SAMPLE = 1000  # the latest questions, of which the topics are told
TOPICS, CLAUSES = 15, 15  # rows shown; an export holds all
MOST_QUESTIONS = 20_000  # rows of an export of questions
ANY = "全部"
STATUSES = [(ANY, ""), ("已作答", "answered"), *((name, status) for status, name in STATUS_LABELS.items())]
COLOURS = {"作答": "#1d5fa8", "未能作答": "#c2410c", "不予受理或不在范围": "#6b7280"}
THOUGHTS = {"满意": "#1d5fa8", "不满意": "#c2410c"}
NOON = pd.Timedelta(hours=12)  # the same day in whichever time zone the browser draws it
LISTED = ["时间", "问题", "答复", "评价"]


def build(console: Console) -> None:
    place = gr.State(None)  # where the next page of the list begins
    ids = gr.State([])  # of the answers on this one
    with gr.Row():
        days = gr.Dropdown(PERIODS, value=30, label="期间", scale=1, min_width=120)
        gr.HTML("", scale=3, apply_default_css=False)
    cards = gr.HTML("", elem_id="dashboard-cards", apply_default_css=False)
    with gr.Row(equal_height=True):
        axis: dict[str, Any] = {
            "x": "日期",
            "y": "次数",
            "x_axis_format": "%m-%d",
            "x_bin": "1d",
            "y_aggregate": "sum",
            "height": 300,
        }
        blue_orange_grey = "每日提问（蓝：作答；橙：未能作答；灰：不予受理或不在范围）"
        asked = gr.BarPlot(color="结果", color_map=COLOURS, label=blue_orange_grey, **axis)
        disliked = gr.LinePlot(color="评价", color_map=THOUGHTS, label="每日评价（蓝：满意；橙：不满意）", **axis)
    with gr.Row():
        cited = gr.Dataframe(
            interactive=False,
            label="引用最多的条款",
            wrap=True,
            max_height=420,
            column_widths=["44%", "18%", "24%", "14%"],
        )
        about = gr.Dataframe(
            interactive=False,
            label="近期问得最多的主题",
            wrap=True,
            max_height=420,
            column_widths=["36%", "14%", "50%"],
        )
    with gr.Row():
        statuses = gr.Dataframe(interactive=False, label="答复类型", wrap=True, max_height=420)
        covered = gr.Dataframe(
            interactive=False,
            label="文件引用情况",
            wrap=True,
            max_height=420,
            column_widths=["52%", "15%", "19%", "14%"],
        )
    export_buttons(console, "dashboard", ROLE, lambda days: _tables(console, days), [days])
    gr.Markdown("### 周报")
    with gr.Row():
        week = gr.Textbox(label="哪一周（这一周里的任一天，如 2026-11-18；不填为上一周）", max_length=12, scale=2)
        markdown = gr.Button("周报 Markdown", scale=1)
        word = gr.Button("周报 Word", scale=1)
    gr.Markdown("### 查提问")
    with gr.Row():
        sought = gr.Textbox(label="含有这些字（几个词用空格隔开）", max_length=100, scale=3)
        status = gr.Dropdown(STATUSES, value="", label="答复", scale=1, min_width=140)
        only = gr.Checkbox(False, label="只看不满意的", scale=1, min_width=120)
        find = gr.Button("查找", variant="primary", scale=1, min_width=100)
    table = gr.Dataframe(
        headers=LISTED,
        interactive=False,
        label="提问（新的在前，点一行看答复）",
        wrap=True,
        max_height=520,
        column_widths=["16%", "56%", "14%", "14%"],
        elem_id="dashboard-questions",
    )
    more = gr.Button("下一页", size="sm", elem_classes="export-buttons")
    one = gr.HTML("", elem_id="dashboard-one", elem_classes="one-answer", apply_default_css=False)
    wanted = [days, sought, status, only]
    export_buttons(console, "dashboard_questions", ROLE, lambda *given: [_questions(console, *given)], wanted)
    plots = [cards, asked, disliked, cited, about, statuses, covered]

    def opened(days: int, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        return _shown(console, days)

    def found(days: int, sought: str, status: str, only: bool, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        return _page(console, _wanted(days, sought, status, only), None)

    def following(days: int, sought: str, status: str, only: bool, place: Any, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        return _page(console, _wanted(days, sought, status, only), place)

    def picked(ids: list[str], chosen: gr.SelectData, request: gr.Request) -> str:
        console.require(request, ROLE)
        place = int(chosen.index[0])
        return answer_html(console, ids[place]) if place < len(ids) else ""

    def written(ending: str) -> Any:
        def write(week: str, request: gr.Request) -> dict[str, str]:
            person = console.require(request, ROLE)
            made = _weekly(console, week)
            console.audit.note(person.name, "导出周报", f"{made.name}.{ending}")
            if ending == "md":
                return file(f"{made.name}.md", "text/markdown", report.as_markdown(made).encode())
            return file(f"{made.name}.docx", DOCX, report.as_docx(made))

        return write

    tab().select(opened, days, plots, api_name="dashboard_opened")
    days.change(opened, days, plots, api_name="dashboard_days")
    for event, name in (
        (find.click, "find"),
        (sought.submit, "submit"),
        (status.change, "status"),
        (only.change, "only"),
    ):
        event(found, wanted, [table, place, more, ids, one], api_name=f"dashboard_questions_{name}")
    more.click(following, [*wanted, place], [table, place, more, ids, one], api_name="dashboard_questions_next")
    table.select(picked, ids, one, api_name="dashboard_questions_picked")
    download(markdown, written("md"), [week], "dashboard_report_markdown")
    download(word, written("docx"), [week], "dashboard_report_word")


def _shown(console: Console, days: int) -> list[Any]:
    period, store = Period.days_until(today(), int(days)), console.service.pipeline.store
    found = figures(console.service.records, period)
    cited = report.most_cited(found, store)
    return [
        _cards_html(found),
        _daily(found, (("作答", "answered"), ("未能作答", "unanswered"), ("不予受理或不在范围", "refused")), "结果"),
        _daily(found, (("满意", "liked"), ("不满意", "disliked")), "评价"),
        _frame(Table(cited.name, cited.columns, cited.rows[:CLAUSES])),
        _frame(_topics(console, period)),
        _frame(report.by_status(found)),
        _frame(report.covered(found, store)),
    ]


def _tables(console: Console, days: int) -> list[Table]:
    """What is exported: all that is shown, whole."""
    period, store = Period.days_until(today(), int(days)), console.service.pipeline.store
    found = figures(console.service.records, period)
    before = figures(console.service.records, period.before)
    return [
        report.by_day(found),
        report.compared(found, before),
        report.by_status(found),
        report.most_cited(found, store),
        report.covered(found, store),
        _topics(console, period),
    ]


def _topics(console: Console, period: Period) -> Table:
    """Of the latest questions of the period, whatever was answered."""
    store = console.service.pipeline.store
    rows = every(console.service.records, Wanted(period), SAMPLE)
    grouped = topics([(row.question, 1) for row in rows], store.embedder.embed, store.segmenter)[:TOPICS]
    cells = [(topic.name, topic.asked, topic.questions[0]) for topic in grouped]
    return Table(f"最近{len(rows)}次提问的主题", ("主题", "次数", "有代表性的问法"), cells)


def _wanted(days: int, sought: str, status: str, only: bool) -> Wanted:
    statuses = (status,) if status in dict(map(reversed, STATUSES)) and status else ()  # type: ignore[arg-type]
    return Wanted(Period.days_until(today(), int(days)), statuses, sought[:100], only)


def _page(console: Console, wanted: Wanted, place: Any) -> list[Any]:
    page = listed(console.service.records, wanted, place)
    ids = [each.id for each in page.rows]
    return [_rows(page.rows), page.after, gr.Button(interactive=page.after is not None), ids, ""]


def _questions(console: Console, days: int, sought: str, status: str, only: bool) -> Table:
    rows = every(console.service.records, _wanted(days, sought, status, only), MOST_QUESTIONS)
    return Table("提问", tuple(LISTED), _rows(rows))


def _rows(asked: Any) -> list[list[str]]:
    names = {"up": "满意", "down": "不满意"}
    return [
        [
            f"{each.at + BEIJING:%Y-%m-%d %H:%M}",
            each.question,
            STATUS_LABELS.get(each.status, "已作答"),
            "、".join(names[verdict] for verdict in each.verdicts),
        ]
        for each in asked
    ]


def _weekly(console: Console, week: str) -> report.Report:
    from bot.errors import RecordsError

    try:
        period = week_named(week.strip() or None)
    except RecordsError as error:
        raise gr.Error(str(error), title="没有这一周", print_exception=False) from error
    service = console.service
    return report.weekly(service.records, service.pipeline.store, period, service.settings)


def _daily(found: Figures, series: tuple[tuple[str, str], ...], named: str) -> pd.DataFrame:
    rows = [
        {
            "日期": pd.Timestamp(day.day) + NOON,
            "次数": getattr(day, field),
            named: name,
        }
        for day in found.days
        for name, field in series
    ]
    return pd.DataFrame(rows, columns=["日期", "次数", named])


def _frame(table: Table) -> pd.DataFrame:
    return pd.DataFrame(list(table.rows), columns=list(table.columns))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _cards_html(found: Figures) -> str:
    total = found.total
    p50, p95 = found.latency_ms[0.5], found.latency_ms[0.95]
    cards = [
        ("提问", f"{total.asked:,}", ""),
        ("作答", _share(total.answered, total.asked), f"{total.answered:,}次"),
        ("未能作答", _share(total.unanswered, total.asked), f"{total.unanswered:,}次"),
        ("不予受理或不在范围", _share(total.refused, total.asked), f"{total.refused:,}次"),
        ("不满意", f"{total.disliked:,}", f"满意 {total.liked:,}"),
        ("用时（一半不超过）", f"{p50:.0f}毫秒" if p50 else "—", f"95%不超过 {p95:.0f}毫秒" if p95 else ""),
    ]
    if found.input_tokens or found.output_tokens:
        tokens = f"输入 {found.input_tokens:,}，输出 {found.output_tokens:,} token"
        cards.append(("大模型费用", f"{sum(found.cost.values()):.2f}", tokens))
    items = "".join(
        f"<li><b>{escape(name)}</b><span>{escape(value)}</span><small>{escape(more)}</small></li>"
        for name, value, more in cards
    )
    until = f"统计到 {found.until + BEIJING:%Y-%m-%d %H:%M}" if found.until else "还没有统计"
    return f"<ul class='figures'>{items}</ul><p class='hint'>{until}，约每分钟更新一次。</p>"
