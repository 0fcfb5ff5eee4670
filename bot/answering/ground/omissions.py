"""
What a sentence drops of the statements it repeats: exceptions, conditions, thresholds, deadlines.

    "船主可以延期"  of  "情况特殊的，经港务部门批准，船主可以延期。"  ->  经港务部门批准，

Only what belongs to a statement that is repeated: its other parts, and a sentence behind it that opens with 但 or
“不受此限”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from bot.answering.ground.align import Aligned, Piece, Target, weight
from bot.answering.ground.elements import Date, Element, fold
from bot.answering.ground.quantities import OFTEN, RHYTHMS
from bot.answering.ground.reading import Reading
from bot.text.numerals import Figure
from bot.types import Span

COVERED = 0.5  # share of a part that the sentence repeats
TOLD = 0.75  # share of a condition from which on it is said
WITH_TERM = 0.33  # the same where its term is said
SHORTEST_SAID = 3  # characters of a condition that are looked for in the whole sentence
FIRST, LAST = 1, 2  # elements at the ends of a part that is repeated without its middle
_EXCEPTION = re.compile(
    r"^(?:但|除|另有|法律、|法律、行政法规|国家另有|确需|因特殊|特殊情况)|除外|另有规定|从其规定|不受.{0,10}限|不适用|不在此限|以外的?$|例外"
)
_CONDITION = re.compile(
    r"的$|^(?:未?经(?![营济费])|符合|具备|具有|违反|因|在.*(?:前|后|时|内|情况下|条件下|范围内)$)|情形|条件下|前提下|基础上$|情况下|期限内|前$|经.{0,20}(?:批准|同意|审核|核准|许可|备案)"
)
# What ends a statement and only limits it.
_LIMIT = re.compile(r"^(?:且|并且|但|期限|最[长短高低多少迟早]|不得?超过|不[少低高多]于|至[多少])")
# What is cut out of a part though it says for whom, when or how far the part holds.
_RESTRICTS = re.compile(
    r"条件的?$|情节.*的?$|^(?:符合|具备|经(?![营济费])|取得).+的?$|经.*(?:批准|同意|审[查核]|核准|许可|认定)后?$|之日起|[日月年时]内|除外|扶持的$|另有|原则上|一般|规定的$"
)

_TERM = re.compile(r"(?:日|月|年|小时)[以之]?内")
_OF_THIS = r"本(?:条例|办法|规定|法|细则)"
_BOILERPLATE = re.compile(rf"^违反{_OF_THIS}(?:第[^，的]{{1,20}})?(?:的?有关)?(?:规定)?的?$|^{_OF_THIS}规定的$")
_FRAME = re.compile(r"之日起|[自于并的]")  # what is left of 于验收合格之日起 tells the condition
_POSTPOSED = re.compile(r"条件的?$|情节.*的?$")  # 技术转让所得符合条件的，…


def omissions(reading: Reading, aligned: Sequence[Aligned], bounds: Sequence[tuple[Target, int]]) -> tuple[Span, ...]:
    """In reading order, each once, as offsets into the documents of the passages."""
    found: list[Span] = []
    said: dict[int, tuple[Target, set[int]]] = {}
    for each in aligned:
        for piece in (*((each.main,) if each.main else ()), *each.others):
            said.setdefault(id(piece.target), (piece.target, set()))[1].update(there for _, there in piece.pairs)
    paired = {here for each in aligned for here in each.beside}
    elsewhere = [element for place, element in enumerate(reading.elements) if place not in paired]
    for target, places in said.values():
        told = places | {
            place for place, element in enumerate(target.elements) if _is_told(element, reading, elsewhere)
        }
        found += _of_target(reading, target, places, told | set(_of_figures(target, told)))
        found += _said_twice(
            reading, target, [each.main for each in aligned if each.main and each.main.target is target]
        )
        if _is_covered(target, places):
            found += _condition_before(target, said)
        following = _following(target)
        if following and not (id(following) in said and _is_covered(*said[id(following)])):
            found += _exception_behind(reading, target, places, following)
    for target, place in bounds:
        found.append(_span(target, target.parts[target.part_of[place]]))
    return tuple(dict.fromkeys(sorted(found)))


def _is_told(element: Element, reading: Reading, elsewhere: Sequence[Element]) -> bool:
    """Whether the sentence says it in another place or form: 一家 for 1家, 2027年底 for 2027年."""
    if element.kind in ("figure", "bound") and any(other.key == element.key for other in elsewhere):
        return True
    if element.kind == "date":
        dates = (cast(Date, other.value) for other in reading.elements if other.kind == "date")
        return any(cast(Date, element.value).agrees(date) for date in dates)
    if element.kind == "figure":
        figure = cast(tuple[Figure, ...], element.value)[0]
        return figure.value == 1 and any(
            f"一{unit}" in reading.text for unit in (figure.unit, *"天"[figure.unit != "日" :])
        )
    return False


def _of_figures(target: Target, places: set[int]) -> Iterator[int]:
    """The bounds beside the figures that are told: whether they are kept is judged with these (`bounds`)."""
    for place in sorted(places):
        if target.elements[place].kind == "figure":
            near = (
                other for other in (place - 2, place - 1, place + 1, place + 2) if 0 <= other < len(target.elements)
            )
            yield from (other for other in near if target.elements[other].kind == "bound")


def _is_covered(target: Target, places: set[int]) -> bool:
    return _share(target, Span(target.own, len(target.elements)), places) >= COVERED


def _of_target(reading: Reading, target: Target, places: set[int], told: set[int]) -> Iterator[Span]:
    """`places` stand beside the sentence's words; `told` are with these what it says in another place or form."""
    covered = [_is_repeated(target, part, places) for part in target.parts]
    if not any(covered):
        return
    last = len(covered) - 1 - covered[::-1].index(True)
    for number, part in enumerate(target.parts):
        words = _text(target, part)
        if covered[number]:
            if _drops(target, part, told, reading):
                yield _span(target, part)
        elif (
            not _is_mostly_told(target, part, told)
            and not _BOILERPLATE.match(words)
            and not words.startswith("或")  # an alternative
            and (
                (_EXCEPTION.search(words) and not _excepts(reading, words))
                or (number < last and (_CONDITION.search(words) or _sets_term(target, part, told)))
                or (number and covered[number - 1] and _LIMIT.search(words))
            )
        ):
            yield _span(target, part)


def _is_mostly_told(target: Target, part: Span, told: set[int]) -> bool:
    """Most of a condition, or its term together with some of its words."""
    share = _share(target, part, told)
    terms = [place for place in range(*part) if target.elements[place].kind in ("figure", "date")]
    return share >= TOLD or (share >= WITH_TERM and bool(terms) and told.issuperset(terms))


def _condition_before(target: Target, said: Mapping[int, tuple[Target, set[int]]]) -> Iterator[Span]:
    """单位没有规定的，适用下列标准： before 转让的，奖酬不低于50%: a condition of all that follows its colon."""
    text = target.passage.reading.text
    for lead in target.passage.targets:
        if lead.span.start >= target.span.start or text[lead.span.end : lead.span.end + 1] not in ("：", ":"):
            continue
        if re.search("[。\n]", text[lead.span.end : target.span.start]) or target.own:
            continue
        told = said[id(lead)][1] if id(lead) in said else set()
        for part in lead.parts:
            words = _text(lead, part)
            if words.endswith("的") and not _BOILERPLATE.match(words) and _share(lead, part, told) < COVERED:
                yield _span(lead, part)


def _said_twice(reading: Reading, target: Target, pieces: Sequence[Piece]) -> Iterator[Span]:
    """A part that the sentence repeats whole, and once more without its term: 应当二日内交至…，应当交至…."""
    if len(pieces) < 2:
        return
    each_own = [{there for _, there in piece.pairs} for piece in pieces]
    for part in target.parts:
        if any(_share(target, part, places) == 1.0 for places in each_own) and any(
            _share(target, part, places) < 1.0
            and _is_repeated(target, part, places)
            and _drops(target, part, places | set(_of_figures(target, places)), reading)
            for places in each_own
        ):
            yield _span(target, part)


def _is_repeated(target: Target, part: Span, places: set[int]) -> bool:
    """Most of it, or its two ends: 付款方应当…确权."""
    if _share(target, part, places) >= COVERED:
        return True
    own = [place for place in range(*part) if target.elements[place].kind != "article"]
    if len(own) <= FIRST + LAST or not places.issuperset(own[-LAST:]):
        return False
    return target.elements[own[0]].value == "应当" or places.issuperset(own[:FIRST])


def _excepts(reading: Reading, words: str) -> bool:
    """Whether the sentence leaves room for other rules: 法律另有规定的除外 for 另有规定的，从其规定."""
    return "另有" in reading.text and bool(re.search(r"另有|从其", words))


def _sets_term(target: Target, part: Span, places: set[int]) -> bool:
    """Whether it sets a date or a term, 三十日内, that the sentence does not tell."""
    in_time = _TERM.search(_text(target, part))
    return any(
        (target.elements[place].kind == "date" or (in_time and target.elements[place].kind == "figure"))
        and place not in places
        for place in range(*part)
    )


def _exception_behind(reading: Reading, target: Target, places: set[int], following: Target) -> Iterator[Span]:
    words = _text(following, Span(0, len(following.elements)))
    # An exception in a later part is one to what stands before it there.
    first = _text(following, Span(following.own, following.parts[0].end)) if not following.own else words
    opens = re.match(r"但|除|前款|法律、|国家另有", words) or re.search(r"不受此|除外|从其规定|^.*另有规定的$", first)
    if opens and not _excepts(reading, words) and _is_repeated(target, target.parts[-1], places):
        yield _span(following, Span(following.own, len(following.elements)))


def _drops(target: Target, part: Span, places: set[int], reading: Reading) -> bool:
    """Whether a figure, a limit or a condition within a part that is repeated is left out."""
    missing = [place for place in range(*part) if place not in places]
    kinds = {target.elements[place].kind for place in missing}
    if "figure" in kinds:
        return True
    counted = any(target.elements[place].kind == "figure" for place in range(*part))
    for place in missing:
        element = target.elements[place]
        if element.kind == "bound" and (
            element.value not in ("≈", *RHYTHMS) or (element.value in OFTEN and not counted)
        ):
            return True
    return any(
        _RESTRICTS.search(words) and not _BOILERPLATE.match(words) and not _is_said(reading, words)
        for words in _left_out(target, part, places)
    )


def _is_said(reading: Reading, words: str) -> bool:
    """Whether a condition is told elsewhere in the sentence: 验收合格后 for 于验收合格之日起."""
    own = _FRAME.sub("", fold(words))
    return not own or (len(own) >= SHORTEST_SAID and own in reading.plain)


def _left_out(target: Target, part: Span, places: set[int]) -> Iterator[str]:
    """The words that stand between others that are repeated, with what is silent behind them."""
    text = target.passage.reading.text
    run: int | None = None
    for place in range(*part):
        if place in places:
            if run is not None:
                yield text[target.elements[run].start : target.elements[place].start]
            run = None
        elif run is None and target.elements[place].kind != "article":
            run = place
    if run is not None and run > part.start and _POSTPOSED.search(words := _text(target, Span(run, part.end))):
        yield words


def _share(target: Target, part: Span, places: set[int]) -> float:
    own = [place for place in range(*part) if target.elements[place].kind != "article"]
    total = sum(weight(target.elements[place]) for place in own)
    return sum(weight(target.elements[place]) for place in own if place in places) / total if total else 0.0


def _text(target: Target, part: Span) -> str:
    """Its words up to the next mark, without the number before them."""
    text = target.passage.reading.text
    own = [place for place in range(*part) if target.elements[place].kind != "article"] or list(range(*part))
    end = target.elements[part.end - 1].end
    while end < len(text) and text[end] in "的了":
        end += 1
    return text[target.elements[own[0]].start : end]


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
