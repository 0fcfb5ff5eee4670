"""
The lexical half of a generation: the terms of its documents, and BM25 over those of its chunks.

    with lexical_half(folder, outlines, chunks, contents, previous, helper, progress): …  ->  lexicon.json, bm25/
    echo '[".store/generations/000002"]' | python -m bot.index.lexical   the same, in a process of its own

What did not change is taken over; a chunk is cut anew where a word of the lexicon in it came or went.
"""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate, chain
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from bot.documents.corpus import document_files
from bot.index.bm25 import LexicalIndex, TermCounts
from bot.index.contents import Contents, Previous, Progress, Terms
from bot.index.counting import count_terms
from bot.index.generations import BM25, LEXICON, read_meta, write_json
from bot.index.outlines import unpack
from bot.settings import PROJECT
from bot.text.lexicon import Kind, Lexicon, document_terms, merge
from bot.text.segment import Segmenter, fold, pieces, read_ahead
from bot.types import Chunk, Outline

STEP = "切分词语"
# What a word without Chinese characters (AI, 8+X) can stand in: folding a text to full width brings no letter about.
_SPELLED = re.compile(r"[^\u4e00-\u9fff\s，。；：、（）“”《》]")
# New chunks for which a process of its own is worth it: fewer are cut before it has well started, and with more the two
# processes together would take 2 GB (78,664 take 1.5).
BESIDE = range(3_000, 100_000)
EARLY = 700_000  # bytes of text that make some 3,000 chunks


class Helper:
    """
    A process beside the build, which cuts while the build makes vectors: Python computes on one processor only, and
    Chroma lets no other thread run while it takes in vectors.

    Started early, it has loaded all that cutting takes by the time there is something to cut. It ends with the block.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> bool:
        """Whether there is one, from before or now: not on one processor, nor where the system grants none."""
        if self._process is None and (os.cpu_count() or 1) > 1:
            command = [sys.executable, "-m", "bot.index.lexical"]
            with suppress(OSError):
                self._process = subprocess.Popen(  # noqa: S603
                    command, cwd=PROJECT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
        return self._process is not None

    def start_early(self, paths: Sequence[Path]) -> None:
        """Before these are read, if they are enough for it to be wanted."""
        files = chain.from_iterable(document_files(path) if path.is_dir() else [path] for path in paths)
        with suppress(OSError):  # whoever reads them says what is wrong
            if sum(path.stat().st_size for path in files) >= EARLY:
                self.start()

    def cut(self, folder: Path, previous: Previous | None) -> None:
        """Tell it where the documents lie, and those of the generation before."""
        folders = [folder, previous.folder] if previous else [folder]
        line = json.dumps([str(each.resolve()) for each in folders])
        if self._process and self._process.stdin:
            with suppress(OSError):  # it has ended, which `done` tells
                self._process.stdin.write(f"{line}\n".encode())
                self._process.stdin.flush()

    def done(self) -> bool:
        """Wait for it. Whether it has written everything."""
        return self._process is not None and self._process.wait() == 0

    def stop(self) -> None:
        process, self._process = self._process, None
        if process and process.stdin:
            process.kill()
            process.wait()
            with suppress(OSError):  # what it was told and has not read
                process.stdin.close()

    def __enter__(self) -> Helper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextmanager
def lexical_half(
    folder: Path,
    outlines: Sequence[Outline],
    chunks: Sequence[Chunk],
    contents: Contents,
    previous: Previous | None,
    helper: Helper,
    progress: Progress,
) -> Iterator[None]:
    """
    Write the lexical half of the generation in `folder`, whose CORPUS is written: all there after the block.

    Where there is much to cut, the helper does it while the block runs, else this process before it. Raises OSError.
    """
    fresh = len(set(contents.keys).difference(previous.contents.keys if previous else ()))
    if fresh not in BESIDE or not helper.start():
        helper.stop()
        _write(folder, outlines, chunks, contents, previous, progress)
        yield
        return
    with helper:
        helper.cut(folder, previous)
        yield
        progress(STEP, 0, fresh)
        written = helper.done()
    if not written:  # done here, which also says what is wrong
        _write(folder, outlines, chunks, contents, previous, progress)
    progress(STEP, fresh, fresh)


def main() -> None:
    """The folder of a generation, and of the one before if there is one, come as a line of JSON."""
    gc.disable()  # as in the build itself
    _load_ahead()
    line = sys.stdin.buffer.readline()
    if not line:  # the build needs none, or is dead
        sys.exit(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    folder, *before = map(Path, json.loads(line))
    contents = Contents.load(folder)
    outlines, chunks = zip(*map(unpack, contents.packed.values()), strict=True)
    previous = Previous.load(read_meta(before[0].parent.parent, before[0].name), before[0]) if before else None
    _write(folder, outlines, tuple(chain.from_iterable(chunks)), contents, previous, lambda *_: None)


def _load_ahead() -> None:
    """What the first text would wait for."""
    import bm25s  # noqa: F401
    import scipy.sparse  # noqa: F401

    read_ahead()


def _end_with_parent() -> None:
    """A build that is killed must not leave one behind that goes on writing into a folder that is another's by then."""
    os.read(sys.stdin.fileno(), 1)  # ends with the process that holds the other end
    os._exit(1)


def _write(
    folder: Path,
    outlines: Sequence[Outline],
    chunks: Sequence[Chunk],
    contents: Contents,
    previous: Previous | None,
    progress: Progress,
) -> None:
    """The counts are let go of before the vectors are made: of 243,000 chunks they take 300 MB."""
    terms = _terms(outlines, contents, previous)
    write_json(folder / LEXICON, terms)
    counts = _count_terms(contents, chunks, merge(terms.values()), previous, progress)
    LexicalIndex.build(counts).save(folder / BM25)
    counts.save(folder / BM25)


def _terms(outlines: Sequence[Outline], contents: Contents, previous: Previous | None) -> Terms:
    sources: Mapping[str, str] = previous.contents.sources if previous else {}
    before: Terms = previous.terms if previous else {}
    return {
        name: before[name] if sources.get(name) == contents.sources[name] else _own_terms(outline)
        for outline in outlines
        for name in [outline.document.id]
    }


def _own_terms(outline: Outline) -> dict[str, Kind]:
    return {} if outline.document.is_glossary else dict(document_terms(outline))


def _count_terms(
    contents: Contents, chunks: Sequence[Chunk], lexicon: Lexicon, previous: Previous | None, progress: Progress
) -> TermCounts:
    """The term counts of all chunks, in order. Only chunks that are new or cut differently now are segmented."""
    places = _unchanged(contents, chunks, lexicon, previous)
    fresh = [place for place in range(len(chunks)) if place not in places]
    counts = count_terms(
        [chunks[place] for place in fresh], Segmenter(lexicon), lambda done: progress(STEP, done, len(fresh))
    )
    progress(STEP, len(fresh), len(fresh))
    if not previous:
        return counts
    places |= {place: len(previous.counts) + number for number, place in enumerate(fresh)}
    return (previous.counts + counts).take(np.array([places[place] for place in range(len(chunks))]))


def _unchanged(
    contents: Contents, chunks: Sequence[Chunk], lexicon: Lexicon, previous: Previous | None
) -> dict[int, int]:
    """Place of a chunk -> its place in the previous generation, for those that hold the same words cut the same way."""
    if not previous:
        return {}
    before = {key: place for place, key in enumerate(previous.contents.keys)}
    kept = {place: before[key] for place, key in enumerate(contents.keys) if key in before}
    differing = {fold(word) for word in set(lexicon) ^ set(previous.lexicon)}
    spelled = {word for word in differing if not pieces(word)}
    suspects = _with_pieces(previous.counts, differing - spelled)
    raw = {place: f"{chunks[place].context}\n{chunks[place].text}" for place in kept}
    doubtful = [place for place, old in kept.items() if suspects[old] or (spelled and _SPELLED.search(raw[place]))]
    texts = [fold(raw[place]) for place in doubtful]
    recut = {doubtful[number] for number in _holding(texts, differing)}
    return {place: old for place, old in kept.items() if place not in recut}


def _with_pieces(counts: TermCounts, words: set[str]) -> NDArray[np.bool_]:
    """Whether each chunk can hold any of the words: it has the rarest of a word's characters and pairs."""
    numbers = {term: number for number, term in enumerate(counts.vocabulary)}
    occurrences = np.bincount(counts.terms, minlength=len(numbers))
    telling = np.zeros(len(numbers), np.bool_)
    for word in words:
        found = [numbers.get(piece) for piece in pieces(word)]
        if None not in found:
            telling[min(found, key=occurrences.__getitem__)] = True
    places = np.searchsorted(counts.offsets, np.flatnonzero(telling[counts.terms]), side="right") - 1
    held = np.zeros(len(counts), np.bool_)
    held[places] = True
    return held


def _holding(texts: Sequence[str], words: set[str]) -> set[int]:
    """The places of the texts that hold any of the words; one long text is searched, 10,000 short ones are slow."""
    joined = "\0".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    found: set[int] = set()
    for word in words:
        position = joined.find(word)
        while position >= 0:
            place = bisect_right(ends, position)
            found.add(place)
            position = joined.find(word, ends[place])
    return found


if __name__ == "__main__":
    main()
