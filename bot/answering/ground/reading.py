"""
Read a text as elements that compare across spellings: figures, dates, units, modal words, and single characters.

    "应当在三十天内报市工信局"  ->  应当 · 在 · 30日 · 以内 · 报 · 市工业和信息化局

What is read alike compares alike: 300万元 and 三百万元, 2025年底 and 2025年12月31日, 应 and 应当, 市工信局 and
市工业和信息化局. Words that carry nothing (的, 将) and marks of quotation are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bot.answering.ground.elements import LIMITS, Element, find_elements, fold, key_of
from bot.answering.ground.spellings import CITY, spellings
from bot.types import Span

_ENDS = frozenset("。；;！!？?\n：:")
_PART_ENDS = _ENDS | frozenset("，,")
_JOINS = frozenset("、和与及或")
# Marks of quotation, brackets and words that no statement hangs on.
_SILENT = frozenset("\"'《》〈〉「」『』【】()（） 　\t的了其将把之*等")

LINES = 4096  # kept as they were read
SHORTEST_UNIT = 3  # characters of a unit without its city
_PAPER = "规定|方案|办法|条例|文件|政策|要求|法律|法|通知|意见|条款|条文|原文|上述内容"
_SAYS = "(?:提出|明确|要求|规定|指出|提到|强调)(?:了)?"
_CONNECTIVE = re.compile(
    r"首先|其次|再次|最后|此外|另外|同时|并且|而且|因此|所以|总之|总的来说|总体来看|综上所述?|简而言之|换言之|换句话说"
    r"|具体来说|具体而言|具体来看|也就是说|其中|与此同时|在此基础上|在这方面|对此|为此|据此|依此|一方面|另一方面|[一二三四]是"
    r"|需要(?:特别)?(?:注意|说明|指出)的是|值得(?:注意|一提)的是"
    rf"|(?:根据|按照|依据|依照)(?:上述|该|本|有关|相关|现行|以上|前述)*(?:{_PAPER})(?:的?(?:规定|要求|精神))?"
    rf"|(?:该|本|上述|有关|相关)?(?:{_PAPER})(?:还|也|中)?(?:{_SAYS})|还|也|则|并|且"
)
_JOINING = re.compile(
    rf"(?:(?<=^)|(?<=[，,；;。：:]))(?:{_CONNECTIVE.pattern})(?!的|实施|落实|执行)"
    rf"|(?<=[》条款项])(?:中|还|也|明确)*(?:{_SAYS})(?=[，,：:])"  # 《…》第四条规定，
    rf"|(?:(?<=^)|(?<=[；;。]))(?:根据|按照|依据|依照)(?=《[^》]*》[^，,。]{{0,24}}[，,])"
    rf"|(?<=[.、)\"])\"?部分(?:中|还|也|明确)*(?:{_SAYS})(?=[，,：:])"
)


@dataclass(frozen=True)
class Reading:
    """A text, its elements, and its parts: runs of elements between commas or stronger marks."""

    text: str
    elements: tuple[Element, ...]
    parts: tuple[Span, ...] = field(repr=False)  # into `elements`
    sentences: tuple[Span, ...] = field(repr=False)  # into `parts`

    @cached_property
    def keys(self) -> str:
        return "".join(element.key for element in self.elements)

    @cached_property
    def silent(self) -> frozenset[int]:
        """Where words stand that only join sentences: 首先, 根据该方案."""
        return frozenset(place for found in _CONNECTIVE.finditer(self.text) for place in range(*found.span()))

    def said(self, start: int, end: int) -> str:
        """The words of the elements from `start` to `end`."""
        return self.text[self.elements[start].start : self.elements[end - 1].end] if end > start else ""

    @cached_property
    def plain(self) -> str:
        """The text, width folded, without white space and silent marks."""
        return "".join(char for char in fold(self.text) if char not in _SILENT)


class Reader:
    """Reads texts; `units` are the names of the units a corpus knows."""

    def __init__(self, units: Iterable[str]) -> None:
        self._canonical: dict[str, str] = {}
        for unit in units:
            for variant in spellings(fold(unit)):
                self._canonical.setdefault(variant, fold(unit))
        for unit in units:
            self._canonical[fold(unit)] = fold(unit)
        self.read_line = lru_cache(LINES)(self.read)  # titles and headings stand above many passages
        # 工信局 is 市工业和信息化局, and no other level's.
        bare = {CITY.sub("", name): name for name in self._canonical if CITY.match(name)}
        self._canonical |= {name: self._canonical[full] for name, full in bare.items() if len(name) >= SHORTEST_UNIT}
        names = sorted(self._canonical, key=len, reverse=True)
        self._units = re.compile("|".join(map(_unit_pattern, names))) if names else None

    def read(self, text: str, *, joined: bool = False) -> Reading:
        """`joined`: words that only join sentences, at the beginning of a part, are left out."""
        folded = fold(text)
        if joined:
            folded = _JOINING.sub(lambda found: " " * len(found[0]), folded)
        elements: list[Element] = []
        parts: list[Span] = []
        sentences: list[Span] = []
        part_start = sentence_start = 0
        taken = sorted(find_elements(folded, self._known_units), key=lambda each: each.start)
        place = 0
        for special in [*taken, None]:
            end = special.start if special else len(folded)
            while place < end:
                char = folded[place]
                # 1,000 is read as a figure before; a comma here ends a part.
                if char in _PART_ENDS:
                    if len(elements) > part_start:
                        parts.append(Span(part_start, len(elements)))
                        part_start = len(elements)
                    if char in _ENDS and len(parts) > sentence_start:
                        sentences.append(Span(sentence_start, len(parts)))
                        sentence_start = len(parts)
                elif char in _JOINS:
                    elements.append(Element("、", "join", place, place + 1))
                elif char not in _SILENT:
                    elements.append(Element(char, "char", place, place + 1))
                place += 1
            if special:
                elements.append(special)
                place = special.end
                if _bounds_next(elements, part_start):
                    # 约30个 as 30个左右.
                    elements[-2:] = elements[:-3:-1]
        if len(elements) > part_start:
            parts.append(Span(part_start, len(elements)))
        if len(parts) > sentence_start:
            sentences.append(Span(sentence_start, len(parts)))
        return Reading(text, tuple(elements), tuple(parts), tuple(sentences))

    def _known_units(self, folded: str) -> Iterator[Element]:
        for found in self._units.finditer(folded) if self._units else ():
            name = self._canonical[found[0]]
            yield Element(key_of("unit", name), "unit", *found.span(), name)


def _bounds_next(elements: list[Element], start: int) -> bool:
    """Whether the last element is a figure, right behind its bound, in one part."""
    if len(elements) - start < 2 or elements[-1].kind != "figure":
        return False
    bound, figure = elements[-2:]
    if len(elements) - start > 2 and elements[-3].kind == "figure" and elements[-3].end == bound.start:
        return False  # 三万元以上五万元以下: it bounds the figure before it
    return bound.kind == "bound" and bound.value in LIMITS and bound.end <= figure.start <= bound.end + 1


def _unit_pattern(name: str) -> str:
    return re.escape(name) if CITY.match(name) else f"(?<![省区县家国部州]){re.escape(name)}"
