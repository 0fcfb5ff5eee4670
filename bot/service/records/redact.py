"""
Take personal data out of a text before it is written down.

    "我叫张三，13800001111，问12345的事"  ->  "我叫张三，［手机号已隐去］，问12345的事"

Mobile and fixed line numbers, identity numbers with a right checksum (GB 11643), bank cards (Luhn), e-mail addresses
and number plates. 文号, amounts, dates and short public numbers such as 12345 stay: a record without them says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from string import ascii_letters, ascii_lowercase
from typing import NamedTuple

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from bot.text.normalise import strip_invisible

HIDDEN = "［{what}已隐去］"
CHINESE_DIGITS = {
    ord(numeral): str(value)
    for value, numerals in enumerate(("〇零", "一幺", *"二三四五六七八九"))
    for numeral in numerals
}

_BEFORE = r"(?<!\d)(?<!\d\.)"
_AFTER = r"(?!\d|\.\d)"
_GAP = r"[-\s.·]"
# What stands at an amount of as many digits as a telephone or card number has.
_NO_AMOUNT_BEFORE = r"(?<![¥￥$])(?<!人民币)(?<!金额)(?<!投资)(?<!资金)"
_NO_AMOUNT_AFTER = r"(?!\s?(?:余|多)?[万亿]*(?:元|美元|欧元|港元|日元|块|亩|吨|平方|立方|千瓦|人次|家|户|件|项|%|‰))"
_LONG = re.compile(r"\d(?:[-\s.·)]{0,2}\d){6}")  # the shortest number of a telephone; most texts have none so long
_CUE = r"(?:电\s?话|座\s?机|手\s?机|号\s?码|传\s?真|致\s?电|拨\s?打|联\s?系|(?:tel|TEL|Tel)\b\.?)[^\d\n]{0,6}?"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = "[A-HJ-NP-Z0-9]"


class Found(NamedTuple):
    """A stretch of a text that is personal: offsets, and what it is."""

    start: int
    end: int
    what: str


def redact(text: str) -> str:
    """`text` without invisible characters and with every personal number named instead of written."""
    text = strip_invisible(text)
    parts, position = [], 0
    for found in _found(text):
        parts += [text[position : found.start], HIDDEN.format(what=found.what)]
        position = found.end
    return "".join((*parts, text[position:]))


def _found(text: str) -> Iterator[Found]:
    """What is personal, in order and without overlap; where two overlap, the one that starts first, then the longer."""
    folded = _fold(text)
    every = sorted(
        (
            Found(match.start(group), match.end(group), kind.what)
            for kind in (_KINDS if _LONG.search(folded) else _SHORT_KINDS)
            for match in kind.pattern.finditer(folded)
            if (group := 1 if kind.pattern.groups else 0) is not None and kind.holds(match.group(group))
        ),
        key=lambda found: (found.start, -found.end),
    )
    end = 0
    for found in every:
        if found.start >= end:
            yield found
            end = found.end


def _fold(text: str) -> str:
    """Character for character: digits of any script and Chinese numerals as 0-9, full-width forms, dashes, capitals."""
    return text.translate(_plain_forms())


@cache
def _plain_forms() -> dict[int, str]:
    every = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    digits = {ord(each): str(unicodedata.decimal(each)) for each in every if unicodedata.category(each) == "Nd"}
    dashes = {ord(each): "-" for each in every if unicodedata.category(each) == "Pd"}
    wide = {code + 0xFEE0: chr(code) for code in map(ord, f"{ascii_letters}@+.()")}  # not ，, which parts numbers
    small = {ord(each): each.upper() for each in ascii_lowercase}
    return digits | dashes | {code: form.upper() for code, form in wide.items()} | small | CHINESE_DIGITS


def _digits(text: str) -> str:
    return re.sub(r"[^\dX]", "", text)


def _is_identity(text: str) -> bool:
    number = _digits(text)
    return len(number) == 18 and mod_11_2.is_valid(number)


def _is_card(text: str) -> bool:
    number = _digits(text)
    return 15 <= len(number) <= 19 and len(set(number)) > 1 and luhn.is_valid(number)


def _is_plate(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 3


def _always(_text: str) -> bool:
    return True


class _Kind(NamedTuple):
    """What is looked for; where the pattern has a group, that is what is hidden."""

    what: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = _always


_KINDS = (
    _Kind("邮箱", re.compile(r"[A-Z0-9][A-Z0-9._%+-]*@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+")),
    _Kind(
        "身份证号",
        re.compile(rf"{_BEFORE}[1-9]\d{{5}}{_GAP}?\d{{4}}{_GAP}?\d{{4}}{_GAP}?\d{{3}}[\dX](?![\dA-Z])"),
        _is_identity,
    ),
    _Kind(
        "银行卡号",
        re.compile(rf"{_BEFORE}{_NO_AMOUNT_BEFORE}[3-9]\d(?:[-\s]?\d){{13,17}}{_AFTER}{_NO_AMOUNT_AFTER}"),
        _is_card,
    ),
    _Kind(
        "手机号",
        re.compile(
            rf"{_BEFORE}{_NO_AMOUNT_BEFORE}(?:\+?(?:00)?86{_GAP}?)?"
            rf"1[3-9](?:\d{_GAP}?\d{{4}}{_GAP}?\d{{4}}|\d{_GAP}\d{{3}}{_GAP}\d{{5}}|\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}"
            rf"|\d{{4}}{_GAP}\d{{5}})"
            rf"{_AFTER}{_NO_AMOUNT_AFTER}"
        ),
    ),
    _Kind("手机号", re.compile(rf"{_BEFORE}1{_GAP}[3-9](?:{_GAP}\d){{9}}{_AFTER}")),
    _Kind(
        "电话",
        re.compile(
            rf"(?:{_BEFORE}(?:\+?86{_GAP}?)?|[(（])0(?:10|2\d|[3-9]\d{{2}})[)）]?{_GAP}?[2-9]\d{{2,3}}{_GAP}?\d{{4}}"
            rf"(?:(?:-|\s?转\s?)\d{{1,6}})?{_AFTER}{_NO_AMOUNT_AFTER}"
        ),
    ),
    _Kind("电话", re.compile(rf"{_CUE}([2-9]\d{{2,3}}{_GAP}?\d{{4}}){_AFTER}(?!\s?年){_NO_AMOUNT_AFTER}")),
    _Kind(
        "车牌",
        re.compile(
            rf"[{_PROVINCES}][A-HJ-NP-Z][·•・.\-\s]?(?:[DF]{_PLATE}\d{{4}}|\d{{5}}[DF]|{_PLATE}{{4}}(?:{_PLATE}|[挂学警港澳]))"
            r"(?![A-Z0-9])"
        ),
        _is_plate,
    ),
)
_SHORT_KINDS = tuple(kind for kind in _KINDS if kind.what in ("邮箱", "车牌"))
