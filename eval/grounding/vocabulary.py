"""
The names that an index holds, by what kind of thing they name: what a false sentence may say instead of the right one.

    outlines  ->  Vocabulary(units=("市科技局", …), tracks=("太赫兹", …), titles=("促进科技成果转化法", …), …)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.types import Outline
from eval.grounding.cases import Passage, statements

# 各行业主管部门, 有关区、市政府: such a unit takes in others, so a sentence may stay true with it in another's place.
GENERAL = re.compile(r"各|有关|相关|所在|上级|本级|同级|其他|等")
LIST = re.compile(r"(?<=、)((?:(?![和与及或])[\u4e00-\u9fff]){2,9})(?=、|等)")
ENTITY = re.compile(
    r"(?:、|支持|建设|推进|成立|设立|建立|举办)((?:(?![设破的按把用]|打造|建立|前瞻|布局|引进|推动|加强)[\u4e00-\u9fff]){2,14}?"
    r"(?:实验室|创新中心|研究中心|大赛|试验场|试验装置|大市场|联合办公室|委员会|基金|先导区|科技园|园区|专班))"
    r"(?=[、，。；等和]|建设)"
)
DEPARTMENT = re.compile(
    r"(?:[由向经送，。；]|报(?!告)|^)((?:国务院|国家|全国|省|市|市、区（市）|县级以上)?(?:人民政府)?(?:(?!应当|可以|不得|组织|受理|会同|[向由报把送的])[\u4e00-\u9fff]){2,9}?"
    r"(?:主管部门|行政部门|管理部门|监管部门|网信部门|审批部门))(?=应当|可以|负责|会同|批准|备案|申请|组织|核定|制定|[，。；、])"
)
NAMED_REF = re.compile(
    r"^第[一二三四五六七八九十百零]+条$|^[一二三四五六七八九十]+、(?:[(（].+)?$"
)  # a reader knows these
BOOK = re.compile(r"《([^《》]{3,40})》")
QUOTED = re.compile(r"“([\u4e00-\u9fff]{3,8})”")
PLACES = ("北京", "上海", "天津", "重庆", "深圳", "广州", "杭州", "南京", "苏州", "宁波", "济南", "烟台", "青岛",
          "山东", "江苏", "浙江", "广东", "河南", "湖北", "四川", "陕西")  # fmt: skip
_FIELDS = re.compile(r"赛道|领域|产业方向")  # what a heading over tracks says; others number tasks
_SHORT_TITLE = 7  # characters: a longer heading tells a task, no name


@dataclass(frozen=True)
class Vocabulary:
    units: tuple[str, ...]
    departments: tuple[str, ...]
    tracks: tuple[str, ...]  # 太赫兹, 量子信息: short titles of numbered clauses beside each other
    titles: tuple[str, ...]  # of papers, without 中华人民共和国 and the edition
    books: tuple[str, ...]  # named in 《》
    quoted: tuple[str, ...]  # named in “”
    entities: Mapping[str, tuple[str, ...]]  # last two characters -> names of places and bodies that end so
    members: Mapping[str, tuple[str, ...]]  # last two characters -> members of lists that end so
    refs: Mapping[str, tuple[str, ...]]  # document id -> the clauses that a sentence may name, in order
    texts: Mapping[str, tuple[str, ...]]  # title -> what that paper's segments say
    read: dict[str, list[set[str]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, outlines: Sequence[Outline], shown: Sequence[Passage]) -> Vocabulary:
        units = {unit for passage in shown for unit in passage.segment.units if not GENERAL.search(unit)}
        texts = [statement.text for passage in shown for statement in statements(passage)]
        return cls(
            units=tuple(sorted(units)),
            departments=_found(DEPARTMENT, texts),
            tracks=tuple(sorted(_tracks(outlines))),
            titles=tuple(sorted({outline.document.work for outline in outlines if not outline.document.is_glossary})),
            books=_found(BOOK, texts),
            quoted=_found(QUOTED, texts),
            entities=_by_ending(_found(ENTITY, texts)),
            members=_by_ending(_found(LIST, texts)),
            refs={
                outline.document.id: tuple(
                    dict.fromkeys(clause.ref for clause in outline.clauses if NAMED_REF.match(clause.ref))
                )
                for outline in outlines
            },
            texts={
                outline.document.work: tuple(segment.text for clause in outline.clauses for segment in clause.segments)
                for outline in outlines
            },
        )

    def may_hold(self, sentence: str, title: str) -> bool:
        """Whether the paper of that title says something like the sentence: half of its pairs of characters."""
        said = pairs(sentence)
        return any(len(said & held) >= 0.5 * len(said) for held in self._held(title))

    def _held(self, title: str) -> list[set[str]]:
        if title not in self.read:
            self.read[title] = [pairs(text) for text in self.texts.get(title, ())]
        return self.read[title]


def _tracks(outlines: Sequence[Outline]) -> set[str]:
    """Titles of at most seven characters of three clauses or more under one heading that speaks of fields."""
    beside: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for outline in outlines:
        if outline.document.is_glossary:
            continue
        for clause in outline.clauses:
            if 3 <= len(clause.title) <= _SHORT_TITLE and _FIELDS.search("".join(clause.path[:-1][-1:])):
                beside[(outline.document.id, *clause.path[:-1])].add(clause.title)
    return {title for titles in beside.values() if len(titles) >= 3 for title in titles}


def _found(pattern: re.Pattern[str], texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        sorted({match[1] for text in texts for match in pattern.finditer(text) if not GENERAL.search(match[1])})
    )


def _by_ending(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for name in names:
        grouped[name[-2:]].append(name)
    return {ending: tuple(group) for ending, group in grouped.items()}


def pairs(text: str) -> set[str]:
    """Each two characters that stand beside each other."""
    return {text[place : place + 2] for place in range(len(text) - 1)}
