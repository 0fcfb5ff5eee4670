"""
Why a clause was found, and why it was used or not: one question under two settings, side by side.

    瞪羚企业归哪个局  ->  1. 三、(三)8. 融合 0.67｜向量第1（0.71）｜字面第1（0.83）｜引用[1]   2. …
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, cast

import gradio as gr

from bot.errors import BotError
from bot.service.api.replies import href
from bot.service.console.console import Console, tab
from bot.service.console.insight import evaluation
from bot.service.console.insight.questions import detail
from bot.service.console.insight.trace import As, Found, Trace, Way, known_documents, trace
from bot.service.console.staff import Role
from bot.service.words import STATUS_LABELS

TITLE = "检索测试"
ROLE: Role = "reader"
ORDER = 55
WAYS = [("向量和字面一起（现用）", "hybrid"), ("只用向量", "dense"), ("只用字面", "lexical")]
ALL = "全部文件"
SIDES = ("甲", "乙")
LONGEST = 300  # characters of a question, as everywhere
Side = tuple[str, str, bool, bool, int]  # way, document, scoped, rerank, top: the settings of one side


def build(console: Console) -> None:
    question = gr.Textbox(label="问题", max_length=LONGEST, placeholder="输入一个问题，回车", elem_id="tester-question")
    given: list[Any] = [question]
    shown: list[Any] = []
    papers: list[gr.Dropdown] = []
    with gr.Row(elem_id="tester-sides"):
        for place, side in enumerate(SIDES):
            with gr.Column(min_width=300):
                gr.Markdown(f"### 设置{side}")
                way = gr.Dropdown(WAYS, value=("hybrid", "lexical")[place], label="检索方式")
                document = gr.Dropdown([(ALL, "")], value="", label="只查一份文件")
                with gr.Row():
                    scoped = gr.Checkbox(True, label="略去已失效和不适用的文件", min_width=200)
                    rerank = gr.Checkbox(True, label="重排（设了重排模型时）", min_width=160)
                top = gr.Slider(5, 100, 20, step=5, label="列出前几段")
                given += [way, document, scoped, rerank, top]
                papers.append(document)
    search = gr.Button("检索", variant="primary", elem_id="tester-search")
    with gr.Row():
        for side in SIDES:
            with gr.Column(min_width=300):
                shown.append(
                    gr.HTML(
                        "", elem_id=f"tester-{SIDES.index(side)}", elem_classes="tester-side", apply_default_css=False
                    )
                )

    def searched(
        question: str,
        way: str,
        document: str,
        scoped: bool,
        rerank: bool,
        top: int,
        other_way: str,
        other_document: str,
        other_scoped: bool,
        other_rerank: bool,
        other_top: int,
        request: gr.Request,
    ) -> list[str]:
        console.require(request, ROLE)
        if not (question or "").strip():
            raise gr.Error("请先输入一个问题。", title="没有问题", print_exception=False)
        other = (other_way, other_document, other_scoped, other_rerank, other_top)
        return _both(console, question, (way, document, scoped, rerank, top), other)

    def searched_on_arrival(
        question: str,
        way: str,
        document: str,
        scoped: bool,
        rerank: bool,
        top: int,
        other_way: str,
        other_document: str,
        other_scoped: bool,
        other_rerank: bool,
        other_top: int,
        request: gr.Request,
    ) -> list[Any]:
        console.require(request, ROLE)
        if not (question or "").strip():
            return [gr.skip(), gr.skip()]
        other = (other_way, other_document, other_scoped, other_rerank, other_top)
        return _both(console, question, (way, document, scoped, rerank, top), other)

    def opened(request: gr.Request) -> list[Any]:
        """The papers there are now."""
        console.require(request, ROLE)
        with console.service.pipeline.in_use() as pipeline:
            choices = [(ALL, ""), *known_documents(pipeline).items()]
        return [gr.Dropdown(choices) for _ in papers]

    def arrived(request: gr.Request) -> list[Any]:
        """Whoever comes with ?test=… from another page finds that question here."""
        console.require(request, ROLE)
        text = _asked(console, {name: str(value) for name, value in request.query_params.items()})
        return [text, gr.Tabs(selected="search_tester")] if text else [gr.skip(), gr.skip()]

    search.click(searched, given, shown, api_name="search_tester_search")
    question.submit(searched, given, shown, api_name="search_tester_submit")
    here = tab()
    here.select(opened, None, papers, api_name="search_tester_opened")
    page: Any = gr.context.Context.root_block
    outputs: list[Any] = [question, here.parent]
    page.load(arrived, None, outputs, api_name="search_tester_arrived").then(
        searched_on_arrival, given, shown, api_name="search_tester_searched"
    )


def _both(console: Console, question: str, *sides: Side) -> list[str]:
    try:
        with console.service.pipeline.in_use() as pipeline:
            return [
                _html(trace(pipeline, question[:LONGEST], As(cast("Way", way), rerank, scoped, document), int(top)))
                for way, document, scoped, rerank, top in sides
            ]
    except BotError as error:
        raise gr.Error(str(error), title="没有检索成", print_exception=False) from error


def _asked(console: Console, given: dict[str, str]) -> str:
    """The question that an address names: ?test=the id of an answer, or ?set=dev&item=the id of a question."""
    if id_ := given.get("test"):
        found = detail(console.service.records, id_)
        return found.asked.question if found else ""
    if given.get("set") and given.get("item"):
        folder = Path(console.service.settings.data) / "evaluation"
        return evaluation.question_of(folder, given["set"], given["item"])
    return ""


def _html(found: Trace) -> str:
    terms = "、".join(f"{term.text}（{term.weight:.2f}）" for term in found.query.terms) or "无"
    status = STATUS_LABELS.get(found.answer.status, "已作答")
    understood = (
        ""
        if found.query.understood == found.query.asked
        else f"<dt>理解为</dt><dd>{escape(found.query.understood)}</dd>"
    )
    named = "、".join(sorted(found.query.scope.named))
    scope = f"<dt>点名的文件</dt><dd>{escape(named)}</dd>" if named else ""
    rows = "".join(map(_row, found.found)) or "<tr><td colspan='3'>没有找到。</td></tr>"
    return (
        f"<dl>{understood}<dt>检索词（权重）</dt><dd>{escape(terms)}</dd>{scope}"
        f"<dt>结果</dt><dd>{escape(status)}</dd><dt>答复</dt><dd class='reply'>{escape(found.answer.text)}</dd></dl>"
        f"<p class='hint'>共找到{found.total}段，检索用时{found.milliseconds:.0f}毫秒。</p>"
        "<table><thead><tr><th scope='col'>位次</th><th scope='col'>条款和原文</th>"
        "<th scope='col'>怎么来的</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(each: Found) -> str:
    document = each.clause.document
    flags = f"<em>{escape('、'.join(each.flags))}</em>" if each.flags else ""
    moved = f"<li>重排后第{each.reranked}（融合第{each.fused}）</li>" if each.reranked else ""
    return (
        f"<tr class='{'used' if each.used else 'unused'}'><td>{each.place}</td>"
        f"<td><a href='{escape(href(document, each.clause.span))}' target='_blank' rel='noopener'>"
        f"《{escape(document.title)}》{escape(each.clause.ref)}</a>{flags}<p>{escape(each.text)}</p></td>"
        f"<td><ul><li>融合分 {each.score:.3f}</li><li>向量 {_side(each.dense_rank, each.similarity)}</li>"
        f"<li>字面 {_side(each.lexical_rank, each.bm25)}</li>{moved}</ul><b>{escape(each.outcome)}</b></td></tr>"
    )


def _side(rank: int | None, score: float | None) -> str:
    return f"第{rank}（{score:.3f}）" if rank and score is not None else "没有找到"
