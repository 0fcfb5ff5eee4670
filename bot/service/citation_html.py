"""
Render citations as HTML: the numbers in a text, the list of sources they open, the button that copies.

    Citation(1, 三、(五)14., "研究成立…基金，…。")  ->  <button class="cite" data-number="1" …>[1]</button>
                                                 ->  <ul class="sources"><li><button class="source" data-block=…>…

Pure functions: a value in, a string out, everything escaped. A number and its source stand in one `.answer`, where the
page finds the source by the number.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

from bot.service.document_html import marked_blocks, place_attributes
from bot.types import Citation, Clause, Document


def copy_html(text: str) -> str:
    """The button that puts `text` on the clipboard."""
    return f'<button type="button" class="copy" data-copy="{escape(text)}">复制</button>'


def source_line(citation: Citation) -> str:
    """《…行动方案（2025—2027年）》三、(四)10.丰富应用场景供给; of a digest 《…法》第四十五条（要点摘编 · 非原文）"""
    document = citation.clause.document
    return _document_name(document) + _place_name(citation) + document.kind_note


def number_html(citation: Citation) -> str:
    """[1], a button."""
    number, hint = citation.number, escape(f"查看依据{citation.number}：{citation.clause.ref}")
    return f'<button type="button" class="cite" data-number="{number}" aria-label="{hint}">[{number}]</button>'


def sources_html(citations: tuple[Citation, ...]) -> str:
    """The cited places in order, each run of them under the name of its document."""
    items = []
    for document, run in groupby(citations, key=lambda citation: citation.clause.document):
        state = "" if document.state == "现行" else f'<span class="state">{document.state}</span>'
        name = _document_name(document) + document.kind_note
        items.append(f'<li class="source-document">{escape(name)}{state}</li>')
        items.extend(_source_html(citation) for citation in run)
    return f'<ul class="sources" aria-label="依据">{"".join(items)}</ul>' if items else ""


def _source_html(citation: Citation) -> str:
    """One line that opens the clause, with the blocks to swap in so that the quote is marked there."""
    number, place, span = citation.number, citation.clause, citation.span
    units = citation.segment.units if citation.segment else ()
    attributes = place_attributes(place, span, units, _label(citation))
    line = f'<span class="number">[{number}]</span><span>{escape(_place_name(citation))}</span>'
    blocks = (f'<template data-block="{block}">{html}</template>' for block, html in marked_blocks(place, span))
    button = f'<button type="button" class="source" data-number="{number}" {attributes}>{line}</button>'
    return f"<li>{button}{''.join(blocks)}</li>"


def _document_name(document: Document) -> str:
    return f"《{document.title}》" + (f"（{document.doc_number}）" if document.doc_number else "")


def _place_name(citation: Citation) -> str:
    place = citation.clause
    title = place.title if isinstance(place, Clause) else place.text.removeprefix(place.ref)
    return " · ".join(filter(None, (f"{place.ref}{title}", _label(citation))))


def _label(citation: Citation) -> str:
    """Which part of the clause is cited, where it has a name of its own: 第二款, 责任单位."""
    if citation.segment is None:
        return ""
    return "责任单位" if citation.span == citation.segment.units_span else citation.segment.label
