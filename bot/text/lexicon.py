"""
The policy terms of a document, drawn from the document itself.

    Outline("…行动方案")  ->  Lexicon({"类脑智能": "title", "市科技局": "unit", "科技局": "unit", "先投后股": "quoted",
                                      "隐形独角兽": "enumerated", "青岛市深化科技成果转化创新改革十条措施": "document"})

They keep the segmenter from cutting 先投后股 into four, and give typos and typed pinyin something to be compared with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from typing import Literal, get_args

from bot.text.normalise import fold_width
from bot.text.segment import Segmenter
from bot.types import Outline

Kind = Literal["unit", "title", "quoted", "document", "enumerated"]  # the first that fits is a term's kind
KINDS: tuple[Kind, ...] = get_args(Kind)

LONGEST_TERM = 12  # characters; longer names are sentences, except a document's
LONGEST_UNIT = 20
LONGEST_ENUMERATED = 8
LONGEST_AFTER_VERB = 6
SHORTEST_TITLE_PART = 3
COMMON = 0.7  # words of the dictionary less rare than this are everyday words, not terms

_QUOTED = re.compile(r'["“]([^"“”\n]{2,30})["”]')
_DOCUMENT = re.compile(r"《([^《》〈〉<>\n]{3,50})》")
_BRACKETED = re.compile(r"[(（\[〔][^()（）\[\]〔〕]*[)）\]〕]")
_COUNTRY = "中华人民共和国"
_AMENDING = re.compile(r"关于(修改|修订|修正|废止|公布|印发)")
_AUTHORITY = re.compile(r"^(?:[省市区县]委(?!员)|[省市区县])(?=[\u4e00-\u9fff]{2,}[局委办部厅院处社会心]$)")
_NUMERAL = r"[一二三四五六七八九十百零\d]+"
_NUMBERING = re.compile(rf"^(?:第{_NUMERAL}[编章节条]|{_NUMERAL}[、.]|\({_NUMERAL}\))\s*")
_AND = re.compile(r"[和与及、,]|以及")
_SENTENCE_MARK = re.compile(r"[，。；：？！…,;:?!]")
_PLAIN = re.compile(r"(?!第)[\u4e00-\u9fffA-Za-z0-9+\-·]+")
_ITEM = r"[\u4e00-\u9fffA-Za-z0-9]"
# X、Y、Z等: what stands between two 、, or between 、 and 等, is a whole item; what stands before the first 、 is not.
_INNER_ITEM = re.compile(rf"(?<=、){_ITEM}{{2,8}}?(?=、|等)")
_FIRST_ITEM = re.compile(rf"(?<![、\u4e00-\u9fffA-Za-z0-9])({_ITEM}+)(?=、)")
_ATTRIBUTIVE = re.compile(r"[的其]")
_JOINING = re.compile(r"[的了在对为和与及或等其将由向把被从以不有是并且于所各该本可应]")
# jieba's classes of words that stand before a term and not in it: 培育, 加快, 对于. Among single characters only verbs
# and prepositions do: jieba takes the 多 of 多金属结核 for a number.
_LEADING = frozenset({"v", "vd", "d", "ad", "p", "c", "r"})
_LEADING_SINGLE = frozenset({"v", "p"})


class Lexicon(Mapping[str, Kind]):
    """Term -> kind. Half width, upper and lower case as published; iterating gives the terms."""

    def __init__(self, terms: Mapping[str, Kind]) -> None:
        self._terms = dict(terms)

    def __getitem__(self, term: str) -> Kind:
        return self._terms[term]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __repr__(self) -> str:
        return f"Lexicon({self._terms})"

    def of_kind(self, kind: Kind) -> tuple[str, ...]:
        return tuple(term for term, own in self._terms.items() if own == kind)


def build_lexicon(outlines: Iterable[Outline]) -> Lexicon:
    """The terms of all documents; a term that two documents use differently keeps the earlier of KINDS."""
    return merge(map(document_terms, outlines))


def merge(lexicons: Iterable[Mapping[str, Kind]]) -> Lexicon:
    terms: dict[str, Kind] = {}
    for lexicon in lexicons:
        for term, kind in lexicon.items():
            terms[term] = min(kind, terms.get(term, kind), key=KINDS.index)
    return Lexicon(terms)


def document_terms(outline: Outline) -> Lexicon:
    """The terms of one document, by what they are in it."""
    text = fold_width(outline.document.text)
    finders = {
        "unit": _units(outline),
        "title": _titles(outline),
        "quoted": _quoted(text),
        "document": _documents(outline.document.title, text),
        "enumerated": _enumerated(text),
    }
    terms: dict[str, Kind] = {}
    for kind in KINDS:
        for term in finders[kind]:
            terms.setdefault(term, kind)
    return Lexicon(terms)


def _units(outline: Outline) -> Iterator[str]:
    """市工业和信息化局 and 工业和信息化局; a phrase such as 有关区、市政府 is no name."""
    for clause in outline.clauses:
        for unit in map(fold_width, clause.units):
            if _is_term(unit, LONGEST_UNIT):
                yield unit
                yield _AUTHORITY.sub("", unit)


def _titles(outline: Outline) -> Iterator[str]:
    """搭建概念验证和中试平台, and its parts 概念验证 and 中试平台."""
    for clause in outline.clauses:
        if _is_term(title := _plain_title(clause.title), LONGEST_TERM):
            yield title
    for title in (*(clause.title for clause in outline.clauses), *(heading.text for heading in outline.headings)):
        whole = _plain_title(title)
        for part in (whole, *_AND.split(_without_verb(whole))):
            if len(part) >= SHORTEST_TITLE_PART and _is_telling(part) and not _ATTRIBUTIVE.search(part):
                yield part


def _plain_title(title: str) -> str:
    """第一章 总 则 -> 总则"""
    return re.sub(r"\s", "", _NUMBERING.sub("", fold_width(title).strip()))


def _quoted(text: str) -> Iterator[str]:
    """先投后股, and of 创新链+产业链+资金链 each part too."""
    for quoted in _QUOTED.findall(text):
        yield from filter(_is_telling, (quoted, *re.split(r"[+·、]", quoted)))


def _documents(own_title: str, text: str) -> Iterator[str]:
    """The document's own title and those it cites in 《》, with and without 中华人民共和国 and (2025—2027年)."""
    for title in (own_title, *_DOCUMENT.findall(text)):
        if not _AMENDING.search(title):
            short = _BRACKETED.sub("", fold_width(title)).strip()
            yield short
            yield short.removeprefix(_COUNTRY)


def _enumerated(text: str) -> Iterator[str]:
    """Items of lists joined by 、 that are no everyday words: 隐形独角兽."""
    yield from filter(_is_enumerated, _INNER_ITEM.findall(text))
    yield from filter(_is_enumerated, _ends_of_first_items(_FIRST_ITEM.findall(text)))


def _ends_of_first_items(phrases: Sequence[str]) -> Iterator[str]:
    """
    Where the first item of a list begins is not marked: “培育未来产业领域专精特新、”, “重点发展磷化铟、”.

    It is what two such phrases have in common at their end, or a short rest after a verb.
    """
    by_end: dict[str, list[str]] = {}
    for phrase in dict.fromkeys(phrases):
        by_end.setdefault(phrase[-2:], []).append(phrase[::-1])
        yield _after_verb(phrase)
    for alike in by_end.values():
        for one, other in pairwise(sorted(alike)):
            alike_for = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
            if alike_for < min(len(one), len(other)):
                yield one[:alike_for][::-1]


@cache
def _base() -> Segmenter:
    return Segmenter()


def _after_verb(phrase: str) -> str:
    """重点发展磷化铟 -> 磷化铟, empty where none of the first words is a verb or what follows is long."""
    words = _base().words(phrase)
    verbs = [place for place, word in enumerate(words[:3]) if _base().tag(word)[0] == "v"]
    rest = "".join(words[verbs[-1] + 1 :]) if verbs else ""
    return rest if len(rest) <= LONGEST_AFTER_VERB else ""


def _is_term(text: str, longest: int = LONGEST_TERM) -> bool:
    return 2 <= len(text) <= longest and bool(_PLAIN.fullmatch(text)) and not text.isdecimal()


def _is_telling(text: str) -> bool:
    return _is_term(text) and _base().rarity(text) >= COMMON


@lru_cache(1 << 16)  # the same few stand in one statute after another
def _is_enumerated(item: str) -> bool:
    if len(item) > LONGEST_ENUMERATED or not _is_telling(item) or _JOINING.search(item):
        return False
    words = _base().words(item)
    if len(words[-1]) == 1:
        del words[-2:]  # a verb and one character are a noun: 氧化镓, 开发区
    return not any(_leads(word) for word in words[:-1])


def _leads(word: str) -> bool:
    return _base().tag(word) in (_LEADING if len(word) > 1 else _LEADING_SINGLE)


def _without_verb(title: str) -> str:
    """加强创新平台支撑 -> 创新平台支撑"""
    first, *rest = _base().words(title) or [""]
    return "".join(rest) if len(first) > 1 and _base().tag(first)[0] == "v" else title
