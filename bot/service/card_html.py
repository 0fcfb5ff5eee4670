"""
Render an answer card as HTML and as the text that is copied.

    Card(conclusion=(Line("…，以主管部门审核为准。"),), support=(Line("…", (2,), label="三、(五)14.…"),), …)
        ->  <dl class="card-fields"><div class="field"><dt>结论</dt><dd><p class="note">…</p></dd></div>…</dl>

Pure functions: a card in, a string out, everything escaped. Long fields fold; what is folded is printed all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import groupby

from bot.service.citation_html import copy_html, number_html, source_line, sources_html
from bot.service.words import CARD_NAME, CARD_NOTICE
from bot.types import KIND_LABELS, Card, Citation, Line

UNFOLDED = 4  # lines of a field that are shown at once
FOLDED_WHOLE = frozenset({"原文"})
NEVER_FOLDED = frozenset({"结论", "依据", "条件/例外", "下一步"})
ONE_EACH = frozenset(
    {"依据", "责任单位"}
)  # fields whose lines each have a label of their own, short enough to go before
PRINT = '<button type="button" class="print">打印</button>'


def card_html(card: Card) -> str:
    """The card as an article of its own, with its sources, the notice, and buttons to copy and print it."""
    return (
        f'<article class="answer card" aria-label="{CARD_NAME}"><h2 class="card-name">{CARD_NAME}</h2>'
        f"{_fields_html(card)}{_folded_sources_html(card.citations)}"
        f'<p class="card-notice">{CARD_NOTICE}</p>'
        f'<div class="card-tools">{copy_html(card_text(card))}{PRINT}</div></article>'
    )


def folded_card_html(card: Card, cited: int) -> str:
    """The card inside an answer that cites `cited` places itself, folded; only its further sources are listed."""
    measures = sum(line.origin == "units" for line in card.units)
    return (
        f'<details class="card card-fold"><summary>展开{CARD_NAME}（可能相关的任务共{measures}段）</summary>'
        f"{_fields_html(card)}{sources_html(card.citations[cited:])}"
        f'<p class="card-notice">{CARD_NOTICE}</p><div class="card-tools">{PRINT}</div></details>'
    )


def card_text(card: Card) -> str:
    """The card as plain text with its sources and the notice."""
    parts = [CARD_NAME]
    for name, lines in card.fields.items():
        parts.append(f"【{name}】")
        parts += (f"{line.label}：{_marked(line)}" if line.label else _marked(line) for line in lines)
    parts += ["来源：", *(f"[{citation.number}] {source_line(citation)}" for citation in card.citations)]
    return "\n".join((*parts, CARD_NOTICE))


def _marked(line: Line) -> str:
    return line.text + "".join(f"[{number}]" for number in line.citations)


def _fields_html(card: Card) -> str:
    cited = {citation.number: citation for citation in card.citations}
    fields = (_field_html(name, lines, cited) for name, lines in card.fields.items())
    return f'<dl class="card-fields">{"".join(fields)}</dl>'


def _field_html(name: str, lines: tuple[Line, ...], cited: Mapping[int, Citation]) -> str:
    kinds = dict.fromkeys(
        cited[number].clause.document.kind for line in lines if line.origin == "quote" for number in line.citations
    )
    labels = "".join(f'<span class="label">{KIND_LABELS[kind]}</span>' for kind in kinds)
    shown = 0 if name in FOLDED_WHOLE and kinds else UNFOLDED
    if name in NEVER_FOLDED or len(lines) == shown + 1:  # one line behind a fold is no shorter
        shown = len(lines)
    lines_html = _labelled_html if name in ONE_EACH else _grouped_html
    body = lines_html(lines[:shown], cited)
    if rest := lines[shown:]:
        more = f"展开其余{len(rest)}条" if shown else f"展开所引条款全文（{len(rest)}段）"
        body += f'<details class="more"><summary>{more}</summary>{lines_html(rest, cited)}</details>'
    return f'<div class="field"><dt>{name}{labels}</dt><dd>{body}</dd></div>'


def _labelled_html(lines: tuple[Line, ...], cited: Mapping[int, Citation]) -> str:
    """The lines, each behind its label."""
    return "".join(_line_html(line, cited, line.label) for line in lines)


def _grouped_html(lines: tuple[Line, ...], cited: Mapping[int, Citation]) -> str:
    """The lines, each run of one label under that label."""
    html = []
    for label, run in groupby(lines, key=lambda line: line.label):
        body = "".join(_line_html(line, cited) for line in run)
        head = f'<p class="line-label">{escape(label)}</p>' if label else ""
        html.append(f'<div class="line">{head}{body}</div>')
    return "".join(html)


def _line_html(line: Line, cited: Mapping[int, Citation], label: str = "") -> str:
    head = f'<span class="line-label">{escape(label)}：</span>' if label else ""
    numbers = "".join(number_html(cited[number]) for number in line.citations)
    return f'<p class="{line.origin}">{head}{escape(line.text)}{numbers}</p>'


def _folded_sources_html(citations: tuple[Citation, ...]) -> str:
    if not citations:
        return ""
    return f'<details class="more"><summary>来源（{len(citations)}处）</summary>{sources_html(citations)}</details>'
