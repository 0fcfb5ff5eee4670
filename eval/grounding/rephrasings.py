"""
Say true statements otherwise, without touching what they say.

    REPHRASERS["number_form"](Statement("科技金融措施共15项。"), …)  ->  "科技金融措施共十五项。"

Nothing that limits a sentence is left out: a sentence is shortened only where neither it nor the rest of its passage
holds a condition, an exception or a term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

from bot.text.numerals import chinese_number, to_chinese
from eval.grounding.cases import EXCEPTION, Statement
from eval.grounding.changes import cited_as, titled, told_units
from eval.grounding.numbers import Number, numbers
from eval.grounding.vocabulary import Vocabulary

# Names in use for one and the same body of 青岛市.
SHORT_UNITS = {
    "市工业和信息化局": ("市工信局", "青岛市工业和信息化局"),
    "市发展改革委": ("市发改委", "市发展和改革委员会", "青岛市发展改革委"),
    "市人力资源社会保障局": ("市人社局", "市人力资源和社会保障局"),
    "市市场监管局": ("市市场监督管理局", "青岛市市场监管局"),
    "市科技局": ("青岛市科技局", "市科学技术局"),
    "市国资委": ("市政府国资委", "青岛市国资委"),
    "市委金融办": ("青岛市委金融办", "市委金融委员会办公室"),
    "市财政局": ("青岛市财政局",),
    "市大数据局": ("青岛市大数据局", "市大数据发展管理局"),
    "市民营经济局": ("市民营经济发展局", "青岛市民营经济局"),
    "市海洋发展局": ("青岛市海洋发展局",),
    "市交通运输局": ("青岛市交通运输局",),
    "市教育局": ("青岛市教育局",),
    "市通信管理局": ("青岛市通信管理局",),
}
OPENINGS = (
    "此外，",
    "同时，",
    "具体来看，",
    "按照有关规定，",
    "政策明确，",
    "文件提出，",
    "在这方面，",
    "需要说明的是，",
)
_PART_STARTS = re.compile(
    r"^(?:加快|推进|推动|开展|建设|打造|建立|实施|培育|布局|突破|研发|加强|完善|落实|引导|发布|组建|鼓励|支持|形成|促进|提升"
    r"|挖掘|引进|构建|优化|强化|积极|探索|实现|带动|统筹|深化|举办|畅通|激发|健全|协同|补齐|缩短)"
)
# A part that says when, how or for what the others hold must not be left out, nor stand alone.
_LIMITS = re.compile(
    r"[\d一二三四五六七八九十]+(?:%|元|日|年|个|家|项|倍|次|月)|条件|情形|的$|应当|不得|除|但|按|依|经|以内|其|该|这|或者|规定"
)
_DEPENDENT = re.compile(r"^(?:其|该|有|无|没有|确|同时|以上|这)|延长|缩短|减轻|从重|可以不|例外")
_UNFINISHED = re.compile(r"(?:形式|方式|措施|手段|途径)$")
_FIRST_STAYS = re.compile(r"^(?:鼓励|支持|引导|引进|统筹|推动)")  # whom or what it names, the second part goes on with
_SECOND_STAYS = re.compile(r"^(?:实现|带动|形成|促进|提升|挖掘|激发|补齐|缩短|畅通|构建)")  # what the first is to bring
_WORDINGS = (
    (r"应当", "应"),
    (r"不得", "不能"),
    (r"(?<!不)可以(?=[\u4e00-\u9fff])", "可"),
    (r"(?<=提取|拿出|提供)不低于(?=[\d百])", "至少"),
    (r"(?<!提取)(?<!拿出)(?<!提供)不低于(?=[\d百])", "至少为"),
    (r"不少于(?=[\d一二三四五六七八九十])", "至少"),
    (r"(?<!最长)不超过(?=[\d一二三四五六七八九十])", "最多"),
    (r"无需", "不需要"),
    (r"或者", "或"),
    (r"以及", "和"),
    (r"下列", "以下"),
    (r"进行(?=审查|评估|监督)", "开展"),
    (r"按照", "依照"),
    (r"加快推进", "加快推动"),
)
_ABOUT = re.compile(r"([\u4e00-\u9fff])(\d+)(家|项|个)左右")
_AT_LEAST = re.compile(r"(\d+)(家|项|个|名)以上")
_LIST = re.compile(r"、([\u4e00-\u9fff]{2,9})、([\u4e00-\u9fff]{2,9})(?=、|等)")


Rephraser = Callable[[Statement, Vocabulary, Random], Iterator[str]]


def verbatim(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    yield statement.text


def number_form(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """10项 -> 十项, 50% -> 百分之五十 or 五成, 300万元 -> 3,000,000元, 六个月 -> 6个月, 第四十五条 -> 第45条"""
    for number in numbers(statement.text):
        forms = [form for form in _forms(number) if form != statement.text[number.start : number.end]]
        in_title = statement.text.rfind("《", 0, number.start) > statement.text.rfind("》", 0, number.start)
        if in_title or number.bound == "range":  # 三至五年 is rewritten as a whole or not at all
            continue
        for form in random.sample(forms, min(2, len(forms))):
            yield statement.text[: number.start] + form + statement.text[number.end :]
    every = list(numbers(statement.text))
    if (
        "《" not in statement.text
        and len(every) > 1
        and all(number.is_chinese and not number.is_share for number in every)
    ):
        text = statement.text
        for number in reversed(every):
            text = text[: number.start] + f"{number.value:.0f}{number.scale}{number.unit}" + text[number.end :]
        yield text


def _forms(number: Number) -> list[str]:
    whole = number.value == int(number.value)
    value = int(number.value)
    forms = []
    if number.is_share or number.unit in {"%", "％"}:
        forms += [f"{number.value:g}%", *([f"百分之{to_chinese(value)}"] if whole else [])]
        # “30%以上” is 三成以上; “每股30%的” is not read as 三成 by everybody.
        forms += [f"{to_chinese(value // 10)}成"] if whole and value % 10 == 0 and value < 100 and number.bound else []
    elif number.scale:
        scale = {"万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "十万": 10**5}.get(number.scale)
        if scale:
            total = round(number.value * scale)
            forms += [f"{total:,}{number.unit}"] if total < 10**9 else []
            forms += [f"{to_chinese(value)}{number.scale}{number.unit}"] if whole else []
            forms += [f"{number.value:g}{number.scale}{number.unit}"]
            if number.scale == "亿" and whole:
                forms.append(f"{value * 10000}万{number.unit}")
    elif whole:
        forms += [f"{value}{number.unit}"]
        if value < 1000 and number.unit not in {"倍", "P", "EFLOPS"}:
            forms.append(("两" if value == 2 else to_chinese(value)) + number.unit)
    if number.unit == "日" and not number.scale:
        forms.append(f"{value}天")
    return forms


_FULL_DATE = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日(?!\d)")
_YEAR = re.compile(r"(?<![—–-])((?:19|20)\d\d)年(?!\d)")


def date_form(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """2021年9月1日 -> 二〇二一年九月一日, 2025年底 -> 2025年12月31日"""
    text = statement.text
    for match in _FULL_DATE.finditer(text):
        year, month, day = (int(part) for part in match.groups())
        forms = (
            f"{_year(match[1])}年{to_chinese(month)}月{to_chinese(day)}日",
            f"{year}年{month:02d}月{day:02d}日",
            f"{year}-{month:02d}-{day:02d}",
        )
        for form in random.sample(forms, 2):
            yield text[: match.start()] + form + text[match.end() :]
    for match in _YEAR.finditer(text):
        end = match.end()
        if text[end : end + 1] in {"底", "末"}:
            yield text[:end] + "12月31日" + text[end + 1 :]
        else:
            yield text[: match.start()] + f"{_year(match[1])}年" + text[end:]
    effective = re.fullmatch(r"(?:本[\u4e00-\u9fff]{1,3})?自((?:19|20)\d\d年\d{1,2}月\d{1,2}日)起施行。", text)
    if effective:
        work = statement.passage.document.work
        yield f"{titled(work)}自{effective[1]}起正式施行。"
        yield f"{titled(work)}的施行日期为{effective[1]}。"


def _year(digits: str) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in digits)


def short_unit(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """……由市工信局、市发改委负责。"""
    units = statement.passage.segment.units
    for known in units:
        for other in SHORT_UNITS.get(known, ()):
            yield told_units(statement, [other if unit == known else unit for unit in units], random)


def units_told(statement: Statement, _: Vocabulary, random: Random) -> Iterator[str]:
    """The passage's own units, in its order, in another, one by one, and alone without the sentence."""
    units = statement.passage.segment.units
    if not units:
        return
    yield told_units(statement, units, random)
    title = statement.passage.clause.title
    if len(units) > 1:
        yield told_units(statement, tuple(reversed(units)), random)
        yield f"{units[0]}是该项任务的责任单位之一。"
        yield f"这项工作由{'、'.join(units[:-1])}和{units[-1]}共同负责。"
    elif title and len(statement.passage.clause.segments) == 1:
        yield f"“{title}”由{units[0]}负责。"
    yield f"责任单位包括{'、'.join(units)}。"


def order(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    """A、B、C等 -> A、C、B等; of two things done one after the other, the second first"""
    text = statement.text
    for match in list(_LIST.finditer(text))[:2]:
        if not {"和", "及", "与"} & set(match[0]):
            yield f"{text[: match.start()]}、{match[2]}、{match[1]}{text[match.end() :]}"
    parts = statement.body.split("，")
    if len(parts) == 2 and all(_PART_STARTS.match(part) for part in parts):
        stays = _LIMITS.search(parts[1]) or _FIRST_STAYS.match(parts[0]) or _SECOND_STAYS.match(parts[1])
        if not stays:
            yield f"{parts[1]}，{parts[0]}。"


def connective(statement: Statement, vocabulary: Vocabulary, random: Random) -> Iterator[str]:
    """此外，……; 根据《……》，……; 《……》第四条规定，……; 第4条"""
    document, ref = statement.passage.document, statement.passage.clause.ref
    yield random.choice(OPENINGS) + statement.text
    yield random.choice(
        (f"根据{titled(document.work)}，", f"{titled(document.work)}提出，", f"按照{titled(document.title)}，")
    ) + (statement.text)
    if ref in vocabulary.refs[document.id]:
        yield cited_as(document.work, ref, statement.text)
        article = re.fullmatch(r"第([一二三四五六七八九十百零]+)条", ref)
        if article:
            yield f"依据{titled(document.work)}第{chinese_number(article[1])}条，{statement.text}"
    track = statement.passage.clause.title
    if track in vocabulary.tracks:
        yield f"在{track}领域，{statement.text}"


def wording(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    """应当 -> 应, 10家左右 -> 约10家, 10项以上 -> 至少10项"""
    text = statement.text
    for pattern, other in _WORDINGS:
        if re.search(pattern, text):
            yield re.sub(pattern, other, text)
    if _ABOUT.search(text):
        yield _ABOUT.sub(r"\1约\2\3", text)
    if _AT_LEAST.search(text):
        yield _AT_LEAST.sub(r"至少\1\2", text)


def shortened(statement: Statement, _: Vocabulary, __: Random) -> Iterator[str]:
    """加快A，推进B，完善C -> 加快A; each part says something to be done and limits no other"""
    first, joint, second = statement.body.partition("；")
    # What follows “；” may be the graver or the special case of what stands before: “……的，”.
    alone = len(first) >= 14 and not re.search(r"：|一方面|一是|）$", first)
    if joint and alone and not ("的，" in second or EXCEPTION.search(statement.text) or _DEPENDENT.search(second)):
        yield f"{first}。"
    parts = statement.body.split("，")
    if len(parts) < 2 or EXCEPTION.search(statement.text) or _LIMITS.search(statement.text):
        return
    if not all(_PART_STARTS.match(part) for part in parts):
        return
    for end in range(1, len(parts)):
        kept = "，".join(parts[:end])
        if len(kept) >= 10 and not _UNFINISHED.search(kept):
            yield f"{kept}。"
    if len(parts) > 2 and len(parts[-1]) >= 10:
        yield f"{parts[-1]}。"


REPHRASERS: dict[str, Rephraser] = {
    "verbatim": verbatim,
    "number_form": number_form,
    "date_form": date_form,
    "short_unit": short_unit,
    "units_told": units_told,
    "order": order,
    "connective": connective,
    "wording": wording,
    "shortened": shortened,
}


def joined(first: Statement, second: Statement, random: Random) -> str:
    """Two sentences of one clause in one: S1；S2。 Empty where they are of two clauses or too long together."""
    if first.passage.clause is not second.passage.clause or "；" in first.text + second.text:
        return ""
    middle = random.choice(("；", "，同时", "，并且", "；同时，", "；此外，"))
    return f"{first.body}{middle}{second.text}" if len(first.text) + len(second.text) <= 240 else ""
