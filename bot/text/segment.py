"""
Cut Chinese text into words, and into the pieces that BM25 counts.

    Segmenter(["先投后股"]).terms("探索“先投后股”,2027年达到30家")  ->  ["探索", "先投后股", "2027年", "达到", "30家"]

jieba's dictionary is taken in by first character, as texts need it: a question needs some twenty of its 11,772
characters, so the first word is there after 40 ms instead of 600, and no cache file has to be kept anywhere.
"""

import logging
import math
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.text.normalise import fold_width

# The sum of all frequencies in the dictionary of jieba 0.42.1, by which it turns a frequency into a probability.
DICTIONARY_TOTAL = 60_101_967
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
_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]+")
_SPELLED = re.compile(r"\w")

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
        self._tokenizer: Any = _jieba().Tokenizer()
        self._tokenizer.FREQ = {}
        self._tokenizer.total = DICTIONARY_TOTAL
        self._tokenizer.initialized = True
        self._lexicon: dict[str, set[str]] = {}  # first two characters -> words
        for word in map(fold, lexicon):
            if len(word) > 1:
                self._lexicon.setdefault(word[:2], set()).add(word)
        self._characters: set[str] = set()
        self._taken_in: set[str] = set()
        self._lock = threading.Lock()

    def words(self, text: str) -> list[str]:
        """The words of `text` in order, each as it stands there, punctuation included, white space not."""
        folded = "".join(small if len(small := character.lower()) == 1 else character for character in text)
        self._take_in(folded)
        words: list[str] = []
        start = 0
        for piece in self._tokenizer.cut(folded, HMM=False):
            words.append(text[start : start + len(piece)])
            start += len(piece)
        return [word for word in words if not word.isspace()]

    def terms(self, text: str) -> list[str]:
        """
        What `text` is about: words and the words inside long ones, small letters, half width, without stop words.

        A number stays with its unit (“30 家” is 30家), a bare year becomes 2027年.
        """
        folded = fold(text)
        self._take_in(folded)
        return [term for term in self._pieces(folded) if term not in STOP_WORDS and _SPELLED.search(term)]

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
        return self._dictionary.entry(word.lower())[1] or ("n" if _CHINESE_RUN.search(word) else "x")

    def is_place(self, word: str) -> bool:
        """Whether the dictionary has the word as the name of a place: 济南市, 深圳."""
        return self.tag(word) == "ns"

    def _frequency(self, word: str) -> int:
        return self._dictionary.entry(word.lower())[0]

    def _pieces(self, folded: str) -> Iterator[str]:
        for position, piece in enumerate(MEASURE.split(folded)):
            if position % 2 == 0:
                for word in self._tokenizer.cut(piece, HMM=False):
                    yield from self._inside(word)
                    yield word
            elif _BARE_YEAR.fullmatch(piece):
                yield f"{piece}年"
            else:
                yield re.sub(r"[\s,]", "", piece)

    def _inside(self, word: str) -> Iterator[str]:
        """The words within a word of three or more characters: 科技 and 科技局 in 市科技局."""
        if len(word) > 2 and not word.isascii():
            for start in range(len(word) - 1):
                for end in range(start + 2, len(word) + (start > 0)):
                    if self._tokenizer.FREQ.get(word[start:end]):
                        yield word[start:end]

    def _take_in(self, folded: str) -> None:
        """Give jieba the dictionary words that can start in this text and the lexicon words that stand in it."""
        if not (self._new_characters(folded) or self._new_words(folded)):
            return
        frequencies: dict[str, int] = self._tokenizer.FREQ
        with self._lock:
            characters = self._new_characters(folded)
            for character in characters:
                for word, (frequency, _) in self._dictionary.starting_with(character).items():
                    _put(frequencies, word, frequency)
            self._characters |= characters
            # Shorter words first: how often a word has to be, to stay whole, depends on the words inside it.
            for word in sorted(self._new_words(folded), key=len):
                _put(frequencies, word, self._tokenizer.suggest_freq(word))
                self._taken_in.add(word)

    def _new_characters(self, folded: str) -> set[str]:
        return set(folded) - self._characters

    def _new_words(self, folded: str) -> set[str]:
        pairs = map("".join, pairwise(folded))
        words = (word for pair in pairs for word in self._lexicon.get(pair, ()))
        return {word for word in words if word not in self._taken_in and word in folded}


def pieces(text: str) -> list[str]:
    """Every one and two neighbouring characters of the Chinese runs of `text`, marked: 瞪羚 -> _瞪, _羚, _瞪羚."""
    runs = _CHINESE_RUN.findall(fold(text))
    return [f"_{piece}" for run in runs for piece in (*run, *map("".join, pairwise(run)))]


def _put(frequencies: dict[str, int], word: str, frequency: int) -> None:
    """jieba finds a word only where each of its beginnings is a key too."""
    frequencies[word] = frequency
    for end in range(1, len(word)):
        frequencies.setdefault(word[:end], 0)


def fold(text: str) -> str:
    """The form in which texts and lexicon words are compared: half width, small letters."""
    return fold_width(text).lower()


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """jieba's dict.txt, and where in it the lines stand that begin with a character."""

    text: str
    places: Mapping[str, list[tuple[int, int]]]  # character -> (start, end) of each run of lines
    read: dict[str, Mapping[str, tuple[int, str]]]

    def starting_with(self, character: str) -> Mapping[str, tuple[int, str]]:
        """Word -> (frequency, class) for the words that begin with `character`, in small letters."""
        if character not in self.read:
            self.read[character] = MappingProxyType(dict(self._lines(character)))
        return self.read[character]

    def entry(self, word: str) -> tuple[int, str]:
        """Frequency and class; 0 and "" for a word that the dictionary does not have."""
        return self.starting_with(word[:1]).get(word, (0, ""))

    def _lines(self, character: str) -> Iterator[tuple[str, tuple[int, str]]]:
        for variant in {character, character.upper()}:
            for start, end in self.places.get(variant, ()):
                for line in self.text[start:end].splitlines():
                    word, frequency, tag = line.split(" ")
                    yield word.lower(), (int(frequency), tag)


@cache
def _dictionary() -> _Dictionary:
    text = (Path(_jieba().__file__).parent / "dict.txt").read_text(encoding="utf-8")
    places: dict[str, list[tuple[int, int]]] = {}
    # Nearly all words of a character stand together, so a run is one match.
    for run in re.finditer(r"^(.).*\n(?:\1.*\n)*", text, re.MULTILINE):
        places.setdefault(run[1], []).append(run.span())
    return _Dictionary(text, MappingProxyType(places), {})


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
