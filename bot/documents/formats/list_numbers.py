"""
Count the paragraphs that a word processor numbers by itself.

numbered paragraph, list 3, level 1, the second of its kind  ->  "（二）"

The numeral of such a paragraph stands nowhere in the file: it is counted when the paper is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
     "ideographEnclosedCircle", "koreanCounting")
)  # fmt: skip
_DIGITS = frozenset(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"))
_FORMAL_FORMATS = frozenset(("chineseLegalSimplified", "japaneseLegal", "ideographLegalTraditional"))


@dataclass(frozen=True, slots=True)
class Level:
    """
    How one level of a list is written: `pattern` is “第%1条”, %1 the number of the outermost level.

    `formats` are Word's names of number formats, WordprocessingML ST_NumberFormat; `gap` follows the numeral.
    """

    pattern: str
    number_format: str = "decimal"
    start: int = 1
    gap: str = ""
    is_legal: bool = False  # all numbers of the pattern in digits
    restarts: bool = True


@dataclass(slots=True)
class ListCounter:
    """One list as it is counted through a paper; paragraphs of one `Level` sequence share it."""

    levels: Mapping[int, Level]
    _numbers: dict[int, int] = field(default_factory=dict)

    def restart(self, level: int, start: int) -> None:
        """The next paragraph of `level` is number `start`."""
        self._numbers[level] = start - 1

    def next(self, level: int) -> str:
        """The numeral of the next paragraph on `level`, with the gap that follows it; empty for a bullet."""
        style = self.levels.get(level)
        if style is None:
            return ""
        self._numbers[level] = self._numbers.get(level, style.start - 1) + 1
        for deeper, other in self.levels.items():
            if deeper > level and other.restarts:
                self._numbers.pop(deeper, None)
        if style.number_format in ("bullet", "none"):
            return ""
        text = style.pattern
        for place in range(9):
            if f"%{place + 1}" in text:
                other = self.levels.get(place, style)
                number = self._numbers.setdefault(place, other.start)
                name = "decimal" if style.is_legal else other.number_format
                text = text.replace(f"%{place + 1}", numeral(number, name))
        return text + style.gap if text.strip() else ""


def gap_after(text: str, follows: str) -> str:
    """
    What separates a numeral from its paragraph; `follows` is tab, space or nothing, as Word has it.

    第三条 always stands apart: without a gap it might be one that the sentence speaks of.
    """
    if text.startswith("第"):
        return "　"
    if follows == "nothing" or not text:
        return ""
    return " " if text[-1].isalnum() else ""


def numeral(number: int, number_format: str) -> str:
    """`number` in one of Word's formats; in digits for one that is not known here."""
    if number_format in _CHINESE:
        return _chinese(number)
    if number_format in _DIGITS:
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    if number_format in _FORMAL_FORMATS:
        return _chinese(number).translate(_FORMAL)
    if number_format in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return _CIRCLED[number - 1] if 0 < number <= len(_CIRCLED) else str(number)
    if number_format == "decimalEnclosedParen":
        return f"({number})"
    if number_format == "decimalEnclosedFullstop":
        return f"{number}."
    if number_format == "decimalZero":
        return f"{number:02d}"
    if number_format == "ideographTraditional":
        return _cycle(_STEMS, number)
    if number_format.startswith("ideographZodiac"):
        return _cycle(_BRANCHES, number)
    if number_format in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if number_format == "upperLetter" else letter
    if number_format in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if number_format == "upperRoman" else _roman(number)
    return str(number)


def note_mark(number: int) -> str:
    """① for a footnote: “[1]” would look like the mark of a citation."""
    return numeral(number, "decimalEnclosedCircle")


def _chinese(number: int) -> str:
    """103 -> 一百零三, 12 -> 十二; in digits from ten thousand on."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // value % 10
        if digit:
            text += "零一二三四五六七八九"[digit] + unit
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text.removeprefix("一") if text.startswith("一十") else text


def _cycle(characters: Sequence[str], number: int) -> str:
    return characters[(number - 1) % len(characters)]


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text
