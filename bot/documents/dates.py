"""
Find the dates on which a document was issued, takes effect and expires.

本办法自2024年6月1日起施行，有效期5年。  ->  effective_on 2024-06-01, expires_on 2029-05-31
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.text.numerals import chinese_number

DATE = (
    r"(?:\d\s?){4}年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|[一二三四五六七八九〇零○]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_WRITTEN = re.compile(
    r"(?P<year>\d{4}|[一二三四五六七八九〇零○]{4})\s?[年./-]\s?"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s?[月./-]\s?(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})"
)
_IN_FORCE = r"(?:正式)?(?:施行|实施|执行|生效)"
# A day on which a text itself, not one that it cites, takes effect.
_SELF = r"(?:本|该)(?:《[^》]{1,60}》|[\u4e00-\u9fff]{1,14}?)\s*"
_EFFECTIVE = re.compile(rf"自\s?(?P<date>{DATE})\s?(?:起|开始){_IN_FORCE}|^\s*(?P<line>{DATE})\s*(?:起)?施行", re.M)
_OWN_EFFECTIVE = re.compile(rf"{_SELF}自\s?(?P<date>{DATE})\s?(?:起|开始){_IN_FORCE}")
_ON_ISSUE = re.compile(rf"(?:{_SELF}|^\s*|。\s*)自\s?(?:公布|发布|印发|颁布|下发|签发|发文)之日起{_IN_FORCE}", re.M)
_EXPIRES = re.compile(
    rf"有效期\s?(?:限)?(?:调整|延长|延续)?(?:截至|截止|截止到|至|到|为至|自[^，。；]{{0,30}}?至)\s?(?P<date>{DATE})"
    rf"|(?:施行|实施|执行)\s?至\s?(?P<until>{DATE})"
    rf"|起(?:施行|实施|执行)\s?[，,]\s?至\s?(?P<to>{DATE})"
)
_YEARS = re.compile(
    rf"(?:{_IN_FORCE}|{_SELF})\s?[，,；;。]?\s?(?:试行期|有效期)\s?(?:限)?(?:暂定)?(?:为)?\s?"
    r"(?P<years>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?年"
)


def find_date(text: str) -> date | None:
    """The first date in `text`: 2024年5月6日, 二〇二四年五月六日, 2024-05-06, 2024/5/6, 2024.5.6."""
    for found in _WRITTEN.finditer(re.sub(r"(?<=\d)\s(?=\d{1,3}年)", "", text)):
        try:
            return date(_year(found["year"]), _number(found["month"]), _number(found["day"]))
        except ValueError:
            continue
    return None


def find_effective(text: str, issued_on: date | None) -> date | None:
    """When `text` says that it takes effect; `issued_on` where it does so on the day it was issued."""
    own = _days(_OWN_EFFECTIVE.finditer(text))
    if own:
        return own[-1]
    if _ON_ISSUE.search(text):
        return issued_on
    others = _days(_EFFECTIVE.finditer(text))
    return others[-1] if others else None


def find_expiry(text: str, effective_on: date | None) -> date | None:
    """The last day on which `text` says that it is in force; a term in years counts from `effective_on`."""
    until = _days(_EXPIRES.finditer(text))
    if until:
        return until[-1]
    if effective_on is None or not ("有效期" in text or "试行期" in text):  # soon seen, where the pattern takes long
        return None
    terms = [_number(found["years"]) for found in _YEARS.finditer(text)]
    if not terms:
        return None
    year = effective_on.year + terms[-1]
    try:
        return effective_on.replace(year=year) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(year, 2, 28)


def _days(matches: Iterable[re.Match[str]]) -> list[date]:
    return [
        day for found in matches if (day := find_date(next(value for value in found.groupdict().values() if value)))
    ]


def _year(written: str) -> int:
    return int(written) if written.isdigit() else chinese_number(written.replace("○", "〇"))


def _number(written: str) -> int:
    return int(written) if written.isdigit() else chinese_number(written)
