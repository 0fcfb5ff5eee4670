"""
Whether a sentence holds together as its passages do: enough of it stands there, and no two statements are merged.

    "养犬人应当协助管理部门开展宣传工作"  beside  "居民委员会应当协助…"  and  "养犬人应当办理登记"
        ->  Fault("merged", "养犬人", "居民委员会")
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.answering.ground.align import Aligned, Passage, Piece, Target, title_of, weight
from bot.answering.ground.elements import fold
from bot.answering.ground.reading import Reading
from bot.answering.ground.verdict import Fault

SUPPORTED = 0.45  # share of a sentence that stands in its passages
SHORTEST = 4.0  # a part with less is not judged by itself
LEFT_OUT = 2.0  # weight of what a statement may lack at its beginning
REPLACED = 2  # characters that words from elsewhere in a sentence stand for
LONGEST_TOPIC = 12  # characters of a clause's title that a sentence names as its topic
SEAM = 3.0  # weight that a statement has on either side of a seam
_STRONG = re.compile(r"此外|另外|同时|与此同时|其次|再次|最后|一方面|另一方面|[一二三四]是|首先|并且还")
# What may open a statement and be left out of it: a purpose or an adverb, no subject and no condition.
_ADVERBIAL = re.compile(
    r"^(?:聚焦|围绕|针对|面向|结合|通过|根据|按照|依托|依照|为|以|从|在|到|把握|紧扣|瞄准|发挥|积极|加快|进一步|大力|逐步|全面|建立|加强|加大|打造|推动|推进|支持|鼓励|深化|完善|统筹|建设|布局|突破|强化|优化|提升|培育|引导|探索|实施|落实|开展|研发|定期|常态化|与)"
)
# What tells the purpose or result of what is said before it.
_DEPENDS = re.compile(
    r".*除外$|为.{2,}(?:提供|奠定)|促进|提升|提高|带动|补齐|缩短|确保|增强|激发|畅通|持续|从而|以(?!投)|学习|引领|加速|有效|协同|实现|形成|保障|避免|防止"
)
# What says nothing before a statement follows: a condition, a purpose.
_OPEN = re.compile(r"(?:的|时|后|情况下|条件下)$")
_OPENER = re.compile(r"^(?:为|以|因|但)(?!中心|主)")
# What a sentence that only tells who is responsible consists of, beside the units.
_FRAME = re.compile(
    r"(?:这|该|上述|此)(?:项|些)?(?:工作|任务|措施|事项)|共同|分别|联合|由|负责|承担|落实|责任单位|牵头|配合|是|为|包括|有|之一|均|都"
)
_JUDGED = frozenset({"title", "doc_number", "article", "date", "unit"})  # each by a check of its own
_TELLS_TIME = frozenset({"date", "figure", "bound"})


def unsupported_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    if _FRAME.sub("", reading.plain) == "" or all(
        element.kind in ("unit", "join", "role") or element.start in _framed(reading) for element in reading.elements
    ):
        return
    if any(reading.plain in passage.reading.plain for passage in passages):
        return
    heads = "".join(passage.head.plain for passage in passages)
    pairs = {heads[place : place + 2] for place in range(len(heads) - 1)}
    stands = total = 0.0
    for each in aligned:
        for place in range(*each.part):
            element = reading.elements[place]
            if element.start in reading.silent or weight(element) == 0:
                continue
            total += weight(element)
            near = str(reading.text[max(0, element.start - 1) : element.start + 2])
            if place in each.beside or element.kind in _JUDGED or near[:2] in pairs or near[-2:] in pairs:
                stands += weight(element)
    if total >= SHORTEST and stands < SUPPORTED * total:
        yield Fault("unsupported", reading.text)


def _of_another_clause(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    """在量子信息领域，… with what the clause on 卫星互联网 says; both are cited."""
    plain = fold(reading.text)
    titles = {title_of(passage): passage for passage in passages if title_of(passage)}
    topics = [
        title for title in titles if re.search(rf"(?:^|在|就|,){re.escape(fold(title))}(?:领域|方面|赛道|方向)", plain)
    ]
    named = topics or [title for title in titles if fold(title) in plain]
    if len(titles) < 2 or len(named) != 1:
        return
    title, owner = named[0], titles[named[0]]
    at = plain.index(fold(title))
    for each in aligned:
        main = each.main
        if (
            not main
            or main.weight < SEAM
            or reading.elements[each.part.end - 1].end <= at
            or main.target.passage is owner
        ):
            continue
        if (
            len(title) <= LONGEST_TOPIC
            and fold(title) not in main.target.passage.reading.plain + main.target.passage.head.plain
        ):
            yield Fault("merged", title, title_of(main.target.passage))
            return


def _framed(reading: Reading) -> set[int]:
    return {place for found in _FRAME.finditer(reading.text) for place in range(*found.span())}


def merged_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    yield from _of_another_clause(reading, aligned, passages)
    for each in aligned:
        if each.main:
            for piece in each.others:
                if fault := _within(reading, each, each.main, piece):
                    yield fault
    for one, other in pairwise(aligned):
        if fault := _between(reading, one, other, aligned):
            yield fault


def _within(reading: Reading, aligned: Aligned, main: Piece, piece: Piece) -> Fault | None:
    """Words of another sentence in a part; they may be joined to it by 和 or 、, or be in it already."""
    if main.weight < SEAM or _is_heading(main.target) or _one_sentence(main.target, piece.target):
        return None
    first, last = piece.pairs[0][0], piece.pairs[-1][0]
    own = {here for here, _ in main.pairs}
    for edge, beyond in ((first - 1, first - 2), (last + 1, last + 2)):
        joined = aligned.part.start <= edge < aligned.part.end and reading.elements[edge].kind == "join"
        if joined and (beyond in own or not aligned.part.start <= beyond < aligned.part.end):
            return None
    said = reading.said(first, last + 1)
    if said in main.target.passage.head.plain:
        return None
    stated = _instead(main, first, last)
    if piece.weight < SEAM and len(stated) < REPLACED:
        return None
    if not stated and _opens_before(piece, main):
        return None
    if piece.target is main.target:
        # Of the same sentence it may stand elsewhere, but not in the place of something else.
        parts = {piece.target.part_of[there] for _, there in piece.pairs}
        if len(stated) < REPLACED or parts & {main.target.part_of[there] for _, there in main.pairs}:
            return None
    return Fault("merged", said, stated)


def _opens_before(piece: Piece, main: Piece) -> bool:
    """Whether the words open an earlier sentence of the same passage: its subject, which goes on being meant."""
    target = piece.target
    left_out = [each for each in target.elements[target.own : piece.pairs[0][1]] if each.kind != "article"]
    earlier = target.passage is main.target.passage and target.span.start < main.target.span.start
    return earlier and sum(map(weight, left_out)) <= LEFT_OUT


def _instead(main: Piece, first: int, last: int) -> str:
    """What the main sentence has between the neighbours of these elements."""
    behind = [there for here, there in main.pairs if here < first]
    ahead = [there for here, there in main.pairs if here > last]
    target = main.target
    start = behind[-1] + 1 if behind else target.parts[target.part_of[ahead[0]]].start if ahead else 0
    end = ahead[0] if ahead else start
    while start < end and target.elements[start].kind == "article":
        start += 1
    return _words(target, start, end)


def _words(target: Target, start: int, end: int) -> str:
    if end <= start:
        return ""
    return target.passage.reading.text[target.elements[start].start : target.elements[end - 1].end]


def _between(reading: Reading, one: Aligned, other: Aligned, aligned: Sequence[Aligned]) -> Fault | None:
    """A part that goes on with the end of another statement, whose subject or condition the sentence leaves out."""
    if not (one.main and other.main) or one.main.target is other.main.target or _is_heading(one.main.target):
        return None
    said = sum(
        weight(reading.elements[here]) for here, _ in one.main.pairs if reading.elements[here].kind not in _TELLS_TIME
    )
    if said < SEAM or other.main.weight < SEAM:
        return None
    gap = reading.text[reading.elements[one.part.end - 1].end : reading.elements[other.part.start].start]
    if any(mark in gap for mark in "；;。：:\n") or _STRONG.search(gap):
        return None
    if _leads(one.main.target, other.main.target) or _leads(other.main.target, one.main.target):
        return None
    target = other.main.target
    if reading.keys[one.part.start : one.part.end] in target.keys:
        return None
    words = reading.said(*one.part)
    opens = _OPEN.search(words) or (one.part.start == 0 and _OPENER.search(words))
    if opens and not _one_sentence(one.main.target, target):
        return Fault("merged", reading.said(*other.part))
    first = other.main.pairs[0][1]
    first_part = target.parts[target.part_of[first]]
    if any(
        there in range(first_part.start, first)
        for piece in one.others
        if piece.target is target
        for _, there in piece.pairs
    ):
        return None  # what leads to it stands in the part before: 采用协议定价的，应当公示
    told = {
        there for each in aligned for piece in (*each.others, each.main) if piece and piece.target is target
        for _, there in piece.pairs
    }  # fmt: skip
    left_out = [
        element
        for place, element in enumerate(target.elements[target.own : first], start=target.own)
        if element.kind != "article" and place not in told
    ]
    if sum(map(weight, left_out)) <= LEFT_OUT:
        return None
    depends = target.part_of[first] > 0 and _DEPENDS.match(reading.said(*other.part))
    if _ADVERBIAL.search(_words(target, target.own, first)) and not depends:
        return None
    return Fault("merged", reading.said(*other.part), _words(target, target.own, first))


def _is_heading(target: Target) -> bool:
    """Whether it is the heading of its passage: it says what the others are about."""
    words = "".join(each.key for each in target.elements if each.kind != "article")
    return words in target.passage.head.keys


def _leads(lead: Target, item: Target) -> bool:
    """Whether an item of a list follows from this sentence: 有下列行为之一的，处罚款：（一）…"""
    return lead.passage is item.passage and item.led_from <= lead.span.start < item.span.start


def _one_sentence(one: Target, other: Target) -> bool:
    """Whether no full stop stands between them in one passage."""
    if one.passage is not other.passage:
        return False
    start, end = sorted((one.span.start, other.span.start))
    return "。" not in one.passage.reading.text[start:end]
