"""
What people were not told, or did not like: topics, their questions, the clauses that came near, what to do about it.

    瞪羚、补贴 | 31 次 | 近7天 20，此前7天 11  ->  四种问法；《…行动方案》三、(三)8.；写人工审定答复 · 不在服务范围
"""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from bot.errors import BotError
from bot.service.api.replies import href
from bot.service.console.console import Console, tab
from bot.service.console.insight import evaluation
from bot.service.console.insight.evaluation import Promoted
from bot.service.console.insight.figures import UNANSWERED, Period, today
from bot.service.console.insight.questions import detail
from bot.service.console.insight.unanswered import (
    OUT_OF_SCOPE,
    Decision,
    Group,
    Near,
    Overview,
    mark,
    near,
    unanswered,
    unmark,
)
from bot.service.console.pages.answer_html import answer_html
from bot.service.console.pages.export import export_buttons
from bot.service.console.staff import Role
from bot.service.console.tables import Table
from bot.service.records.daily import BEIJING

TITLE = "待答复问题"
ROLE: Role = "reader"
WRITER: Role = "editor"
ORDER = 25
PERIODS = [("近7天", 7), ("近14天", 14), ("近30天", 30)]
OPEN, MARKED = "待处理", "已处理"
GROUPS = ["主题", "次数", "近7天", "此前7天", "不满意", "有代表性的问法"]
QUESTIONS = ["问法", "次数", "不满意", "最近一次"]
EXPECTED = [
    ("能答：应引条款作答", "answered"),
    ("部分能答：其余应说文件未载明", "partial"),
    ("前提有误：应予纠正", "correct_premise"),
    ("文件没有：应说查不到", "unanswerable"),
    ("不该答：应婉拒", "refused"),
]
NONE_YET = "<p class='hint'>在上面的表里点一个主题，这里就列出它的各种问法和检索时最接近的条款。</p>"


def build(console: Console) -> None:
    folder = console.service.settings.data / "evaluation"
    chosen = gr.State([])  # the questions of the topic that is open
    with gr.Row():
        days = gr.Dropdown(PERIODS, value=14, label="期间", scale=1, min_width=120)
        which = gr.Radio([OPEN, MARKED], value=OPEN, label="范围", scale=2, min_width=220)
        wide = gr.Checkbox(False, label="连同答作“不在服务范围”的", scale=2, min_width=240)
    given = [days, which, wide]
    told = gr.Markdown(elem_id="unanswered-told")
    groups = gr.Dataframe(
        headers=GROUPS,
        interactive=False,
        label="主题（点一行看问法）",
        wrap=True,
        max_height=420,
        column_widths=["22%", "9%", "9%", "10%", "9%", "41%"],
        elem_id="unanswered-groups",
    )
    export_buttons(console, "unanswered", ROLE, lambda *wanted: [_table(_overview(console, *wanted))], given)
    title = gr.Markdown("### 问法", elem_id="unanswered-title")
    questions = gr.Dataframe(
        headers=QUESTIONS,
        interactive=False,
        label="问法（点一行选定一问）",
        wrap=True,
        max_height=320,
        column_widths=["58%", "12%", "12%", "18%"],
        elem_id="unanswered-questions",
    )
    nearest = gr.HTML(NONE_YET, elem_id="unanswered-near", apply_default_css=False)
    links = gr.HTML("", elem_id="unanswered-links", elem_classes="one-answer", apply_default_css=False)
    with gr.Row():
        note = gr.Textbox(label="说明（可不填）", max_length=200, scale=3)
        out = gr.Button("不在服务范围", scale=1)
        done = gr.Button("已处理", variant="primary", scale=1)
        back = gr.Button("放回待处理", scale=1)
    with gr.Accordion("收进评测题", open=False):
        question = gr.Textbox(label="问题（可以改写，请去掉个人信息）", max_length=300)
        with gr.Row():
            kind = gr.Dropdown(
                [(name, kind) for kind, name in evaluation.kinds().items()], value="content", label="类别"
            )
            expect = gr.Dropdown(EXPECTED, value="answered", label="应当怎样答")
        with gr.Row():
            clauses = gr.Textbox(label="应引条款（每行一条，如 三、(三)8. 或 专利法 第六条）", lines=2)
            required = gr.Textbox(label="答案必须含有的原文（每行一处）", lines=2)
            units = gr.Textbox(label="应列出的责任单位（每行一个）", lines=2)
        why = gr.Textbox(label="为什么收进来", max_length=200)
        add = gr.Button("收进评测题")
    shown = [groups, told, chosen, title, questions, nearest, links]

    def listed(days: int, which: str, wide: bool, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        return _listed(console, days, which, wide)

    def opened(days: int, which: str, wide: bool, picked: gr.SelectData, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        found = _overview(console, days, which, wide).groups
        name = picked.row_value[0]
        group = next(
            (each for each in found if each.topic.name == name and each.questions[0].question == picked.row_value[-1]),
            None,
        )
        return _opened(console, group)

    def one(open_: list[list[str]], picked: gr.SelectData, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        text = str(picked.row_value[0])
        id_ = next((latest for each, latest in open_ if each == text), "")
        found = near(console.service.records, console.service.pipeline.store, [id_])
        return [_near_html(found), answer_html(console, id_), text, "\n".join(_reference(each) for each in found[:1])]

    def decided(decision: Decision | None, action: str) -> Any:
        def decide(
            days: int, which: str, wide: bool, open_: list[list[str]], note: str, request: gr.Request
        ) -> list[Any]:
            person = console.require(request, WRITER)
            if not open_:
                raise gr.Error("请先在表里点一个主题。", title="没有选定主题", print_exception=False)
            texts, records = [text for text, _ in open_], console.service.records
            if decision:
                mark(records, texts, decision, note.strip(), person.name)
            else:
                unmark(records, texts)
            console.audit.note(person.name, action, open_[0][1], questions=len(texts), note=note.strip())
            gr.Info(f"{len(texts)}种问法已标为“{action}”。" if decision else f"{len(texts)}种问法已放回待处理。")
            return _listed(console, days, which, wide)

        return decide

    def promoted(
        question: str, kind: str, expect: str, clauses: str, required: str, units: str, why: str, request: gr.Request
    ) -> str:
        person = console.require(request, WRITER)
        named, words, bodies = (tuple(each.splitlines()) for each in (clauses, required, units))
        try:
            id_ = evaluation.promote(folder, Promoted(question, kind, expect, named, words, bodies, why), person.name)
        except BotError as error:
            raise gr.Error(str(error), title="没有收进", print_exception=False) from error
        console.audit.note(person.name, "收进评测题", id_, kind=kind, expect=expect)
        gr.Info(f"已收进，编号 {id_}。到“评测”页运行“帮助台收进的题”，就能看到现在答得怎样。")
        return ""

    tab().select(listed, given, shown, api_name="unanswered_opened")
    days.change(listed, given, shown, api_name="unanswered_days")
    which.change(listed, given, shown, api_name="unanswered_which")
    wide.change(listed, given, shown, api_name="unanswered_wide")
    groups.select(
        opened, given, [chosen, title, questions, nearest, links, question, clauses], api_name="unanswered_topic"
    )
    questions.select(one, [chosen], [nearest, links, question, clauses], api_name="unanswered_question")
    for button, decision, action in (
        (out, "out_of_scope", "不在服务范围"),
        (done, "settled", "已处理"),
        (back, None, "放回待处理"),
    ):
        name = f"unanswered_{decision or 'back'}"
        button.click(decided(decision, action), [*given, chosen, note], shown, api_name=name)  # type: ignore[arg-type]
    add.click(
        promoted, [question, kind, expect, clauses, required, units, why], question, api_name="unanswered_promote"
    )


def _overview(console: Console, days: int, which: str, wide: bool) -> Overview:
    store = console.service.pipeline.store
    statuses = {*UNANSWERED, OUT_OF_SCOPE} if wide else UNANSWERED
    period = Period.days_until(today(), int(days))
    return unanswered(console.service.records, period, store.embedder.embed, store.segmenter, statuses, which == MARKED)


def _listed(console: Console, days: int, which: str, wide: bool) -> list[Any]:
    overview = _overview(console, days, which, wide)
    asked = sum(group.asked for group in overview.groups)
    told = f"共{len(overview.groups)}个主题，{asked}次提问。" if asked else "这段时间没有这样的问题。"
    if overview.left_out:
        told += f"另有{overview.left_out}次提问问法很零散，没有列入。"
    return [_table(overview).rows, told, [], "### 问法", [], NONE_YET, ""]


def _table(overview: Overview) -> Table:
    rows = [
        (group.topic.name, group.asked, group.recent, group.earlier, group.disliked, group.questions[0].question)
        for group in overview.groups
    ]
    return Table("待答复问题", tuple(GROUPS), rows)


def _opened(console: Console, group: Group | None) -> list[Any]:
    if group is None:
        return [[], "### 问法", [], NONE_YET, "", "", ""]
    found = near(console.service.records, console.service.pipeline.store, group.latest)
    rows = [[each.question, each.asked, each.disliked, _when(console, each.latest)] for each in group.questions[:50]]
    first = group.questions[0]
    return [
        [[each.question, each.latest] for each in group.questions],
        f"### {group.topic.name}",
        rows,
        _near_html(found),
        answer_html(console, first.latest),
        first.question,
        "\n".join(_reference(each) for each in found[:1]),
    ]


def _when(console: Console, id_: str) -> str:
    found = detail(console.service.records, id_)
    return f"{found.asked.at + BEIJING:%m-%d %H:%M}" if found else ""


def _near_html(found: tuple[Near, ...]) -> str:
    if not found:
        return "<p class='hint'>检索没有找到接近的条款，或者这些条款已不在索引里。</p>"
    items = "".join(
        f"<li><a href='{escape(href(each.clause.document, each.clause.span))}' target='_blank' rel='noopener'>"
        f"《{escape(each.clause.document.title)}》{escape(each.clause.ref)}</a>（分值 {each.score:.2f}）"
        f"<p>{escape(each.text)}</p></li>"
        for each in found
    )
    return f"<h4>检索时最接近的条款</h4><ol class='near'>{items}</ol>"


def _reference(found: Near) -> str:
    """As the evaluation names a clause."""
    document = found.clause.document
    return found.clause.ref if document.primary else f"{document.work} {found.clause.ref}"
