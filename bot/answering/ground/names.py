"""
Names of a sentence against its passages: units, papers, 文号, articles, and any new proper name.

    "由市财政局负责"  beside  "…（责任单位：市科技局）"  ->  Fault("unit", "市财政局", "市科技局")
    "市社会科学基金"  beside  "市自然科学基金"            ->  Fault("name", "社会科学", "")
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from rapidfuzz.distance import LCSseq

from bot.answering.ground.align import Aligned, Passage, Target, weight
from bot.answering.ground.elements import Element, fold
from bot.answering.ground.reading import Reading
from bot.answering.ground.verdict import Fault
from bot.documents.titles import paper_names

REPLACED = 2  # characters of the passage that stand where an everyday name does
SHORT_TITLE = 6  # characters of a title that is shortened
OWN_WEIGHT = 4.0  # a part with less of its own is read with its neighbours
_ENDINGS = (
    "局|委|办|厅|部|署|院|所|处|站|中心|基金|计划|平台|园|园区|法|条例|办法|规定|规划|方案|工程|行动|大赛|实验室|大学|学院"
    "|公司|集团|协会|学会|银行|联盟|港|区|市|省|县|镇|委员会|政府|领域|产业|技术|机构|企业|部门|机关|人员|单位|人|者"
)
_ENDING = re.compile(rf"(?:{_ENDINGS})")
GENERIC = re.compile(
    rf"(?:该|本|此|这|其|各|上述|有关|相关|主管|负责)*(?:{_ENDINGS})|规定|要求|内容|工作|情况|方面|事项|以下|如下|包括|其中|文件|政策|条款|措施|部分|按(?:计划|规定|要求|照)"
)
_QUOTED = re.compile(r'"(?P<words>[^"，。；]{2,12})"')
_DEPARTMENT = re.compile(
    r"(?P<field>[\u4e00-\u9fff、()]{0,16}?)(?:行政主管|行政管理|行政|主管|管理|监管|监督管理)?部门"
)
_BEFORE_FIELD = re.compile(r"^.*(?:[向由经报送给从与和对交被及]|会同)")
_BEFORE_TOPIC = re.compile(r"^[\s\"]*(?:在|对于?|就|从|关于|按照?|根据)?|[\s\"]")
_IS_ANY = re.compile(
    r"(?:有关|相关|各|该|其|上述|所在地?|这些|负责的?|同级|上级|政府|职能|牵头|多|几个|其?他|其余|^)$"
    r"|^(?:数据)?(?:提供|需求|处理|使用|申请|共享|起草)$"
)
_LEVEL = re.compile(r"国务院|国家|全国|省|市|县|区|级|以上|以下|地方|各级|人民|政府|及其|所属|青岛|山东|本|、|\(|\)")
_LEVELS = {"国务院": "国", "国家": "国", "全国": "国", "省": "省", "市": "市", "县": "区", "区": "区"}
_OPPOSITES = frozenset(
    zip(
        "高大长上前内早增升多新远进强快轻首主公南东省单正优深宽粗软动始买",
        "低小短下后外晚减降少旧近出弱慢重末从私北西市双负劣浅窄细硬静终卖",
        strict=True,
    )
)
_LATIN = re.compile(r"[a-z0-9+]*[a-z][a-z0-9+]*")
_NAME_TAGS = frozenset({"nr", "ns", "nt", "nrt", "nrfg"})


def doc_number_faults(reading: Reading, passages: Sequence[Passage]) -> Iterator[Fault]:
    stated = _all("doc_number", passages)
    for place, element in enumerate(reading.elements):
        if element.kind == "doc_number" and not any(_same_number(element, other) for other in stated):
            yield Fault("doc_number", reading.said(place, place + 1), _first(passages))


def title_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    """A paper named must be the one that is cited or one that the very sentence names."""
    own = [name for passage in passages for name in paper_names(fold(passage.citation.clause.document.title))]
    for each in aligned:
        for place in range(*each.part):
            element = reading.elements[place]
            if element.kind != "title":
                continue
            names = cast(frozenset[str], element.value)
            near = each.main.target.elements if each.main else ()
            stated = [other for other in near if other.kind == "title"]
            elsewhere = (other for passage in passages for other in passage.reading.elements if other.kind == "title")
            missing = [other for other in stated if other.key not in reading.keys]
            attributes = not each.main or place < each.main.pairs[0][0]
            if any(_same_title(name, title) for name in names for title in own) and (attributes or not missing):
                continue
            if any(element.key == other.key for other in stated) or (
                not stated and any(element.key == other.key for other in elsewhere)
            ):
                continue
            said = (
                each.main.target.passage.reading.text[stated[0].start : stated[0].end] if stated and each.main else ""
            )
            yield Fault("name", reading.said(place, place + 1), said)


def _same_title(name: str, own: str) -> bool:
    """Whether a paper may be called so: by its name or by most of it, in order."""
    name, own = (re.sub(r"[<>〈〉《》]", "", each) for each in (name, own))
    return name == own or (len(name) >= SHORT_TITLE and LCSseq.similarity(name, own) == len(name))


def article_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    """An article must be one that is cited, and the one in which the words behind it stand."""
    for number, each in enumerate(aligned):
        places = [place for place in range(*each.part) if reading.elements[place].kind == "article"]
        for place in places:
            element = reading.elements[place]
            owners = [passage for passage in passages if _has_article(passage, element)]
            stands = next(
                (later.main for later in aligned[number:] if later.main and later.main.weight >= OWN_WEIGHT), None
            )
            alone = len(places) == 1
            if not owners or (alone and stands and stands.target.passage not in owners and len(passages) > 1):
                ref = stands.target.passage.citation.clause.ref if stands else ""
                yield Fault("article", reading.said(place, place + 1), ref)


def unit_faults(reading: Reading, aligned: Sequence[Aligned], passages: Sequence[Passage]) -> Iterator[Fault]:
    """A unit must be responsible for the sentence that stands beside, or named in it; a bare list is of any."""
    anywhere = [target for passage in passages for target in passage.targets]
    for number, each in enumerate(aligned):
        for place in range(*each.part):
            element = reading.elements[place]
            if element.kind != "unit":
                continue
            near = _targets_near(aligned, number) or anywhere
            if not any(_has_unit(target, element) for target in near):
                units = next((target.units for target in near if target.units), ())
                yield Fault("unit", reading.said(place, place + 1), "、".join(units))


def department_faults(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    """建设主管部门 for 专利行政部门: what a department looks after, and of what level it is."""
    for each in aligned:
        if not each.main:
            continue
        start, end = reading.elements[each.part.start].start, reading.elements[each.part.end - 1].end
        said = list(_DEPARTMENT.finditer(re.sub(r"[的了等]", "", fold(reading.text[start:end]))))
        stated = list(_DEPARTMENT.finditer(each.main.target.text)) if said else []
        for found in said:
            field = _BEFORE_FIELD.sub("", found["field"])
            if _IS_ANY.search(field) or not stated or found[0] in each.main.target.text:
                continue
            if not any(_same_department(field, other["field"]) for other in stated):
                yield Fault("unit", found[0], stated[0][0])


def _same_department(one: str, other: str) -> bool:
    """环保 and 环境保护 may be one field; 国务院 and 市 are not one level."""
    levels, its_levels = _levels(one), _levels(other)
    if levels and its_levels and not levels & its_levels:
        return False
    core = _LEVEL.sub("", one)[-2:]
    return len(core) < 2 or LCSseq.similarity(core, other) == len(core)


def _levels(field: str) -> set[str]:
    if "以上" in field:
        return {"省", "市", "区"}
    return {_LEVELS[found[0]] for found in _LEVEL.finditer(field) if found[0] in _LEVELS}


def quoted_faults(reading: Reading, passages: Sequence[Passage], read: Callable[[str], Reading]) -> Iterator[Fault]:
    """What stands in quotation marks must be words of a passage."""
    plain = "\n".join(text for passage in passages for text in (passage.reading.keys, passage.head.keys))
    for found in _QUOTED.finditer(fold(reading.text)):
        if read(found["words"]).keys not in plain:
            yield Fault("name", reading.text[slice(*found.span())])


class Word(NamedTuple):
    """A word of the sentence: where it stands, whether the corpus knows it as a name, its class in jieba."""

    text: str
    start: int
    end: int
    known: bool
    everyday: bool  # whether the dictionary has it too
    tag: str


def name_faults(
    reading: Reading,
    aligned: Sequence[Aligned],
    passages: Sequence[Passage],
    read_words: Callable[[Reading], list[Word]],
) -> Iterator[Fault]:
    """Words that name something and that the passage has not, or has something else for."""
    beside = {place for each in aligned for place in each.beside}
    loose = {
        element.start: place
        for place, element in enumerate(reading.elements)
        if element.kind == "char" and place not in beside
    }
    if not loose:
        return
    heads = "".join(passage.head.plain for passage in passages)
    at = [element.start for element in reading.elements]
    parts = {place: each for each in aligned for place in range(*each.part)}
    told: set[int] = set()
    stands: dict[int, set[int]] = {}  # of each sentence of a passage what the whole sentence has
    for each in aligned:
        for target, there in each.beside.values():
            stands.setdefault(id(target), set()).add(there)
    for word in sorted(read_words(reading), key=lambda each: -len(each.text)):
        new = [loose[place] for place in range(word.start, word.end) if place in loose]
        # Of a known name one other character is enough; a word is new when half of it is.
        if not new or word.start in reading.silent or (not word.known and 2 * len(new) < len(word.text)):
            continue
        each = parts[new[0]]
        replaced = _replaced(each, word, at, stands)
        topic = _opens(each, word, at) and not _BEFORE_TOPIC.sub("", fold(reading.text[: word.start])).strip(heads)
        if word.text in heads and (not replaced or topic):
            continue
        overlap = LCSseq.similarity(word.text, replaced)
        if word.text in heads and (len(replaced) < REPLACED or overlap >= REPLACED):
            continue
        if each.main and word.text in each.main.target.text:
            continue
        if told.isdisjoint(new) and _is_name(word, reading, replaced):
            told.update(new)
            yield Fault("name", word.text, replaced)


def opposite_faults(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    """高轨 for 低轨: one character in the place of its opposite."""
    for each in aligned:
        if not each.main:
            continue
        pairs, target = dict(each.main.pairs), each.main.target
        for place in range(each.part.start + 1, each.part.end - 1):
            before, behind = pairs.get(place - 1), pairs.get(place + 1)
            if place in each.beside or before is None or behind != before + 2:
                continue
            said, stated = reading.elements[place].key, target.elements[before + 1].key
            if (said, stated) in _OPPOSITES or (stated, said) in _OPPOSITES:
                text = target.passage.reading.text
                words = text[target.elements[before].start : target.elements[behind].end]
                yield Fault("name", reading.said(place - 1, place + 2), words)


def member_faults(reading: Reading, aligned: Sequence[Aligned]) -> Iterator[Fault]:
    """甲、丁、丙 for 甲、乙、丙: an item of a list in the place of another, its neighbours staying."""
    for each in aligned:
        if not each.main:
            continue
        pairs, target = dict(each.main.pairs), each.main.target
        joins = [place for place in range(*each.part) if reading.elements[place].kind == "join" and place in pairs]
        for join in joins:
            start, there = join + 1, pairs[join] + 1
            end = next((place for place in range(start, each.part.end) if _ends_item(reading, place)), each.part.end)
            part = target.parts[target.part_of[pairs[join]]]
            stop = next((place for place in range(there, part.end) if _ends_item(target, place)), part.end)
            new = [place for place in range(start, end) if pairs.get(place, -1) not in range(there, stop)]
            missing = [place for place in range(there, stop) if place not in pairs.values()]
            if (
                min(len(new), len(missing)) < REPLACED
                or 2 * len(new) < end - start
                or pairs.get(end) not in (stop, None)
            ):
                continue
            words = reading.keys[start:end]
            if words not in target.keys and reading.keys[new[0] : new[-1] + 1] not in target.keys and end in pairs:
                text = target.passage.reading.text
                yield Fault(
                    "name", reading.said(start, end), text[target.elements[there].start : target.elements[stop - 1].end]
                )


def _ends_item(of: Reading | Target, place: int) -> bool:
    """Whether a list goes on or ends here: 、 and 等."""
    element = of.elements[place]
    text = of.text if isinstance(of, Reading) else of.passage.reading.text
    return element.kind == "join" or (place > 0 and "等" in text[of.elements[place - 1].end : element.start])


def _opens(aligned: Aligned, word: Word, at: Sequence[int]) -> bool:
    """Whether the word opens the sentence, before all that it has from its passage: it tells of what that speaks."""
    if aligned.part.start:
        return False
    return aligned.main is not None and bisect_left(at, word.end) <= aligned.main.pairs[0][0]


def _replaced(aligned: Aligned, word: Word, at: Sequence[int], stands: Mapping[int, set[int]]) -> str:
    """The words that the best sentence has where the part has this one, empty where the word only adds to them."""
    if not aligned.main:
        return ""
    first, end = bisect_left(at, word.start), bisect_left(at, word.end)
    behind = [there for here, there in aligned.main.pairs if here < first]
    ahead = [there for here, there in aligned.main.pairs if here >= end]
    target = aligned.main.target
    start = behind[-1] + 1 if behind else target.parts[target.part_of[ahead[0]]].start if ahead else 0
    end = ahead[0] if ahead else target.parts[target.part_of[behind[-1]]].end if behind else 0
    taken = stands.get(id(target), set())
    between = [
        target.elements[place]
        for place in range(start, end)
        if place not in taken and target.elements[place].kind != "article"
    ]
    text = "".join(fold(target.passage.reading.text[each.start : each.end]) for each in between if weight(each))
    # What has no articles is numbered 全文.
    text = text.removeprefix(fold(target.passage.citation.clause.ref))
    return "" if text in word.text else text


def _is_name(word: Word, reading: Reading, replaced: str) -> bool:
    text = word.text
    if GENERIC.fullmatch(text):
        return False
    if _LATIN.fullmatch(text):
        return True
    if len(text) < 2:
        return False
    if (word.known and (not word.everyday or len(replaced) >= REPLACED)) or word.tag in _NAME_TAGS:
        return True
    # 自然科学 is a set phrase to jieba; in the place of another name it names too.
    noun = word.tag[0] in "nxjb" or word.tag == "vn" or (word.tag == "l" and len(replaced) >= REPLACED)
    behind = fold(reading.text[word.end : word.end + 3])
    return noun and (bool(_ENDING.match(behind)) or bool(_ENDING.search(text[-2:]) and len(text) > 2))


def _targets_near(aligned: Sequence[Aligned], number: int) -> list[Target]:
    """The sentence that a part stands in; of one with hardly any words, those of its neighbours."""
    own = aligned[number].main
    if own and own.weight >= OWN_WEIGHT:
        return [own.target, *(piece.target for piece in aligned[number].others)]
    before = [each.main.target for each in aligned[:number] if each.main and each.main.weight >= OWN_WEIGHT]
    behind = [each.main.target for each in aligned[number + 1 :] if each.main and each.main.weight >= OWN_WEIGHT]
    return before[-1:] + behind[:1] or ([own.target] if own else [])


def _has_unit(target: Target, element: Element) -> bool:
    names = [fold(unit) for unit in target.units]
    name = cast(str, element.value)
    return element.key in target.keys or any(name == each or name in each for each in names)


def _same_number(one: Element, other: Element) -> bool:
    org, year, number = cast(tuple[str, int, int], one.value)
    its_org, its_year, its_number = cast(tuple[str, int, int], other.value)
    return (year, number) == (its_year, its_number) and (org.endswith(its_org) or its_org.endswith(org))


def _has_article(passage: Passage, element: Element) -> bool:
    kind, number, sub = cast(tuple[str, int, int], element.value)
    for own in (*passage.head.elements, *passage.reading.elements):
        if own.kind == "article":
            its_kind, its_number, its_sub = cast(tuple[str, int, int], own.value)
            loosely = "点" in (kind, its_kind) and {kind, its_kind} <= {"点", "条", "项"}
            if (number, sub) == (its_number, its_sub) and (kind == its_kind or loosely):
                return True
    return False


def _all(kind: str, passages: Sequence[Passage]) -> list[Element]:
    return [
        element
        for passage in passages
        for element in (*passage.head.elements, *passage.reading.elements)
        if element.kind == kind
    ]


def _first(passages: Sequence[Passage]) -> str:
    return next((found for passage in passages for found in _doc_numbers_of(passage)), "")


def _doc_numbers_of(passage: Passage) -> list[str]:
    document = passage.citation.clause.document
    text = passage.reading.text
    own = [text[each.start : each.end] for each in passage.reading.elements if each.kind == "doc_number"]
    return [document.doc_number, *own] if document.doc_number else own
