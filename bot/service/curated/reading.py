"""
Read a question for comparing it with another: what kind of thing it asks for, and of what.

    Reader(embedder).read("2026年中试平台归谁管？")
        ->  Reading(kind="who", words=("中试平台",), figures={"2026年"}, negated=False, …)

The vocabulary is data, in words.toml. Nothing of the index goes in, so a change of the corpus changes no match.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.index.embed import StaticEmbedder, Vectors
from bot.text.segment import Segmenter

LIGHT = 0.03  # the weight of a word that hardly tells one question from another; the others weigh LEAST to 1
LEAST = 0.5
COUNTED = ("count", "list")  # the kinds whose question word stands before what it asks for
LONGEST_TARGET = 8
REMEMBERED = 8192  # words whose vectors are kept at hand, some 16 MB
SHORT_YEAR = re.compile(r"(?<!\d)(2\d)年(?!前|以|内|级|[工以])")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
RELATIVE = re.compile(
    r"(?P<year>今年|本年度?|明年|后年|去年|前年)|下半年|上半年|下个?月|本月|上个?月|现在|目前|当前|已经"
)
YEARS_ON = {"今年": 0, "本年": 0, "本年度": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2}
NOW = dict.fromkeys(("现在", "目前", "当前", "已经"), "现在")
PERIOD = re.compile(r"每年度?|每个?月|(?<![本\d\s])年度|一年(?![多半以])|一个月(?!内)|按[年月]")
PERIODS = dict.fromkeys(("每年", "每年度", "年度", "一年", "按年"), "每年") | dict.fromkeys(
    ("每月", "每个月", "一个月", "按月"), "每月"
)
NUMERAL = re.compile(r"\d+(?:\.\d+)?")
# 没签, 未办 say no; 未来, 不到 and 不动产 do not.
NEGATED = re.compile(r"[不没未](?![到足满够低少同过仅断动良超限来必经高错妨管如论])")
KEPT = re.compile(
    r"贴息|利率|利息|租金|房租|经费|投资|收费|截止|开始|结束|报名|受理|发布|印发|到账|发放|到期|有效期|补贴|补助|奖励|奖补|奖金"
    r"|工资|津贴|补偿|规模|税率|扣除|资助|任期|材料|咨询|投诉|申报|申请|办结|[补奖贷赔抵租退]"
)


@dataclass(frozen=True)
class Reading:
    """A question taken apart. `words` are those that say what it is about, each under its name in words.toml."""

    asked: str  # as it came
    text: str  # without marks
    kind: str  # of words.toml; empty where none is seen
    words: tuple[str, ...]
    weights: tuple[float, ...]
    sequence: tuple[str, ...]  # all words as they stand, with repetitions
    telling: tuple[str, ...]  # the words that are not light, as they stand, with repetitions
    vectors: Vectors  # of the words, float32 [words, dimension], of length 1 or 0
    figures: frozenset[str]  # years and numbers as they are compared: 2026年, 18, 今年
    negated: bool
    target: str  # what is counted or listed: 场景 of 能报几个场景
    places: frozenset[str]  # but for home
    clauses: tuple[frozenset[str], ...]  # the words between commas that tell
    characters: frozenset[str]  # of the words that tell, as typed and as named
    whole: Vectors  # of all the words that tell, float32 [dimension]
    apart: Mapping[int, frozenset[str]]  # line of words.toml -> which of its words are named


class Reader:
    """Reads questions; safe to share between threads."""

    def __init__(self, embedder: StaticEmbedder, home: str = "") -> None:
        self._segmenter, self._home = Segmenter(vocabulary().lexicon), home
        self.vector = lru_cache(maxsize=REMEMBERED)(lambda word: embedder.embed([word])[0])
        self._dimension = embedder.dimension

    def read(self, text: str, on: date) -> Reading:
        """Of a question of plain width and script (bot.text.normalise), asked `on` a day, which 今年 goes by."""
        known, asked, typed = vocabulary(), text, re.sub(r"\W", "", text)
        figures, text = _figures(text, on)
        kind, topic, behind = _kind(text)
        words: dict[str, float] = {}
        names, telling, places, negated = [], [], set(), False
        characters: set[str] = set()
        for word in self._segmenter.words(topic):
            if not re.search(r"[^\W\d]", word):
                continue
            light = word in known.light
            name = word if light else known.same.get(word, word)
            names.append(name)
            negated = negated or word in known.negated or bool(name == word and NEGATED.match(word))
            if self._segmenter.is_place(word) and word not in self._home and not light:
                places.add(word.removesuffix("市").removesuffix("省"))
            if not light:
                telling.append(name)
                characters.update(word, name)
            words.setdefault(name, LIGHT if light else LEAST + (1 - LEAST) * self._segmenter.rarity(word))
        return Reading(
            asked,
            typed,
            kind,
            tuple(words),
            tuple(words.values()),
            tuple(names),
            tuple(telling),
            np.array([self.vector(word) for word in words], dtype=np.float32).reshape(-1, self._dimension),
            figures,
            negated,
            self._target(behind) if kind in COUNTED else "",
            frozenset(places),
            _clauses(topic, self._segmenter.words),
            frozenset(characters),
            self._middle(telling),
            _apart("/".join(names)),
        )

    def _middle(self, words: Sequence[str]) -> Vectors:
        if not words:
            return np.zeros(self._dimension, dtype=np.float32)
        middle: Vectors = np.mean([self.vector(word) for word in words], axis=0)
        return middle / max(float(np.linalg.norm(middle)), 1e-9)

    def nouns(self, text: str) -> list[str]:
        """The words of a question that name something and tell it from others."""
        words = self._segmenter.words(text)
        return [
            word for word in words if len(word) > 1 and word not in vocabulary().light and self._segmenter.is_noun(word)
        ]

    def _target(self, behind: str) -> str:
        for word in self._segmenter.words(behind[:LONGEST_TARGET]):
            if not re.search(r"\w", word):
                break
            if word not in vocabulary().light or len(word) > 1:
                return vocabulary().same.get(word, word)
        return ""


@dataclass(frozen=True)
class Vocabulary:
    """words.toml as it is used."""

    kinds: Mapping[str, re.Pattern[str]]
    near: frozenset[frozenset[str]]
    light: frozenset[str]
    same: Mapping[str, str]
    negated: frozenset[str]
    apart: tuple[re.Pattern[str], ...]
    lexicon: tuple[str, ...]  # what is one word wherever it stands


@cache
def vocabulary() -> Vocabulary:
    data: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    lines = [line.split() for line in data["same"]["words"].strip().splitlines()]
    same = {word: line[0] for line in reversed(lines) for word in line}
    apart = [line.split() for line in data["apart"]["words"].strip().splitlines()]
    names = (word for line in [*lines, *apart] for word in line if len(word) > 1)
    return Vocabulary(
        {kind: re.compile("|".join(parts)) for kind, parts in data["kinds"].items()},
        frozenset(frozenset(pair) for pair in data["near"]["kinds"]),
        frozenset(data["light"]["words"].split()),
        same,
        frozenset(data["negated"]["words"].split()),
        tuple(re.compile("|".join({same.get(word, word) for word in line})) for line in apart),
        tuple(dict.fromkeys(names)),
    )


def _kind(text: str) -> tuple[str, str, str]:
    """The kind of a question, its text without the words that ask, and what stands right behind those."""
    found = behind = ""
    for kind, pattern in vocabulary().kinds.items():
        if (not found or kind == "whether") and (match := pattern.search(text)):
            if not found:
                behind = text[match.end() :]
            found = found or kind
            text = pattern.sub(lambda asked: f" {' '.join(KEPT.findall(asked[0]))} ", text)
    return found, text, behind


def _apart(text: str) -> Mapping[int, frozenset[str]]:
    found = {place: frozenset(pattern.findall(text)) for place, pattern in enumerate(vocabulary().apart)}
    return {place: words for place, words in found.items() if words}


def _clauses(topic: str, words: Callable[[str], list[str]]) -> tuple[frozenset[str], ...]:
    if not re.search("[,;。?].", topic):
        return ()
    known = vocabulary()
    parts = ({known.same.get(word, word) for word in words(part)} for part in re.split("[,;。?]", topic))
    return tuple(map(frozenset, parts))


def _figures(text: str, on: date) -> tuple[frozenset[str], str]:
    """The years and numbers of a question, and its text without the years."""
    found: set[str] = {f"{year}年" for year in YEAR.findall(text)}
    found |= {f"20{year}年" for year in SHORT_YEAR.findall(text)}
    found |= {PERIODS[period[0]] for period in PERIOD.finditer(YEAR.sub(" ", text))}
    for relative in RELATIVE.finditer(text):
        shift = YEARS_ON.get(relative["year"] or "")
        found.add(NOW.get(relative[0], relative[0]) if shift is None else f"{on.year + shift}年")
    plain = SHORT_YEAR.sub(" ", YEAR.sub(" ", RELATIVE.sub(" ", text)))
    return frozenset(found | set(NUMERAL.findall(plain))), plain
