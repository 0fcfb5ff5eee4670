"""
What a generation of the index holds: what a build makes, and what it takes over from the one before.

    Contents({"plan": {…}}, {"plan": "5c…"}).keys  ->  ("9f…", "41…", …), one a chunk
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.index.bm25 import TermCounts
from bot.index.generations import BM25, CORPUS, LEXICON, SOURCES, Meta, read_json
from bot.index.outlines import Packed, unpack
from bot.text.lexicon import Kind, Lexicon, merge
from bot.types import Chunk, Outline

Progress = Callable[[str, int, int], None]  # step in Chinese, done, of how many
Terms = Mapping[str, Mapping[str, Kind]]  # of each document, by its id


@dataclass(frozen=True, slots=True)
class Contents:
    """What a generation holds: documents and their sources by id, and the keys of all chunks in order."""

    packed: Mapping[str, Packed]
    sources: Mapping[str, str] = field(compare=False)  # see bot.documents.corpus.source_of

    @classmethod
    def load(cls, folder: Path) -> Contents:
        """Raises StoreError, LookupError or TypeError where a file is missing or broken."""
        return cls({str(own["document"]["id"]): own for own in read_json(folder / CORPUS)}, read_json(folder / SOURCES))

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for packed in self.packed.values() for key in packed["keys"])


@dataclass(frozen=True, slots=True)
class Previous:
    """The generation in use, as far as a build can take it over."""

    meta: Meta
    folder: Path
    contents: Contents
    terms: Terms
    counts: TermCounts
    read: Mapping[str, tuple[Outline, tuple[Chunk, ...]]]  # by source

    @classmethod
    def load(cls, meta: Meta, folder: Path) -> Previous:
        """Raises StoreError, OSError, LookupError, TypeError or ValueError where a file is missing or broken."""
        contents = Contents.load(folder)
        read = {contents.sources[name]: unpack(own) for name, own in contents.packed.items()}
        return cls(meta, folder, contents, read_json(folder / LEXICON), TermCounts.load(folder / BM25), read)

    @property
    def lexicon(self) -> Lexicon:
        return merge(self.terms.values())
