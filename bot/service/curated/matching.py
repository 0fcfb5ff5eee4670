"""
Which curated answer a question asks for, if any: the one whose wordings ask the same, and no other.

    Matcher(entries, reader).match("中试平台这事找哪个局")  ->  Match(entry, 0.93, "中试平台归谁管？")

Entries that have nothing to do with the question are set aside by their vectors, some microseconds each; a few are
compared word by word (likeness.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.service.curated.entries import Entry
from bot.service.curated.likeness import alike, model
from bot.service.curated.reading import Reader, Reading
from bot.text.normalise import normalise

MOST = 3  # entries compared word by word
FAR = 0.3  # cosine to the middle of an entry's wordings; what is less alike asks something else
LEAST_LETTERS = 0.34  # of the characters of the one that has fewer, that both must have
TYPED = 0.5  # a wording typed so far alike decides, whatever the others say


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that answers, how sure it is (0 to 1), and which of its wordings was met."""

    entry: Entry
    probability: float
    wording: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """How an entry may be asked for, and what only sounds like it."""

    positives: tuple[Reading, ...]
    negatives: tuple[Reading, ...]

    def probability(self, asked: Reading) -> tuple[float, Reading]:
        """That `asked` asks for the entry, and the wording that comes nearest."""
        best, nearest = 0.0, self.positives[0]
        typed, decided = 0.0, 0.0
        for reading in self.positives:
            if not _share_letters(reading, asked):
                continue
            beside = tuple(other for other in self.positives if other is not reading)
            likely, as_typed = alike(reading, asked, beside)
            if likely > best:
                best, nearest = likely, reading
            if as_typed > typed:
                typed, decided = as_typed, likely
        # What is typed like one wording but for a word is another question, however like it a second wording seems.
        likely = min(best, decided) if typed >= TYPED else best
        return (0.0 if self._denied(asked, likely) else likely), nearest

    def _denied(self, asked: Reading, likely: float) -> bool:
        if not likely or not self.negatives:
            return False
        said = frozenset[str]().union(*(reading.telling for reading in self.positives))
        return any(
            set(negative.telling) & set(asked.telling) - said or alike(negative, asked)[0] >= likely
            for negative in self.negatives
        )


def _share_letters(own: Reading, other: Reading) -> bool:
    """Whether they share enough to be compared; most do not, and looking costs little."""
    fewer = min(len(own.characters), len(other.characters))
    return len(own.characters & other.characters) >= LEAST_LETTERS * fewer


class Matcher:
    """The live entries of a moment; those of an earlier one that are still the same need not be read again."""

    def __init__(self, entries: Sequence[Entry], reader: Reader, before: Matcher | None = None) -> None:
        self._entries, self._reader = tuple(entries), reader
        read: dict[tuple[str, int], Wordings] = before._read_so_far if before else {}
        self._read_so_far: dict[tuple[str, int], Wordings] = {
            (entry.id, entry.version): read.get((entry.id, entry.version)) or self._read(entry) for entry in entries
        }
        self._wordings = tuple(self._read_so_far.values())
        middles = [np.mean([each.whole for each in wordings.positives], axis=0) for wordings in self._wordings]
        self._middles = np.array(middles, dtype=np.float32)

    def match(self, question: str, on: date | None = None) -> Match | None:
        """The entry that answers a question which stands alone; `on`: the day it is asked."""
        day = on or date.today()
        if not self._entries:
            return None
        asked = self._reader.read(normalise(question), day)
        if not asked.telling:
            return None
        found = [match for match in self._near(asked) if match.entry.holds_on(day)]
        best = max(found, key=lambda match: match.probability, default=None)
        return best if best and best.probability >= model().threshold else None

    def nearest(self, question: str, on: date | None = None) -> Sequence[Match]:
        """The entries that come near, the nearest first, whether or not they would answer."""
        if not self._entries:
            return ()
        asked = self._reader.read(normalise(question), on or date.today())
        return sorted(self._near(asked), key=lambda match: -match.probability)

    def _near(self, asked: Reading) -> list[Match]:
        cosines = self._middles @ asked.whole
        places = np.argpartition(-cosines, min(MOST, len(cosines) - 1))[:MOST]
        found = []
        for place in places:
            if cosines[place] >= FAR:
                probability, wording = self._wordings[place].probability(asked)
                found.append(Match(self._entries[place], probability, wording.asked))
        return found

    def _read(self, entry: Entry) -> Wordings:
        written = entry.changed_at.date()  # 今年 meant that year
        draft = entry.draft
        return Wordings(
            tuple(self._reader.read(normalise(wording), written) for wording in (draft.question, *draft.variants)),
            tuple(self._reader.read(normalise(wording), written) for wording in draft.negatives),
        )
