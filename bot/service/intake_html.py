"""
Render a document that staff have put up, before it is added: what was read, each field to be corrected, its clauses.

    Paper(某市种树办法.docx, …)  ->  <form class="paper"> 标题 [某市种树办法] … <ol class="outline"><li>第一条　…

Pure functions: a value in, a string out, everything escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import get_args

from bot.documents.catalogue import articles, since, standing
from bot.documents.diff import compare
from bot.documents.flags import Flagger, chinese_date
from bot.documents.manifest import LEVELS
from bot.service.citation_html import flags_html
from bot.service.document_html import reading_order
from bot.service.intake import LABELS, Paper
from bot.service.library_html import difference_html
from bot.types import Clause, Document, DocumentState, Heading, Outline

FIRST_WORDS = 60  # characters of a clause
_WIDE = frozenset({"title", "url", "issuer"})
_HINTS = {"place": "全国的不填", "doc_number": "没有的不填", "url": "用来打开官方原件，没有的不填"}


def paper_html(paper: Paper, against: str, replaceable: bool, outlines: Sequence[Outline], today: date) -> str:
    """The form with its fields, what to look out for, the difference from the version there is, and the clauses."""
    document = paper.outline.document
    flags = Flagger([document, *(each.document for each in outlines)], lambda: today).flags(document)
    versions = _versions(document, outlines)
    notices = [*_notices(paper.outline, versions, outlines, today), *([against] if against else [])]
    items = "".join(f"<li>{escape(notice)}</li>" for notice in notices)
    told = f'<ul class="notices" aria-label="请注意">{items}</ul>' if notices else ""
    instead = (
        '<label class="choice"><input type="checkbox" name="instead"><span>换下原来的正文</span></label>'
        if replaceable
        else ""
    )
    return (
        f'<form class="paper" novalidate><h3 tabindex="-1">核对：{escape(document.title)}{flags_html(flags)}</h3>'
        f"<p>已读出{articles(paper.outline)}条、{len(document.text)}字。请核对下面各项，"
        "改过后可以“按修改后的内容重看”；确认之前，问答里还没有这份文件。</p>"
        f'{told}<div class="fields">{_fields_html(paper)}</div>{instead}'
        '<p class="complaint" role="alert"></p><div class="form-tools">'
        '<button type="submit" class="send">确认收录</button>'
        '<button type="button" class="again quiet">按修改后的内容重看</button>'
        '<button type="button" class="drop restart">不收录，删去</button></div></form>'
        f"{_difference_html(paper.outline, versions)}"
        f'<section class="clauses"><h4>条款（{articles(paper.outline)}条，每条只显示开头）</h4>'
        f'<ol class="outline plain">{"".join(_lines(paper.outline))}</ol></section>'
    )


def _fields_html(paper: Paper) -> str:
    document = paper.outline.document
    html = [_input_html("name", "编号（文件名）", paper.file.stem, wide=True)]
    for name, label in LABELS.items():
        value = getattr(document, name)
        if name == "level":
            html.append(_select_html(name, label, (*([] if value else [""]), *LEVELS), value or ""))
        elif name == "state":
            html.append(_select_html(name, label, get_args(DocumentState), value))
        else:
            kind = "date" if name.endswith("_on") else "text"
            html.append(_input_html(name, label, str(value or ""), kind, name in _WIDE))
    return "".join(html)


def _input_html(name: str, label: str, value: str, kind: str = "text", wide: bool = False) -> str:
    hint = f"（{_HINTS[name]}）" if name in _HINTS else ""
    return (
        f'<label class="field{" wide" if wide else ""}"><span>{label}{hint}</span>'
        f'<input type="{kind}" name="{name}" value="{escape(value)}" autocomplete="off"></label>'
    )


def _select_html(name: str, label: str, values: Sequence[str], chosen: str) -> str:
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{value or "未认出，请选择"}</option>'
        for value in values
    )
    return f'<label class="field"><span>{label}</span><select name="{name}">{options}</select></label>'


def _versions(document: Document, outlines: Sequence[Outline]) -> list[Outline]:
    """Other versions of this paper that are there, newest first."""
    found = [each for each in outlines if each.document.work == document.work and each.document.id != document.id]
    return sorted(found, key=lambda each: since(each.document), reverse=True)


def _notices(outline: Outline, versions: Sequence[Outline], outlines: Sequence[Outline], today: date) -> Iterator[str]:
    """What to look at before it is added."""
    document = outline.document
    same = [each.document for each in outlines if each.document.sha256 == document.sha256]
    if same:
        yield f"正文与已收录的《{same[0].title}》（{same[0].id}）完全相同，不必重复收录。"
    elif versions:
        yield _place_among(document, versions)
    if document.state == "现行" and (state := standing(document, today)) != "现行":
        yield f"按日期，这份文件今天的状态是“{state}”。"
    if document.issued_on is None and document.effective_on is None:
        yield "没有认出成文日期和施行日期，请补填，否则比不出新旧。"
    if articles(outline) <= 1:
        yield "没有认出条款结构，全文将作为一条收录，请看看是不是选错了文件。"
    if document.note:
        yield document.note


def _place_among(document: Document, versions: Sequence[Outline]) -> str:
    newest = versions[0].document
    if newest.kind == "digest":
        return f"《{newest.title}》已有要点摘编，收录原文后，不比它旧的原文会代替摘编。"
    known = (
        f"现有{chinese_date(since(newest))}版本，编号{newest.id}" if since(newest) > date.min else f"编号{newest.id}"
    )
    if document.state == "征求意见":
        return f"是《{newest.title}》（{known}）的征求意见稿，只在问到时引用。"
    newer = since(document) >= since(newest)
    return f"将成为《{newest.title}》的{'新' if newer else '旧'}版本（{known}）。"


def _difference_html(outline: Outline, versions: Sequence[Outline]) -> str:
    originals = [each for each in versions if each.document.kind != "digest"]
    if not originals:
        return ""
    old, new = sorted((originals[0], outline), key=lambda each: since(each.document))
    return (
        f'<details class="more"><summary>与《{escape(originals[0].document.title)}》现有版本逐条比较</summary>'
        f"{difference_html(compare(old, new))}</details>"
    )


def _lines(outline: Outline) -> Iterator[str]:
    for place in reading_order(outline):
        depth = max(len(place.path), 1)
        if isinstance(place, Heading):
            yield f'<li class="depth-{depth}"><b>{escape(place.text)}</b></li>'
        else:
            yield f'<li class="depth-{depth}">{_clause_html(place)}</li>'


def _clause_html(clause: Clause) -> str:
    words = " ".join(clause.text.split())
    shown = words if len(words) <= FIRST_WORDS else f"{words[:FIRST_WORDS]}…"
    units = f'<span class="units">责任单位：{escape("、".join(clause.units))}</span>' if clause.units else ""
    return escape(shown) + units
