"""
Render the clauses that an answer cites, whole and in place, the cited words marked.

    (Citation(1, 三、(三)8., "培育……。", …),)  ->  <section class="cited" id="cited-1">…<mark>培育……。</mark>…

Beside an answer on the desk a clause is read without opening anything; the numbers of the answer lead to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import pairwise

from bot.service.citation_html import flags_html, source_line
from bot.service.document_html import original_url, page_url
from bot.types import Citation, Span

LONGEST = 1200  # characters of a clause; a longer one is shown around what is cited
AROUND = 300


def clauses_html(citations: Iterable[Citation]) -> str:
    """A section for each clause, in the order of the numbers; citations of one clause share theirs."""
    groups: dict[tuple[str, Span], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.clause.document.id, citation.clause.span), []).append(citation)
    return "".join(_section(group) for group in groups.values())


def _section(group: list[Citation]) -> str:
    first = group[0]
    document, place = first.clause.document, first.clause.span
    marks = sorted({citation.span for citation in group})
    shown = place
    if place.end - place.start > LONGEST:
        shown = Span(max(place.start, marks[0].start - AROUND), min(place.end, marks[-1].end + AROUND))
    links = [f'<a href="{escape(page_url(document, first.span))}" target="_blank" rel="noopener">在全文中查看</a>']
    if original := original_url(document, first.span.start):
        links.append(f'<a href="{escape(original)}" target="_blank" rel="noopener noreferrer">官方原件</a>')
    numbers = "".join(
        f'<span class="cited-number" id="cited-{citation.number}">[{citation.number}]</span>' for citation in group
    )
    units = dict.fromkeys(unit for citation in group if citation.segment for unit in citation.segment.units)
    named = f'<p class="cited-units">责任单位：{escape("、".join(units))}</p>' if units else ""
    before, after = ("…" if cut else "" for cut in (shown.start > place.start, shown.end < place.end))
    return (
        f'<section class="cited" tabindex="-1"><h4>{numbers} {escape(source_line(first))}</h4>{flags_html(first.flags)}'
        f"<blockquote>{before}{_marked(document.text, shown, marks)}{after}</blockquote>{named}"
        f'<p class="cited-links">{" ".join(links)}</p></section>'
    )


def _marked(text: str, shown: Span, marks: list[Span]) -> str:
    """The characters of `shown`, those that a mark covers within <mark>; marks may overlap."""
    edges = {edge for mark in marks for edge in mark if shown.start < edge < shown.end}
    html = []
    for start, end in pairwise(sorted({*shown, *edges})):
        piece = escape(text[start:end])
        covered = any(mark.start <= start and end <= mark.end for mark in marks)
        html.append(f"<mark>{piece}</mark>" if covered else piece)
    return "".join(html).strip().replace("\n", "<br>")
