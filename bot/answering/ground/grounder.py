"""
The check of one generated sentence, on one screen.

    Grounder(outlines).check("由市财政局牵头成立基金", (citation,))  ->  Verdict(faults=(Fault("unit", …),), omitted=())

Every part of the sentence is laid beside the sentence of its passages that it most resembles; figures, dates, names,
modal words and negations must agree with what stands there, not merely somewhere in the passage.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

from bot.answering.ground.align import Aligned, Passage, Target, align, read_passage, resemblance
from bot.answering.ground.elements import fold
from bot.answering.ground.names import (
    Word,
    article_faults,
    department_faults,
    doc_number_faults,
    member_faults,
    name_faults,
    opposite_faults,
    quoted_faults,
    title_faults,
    unit_faults,
)
from bot.answering.ground.omissions import omissions
from bot.answering.ground.quantities import comparison_faults, date_faults, figure_faults, rhythm_faults
from bot.answering.ground.reading import Reader, Reading
from bot.answering.ground.substitutes import item_faults, level_faults
from bot.answering.ground.verdict import Fault, Verdict
from bot.answering.ground.whole import merged_faults, unsupported_faults
from bot.answering.ground.wording import wording_faults
from bot.documents.places import place_names
from bot.text.lexicon import build_lexicon
from bot.text.segment import Segmenter
from bot.types import Citation, Outline

LONGEST_NAME = 12  # characters of a name looked for in a sentence
REMEMBERED = 256  # passages kept as they were read


class Grounder:
    """Checks sentences against passages of these documents. Safe to share between threads."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        outlines = tuple(outlines)
        units = {unit for outline in outlines for clause in outline.clauses for unit in clause.units}
        self._reader = Reader(sorted(units))
        self._segmenter = Segmenter()
        self._names = {fold(term): self._segmenter.is_word(term) for term in build_lexicon(outlines)}
        self._names |= {fold(place): False for place in place_names()}
        # Taken in now, the words that begin with these characters need not be when a sentence comes.
        self._segmenter.words("".join(sorted({char for outline in outlines for char in fold(outline.document.text)})))
        self._passages: OrderedDict[tuple[str, int, int, str], Passage] = OrderedDict()
        self._lock = Lock()

    def check(self, sentence: str, cited: Sequence[Citation]) -> Verdict:
        """`sentence` without its [n] marks; `cited` are the passages that they number."""
        if not cited:
            return Verdict((Fault("citation", sentence),))
        reading = self._reader.read(sentence, joined=True)
        passages = [self._passage(citation) for citation in cited]
        targets = [target for passage in passages for target in passage.targets]
        aligned: list[Aligned] = []
        before: Target | None = None
        for run in reading.sentences:
            parts = reading.parts[run.start : run.end]
            alike = resemblance(reading.keys[parts[0].start : parts[-1].end], targets)
            for part in parts:
                aligned.append(align(reading, part, targets, alike, before))
                main = aligned[-1].main
                before = main.target if main else before
        bounds: list[tuple[Target, int]] = []
        faults = [
            *figure_faults(reading, aligned, passages, bounds),
            *date_faults(reading, aligned, passages),
            *rhythm_faults(reading, aligned),
            *comparison_faults(reading, aligned),
            *doc_number_faults(reading, passages),
            *quoted_faults(reading, passages, self._reader.read_line),
            *title_faults(reading, aligned, passages),
            *article_faults(reading, aligned, passages),
            *unit_faults(reading, aligned, passages),
            *department_faults(reading, aligned),
            *name_faults(reading, aligned, passages, self._words),
            *opposite_faults(reading, aligned),
            *member_faults(reading, aligned),
            *wording_faults(reading, aligned),
            *level_faults(reading, aligned, passages),
            *item_faults(reading, aligned, passages),
            *merged_faults(reading, aligned, passages),
            *unsupported_faults(reading, aligned, passages),
        ]
        return Verdict(tuple(dict.fromkeys(faults)), omissions(reading, aligned, bounds))

    def _passage(self, citation: Citation) -> Passage:
        key = (citation.clause.document.id, *citation.span, citation.quote)
        with self._lock:
            if key in self._passages:
                self._passages.move_to_end(key)
                return self._passages[key]
        passage = read_passage(citation, self._reader)
        with self._lock:
            self._passages[key] = passage
            if len(self._passages) > REMEMBERED:
                self._passages.popitem(last=False)
        return passage

    def _words(self, reading: Reading) -> list[Word]:
        """The words of the sentence with their offsets, and the names that the corpus knows."""
        folded = fold(reading.text)
        found: list[Word] = []
        place = 0
        for word in self._segmenter.words(folded):
            start = folded.index(word, place)
            place = start + len(word)
            found.append(Word(word, start, place, False, True, self._segmenter.tag(word)))
        for start in range(len(folded)):
            for end in range(min(len(folded), start + LONGEST_NAME), start + 1, -1):
                everyday = self._names.get(folded[start:end])
                if everyday is not None:
                    found.append(Word(folded[start:end], start, end, True, everyday, "n"))
                    break
        return found
