"""
Words put in another's place that no list of names knows: levels, and items of a list.

    "争创省级未来产业先导区" of a passage on 国家级  ->  Fault("name", "省级", "国家级")
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.ground.align import Aligned, Passage
from bot.answering.ground.elements import fold
from bot.answering.ground.names import GENERIC
from bot.answering.ground.reading import Reading
from bot.answering.ground.verdict import Fault

SHORTEST_ITEM = 3  # characters of an item of a list
_PREPOSITION = re.compile(r"^[由经在对为以从向按]+")
_LEVEL_OF = re.compile(r"国家级|省级|市级|区级|县级|国际级|世界级|国家重点(?=实验室)|全国重点|全国性")


def level_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    """国家级 for 省级, or where the passage tells no level."""
    heads = "".join(passage.head.plain for passage in passages)
    folded = fold(reading.text)
    for each in aligned:
        if not each.main:
            continue
        start, end = reading.elements[each.part.start].start, reading.elements[each.part.end - 1].end
        texts = [each.main.target.text, *(piece.target.text for piece in each.others), heads]
        for found in _LEVEL_OF.finditer(folded, start, end):
            stated = _LEVEL_OF.search(each.main.target.text)
            own_level = not stated and found[0].removesuffix("级") in heads  # 省级 of what a province issues
            if not own_level and not any(found[0] in text or _is_shared(found[0], text) for text in texts):
                yield Fault("name", found[0], stated[0] if stated else "")


def _is_shared(level: str, text: str) -> bool:
    """省级 of 省、市级."""
    return bool(re.search(rf"{level.removesuffix('级')}(?:[、和与及或][国家省市区县]+)+级", text))


def item_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    """An item of a list that has nothing in common with the passages: 碳化硅、氮化镓 for 磷化铟、氧化镓."""
    told = "\n".join(text for passage in passages for text in (passage.reading.plain, passage.head.plain))
    for each in aligned:
        if not each.main:
            continue
        for join in range(*each.part):
            if reading.elements[join].kind != "join":
                continue
            for run in (_loose(reading, each, join, -1), _loose(reading, each, join, 1)):
                words = _PREPOSITION.sub("", "".join(reading.elements[place].key for place in run))
                if GENERIC.fullmatch(words):
                    continue
                if len(words) >= SHORTEST_ITEM and not any(
                    words[place : place + 2] in told for place in range(len(words) - 1)
                ):
                    yield Fault("name", reading.said(run[0], run[-1] + 1))


def _loose(reading: Reading, aligned: Aligned, join: int, step: int) -> list[int]:
    """The characters beside a join, on one side, that stand beside nothing."""
    run: list[int] = []
    place = join + step
    while aligned.part.start <= place < aligned.part.end:
        if place in aligned.beside or reading.elements[place].kind != "char":
            break
        run.append(place)
        place += step
    return sorted(run)
