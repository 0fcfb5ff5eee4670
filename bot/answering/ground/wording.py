"""
Modal words and negations of a sentence against those that govern the same words of the passage.

    "养犬人可以办理登记"  beside  "养犬人应当办理登记"  ->  Fault("modality", "可以", "应当")
    "成立未来产业发展基金"  beside  "研究成立未来产业发展基金"  ->  Fault("modality", "成立未", "研究")

应当 may be left out and stay meant; 鼓励, 可以, 探索, 不得 may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.ground.align import Aligned, Piece, Target
from bot.answering.ground.elements import Element
from bot.answering.ground.reading import Reading
from bot.answering.ground.verdict import Fault, FaultKind

_KINDS = frozenset({"modal", "negation"})
_UNSPOKEN = frozenset({"应当", "推动"})  # an obligation stated as a fact is still one
_MAY_GO = _UNSPOKEN | {"已", "一律", "免费", "立即"}  # what a sentence may leave out
_SWAYING = frozenset({"仅", "首次"})  # bounds that need no figure
_MAY_COME = frozenset({"可", "能够", "应", "应当", "须"})  # may be added to a plain statement: 提供服务, 可提供服务
_CONDITION = re.compile(r"[的后时]$")
_STRONG = frozenset({"不得", "一律", "已", "强制", "免费"})
_ONLY_THEN = frozenset({"方可", "方能", "才可以", "才能", "才可"})  # after a condition: 经批准后方可开展
REACH = 12  # elements between a modal word and what it governs, an adverbial being between
AHEAD = 6  # elements behind a modal word of which two together tell what it governs, where it is moved
HEAD = 2  # elements behind a modal word that tell what it governs


def wording_faults(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    for number, each in enumerate(aligned):
        if each.main:
            yield from _added(reading, each, each.main)
            yield from _dropped(reading, each, each.main, aligned[max(0, number - 1) : number + 2])
        elif number and (before := aligned[number - 1].main):
            yield from _alone(reading, each, before.target)


def _alone(reading: Reading, aligned: Aligned, before: Target) -> Iterator[Fault]:
    """一律免责 behind what the passage says otherwise: a part too short to stand beside anything."""
    for place in range(*aligned.part):
        element = reading.elements[place]
        if element.kind == "modal" and element.value in _STRONG and element.key not in before.passage.reading.keys:
            yield Fault("modality", reading.said(place, place + 1))


def _added(reading: Reading, aligned: Aligned, main: Piece) -> Iterator[Fault]:
    """What the sentence has and the passage has not, or has for something else."""
    beside = aligned.beside
    for place in range(aligned.part.start, aligned.part.end):
        element = reading.elements[place]
        target = main.target
        if not _sways(element):
            continue
        if place in beside:
            other = _skips(main, place)
            if other is not None and (other == dict(main.pairs)[place] or target.elements[other].key != element.key):
                yield Fault(_kind(element), reading.said(place, place + 1), _words(target, other))
            continue
        stated = _opposite(main, place)
        if reading.keys[place : place + 1 + HEAD] in target.keys and place + HEAD < aligned.part.end:
            continue
        if stated is None and (_governs_same(reading, place, target) or _implied(element, target)):
            continue
        if _denies_too(reading, main, place, stated):
            continue
        words = reading.said(place, place + 1)
        if element.kind == "bound" and element.key in target.keys:
            continue
        if words in _MAY_COME and not _is_swayed(main):
            continue
        if words in _ONLY_THEN and "后" in reading.text[: element.start]:
            continue
        if element.value == "已" and re.match(r"已经?[^，。]{1,6}的", reading.text[element.start :]):
            continue
        if element.value == "非" and reading.keys[place : place + 1 + HEAD] in target.passage.reading.keys:
            continue
        if element.value == "已" and _CONDITION.search(_whole(reading, aligned)):
            continue
        yield Fault(_kind(element), reading.said(place, place + 1), _words(target, stated))


def _skips(main: Piece, place: int) -> int | None:
    """The word that governs what follows, where the word at `place` stands beside one of an earlier part."""
    there = dict(main.pairs)
    target, at, ahead = main.target, there.get(place), there.get(place + 1)
    if at is None or ahead is None or target.part_of[at] == target.part_of[ahead]:
        return None
    taken = set(there.values())
    if target.elements[at].kind == "negation":
        return at
    return next((near for near in range(at + 1, ahead) if _sways(target.elements[near]) and near not in taken), None)


def _dropped(reading: Reading, aligned: Aligned, main: Piece, around: Sequence[Aligned]) -> Iterator[Fault]:
    """What the passage has right before or among the words that the sentence takes over, and the sentence has not."""
    target = main.target
    pairs = main.pairs
    taken = {there: here for here, there in pairs}
    other = {there for piece in aligned.others if piece.target is target for _, there in piece.pairs}
    for place, element in enumerate(target.elements):
        if not _sways(element) or place in taken or place in other or element.value in _MAY_GO:
            continue
        part = target.parts[target.part_of[place]]
        ahead = [near for near in range(place + 1, min(place + 1 + HEAD, part.end)) if near in taken]
        if not ahead or ahead[0] != place + 1:
            continue
        here = taken[ahead[0]]
        # Said in other words, which `_added` has judged, or before other words of the sentence.
        if _near(reading, aligned, here, element) or _told_elsewhere(reading, (target, place), around):
            continue
        if element.kind == "bound" and element.key in reading.keys:
            continue
        if _is_named(reading, aligned, element, target):
            continue
        words = target.keys[place : min(place + 1 + HEAD, part.end)]
        if reading.keys.count(words) >= target.passage.reading.keys.count(words):
            continue
        if here > aligned.part.start and _sways(reading.elements[here - 1]) and here - 1 not in aligned.beside:
            continue
        yield Fault(_kind(element), reading.said(here, min(here + 3, aligned.part.end)), _words(target, place))


def _near(reading: Reading, aligned: Aligned, here: int, element: Element) -> bool:
    return any(
        reading.elements[place].key == element.key for place in range(max(aligned.part.start, here - 6), here)
    ) or any(
        element.kind == "modal" and reading.elements[place].key == element.key and place not in aligned.beside
        for place in range(here, aligned.part.end)
    )


def _is_named(reading: Reading, aligned: Aligned, element: Element, target: Target) -> bool:
    """Whether the part has the word in a name of the matter: 支持对象包括企业 for 支持企业."""
    word = target.passage.reading.text[element.start : element.end]
    own = [reading.elements[place] for place in range(*aligned.part)]
    return word in reading.text[own[0].start : own[-1].end] and all(each.key != element.key for each in own)


def _told_elsewhere(reading: Reading, stated: tuple[Target, int], around: Sequence[Aligned]) -> bool:
    """Whether the word stands in this part or one beside it, and for no other: 太赫兹等成果，将探索在工业测量中应用."""
    element = stated[0].elements[stated[1]]
    return element.kind == "modal" and any(
        reading.elements[place].key == element.key and each.beside.get(place, stated) == stated
        for each in around
        for place in range(*each.part)
    )


def _is_swayed(main: Piece) -> bool:
    """Whether another modal word of the statement, which the sentence does not take over, is in question."""
    target = main.target
    taken = {there for _, there in main.pairs}
    parts = {target.part_of[there] for there in taken}
    return any(
        element.kind == "modal" and place not in taken
        for part in parts
        for place, element in enumerate(target.elements)
        if place in range(*target.parts[part])
    )


def _whole(reading: Reading, aligned: Aligned) -> str:
    """The part with what is silent behind it."""
    end = reading.elements[aligned.part.end - 1].end
    while end < len(reading.text) and reading.text[end] in "的了":
        end += 1
    return reading.text[reading.elements[aligned.part.start].start : end]


def _sways(element: Element) -> bool:
    return element.kind in _KINDS or (element.kind == "bound" and element.value in _SWAYING)


def _opposite(main: Piece, place: int) -> int | None:
    """The modal word of the passage that stands where the sentence has another."""
    target = main.target
    taken = {there for _, there in main.pairs}
    behind = [there for here, there in main.pairs if here < place]
    ahead = [there for here, there in main.pairs if here > place]
    start = behind[-1] + 1 if behind else max(0, ahead[0] - HEAD) if ahead else 0
    end = ahead[0] if ahead else start
    return next(
        (near for near in range(start, end) if _sways(target.elements[near]) and near not in taken),
        None,
    )


def _denies_too(reading: Reading, main: Piece, place: int, stated: int | None) -> bool:
    """Whether the passage denies it as well, in another word: 未经审查 for 没有经过的, 不能获得 for 不予批准."""
    element, elements = reading.elements[place], main.target.elements
    if not _denies(element):
        return False
    if reading.text[element.start : element.end] == "除外":
        return "另有" in main.target.passage.reading.text
    if re.match(r"未经(?:批准|同意|许可)", reading.text[element.start :]):
        return "擅自" in main.target.text
    if stated is not None:
        return _denies(elements[stated]) and element.kind != elements[stated].kind
    taken = {there for _, there in main.pairs}
    ahead = reading.keys[place + 1 : place + 2]
    return any(
        _denies(each) and near not in taken and main.target.keys[near + 1 : near + 2] == ahead
        for near, each in enumerate(elements)
    )


def _denies(element: Element) -> bool:
    return element.kind == "negation" or element.value == "不得"


def _governs_same(reading: Reading, place: int, target: Target) -> bool:
    """Whether the passage has the same word before the same words."""
    key = reading.elements[place].key
    head = reading.keys[place + 1 : place + 1 + HEAD]
    moved = reading.elements[place].kind == "modal" and _moved(reading, place, target)
    return key + head in target.keys or moved


def _moved(reading: Reading, place: int, target: Target) -> bool:
    """企业被鼓励开放场景 for 鼓励企业开放场景, 禁止居民饲养 for 居民不得饲养."""
    key = reading.elements[place].key
    there = target.keys.find(key)
    if there < 0:
        return False
    first = there + 1
    while first < len(target.elements) and target.elements[first].kind in ("join", "modal"):
        first += 1  # 鼓励、支持建设
    head = target.keys[first : first + HEAD]
    ahead = reading.keys[place + 1 : place + 1 + HEAD]
    part = target.parts[target.part_of[there]]
    if len(ahead) == HEAD and ahead in target.keys[there + 1 : min(there + 1 + REACH, part.end)]:
        return True
    behind = target.keys[max(0, there - HEAD) : there]
    near = target.keys[first : first + AHEAD]
    if any(near[at : at + HEAD] in reading.keys[:place] for at in range(len(near) - HEAD + 1)):
        return True
    subject_follows = len(behind) == HEAD and reading.keys[place + 1 : place + 1 + HEAD] == behind
    return subject_follows or (len(head) == HEAD and head in reading.keys[:place])


def _implied(element: Element, target: Target) -> bool:
    """应当 for what the passage orders in other words, 只能 for what it limits."""
    if element.value == "仅":
        text = target.passage.reading.text
        return any(word in target.text for word in "限只仅") or bool(re.search(r"其[他余].{0,12}不得", text))
    return element.value in _UNSPOKEN and any(
        each.kind == "modal" and each.value in ("应当", "不得") for each in target.elements
    )


def _kind(element: Element) -> FaultKind:
    return "negation" if element.kind == "negation" or element.value in ("不得", "不必") else "modality"


def _words(target: Target, place: int | None) -> str:
    if place is None:
        return ""
    element = target.elements[place]
    return target.passage.reading.text[element.start : element.end]
