"""
Whether two questions ask the same: the features of a pair, and what a logistic model learnt makes of them.

    alike(read("中试平台归谁管"), read("建中试平台找哪个局"))  ->  (0.97, 0.2)
    alike(read("中试平台归谁管"), read("孵化器归谁管"))        ->  (0.02, 0.55)

What the two have in common tells little: whoever asks something near uses nearly all the same words. So the features
are of what is left over on either side, and of what the two ask for.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.index.embed import Vectors
from bot.service.curated.reading import Reading, vocabulary

MODEL = Path(__file__).with_name("likeness.toml")
UNLIKE, ALIKE = (
    0.1,
    0.6,
)  # cosine of two words: below the one they have nothing to do with each other, above they stand for each other
HALF = 0.5
TRUST = 0.8
VETOES = (
    "figures_exchanged",
    "year_gained",
    "apart",
    "other_kind",
    "target",
    "denied",
    "turned",
)  # another question, whatever else is alike


def features(entry: Reading, asked: Reading, beside: Sequence[Reading] = ()) -> dict[str, float]:
    """
    What a model weighs of the pair, mostly 0 to 1; see the names.

    beside: other ways to ask the same as `entry`; what one of them says is nothing new in `asked`.
    """
    cosines: Vectors = entry.vectors @ asked.vectors.T
    spelt_there = [_by_letters(word, asked) for word in entry.words]
    spelt_here = [max((_by_letters(word, other) for other in (entry, *beside)), default=0.0) for word in asked.words]
    heard = _shares(spelt_here, cosines.max(axis=0, initial=0.0))
    common = {word for word, share in zip(asked.words, heard, strict=True) if share >= HALF and word in asked.telling}
    aside = frozenset[str]().union(*(clause for clause in asked.clauses if not clause & common))
    here = [0.0 if word in aside else weight for word, weight in zip(asked.words, asked.weights, strict=True)]
    missing = _left(entry.weights, _shares(spelt_there, cosines.max(axis=1, initial=0.0)))
    extra = _left(here, heard)
    unsaid, unheard = max(_left(entry.weights, spelt_there), default=0.0), max(_left(here, spelt_here), default=0.0)
    alike_else = max((*missing, *extra), default=0.0) < HALF
    framed = _framed(entry.telling, asked.telling)
    typed = _framed(entry.text, asked.text)
    lost, gained = entry.figures - asked.figures, asked.figures - entry.figures
    return {
        "one": 1.0,
        "missing": sum(missing) / (sum(entry.weights) or 1.0),
        "extra": sum(extra) / (sum(asked.weights) or 1.0),
        "most_missing": max(missing, default=0.0),
        "most_extra": max(extra, default=0.0),
        "exchanged": min(max(missing, default=0.0), max(extra, default=0.0)),
        "exchanged_letters": min(unsaid, unheard),
        "target": float(
            bool(entry.target and asked.target)
            and max(_covered(entry.target, asked.target), _covered(asked.target, entry.target)) < HALF
            and entry.target != asked.target
        ),
        "typed": typed,
        "typed_missing": typed * unsaid,
        "typed_extra": typed * unheard,
        "typed_exchanged": typed * min(unsaid, unheard),
        "framed": framed,
        "framed_missing": framed * unsaid,
        "framed_extra": framed * unheard,
        "framed_exchanged": framed * min(unsaid, unheard),
        "common": sum(entry.weights) - sum(missing),
        "near_kind": float(entry.kind != asked.kind and frozenset((entry.kind, asked.kind)) in vocabulary().near),
        "no_kind": float(entry.kind != asked.kind and not (entry.kind and asked.kind)),
        "other_kind": float(
            bool(entry.kind and asked.kind)
            and entry.kind != asked.kind
            and frozenset((entry.kind, asked.kind)) not in vocabulary().near
        ),
        "figures_lost": float(bool(lost)),
        "figures_gained": float(bool(gained)),
        "year_gained": float(any(figure.endswith("年") for figure in gained)),
        "figures_exchanged": float(bool(lost and gained)),
        "place_gained": float(bool(asked.places - entry.places)),
        "place_exchanged": float(bool(asked.places - entry.places and entry.places - asked.places)),
        "negated": float(entry.negated != asked.negated),
        "denied": float(entry.negated != asked.negated and alike_else),
        "turned": float(alike_else and _turned(entry.sequence, asked.sequence)),
        "apart": float(any(not words & asked.apart.get(line, words) for line, words in entry.apart.items())),
        "apart_gained": float(any(line not in entry.apart for line in asked.apart)),
        "apart_lost": float(any(line not in asked.apart for line in entry.apart)),
    }


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt: the weights of the features, and from which probability on a question is answered."""

    threshold: float
    weights: Mapping[str, float]

    def probability(self, values: Mapping[str, float]) -> float:
        """That a pair with these features asks the same."""
        if any(values[name] for name in VETOES):
            return 0.0
        return 1 / (1 + math.exp(-sum(self.weights[name] * value for name, value in values.items())))


def alike(entry: Reading, asked: Reading, beside: Sequence[Reading] = ()) -> tuple[float, float]:
    """The probability that one answer serves both, and how far they are typed alike, both 0 to 1."""
    values = features(entry, asked, beside)
    return model().probability(values), values["typed"]


@cache
def model() -> Model:
    return Model(**tomllib.loads(MODEL.read_text(encoding="utf-8")))


def _shares(spelt: Sequence[float], nearest: Vectors) -> list[float]:
    """
    Of each word how far the other question says it, 0 to 1: by its letters, or by the nearest of the other's words.

    A likeness of vectors alone is worth TRUST at the most; 勘探 and 开采 are alike too.
    """
    alike = ((nearest - UNLIKE) / (ALIKE - UNLIKE)).tolist()
    return [max(share, min(near, TRUST)) if share < TRUST else share for share, near in zip(spelt, alike, strict=True)]


def _by_letters(word: str, other: Reading) -> float:
    """How far the other says the word, by its letters."""
    if word in other.words:
        return 1.0
    if not other.characters.intersection(word):
        return 0.0
    return max(_spelled(word, other.characters), *(_covered(word, each) for each in other.words))


def _spelled(word: str, characters: frozenset[str]) -> float:
    """水电 is spelled with what 停水 and 停电 are spelled with."""
    return 0.7 if len(word) > 1 and characters.issuperset(word) else 0.0


@lru_cache(maxsize=65536)
def _covered(word: str, other: str) -> float:
    """How far `other` says what `word` says, by the spelling: 园区 a half of 未来园区, 未来园区 all of 园区."""
    if word in other:
        return 0.85 if len(word) > 1 else 0.7
    if _abbreviates(word, other) or _abbreviates(other, word):
        return 0.8
    if len(other) > 1 and word.startswith(other):
        return 0.75
    return 0.5 if len(other) > 1 and word.endswith(other) else 0.0


def _abbreviates(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in this order: 民企 in 民营企业, 房补 in 住房补贴."""
    characters = iter(long)
    return 1 < len(short) < len(long) <= 3 * len(short) and all(character in characters for character in short)


def _framed(own: Sequence[str], other: Sequence[str]) -> float:
    """
    The share of the words, or characters, that both have alike at their beginnings and ends, 0 to 1.

    Whoever asks the same in other words seldom leaves the sentence as it stands and changes one word of it; whoever
    asks something near does: 幼儿园学费可以退吗, 培训班学费可以退吗.
    """
    short = min(len(own), len(other))
    start = next((at for at in range(short) if own[at] != other[at]), short)
    end = next((at for at in range(short - start) if own[-1 - at] != other[-1 - at]), short - start)
    return 2 * (start + end) / (len(own) + len(other)) if short else 0.0


def _turned(own: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two words have changed places: 青岛企业迁到外地 for 外地企业迁到青岛."""
    common = [word for word in dict.fromkeys(own) if word in other and len(word) > 1]
    beside, there = ({word: _neighbours(words, word) for word in common} for words in (own, other))
    return any(
        beside[one] & there[two]
        and beside[two] & there[one]
        and not (beside[one] & there[one] or beside[two] & there[two])
        for place, one in enumerate(common)
        for two in common[place + 1 :]
    )


def _neighbours(words: Sequence[str], word: str) -> frozenset[tuple[int, str]]:
    """The words before (-1) and after (1) it."""
    at = words.index(word)
    return frozenset((step, words[at + step]) for step in (-1, 1) if 0 <= at + step < len(words))


def _left(weights: Sequence[float], covered: Sequence[float]) -> list[float]:
    """Of each word, the weight that nothing on the other side stands for."""
    return [weight * (1.0 - share) for weight, share in zip(weights, covered, strict=True)]
