"""
What a sentence drops of the statements it repeats: exceptions, conditions, thresholds, deadlines.

    "船主可以延期"  of  "情况特殊的，经港务部门批准，船主可以延期。"  ->  经港务部门批准，

Only what belongs to a statement that is repeated: its other parts, and a sentence behind it that opens with 但 or
“不受此限”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.ground.align import Aligned, Target, weight
from bot.answering.ground.quantities import _RHYTHMS
from bot.types import Span

COVERED = 0.5  # share of a part that the sentence repeats
_EXCEPTION = re.compile(
    r"^(?:但|除|另有|法律、|法律、行政法规|国家另有|确需|因特殊|特殊情况)|除外|另有规定|从其规定|不受.{0,10}限|不适用|不在此限|以外的?$|例外"
)
_CONDITION = re.compile(
    r"的$|^(?:未?经|符合|具备|具有|违反|对|因|在.*(?:前|后|时|内|情况下|条件下|范围内)$)|情形|条件下|前提下|基础上$|情况下|期限内|(?:日|月|年|小时)[以之]?内|前$|经.{0,20}(?:批准|同意|审核|核准|许可|备案)"
)
_LIMIT = re.compile(
    r"不(?:得)?(?:超过|少于|低于|高于)|至少|至多|最多|最少|以上|以下|以内|(?:日|月|年)内|截至|左右|每年|限于|仅|只"
)


def omissions(aligned: Sequence[Aligned], bounds: Sequence[tuple[Target, int]]) -> tuple[Span, ...]:
    """In reading order, each once, as offsets into the documents of the passages."""
    found: list[Span] = []
    said: dict[int, tuple[Target, set[int]]] = {}
    for each in aligned:
        for piece in (*((each.main,) if each.main else ()), *each.others):
            said.setdefault(id(piece.target), (piece.target, set()))[1].update(there for _, there in piece.pairs)
    for target, places in said.values():
        found += _of_target(target, places)
    for target, place in bounds:
        found.append(_span(target, target.parts[target.part_of[place]]))
    return tuple(dict.fromkeys(sorted(found)))


def _of_target(target: Target, places: set[int]) -> Iterator[Span]:
    covered = [_share(target, part, places) >= COVERED for part in target.parts]
    if not any(covered):
        return
    last = len(covered) - 1 - covered[::-1].index(True)
    for number, part in enumerate(target.parts):
        words = _text(target, part)
        if not covered[number]:
            if _EXCEPTION.search(words) or (number < last and _CONDITION.search(words)):
                yield _span(target, part)
        elif _drops(target, part, places):
            yield _span(target, part)
    following = _following(target)
    if (
        following
        and re.match(
            r"但|除|前款|法律、|国家另有|.{0,40}(?:不受此|除外|从其规定)",
            _text(following, Span(0, len(following.elements))),
        )
        and covered[-1]
    ):
        yield following_span(following)


def _drops(target: Target, part: Span, places: set[int]) -> bool:
    """Whether a figure or a limit within a part that is repeated is left out."""
    missing = [place for place in range(*part) if place not in places]
    kinds = {target.elements[place].kind for place in missing}
    if "figure" in kinds:
        return True
    return any(
        target.elements[place].kind == "bound" and target.elements[place].value not in ("≈", *_RHYTHMS)
        for place in missing
    )


def _share(target: Target, part: Span, places: set[int]) -> float:
    total = sum(weight(target.elements[place]) for place in range(*part))
    return sum(weight(target.elements[place]) for place in range(*part) if place in places) / total if total else 0.0


def _text(target: Target, part: Span) -> str:
    text = target.passage.reading.text
    return text[target.elements[part.start].start : target.elements[part.end - 1].end]


def _span(target: Target, part: Span) -> Span:
    """With the mark behind it."""
    text = target.passage.reading.text
    start = min(target.elements[place].start for place in range(*part))
    end = max(target.elements[place].end for place in range(*part))
    while end < len(text) and text[end] in "，。；”）》":
        end += 1
    return Span(start + target.passage.citation.span.start, end + target.passage.citation.span.start)


def _following(target: Target) -> Target | None:
    targets = target.passage.targets
    place = next(number for number, each in enumerate(targets) if each is target)
    return targets[place + 1] if place + 1 < len(targets) else None


def following_span(target: Target) -> Span:
    return _span(target, Span(target.own, len(target.elements)))
