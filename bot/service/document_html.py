"""
Render a document, its outline and its particulars as HTML.

    Outline(…, clauses=(Clause("三、(三)8.", …),)), mark=Span(3775, 3820)
        ->  …<p data-block="3765"><b>8.培育高成长企业。</b><mark>…</mark><span class="units">（…）</span></p>

Pure functions: a value in, a string out, everything escaped. A block is one published line of a heading or clause;
its text content is exactly `Document.text` there, and `data-block` is where it starts, so that a page finds it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from bot.types import KIND_LABELS, Clause, Document, Heading, Outline, Span

SNIPPET = 24  # characters of an article that has no title, enough to recognise it in an outline


@dataclass(frozen=True, slots=True)
class Style:
    """A tag that stands around a run of characters."""

    span: Span
    tag: str
    name: str = ""

    def wrap(self, html: str) -> str:
        name = f' class="{self.name}"' if self.name else ""
        return f"<{self.tag}{name}>{html}</{self.tag}>"


def document_html(outline: Outline, mark: Span | None = None) -> str:
    """The whole text with its headings; the characters of `mark`, if any, in <mark>."""
    marks = [mark] if mark else []
    body = "".join(_place_html(place, *marks) for place in _reading_order(outline))
    return f'<article class="document" data-document="{escape(outline.document.id)}">{body}</article>'


def marked_blocks(place: Clause | Heading, *marks: Span) -> tuple[tuple[int, str], ...]:
    """(block, inner HTML with <mark>) for each block that a mark touches: what a page swaps in to show a quote."""
    return tuple(
        (span.start, _inline(place.document.text, span, _styles(place, *marks)))
        for span in _blocks(place)
        if any(span.start < mark.end and mark.start < span.end for mark in marks)
    )


def outline_html(outline: Outline) -> str:
    """Every heading and clause as a line that opens its place in the document, with the units responsible."""
    bodies = {clause.path: clause for clause in outline.clauses}
    headed = {heading.path for heading in outline.headings}
    lines = []
    for place in _reading_order(outline):
        if isinstance(place, Heading):
            lines.append(_outline_line(place.text, len(place.path), bodies.get(place.path, place)))
        elif place.path not in headed:
            lines.append(_outline_line(_line_label(place), max(len(place.path), 1), place))
    return f'<ol class="outline">{"".join(lines)}</ol>'


def particulars_html(document: Document) -> str:
    """Who issued the document, when, at which level and whether it is in force; only what is known."""
    rows = (
        ("性质", "" if document.kind == "original" else KIND_LABELS[document.kind]),
        ("发文机关", document.issuer),
        ("发文字号", document.doc_number),
        ("效力层级", document.level),
        ("成文日期", _chinese_date(document.issued_on)),
        ("施行日期", _chinese_date(document.effective_on)),
        ("失效日期", _chinese_date(document.expires_on)),
        ("状态", document.state),
    )
    items = [f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in rows if value]
    if document.url and document.url.startswith(("https://", "http://")):
        link = f'<a href="{escape(document.url)}" target="_blank" rel="noopener noreferrer">打开官方网页</a>'
        items.append(f"<div><dt>发布网址</dt><dd>{link}</dd></div>")
    return f'<dl class="particulars">{"".join(items)}</dl>'


def library_html(documents: Sequence[Document]) -> str:
    """One card a document, folded; its outline is filled in when the card is opened."""
    return f'<div class="library">{"".join(map(_card_html, documents))}</div>'


def place_attributes(place: Clause | Heading, span: Span, units: Sequence[str] = (), label: str = "") -> str:
    """The data attributes by which a page opens a place: document, block, path and the units responsible there."""
    path = (*(place.path or (place.ref,)), *([label] if label else []))
    values = {
        "document": place.document.id,
        "title": place.document.title + place.document.kind_note,
        "block": str(block_at(place, span)),
        "path": " › ".join(path),
        "units": "、".join(units),
    }
    return " ".join(f'data-{name}="{escape(value)}"' for name, value in values.items())


def block_at(place: Clause | Heading, span: Span) -> int:
    """The block in which `span` starts."""
    return next((block.start for block in _blocks(place) if span.start < block.end), place.span.start)


def _chinese_date(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _reading_order(outline: Outline) -> list[Clause | Heading]:
    return sorted((*outline.headings, *outline.clauses), key=lambda place: place.span.start)


def _blocks(place: Clause | Heading) -> Iterator[Span]:
    """The lines of a heading or clause, without the white space around them."""
    start = place.span.start
    for line in place.text.splitlines(keepends=True):
        body = line.strip()
        if body:
            left = start + line.index(body)
            yield Span(left, left + len(body))
        start += len(line)


def _place_html(place: Clause | Heading, *marks: Span) -> str:
    styles = _styles(place, *marks)
    lines = []
    for span in _blocks(place):
        tag = f"h{min(2 + place.depth, 6)}" if isinstance(place, Heading) else "p"
        words = _inline(place.document.text, span, styles)
        lines.append(f'<{tag}{_line_class(place, span)} data-block="{span.start}">{words}</{tag}>')
    html = "".join(lines)
    return html if isinstance(place, Heading) else f'<section class="clause">{html}</section>'


def _line_class(place: Clause | Heading, span: Span) -> str:
    """How a line is set: headings bold, the title in the middle, a signature at the right."""
    if isinstance(place, Heading):
        return ' class="heading"'
    around = [segment for segment in place.segments if segment.span.start <= span.start < segment.span.end]
    label = around[0].label if around else ""
    if label == "标题":
        return ' class="title"'
    if label == "印发通知" and span.of(place.document.text)[-1] not in "。：；，、":
        return ' class="signature"'
    return ""


def _styles(place: Clause | Heading, *marks: Span) -> tuple[Style, ...]:
    """Innermost first."""
    styles = [Style(mark, "mark") for mark in marks]
    if isinstance(place, Clause):
        brackets = [Style(segment.units_span, "span", "units") for segment in place.segments if segment.units_span]
        styles = [*_lead(place), *brackets, *styles]
    return tuple(styles)


def _lead(clause: Clause) -> list[Style]:
    """The number and title that open an item, with the full stop behind them: 10.丰富应用场景供给。"""
    own = clause.path[-1] if clause.path else ""
    if not own or not clause.text.startswith(own):
        return []
    end = len(own) + clause.text[len(own) :].startswith("。")
    return [Style(Span(clause.span.start, clause.span.start + end), "b")]


def _inline(text: str, span: Span, styles: Sequence[Style]) -> str:
    """The characters of `span`, each run wrapped in the styles that cover it."""
    edges = {edge for style in styles for edge in style.span if span.start < edge < span.end}
    html = []
    for start, end in pairwise(sorted({*span, *edges})):
        piece = escape(text[start:end])
        for style in styles:
            if style.span.start <= start and end <= style.span.end:
                piece = style.wrap(piece)
        html.append(piece)
    return "".join(html)


def _outline_line(text: str, depth: int, place: Clause | Heading) -> str:
    units = place.units if isinstance(place, Clause) else ()
    shown = f'<span class="units">{escape("、".join(units))}</span>' if units else ""
    attributes = place_attributes(place, place.span, units)
    return f'<li class="depth-{depth}"><button type="button" {attributes}>{escape(text)}{shown}</button></li>'


def _line_label(clause: Clause) -> str:
    """10.丰富应用场景供给; for a clause without a title its number and first words."""
    own = clause.path[-1] if clause.path else clause.ref
    parts = "、".join(segment.label for segment in clause.segments if segment.label)
    if clause.title or (not clause.path and parts):
        return own if clause.title else f"{own}（{parts}）"
    words = clause.text.removeprefix(own).strip()
    return f"{own} {words[:SNIPPET]}…" if len(words) > SNIPPET else f"{own} {words}"


def _card_html(document: Document) -> str:
    note = f'<p class="document-note">{escape(document.note)}</p>' if document.note else ""
    return (
        f'<details class="document-card" data-document="{escape(document.id)}">'
        f"<summary>{escape(document.title)}</summary>{particulars_html(document)}{note}"
        '<div class="outline-place"></div></details>'
    )
