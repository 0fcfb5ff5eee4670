"""
Figures and dates of a sentence against what the passage counts with the same words around.

    "打造20个左右应用场景和30个左右标志性产品"  beside  "打造30个左右应用场景和20个左右标志性产品"
        ->  Fault("figure", "20个", "30个"), Fault("figure", "30个", "20个")

A figure that stands somewhere in a passage is not enough: it must be the one with those neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from bot.answering.ground.align import Aligned, Passage, Target
from bot.answering.ground.elements import LIMITS, Date, Element, fold
from bot.answering.ground.reading import Reading
from bot.answering.ground.verdict import Fault
from bot.text.numerals import Figure
from bot.types import Span

NEAR, FAR = 4, 8  # elements between a bound and its figure
_WITHIN = frozenset({"内", "以内", "之内"})
_TIMES = frozenset({"年", "月", "个月", "日", "工作日", "小时", "分钟"})
AROUND = 8  # characters looked at on either side
SAME_SENTENCE, SAME_PLACE = 3.0, 2.0  # what it is worth, in pairs of neighbouring characters
MARGIN = 1.0  # how much better the neighbours of another figure may fit
_BODIES = re.compile("部门|单位|机构")  # counted by those that are responsible
_TO = frozenset("到至-—–~～")
_OPPOSED = (({"≥"}, {"≤"}), ({"≤"}, {"≥"}))
COUNTING = frozenset({"个", "项", "类", "种", "条"})
OFTEN = frozenset({"每年", "每半年", "每月", "每季", "每周", "每日"})  # how often something is done
RHYTHMS = OFTEN | {"每个", "累计", "连续"}
_UNTIL = re.compile(r"(?:到|至|截至|力争|争取)$")
_BEFORE = re.compile(r"年?(?:前|底|末|之前|以前)")


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure or date of a passage that may be the one meant."""

    target: Target
    place: int
    worth: float

    @property
    def element(self) -> Element:
        return self.target.elements[self.place]

    @property
    def said(self) -> str:
        return self.target.passage.reading.text[self.element.start : self.element.end]


def figure_faults(
    reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage], omitted: list[tuple[Target, int]]
) -> Iterator[Fault]:
    """Adds to `omitted` the bounds (以上, 左右, 每年) that the passage sets and the sentence drops."""
    for each in aligned:
        for place in _places(reading, each.part, "figure"):
            element = reading.elements[place]
            if _in_heads(element, passages):
                continue
            found = _best(reading, each, place, "figure", passages, lambda one, other: one.key == other.key)
            said = reading.said(place, place + 1)
            if isinstance(found, Counted):
                yield from _bounds(reading, each, place, found, omitted)
            elif (
                not _is_article_of_speech(element, each)
                and not _is_each_time(reading, each, element)
                and not _counts_list(reading, each, element)
                and not _counts_units(element, passages)
            ):
                stated = found[0].said if found else ""
                same_value = bool(found) and _figure(found[0].element).value == _figure(element).value
                yield Fault("unit_of_measure" if same_value else "figure", said, stated)
    yield from _taken_from_beside(reading, aligned)


def _taken_from_beside(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    """甲不低于20，乙不低于50 for 甲不低于50，乙不低于20: a part is that of the words before it, and not of others."""
    for one, other in pairwise(aligned):
        if not (one.main and other.main) or one.main.target.passage is not other.main.target.passage:
            continue
        figures = _places(reading, other.part, "figure")
        places = [(target, number) for target in one.main.target.passage.targets for number in range(len(target.parts))]
        at = _position(places, one.main.target, one.main.pairs[-1][1])
        there = _position(places, other.main.target, other.main.pairs[0][1])
        if not figures or not 0 < at + 1 < len(places) or there in (at, at + 1) or there == 0:
            continue
        meant, taken = _keys(*places[at + 1]), _keys(*places[there])
        if meant[0] == taken[0] and meant[1] != taken[1] and _keys(*places[at]) != _keys(*places[there - 1]):
            target, number = places[at + 1]
            part = target.parts[number]
            text = target.passage.reading.text[target.elements[part.start].start : target.elements[part.end - 1].end]
            yield Fault("figure", reading.said(*other.part), text)


def _position(places: Sequence[tuple[Target, int]], target: Target, element: int) -> int:
    number = target.part_of[element]
    return next(place for place, each in enumerate(places) if each[0] is target and each[1] == number)


def _keys(target: Target, number: int) -> tuple[str, str]:
    """Of a part what it says beside its figures, and these."""
    elements = [target.elements[place] for place in range(*target.parts[number])]
    said = "".join(each.key for each in elements if each.kind not in ("figure", "article"))
    return said, "".join(each.key for each in elements if each.kind == "figure")


def date_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    for each in aligned:
        for place in _places(reading, each.part, "date"):
            element = reading.elements[place]
            found = _best(reading, each, place, "date", passages, _agree)
            if not isinstance(found, Counted) and not _of_paper(reading, element, passages, found):
                yield Fault("date", reading.said(place, place + 1), found[0].said if found else "")


def _of_paper(reading: Reading, element: Element, passages: Sequence[Passage], others: Sequence[Counted]) -> bool:
    """Whether it is a date of the paper itself; a term is so only where it is the last of these and no other is set."""
    heads = [cast(Date, head.value) for passage in passages for head in passage.head.elements if head.kind == "date"]
    date = cast(Date, element.value)
    if not any(date.agrees(head) for head in heads):
        return False
    before, behind = reading.text[: element.start], reading.text[element.start : element.end + 2]
    if _UNTIL.search(before) or _BEFORE.search(behind):
        return date.year == max(head.year for head in heads) and not others
    return not others or others[0].worth < SAME_SENTENCE + SAME_PLACE


def rhythm_faults(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    """How often something is done, where no figure tells it: 每季度报送 for 每年报送."""
    for each in aligned:
        if not each.main:
            continue
        target = each.main.target
        for place in range(*each.part):
            element = reading.elements[place]
            if element.kind == "bound" and element.value in OFTEN and not _is_as_often(reading, place, target):
                other = next((near for near in target.elements if near.kind == "bound" and near.value in OFTEN), None)
                text = target.passage.reading.text
                yield Fault("date", reading.said(place, place + 1), text[other.start : other.end] if other else "")


def _is_as_often(reading: Reading, place: int, target: Target) -> bool:
    """Whether the sentence beside says so, or the passage does with what follows: 每日万分之五."""
    with_next = reading.keys[place : place + 2]
    return with_next[0] in target.keys or (len(with_next) == 2 and with_next in target.passage.reading.keys)


def comparison_faults(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    """A bound without a figure: 应当低于经常性收入增幅 for 应当高于经常性收入增幅."""
    for each in aligned:
        if not each.main:
            continue
        target = each.main.target
        for place in _places(reading, each.part, "bound"):
            said = reading.elements[place]
            if said.value not in LIMITS or place in each.beside:
                continue
            for there in _beside(each, place):
                if there < len(target.elements) and _opposed(said, target.elements[there]):
                    text = target.passage.reading.text
                    stated = text[target.elements[there].start : target.elements[there].end]
                    yield Fault("figure", reading.said(place, place + 1), stated)


def _opposed(one: Element, other: Element) -> bool:
    if other.kind != "bound":
        return False
    up, down = {"≥", ">"}, {"≤", "<"}
    return (one.value in up and other.value in down) or (one.value in down and other.value in up)


def _best(
    reading: Reading,
    aligned: Aligned,
    place: int,
    kind: str,
    passages: Sequence[Passage],
    agree: Callable[[Element, Element], bool],
) -> Counted | list[Counted]:
    """The figure of a passage that is the same and stands among the same words; else the others, best first."""
    if exact := _exact(aligned, place):
        return exact
    before, after = _around(reading.elements, aligned.part, place, kind)
    main = aligned.main.target if aligned.main else None
    beside = _beside(aligned, place)
    same: list[Counted] = []
    other: list[Counted] = []
    for passage in passages:
        for number, there in passage.figures if kind == "figure" else passage.dates:
            target = passage.targets[number]
            part = target.parts[target.part_of[there]]
            its_before, its_after = _around(target.elements, part, there, kind)
            worth = float(len(before & its_before) + len(after & its_after))
            worth += SAME_SENTENCE * (target is main) + SAME_PLACE * (target is main and there in beside)
            counted = Counted(target, there, worth)
            (same if agree(reading.elements[place], target.elements[there]) else other).append(counted)
    if same:
        # Who says 100发 right does not mean the 150颗 beside them.
        unit = _unit(reading.elements[place])
        other = [each for each in other if _unit(each.element) == unit]
    other.sort(key=lambda each: -each.worth)
    best = max(same, key=lambda each: each.worth, default=None)
    if best and (not other or best.worth + MARGIN >= other[0].worth):
        return best
    return other


def _exact(aligned: Aligned, place: int) -> Counted | None:
    """What stands beside the element, where what stands beside its neighbours are its neighbours too."""
    pairs = dict(aligned.main.pairs) if aligned.main else {}
    there = pairs.get(place)
    if there is None or not aligned.main:
        return None
    near = [
        here for here in (place - 2, place - 1, place + 1, place + 2) if aligned.part.start <= here < aligned.part.end
    ]
    if near and all(pairs.get(here) == there + here - place for here in near):
        return Counted(aligned.main.target, there, 0.0)
    return None


def _beside(aligned: Aligned, place: int) -> range:
    """The stretch of the best sentence between what stands beside the neighbours of the element at `place`."""
    if not aligned.main:
        return range(0)
    behind = [there for here, there in aligned.main.pairs if here < place]
    ahead = [there for here, there in aligned.main.pairs if here > place]
    exact = [there for here, there in aligned.main.pairs if here == place]
    if exact:
        return range(exact[0], exact[0] + 1)
    start = behind[-1] + 1 if behind else max(0, ahead[0] - 3) if ahead else 0
    end = ahead[0] if ahead else start + 3
    return range(start, end)


def _around(
    elements: Sequence[Element], part: Span, place: int, kind: str
) -> tuple[frozenset[object], frozenset[object]]:
    """The pairs of neighbouring elements before and behind, up to the next figure or the end of the part."""

    def until(places: range) -> list[str]:
        keys: list[str] = []
        for near in places:
            if elements[near].kind == kind or len(keys) == AROUND:
                break
            keys.append(elements[near].key)
        return keys

    before = until(range(place - 1, part.start - 1, -1))[::-1]
    after = until(range(place + 1, part.end))
    return frozenset(pairwise(before)) | frozenset(before[-1:]), frozenset(pairwise(after)) | frozenset(after[:1])


def _bounds(
    reading: Reading, aligned: Aligned, place: int, counted: Counted, omitted: list[tuple[Target, int]]
) -> Iterator[Fault]:
    part = counted.target.parts[counted.target.part_of[counted.place]]
    said, said_near = (_bound(reading.elements, aligned.part, place, far) for far in (FAR, NEAR))
    wide, stated = (_bound(counted.target.elements, part, counted.place, far) for far in (FAR, NEAR))
    words = reading.said(place, place + 1)
    whole = {near.value for near in counted.target.elements if near.kind == "bound" and near.value in RHYTHMS}
    against = {name for name in said for pair in _OPPOSED if name in pair[0] and wide & pair[1] and name not in wide}
    for name in (said_near - wide - whole) | against:
        # Another bound, or one of our own making.
        yield Fault(
            "figure", f"{words}（{name}）", f"{counted.said}（{'、'.join(sorted(stated))}）" if stated else counted.said
        )
        return
    told = _said_before(reading, place) & RHYTHMS
    if reading.elements[aligned.part.start].kind == "join":
        told |= _said_before(reading, place)
    if not said and not any(near.kind == "bound" for near in reading.elements[slice(*aligned.part)]):
        stated = wide  # 最迟在飞行前1日
    if stated - said - told - _softly(counted) and not _is_range(reading, place):
        omitted.append((counted.target, counted.place))


def _is_range(reading: Reading, place: int) -> bool:
    """Whether the figure is an end of a range, which bounds it: 50万元到200万元 for 五十万元以上二百万元以下."""
    element = reading.elements[place]
    near = [reading.elements[other] for other in (place - 1, place + 1) if 0 <= other < len(reading.elements)]
    if any(other.kind == "figure" and (other.end == element.start or element.end == other.start) for other in near):
        return True
    around = fold(reading.text[max(0, element.start - 1) : element.end + 1])
    return around[0] in _TO or around[-1] in _TO


def _said_before(reading: Reading, place: int) -> set[str]:
    """The bounds told before the figure: 最高可罚5000万元，或者营业额的5%."""
    return {cast(str, near.value) for near in reading.elements[:place] if near.kind == "bound"}


def _softly(counted: Counted) -> set[str]:
    """What a term says though 内 is left out: 期限是10个工作日."""
    target, behind = counted.target, counted.place + 1
    if behind >= len(target.elements) or _figure(counted.element).unit not in _TIMES:
        return set()
    element = target.elements[behind]
    return {"≤"} if target.passage.reading.text[element.start : element.end] in _WITHIN else set()


def _bound(elements: Sequence[Element], part: Span, place: int, far: int) -> frozenset[str]:
    """What bounds the figure: ≥ for 以上 behind or 不少于 before it; its rhythm from anywhere before it in the part."""
    names: set[str] = set()
    for near in (place + 1, place + 2):
        if near < part.end and elements[near].kind == "bound" and elements[near].value in LIMITS:
            names.add(cast(str, elements[near].value))
            break
        if near < part.end and elements[near].kind != "char":
            break
    for near in range(place - 1, max(part.start, place - far) - 1, -1):
        if elements[near].kind == "bound" and near and elements[near - 1].kind == "figure":
            break  # 三万元以上 before 五万元以下 bounds the other
        if elements[near].kind == "bound" and elements[near].value in (*LIMITS, "仅"):
            names.add(cast(str, elements[near].value))
            break
        if elements[near].kind not in ("char", "modal"):
            break
    for near in range(place - 1, part.start - 1, -1):
        if elements[near].kind == "figure":
            break
        if elements[near].kind == "bound" and elements[near].value in RHYTHMS:
            names.add(cast(str, elements[near].value))
    return frozenset({"<": "≤", ">": "≥"}.get(name, name) for name in names)


def _places(reading: Reading, part: Span, kind: str) -> list[int]:
    return [place for place in range(part.start, part.end) if reading.elements[place].kind == kind]


def _unit(element: Element) -> str:
    return _figure(element).unit if element.kind == "figure" else ""


def _figure(element: Element) -> Figure:
    return cast(tuple[Figure, ...], element.value)[0]


def _agree(one: Element, other: Element) -> bool:
    return cast(Date, one.value).agrees(cast(Date, other.value))


def _in_heads(element: Element, passages: Sequence[Passage]) -> bool:
    return any(element.key == head.key for passage in passages for head in passage.head.elements)


def _is_each_time(reading: Reading, aligned: Aligned, element: Element) -> bool:
    """每年评估一次 for 每年评估."""
    figure = _figure(element)
    often = any(near.kind == "bound" and near.value in OFTEN for near in reading.elements[slice(*aligned.part)])
    return figure.value == 1 and figure.unit == "次" and often


def _counts_list(reading: Reading, aligned: Aligned, element: Element) -> bool:
    """Whether it counts the items of a list beside it: 甲、乙和丙三个方向."""
    figure = _figure(element)
    if figure.unit not in COUNTING or figure.value < 2 or _BODIES.match(reading.text, element.end):
        return False
    start, end = reading.elements[aligned.part.start].start, reading.elements[aligned.part.end - 1].end
    items = 1 + len(re.findall(r"[、和与及]", reading.text[start:end].replace("以及", "及")))
    units = len(aligned.main.target.units) if aligned.main and figure.unit in ("个", "家") else 0
    return figure.value in (items, units) or (
        aligned.main is not None and figure.value in _lengths(aligned.main.target)
    )


def _counts_units(element: Element, passages: Sequence[Passage]) -> bool:
    """由市科技局等三个部门负责"""
    figure = _figure(element)
    counts = figure.unit in ("个", "家")
    return counts and any(figure.value == len(target.units) for each in passages for target in each.targets)


def _lengths(target: Target) -> set[int]:
    """How many items the lists of a passage's sentence have: 优先发展太赫兹、…、卫星互联网等 counts eight."""
    text = target.passage.reading.text
    parts = [text[target.elements[part.start].start : target.elements[part.end - 1].end] for part in target.parts]
    listed = {1 + part.count("、") + len(re.findall(r"(?<!、)[和与及]", part)) for part in parts if "、" in part}
    return listed | {1 + part.count("”“") for part in parts if "”“" in part}


def _is_article_of_speech(element: Element, aligned: Aligned) -> bool:
    """1家 where the passage says 一家, which is no figure."""
    figure = _figure(element)
    return figure.value == 1 and aligned.main is not None and f"一{fold(figure.unit)}" in aligned.main.target.text
