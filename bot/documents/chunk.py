"""
Cut an outline into what is searched: one chunk a segment, windows of whole sentences where a segment is long.

Clause("三、(三)7.", segments=(a, b, c))  ->  Chunk(a), Chunk(b), Chunk(c)
"""

import re
from collections.abc import Iterator

from bot.text.sentences import split_sentences
from bot.types import Chunk, Clause, Outline, Segment, Span

LONGEST = 300  # characters; one vector that stands for more says little about each sentence

# A table flattened into one line has no sentence ends: cut it at a comma or a gap, or where it must be.
_PIECE = re.compile(rf"\S[\s\S]{{0,{LONGEST - 2}}}(?:[，、,\s]|\S$)|\S[\s\S]{{0,{LONGEST - 1}}}")


def split(outline: Outline) -> tuple[Chunk, ...]:
    """
    The chunks of every clause in reading order, none longer than `LONGEST`.

    Together they hold each non-whitespace character of a segment once.
    """
    return tuple(
        Chunk(clause, segment, span.of(clause.document.text), span)
        for clause in outline.clauses
        for segment in clause.segments
        for span in _windows(clause, segment)
    )


def _windows(clause: Clause, segment: Segment) -> Iterator[Span]:
    if len(segment.text) <= LONGEST:
        yield segment.span
        return
    # Even windows: 310 characters become two of about 155, not 300 and a rest of 10.
    target = len(segment.text) / -(-len(segment.text) // LONGEST)
    window: Span | None = None
    for piece in _pieces(clause.document.text, segment):
        if window is None:
            window = piece
            continue
        longer = Span(window.start, piece.end)
        halfway = (window.end + longer.end) / 2 - window.start
        if len(longer.of(clause.document.text)) > LONGEST or halfway > target:
            yield window
            window = piece
        else:
            window = longer
    if window:
        yield window


def _pieces(text: str, segment: Segment) -> Iterator[Span]:
    """The sentences of a segment; of one that is longer than a window, parts of it."""
    offset = segment.span.start
    for sentence in split_sentences(segment.text):
        for match in _PIECE.finditer(text, offset + sentence.start, offset + sentence.end):
            yield Span(match.start(), match.start() + len(match[0].rstrip()))
