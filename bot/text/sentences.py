"""
Cut Chinese text into sentences, as spans.

探索“拨投结合；先投后股”。（责任单位：市财政局）壮大耐心资本。
    ->  探索“拨投结合；先投后股”。 | （责任单位：市财政局） | 壮大耐心资本。

A sentence ends at 。！？； or a line break, never inside “…” or （…）; closing quotes stay with their sentence.
"""

from collections import Counter

from bot.types import Span

_ENDS = frozenset("。！？；!?;")
_COLONS = frozenset("：:")
_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "「": "」", "『": "』", "【": "】", "〔": "〕"}
_QUOTES = frozenset("”’」』")
_BRACKETS = frozenset("（(")


def split_sentences(text: str) -> list[Span]:
    """
    The sentences of `text` in order, without the whitespace around them; together they cover everything else.

    A quote or bracket that never closes on its line holds nothing together. A bracket that opens a sentence and
    names something, “（责任单位：…）”, is a sentence of its own.
    """
    spans: list[Span] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        start = 0
        for end in [*_ends(line), len(line)]:
            piece = line[start:end]
            if body := piece.strip():
                first = offset + start + piece.index(body[0])
                spans.append(Span(first, first + len(body)))
            start = end
        offset += len(line)
    return spans


def _ends(line: str) -> list[int]:
    """Where sentences end in one line, exclusive."""
    partners = _partners(line)
    ends: list[int] = []
    position = 0
    while position < len(line):
        close = partners.get(position)
        if close is None:
            ended = line[position] in _ENDS
            position += 1
        else:
            ended = line[close] in _QUOTES and line[close - 1] in _ENDS
            ended = ended or (line[position] in _BRACKETS and _stands_alone(line, position, close, ends))
            position = close + 1
        if ended:
            while position < len(line) and (line[position] in _ENDS or line[position] in _QUOTES):
                position += 1
            ends.append(position)
    return ends


def _stands_alone(line: str, opened: int, closed: int, ends: list[int]) -> bool:
    opens_sentence = not line[ends[-1] if ends else 0 : opened].strip()
    return opens_sentence and any(mark in line[opened:closed] for mark in _COLONS | _ENDS)


def _partners(line: str) -> dict[int, int]:
    """Opening mark -> its closing mark, for the pairs that close on this line."""
    found: dict[int, int] = {}
    open_marks: list[tuple[int, str]] = []
    waiting: Counter[str] = Counter()
    for position, char in enumerate(line):
        if char in _PAIRS:
            open_marks.append((position, _PAIRS[char]))
            waiting[_PAIRS[char]] += 1
        elif waiting[char]:
            closer = ""
            while closer != char:
                opened, closer = open_marks.pop()
                waiting[closer] -= 1
            found[opened] = position
    return found
