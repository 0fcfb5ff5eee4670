"""
Curated answers (人工审定) for editors, who write them, and reviewers, who publish them.

    /console/?curate=01J…   the form, filled from the answer 01J…

    瞪羚企业认定需要哪些材料？ | 生效 | 李敏 | 市民营经济局 | 2027-11-24
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from html import escape
from typing import Any, cast

import gradio as gr
from gradio.context import Context

from bot.answering.pipeline import Pipeline
from bot.errors import BotError
from bot.service.citation_html import source_line
from bot.service.console.console import Console, tab
from bot.service.console.staff import Person, Role
from bot.service.curated.conflicts import Conflicts, conflicts
from bot.service.curated.entries import STATE_NAMES, Draft, Entry, Quoted, checked, publishable
from bot.service.curated.live import composed, resolve
from bot.service.curated.prefill import offered, prefill
from bot.types import Answer, Query

TITLE = "人工审定"
ROLE: Role = "editor"
PUBLISHES: Role = "reviewer"
ORDER = 20

NAMED = "() => new URLSearchParams(location.search).get('curate') || ''"
ALL = "全部"
HEADERS = ["问题", "状态", "负责人", "审定单位", "有效期至", "编号"]
SHOWN = 60  # characters of a clause in the list of those to choose from
HINT = "答复里用 [1]、[2] 标明依据第几条；一行一句。没有标号的，默认依据全部所选条款。"
PUBLISHED = "已发布，一秒内生效。"
SAVED = "已存为草稿，尚未对外答复；由审核人员发布后生效。"
REPLACED = "已存为草稿；原来生效的答复随之停止，由审核人员重新发布后生效。"
RETIRED = "已停用，一秒内不再对外答复。"
LOOK_AGAIN = "请核对下面列出的冲突；确认无误的，勾选“已核对冲突，仍然发布”后再点“发布”。"


def build(console: Console) -> None:
    entries = console.service.curated.entries
    named = gr.Textbox("", visible="hidden", label="答复编号")  # what the address asks to be filled in
    notice = gr.HTML("", elem_id="curated-notice", apply_default_css=False)
    with gr.Row(elem_id="curated-filter"):
        state = gr.Dropdown([ALL, *STATE_NAMES.values()], value=ALL, label="状态", scale=1)
        owner = gr.Dropdown([ALL], value=ALL, label="负责人", scale=1)
        new = gr.Button("新建", scale=0, min_width=120)
    table = gr.Dataframe(
        headers=HEADERS, interactive=False, label="人工审定答复（点一行打开）", wrap=True, elem_id="curated-list"
    )
    id_, version, source = gr.State(""), gr.State(0), gr.State("")
    standing = gr.Markdown("", elem_id="curated-standing")
    question = gr.Textbox(label="问题", max_lines=3, elem_id="curated-question")
    with gr.Row():
        variants = gr.Textbox(label="同义问法（一行一条）", lines=3, max_lines=12)
        negatives = gr.Textbox(label="相似但不同的问题（一行一条，不用本答复）", lines=3, max_lines=12)
    text = gr.Textbox(label="答复", info=HINT, lines=5, max_lines=20, elem_id="curated-text")
    cited = gr.CheckboxGroup([], label="依据（按勾选先后编号）", elem_id="curated-cited")
    with gr.Row():
        words = gr.Textbox(label="查找条款", placeholder="输入要找的内容，回车查找", scale=4)
        find = gr.Button("查找", scale=0, min_width=120)
    with gr.Row():
        unit = gr.Textbox(label="审定单位", scale=2)
        keeper = gr.Textbox(label="负责人", info="到期或者依据有变时提醒", scale=2)
        start = gr.Textbox(label="有效期起", placeholder="2026-01-01", scale=1)
        end = gr.Textbox(label="有效期至", placeholder="2026-12-31", scale=1)
    with gr.Row(elem_id="curated-actions"):
        look = gr.Button("预览并检查冲突")
        save = gr.Button("存为草稿")
        publish = gr.Button("发布", variant="primary", elem_id="curated-publish")
    sure = gr.Checkbox(False, label="已核对冲突，仍然发布", visible=False, elem_id="curated-sure")
    told = gr.HTML("", elem_id="curated-told", apply_default_css=False)
    with gr.Accordion("停用", open=False):
        reason = gr.Textbox(label="停用原因")
        retire = gr.Button("停用这条答复", variant="stop")

    form = [id_, version, source, standing, question, variants, negatives, text, cited, unit, keeper, start, end]
    filled = [id_, source, question, variants, negatives, text, cited, unit, keeper, start, end]
    lists = [notice, owner, table]
    after = [sure, told]

    def listed(person: Person, wanted: str = ALL, of: str = ALL) -> list[Any]:
        names = {name: key for key, name in STATE_NAMES.items()}
        found = entries.chosen(names.get(wanted), "" if of in (ALL, None) else of)
        owners = gr.Dropdown([ALL, *entries.owners()], value=of or ALL)
        return [notice_html(entries.attention(person.name)), owners, [row(entry) for entry in found]]

    def shown(entry: Entry) -> list[Any]:
        draft = entry.draft
        stands = f"**{STATE_NAMES[entry.state]}** · 第{entry.version}版 · {entry.changed_by} 修改"
        stands += f" · {entry.published_by} 发布" if entry.published_by else ""
        stands += f"\n\n{entry.reason}" if entry.reason else ""
        return [entry.id, entry.version, draft.source, stands, *fields(draft, draft.citations)]

    def opened(wanted: str, of: str, request: gr.Request) -> list[Any]:
        return listed(console.require(request, ROLE), wanted, of)

    def emptied(request: gr.Request) -> list[Any]:
        person = console.require(request, ROLE)
        return ["", 0, "", "", *fields(Draft("", "", owner=person.name), ()), *settled()]

    def chosen(event: gr.SelectData, request: gr.Request) -> list[Any]:
        console.require(request, ROLE)
        entry = entries.get(str(event.row_value[HEADERS.index("编号")]))
        if entry is None:
            raise refused("没有这条答复，请刷新列表。")
        return [*shown(entry), *settled()]

    def found(sought: str, kept: list[str], request: gr.Request) -> Any:
        console.require(request, ROLE)
        more = [choice(each) for each in offered(console.service, sought)]
        chosen_ones = [choice(_quoted(value)) for value in kept]
        return gr.CheckboxGroup(list(dict.fromkeys([*chosen_ones, *more])), value=kept)

    def previewed(request: gr.Request, *values: Any) -> list[Any]:
        console.require(request, ROLE)
        given = values
        with told_to_user(), console.service.pipeline.lent() as pipeline:
            draft = checked(drafted(*given[1:]))
            against = conflicts(draft, pipeline, console.service.curated, given[0] or None)
            return [gr.Checkbox(visible=against.weigh), preview_html(draft, against, pipeline)]

    def saved(request: gr.Request, *values: Any) -> list[Any]:
        person = console.require(request, ROLE)
        *given, wanted, of = values
        with told_to_user(), console.service.pipeline.lent() as pipeline:
            draft = checked(drafted(*given[1:]))
            against = conflicts(draft, pipeline, console.service.curated, given[0] or None)
            before = entries.get(given[0]) if given[0] else None
            entry = entries.save(draft, person.name, given[0] or None)
            console.service.curated.look()
            told_html = message_html(REPLACED if before and before.state == "live" else SAVED) + preview_html(
                draft, against, pipeline
            )
            return [*listed(person, wanted, of), *shown(entry), gr.Checkbox(False, visible=against.weigh), told_html]

    def published(request: gr.Request, *values: Any) -> list[Any]:
        person = console.require(request, PUBLISHES)
        *given, seen, agreed, wanted, of = values
        with told_to_user(), console.service.pipeline.lent() as pipeline:
            draft = checked(drafted(*given[1:]))
            publishable(draft)
            against = conflicts(draft, pipeline, console.service.curated, given[0] or None)
            if against.lost:
                raise refused(against.lost)
            if against.weigh and not agreed:
                html = message_html(LOOK_AGAIN) + preview_html(draft, against, pipeline)
                unchanged = [gr.skip() for _ in (*lists, *form)]
                return [*unchanged, gr.Checkbox(False, visible=True), html]
            before = entries.get(given[0]) if given[0] else None
            if before and before.version != seen:
                raise refused("这条答复刚被别人改过，请重新打开核对后再发布。")
            entry = entries.save(draft, person.name, given[0] or None)
            entry = entries.publish(entry.id, person.name, entry.version)
            console.service.curated.look()
            html = message_html(PUBLISHED) + preview_html(draft, replace(against, same=()), pipeline)
            return [*listed(person, wanted, of), *shown(entry), gr.Checkbox(False, visible=False), html]

    def retired(one: str, why: str, wanted: str, of: str, request: gr.Request) -> list[Any]:
        person = console.require(request, PUBLISHES)
        with told_to_user():
            entry = entries.retire(one or "", person.name, why or "")
        console.service.curated.look()
        return [*listed(person, wanted, of), *shown(entry), gr.Checkbox(False, visible=False), message_html(RETIRED)]

    def arrived(answer: str, request: gr.Request) -> list[Any]:
        """Filled from the answer that the address names."""
        person = console.require(request, ROLE)
        if not answer:
            return [gr.skip() for _ in (tabs, *lists, *form, *after)]
        with told_to_user():
            draft = replace(prefill(console.service, answer), owner=person.name)
        more = offered(console.service, draft.question)
        filled_in = ["", 0, answer, "", *fields(draft, (*draft.citations, *more))]
        return [gr.Tabs(selected="curated"), *listed(person), *filled_in, *settled()]

    tabs = cast("gr.Tabs", tab().parent)
    tab().select(opened, [state, owner], lists, api_name="curated_opened")
    for each, name in ((state, "state"), (owner, "owner")):
        each.input(opened, [state, owner], lists, api_name=f"curated_filter_{name}")
    new.click(emptied, outputs=[*form, *after], api_name="curated_new")
    table.select(chosen, None, [*form, *after], api_name="curated_chosen")
    find.click(found, [words, cited], cited, api_name="curated_find")
    words.submit(found, [words, cited], cited, api_name="curated_find_words")
    look.click(previewed, filled, after, api_name="curated_preview")
    save.click(saved, [*filled, state, owner], [*lists, *form, *after], api_name="curated_save")
    inputs = [*filled, version, sure, state, owner]
    publish.click(published, inputs, [*lists, *form, *after], api_name="curated_publish")
    retire.click(retired, [id_, reason, state, owner], [*lists, *form, *after], api_name="curated_retire")
    page = cast("gr.Blocks", Context.root_block)
    page.load(None, outputs=named, js=NAMED)
    named.change(arrived, named, [tabs, *lists, *form, *after], api_name="curated_arrived", show_progress="hidden")


def fields(draft: Draft, choices: Sequence[Quoted]) -> list[Any]:
    """The draft as the form shows it."""
    return [
        draft.question,
        "\n".join(draft.variants),
        "\n".join(draft.negatives),
        draft.text,
        gr.CheckboxGroup(
            list(dict.fromkeys(map(choice, choices))), value=[choice(each)[1] for each in draft.citations]
        ),
        draft.unit,
        draft.owner,
        str(draft.valid_from or ""),
        str(draft.valid_to or ""),
    ]


def settled() -> list[Any]:
    """Nothing told yet."""
    return [gr.Checkbox(False, visible=False), ""]


def drafted(
    source: str,
    question: str,
    variants: str,
    negatives: str,
    text: str,
    cited: list[str],
    unit: str,
    owner: str,
    start: str,
    end: str,
) -> Draft:
    """What the form holds. Raises gradio.Error for a date that is none."""
    return Draft(
        question,
        text,
        tuple(map(_quoted, cited or ())),
        tuple(variants.splitlines()),
        tuple(negatives.splitlines()),
        owner.strip(),
        unit,
        day(start),
        day(end),
        source,
    )


def day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed and typed.strip() else None
    except ValueError:
        raise refused(f"“{typed.strip()}”不是日期，请写成2026-12-31这样。") from None


def choice(each: Quoted) -> tuple[str, str]:
    """What is shown of a clause to stand on, and its value."""
    words = each.quote if len(each.quote) <= SHOWN else f"{each.quote[:SHOWN]}……"
    return f"{each.ref} {words}", json.dumps(asdict(each), ensure_ascii=False)


def row(entry: Entry) -> list[str]:
    draft = entry.draft
    return [draft.question, STATE_NAMES[entry.state], draft.owner, draft.unit, str(draft.valid_to or "长期"), entry.id]


def notice_html(attention: Sequence[Entry]) -> str:
    """What the reader is to look after."""
    if not attention:
        return ""
    items = "".join(f"<li>{escape(entry.draft.question)}：{escape(entry.reason)}</li>" for entry in attention)
    head = f"<p>您负责的{len(attention)}条答复已不再对外提供：</p>"
    return f'<div class="curated-notice" role="status">{head}<ul>{items}</ul></div>'


def message_html(sentence: str) -> str:
    return f'<p class="curated-message" role="status">{escape(sentence)}</p>'


def preview_html(draft: Draft, against: Conflicts, pipeline: Pipeline) -> str:
    """What speaks against the answer, then the answer and the assistant's own side by side."""
    items = [
        f"“{escape(fault.said)}”{escape(fault.what)}"
        + (f"，所引条款是“{escape(fault.stated)}”" if fault.stated else "，所引条款没有")
        + f"（{escape(fault.line)}）"
        for fault in against.faults
    ]
    items += [
        f"另一条生效的答复也答这个问题：{escape(match.entry.draft.question)}（负责人{escape(match.entry.draft.owner)}）"
        for match in against.same
    ]
    items += [escape(against.lost)] if against.lost else []
    told = "".join(f"<li>{item}</li>" for item in items)
    head = f'<div class="curated-conflicts"><h3>冲突</h3><ul>{told}</ul></div>' if items else ""
    outlines = {outline.document.id: outline for outline in pipeline.store.outlines}
    cited = resolve(draft.citations, outlines)
    answer = composed(draft, cited, Query(draft.question, draft.question, ()))
    return (
        f'{head}<div class="curated-sides"><section><h3>发布后的答复</h3>{plain_html(answer)}</section>'
        f"<section><h3>系统自己的答复</h3>{plain_html(against.own)}</section></div>"
    )


def plain_html(answer: Answer) -> str:
    """An answer to be read, not to be used: whose words each sentence is, and the sources."""
    labels = ((sentence, answer.label(sentence)) for sentence in answer.sentences)
    lines = "".join(
        f"<p>{f'<b>{label}</b> ' if label else ''}{escape(sentence.numbered)}</p>" for sentence, label in labels
    )
    sources = "".join(f"<li>[{each.number}] {escape(source_line(each))}</li>" for each in answer.citations)
    return f"{lines}<ul>{sources}</ul>" if sources else lines


def refused(sentence: str) -> gr.Error:
    return gr.Error(sentence, title="不能这样做", print_exception=False)


class told_to_user:  # noqa: N801  (reads as a word)
    """A fault that staff can do something about becomes the sentence they see."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, BotError):
            raise refused(str(error)) from error


def _quoted(value: str) -> Quoted:
    return Quoted(**json.loads(value))
