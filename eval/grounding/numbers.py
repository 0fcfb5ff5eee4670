"""
Figures and dates as they stand in a sentence, for changing them.

    年均增长10%以上  ->  Number(value=10, unit="%", span=(4, 7), bound="lower")

They are found apart from `bot.text.numerals` on purpose: a figure that is not seen there must not be left out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.text.numerals import chinese_number, to_chinese

Bound = Literal["lower", "upper", "range", ""]

UNITS = (
    "个工作日|工作日|个百分点|平方公里|平方米|个月|周岁|小时|分钟|公里|千米|千克|公斤|元|家|项|个|名|人|年|日|天|倍|次|%|％"
    "|米|吨|亩|类|种|章|份|发|颗|位|岁|部分|条|件|处|场|P|EFLOPS"
)
_CHINESE = "一二两三四五六七八九十百千零"
_NUMBER = re.compile(
    rf"(?<![\d.,“〔\[+＋第A-Za-z{_CHINESE}之—－-])"
    rf"(?P<share>百分之)?(?P<digits>\d+(?:\.\d+)?|[{_CHINESE}]+)(?P<scale>百万|千万|万亿|[百千]?万|亿)?"
    rf"(?P<unit>{UNITS})?(?!分之|\d|度|性|开发)"
)
DATES = re.compile(
    r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?|[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
    r"|[一二三四五六七八九十\d]{1,2}月底|\d{1,2}月\d{1,2}日|(?:19|20)\d\d[—–-](?:19|20)\d\d年"
)
_LOWER = re.compile(
    r"(?:不低于|不少于|至少|(?<!不)超过|(?<!不)高于|(?<!不)大于|达到|不小于|满|高出)[\u4e00-\u9fff]{0,6}$"
)
_UPPER = re.compile(
    r"(?:不超过|最高|最长|最多|至多|(?<!不)小于|(?<!不)低于|(?<!不)少于|不高于|不大于|以下|上限为)[\u4e00-\u9fff]{0,6}$"
)
_ONE_IS_SPEECH = frozenset("家项个名人类种章份颗位部分条件处场发")


@dataclass(frozen=True, slots=True)
class Number:
    """`span` covers the numeral with its scale and unit."""

    value: float
    digits: str
    scale: str
    unit: str
    start: int
    end: int
    bound: Bound
    is_share: bool  # 百分之五十

    @property
    def is_chinese(self) -> bool:
        return not self.digits[0].isdigit()

    def written(self, value: float) -> str:
        """Another value in the same script, with the same scale and unit."""
        arabic = f"{value:g}" if value < 1e6 else f"{value:.0f}"
        chinese = "两" if value == 2 and not self.is_share else to_chinese(int(value))
        numeral = chinese if self.is_chinese else arabic
        return ("百分之" if self.is_share else "") + numeral + self.scale + self.unit


def numbers(text: str) -> Iterator[Number]:
    """The figures of a sentence that have a measure; years, dates, ordinals and names such as 8+X are none."""
    dates = [match.span() for match in DATES.finditer(text)]
    for match in _NUMBER.finditer(text):
        if any(start <= match.start() < end for start, end in dates):
            continue
        digits, unit, scale = match["digits"], match["unit"] or "", match["scale"] or ""
        if not unit and not match["share"]:
            unit = _unit_after_range(text, match.end())
            if not unit:
                continue
            end, unit = match.end(), ""
        else:
            end = match.end()
        chinese = not digits[0].isdigit()
        if chinese and (("两" in digits and len(digits) > 1) or (digits in {"十", "百", "千", "零"} and not unit)):
            continue
        if chinese and digits == "一" and (unit in _ONE_IS_SPEECH or not unit) and not scale and not match["share"]:
            continue
        value = float(chinese_number(digits)) if chinese else float(digits)
        if value == 0:
            continue
        yield Number(
            value, digits, scale, unit, match.start(), end, bound(text, match.start(), end), bool(match["share"])
        )


def bound(text: str, start: int, end: int) -> Bound:
    """Whether the figure there is a least or a greatest one, or one end of a range."""
    before, after = text[max(0, start - 10) : start], text[end : end + 14]
    unit_after = rf"(?:{UNITS})?"
    if re.match(rf"{unit_after}(?:以上|至|到|[—–~～-])[^，。；、]{{0,2}}[\d{_CHINESE}]", after) or re.search(
        rf"[\d{_CHINESE}][万亿]?{unit_after}(?:以上|至|到|[—–~～-])$", before
    ):
        return "range"
    # 六十日内 is a longest time, 三年以上 a shortest.
    if re.match(rf"{unit_after}(?:以下|以内|之内|内|前)", after) or _UPPER.search(before):
        return "upper"
    if re.match(rf"{unit_after}(?:以上|及以上)", after) or _LOWER.search(before):
        return "lower"
    return ""


def _unit_after_range(text: str, end: int) -> str:
    """三至五年: the measure of the first figure stands after the second."""
    follows = re.match(rf"(?:至|到|[—–~～-])(?:\d+(?:\.\d+)?|[{_CHINESE}]+)[万亿]?({UNITS})", text[end : end + 14])
    return follows[1] if follows else ""
