"""
Read a text as elements that compare across spellings: figures, dates, units, modal words, and single characters.

    "应当在三十天内报市工信局"  ->  应当 · 在 · 30日 · 以内 · 报 · 市工业和信息化局

What is read alike compares alike: 300万元 and 三百万元, 2025年底 and 2025年12月31日, 应 and 应当, 市工信局 and
市工业和信息化局. Words that carry nothing (的, 将) and marks of quotation are left out.
"""

from __future__ import annotations

import re
import string
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import NamedTuple

from bot.documents.titles import paper_names
from bot.text.normalise import QUOTES
from bot.text.numerals import Figure, chinese_number, find_figures
from bot.types import Span

_ENDS = frozenset("。；;！!？?\n：:")
_PART_ENDS = _ENDS | frozenset("，,")
_JOINS = frozenset("、和与及或")
# Marks of quotation, brackets and words that no statement hangs on.
_SILENT = frozenset("\"'《》〈〉「」『』【】()（） 　\t的了其将把之*等")

_OF_TIME = re.compile(r"[上下]一年度|前一[天日]")
LINES = 4096  # kept as they were read
_FIRST_KEY, _KEYS = 0xF0000, 0x1FFF0  # the private use areas of Unicode

_N = r"[零〇一二三四五六七八九十百千\d]+"
_YEAR = r"(?:(?:19|20)\d\d|[一二][零〇一二三四五六七八九]{3})"
_DATE = re.compile(
    rf"(?P<year>{_YEAR})\s?年(?:度)?(?:\s?(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s?月"
    rf"(?:\s?(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?[日号])?)?(?P<end>年?[底末]|年初)?"
    rf"|(?P<dashed>(?:19|20)\d\d[-./]\d{{1,2}}[-./]\d{{1,2}})(?!\d)"
    rf"|(?P<only_month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?P<only_day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]"
    rf"|(?P<from>(?:19|20)\d\d)(?=\s*[—–~～-]+\s*(?:19|20)\d\d\s?年)"
)
_TITLE = re.compile(r"《(?P<title>[^《》]*(?:《[^《》]*》[^《》]*)*)》(?:[(（](?:试行|暂行|修正|修订)[)）])?")
_DOC_NUMBER = re.compile(
    r"(?P<org>[\u4e00-\u9fff]{0,10})[〔\[(【](?P<year>(?:19|20)\d\d)[〕\])】]\s?(?:第)?(?P<number>\d+)\s?号"
    rf"|第?(?P<order>\d+|{_N})号(?=令|公告)|(?P<kind>令|公告)第?(?P<order_behind>\d+|{_N})号"
)
_BEFORE_ORG = re.compile(r"^.*(?:根据|按照|依据|依照|文号为?|文号是|编号为?|发文|文件|印发|以|由|的|见|即|为|是)")
_ARTICLE = re.compile(
    rf"第\s?(?P<number>{_N})\s?(?P<kind>[编章节条款项目]|部分)(?:之(?P<sub>{_N}))?(?!目标|目的|以上)"
    rf"|^(?P<part>[一二三四五六七八九十]+)、"
    rf"|[(（](?P<bracketed>[一二三四五六七八九十]+)[)）]"
    rf"|(?:(?<=^)|(?<=[\s、)）。,;]))(?P<dotted>\d{{1,2}})\.(?!\d)",
    re.M,
)
# Bounds of a figure, what is alike under one name.
BOUNDS = {
    "≥": "不[得能可应]?(?:少于|低于|小于|短于|早于)|至少|起码|最少|最低|最早|最短|以上|及以上",
    ">": "超过|高于|多于|大于|满(?=\\d|[一二三四五六七八九十])",
    "≤": "不[得能可应]?(?:超过|高于|多于|大于|长于|迟于|晚于)|至多|最多|最高|最长|最迟"
    "|以内|之内|以下|及以下|(?<=[日月年时天周])内|内(?=[，。；、,;向将予作的提完办申]|$)",
    "<": "低于|少于|小于|未满|不满|不足|未达到",
    "≈": "左右|大约|约(?=\\d|[一二三四五六七八九十])|上下(?=[，。；,;]|$)",
    "每年": "每年|年均|逐年",
    "每月": "每月",
    "每季": "每季度?",
    "每半年": "每半年",
    "每周": "每周|每星期",
    "每日": "每日|每天",
    "每个": "单个|每个|每家|每户|每人|每名|每项",
    "累计": "累计|总计|合计|共计",
    "连续": "连续",
    "首次": "首次",
    "仅": "单独(?=负责|承担|牵头)|独家|仅限于|仅限|只限|只能|仅仅|仅(?!供)|只有",
}
SHORTEST_UNIT = 3  # characters of a unit without its city
LIMITS = frozenset("≥>≤<≈")
MODALS = {
    "不得": "不得|禁止|严禁|不准|不允许|不许|不可以|不能|不可(?!避|抗|分|或|逆|持)|不应当?",
    "不必": "不需要|无需|无须|不必|不要求",
    "酌情": "可?视情况|酌情|自行决定是否|自愿",
    "应当": "应当(?!事)|必须|务必|须|应(?![当用急收付对变力邀届激纳答聘税运])|需要",
    "可以": "可以|[方才]可以?|[方才]能够?|有权|能够"
    "|(?<![认许不宁])可(?![靠信能视再持追控见溶复操穿折编逆比达观燃循识调扩量预谓惜]|行(?!使)|推广|移植|移动|用性|选择性|回收|变)",
    "鼓励": "鼓励|倡导|提倡",
    "支持": "支持",
    "引导": "引导",
    "探索": "探索",
    "研究": "研究(?=成立|设立|建立|制定|出台)",
    "力争": "力争|争取|积极争创|争创",
    "推动": "推动|推进",
    "强制": "强制",
    "优先": "优先(?!权|股|级)",
    "已": "已经|业已|已(?!知|婚|故)|(?:全面|全部|如期)(?:建成|完成|实现|推行|推广|普及|覆盖)",
    "立即": "立即|马上|即刻",
    "逐步": "逐步|分步",
    "一律": "一律|一概|无一例外",
    "免费": "免费|全额",
    "原则上": "原则上",
}
_ROLE = re.compile(
    r"(?P<lead>牵头(?:责任)?(?:单位|部门)|主办(?:单位|部门)|主责(?:单位|部门)|牵头(?:负责)?(?!组建|组织|开展|成立))"
    r"|(?P<help>(?:配合|协办|参与|参加|协助)(?:单位|部门))|(?:责任|落实|实施|承办|负责)(?:单位|部门)"
)
_PAPER = "规定|方案|办法|条例|文件|政策|要求|法律|法|通知|意见|条款|条文|原文|上述内容"
_SAYS = "(?:提出|明确|要求|规定|指出|提到|强调)(?:了)?"
_CONNECTIVE = re.compile(
    r"首先|其次|再次|最后|此外|另外|同时|并且|而且|因此|所以|总之|总的来说|总体来看|综上所述?|简而言之|换言之|换句话说"
    r"|具体来说|具体而言|具体来看|也就是说|其中|与此同时|在此基础上|在这方面|对此|为此|据此|依此|一方面|另一方面|[一二三四]是"
    r"|需要(?:特别)?(?:注意|说明|指出)的是|值得(?:注意|一提)的是"
    rf"|(?:根据|按照|依据|依照)(?:上述|该|本|有关|相关|现行|以上|前述)*(?:{_PAPER})(?:的?(?:规定|要求|精神))?"
    rf"|(?:该|本|上述|有关|相关)?(?:{_PAPER})(?:还|也|中)?(?:{_SAYS})|还|也|则|并|且"
)
_JOINING = re.compile(
    rf"(?:(?<=^)|(?<=[，,；;。：:]))(?:{_CONNECTIVE.pattern})(?!的|实施|落实|执行)"
    rf"|(?<=[》条款项])(?:中|还|也|明确)*(?:{_SAYS})(?=[，,：:])"  # 《…》第四条规定，
    rf"|(?:(?<=^)|(?<=[；;。]))(?:根据|按照|依据|依照)(?=《[^》]*》[^，,。]{{0,24}}[，,])"
    rf"|(?<=[.、)\"])\"?部分(?:中|还|也|明确)*(?:{_SAYS})(?=[，,：:])"
)
# Characters of negation, and words that hold one and deny nothing.
_NEGATION = re.compile(r"不予|不再|没有|尚未|未曾|从未|不|未|无|非|勿|莫|免(?!疫|费|税)|除外")
_NO_NEGATION = re.compile(
    r"未来|未成年|不仅|不但|不断|不动产|不同|不良|不利|不足|不当|不正当|不法|不明(?!确)|不确定(?!为)|不可避免|不可抗力|不可分割|不可逆|不锈|不等"
    r"|无人|无线|无形|无障碍|无偿|无害|无机|无论|无缝|无关|无锡|非常|非洲|非物质|非遗|非营利|非公|非金属|非税|非居民|非机动|非道路"
    r"|(?<=(?P<again>[\u4e00-\u9fff]))不(?=(?P=again))|非国有|非全日|非标|非接触|除非|是否|避免|难免|以免|减免|免职|莫过"
)


class Date(NamedTuple):
    """A day, month or year; 0 where the text names none. 2025年底 is its last day."""

    year: int
    month: int = 0
    day: int = 0

    def agrees(self, other: Date) -> bool:
        """Whether one day may be meant: a year and its last day, 2025年12月31日 and 12月31日."""
        year = self.year == other.year or not (self.year and other.year)
        if not (self.month and other.month):
            # A year is met by its end, not by a day in the midst of it.
            return year and (self.month or other.month) in (0, 12) and (self.day or other.day) in (0, 31)
        return year and self.month == other.month and (self.day == other.day or not (self.day and other.day))


class Element(NamedTuple):
    """One element of a text: what it compares by, of what kind it is and where it stands."""

    key: str  # one character, of the private use areas for what is not a character of the text
    kind: str  # char, figure, date, doc_number, article, title, unit, role, modal, bound, negation, join
    start: int
    end: int
    value: object = None


@dataclass(frozen=True)
class Reading:
    """A text, its elements, and its parts: runs of elements between commas or stronger marks."""

    text: str
    elements: tuple[Element, ...]
    parts: tuple[Span, ...] = field(repr=False)  # into `elements`
    sentences: tuple[Span, ...] = field(repr=False)  # into `parts`

    @cached_property
    def keys(self) -> str:
        return "".join(element.key for element in self.elements)

    @cached_property
    def silent(self) -> frozenset[int]:
        """Where words stand that only join sentences: 首先, 根据该方案."""
        return frozenset(place for found in _CONNECTIVE.finditer(self.text) for place in range(*found.span()))

    def said(self, start: int, end: int) -> str:
        """The words of the elements from `start` to `end`."""
        return self.text[self.elements[start].start : self.elements[end - 1].end] if end > start else ""

    @cached_property
    def plain(self) -> str:
        """The text, width folded, without white space and silent marks."""
        return "".join(char for char in fold(self.text) if char not in _SILENT)


def fold(text: str) -> str:
    """Half-width forms and small letters, character by character, so that offsets stay."""
    return text.translate(_folding())


@cache
def _folding() -> dict[int, str]:
    """Of each character that has another form, that form, where it is one character."""
    forms = {}
    for code in range(0x80, 0x10000):
        wide = unicodedata.normalize("NFKC", chr(code)).translate(QUOTES)
        if len(wide) == 1 and wide != chr(code):
            forms[code] = wide
    return {code: form.lower() if len(form.lower()) == 1 else form for code, form in forms.items()} | {
        ord(char): char.lower() for char in string.ascii_uppercase
    }


class Reader:
    """Reads texts; `units` are the names of the units a corpus knows."""

    def __init__(self, units: Iterable[str]) -> None:
        self._canonical: dict[str, str] = {}
        for unit in units:
            for variant in spellings(fold(unit)):
                self._canonical.setdefault(variant, fold(unit))
        for unit in units:
            self._canonical[fold(unit)] = fold(unit)
        self.read_line = lru_cache(LINES)(self.read)  # titles and headings stand above many passages
        # 工信局 is 市工业和信息化局, and no other level's.
        bare = {_CITY.sub("", name): name for name in self._canonical if _CITY.match(name)}
        self._canonical |= {name: self._canonical[full] for name, full in bare.items() if len(name) >= SHORTEST_UNIT}
        names = sorted(self._canonical, key=len, reverse=True)
        self._units = re.compile("|".join(map(_unit_pattern, names))) if names else None

    def read(self, text: str, *, joined: bool = False) -> Reading:
        """`joined`: words that only join sentences, at the beginning of a part, are left out."""
        folded = fold(text)
        if joined:
            folded = _JOINING.sub(lambda found: " " * len(found[0]), folded)
        elements: list[Element] = []
        parts: list[Span] = []
        sentences: list[Span] = []
        part_start = sentence_start = 0
        taken = sorted(self._specials(folded))
        place = 0
        for special in [*taken, None]:
            end = special.start if special else len(folded)
            while place < end:
                char = folded[place]
                # 1,000 is read as a figure before; a comma here ends a part.
                if char in _PART_ENDS:
                    if len(elements) > part_start:
                        parts.append(Span(part_start, len(elements)))
                        part_start = len(elements)
                    if char in _ENDS and len(parts) > sentence_start:
                        sentences.append(Span(sentence_start, len(parts)))
                        sentence_start = len(parts)
                elif char in _JOINS:
                    elements.append(Element("、", "join", place, place + 1))
                elif char not in _SILENT:
                    elements.append(Element(char, "char", place, place + 1))
                place += 1
            if special:
                elements.append(special.element)
                place = special.end
                if _bounds_next(elements, part_start):
                    # 约30个 as 30个左右.
                    elements[-2:] = elements[:-3:-1]
        if len(elements) > part_start:
            parts.append(Span(part_start, len(elements)))
        if len(parts) > sentence_start:
            sentences.append(Span(sentence_start, len(parts)))
        return Reading(text, tuple(elements), tuple(parts), tuple(sentences))

    def _specials(self, folded: str) -> Iterator[_Special]:
        """What is no single character, none overlapping another; what is found first has the stretch."""
        free = bytearray(len(folded))
        for find in (_titles, _doc_numbers, self._known_units, _roles, _articles, _dates, _figures, _words):
            for element in find(folded):
                if not any(free[element.start : element.end]):
                    free[element.start : element.end] = b"\1" * (element.end - element.start)
                    if element.kind != "plain":
                        yield _Special(element.start, element.end, element)

    def _known_units(self, folded: str) -> Iterator[Element]:
        for found in self._units.finditer(folded) if self._units else ():
            name = self._canonical[found[0]]
            yield Element(_key("unit", name), "unit", *found.span(), name)


def _bounds_next(elements: list[Element], start: int) -> bool:
    """Whether the last element is a figure, right behind its bound, in one part."""
    if len(elements) - start < 2 or elements[-1].kind != "figure":
        return False
    bound, figure = elements[-2:]
    return bound.kind == "bound" and bound.value in LIMITS and bound.end <= figure.start <= bound.end + 1


def _unit_pattern(name: str) -> str:
    return re.escape(name) if _CITY.match(name) else f"(?<![省区县家国部州]){re.escape(name)}"


class _Special(NamedTuple):
    start: int
    end: int
    element: Element


def _titles(folded: str) -> Iterator[Element]:
    for found in _TITLE.finditer(folded):
        names = paper_names(found["title"]) or {found["title"]}
        yield Element(_key("title", min(names)), "title", *found.span(), frozenset(names))


def _doc_numbers(folded: str) -> Iterator[Element]:
    for found in _DOC_NUMBER.finditer(folded):
        if found["year"]:
            org = _BEFORE_ORG.sub("", found["org"])
            start = found.start() + len(found["org"]) - len(org)
            value = (org, int(found["year"]), int(found["number"]))
        else:
            start, value = found.start(), ("令", 0, _number(found["order"] or found["order_behind"]))
        yield Element(_key("doc_number", *value), "doc_number", start, found.end(), value)


def _articles(folded: str) -> Iterator[Element]:
    for found in _ARTICLE.finditer(folded):
        if found["number"]:
            value = (found["kind"], _number(found["number"]), _number(found["sub"] or "0"))
        elif found["part"]:
            value = ("部分", _number(found["part"]), 0)
        elif found["bracketed"]:
            value = ("项", _number(found["bracketed"]), 0)
        else:
            value = ("点", int(found["dotted"]), 0)
        yield Element(_key("article", *value), "article", *found.span(), value)


def _dates(folded: str) -> Iterator[Element]:
    for found in _DATE.finditer(folded):
        if found["dashed"]:
            value = Date(*map(int, re.split(r"[-./]", found["dashed"])))
        elif found["only_month"]:
            value = Date(0, _number(found["only_month"]), _number(found["only_day"]))
        elif found["from"]:
            value = Date(int(found["from"]))
        else:
            value = Date(_number(found["year"]), _number(found["month"] or "0"), _number(found["day"] or "0"))
            if found["end"] and found["end"][-1] in "底末" and not value.month:
                value = Date(value.year, 12, 31)
        yield Element(_key("date", *value), "date", *found.span(), value)


def _figures(folded: str) -> Iterator[Element]:
    for span, found in find_figures(folded):
        # 上一年度, 前一天 count nothing.
        if _OF_TIME.match(folded, max(0, span.start - 1)):
            continue
        # Letters beside it: 5g, 3d, 8+x are names.
        if found[0].unit == "" and re.match(r"[a-z+]", folded[span.end : span.end + 1]):
            continue
        if len(found) == 1:
            yield Element(_figure_key(found[0]), "figure", *span, found)
        else:
            middle = (span.start + span.end) // 2
            yield Element(_figure_key(found[0]), "figure", span.start, middle, found[:1])
            yield Element(_figure_key(found[1]), "figure", middle, span.end, found[1:])


def _figure_key(figure: Figure) -> str:
    return _key("figure", figure.value, figure.unit)


def _key(*what: object) -> str:
    """A character that stands for something longer, so that texts compare as strings; the same in every process."""
    return chr(_FIRST_KEY + zlib.crc32("|".join(map(str, what)).encode()) % _KEYS)


_WORDS = re.compile(
    "|".join(
        [f"(?P<plain>{_NO_NEGATION.pattern})"]
        + [f"(?P<b{place}>{words})" for place, words in enumerate(BOUNDS.values())]
        + [f"(?P<m{place}>{words})" for place, words in enumerate(MODALS.values())]
        + [f"(?P<negation>{_NEGATION.pattern})"]
    )
)
_NAMES = {f"b{place}": ("bound", name) for place, name in enumerate(BOUNDS)} | {
    f"m{place}": ("modal", name) for place, name in enumerate(MODALS)
}


def _words(folded: str) -> Iterator[Element]:
    for found in _WORDS.finditer(folded):
        group = found.lastgroup or ""
        if group in ("plain", "negation"):
            if group == "negation":
                # 不予免除 has two of them.
                yield Element(_key("negation", "免" * (found[0] == "免")), "negation", *found.span(), found[0])
        else:
            kind, name = _NAMES[group]
            yield Element(_key(kind, name), kind, *found.span(), name)


def _roles(folded: str) -> Iterator[Element]:
    for found in _ROLE.finditer(folded):
        role = "牵头" if found["lead"] else "配合" if found["help"] else "责任"
        yield Element(_key("role", role), "role", *found.span(), role)


def _number(written: str) -> int:
    return int(written) if written.isdigit() else chinese_number(written)


# How the names of units are shortened in everyday official Chinese.
_CORES = (
    ("工业和信息化", "工信"),
    ("发展和改革", "发展改革", "发改"),
    ("科学技术", "科技"),
    ("人力资源和社会保障", "人力资源社会保障", "人社"),
    ("市场监督管理", "市场监管"),
    ("国有资产监督管理", "国资"),
    ("住房和城乡建设", "住房城乡建设", "住建"),
    ("文化和旅游", "文化旅游", "文旅"),
    ("卫生健康", "卫健"),
    ("交通运输", "交通"),
    ("金融监督管理", "金融监管"),
    ("网络安全和信息化", "网信"),
    ("民营经济发展", "民营经济"),
    ("海洋发展", "海洋"),
    ("大数据发展管理", "大数据"),
)
_SUFFIXES = (("委员会", "委"), ("办公室", "办"), ("管理委员会", "管委会", "管委"), ("人民政府", "政府"))
_CITY = re.compile(r"^(青岛市|青岛|市)(委)?(?=[\u4e00-\u9fff]{2,})")


def spellings(unit: str) -> set[str]:
    """
    How a unit may be called.

    市工业和信息化局  ->  市工信局, 青岛市工信局, 市工业和信息化局, …
    """
    names = {unit}
    for group in (*_CORES, *_SUFFIXES):
        for name in tuple(names):
            full = next((each for each in sorted(group, key=len, reverse=True) if each in name), "")
            if full:
                names |= {name.replace(full, each) for each in group}
    if office := re.fullmatch(r"(市委)([\u4e00-\u9fff]{2,4})办", unit):
        # 市委金融办 is the office of 市委金融委员会.
        names.add(f"{office[1]}{office[2]}委员会办公室")
    if city := _CITY.match(unit):
        party = {city[2] or ""} | ({""} if city[2] else set())
        names = {
            place + own + _CITY.sub("", name) for name, place, own in product(names, ("青岛市", "青岛", "市"), party)
        }
        names = {name for name in names if not re.match(r"青岛[局委办]", name)}
    return names
