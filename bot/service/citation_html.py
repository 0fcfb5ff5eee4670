"""
Render citations as HTML: the numbers in a text, the list of sources they open, the button that copies.

    Citation(1, 三、(五)14., "研究成立…基金，…。")  ->  <button class="cite" data-number="1" …>[1]</button>
                                                 ->  <ul class="sources"><li><button class="source" data-block=…>…

Pure functions: a value in, a string out, everything escaped. A number and its source stand in one `.answer`, where the
page finds the source by the number.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from bot.documents.flags import flag_note
from bot.service.document_html import anchor_at, original_url, place_attributes
from bot.types import Citation, Clause, Document


def copy_html(text: str) -> str:
    """The button that puts `text` on the clipboard."""
    return f'<button type="button" class="copy" data-copy="{escape(text)}">复制</button>'


def source_line(citation: Citation) -> str:
    """《…行动方案（2025—2027年）》三、(四)10.丰富应用场景供给; of a digest 《…法》第四十五条（要点摘编 · 非原文）"""
    document = citation.clause.document
    return _document_name(document) + _place_name(citation) + flag_note(citation.flags)


def flags_html(flags: Iterable[str]) -> str:
    """What to know of a document, each a badge."""
    return "".join(f'<span class="flag">{escape(flag)}</span>' for flag in flags)


def number_html(citation: Citation) -> str:
    """[1], a button."""
    number, hint = citation.number, escape(f"查看依据{citation.number}：{citation.clause.ref}")
    return f'<button type="button" class="cite" data-number="{number}" aria-label="{hint}">[{number}]</button>'


def sources_html(citations: tuple[Citation, ...]) -> str:
    """The cited places in order, each run of them under the name of its document."""
    items = []
    for (document, flags), run in groupby(citations, key=lambda citation: (citation.clause.document, citation.flags)):
        link = "" if document.anchors else _original_html(document)
        items.append(
            f'<li class="source-document"><span class="source-name">{escape(_document_name(document))}</span>'
            f"{flags_html(flags)}{link}</li>"
        )
        items.extend(_source_html(citation) for citation in run)
    return f'<ul class="sources" aria-label="依据">{"".join(items)}</ul>' if items else ""


def _source_html(citation: Citation) -> str:
    """One line that opens the clause, where the quote is marked."""
    number, place, span = citation.number, citation.clause, citation.span
    units = citation.segment.units if citation.segment else ()
    attributes = place_attributes(place, span, units, _label(citation), [span])
    line = f'<span class="number">[{number}]</span><span>{escape(_place_name(citation))}</span>'
    button = f'<button type="button" class="source" data-number="{number}" {attributes}>{line}</button>'
    link = _original_html(place.document, span.start) if place.document.anchors else ""
    return f"<li>{button}{link}</li>"


def _original_html(document: Document, offset: int = 0) -> str:
    """A link to the published file; where it is known, to the page or place in it."""
    url, page = original_url(document, offset), anchor_at(document, offset)
    where = f"第{page.removeprefix('page=')}页" if page.startswith("page=") else ""
    link = f'<a class="original" href="{escape(url)}" target="_blank" rel="noopener noreferrer">官方原件{where}</a>'
    return link if url else ""


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
