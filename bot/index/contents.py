"""
What a generation of the index holds: what a build makes, and what it takes over from the one before.

    Contents({"plan": {…}}, {"plan": {"瞪羚企业": "term"}}, {"plan": "5c…"}).keys  ->  ("9f…", "41…", …), one a chunk
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.index.bm25 import TermCounts
from bot.index.generations import Meta
from bot.index.outlines import Packed
from bot.text.lexicon import Kind, Lexicon, merge
from bot.types import Chunk, Outline

Progress = Callable[[str, int, int], None]  # step in Chinese, done, of how many


@dataclass(frozen=True, slots=True)
class Contents:
    """What a generation holds: documents, their terms and their sources by id, and the keys of all chunks in order."""

    packed: Mapping[str, Packed]
    terms: Mapping[str, Mapping[str, Kind]]
    sources: Mapping[str, str] = field(compare=False)  # see bot.documents.corpus.source_of

    @property
    def lexicon(self) -> Lexicon:
        return merge(self.terms.values())

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for packed in self.packed.values() for key in packed["keys"])


@dataclass(frozen=True, slots=True)
class Previous:
    """The generation in use, as far as a build can take it over."""

    meta: Meta
    folder: Path
    contents: Contents
    counts: TermCounts
    read: Mapping[str, tuple[Outline, tuple[Chunk, ...]]]  # by source
