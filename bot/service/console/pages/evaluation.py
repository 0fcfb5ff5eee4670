"""
Run the evaluation, watch it, compare two runs, and open a question that changed in the search tester.

    调试题 | 1,695 问 | 答对 94.0%   →   1,695 问 | 答对 94.3%：错改对 9 题，对改错 4 题；分不出是不是偶然
"""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from bot.errors import BotError
from bot.service.console.console import Console, tab
from bot.service.console.insight import evaluation
from bot.service.console.insight.evaluation import Changed, Runs, RunState
from bot.service.console.pages.export import export_buttons
from bot.service.console.staff import Role
from bot.service.console.tables import Table
from bot.service.records.daily import BEIJING
from bot.service.words import STATUS_LABELS

TITLE = "评测"
ROLE: Role = "reader"
RUNNER: Role = "editor"
ORDER = 65
LOOK = 2.0  # seconds between two looks at a run
STATES = {"running": "正在运行", "done": "已完成", "failed": "没有完成", "stopped": "已中止"}
RUNS = ["编号", "题集", "状态", "已问", "答对", "谁运行的", "开始时间"]
FIGURES = ["指标", "前一次", "后一次", "差"]
PROMOTED = ["编号", "问题", "应当", "应引条款", "说明"]
SETS = {"dev": "调试题", "console": "帮助台收进的题"}


def build(console: Console) -> None:
    folder = console.service.settings.data / "evaluation"
    runs = Runs(folder, console.service.settings.store)
    gr.Markdown(
        "评测用现在的索引回答题集里的每一题，按标准答案打分。它在后台慢慢跑，不影响对外答复；调试题约需几分钟。"
    )
    with gr.Row():
        questions = gr.Dropdown([], label="题集", scale=3)
        start = gr.Button("运行", variant="primary", scale=1)
        stop = gr.Button("中止", scale=1)
    told = gr.Markdown(elem_id="evaluation-told")
    table = gr.Dataframe(
        headers=RUNS,
        interactive=False,
        label="运行过的评测（新的在前）",
        wrap=True,
        max_height=320,
        column_widths=["22%", "14%", "12%", "11%", "9%", "12%", "20%"],
    )
    gr.Markdown("### 比较两次")
    with gr.Row():
        before = gr.Dropdown([], label="前一次", scale=2)
        after = gr.Dropdown([], label="后一次", scale=2)
        compare = gr.Button("比较", scale=1)
    verdict = gr.Markdown(elem_id="evaluation-verdict")
    figures = gr.Dataframe(
        headers=FIGURES,
        interactive=False,
        label="各项指标",
        wrap=True,
        max_height=420,
        column_widths=["49%", "17%", "17%", "17%"],
    )
    changed = gr.HTML("", elem_id="evaluation-changed", apply_default_css=False)
    gr.Markdown("### 帮助台收进的题")
    added = gr.Dataframe(
        headers=PROMOTED,
        interactive=False,
        label="在“待答复问题”页收进",
        wrap=True,
        max_height=420,
        column_widths=["18%", "34%", "10%", "16%", "22%"],
    )
    export_buttons(
        console, "evaluation", ROLE, lambda: [Table("帮助台收进的题", tuple(PROMOTED), _promoted(console))], []
    )
    clock = gr.Timer(LOOK, active=False)
    shown = [questions, table, before, after, added, told, clock]

    def opened(request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        found, offered = runs.list(), evaluation.sets(folder)
        done = [
            (f"{_set(run)} · {run.started + BEIJING:%m-%d %H:%M} · {_correct(run)}", run.name)
            for run in found
            if run.state == "done"
        ]
        chosen = [name for _, name in done[:2]]
        return [
            gr.Dropdown(list(offered.items()), value=next(iter(offered.values()), None)),
            _rows(found),
            gr.Dropdown(done, value=chosen[1] if len(chosen) > 1 else None),
            gr.Dropdown(done, value=chosen[0] if chosen else None),
            _promoted(console),
            _told(found),
            gr.Timer(active=_running(found)),
        ]

    def started(questions: str, request: gr.Request) -> list[Any]:
        person = console.require(request, RUNNER)
        try:
            name = runs.start(questions or "", person.name)
        except BotError as error:
            raise gr.Error(str(error), title="没有开始", print_exception=False) from error
        console.audit.note(person.name, "运行评测", name)
        return [_rows(runs.list()), _told(runs.list()), gr.Timer(active=True)]

    def stopped(request: gr.Request) -> list[Any]:
        person = console.require(request, RUNNER)
        runs.stop()
        console.audit.note(person.name, "中止评测")
        return [_rows(runs.list()), _told(runs.list())]

    def looked(request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        found = runs.list()
        return [_rows(found), _told(found), gr.Timer(active=_running(found))]

    def put_side_by_side(before: str, after: str, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        try:
            pair = evaluation.compared(folder, before or "", after or "")
        except BotError as error:
            raise gr.Error(str(error), title="不能比较", print_exception=False) from error
        questions = next((run.questions for run in runs.list() if run.name == after), "")
        return [pair.verdict, [list(row) for row in pair.figures], _changed_html(pair.changed, questions)]

    tab().select(opened, None, shown, api_name="evaluation_opened")
    start.click(started, questions, [table, told, clock], api_name="evaluation_start")
    stop.click(stopped, None, [table, told], api_name="evaluation_stop")
    clock.tick(looked, None, [table, told, clock], api_name="evaluation_looked", show_progress="hidden")
    compare.click(put_side_by_side, [before, after], [verdict, figures, changed], api_name="evaluation_compare")


def _running(found: list[RunState]) -> bool:
    return any(run.state == "running" for run in found)


def _told(found: list[RunState]) -> str:
    """How far the run is that is under way, or how the last one ended."""
    if not found:
        return "还没有运行过评测。"
    last = found[0]
    if last.state == "running":
        return f"正在运行“{_set(last)}”：已问 {last.asked}/{last.total or '—'}。"
    if last.state == "failed":
        return f"最近一次没有完成：{escape(last.told)}"
    return f"最近一次“{_set(last)}”{STATES[last.state]}，答对 {_correct(last)}。"


def _rows(found: list[RunState]) -> list[list[str]]:
    return [
        [
            run.name,
            _set(run),
            STATES[run.state],
            f"{run.asked}/{run.total}" if run.total else "—",
            _correct(run),
            run.who,
            f"{run.started + BEIJING:%Y-%m-%d %H:%M}",
        ]
        for run in found
    ]


def _set(run: RunState) -> str:
    return SETS.get(run.questions, run.questions)


def _correct(run: RunState) -> str:
    return "—" if run.correct is None else f"{run.correct:.1%}"


def _promoted(console: Console) -> list[list[str]]:
    rows = evaluation.promoted_questions(console.service.settings.data / "evaluation")
    names = {
        "answered": "能答",
        "partial": "部分能答",
        "correct_premise": "纠正",
        "unanswerable": "说查不到",
        "refused": "婉拒",
    }
    return [
        [row["id"], row["question"], names[row["expect"]], "、".join(row["clauses"]), row["note"]]
        for row in reversed(rows)
    ]


def _changed_html(changed: tuple[Changed, ...], questions: str) -> str:
    """What changed, each with a way into the search tester; only the question's number stands in the address."""
    if not changed:
        return "<p class='hint'>没有题的对错发生变化。</p>"
    rows = "".join(
        f"<tr><td>{'错改对' if each.mended else '对改错'}</td><td>{escape(each.id)}</td>"
        f"<td>{escape(each.question)}</td>"
        f"<td>{escape(_status(each.before))} → {escape(_status(each.after))}</td>"
        f"<td><a href='/console/?set={escape(questions)}&amp;item={escape(each.id)}'>在检索测试中打开</a></td></tr>"
        for each in changed
    )
    heads = "".join(f"<th scope='col'>{name}</th>" for name in ("变化", "编号", "问题", "答复", "查看"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _status(status: str) -> str:
    names: dict[str, str] = {"answered": "已作答", "clarification": "请提问人补充", "": "—"}
    names |= {str(known): name for known, name in STATUS_LABELS.items()}
    return names.get(status, status)
