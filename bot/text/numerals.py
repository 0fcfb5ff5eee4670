"""
Read the figures in Chinese text, however they are written.

不低于百分之五十的比例，连续三至五年，不超过300万元
    ->  Figure(50, "%"), Figure(3, "年"), Figure(5, "年"), Figure(3000000, "元")

Equal figures compare equal: 50%, 百分之五十, 五成 and 二分之一; 300万元 and 三百万元; 三十日 and 30天.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from bot.text.normalise import fold_width
from bot.types import Span

_NUMERALS = "零一二三四五六七八九"
_DIGITS = {char: value for value, char in enumerate(_NUMERALS)} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SCALES |= {"百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
_SHARE = "%"  # every share of a whole is counted in hundredths

# Measures that count the same thing, by the name they are compared under; longer names first.
_MEASURES = {
    "百分点": "个百分点|百分点",
    "工作日": "个工作日|工作日",
    "个月": "个月",
    "美元": "美元|美金",
    "元": "元人民币|人民币|元",
    "平方公里": "平方公里|平方千米",
    "平方米": "平方米",
    "千米/小时": "千米/小时|公里/小时|千米每小时",
    "千米": "千米|公里|km",
    "千克": "千克|公斤|kg",
    "小时": "个小时|小时",
    "分钟": "分钟",
    "年": "周年|年",
    "月": "月",
    "日": "日|天",
    "岁": "周岁|岁",
    "人": "人|名",
}
_COUNTS = (
    "家|项|个|次|倍|米|克|亩|级|类|种|条|款|户|批|件|台|套|所|座|处|颗|发|枚|支|只|场|吨|公顷|立方米|千瓦|张|份|间|辆|艘|页|字"
    "|期|届|层|度|分贝|P|p|EFLOPS|eflops"
)
_UNIT = "|".join([*_MEASURES.values(), _COUNTS])
_UNIT_NAMES = {name: unit for unit, names in _MEASURES.items() for name in names.split("|")}
_UNIT_NAMES |= {"p": "P", "eflops": "EFLOPS"}  # as they stand in text whose case is folded

# 一百五十千克 are 150 千克, 三千克 are 3 千克.
_CHINESE = r"(?:[零〇一二两三四五六七八九十百万亿]|千(?!克)|(?<![十百])千(?![克瓦米]))+(?:点[零〇一二三四五六七八九]+)?"
_ARABIC = r"\d+(?:,\d{3})*(?:\.\d+)?(?:[百千]?[万亿]|万亿|千(?![克瓦米])|百)?"
_NUMBER = rf"(?:{_ARABIC}|{_CHINESE})"
_BETWEEN = r"\s*(?:至|到|[-—–~～])+\s*"
_FIGURE = re.compile(
    rf"百分之(?P<percent>{_NUMBER})(?:{_BETWEEN}(?:百分之)?(?P<percent_to>{_NUMBER}))?"
    rf"|(?P<whole>{_CHINESE})分之(?P<part>{_CHINESE})"
    rf"|(?P<half>一半|半数|过半)"
    rf"|(?P<low>{_NUMBER})%?{_BETWEEN}(?P<high>{_NUMBER})\s*(?P<range_unit>%|{_UNIT}|(?=\D|$))"
    rf"|(?P<number>{_NUMBER})\s*(?P<unit>%|成(?![果立为员本功效交熟长型绩品就套形分人都年不语])|{_UNIT}|)",
)
_ORDINAL = re.compile(r"(?:第|星期|周)\s*$")
# “一个”, “一项” are articles of speech, no figures; “一、” and “（一）” number a part.
_ARTICLE_UNITS = frozenset(_COUNTS.split("|")) - {"次", "倍"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its measure, exact; `unit` is empty where none of the known measures follows the number."""

    value: Fraction
    unit: str

    def __str__(self) -> str:
        number = str(self.value.numerator) if self.value.denominator == 1 else f"{float(self.value):g}"
        return number + self.unit


def figures(text: str) -> tuple[Figure, ...]:
    """
    The figures of `text` in reading order; both ends of a range. 第四十五条 and other ordinals are none.

    A number in Chinese numerals counts where a measure follows it, a number in digits always.
    """
    return tuple(figure for _, found in find_figures(fold_width(text)) for figure in found)


def find_figures(folded: str) -> Iterator[tuple[Span, tuple[Figure, ...]]]:
    """Where in a text whose width is folded figures stand, and which: two for a range."""
    for match in _FIGURE.finditer(folded):
        if not _ORDINAL.search(folded[max(0, match.start() - 4) : match.start()]) and (found := tuple(_read(match))):
            yield Span(*match.span()), found


def without_figures(text: str) -> str:
    """The text, width folded, with a line break for each number and its measure."""
    return _FIGURE.sub("\n", fold_width(text))


def chinese_number(numeral: str) -> int:
    """一百零二 -> 102, 二〇 -> 20, 三百万 -> 3000000"""
    for scale, value in (("亿", 10**8), ("万", 10**4)):
        high, found, low = numeral.rpartition(scale)
        if found:
            return (chinese_number(high) if high else 1) * value + (chinese_number(low) if low else 0)
    if not _TENS.keys() & set(numeral):
        return int("".join(str(_DIGITS[char]) for char in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def to_chinese(number: int) -> str:
    """12 -> 十二, 110 -> 一百一十, 205 -> 二百零五; empty for 0"""
    text = _spelt(number)
    return text[1:] if text.startswith("一十") else text


def _spelt(number: int) -> str:
    """As it stands inside a longer numeral: 12 -> 一十二."""
    for scale, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十")):
        high, low = divmod(number, scale)
        if high:
            return _spelt(high) + name + ("零" if 0 < low < scale // 10 else "") + _spelt(low)
    return _NUMERALS[number] if number else ""


def _read(match: re.Match[str]) -> Iterator[Figure]:
    found = match.groupdict()
    if found["percent"]:
        yield Figure(_value(found["percent"]), _SHARE)
        if found["percent_to"]:
            yield Figure(_value(found["percent_to"]), _SHARE)
    elif found["whole"]:
        yield Figure(100 * _value(found["part"]) / _value(found["whole"]), _SHARE)
    elif found["half"]:
        yield Figure(Fraction(50), _SHARE)
    elif found["low"]:
        unit = _unit(found["range_unit"])
        if unit or found["low"][0].isdigit():
            yield Figure(_value(found["low"]), unit)
            yield Figure(_value(found["high"]), unit)
    elif found["unit"] == "成":
        yield Figure(10 * _value(found["number"]), _SHARE)
    elif _counts(found["number"], found["unit"]):
        yield Figure(_value(found["number"]), _unit(found["unit"]))


def _counts(number: str, unit: str) -> bool:
    if number[0].isdigit():
        return True
    return bool(unit) and not (number == "一" and unit in _ARTICLE_UNITS)


def _unit(name: str) -> str:
    return _UNIT_NAMES.get(name, name)


def _value(number: str) -> Fraction:
    digits = re.match(r"[\d,.]+", number)
    if digits:
        return Fraction(digits[0].replace(",", "")) * _SCALES[number[digits.end() :]]
    whole, _, decimals = number.partition("点")
    tail = "".join(str(_DIGITS[char]) for char in decimals)
    return chinese_number(whole) + Fraction(int(tail or 0), 10 ** len(tail))
