"""
Find the province or city for which a document was made.

("青岛市科学技术局", "青岛市科技计划管理办法") -> "青岛市"; ("国务院办公厅", …) -> "", the whole country

The divisions are in places.toml. A paper of a district is one of its city.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_NATION = re.compile(
    r"^(?:中华人民共和国|全国|国务院|国家|中共中央|中央|最高人民|中国(?![（(])|海关总署|市场监管总局|金融监管总局|税务总局)"
    r"|^(?!市|省|区|县)[\u4e00-\u9fff]{2,10}部(?:$|办公厅|等|、|[ 　])"
)
_SHORT_NAME = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")
_BEFORE_TITLE = re.compile(
    r"^(?:[《【〔“]|(?:19|20)\d\d年(?:度|第.批)?，?|[^】]{1,8}】|关于(?:印发|修改|发布|公布|实施|推出供应)?)+"
)


@cache
def _places() -> Mapping[str, str]:
    """Full names and what each means, the longest first."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    districts = data.pop("districts")
    names = {name: name for province, held in data.items() for name in (province, *held["cities"])}
    names |= {district: city for city, held in districts.items() for district in held}
    return {name: names[name] for name in sorted(names, key=len, reverse=True)}


@cache
def _short_names() -> Mapping[str, str]:
    return {_SHORT_NAME.sub("", name): place for name, place in _places().items() if name == place}


@cache
def _short_name() -> re.Pattern[str]:
    return re.compile(f"({'|'.join(_short_names())})(?![区县州])")


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile("|".join(_places()))


def place_names() -> frozenset[str]:
    """Every province and city that is known, with and without 省 or 市 behind it."""
    return frozenset({*_places(), *_short_names()})


def is_national(issuer: str) -> bool:
    """Whether a body of the whole country is meant: 国务院, 工业和信息化部, 国家数据局."""
    return bool(_NATION.match(issuer)) and not _anywhere().search(issuer)


def find_place(issuer: str, title: str) -> str:
    """The place in the issuer's name; where it names none and is no national body, that with which the title begins."""
    if named := _anywhere().search(issuer):
        return _innermost(issuer[named.start() :])
    if is_national(issuer):
        return ""
    if short := _short_name().match(issuer):
        return _short_names()[short[1]]
    return _innermost(_BEFORE_TITLE.sub("", title))


def places_named(text: str) -> list[tuple[int, str]]:
    """Where in the text places stand, by their full or short names, and which: "济南的方案" -> [(0, "济南市")]."""
    found = [(name.start(), _places()[name[0]]) for name in _anywhere().finditer(text)]
    short = [(name.start(), _short_names()[name[0]]) for name in _short_name().finditer(text)]
    taken = {start for start, _ in found}
    return sorted(found + [each for each in short if each[0] not in taken])


def _innermost(text: str) -> str:
    """广东省广州市天河区… -> 广州市"""
    found = ""
    while name := _anywhere().match(text):
        found, text = _places()[name[0]], text[name.end() :]
    return found
