"""
Render an answer as HTML and as the text that is copied.

    Answer("answered", (Sentence("…", (1,)),), (Citation(1, …),))
        ->  <article class="answer" data-status="answered"><p class="quote"><span class="label">政策原文</span>…

Pure functions: an answer in, a string out, everything escaped. The document's own words, its responsible units and our
fixed sentences look different from one another, because only the first two are the text of a policy.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

from bot.service.document_html import marked_blocks, place_attributes
from bot.service.words import NOTICE, STATUS_LABELS
from bot.types import KIND_LABELS, Answer, Citation, Clause, Document, Sentence


def answer_html(answer: Answer) -> str:
    """What was understood, the status where it is not an answer, the sentences, the sources, a button to copy them."""
    cited = {citation.number: citation for citation in answer.citations}
    parts = (
        _understood_html(answer),
        _status_html(answer),
        *(_sentence_html(sentence, cited) for sentence in answer.sentences),
        _sources_html(answer.citations),
        f'<button type="button" class="copy" data-copy="{escape(answer_text(answer))}">复制</button>',
    )
    return f'<article class="answer" data-status="{answer.status}">{"".join(parts)}</article>'


def answer_text(answer: Answer) -> str:
    """The reply as plain text with its sources and the notice: what 复制 puts on the clipboard."""
    sources = [f"[{citation.number}] {source_line(citation)}" for citation in answer.citations]
    return "\n".join((answer.text, *(["来源："] if sources else []), *sources, NOTICE))


def source_line(citation: Citation) -> str:
    """《…行动方案（2025—2027年）》三、(四)10.丰富应用场景供给"""
    return _document_name(citation.clause.document) + _place_name(citation)


def _understood_html(answer: Answer) -> str:
    """已理解为：专精特新（zjtx），for what was typed otherwise or left to the conversation."""
    changes = "；".join(f"{understood}（{typed}）" for typed, understood in answer.query.changes)
    return f'<p class="understood">已理解为：{escape(changes)}</p>' if changes else ""


def _status_html(answer: Answer) -> str:
    label = STATUS_LABELS.get(answer.status)
    return f'<p class="status">{label}</p>' if label else ""


def _sentence_html(sentence: Sentence, cited: dict[int, Citation]) -> str:
    label = ""
    if sentence.origin in ("quote", "explanation"):
        documents = [cited[number].clause.document for number in sentence.citations if number in cited]
        kind = documents[0].kind if documents else "original"
        label = f'<span class="label">{KIND_LABELS[kind]}</span>'
    numbers = "".join(_number_html(cited[number]) for number in sentence.citations if number in cited)
    return f'<p class="{sentence.origin}">{label}{escape(sentence.text)}{numbers}</p>'


def _number_html(citation: Citation) -> str:
    number, hint = citation.number, escape(f"查看依据{citation.number}：{citation.clause.ref}")
    return f'<button type="button" class="cite" data-number="{number}" aria-label="{hint}">[{number}]</button>'


def _sources_html(citations: tuple[Citation, ...]) -> str:
    """The cited places in order, each run of them under the name of its document."""
    items = []
    for document, run in groupby(citations, key=lambda citation: citation.clause.document):
        state = "" if document.state == "现行" else f'<span class="state">{document.state}</span>'
        items.append(f'<li class="source-document">{escape(_document_name(document))}{state}</li>')
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
