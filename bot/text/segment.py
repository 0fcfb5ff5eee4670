"""
Cut Chinese text into words, and into the pieces that BM25 counts.

    Segmenter(["先投后股"]).terms("探索“先投后股”,2027年达到30家")  ->  ["探索", "先投后股", "2027年", "达到", "30家"]

jieba's dictionary is taken in by first character, as texts need it: a question needs some twenty of its 11,772
characters, so the first word is there after 40 ms instead of 600, and no cache file has to be kept anywhere. Its most
probable path is worked out here, word for word the same (a test holds them to it) in less than half the time.
"""

import logging
import math
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.text.normalise import fold_width

# The sum of all frequencies in the dictionary of jieba 0.42.1, by which it turns a frequency into a probability.
DICTIONARY_TOTAL = 60_101_967
_LOG_TOTAL = math.log(DICTIONARY_TOTAL)
_UNKNOWN = -_LOG_TOTAL  # the weight of a character that begins no word
RAREST = 3  # the frequency jieba gives words it has hardly seen
EVERYDAY = 0.4  # a word of frequency 2,400 or more, on the logarithmic scale of `rarity`

_UNITS = (
    "个工作日|工作日|个百分点|平方公里|平方米|立方米|公里|公顷|千米|千瓦|公斤|千克|小时|分钟|个月|周年|年度|美元|人次|"
    "年|月|日|天|周|季度|元|项|家|个|名|人|位|次|件|条|号|款|批|类|种|台|套|辆|支|只|期|级|届|所|座|处|间|倍|成|亩|米|吨|度|岁|户|股|份|页|字|章|节|编"
)
# A number with its unit, a bare year, a numbered article: one term each, whatever jieba would make of them.
MEASURE = re.compile(
    rf"(\d[\d,]*(?:\.\d+)?\s?(?:%|‰|[十百千万亿]{{0,2}}(?:{_UNITS})|[万亿])"
    r"|(?<!\d)(?:19|20)\d\d(?!\d)"
    r"|第\s?[\d零一二三四五六七八九十百千]+\s?[编章节条款项])"
)
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
CHINESE = ("\u3400", "\u9fff")  # first and last character
_CHINESE_RUN = re.compile(f"[{CHINESE[0]}-{CHINESE[1]}]+")
_SPELLED = re.compile(r"\w")
_LETTERS = re.compile(r"[a-z0-9]+")
_BEGINNING = -math.inf  # the weight of what begins a word and is none
_NO_WORD = -1e300  # less than any path weighs, more than a path over beginnings
_REMEMBERED = 1 << 16  # words whose terms are kept at hand

# Words that carry no topic of their own: a text that shares only these with a question says nothing about it.
_STOP_CHARACTERS = (
    "的了和与及而或是在有对为等把被让给到从于以将其之也还又都就很更最会要能并且所由向我你您他她它们这那哪几个请"
)
_STOP_PARTICLES = "吗呢吧啊呀嘛"
_STOP_PHRASES = "我们 你们 他们 一个 这个 那个 哪个 哪些 什么 怎么 怎样 如何 是否 多少 没有 可以 能否 请问 以及"
STOP_WORDS = frozenset((*_STOP_CHARACTERS, *_STOP_PARTICLES, *_STOP_PHRASES.split()))

# jieba's classes: pronoun, adverb, conjunction, preposition, particle, number … and those of names.
_FUNCTION_TAGS = frozenset("rdcpuyeomqfzt")
_NOUN_TAGS = frozenset("nsxjb")


class Segmenter:
    """
    jieba with a lexicon of our own; never jieba's global tokenizer. Safe to share between threads.

    How a text is cut depends on that text and the lexicon words in it alone, so that words of one document never
    change how another is cut.
    """

    def __init__(self, lexicon: Iterable[str] = ()) -> None:
        self._dictionary = _dictionary()
        self._blocks: re.Pattern[str] = _jieba().re_han_default
        self._weights: dict[str, float] = {}  # word, or beginning of one -> logarithm of its probability
        self._frequencies: dict[str, int] = {}  # of lexicon words
        self._lexicon: dict[str, set[str]] = {}  # first two characters -> words
        for word in map(fold, lexicon):
            if len(word) > 1:
                self._lexicon.setdefault(word[:2], set()).add(word)
        self._characters: set[str] = set()
        self._lock = threading.Lock()
        self._terms_of = lru_cache(_REMEMBERED)(self._find_terms_of)
        self._frequency = lru_cache(_REMEMBERED)(lambda word: self._dictionary.frequency(word.lower()))
        self._tag = lru_cache(_REMEMBERED)(self._find_tag)

    def words(self, text: str) -> list[str]:
        """The words of `text` in order, each as it stands there, punctuation included, white space not."""
        folded = text.lower()
        if len(folded) != len(text):
            folded = "".join(small if len(small := character.lower()) == 1 else character for character in text)
        self._take_in(folded)
        words: list[str] = []
        start = 0
        for piece in self._cut(folded):
            words.append(text[start : start + len(piece)])
            start += len(piece)
        return [word for word in words if not word.isspace()]

    def terms(self, text: str) -> list[str]:
        """
        What `text` is about: words and the words inside long ones, small letters, half width, without stop words.

        A number stays with its unit (“30 家” is 30家), a bare year becomes 2027年.
        """
        return self.terms_of_folded(fold(text))

    def terms_of_folded(self, folded: str) -> list[str]:
        """The terms of a text that `fold` has been over."""
        self._take_in(folded)
        return self._terms_of_known(folded)

    def terms_of_all(self, folded: Sequence[str]) -> Iterator[list[str]]:
        """The terms of each of these texts, taken in at once: for a build."""
        self._take_in("\n".join(folded))
        return map(self._terms_of_known, folded)

    def _terms_of_known(self, folded: str) -> list[str]:
        terms: list[str] = []
        for position, piece in enumerate(MEASURE.split(folded)):
            if position % 2 == 0:
                terms += chain.from_iterable(map(self._terms_of, self._cut(piece)))
            else:
                terms.append(f"{piece}年" if _BARE_YEAR.fullmatch(piece) else re.sub(r"[\s,]", "", piece))
        return terms

    def search_terms(self, text: str) -> list[str]:
        """
        What BM25 counts: the terms of `text`, and every one and two neighbouring characters of its Chinese runs.

        The characters are marked (_瞪, _瞪羚), so that a pair is not mistaken for the word; they find what a question
        words a little differently. Measured in docs/decisions.
        """
        return self.terms(text) + pieces(text)

    def is_word(self, word: str) -> bool:
        """Whether everyday Chinese has this word; the lexicon does not count."""
        return self._frequency(word) > 0

    def rarity(self, word: str) -> float:
        """From 0.05 for everyday words to 1 for words that the dictionary does not have or has hardly seen."""
        frequency = self._frequency(word)
        if not frequency:
            return 1.0
        rarity = math.log(DICTIONARY_TOTAL / frequency) / math.log(DICTIONARY_TOTAL / RAREST)
        return min(1.0, max(0.05, (rarity - EVERYDAY) / (1 - EVERYDAY)))

    def is_function(self, word: str) -> bool:
        """Whether the word holds a sentence together and names nothing: 以及, 哪些, 三."""
        return self.tag(word)[0] in _FUNCTION_TAGS

    def is_noun(self, word: str) -> bool:
        """Whether the word names something; so does every word the dictionary does not have."""
        tag = self.tag(word)
        return tag[0] in _NOUN_TAGS or tag == "vn"

    def tag(self, word: str) -> str:
        """jieba's class of the word: n, v, d …; n for a word the dictionary does not have, x for letters and marks."""
        return self._tag(word)

    def _find_tag(self, word: str) -> str:
        return self._dictionary.tag(word.lower()) or ("n" if _CHINESE_RUN.search(word) else "x")

    def is_place(self, word: str) -> bool:
        """Whether the dictionary has the word as the name of a place: 济南市, 深圳."""
        return self.tag(word) == "ns"

    def _find_terms_of(self, word: str) -> tuple[str, ...]:
        return tuple(term for term in (*self._inside(word), word) if term not in STOP_WORDS and _SPELLED.search(term))

    def _inside(self, word: str) -> Iterator[str]:
        """The words within a word of three or more characters: 科技 and 科技局 in 市科技局."""
        if len(word) > 2 and not word.isascii():
            for start in range(len(word) - 1):
                for end in range(start + 2, len(word) + (start > 0)):
                    if self._weights.get(word[start:end], _BEGINNING) > _BEGINNING:
                        yield word[start:end]

    def _cut(self, text: str) -> list[str]:
        """As jieba does without its HMM; all that is taken in already."""
        words: list[str] = []
        for position, block in enumerate(self._blocks.split(text)):
            words += self._most_probable(block) if position % 2 else block
        return words

    def _most_probable(self, block: str) -> list[str]:
        """The words on the path of most probability; of two alike the one with the longer first word."""
        weight_of = self._weights.get
        length = len(block)
        ends = list(range(1, length + 1))  # start of a word -> its end
        weights = [0.0] * (length + 1)  # of the best path from here to the end
        for start in range(length - 1, -1, -1):
            best, end = _NO_WORD, start + 1
            weight = weight_of(block[start])
            while weight is not None:
                whole = weight + weights[end]
                if whole >= best:
                    best, ends[start] = whole, end
                if end == length:
                    break
                end += 1
                weight = weight_of(block[start:end])
            weights[start] = best if best > _NO_WORD else _UNKNOWN + weights[start + 1]
        return _joined(block, ends)

    def _take_in(self, folded: str) -> None:
        """The dictionary words that can start in this text and the lexicon words that stand in it."""
        if not (self._new_characters(folded) or self._new_words(folded)):
            return
        with self._lock:
            self._take_in_characters(folded)
            self._take_in_words(self._new_words(folded))

    def take_in_lexicon(self) -> None:
        """All lexicon words at once, so that none has to be looked for in every text: for a build."""
        with self._lock:
            words = set().union(*self._lexicon.values())
            self._take_in_characters("".join(words))
            self._take_in_words(words - self._frequencies.keys())
            self._lexicon = {}

    def _take_in_characters(self, folded: str) -> None:
        characters = self._new_characters(folded)
        for character in characters:
            self._weights.update(self._dictionary.starting_with(character).weights)
        self._characters |= characters

    def _take_in_words(self, words: Iterable[str]) -> None:
        # Shorter words first: how often a word has to be, to stay whole, depends on the words inside it.
        for word in sorted(words, key=len):
            frequency = self._sufficient_frequency(word)
            self._weights[word] = math.log(frequency) - _LOG_TOTAL
            _add_beginnings(self._weights, [word])
            self._frequencies[word] = frequency

    def _sufficient_frequency(self, word: str) -> int:
        """How often a word has to be, to stay whole: jieba's suggest_freq."""
        likelihood = 1.0
        for part in self._cut(word):
            likelihood *= self._frequency_in_use(part, 1) / DICTIONARY_TOTAL
        return max(int(likelihood * DICTIONARY_TOTAL) + 1, self._frequency_in_use(word, 1))

    def _frequency_in_use(self, word: str, otherwise: int) -> int:
        """0 for what only begins a word, `otherwise` for what does not even that."""
        if word not in self._weights:
            return otherwise
        return self._frequencies.get(word) or self._frequency(word)

    def _new_characters(self, folded: str) -> set[str]:
        return set(folded) - self._characters

    def _new_words(self, folded: str) -> set[str]:
        if not self._lexicon:
            return set()
        pairs = map("".join, pairwise(folded))
        words = (word for pair in pairs for word in self._lexicon.get(pair, ()))
        return {word for word in words if word not in self._frequencies and word in folded}


def _joined(block: str, ends: Sequence[int]) -> list[str]:
    """The words of a path; single letters and digits in a row are one."""
    words: list[str] = []
    start, length = 0, len(block)
    while start < length:
        end = ends[start]
        if end == start + 1 and (letters := _LETTERS.match(block, start)):
            while end < letters.end() and ends[end] == end + 1:
                end += 1
        words.append(block[start:end])
        start = end
    return words


def pieces(text: str) -> list[str]:
    """Every one and two neighbouring characters of the Chinese runs of `text`, marked: 瞪羚 -> _瞪, _羚, _瞪羚."""
    runs = _CHINESE_RUN.findall(fold(text))
    return [f"_{piece}" for run in runs for piece in (*run, *map("".join, pairwise(run)))]


def fold(text: str) -> str:
    """The form in which texts and lexicon words are compared: half width, small letters."""
    return fold_width(text).lower()


def _add_beginnings(weights: dict[str, float], words: Iterable[str]) -> None:
    """A word is found only where each of its beginnings is a key too."""
    for word in words:
        for end in range(1, len(word)):
            weights.setdefault(word[:end], _BEGINNING)


class _Entries(NamedTuple):
    """The words that begin with one character, in small letters."""

    frequencies: Mapping[str, int]
    tags: Mapping[str, str]  # jieba's classes
    weights: Mapping[str, float]  # of the words and of their beginnings


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """jieba's dict.txt, and where in it the lines stand that begin with a character."""

    text: str
    places: Mapping[str, list[tuple[int, int]]]  # character -> (start, end) of each run of lines
    read: dict[str, _Entries]

    def starting_with(self, character: str) -> _Entries:
        if character not in self.read:
            self.read[character] = self._read(character)
        return self.read[character]

    def frequency(self, word: str) -> int:
        """0 for a word that the dictionary does not have."""
        return self.starting_with(word[:1]).frequencies.get(word, 0)

    def tag(self, word: str) -> str:
        """Empty for a word that the dictionary does not have."""
        return self.starting_with(word[:1]).tags.get(word, "")

    def _read(self, character: str) -> _Entries:
        variants = dict.fromkeys((character.upper(), character))
        lines = "".join(self.text[start:end] for variant in variants for start, end in self.places.get(variant, ()))
        fields = lines.split()
        words = [word.lower() for word in fields[::3]]
        frequencies = dict(zip(words, map(int, fields[1::3]), strict=True))
        weights = {word: math.log(frequency) - _LOG_TOTAL for word, frequency in frequencies.items()}
        _add_beginnings(weights, words)
        read = (frequencies, dict(zip(words, fields[2::3], strict=True)), weights)
        return _Entries(*map(MappingProxyType, read))  # type: ignore[arg-type]


@cache
def _dictionary() -> _Dictionary:
    text = (Path(_jieba().__file__).parent / "dict.txt").read_text(encoding="utf-8")
    places: dict[str, list[tuple[int, int]]] = {}
    # Nearly all words of a character stand together, so a run is one match.
    for run in re.finditer(r"^(.).*\n(?:\1.*\n)*", text, re.MULTILINE):
        places.setdefault(run[1], []).append(run.span())
    return _Dictionary(text, MappingProxyType(places), {})


def read_ahead() -> None:
    """Read the words that begin with a common character, level 1 of GB 2312, before a text asks for them."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    for character in b"".join(rows).decode("gb2312", errors="ignore"):
        _dictionary().starting_with(character)


@cache
def _jieba() -> Any:
    """
    jieba, quiet.

    It looks for its dictionary through setuptools' pkg_resources, which takes 0.3 s to import, and does without where
    that is missing.
    """
    hide = "pkg_resources" not in sys.modules
    if hide:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        import jieba
    finally:
        if hide:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel(logging.CRITICAL)
    return jieba
