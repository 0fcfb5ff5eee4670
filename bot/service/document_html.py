"""
Render a document's text and its outline as HTML.

    Outline(…, clauses=(Clause("三、(三)8.", …),))
        ->  …<p data-block="3765"><b>8.培育高成长企业。</b>…<span class="units">（…）</span></p>

Pure functions: a value in, a string out, everything escaped. A block is one published line of a heading or clause;
its text content is exactly `Document.text` there, and `data-block` is where it starts, so that a page finds it again
and can mark any characters of it. What names another place is a link that opens it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import quote, urlsplit

from bot.documents.references import Reference
from bot.types import Clause, Document, Heading, Outline, Span

SNIPPET = 24  # characters of an article that has no title, enough to recognise it in an outline


@dataclass(frozen=True, slots=True)
class Style:
    """A tag that stands around a run of characters."""

    span: Span
    tag: str
    attributes: str = ""

    def wrap(self, html: str) -> str:
        return f"<{self.tag}{self.attributes}>{html}</{self.tag}>"


def document_html(
    outline: Outline, references: Sequence[Reference] = (), flags: Sequence[str] = (), marks: Sequence[Span] = ()
) -> str:
    """The whole text with its headings; `references` are links, `flags` what to know of the document."""
    links = [Style(reference.span, "a", _link_attributes(reference)) for reference in references]
    marked = [Style(span, "mark") for span in marks]
    body = "".join(_place_html(place, links, marked) for place in reading_order(outline))
    told = f' data-flags="{escape(chr(10).join(flags))}"' if flags else ""
    return f'<article class="document" data-document="{escape(outline.document.id)}"{told}>{body}</article>'


def outline_html(outline: Outline) -> str:
    """Every heading and clause as a line that opens its place in the document, with the units responsible."""
    bodies = {clause.path: clause for clause in outline.clauses}
    headed = {heading.path for heading in outline.headings}
    lines = []
    for place in reading_order(outline):
        if isinstance(place, Heading):
            lines.append(_outline_line(place.text, len(place.path), bodies.get(place.path, place)))
        elif place.path not in headed:
            lines.append(_outline_line(_line_label(place), max(len(place.path), 1), place))
    return f'<ol class="outline">{"".join(lines)}</ol>'


def place_attributes(
    place: Clause | Heading, span: Span, units: Sequence[str] = (), label: str = "", marks: Sequence[Span] = ()
) -> str:
    """
    The data attributes by which a page opens a place: document, block, path, the units responsible there, where the
    original has it, and the characters to mark.
    """
    path = (*(place.path or (place.ref,)), *([label] if label else []))
    values = {
        "document": place.document.id,
        "title": place.document.title,
        "block": str(block_at(place, span)),
        "path": " › ".join(path),
        "units": "、".join(units),
    }
    if original := original_url(place.document, span.start):
        values["original"] = original
    if marks:
        values["marks"] = ",".join(f"{mark.start}-{mark.end}" for mark in marks)
    return " ".join(f'data-{name}="{escape(value)}"' for name, value in values.items())


def block_at(place: Clause | Heading, span: Span) -> int:
    """The block in which `span` starts."""
    return next((block.start for block in _blocks(place) if span.start < block.end), place.span.start)


def original_url(document: Document, offset: int = 0) -> str:
    """
    https://…/a.pdf#page=3: the published file, opened where it has the characters at `offset`; empty where the
    document has no web address.
    """
    url = document.url or ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    anchor = anchor_at(document, offset)
    return parts._replace(fragment=quote(anchor, safe="=&.-_~")).geturl() if anchor else url


def anchor_at(document: Document, offset: int) -> str:
    """page=3: the last anchor at or before `offset`; empty where there is none."""
    return next((name for start, name in reversed(document.anchors) if start <= offset), "")


def page_url(document: Document, span: Span) -> str:
    """/chat/documents/plan?quote=120-168#quote: where this service shows these characters without script."""
    return f"/chat/documents/{quote(document.id, safe='')}?quote={span.start}-{span.end}#quote"


def first_place(outline: Outline) -> Clause | Heading | None:
    """Where the document begins."""
    return next(iter(reading_order(outline)), None)


def _link_attributes(reference: Reference) -> str:
    place = reference.place
    units = place.units if isinstance(place, Clause) else ()
    target = place_attributes(place, reference.target, units)
    return f' class="reference" href="{escape(page_url(place.document, reference.target))}" {target}'


def reading_order(outline: Outline) -> list[Clause | Heading]:
    """Headings and clauses as they follow each other."""
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


def _place_html(place: Clause | Heading, links: Sequence[Style], marked: Sequence[Style] = ()) -> str:
    styles = (*marked, *_styles(place, links))
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


def _styles(place: Clause | Heading, links: Sequence[Style]) -> tuple[Style, ...]:
    """Innermost first."""
    styles = [link for link in links if place.span.start <= link.span.start < place.span.end]
    if isinstance(place, Clause):
        bracket = ' class="units"'
        brackets = [Style(segment.units_span, "span", bracket) for segment in place.segments if segment.units_span]
        styles = [*styles, *_lead(place), *brackets]
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
