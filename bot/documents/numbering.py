"""
Find the numerals that divide a text, and the parts they open.

三、重点任务 （一）… 1.… 2.… 四、…  ->  Part(三、, (Part(（一）, (Part(1.), Part(2.))),)), Part(四、)

A numeral opens a part only as a member of a sequence, so “第三条所称企业…”, “8+X”, “1.4万件” and “一、二级” do not. In
flattened text, where lines say nothing, a numeral may also stand after a gap or the end of a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bot.text.numerals import chinese_number
from bot.types import Span

_NUMERAL = r"[一二三四五六七八九十百千零〇两]{1,7}"
# “第三条　为了” is surely an article; “第三条所称” only if the sequence needs it.
_SEPARATED = r"(?P<sure>(?=[\s：:【（(]|$))?"
_PATTERNS = {  # from the outermost level inwards
    "编": rf"第(?P<n>{_NUMERAL})编{_SEPARATED}",
    "分编": rf"第(?P<n>{_NUMERAL})分编{_SEPARATED}",
    "章": rf"第(?P<n>{_NUMERAL})章{_SEPARATED}",
    "节": rf"第(?P<n>{_NUMERAL})节{_SEPARATED}",
    "条": rf"第(?P<n>{_NUMERAL})条(?:之(?P<sub>{_NUMERAL}))?{_SEPARATED}",
    "一、": rf"(?P<n>{_NUMERAL})(?P<sure>、)",
    "(一)": rf"[（(](?P<n>{_NUMERAL})(?P<sure>[）)])、?",
    "1.": r"(?P<n>\d{1,3})(?P<sure>[.．、])(?!\d)",
    "(1)": r"[（(](?P<n>\d{1,2})(?P<sure>[）)])、?",
}
_LEVELS = tuple(re.compile(pattern, re.M) for pattern in _PATTERNS.values())
_NAMES = tuple(_PATTERNS)
ARTICLE = _NAMES.index("条")
SUBSECTION = _NAMES.index("(一)")
ITEM = _NAMES.index("1.")

_QUOTED = re.compile(r"《[^《》]*》|“[^“”]*”")
_CONTENTS = re.compile(r"^[ \t　]*目[ \t　]*[录次][ \t　]*\n\s*(.+)", re.M)
# “附件：1.…… 2.……” lists what is attached; its numbers go on with no sequence of the text.
_ATTACHED_LIST = re.compile(r"附(?<!\S附)(?:件|录|表)?\s*[：:](?=\s*[1１][.．、])[^。！？]{0,500}")
_BEFORE_NUMERAL = frozenset("。；：！？”）;:)")
_FLAT_LINE = 600  # characters; a longer line was several paragraphs before it was flattened
_FEW = 3  # lines; a text of no more is flattened however short they are

_GAP_WIDEST = 5  # a published statute may skip a number; it does not skip six
_GAP_COST = 1.0
_RESTART_COST = 0.5

Number = tuple[int, int]  # 第十条之二 is (10, 2)
_NONE: Number = (0, 0)


class _End(NamedTuple):
    """The best sequence that ends with some number: its weight, and the index of its last mark."""

    weight: float
    last: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A numeral that may open a part."""

    level: int
    start: int
    end: int
    number: Number
    ref: str  # 三、 (四) 10. 第四十五条之一, as a citation writes it
    sure: bool  # cannot be part of a sentence
    at_line_start: bool

    @property
    def opens(self) -> bool:
        return self.number == (1, 0)

    @property
    def is_heading(self) -> bool:
        """“第八条　…” on a line of its own: no sentence of another part looks like that."""
        return self.sure and self.at_line_start

    @property
    def is_statute_heading(self) -> bool:
        return self.level <= ARTICLE and self.is_heading

    @property
    def weight(self) -> float:
        """1.0 for a heading on a line of its own, 0.1 for “……。第八条所称” in flattened text."""
        return 0.1 + 0.5 * self.at_line_start + 0.4 * self.sure


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part and the parts inside it; `span` runs to the start of the next one."""

    mark: Mark
    span: Span
    children: tuple[Part, ...]

    @property
    def own(self) -> Span:
        """The text before the first child."""
        return Span(self.span.start, self.children[0].span.start if self.children else self.span.end)

    def until(self, end: int) -> Part:
        """The same part with its end, and that of its last children, cut off at `end`."""
        children = self.children
        if children:
            children = (*children[:-1], children[-1].until(end))
        return Part(self.mark, Span(self.span.start, end), children)


def opens_article_item(text: str, position: int) -> bool:
    """Whether a 项, （一）…, opens at `position`."""
    return _LEVELS[SUBSECTION].match(text, position) is not None


def read_ref(text: str, start: int = 0) -> tuple[str, int] | None:
    """The place that `text` names at `start` and where its name ends: 二、（三）1.… -> ("二、(三)1.", 7); else None."""
    if article := _LEVELS[ARTICLE].match(text, start):
        return _ref(ARTICLE, article["n"], article["sub"]), article.end()
    ref, position = "", start
    for level in range(ARTICLE + 1, len(_LEVELS)):
        if match := _LEVELS[level].match(text, position):
            ref, position = ref + _ref(level, match["n"], None), match.end()
    return (ref, position) if ref else None


class Lines:
    """The lines of a text, each from its first visible character; which of them are flattened paragraphs."""

    def __init__(self, text: str) -> None:
        self._spans = [Span(*match.span()) for match in re.finditer(r"\S[^\n]*", text)]
        self._starts = [span.start for span in self._spans]

    def at(self, position: int) -> Span:
        return self._spans[bisect_right(self._starts, position) - 1]

    def is_flat(self, line: Span) -> bool:
        return len(self._spans) <= _FEW or line.end - line.start > _FLAT_LINE


class Divider:
    """Cuts a text at the sequences of its numerals, the outermost level first."""

    def __init__(self, text: str, lines: Lines) -> None:
        self._marks = _find_marks(text, lines)
        # Articles are counted through all chapters: “第三条所称…” in chapter one is not the 第三条 of chapter two.
        self._marks[ARTICLE] = best_sequence(self._marks[ARTICLE])
        self._starts = [[mark.start for mark in marks] for marks in self._marks]
        self._last: dict[int, Number] = {}  # 三(二) may go on with 4. where 三(一) ended with 3.

    def divide(self, region: Span, level: int = 0) -> tuple[Span, tuple[Part, ...]]:
        """The text of `region` before its first numbered part, and those parts."""
        for inner in range(level, len(_LEVELS)):
            if chain := self._sequence(region, inner):
                lead, before = self.divide(Span(region.start, chain[0].start), inner + 1)
                ends = [mark.start for mark in chain[1:]] + [region.end]
                return lead, before + tuple(self._part(mark, end) for mark, end in zip(chain, ends, strict=True))
        return region, ()

    def _part(self, mark: Mark, end: int) -> Part:
        # An article is the smallest part a statute's citation needs: its 项 stay with their 款.
        children = () if mark.level == ARTICLE else self.divide(Span(mark.end, end), mark.level + 1)[1]
        return Part(mark, Span(mark.start, end), children)

    def _sequence(self, region: Span, level: int) -> Sequence[Mark]:
        starts = self._starts[level]
        first, end = bisect_left(starts, region.start), bisect_left(starts, region.end)
        marks = self._marks[level][first:end]
        if level == ARTICLE:
            return marks
        following = self._marks[level][end : end + 1]
        chain = best_sequence(marks, self._last.get(level, _NONE)) or _single(marks, following)
        if chain:
            self._last[level] = chain[-1].number
        return chain


def best_sequence(marks: Sequence[Mark], last: Number = _NONE) -> list[Mark]:
    """
    The sequence 1, 2, 3 … of most weight among `marks`, counted from one or on from `last`.

    It may start again at one (an attached document). Only 编 章 节 条 may skip a number, where the mark is sure.
    """
    ends = {_NONE: _End(0.0, -1), (last[0], 0): _End(0.0, -1), last: _End(0.0, -1)}
    previous: list[int] = []
    best = _End(0.0, -1)
    for index, mark in enumerate(marks):
        before = max(_predecessors(mark, ends, best), default=None)
        previous.append(before.last if before else -1)
        if before is None:
            continue
        reached = _End(before.weight + mark.weight, index)
        for number in {mark.number, (mark.number[0], 0)}:  # 第十条之二 is followed by 之三 or by 第十一条
            if number not in ends or reached.weight > ends[number].weight:
                ends[number] = reached
        if reached.weight > best.weight:
            best = reached
    return _believable(_walk_back(marks, previous, best.last), last)


def _predecessors(mark: Mark, ends: Mapping[Number, _End], best: _End) -> Iterator[_End]:
    number, sub = mark.number
    if mark.opens and best.last >= 0:
        yield _End(best.weight - _RESTART_COST, best.last)
    expected = (number, sub - 1) if sub else (number - 1, 0)
    if expected in ends:
        yield ends[expected]
    if mark.is_statute_heading and not sub:
        for gap in range(1, _GAP_WIDEST):
            if end := ends.get((number - 1 - gap, 0)):
                yield _End(end.weight - gap * _GAP_COST, end.last)


def _walk_back(marks: Sequence[Mark], previous: Sequence[int], index: int) -> list[Mark]:
    chain: list[Mark] = []
    while index >= 0:
        chain.append(marks[index])
        index = previous[index]
    return chain[::-1]


def _believable(chain: Sequence[Mark], last: Number) -> list[Mark]:
    """Without a 1. that no 2. follows, except where it stands as a chapter or an article does."""
    kept = [
        mark
        for mark, following in pairwise([*chain, None])
        if mark and (not mark.opens or (following and not following.opens) or mark.is_statute_heading)
    ]
    if len(kept) == 1 and not kept[0].is_heading and kept[0].number != (last[0] + 1, 0):
        return []
    return kept


def _single(marks: Sequence[Mark], following: Sequence[Mark]) -> list[Mark]:
    """三(一) may hold 1. alone, if 三(二) goes on with 2."""
    goes_on = any(mark.number == (2, 0) for mark in following)
    return [mark for mark in marks if mark.opens and mark.sure][:1] if goes_on else []


def _find_marks(text: str, lines: Lines) -> list[list[Mark]]:
    """The marks of each level in reading order."""
    hidden = _hidden(text)
    lists = [Span(*match.span()) for match in _ATTACHED_LIST.finditer(text)]

    def place(level: int, start: int) -> bool | None:
        """True at the start of a line, False inside flattened text, None where no numeral can open a part."""
        if _inside(hidden, start) or (level == ITEM and _inside(lists, start)):
            return None
        line = lines.at(start)
        if line.start == start:
            return True
        before = text[start - 1]
        return False if (before.isspace() or before in _BEFORE_NUMERAL) and lines.is_flat(line) else None

    return [
        [
            _mark(level, match, at_line_start)
            for match in pattern.finditer(text)
            if (at_line_start := place(level, match.start())) is not None
        ]
        for level, pattern in enumerate(_LEVELS)
    ]


def _inside(spans: Sequence[Span], position: int) -> bool:
    before = bisect_left(spans, (position,)) - 1
    return before >= 0 and position < spans[before].end


def _hidden(text: str) -> list[Span]:
    """Where no numeral opens a part: in quotes, in names of documents, in a table of contents."""
    hidden = [Span(*match.span()) for match in _QUOTED.finditer(text)]
    if contents := _CONTENTS.search(text):
        first_line = contents[1].strip()
        body = text.find(first_line, contents.end())
        if body > 0:
            hidden.append(Span(contents.start(), body))
            hidden = [span for span in hidden if not contents.start() < span.start < body]
    return sorted(hidden)


def _mark(level: int, match: re.Match[str], at_line_start: bool) -> Mark:
    groups = match.groupdict()
    numeral, sub = groups["n"], groups.get("sub")
    main = int(numeral) if numeral.isdigit() else chinese_number(numeral)
    return Mark(
        level=level,
        start=match.start(),
        end=match.end(),
        number=(main, chinese_number(sub) if sub else 0),
        ref=_ref(level, numeral, sub),
        sure=groups["sure"] is not None,
        at_line_start=at_line_start,
    )


def _ref(level: int, numeral: str, sub: str | None) -> str:
    if level <= ARTICLE:
        return f"第{numeral}{_NAMES[level]}" + (f"之{sub}" if sub else "")
    if numeral.isdigit():  # １ is 1
        numeral = str(int(numeral))
    return _NAMES[level].replace("一" if "一" in _NAMES[level] else "1", numeral)
