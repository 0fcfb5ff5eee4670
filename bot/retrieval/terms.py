"""
The words of a question that say what it is about, and what else documents may call them.

    "海底采矿的机器能不能支持"  ->  (Term("海底", 0.37, ("深海",)), Term("采矿", 0.21, ("集矿机", …)), Term("机器", …))

Vocabulary is data: synonyms.toml, stop_words.txt, technologies.txt.
"""

import re
import tomllib
from collections.abc import Callable, Container, Iterator
from functools import cache, lru_cache
from pathlib import Path

from bot.retrieval.asks import topic_of
from bot.text.segment import Segmenter
from bot.types import Term

NUMBER = re.compile(r"\d+(?:\.\d+)?")
YEAR = re.compile(r"(?:19|20)\d{2}年?")
# 8+X, a year, a figure with its measure: each one word of a question.
QUANTITY = re.compile(
    r"([A-Za-z0-9]+\+[A-Za-z0-9]+|(?<![A-Za-z])(?:19|20)\d{2}年?(?![A-Za-z])"
    r"|(?<![A-Za-z\d])\d+(?:\.\d+)?(?![A-Za-z\d])(?:%|万|亿)?[个家项名条种类支所座位大]?)"
)
QUOTED = re.compile(r"\"([^\"]{2,12})\"")
SINGLE = re.compile(r"[\u4e00-\u9fff]")
VAGUE = re.compile(r"[一二三四五六七八九十两几这那哪每某各][\u4e00-\u9fff]{1,3}|.{0,2}(什么|哪些|怎么|多少|怎样).{0,2}")
VERB_WEIGHT = 0.5  # what is done says less about the subject than what it is done to
SAID_WEIGHT = 0.5  # an everyday phrase of synonyms.toml
PAIR = 2  # characters of most Chinese words
GENERAL = frozenset({"智能", "智慧", "数字", "工业", "生物", "网络"})  # they set nothing apart
COMPOUND = 0.3  # what standing together adds
REMEMBERED = 1024  # questions, and words, of which the phrases of synonyms.toml are kept at hand
SHORTEST_PHRASE = 3  # characters; a shorter one must be a word or two of the question, not a part of one


def find_terms(
    text: str, segmenter: Segmenter, lexicon: Container[str], mentions: Callable[[str], bool]
) -> tuple[Term, ...]:
    """The terms of a normalised question, in the order asked; `mentions` tells whether the corpus has a word."""
    found = {said: Term(said, 1.0) for said in QUOTED.findall(text) if mentions(said)}
    topic = topic_of(text)
    # An industry that no document names is one word, so that its parts (机器人 of 人形机器人) do not find others.
    for name in unknown_technologies(text, mentions):
        found[name] = Term(name, 1.0)
        topic = re.sub(re.escape(name), " ", topic, flags=re.IGNORECASE)
    for word in _words(topic, segmenter, mentions):
        if NUMBER.match(word):
            found.setdefault(word, Term(word, 1.0))
        elif word in lexicon or (_is_topic(word) and not segmenter.is_function(word)):
            weight = rarity(word, segmenter) * (1.0 if segmenter.is_noun(word) else VERB_WEIGHT)
            others = alternatives(word, text)
            if others and not mentions(word):
                weight = max(weight, SAID_WEIGHT)
            found.setdefault(word, Term(word, weight, others))
    pieces = [[word.lower() for word in segmenter.words(piece)] for piece in QUANTITY.split(text)]
    whole = {"".join(words[at : at + length]) for words in pieces for at in range(len(words)) for length in (1, PAIR)}
    whole |= {said for said, _ in _said_in(text.lower()) if len(said) >= SHORTEST_PHRASE}
    for said, means in synonyms():
        if said in whole and not any(said in word.lower() or word.lower() in said for word in found):
            found[said] = Term(said, SAID_WEIGHT, means)
    return tuple(found.values())


def is_figure(term: Term) -> bool:
    """Whether the term is a number other than a year: 10项, 8大."""
    return bool(NUMBER.match(term.text)) and not YEAR.match(term.text)


def unknown_technologies(text: str, mentions: Callable[[str], bool]) -> list[str]:
    """
    The industries and technologies named in `text` that the corpus does not know under this or another name.

    What sets one apart stands first: a corpus that has 类脑 knows of 类脑芯片, one that has 机器人 not of 人形机器人.
    """
    named = dict.fromkeys(name.lower() for name in _technologies().findall(text))
    return [name for name in named if not any(map(mentions, (name, *_specifier(name), *alternatives(name, name))))]


def _specifier(name: str) -> tuple[str, ...]:
    first = name[:PAIR]
    return (first,) if SINGLE.match(name) and len(name) > PAIR and first not in GENERAL else ()


def rarity(word: str, segmenter: Segmenter) -> float:
    """As the segmenter's; a compound of everyday words (数据服务) is little rarer than the rarest of them."""
    if segmenter.is_word(word) or len(word) < 2 * PAIR:
        return segmenter.rarity(word)
    parts = [word[start : start + PAIR] for start in range(0, len(word), PAIR)]
    if len(word) % PAIR or not all(segmenter.is_word(part) for part in parts):
        return segmenter.rarity(word)
    return min(1.0, max(map(segmenter.rarity, parts)) + COMPOUND)


def _words(topic: str, segmenter: Segmenter, mentions: Callable[[str], bool]) -> Iterator[str]:
    """The topic's words; single characters that stand together are one word that no dictionary has: 算, 力 -> 算力."""
    for piece in QUANTITY.split(topic):
        if QUANTITY.fullmatch(piece):
            yield piece
            continue
        single = ""
        for word in (*segmenter.words(piece), ""):
            if SINGLE.fullmatch(word) and not segmenter.is_function(word):
                single += word
                continue
            if single:
                yield single if mentions(single) else single.strip("".join(stop_words()))
            if word:
                yield word
            single = ""


def _is_topic(word: str) -> bool:
    if len(word) < 2 or word.lower() in stop_words():
        return False
    return bool(re.search(r"\w", word)) and not VAGUE.fullmatch(word)


def alternatives(word: str, text: str) -> tuple[str, ...]:
    """Other words documents may use for `word` of the question `text`, from synonyms.toml."""
    word, text = word.lower(), text.lower()
    found = (means for said, means in _said_in(text) if _overlap(said, word))
    return tuple(dict.fromkeys(other for means in found for other in means if other != word))


@lru_cache(REMEMBERED)
def _said_in(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of `synonyms` those that stand in a text in small letters."""
    return tuple((said, means) for said, means in synonyms() if said in text)


def _overlap(said: str, word: str) -> bool:
    return said == word or (len(word) > 1 and len(said) > 1 and (word in said or said in word))


@cache
def _technologies() -> re.Pattern[str]:
    """Any name of technologies.txt, the longest that fits; one in letters only as a word of its own."""
    names = sorted((Path(__file__).parent / "technologies.txt").read_text(encoding="utf-8").split(), key=len)
    whole = (rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name) for name in names)
    return re.compile("|".join(reversed(list(whole))), re.IGNORECASE)


@cache
def stop_words() -> frozenset[str]:
    """Function words, forms of address and words that every question about a plan contains (stop_words.txt)."""
    return frozenset((Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").split())


@cache
def synonyms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(said, means) for every phrase of synonyms.toml, in small letters."""
    entries = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))["synonym"]
    return tuple((said.lower(), tuple(entry["means"])) for entry in entries for said in entry["said"])
