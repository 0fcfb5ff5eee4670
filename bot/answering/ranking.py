"""
What tells that a sentence of a statute answers, beside the words it shares with the question; weighed as it was learnt.

    "几天告诉我受不受理", "应当在五个工作日内作出受理决定"  ->  {"nearest": 0.58, "measured": 1.0, …}  ->  +0.9

The weights stand in ranking.toml. `python -m eval rank` learns them from practice questions; nobody sets them by hand.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from bot.answering.likeness import AskedWords
from bot.text.normalise import comparable
from bot.types import Clause, Query

_NUMERAL = r"[\d一二三四五六七八九十百千万两]+(?:\.\d+)?(?:余|多)?"
# What is asked for, and the measure its figure has.
_MEASURES = (
    (r"几天|多少[天日]|几日|[几多少]个?工作日", r"个?(?:工作)?[日天]|小时|个?月"),
    (r"几个?月|多少个?月", r"个?月"),
    (r"[几多少]年", r"年"),
    (r"多久|多长时间|什么时候|啥时|何时|期限|最[晚迟]|时限", r"个?(?:工作)?[日天]|个?月|年|小时"),
    (r"多少钱|罚多少|几[块万]|多少[万元]|罚款|怎么罚|罚几", r"元|倍|万元"),
    (r"比例|百分之几|几成|百分点|多少比|税率|%", r"%|成"),
    (r"(?<!哪)几[个名位]|多少[个名位人]|几人", r"[人名位]|个(?!月|工作日|小时)"),
    (r"几次|多少次|几回", r"次"),
    (r"几倍|多少倍", r"倍"),
    (r"几岁|年龄|多大年纪", r"周?岁"),
    (r"多重|几斤|公斤|千克", r"千克|公斤|克"),
    (r"几度|多少度|温度", r"℃|度"),
)
_PARTS = rf"(?:百|千|万)?分之{_NUMERAL}"
MEASURES = tuple((re.compile(asked), re.compile(rf"{_NUMERAL}(?:{written})|{_PARTS}")) for asked, written in _MEASURES)
WHO = re.compile(
    r"(?:部门|机关|机构|政府|委员会)(?:应当|负责|会同|和|可以|统一)|由.{2,25}(?:部门|机关|机构|政府|负责)|主管"
)
ALLOWS = re.compile(r"不得|应当|可以|禁止|方可|不予|无需|无须|必须|免")
FORBIDS = re.compile(r"不得|禁止|不予|严禁|不能")
# What governments are to do in general, what the law is for and where it applies, what is told by another article.
PROMOTES = re.compile(
    r"(?:人民政府|主管部门|有关部门)[^,。]{0,20}(?:应当|负责|加强|推动|组织|制定)|国家(?:鼓励|支持|建立|加强|推动)"
)
INTRODUCES = re.compile(r"适用本|为了[^,。]{2,40},|制定本")
REFERS = re.compile(r"依照本(?:法|条例)第|前款规定|本(?:法|条例|办法)第[一二三四五六七八九十百]+条")
MARKS = {
    "promotes": PROMOTES,
    "introduces": INTRODUCES,
    "refers": REFERS,
    "allows": ALLOWS,
    "forbids": FORBIDS,
    "who": WHO,
}
REMEMBERED = 16_384  # sentences


class Sentence(Protocol):
    """What is looked at of a sentence."""

    @property
    def clause(self) -> Clause: ...
    @property
    def text(self) -> str: ...
    @property
    def rarities(self) -> Mapping[str, float]: ...


def observe(query: Query, sentences: Sequence[Sentence], asked: AskedWords) -> list[dict[str, float]]:
    """What the weights are for, of each sentence of an article, each between 0 and 1 or thereabouts."""
    articles = {id(sentence.clause): sentence.clause for sentence in sentences}
    whole = {key: asked.whole(" ".join((each.document.title, *each.path, each.text))) for key, each in articles.items()}
    rarities = sentences[0].rarities if sentences else {}
    said = {key: _share(rarities, comparable(each.text)) for key, each in articles.items()}
    measures = [written for asked_for, written in MEASURES if asked_for.search(query.understood)]
    return [
        {
            "nearest": nearest,
            "article_whole": whole[id(sentence.clause)],
            "article_said": said[id(sentence.clause)],
            **_says(query, comparable(sentence.text), rarities, measures),
        }
        for sentence, nearest in zip(sentences, asked.nearest([each.text for each in sentences]), strict=True)
    ]


def _says(
    query: Query, text: str, rarities: Mapping[str, float], measures: Sequence[re.Pattern[str]]
) -> dict[str, float]:
    measured = any(written.search(text) for written in measures)
    whether, marks = "whether" in query.asks, _marks(text)
    return {
        "said": _share(rarities, text),
        "measured": float(measured),
        "unmeasured": float(bool(measures) and not measured),
        "promotes": float("promotes" in marks),
        "introduces": float("introduces" in marks),
        "refers": float("refers" in marks),
        "allows": float(whether and "allows" in marks),
        "forbids": float(whether and "forbids" in marks),
        "who": float("unit" in query.asks and "who" in marks),
    }


@lru_cache(REMEMBERED)
def _marks(text: str) -> frozenset[str]:
    """Which of these a text has; it is the same for every question."""
    return frozenset(name for name, pattern in MARKS.items() if pattern.search(text))


def _share(rarities: Mapping[str, float], text: str) -> float:
    """Of the weight of the question's words and pairs of characters, what the text itself holds."""
    return sum([weight for piece, weight in rarities.items() if piece in text]) / (sum(rarities.values()) or 1.0)


def worth(query: Query, sentences: Sequence[Sentence], asked: AskedWords) -> Iterator[float]:
    """What the weights make of each sentence of an article; 0 is what a right one has on the average."""
    learnt = _learnt()
    for seen in observe(query, sentences, asked):
        yield sum(weight * seen[name] for name, weight in learnt["weights"].items()) - learnt["level"]


def of_article() -> float:
    """What being a statute is worth to a paper."""
    return float(_learnt()["article"])


@cache
def _learnt() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "ranking.toml").read_text(encoding="utf-8"))
