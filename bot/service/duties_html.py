"""
Render who is responsible for what: a matrix of units and tasks as a picture, and the same as a table.

    Duties(units=("甲局", …), tasks=(三、(一)1., …), …)
        ->  <table class="matrix">… <td><button class="duty" data-block=…>…</td> …</table><table class="duties">…

Pure functions: a value in, a string out, everything escaped. Every dot opens its clause in the reader with the segments
marked whose bracket names the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from bot.answering import replies
from bot.answering.card import place_name
from bot.documents.duties import Duties, Duty, find_duties
from bot.service.document_html import place_attributes
from bot.types import Clause, Outline, Segment

SNIPPET = 36  # characters of a segment, enough to tell it from the others of its task
PLAIN_ROLE = "责任单位"


def duties_page_html(outlines: Sequence[Outline]) -> str:
    """Every document that names responsible units, one after the other; or a sentence where none does."""
    found = [duties for outline in outlines if (duties := find_duties(outline))]
    body = "".join(map(duties_html, found)) or f'<p class="pane-empty">{replies.NO_PLAN}</p>'
    return (
        f'<div class="responsibility" tabindex="0" role="region" aria-label="责任分工">{body}'
        '<div class="announcement" role="status" aria-live="polite"></div></div>'
    )


def duties_html(duties: Duties) -> str:
    """One document: how much there is, a filter by unit, the matrix and the table."""
    identifier = f"unit-{duties.outline.document.id}"
    segments = sum(bool(segment.units) for task in duties.tasks for segment in task.segments)
    options = "".join(
        f'<option value="{escape(unit)}">{escape(unit)}（{len(duties.by_unit[unit])}项）</option>'
        for unit in duties.units
    )
    return (
        f'<section class="duties-of"><h2>{escape(duties.outline.document.title)}</h2>'
        f"<p>列有责任单位的任务{len(duties.tasks)}项、{segments}段，涉及单位{len(duties.units)}个。"
        f"圆点表示该单位列在这项任务的责任单位中，数字是所列的段数；点击打开条款。{_roles_note(duties)}</p>"
        f'<label class="select" for="{escape(identifier)}">按单位查看</label>'
        f'<select id="{escape(identifier)}" class="unit-filter"><option value="">全部单位</option>{options}</select>'
        f"{_matrix_html(duties)}{_table_html(duties)}</section>"
    )


def _roles_note(duties: Duties) -> str:
    """What the text says of who leads; where it says nothing, that it does not."""
    if duties.roles == (PLAIN_ROLE,):
        return "原文只列“责任单位”，没有区分牵头和配合，这里也不作区分。"
    return f"原文区分{'、'.join(duties.roles)}，标在圆点中。"


def _matrix_html(duties: Duties) -> str:
    groups = [(name, list(tasks)) for name, tasks in groupby(duties.tasks, key=_section)]
    first = {tasks[0].span.start for _, tasks in groups}
    head = "".join(
        f'<th scope="colgroup" colspan="{len(tasks)}" class="section">{escape(name)}</th>' for name, tasks in groups
    )
    tasks = "".join(
        f'<th scope="col" class="task{_edge(task, first)}"><button type="button" '
        f"{place_attributes(task, task.span, task.units)}>{escape(_name(task))}</button></th>"
        for task in duties.tasks
    )
    rows = "".join(_row_html(unit, duties, first) for unit in duties.units)
    return (
        '<div class="matrix-scroll" tabindex="0" role="region" aria-label="单位与任务对照图，可左右滚动">'
        '<table class="matrix"><caption class="announcement">单位与任务对照图：行是责任单位，列是任务</caption><thead>'
        f'<tr><th scope="col" rowspan="2" class="unit">责任单位</th>{head}</tr><tr>{tasks}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row_html(unit: str, duties: Duties, first: set[int]) -> str:
    own = {duty.task.span.start: duty for duty in duties.by_unit[unit]}
    cells = "".join(
        f'<td class="cell{_edge(task, first)}">{_dot_html(own[task.span.start]) if task.span.start in own else ""}</td>'
        for task in duties.tasks
    )
    name = f'<div><span>{escape(unit)}</span><span class="count" aria-hidden="true">{len(own)}</span></div>'
    return f'<tr data-unit="{escape(unit)}"><th scope="row" class="unit">{name}</th>{cells}</tr>'


def _dot_html(duty: Duty) -> str:
    """A dot that opens the task with the unit's segments marked; it shows their number, or the role the text names."""
    spans = [segment.span for segment in duty.segments]
    named = [role for role in duty.roles if role != PLAIN_ROLE]
    units = duty.segments[0].units if len(spans) == 1 else (duty.unit,)  # never one bracket's units for another's text
    told = "、".join(named) or f"{len(spans)}段"
    shown = named[0][0] if named else str(len(spans))
    label = escape(f"{duty.unit}：{_name(duty.task)}，{told}，打开条款")
    attributes = place_attributes(duty.task, spans[0], units, marks=spans)
    return f'<button type="button" class="duty" aria-label="{label}" {attributes}>{shown}</button>'


def _table_html(duties: Duties) -> str:
    body = []
    for name, tasks in groupby(duties.tasks, key=_section):
        body.append(f'<tbody><tr class="section"><th scope="rowgroup" colspan="3">{escape(name)}</th></tr>')
        body += (_duty_row(task, segment) for task in tasks for segment in task.segments if segment.units)
        body.append("</tbody>")
    return (
        '<h3>责任分工表</h3><table class="duty-table"><thead><tr><th scope="col">任务</th><th scope="col">内容</th>'
        f'<th scope="col">责任单位</th></tr></thead>{"".join(body)}</table>'
    )


def _duty_row(task: Clause, segment: Segment) -> str:
    spoken = segment.body_span.of(task.document.text).removeprefix(_name(task)).lstrip("。")
    shown = spoken if len(spoken) <= SNIPPET else f"{spoken[:SNIPPET]}…"
    attributes = place_attributes(task, segment.span, segment.units, marks=[segment.span])
    units = "、".join(segment.units)
    return (
        f'<tr data-units="{escape(chr(10).join(segment.units))}"><th scope="row">{escape(_name(task))}</th>'
        f'<td><button type="button" class="open" {attributes}>'
        f"{escape(shown)}</button></td><td>{escape(units)}</td></tr>"
    )


def _section(task: Clause) -> str:
    """The heading above a task, under which it is grouped."""
    return task.path[-2] if len(task.path) > 1 else ""


def _name(task: Clause) -> str:
    """10.丰富应用场景供给"""
    return task.path[-1] if task.path else place_name(task)


def _edge(task: Clause, first: set[int]) -> str:
    return " edge" if task.span.start in first else ""
