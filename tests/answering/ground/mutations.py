"""
Sentences made from a document by changing one thing: false ones by kind, and true ones in another form.

    "每年培养技术经纪人30名以上，…"  ->  Changed("figure", "每年培养技术经纪人31名以上，…", (citation,))
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.text.lexicon import document_terms
from bot.text.numerals import chinese_number, to_chinese
from bot.text.sentences import split_sentences
from bot.types import Citation, Clause, Outline, Segment

NUMERAL = re.compile(
    r"(?<![第一二两三四五六七八九十百千万零〇点\d.〔（(])(?P<number>\d+|[一二三四五六七八九十百千万]+)"
    r"(?P<measure>个工作日|日|年|个月|小时|周岁|家|项|名|个|倍|万元|元|平方米|米|公里|次)(?!.{0,1}[日号])"
)
MEASURES = {
    "个工作日": "日",
    "日": "个工作日",
    "年": "个月",
    "个月": "年",
    "小时": "日",
    "家": "项",
    "项": "家",
    "名": "家",
    "倍": "%",
}
MEASURES |= {
    "万元": "元",
    "元": "万元",
    "平方米": "平方公里",
    "米": "公里",
    "公里": "米",
    "个": "项",
    "次": "名",
    "周岁": "个月",
}
YEAR = re.compile(r"(20\d\d)年(?!度)")
MODALS = ("应当", "可以", "不得", "鼓励", "支持", "探索", "禁止")
EXCEPTION = re.compile(r"，(?:但[^。]*|[^，。]*除外|法律[^，。]*另有规定的，从其规定)(?=。)")
CONDITION = re.compile(
    r"^(?P<before>[^。；]*，|)(?P<condition>(?:经[^，。；]*(?:批准|同意|审核)|符合[^，。；]*的|未经[^，。；]*))，(?P<rest>[^。；]+。)$"
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A sentence, what it cites, and what was done to it."""

    kind: str
    sentence: str
    cited: tuple[Citation, ...]
    of: str


def cite(clause: Clause, segment: Segment, number: int = 1) -> Citation:
    return Citation(number, clause, segment.text, segment.span, segment)


def sentences(segment: Segment) -> list[str]:
    body = segment.text[: segment.body_span.end - segment.span.start]
    return [span.of(body) for span in split_sentences(body) if 8 <= span.end - span.start <= 160]


def names_of(outline: Outline) -> list[str]:
    """The terms of a document that may be changed for one another."""
    return [term for term in document_terms(outline) if len(term) > 2]


def false_ones(outline: Outline, names: Sequence[str], chance: random.Random) -> Iterator[Changed]:
    """One false sentence of each kind that a segment allows."""
    places = [(clause, segment) for clause in outline.clauses for segment in clause.segments]
    for place, (clause, segment) in enumerate(places):
        own = sentences(segment)
        if not own:
            continue
        cited = (cite(clause, segment),)
        other_clause, other = places[chance.randrange(len(places))]
        both = (*cited, cite(other_clause, other, 2))
        for kind, change in KINDS.items():
            changed = [(text, new) for text in own if (new := change(text, chance, segment.text)) and new != text]
            if changed:
                text, new = chance.choice(changed)
                yield Changed(kind, new, chance.choice((cited, both)) if kind not in ("exception",) else cited, text)
        text = chance.choice(own)
        if found := [name for name in names if name in text]:
            name = max(found, key=len)
            alike = [each for each in names if each not in segment.text and abs(len(each) - len(name)) <= 2]
            if alike:
                yield Changed("name", text.replace(name, chance.choice(alike)), cited, text)
        if number := re.search(r"第([一二三四五六七八九十百]+)条", clause.ref):
            wrong = to_chinese(chinese_number(number[1]) + chance.choice((1, 2, 10)))
            yield Changed("article", f"根据《{outline.document.title}》第{wrong}条，{text}", cited, text)
        if doc := outline.document.doc_number:
            wrong_number = re.sub(r"\d+(?=号)", lambda found: str(int(found[0]) + 1), doc)
            yield Changed("doc_number", f"根据{wrong_number}，{text}", cited, text)
        others = [unit for _, each in places for unit in each.units if unit not in segment.units]
        if segment.units and others:
            unit = chance.choice(others)
            yield Changed("unit", f"{text.rstrip('。')}，由{unit}负责。", both, text)
            yield Changed("unit", f"{text.rstrip('。')}（责任单位：{unit}）。", cited, text)
        if place and (merged := _merged(text, other, chance)) and other is not segment:
            yield Changed("merged", merged, both, text)


def true_ones(outline: Outline, chance: random.Random) -> Iterator[Changed]:
    """True sentences in another form."""
    places = [(clause, segment) for clause in outline.clauses for segment in clause.segments]
    for clause, segment in places:
        own = sentences(segment)
        if not own:
            continue
        cited = (cite(clause, segment),)
        other_clause, other = places[chance.randrange(len(places))]
        text = chance.choice(own)
        for kind, change in FORMS.items():
            if (new := change(text, chance)) and new != text:
                yield Changed(kind, new, cited, text)
        theirs = sentences(other)
        if theirs and other is not segment:
            behind = chance.choice(theirs)
            mark = chance.choice(("；", "，同时，", "。此外，", "，并且", "；另外，"))
            yield Changed("joined", text.rstrip("。；：") + mark + behind, (*cited, cite(other_clause, other, 2)), text)
        if segment.units:
            units = chance.choice((segment.units, segment.units[:1]))
            yield Changed("units", f"{text.rstrip('。；')}，由{'、'.join(units)}负责。", cited, text)


def other_figure(text: str, chance: random.Random, _: str) -> str:
    def wrong(found: re.Match[str]) -> str:
        written = found["number"]
        number = int(written) if written.isdigit() else chinese_number(written)
        new = chance.choice([each for each in (number + 1, number * 2, number + 10, number * 10) if each != number])
        return (str(new) if written.isdigit() else to_chinese(new)) + found["measure"]

    found = [each for each in NUMERAL.finditer(text) if each["number"] != "一"]
    if not found:
        return ""
    one = chance.choice(found)
    return text[: one.start()] + wrong(one) + text[one.end() :]


def _swapped_figures(text: str, _: random.Random, __: str) -> str:
    found = [each for each in NUMERAL.finditer(text) if each["number"] != "一"]
    if len(found) < 2 or found[0][0] == found[1][0]:
        return ""
    one, other = found[:2]
    return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


def _other_measure(text: str, chance: random.Random, _: str) -> str:
    found = [each for each in NUMERAL.finditer(text) if each["number"] != "一"]
    if not found:
        return ""
    one = chance.choice(found)
    return text[: one.start()] + one["number"] + MEASURES[one["measure"]] + text[one.end() :]


def _other_year(text: str, chance: random.Random, _: str) -> str:
    return YEAR.sub(lambda found: f"{int(found[1]) + chance.choice((1, -1))}年", text, count=1)


def _other_modal(text: str, chance: random.Random, _: str) -> str:
    found = list(re.finditer("|".join(MODALS), text))
    if not found:
        return ""
    one = chance.choice(found)
    alike = {"不得", "禁止"}
    new = chance.choice([each for each in MODALS if each != one[0] and not {each, one[0]} <= alike])
    return text[: one.start()] + new + text[one.end() :]


def _negated(text: str, chance: random.Random, _: str) -> str:
    choices = [
        re.sub("应当(?!不)", "应当不", text, count=1),
        re.sub("应当(?!不)", "不得", text, count=1),
        re.sub("不得", "可以", text, count=1),
        re.sub("未经", "经", text, count=1),
        re.sub("(?<![禁止])可以", "不可以", text, count=1),
        re.sub("支持", "不支持", text, count=1),
        re.sub("不(?=予|需|得)", "", text, count=1),
    ]
    changed = [each for each in choices if each != text]
    return chance.choice(changed) if changed else ""


def _without_hedge(text: str, _: random.Random, __: str) -> str:
    return re.sub("探索(?=建立|建设|开展)|研究(?=成立|制定)|鼓励(?=[\u4e00-\u9fff]{3})", "", text, count=1)


def _without_exception(text: str, _: random.Random, __: str) -> str:
    if EXCEPTION.search(text):
        return EXCEPTION.sub("", text, count=1)
    if found := CONDITION.match(text):
        return found["before"] + found["rest"]
    return ""


def _merged(text: str, other: Segment, chance: random.Random) -> str:
    """The subject of one sentence with the predicate of another."""
    for theirs in chance.sample(sentences(other), len(sentences(other))):
        for modal in ("应当", "可以", "不得", "负责"):
            subject, found, _ = text.partition(modal)
            their_subject, their_found, their_rest = theirs.partition(modal)
            if (
                found
                and their_found
                and 3 <= len(subject) <= 40
                and not (subject in theirs or their_subject in text)
                and len(their_rest) > 6
            ):
                return subject + modal + their_rest
        mine, parts = re.split("(?<=，)", text), re.split("(?<=，)", theirs)
        if len(mine) > 1 and len(parts) > 1:
            return mine[0] + "".join(parts[1:])
    return ""


KINDS: dict[str, Callable[[str, random.Random, str], str]] = {
    "figure": other_figure,
    "figure swapped": _swapped_figures,
    "unit_of_measure": _other_measure,
    "date": _other_year,
    "modality": _other_modal,
    "negation": _negated,
    "hedge dropped": _without_hedge,
    "exception": _without_exception,
}


def other_form(text: str, _: random.Random) -> str:
    def other(found: re.Match[str]) -> str:
        written = found["number"]
        if written == "一" or (found["measure"] == "年" and len(written) == 4):  # nobody writes a year so
            return found[0]
        return (to_chinese(int(written)) if written.isdigit() else str(chinese_number(written))) + found["measure"]

    return NUMERAL.sub(other, text)


def _connected(text: str, chance: random.Random) -> str:
    return (
        chance.choice(("首先，", "此外，", "根据该规定，", "具体来说，", "同时，", "需要注意的是，", "按照有关规定，"))
        + text
    )


def _items_reordered(text: str, _: random.Random) -> str:
    found = re.search(r"([\u4e00-\u9fff]{2,6})、([\u4e00-\u9fff]{2,6})、([\u4e00-\u9fff]{2,6})(?=、)", text)
    if not found:
        return ""
    items = list(found.groups())[1:][::-1]
    return text[: found.start(2)] + "、".join(items) + text[found.end() :]


def _shortened(text: str, chance: random.Random) -> str:
    parts = re.split("(?<=，)", text)
    return "".join(parts[: chance.randrange(1, len(parts))]).rstrip("，") + "。" if len(parts) > 1 else ""


def _parts_reordered(text: str, _: random.Random) -> str:
    parts = text.rstrip("。").split("，")
    return "，".join([parts[0], parts[2], parts[1], *parts[3:]]) + "。" if len(parts) > 3 else ""


FORMS: dict[str, Callable[[str, random.Random], str]] = {
    "number form": other_form,
    "connected": _connected,
    "items reordered": _items_reordered,
    "parts reordered": _parts_reordered,
    "shortened": _shortened,
}
