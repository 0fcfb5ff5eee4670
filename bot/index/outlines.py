"""
Outlines and chunks as JSON, so that nothing is parsed when a question comes.

    Outline(Document("plan", …), …)  ->  {"document": {"id": "plan", …}, "clauses": [["一、", …, [0, 912], …]], …}

The text is kept once, everything else as offsets into it. What is read back equals what was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from bot.errors import StoreError
from bot.types import Chunk, Clause, Document, Heading, Outline, Segment, Span

Packed = dict[str, Any]
_DATES = frozenset({"issued_on", "effective_on", "expires_on"})


def pack(outline: Outline, chunks: Sequence[Chunk], keys: Sequence[str]) -> Packed:
    """
    One document as JSON values, with the keys under which the vectors of its chunks are kept.

    Raises StoreError where a part's text is not what stands at its span.
    """
    _check(outline, chunks)
    places = {
        id(segment): (clause_place, segment_place)
        for clause_place, clause in enumerate(outline.clauses)
        for segment_place, segment in enumerate(clause.segments)
    }
    return {
        "document": {
            part.name: _as_json(value)
            for part in fields(Document)
            if (value := getattr(outline.document, part.name)) is not None
        },
        "headings": [[part.ref, list(part.path), list(part.span), part.depth] for part in outline.headings],
        "clauses": [
            [part.ref, list(part.path), list(part.span), part.title, [_pack_segment(own) for own in part.segments]]
            for part in outline.clauses
        ],
        "chunks": [[*places[id(chunk.segment)], *chunk.span] for chunk in chunks],
        "keys": list(keys),
    }


def unpack(packed: Mapping[str, Any]) -> tuple[Outline, tuple[Chunk, ...]]:
    """Raises KeyError, TypeError or ValueError for anything but what `pack` gives."""
    values: dict[str, Any] = packed["document"]
    dates: dict[str, Any] = {name: date.fromisoformat(values[name]) for name in _DATES & values.keys()}
    anchors = tuple((place, anchor) for place, anchor in values.get("anchors", ()))
    document = Document(**{**values, **dates, "anchors": anchors})
    text = document.text
    headings = tuple(
        Heading(document, ref, tuple(path), Span(*span).of(text), Span(*span), depth)
        for ref, path, span, depth in packed["headings"]
    )
    clauses = tuple(
        Clause(document, ref, tuple(path), Span(*span).of(text), Span(*span), tuple(_segments(text, segments)), title)
        for ref, path, span, title, segments in packed["clauses"]
    )
    chunks = tuple(
        Chunk(clauses[clause], clauses[clause].segments[segment], Span(start, end).of(text), Span(start, end))
        for clause, segment, start, end in packed["chunks"]
    )
    return Outline(document, headings, clauses), chunks


def _as_json(value: Any) -> Any:
    """As reading the file gives it back: what did not change is told by comparing both."""
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _pack_segment(segment: Segment) -> list[Any]:
    units_span = list(segment.units_span) if segment.units_span else None
    return [list(segment.span), list(segment.units), units_span, segment.label]


def _segments(text: str, packed: Sequence[Any]) -> Iterator[Segment]:
    for span, units, units_span, label in packed:
        yield Segment(Span(*span).of(text), Span(*span), tuple(units), Span(*units_span) if units_span else None, label)


def _check(outline: Outline, chunks: Sequence[Chunk]) -> None:
    segments = (segment for clause in outline.clauses for segment in clause.segments)
    parts: tuple[Heading | Clause | Segment | Chunk, ...] = (*outline.headings, *outline.clauses, *segments, *chunks)
    for part in parts:
        if part.span.of(outline.document.text) != part.text:
            raise StoreError(f"{outline.document.id} 的“{part.text[:20]}”与它在原文中的位置 {tuple(part.span)} 不符。")
