"""
Find in a text what is no single character: figures, dates, units, modal words, titles, 文号, articles.

    "应当在三十天内"  ->  Element(应当, "modal", 0, 2), Element(30日, "figure", 3, 6), Element(≤, "bound", 6, 7)

What is alike under two spellings has one key: 300万元 and 三百万元, 2025年底 and 2025年12月31日, 应 and 应当.
"""

from __future__ import annotations

import re
import string
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from bot.documents.titles import paper_names
from bot.text.normalise import QUOTES
from bot.text.numerals import Figure, chinese_number, find_figures

_OF_TIME = re.compile(r"[上下]一年度|前一[天日]")
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
_COUNT = r"\d|[一二两三四五六七八九十百千]"
# Bounds of a figure, what is alike under one name.
BOUNDS = {
    "≥": "不[得能可应]?(?:少于|低于|小于|短于|早于)|(?:高于|大于)(?:或者?)?等于"
    "|至少|起码|最少|最低|最早|最短|以上|及以上|下限[为是]?",
    ">": f"超过|高于|多于|大于|[满超逾](?={_COUNT})",
    "≤": "不[得能可应]?(?:超过|高于|多于|大于|长于|迟于|晚于)|(?:低于|小于)(?:或者?)?等于"
    "|上限[为是]?|封顶|至多|最多|最高|最长|最迟|以内|之内|以下|及以下|(?<=[日月年时天周])内|内(?=[，。；、,;向将予作的提完办申]|$)",
    "<": f"低于|少于|小于|未满|不满|不[足到](?={_COUNT})|未达到",
    "≈": f"左右|大约|[约近](?={_COUNT})|上下(?=[，。；,;]|$)",
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
    "仅": "单独(?=负责|承担|牵头)|独家|仅限于|仅限|只限|只能|仅仅|仅(?!供)|只有|只由|只归",
}
LIMITS = frozenset("≥>≤<≈")
MODALS = {
    "不得": "不得|禁止|严禁|不准|不允许|不许|不可以|不能|不可(?!避|抗|分|或|逆|持)|不应当?",
    "不必": "不需要|无需|无须|不必|不要求",
    "酌情": "可?视情况|酌情|自行决定是否|自愿",
    "应当": "应当(?!事)|必须|务必|须|应(?![当用急收付对变力邀届激纳答聘税运])|需要",
    "可以": "可以|[方才]可以?|[方才]能够?|有权|能够"
    "|(?<![认许不宁])可(?![靠信能视再持追控见溶复操穿折编逆比达观燃循识调扩量预谓惜]|行(?!使)|推广|移植|移动|用性|选择性|回收|变)",
    "鼓励": "鼓励|倡导|提倡",
    # 给予综合支持 and 在支持力度上 name a thing; 引导基金 is one.
    "支持": "(?<!给予)(?<!获得)(?<!得到)(?<!提供)"
    r"支持(?![，。；,;()\d]|[一二两三四五六七八九十百千]*[万亿]|$|等|方面|力度|政策|措施|体系|方式|模式|对象|范围)",
    "引导": "引导",
    "探索": "探索",
    "研究": "研究(?=成立|设立|建立|制定|出台)",
    "力争": "力争|争取|积极争创|争创",
    "推动": "推动|推进",
    "强制": "强制",
    "优先": "优先(?!权|股|级)|率先",
    "已": "已经|业已|已(?!知|婚|故)|(?:全面|全部|如期)(?:建成|完成|实现|推行|推广|普及|覆盖)",
    "立即": "立即|马上|即刻",
    "逐步": "逐步|分步",
    "一律": "一律|一概|无一例外",
    "免费": "免费|全额",
    "原则上": "原则上",
}
# 一年认定一次 is 每年认定.
_EACH = re.compile(
    r"一(?:(?P<每年>年)|(?P<每月>个?月)|(?P<每季>个?季度)|(?P<每周>周)|(?P<每日>[日天]))(?=[^，。；,;]{0,6}一次)"
)
_ROLE = re.compile(
    r"(?P<lead>牵头(?:责任)?(?:单位|部门)|主办(?:单位|部门)|主责(?:单位|部门)|牵头(?:负责)?(?!组建|组织|开展|成立))"
    r"|(?P<help>(?:配合|协办|参与|参加|协助)(?:单位|部门))|(?:责任|落实|实施|承办|负责)(?:单位|部门)"
)
# Characters of negation, and words that hold one and deny nothing.
_NEGATION = re.compile(r"不予|不再|没有|尚未|未曾|从未|不|未|无|非|勿|莫|免(?!疫|费|税)|除外")
_NO_NEGATION = re.compile(
    r"未来|未成年|不仅|不但|不断|不动产|不同|不良|不利|不足(?!\d|[一二两三四五六七八九十])|不当|不正当|不法|不明(?!确)|不确定(?!为)|不可避免|不可抗力|不可分割|不可逆|不锈|不等"
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


def find_elements(folded: str, find_units: Callable[[str], Iterator[Element]]) -> Iterator[Element]:
    """What is no single character, none overlapping another; what is found first has the stretch."""
    free = bytearray(len(folded))
    for find in (_titles, _doc_numbers, find_units, _roles, _articles, _dates, _rhythms, _figures, _words):
        for element in find(folded):
            if not any(free[element.start : element.end]):
                free[element.start : element.end] = b"\1" * (element.end - element.start)
                if element.kind != "plain":
                    yield element


def _titles(folded: str) -> Iterator[Element]:
    for found in _TITLE.finditer(folded):
        names = paper_names(found["title"]) or {found["title"]}
        yield Element(key_of("title", min(names)), "title", *found.span(), frozenset(names))


def _doc_numbers(folded: str) -> Iterator[Element]:
    for found in _DOC_NUMBER.finditer(folded):
        if found["year"]:
            org = _BEFORE_ORG.sub("", found["org"])
            start = found.start() + len(found["org"]) - len(org)
            value = (org, int(found["year"]), int(found["number"]))
        else:
            start, value = found.start(), ("令", 0, _number(found["order"] or found["order_behind"]))
        yield Element(key_of("doc_number", *value), "doc_number", start, found.end(), value)


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
        yield Element(key_of("article", *value), "article", *found.span(), value)


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
        yield Element(key_of("date", *value), "date", *found.span(), value)


def _rhythms(folded: str) -> Iterator[Element]:
    for found in _EACH.finditer(folded):
        name = found.lastgroup or ""
        yield Element(key_of("bound", name), "bound", *found.span(), name)


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
    return key_of("figure", figure.value, figure.unit)


def key_of(*what: object) -> str:
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
    for found in re.finditer("以及|还有", folded):
        yield Element("、", "join", *found.span())
    for found in _WORDS.finditer(folded):
        group = found.lastgroup or ""
        if group in ("plain", "negation"):
            if group == "negation":
                # 不予免除 has two of them.
                yield Element(key_of("negation", "免" * (found[0] == "免")), "negation", *found.span(), found[0])
        else:
            kind, name = _NAMES[group]
            yield Element(key_of(kind, name), kind, *found.span(), name)


def _roles(folded: str) -> Iterator[Element]:
    for found in _ROLE.finditer(folded):
        role = "牵头" if found["lead"] else "配合" if found["help"] else "责任"
        yield Element(key_of("role", role), "role", *found.span(), role)


def _number(written: str) -> int:
    return int(written) if written.isdigit() else chinese_number(written)
