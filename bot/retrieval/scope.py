"""
Which papers may answer a question: those it names, else those in force here, the main one before the others.

    "优化营商环境条例青岛的怎么说"  ->  Scope(named={"青岛市优化营商环境条例(2021-01-28)"}, …)

What has been replaced, repealed or issued for another place answers only where it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from functools import lru_cache

from bot.documents.catalogue import since, standing
from bot.documents.places import places_named
from bot.text.normalise import comparable, normalise
from bot.types import Document, Scope, Turn

# What being such a paper is worth beside a share of the question's wording (bot.answering.evidence); the curves are
# in eval/LOG.md.
PRIMARY = 0.5  # the corpus's main paper
GENRE = 0.22  # of the kind the question names: 方案里怎么安排, 条例怎么规定
PLACE = 0.44  # of the place or level it names
OPENING = 300  # characters in which news tell where they are from
SHORTEST_NAME = 3  # characters of a title that name a paper: 转化法
SHORTEST_ABBREVIATION = 3  # characters before the kind of paper: 科技进步法, for 科学技术进步法
SHORTEST_BEFORE_WORD = 4  # before a kind that is an everyday word too: 防控措施 and 下发的通知 name none
FEW_WORKS = 3  # what fits more papers than this names none: 管理条例
LONGEST_NAME = 40
MOST_SIDES = 4
REMEMBERED = 256
# What is left of a name without its kind of paper and says nothing of the subject: 实施细则, 若干规定.
_GENERIC = re.compile(
    r"(?:实施|管理|行动|工作|若干|暂行|试行|促进|专项|具体|有关|相关|配套|本|该|此|这[个份项部]?|那[个份项部]?|的|市|省|国家)*"
)

_KINDS = "方案|条例|办法|规定|意见|细则|规划|纲要|措施|规则|通知"
GENRES = re.compile(rf"行动方案|{_KINDS}|公告|[\u4e00-\u9fff]法(?!院|官|律|人|定)")
_ENDING = re.compile(rf"{_KINDS}|法")
_WORDS = frozenset({"措施", "通知", "意见"})
_POINTED = re.compile(rf"(?<=[\u4e00-\u9fff])(?:的|[那这][个部份])+(?={_KINDS}|法)")  # 促进科技成果转化那个条例
_PERIOD = re.compile(r"[（(][^）)]*[）)]$")
_ENCLOSED = re.compile(r"《([^《》]+)》")
_JOINING = re.compile(r"[《》“”\"的\s]")
# 方案里, 这个方案: the paper that everybody here means; not 应急方案.
_MEANT = re.compile(
    r"(?<![\u4e00-\u9fff])(?:[这该本此那][份个]?)?(?P<alone>(?:行动)?方案|通知|文件)|(?P<inside>方案|通知)(?:里|中|上|内|提|说|写)"
)
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零\d]+条")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?")
_FORMER = re.compile(r"旧版|老版|原版|修[订正改]前|原来的|废止|失效|以前的|过期|历史版本")
# 省里, 国家层面 name a level; 国家 alone often means the country.
_LEVELS = (
    (
        "",
        re.compile(
            r"国家(?:层面|、|和|与|跟|同|省|法|统一|一级|级(?:法规|规定)|(?:的)?(?:法律|规定|条例|政策|是怎么|怎么|对|还是))|国务院|上位法|全国性"
            r"|(?<![\u4e00-\u9fff])法律(?:上|规定)"
        ),
    ),
    ("省", re.compile(r"我省|本省|全省|省里|省级(?:法规|规定|条例)|省的|省(?:条例|规定|层面|一级|、市|和市)")),
    ("市", re.compile(r"本市|市里|市级(?:法规|规定|条例)|市的(?:条例|规定)|市(?:规定|一级|三级|两级)|省、市|省和市")),
)
_COMPARED = re.compile(r"[、和与跟及同比各]|分别|区别|一样|差别|还是|[两三]级|都")
# 有关规定 is no paper's name.
_OF_PLACE = re.compile(
    r"[^,，。;；?？!！、和与跟同比何哪什么怎啥]{2,20}?(?<![有相]关)(?:条例|办法|规定|细则|方案|规划)"
)
# A paper called by a place and its kind: 北京市优化营商环境条例.
_LOCAL = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{2,3}(?:市|省|自治区))(?:(?![的和与跟及在对把将用有些是什么哪怎这那])[\u4e00-\u9fff]){2,25}?(?<![有相]关)(?:条例|办法|规定|细则|方案)"
)


class Scoper:
    """Tells what a question's scope is among the documents of one store. `home` holds the places that are ours."""

    def __init__(self, documents: Iterable[Document], home: str, is_place: Callable[[str], bool]) -> None:
        self._documents = tuple(document for document in documents if not document.is_glossary)
        # Among papers of which few are ours every place is as good as another.
        placed = [document.place for document in self._documents if document.place]
        ours = 2 * sum(place in home for place in placed) >= len(placed)
        self._home = home if ours else "".join(placed)
        self._levels = home if ours else ""  # whose 省里 and 市里 are meant
        self.is_place = is_place
        self._names: dict[str, list[str]] = {}  # document id -> what it is called
        self._by_ending: dict[str, set[str]] = {}  # the end of a name -> document ids
        for document in self._documents:
            self._names[document.id] = list(_names(document))
            for name in self._names[document.id]:
                for start in range(len(name) - SHORTEST_NAME + 1):
                    self._by_ending.setdefault(name[start:], set()).add(document.id)
        self._by_id = {document.id: document for document in self._documents}
        self._all_places = tuple(dict.fromkeys(document.place for document in self._documents if document.place))
        self._primary = tuple(document for document in self._documents if document.primary)
        self._of_place: dict[str, list[Document]] = {}
        for document in self._documents:
            self._of_place.setdefault(document.place, []).append(document)
        self._of_kind = lru_cache(REMEMBERED)(self._find_of_kind)
        self._about_place = lru_cache(REMEMBERED)(self._find_about_place)
        self._excluded = lru_cache(REMEMBERED)(self._find_excluded)
        self._versions: dict[str, list[Document]] = {}
        for document in self._documents:
            self._versions.setdefault(_JOINING.sub("", document.work), []).append(document)

    def __call__(self, question: str, history: Sequence[Turn], today: date) -> Scope:
        """`question` is normalised. An article's number without a paper is looked for in the one last spoken of."""
        named = self.named(question)
        if not named and _ARTICLE.search(question):
            earlier = (self.named(normalise(f"{turn.question} {turn.answer}")) for turn in reversed(history))
            named = next(filter(None, earlier), frozenset())
        named = named | self._meant(question, only_plans=bool(named))
        missing = self._missing(question, named)
        years = {int(year) for year in _YEAR.findall(question)}
        places = self._places(question)
        former = _FORMER.search(question) is not None
        out = self._excluded(tuple(places), frozenset(years), former, today, named & self._restricted(today))
        named = named - out or named
        if not named and not _COMPARED.search(question):  # 沈阳市对支援湖北的人员: of the first, not of both
            places = tuple(sorted(places, key=lambda place: question.find(place.rstrip("省市区县")))[:1])
        sides = self._sides(named, out, places)
        return Scope(named, sides, missing, out, self._prior(question, places))

    def _restricted(self, today: date) -> frozenset[str]:
        """The papers that answer only where they are asked for."""
        return self._excluded((), frozenset(), False, today, frozenset())

    def _find_excluded(
        self, places: tuple[str, ...], years: frozenset[int], former: bool, today: date, named: frozenset[str]
    ) -> frozenset[str]:
        return frozenset(
            document.id
            for document in self._documents
            if not self._may_answer(document, places, years, former, today, document.id in named)
        )

    def _missing(self, question: str, named: Collection[str]) -> str:
        """The paper of another place, or in 《》, that the question names and none of ours is."""
        for found in _LOCAL.finditer(question):
            if not any(found["place"] == self._by_id[id_].place for id_ in named) and self.is_place(found["place"]):
                return found[0]
        for start, place in places_named(question):
            elsewhere = place not in self._home and place not in self._of_place
            if elsewhere and (called := _OF_PLACE.match(question, start)):
                return called[0]
        quoted = [title for title in _ENCLOSED.findall(question) if not self.named(title)]
        return quoted[0] if quoted and not named else ""

    def _sides(self, named: Collection[str], out: Collection[str], places: Sequence[str]) -> tuple[frozenset[str], ...]:
        """The papers of each side, where several papers are named or several levels, the most local first."""
        if len(places) < 2:
            groups = [frozenset({id_}) for id_ in named]
        else:
            admitted = named or [document.id for document in self._documents if document.id not in out]
            groups = [frozenset(id_ for id_ in admitted if self._by_id[id_].place == place) for place in places]
        groups = [group for group in groups if group]
        if not 1 < len(groups) <= MOST_SIDES:
            return ()
        return tuple(sorted(groups, key=lambda group: local(self._by_id[min(group)], self._home), reverse=True))

    def named(self, question: str) -> frozenset[str]:
        """Ids of the papers whose title, its end or its usual short form stands in the normalised question."""
        places = self._places(question)
        quoted = [self._by_ending.get(_plain_name(title), set()) for title in _ENCLOSED.findall(question)]
        named: list[tuple[int, set[str]]] = [(-1, self._there(found, places)) for found in quoted]
        # A title in full is no other's end or short form.
        plain = comparable(_POINTED.sub("", _ENCLOSED.sub("《》", question)))
        for ending in _ENDING.finditer(plain):
            said, found = self._longest(plain[max(0, ending.end() - LONGEST_NAME) : ending.end()], ending[0])
            # 专利法实施细则 does not name 专利法.
            named = [each for each in named if each[0] < ending.end() - len(said)]
            named.append((ending.end() - len(said), self._there(found, places)))
        return frozenset(id_ for _, found in named for id_ in found)

    def _meant(self, question: str, only_plans: bool) -> frozenset[str]:
        """The main papers, where the question speaks of “the” paper by its kind; 文件 may mean any."""
        found = [match["alone"] or match["inside"] for match in _MEANT.finditer(question)]
        found = [kind for kind in found if "方案" in kind or not only_plans]
        return frozenset(
            document.id
            for document in self._documents
            if document.primary and any(kind in document.title for kind in found)
        )

    def _longest(self, text: str, ending: str) -> tuple[str, set[str]]:
        """The longest end of `text` by which papers are called, and those, if it does not fit many."""
        for start in range(len(text) - SHORTEST_NAME + 1):
            said = text[start:]
            subject = said.removesuffix(ending)
            if self._says_nothing(subject) or (ending in _WORDS and len(subject) < SHORTEST_BEFORE_WORD):
                break
            found = self._by_ending.get(said) or self._by_ending.get(_JOINING.sub("", said))
            if not found and len(said) >= SHORTEST_ABBREVIATION + len(ending):
                found = {id_ for id_, names in self._names.items() if any(_abbreviates(said, name) for name in names)}
            if found:
                few = len({_without_place(self._by_id[id_]) for id_ in found}) <= FEW_WORKS
                return said, found if few else set()
        return "", set()

    def _says_nothing(self, name: str) -> bool:
        """Whether a name without its kind of paper tells no subject: 山东省, 实施."""
        for place in self._all_places:
            name = name.replace(place, "").replace(place.rstrip("省市区县"), "")
        return _GENERIC.fullmatch(name) is not None

    def _places(self, question: str) -> tuple[str, ...]:
        """The places asked about, "" for the whole country; none where the question says nothing of it."""
        found = [place for place in self._all_places if place.rstrip("省市区县") in question]
        for suffix, said in _LEVELS:
            if said.search(question):
                ours = (place for place in self._all_places if place.endswith(suffix) and place in self._levels)
                found += [next(ours, "")] if suffix and self._levels else [] if suffix else [""]
        return tuple(dict.fromkeys(found))

    def _there(self, found: set[str], places: Sequence[str]) -> set[str]:
        """Of papers with one name in several places, that of the place asked about."""
        return {id_ for id_ in found if self._is_there(self._by_id[id_], places)} or found

    def _is_there(self, document: Document, places: Sequence[str]) -> bool:
        """Whether it applies in a place asked about; where none is, in ours."""
        return document.place in places if places else document.place in self._home

    def _may_answer(
        self, document: Document, places: Sequence[str], years: Set[int], former: bool, today: date, named: bool
    ) -> bool:
        versions = self._versions[_JOINING.sub("", document.work)]
        originals = [each for each in versions if each.kind != "digest"]
        if document.kind == "digest" and originals:
            return False
        if len(versions) > 1:
            of_years = [each for each in versions if years & _years_of(each)]
            in_force = [each for each in originals or versions if standing(each, today) == "现行"]
            current = max(of_years or in_force or originals or versions, key=since)
            if document is not current and not former:
                return False
        if document.place not in self._home and document.place not in places and not named:
            return False
        return standing(document, today) not in ("废止", "到期") or named or former

    def _prior(self, question: str, places: Sequence[str]) -> Mapping[str, float]:
        """What being such a paper is worth; where levels are compared, only its kind counts."""
        prior: dict[str, float] = {}
        if len(places) < 2:
            prior |= {document.id: PLACE for place in places for document in self._about_place(place)}
            prior |= {document.id: max(PRIMARY, prior.get(document.id, 0.0)) for document in self._primary}
        for document in {each.id: each for kind in GENRES.findall(question) for each in self._of_kind(kind)}.values():
            prior[document.id] = prior.get(document.id, 0.0) + GENRE
        return prior

    def _find_about_place(self, place: str) -> tuple[Document, ...]:
        """The papers of the place, and of those that tell no place the ones that begin with it, as news do."""
        short = place.rstrip("省市区县")
        begin = (each for each in self._of_place.get("", ()) if short and short in each.title + each.text[:OPENING])
        return (*self._of_place.get(place, ()), *(begin if place else ()))

    def _find_of_kind(self, kind: str) -> tuple[Document, ...]:
        return tuple(document for document in self._documents if kind in document.title)


def local(document: Document, home: str) -> int:
    """How local a paper is; `home` holds our places from the largest to the smallest."""
    return home.find(document.place) if document.place else -1


def _names(document: Document) -> Iterator[str]:
    """What the paper is called: its work, that without the place, and what a notice encloses, none with a period."""
    titles = [document.work, *(_ENCLOSED.findall(document.title) if "印发" in document.title else ())]
    for title in titles:
        name = _plain_name(title)
        yield name
        plain = _JOINING.sub("", name)
        if plain != name:
            yield plain


def _plain_name(title: str) -> str:
    return comparable(_PERIOD.sub("", title.removeprefix("中华人民共和国")))


def _without_place(document: Document) -> str:
    return document.work.removeprefix(document.place)


def _abbreviates(said: str, name: str) -> bool:
    """Whether the characters of `said` stand in the name in this order, the first and the last where they do there."""
    if said[0] != name[0]:
        return False
    if not name.endswith(said[-2:]) and not (said[-1] == "法" == name[-1]):
        return False
    rest = iter(name)
    return all(character in rest for character in said)


def _years_of(document: Document) -> set[int]:
    return {day.year for day in (document.issued_on, document.effective_on) if day}
