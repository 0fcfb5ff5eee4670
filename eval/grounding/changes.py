"""
Make true statements false by changing one thing.

    CHANGERS["figure"](Statement("企业所得税税率为25%。"), …)  ->  "企业所得税税率为50%。", …

Each change is such that the passage cannot bear the new sentence: a least figure is only raised and a greatest one only
lowered, since what is weaker may still hold; a name, unit or date put in another's place stands nowhere in the passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from random import Random

from bot.text.numerals import chinese_number, to_chinese
from eval.grounding.cases import Passage, Statement
from eval.grounding.numbers import DATES, Number, numbers
from eval.grounding.vocabulary import DEPARTMENT, ENTITY, GENERAL, LIST, PLACES, Vocabulary, pairs

_DOC_NUMBER = re.compile(r"(?<=[〔\[（(])((?:19|20)\d\d)([〕\])）])(\d+)(?=号)|((?:19|20)\d\d)(年)第(\d+)(?=号)")
_ARTICLE = re.compile(r"第([一二三四五六七八九十百零]+)条")
_SUBJECT = re.compile(
    r"^(?P<subject>[^，。；、：“”（）]{3,22}?)(?P<predicate>(?:应当|可以|不得|有权|无需|必须)[^：]{6,})。$"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A false sentence and, where two clauses are mixed, the other passage that it cites too."""

    kind: str
    sentence: str
    other: Passage | None = None


Changer = Callable[[Statement, Vocabulary, Random], Iterable[str]]


def figure(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """10项以上 -> 20项以上, 15% -> 35%, 三年 -> 五年"""
    for number in numbers(statement.text):
        for value in _others(number, random):
            written = number.written(value)
            if written not in statement.passage.segment.text:
                yield _put(statement.text, number.start, number.end, written)


def _others(number: Number, random: Random) -> list[float]:
    """Three values that the figure's own bound does not imply, as figures are misread: a digit, a zero, half of it."""
    value = number.value
    near = [value * 2, value * 10, value + 1, value + 5, value * 3, value / 2, value - 1, value / 10, value * 0.6]
    whole = value == int(value)
    if number.bound == "range":  # 三至五年: stay a range that can be meant
        near = [value - 1, value + 1] if value < 10 else [value * 0.6, value * 1.2]
    fitting = [
        float(int(other)) if whole else round(other, 2)
        for other in near
        if (other > value or number.bound != "lower") and (other < value or number.bound != "upper")
    ]
    kept = [
        other
        for other in dict.fromkeys(fitting)
        # At least a fifth off: 29项 for 30项左右 would nearly be true. More than 100 % is not what a model says.
        if other > 0 and abs(other - value) >= 0.19 * value and not ("%" in number.unit and other > 100)
    ]
    if number.unit in {"%", "％"} and number.bound == "" and value < 100:
        kept = [other for other in kept if other <= 100]
    return random.sample(kept, min(3, len(kept)))


_BOUNDS = (
    (r"(?<=[家项个名人年日%元倍次种类台户])以上(?![^，。；]{1,8}以下)", "以下"),
    (r"(?<=[家项个名人年日%元倍次种类台户])左右", "以上"),
    (r"最长不超过", "最短不少于"),
    (r"不(?:低|少)于", "不超过"),
    (r"(?<!最长)不超过", "不低于"),
    (r"不(?:低|少)于", "低于"),
    (r"(?<![不得])超过(?=[\d一二三四五六七八九十])", "不超过"),
    (r"最高(?=[\d一二三四五六七八九十支可不])", "最低"),
    (r"最长(?!不)", "最短"),
    (r"最迟", "最早"),
    (r"至少", "至多"),
    (r"(?<=[\d一二三四五六七八九十元年日%])以下(?!简称)", "以上"),
    (r"应当高于", "应当低于"),
    (r"(?<![以])小于", "大于"),
    (r"(?<![不])低于(?=[\d一二三四五六七八九十])", "高于"),
)


def bound(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    """10项以上 -> 10项以下, 10家左右 -> 10家以上, 不超过五年 -> 不低于五年"""
    for pattern, other in _BOUNDS:
        for match in re.finditer(pattern, statement.text):
            before = statement.text[max(0, match.start() - 9) : match.start()]
            if other == "以上" and "以上" in before:  # 三万元以上五万元以下
                continue
            yield _put(statement.text, *match.span(), other)


# Measure -> others, with whether the quantity grows (+), shrinks (-) or becomes another kind of thing (0).
_MEASURES = {
    "元": (("万元", "+"),),
    "家": (("万家", "+"), ("个百分点", "0")),
    "项": (("万项", "+"), ("亿元", "0")),
    "个": (("%", "0"), ("万个", "+")),
    "名": (("万名", "+"),),
    "人": (("万人", "+"),),
    "%": (("个百分点", "0"), ("倍", "+")),
    "％": (("个百分点", "0"),),
    "工作日": (("日", "-"), ("个月", "+")),
    "个工作日": (("日", "-"), ("个月", "+")),
    "日": (("个工作日", "+"), ("小时", "-"), ("个月", "+")),
    "天": (("个月", "+"), ("小时", "-")),
    "个月": (("年", "+"), ("日", "-")),
    "年": (("个月", "-"), ("个季度", "-")),
    "小时": (("日", "+"), ("分钟", "-")),
    "分钟": (("小时", "+"),),
    "千克": (("吨", "+"), ("克", "-")),
    "公斤": (("吨", "+"),),
    "米": (("公里", "+"), ("厘米", "-")),
    "公里": (("米", "-"),),
    "千米": (("米", "-"),),
    "吨": (("千克", "-"),),
    "亩": (("平方米", "-"), ("平方公里", "+")),
    "平方米": (("平方公里", "+"), ("亩", "+")),
    "平方公里": (("亩", "-"),),
    "岁": (("个月", "-"),),
    "周岁": (("个月", "-"),),
    "P": (("万P", "+"),),
    "个百分点": (("%", "0"), ("倍", "+")),
}
_SCALES = {"万": (("亿", "+"), ("", "-")), "亿": (("万", "-"),)}


def measure(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    """300万元 -> 300亿元, 10个工作日 -> 10日, 六个月 -> 六年"""
    for number in numbers(statement.text):
        if not number.unit or number.is_share:
            continue
        numeral = statement.text[number.start : number.end - len(number.unit) - len(number.scale)]
        lower_end = number.bound == "range" and statement.text[number.end :].startswith("以上")
        if lower_end or (number.bound == "range" and number.unit in {"%", "％", "倍"}):
            continue
        units = [unit for unit, way in _MEASURES.get(number.unit, ()) if _turns(number, way)]
        others = [numeral + number.scale + unit for unit in units if not (number.scale and unit[0] in "万%个")]
        others += [numeral + scale + number.unit for scale, way in _SCALES.get(number.scale, ()) if _turns(number, way)]
        for other in others:
            if other not in statement.passage.segment.text:
                yield _put(statement.text, number.start, number.end, other)


def _turns(number: Number, way: str) -> bool:
    """Whether a quantity that much larger or smaller is not implied by the figure's bound."""
    return not (number.bound == "lower" and way == "-") and not (number.bound == "upper" and way == "+")


def date(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """到2027年 -> 到2026年, 2021年9月1日 -> 2021年3月1日, 每年 -> 每季度"""
    text, shown = statement.text, statement.passage.segment.text
    for match in DATES.finditer(text):
        parts = list(re.finditer(r"\d+|[一二三四五六七八九十]+(?=月|日)", match[0]))
        for part in parts:
            other = match[0][: part.start()] + _other_part(part[0], random) + match[0][part.end() :]
            if other[:5] not in shown.replace(match[0], "") and other != match[0]:
                yield _put(text, *match.span(), other)
    for match in re.finditer(r"每(年|月|周|季度)(?!龄)", text):
        # What is done more often is not implied by what the passage says.
        for other in {"年": ("每季度", "每月"), "季度": ("每月",), "月": ("每周",), "周": ("每天",)}[match[1]]:
            if other not in shown:
                yield _put(text, *match.span(), other)


def _other_part(part: str, random: Random) -> str:
    if len(part) == 4 and part.isdigit():
        return str(int(part) + random.choice((-2, -1, 1, 3)))
    value = int(part) if part.isdigit() else chinese_number(part)
    other = random.choice([other for other in (1, 3, 5, 6, 8, 9, 10, 12) if other != value])
    return str(other) if part.isdigit() else to_chinese(other)


def doc_number(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """青政办发〔2024〕8号 -> 〔2023〕8号; a number where the paper has none in its text"""
    for match in _DOC_NUMBER.finditer(statement.text):
        year, joint, number = match[1] or match[4], match[2] or "年第", match[3] or match[6]
        joint = "年第" if match[4] else joint
        yield _put(statement.text, *match.span(), f"{int(year) - random.choice((1, 2))}{joint}{number}")
        yield _put(statement.text, *match.span(), f"{year}{joint}{int(number) + random.choice((1, 3, 10))}")
    document = statement.passage.document
    told = document.doc_number
    if told and (found := re.search(r"\d+(?=号)", told)):
        wrong = told[: found.start()] + str(int(found[0]) + random.choice((1, 4, 11))) + told[found.end() :]
        yield f"{titled(document.work)}（{wrong}）规定，{statement.text}"
    elif document.issued_on and document.text.count("〔") == 0:
        # Whatever its number is, it is not of another year than the paper.
        organ = random.choice(("国发", "国办发", "鲁政发", "鲁政办字", "青政发", "青政办发"))
        year = document.issued_on.year - random.choice((1, 2, 3))
        yield f"{titled(document.work)}（{organ}〔{year}〕{random.randint(2, 60)}号）规定，{statement.text}"


def article(statement: Statement, vocabulary: Vocabulary, random: Random) -> Iterator[str]:
    """第四十五条规定 -> 第四十四条规定, 三、(五)14. -> 三、(五)15."""
    document, ref = statement.passage.document, statement.passage.clause.ref
    refs = vocabulary.refs[document.id]
    if ref in refs and len(refs) > 1:
        place = refs.index(ref)
        near = [other for other in refs[max(0, place - 3) : place + 4] if other != ref]
        for other in random.sample(near, min(2, len(near))):
            yield cited_as(document.work, other, statement.text)
    for match in _ARTICLE.finditer(statement.text):
        other = f"第{to_chinese(chinese_number(match[1]) + random.choice((1, 2, 10)))}条"
        if other not in statement.passage.segment.text:
            yield _put(statement.text, *match.span(), other)


def cited_as(work: str, ref: str, sentence: str) -> str:
    """《企业所得税法》第四条规定，企业所得税税率为25%。"""
    named = ref if ref.endswith("条") else f"“{ref}”部分"
    return f"{titled(work)}{named}规定，{sentence}"


def titled(work: str) -> str:
    """A title in its brackets; one that stands in it has single ones."""
    return f"《{work.replace('《', '〈').replace('》', '〉')}》"


def name(statement: Statement, vocabulary: Vocabulary, random: Random) -> Iterator[str]:
    """《企业所得税法》 -> 《专利法》, 太赫兹 -> 类脑智能, 崂山实验室 -> 即墨实验室"""
    text, shown, document = statement.text, statement.passage.segment.text, statement.passage.document
    ref = statement.passage.clause.ref
    for other in random.sample(vocabulary.titles, min(4, len(vocabulary.titles))):
        if _apart(other, document.work) and other not in shown and not vocabulary.may_hold(text, other):
            known = ref in vocabulary.refs[document.id]
            yield cited_as(other, ref, text) if known else f"根据{titled(other)}，{text}"
            break
    tracks = [track for track in vocabulary.tracks if track not in shown]
    title = statement.passage.clause.title
    if title in vocabulary.tracks and title not in text and tracks:
        yield f"在{random.choice([track for track in tracks if track != title])}领域，{text}"
    for track in vocabulary.tracks:
        for match in re.finditer(rf"(?:(?<=[、，在])|(?<=探索)|(?<=跟踪)|^){track}(?=[、，。等领]|技术|产业)", text):
            if tracks:
                yield _put(text, *match.span(), random.choice(tracks))
    for pattern, pool in ((r"《([^《》]{3,40})》", vocabulary.books), (r"“([\u4e00-\u9fff]{3,8})”", vocabulary.quoted)):
        for match in re.finditer(pattern, text):
            fitting = [other for other in pool if other not in shown + document.title and _apart(other, match[1])]
            if fitting:
                yield _put(text, *match.span(1), random.choice(fitting))
    for match in ENTITY.finditer(text):
        same = [other for other in vocabulary.entities.get(match[1][-2:], ()) if other not in shown]
        same = [other for other in same if _apart(other, match[1])]
        if same:
            yield _put(text, *match.span(1), random.choice(same))
    for place_name in PLACES:
        if place_name in text:
            start = text.index(place_name)
            fitting = [other for other in PLACES if other not in shown]
            yield _put(text, start, start + len(place_name), random.choice(fitting))


def unit(statement: Statement, vocabulary: Vocabulary, random: Random) -> Iterator[str]:
    """由市科技局负责 -> 由市民政局负责, and one more in the list; 海洋主管部门 -> 网信部门"""
    segment, shown = statement.passage.segment, statement.passage.segment.text
    others = [other for other in vocabulary.units if other not in shown and not _overlap(other, segment.units)]
    beside = [other for other in statement.passage.clause.units if other in others]
    if segment.units and others:
        for first in (beside, others):
            if not first:
                continue
            wrong = random.choice(first)
            place = random.randrange(len(segment.units))
            changed = [*segment.units[:place], wrong, *segment.units[place + 1 :]]
            yield told_units(statement, changed, random)
        if not any(GENERAL.search(known) for known in segment.units):
            yield told_units(statement, [*segment.units, random.choice(others)], random)
        yield told_units(statement, random.sample(others, min(len(segment.units), len(others))), random)
    for match in DEPARTMENT.finditer(statement.text):
        if GENERAL.search(match[1]):
            continue
        fitting = [other for other in vocabulary.departments if other not in shown and _apart(other, match[1])]
        fitting = [other for other in fitting if not _nearly(other, match[1])]
        for other in random.sample(fitting, min(2, len(fitting))):
            yield _put(statement.text, *match.span(1), other)


def told_units(statement: Statement, units: Sequence[str], random: Random) -> str:
    """……，责任单位为市科技局、市财政局。"""
    listed = "、".join(units)
    return statement.body + random.choice(
        (f"，责任单位为{listed}。", f"，由{listed}负责。", f"（责任单位：{listed}）。")
    )


_VERBS = (
    "加快|推进|推动|开展|建设|打造|建立|实施|培育|布局|突破|研发|加强|完善|落实|壮大|引导|发布|组建|设立|成立|举办|提升"
    "|集聚|构建"
)
_NEGATIONS = (
    (r"(?<!不)应当(?!不)", ("无需", "不应当")),
    (r"不得", ("可以",)),
    (r"(?<!不)可以(?!不)", ("不得", "不可以")),
    (r"(?:无需|不需要)", ("应当",)),
    (r"(?<![不\u4e00-\u9fff])(?:鼓励|支持)", ("不再支持", "限制")),
    (r"(?<=国家)(?:鼓励|支持)", ("不支持", "限制")),
    (r"(?<!不)适用(?=于|本|网|《|法)", ("不适用",)),
    (r"有权", ("无权",)),
    (r"(?<!不)属于", ("不属于",)),
    (r"不属于", ("属于",)),
    (r"不算", ("算",)),
    (r"都算", ("都不算",)),
    (r"(?<!简单)(?:禁止|严禁)", ("允许",)),
    (r"必须", ("不必",)),
    (r"未经(?=[^，。；]{2,20}不得)", ("经",)),
    (r"不丧失", ("丧失",)),
    (r"不受(?!理)", ("受",)),
    (r"免予|免除", ("不予免除",)),
    (r"予以(?=免责|支持|补偿|没收|公告)", ("不予",)),
    (r"(?<!不)享有", ("不享有",)),
    (r"不予(?=处罚|共享|公开|受理)", ("予以",)),
    (r"公开(?=征求|发布)", ("不公开",)),
)
_NOT_AT_ALL = re.compile(rf"(?:^|，)(?:积极|前瞻|常态化)?(?P<verb>{_VERBS})(?=[\u4e00-\u9fff“])")


def negation(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """应当 -> 无需, 不得 -> 可以, 建立…… -> 不再建立……"""
    text = statement.text
    for pattern, others in _NEGATIONS:
        for match in list(re.finditer(pattern, text))[:2]:
            yield _put(text, *match.span(), random.choice(others))
    for match in islice(_NOT_AT_ALL.finditer(text), 2):
        yield _put(text, match.start("verb"), match.start("verb"), random.choice(("不再", "暂不", "不")))


_MODALITIES = (
    (r"(?<!不)应当(?!不)", ("可以", "可以自愿", "可视情况", "自行决定是否")),
    (r"(?<!不)可以(?!不|随时)", ("应当", "必须")),
    (r"必须", ("可以",)),
    (r"(?:^|(?<=[，。；家市省里]))(?:鼓励|支持|引导)(?=[\u4e00-\u9fff]{3})", ("要求", "强制", "责令")),
    (r"探索(?=建立|“|设|开展)", ("全面推行", "已经")),
    (r"探索(?=与|太赫兹|量子)", ("已全面实现",)),
    (r"研究成立", ("已成立", "成立")),
    (r"积极争创", ("已建成",)),
    (r"争取(?=在)", ("确保",)),
    (r"力争", ("确保",)),
    (r"初步建立", ("全面建成",)),
    (r"谋划布局", ("已建成",)),
    (r"加快推进", ("已全面完成",)),
    (r"(?<=，)推进(?=[\u4e00-\u9fff])", ("全面完成",)),
    (r"加快建设", ("已建成",)),
    (r"(?:前瞻)?布局建设", ("已建成",)),
    (r"规划建设", ("已建成",)),
    (r"(?<=^)加快培育", ("已培育",)),
    (r"原则上", ("必须",)),
    (r"优先(?=列入|交|购买|采购|转化|承担|保障|安排)", ("一律", "可以")),
    (r"一般(?=为|不|\d)", ("一律",)),
    (r"倡导", ("强制",)),
    (r"最高支持", ("一律支持",)),
    (r"(?<=[，市省国家])拟", ("已",)),
    (r"积极(?=支持|开展|布局|跟踪|研究)", ("必须",)),
    (r"逐步", ("立即",)),
)


def modality(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """应当 -> 可以, 鼓励 -> 要求, 探索建立 -> 全面推行建立"""
    for pattern, others in _MODALITIES:
        for match in list(re.finditer(pattern, statement.text))[:2]:
            other = random.choice(others)
            if other not in statement.passage.segment.text or other in {"可以", "应当", "必须"}:
                yield _put(statement.text, *match.span(), other)


# What is cut out; the sentence is good Chinese without it, and says more than the passage does.
_DROPPED = (
    r"[；，]但[^。；]*(?=[。；])",
    r"[；，][^，；。（）]{2,40}(?:的)?除外(?=[。；])",
    r"（[^（）]*除外）",
    r"^除(?!遵守|依照|按照)[^，。；]{2,40}(?:以外|外)(?:的)?，",
    r"(?<=[，；])除(?!遵守|依照|按照)[^，。；]{2,40}(?:以外|外)(?:的)?，",
    r"(?<=[，；])(?:除)?[^，。；]{2,14}另有(?:规定|约定)的[^，。；]{0,8}(?=[。；])",
    r"，(?:且)?情节(?:特别)?(?:较重|严重|恶劣)的(?=，)",
    r"符合(?:规定)?条件的(?=[\u4e00-\u9fff]{2})",
    r"有条件的(?=[\u4e00-\u9fff]{2})",
    r"，(?:且)?(?:具备|符合)(?:[^，。；]{0,6})条件的(?=，)",
    r"原则上",
    r"一般(?=不少于|不超过)",
    r"最高(?=支持|\d)",
    r"(?<![\u4e00-\u9fff])经[^，。；]{2,16}(?:批准|同意|审查|核准)后?，",
    r"，经[^，。；]{2,16}(?:批准|同意|审查|核准)(?:后|的)?(?=，)",
    r"(?<=应当)(?:在|于)[^，。；]{2,16}(?:日|月|年|小时)(?:之)?内",
    r"自[^，。；]{2,20}之?日起[^，。；]{1,8}日内",
    r"^(?:到|至)20\d\d年底?，",
    r"(?:^|(?<=[，。；]))[^，。；、]{2,16}前提下，",
    r"(?<=，)没有[^，。；]{4,20}的，",
    r"(?:，|；)(?:期限|最长)[^，。；]*(?:不超过|不少于)[^，。；]*",
    r"(?<=[，。])依照[^，。；]{2,10}规定应当[^，。；]{2,16}的，",
    r"(?<=^)每年(?=[\u4e00-\u9fff])|(?<=，)每年(?=[\u4e00-\u9fff])|(?<=项目)每年",
)
_RULES = re.compile(r"应当|可以|不得|无需|计入|适用|须|为|取得")  # without it only the case is left, not the rule
_MATTERS_LITTLE = re.compile(r"^[；，](?:但)?(?:是)?[^，。；]{0,4}$")


def dropped(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    """…；但载运危险品的除外。 -> …。"""
    for pattern in _DROPPED:
        for match in re.finditer(pattern, statement.text):
            left = _put(statement.text, *match.span(), "").replace("，，", "，").replace("；。", "。").lstrip("，；")
            left = re.sub(r"应当[，,]", "应当", left)
            if "，。" in left or "但是。" in left or (match[0].startswith("，但") and not _RULES.search(left)):
                continue
            if len(left) >= 10 and not _MATTERS_LITTLE.match(match[0]) and left != statement.text:
                yield left


def exchanged(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    """发明二十年，实用新型十年 -> 发明十年，实用新型二十年"""
    text = statement.text
    found = list(numbers(text))
    for first, second in pairwise(found):
        between = text[first.end : second.start]
        same = first.unit == second.unit and (first.value, first.scale) != (second.value, second.scale)
        if same and not {first.bound, second.bound} & {"range"} and re.search(r"[，；、]", between):
            one, other = text[first.start : first.end], text[second.start : second.end]
            yield text[: first.start] + other + between + one + text[second.end :]


def member(statement: Statement, vocabulary: Vocabulary, random: Random) -> Iterator[str]:
    """A、B、C等 -> A、X、C等, X standing in a list of another clause"""
    text, shown = statement.text, statement.passage.segment.text
    for match in islice(LIST.finditer(text), 3):
        own = match[1]
        # What has its first part in common with the passage may be there by another name.
        others = [other for other in vocabulary.members.get(own[-2:], ()) if other not in shown and _apart(other, own)]
        told = pairs(shown)
        fitting = [other for other in others if not _alike(other, own) and not pairs(other[:-2]) & told]
        if fitting:
            yield _put(text, *match.span(1), random.choice(fitting))


def merged(own: Sequence[Statement], vocabulary: Vocabulary, random: Random) -> Iterator[tuple[Statement, Change]]:
    """
    Subject of one clause, predicate of another of the same paper and half; both are cited, so every word stands there.

    `own` are the statements of one paper.
    """
    split = [(statement, match) for statement in own if (match := _SUBJECT.match(statement.text))]
    for first, subject in split:
        far = [
            (second, predicate)
            for second, predicate in split
            if second.passage.clause.ref != first.passage.clause.ref
            and not _nearly(subject["subject"], predicate["subject"])
            and not (pairs(subject["subject"]) & pairs(second.passage.segment.text))
        ]
        for second, predicate in random.sample(far, min(3, len(far))):
            yield first, Change("merged", f"{subject['subject']}{predicate['predicate']}。", second.passage)
    named = [statement for statement in own if statement.passage.clause.title in vocabulary.tracks]
    for first in named:
        title = first.passage.clause.title
        others = [statement for statement in named if title not in statement.passage.clause.text]
        for other in random.sample(others, min(3, len(others))):
            yield first, Change("merged", f"在{title}领域，{other.text}", other.passage)
    governed = [statement for statement in own if statement.passage.segment.units]
    for first in governed:
        units = first.passage.segment.units
        others = [statement for statement in governed if _without(units, statement.passage.segment.units)]
        for other in random.sample(others, min(3, len(others))):
            yield first, Change("merged", told_units(other, units, random), other.passage)


def _without(units: Sequence[str], others: Sequence[str]) -> bool:
    """Whether none of the units is among the others, nor taken in by one of them."""
    return not set(units) & set(others) and not any(GENERAL.search(other) for other in others)


CHANGERS: dict[str, Changer] = {
    "figure": figure,
    "bound": bound,
    "measure": measure,
    "date": date,
    "doc_number": doc_number,
    "article": article,
    "name": name,
    "unit": unit,
    "negation": negation,
    "modality": modality,
    "dropped": dropped,
    "exchanged": exchanged,
    "member": member,
}


def _put(text: str, start: int, end: int, other: str) -> str:
    return text[:start] + other + text[end:]


def _alike(one: str, other: str) -> bool:
    """生态保护 and 环境保护 may be meant as one thing: short, and of one general word."""
    return max(len(one), len(other)) <= 4 and one[-2:] in {"保护", "服务", "管理", "建设", "工作", "技术"}


def _apart(one: str, other: str) -> bool:
    """Whether neither name is part of the other."""
    return one not in other and other not in one


def _nearly(one: str, other: str) -> bool:
    """Whether two names share half of the shorter one's characters: they may well be one thing."""
    return len(set(one) & set(other)) >= 0.5 * min(len(set(one)), len(set(other)))


def _overlap(unit_name: str, units: Iterable[str]) -> bool:
    return any(not _apart(unit_name, known) for known in units)
