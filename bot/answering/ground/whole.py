"""
Whether a sentence holds together as its passages do: enough of it stands there, and no two statements are merged.

    "养犬人应当协助管理部门开展宣传工作"  beside  "居民委员会应当协助…"  and  "养犬人应当办理登记"
        ->  Fault("merged", "养犬人", "居民委员会")
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.ground.align import Aligned, Passage, Piece, Target, weight
from bot.answering.ground.reading import Reading
from bot.answering.ground.verdict import Fault

SUPPORTED = 0.45  # share of a sentence that stands in its passages
SHORTEST = 4.0  # a part with less is not judged by itself
SEAM = 3.0  # weight that a statement has on either side of a seam
_CONNECTIVE = re.compile(
    r"首先|其次|再次|最后|此外|另外|同时|并且|而且|因此|所以|总之|总的来说|综上所述?|具体来说|具体而言|也就是说|其中|需要注意的是|值得注意的是|需要说明的是"
    r"|一方面|另一方面|一是|二是|三是|四是|据此|依此|根据(?:上述|该|本|有关|相关)?(?:规定|方案|办法|条例|文件|政策|要求)?|按照(?:上述|该|本|有关|相关)?(?:规定|方案|办法|条例|文件|政策|要求)?"
    r"|方案(?:提出|明确|要求|规定)|文件(?:提出|明确|要求|规定)|(?:该|本)?(?:条例|办法|法律?)(?:提出|明确|要求|规定)|还|也|则|并|且"
)


def unsupported_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    heads = "".join(passage.head.plain for passage in passages)
    silent = {place for found in _CONNECTIVE.finditer(reading.text) for place in range(*found.span())}
    pairs = {heads[place : place + 2] for place in range(len(heads) - 1)}
    stands = total = 0.0
    for each in aligned:
        for place in range(*each.part):
            element = reading.elements[place]
            if element.start in silent or weight(element) == 0:
                continue
            total += weight(element)
            near = str(reading.text[max(0, element.start - 1) : element.start + 2])
            if place in each.beside or element.kind == "unit" or near[:2] in pairs or near[-2:] in pairs:
                stands += weight(element)
    if total >= SHORTEST and stands < SUPPORTED * total:
        yield Fault("unsupported", reading.text)


def merged_faults(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    for each in aligned:
        if each.main:
            for piece in each.others:
                if piece.target is not each.main.target and (fault := _within(reading, each, each.main, piece)):
                    yield fault
    for one, other in zip(aligned, aligned[1:], strict=False):
        if fault := _between(reading, one, other):
            yield fault


def _within(reading: Reading, aligned: Aligned, main: Piece, piece: Piece) -> Fault | None:
    """Words of another sentence in a part; they may be joined to it by 和 or 、, or be in it already."""
    if main.weight < SEAM:
        return None
    first, last = piece.pairs[0][0], piece.pairs[-1][0]
    for edge in (first - 1, last + 1):
        if aligned.part.start <= edge < aligned.part.end and reading.elements[edge].kind == "join":
            return None
    said = reading.said(first, last + 1)
    if said in main.target.passage.head.plain:
        return None
    return Fault("merged", said, _instead(main, first, last))


def _instead(main: Piece, first: int, last: int) -> str:
    """What the main sentence has between the neighbours of these elements."""
    behind = [there for here, there in main.pairs if here < first]
    ahead = [there for here, there in main.pairs if here > last]
    target = main.target
    start = behind[-1] + 1 if behind else target.parts[target.part_of[ahead[0]]].start if ahead else 0
    end = ahead[0] if ahead else start
    return _words(target, start, end)


def _words(target: Target, start: int, end: int) -> str:
    if end <= start:
        return ""
    return target.passage.reading.text[target.elements[start].start : target.elements[end - 1].end]


def _between(reading: Reading, one: Aligned, other: Aligned) -> Fault | None:
    """A part that goes on with the end of another statement, whose beginning the sentence leaves out."""
    if not (one.main and other.main) or one.main.target is other.main.target:
        return None
    if one.main.weight < SEAM or other.main.weight < SEAM:
        return None
    text = reading.text
    gap = text[reading.elements[one.part.end - 1].end : reading.elements[other.part.start].start]
    if any(mark in gap for mark in "；;。：:\n"):
        return None
    opening = text[reading.elements[other.part.start].start :]
    if _CONNECTIVE.match(opening):
        return None
    target = other.main.target
    first = target.part_of[other.main.pairs[0][1]]
    if first == 0 or target.parts[first].start < target.own:
        return None
    return Fault("merged", reading.said(other.part.start, other.part.end), _words(target, target.own, target.parts[first].start))
