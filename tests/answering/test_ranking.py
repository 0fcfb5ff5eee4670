from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.answering.likeness import Likeness
from bot.answering.ranking import _learnt, observe
from bot.index.embed import load_embedder
from bot.retrieval.asks import detect_asks
from bot.settings import OWN_EMBEDDING
from bot.types import Clause, Document, Query, Segment, Span


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(load_embedder(Path(OWN_EMBEDDING)))


@dataclass(frozen=True)
class Said:
    clause: Clause
    text: str
    rarities: dict[str, float] = field(default_factory=lambda: {"投诉": 2.0, "期限": 1.0, "处理": 1.0})


def article(*sentences: str) -> list[Said]:
    text = "".join(sentences)
    document = Document("tram", "有轨电车条例", text)
    span = Span(0, len(text))
    clause = Clause(document, "第八条", ("第二章　服务", "第八条"), text, span, (Segment(text, span),))
    return [Said(clause, sentence) for sentence in sentences]


def seen(likeness: Likeness, question: str, *sentences: str) -> list[dict[str, float]]:
    query = Query(question, question, (), detect_asks(question))
    return observe(query, article(*sentences), likeness.to(question))


def marks(observed: dict[str, float]) -> set[str]:
    return {name for name, value in observed.items() if value == 1.0}


def test_a_sentence_is_weighed_by_the_measure_that_is_asked_for(likeness: Likeness) -> None:
    days, none = seen(likeness, "投诉几天处理", "应当在五个工作日内答复。", "经营者应当公布投诉电话。")
    assert ("measured" in marks(days), "unmeasured" in marks(days)) == (True, False)
    assert ("measured" in marks(none), "unmeasured" in marks(none)) == (False, True)


def test_nothing_is_unmeasured_where_no_measure_is_asked_for(likeness: Likeness) -> None:
    (observed,) = seen(likeness, "投诉由谁处理", "市交通部门负责处理投诉。")
    assert marks(observed) == {"who"}


def test_what_settles_a_yes_or_no_is_marked_only_where_one_is_asked_for(likeness: Likeness) -> None:
    (whether,) = seen(likeness, "能不能带狗", "乘客不得携带犬只。")
    (other,) = seen(likeness, "携带犬只有什么规定", "乘客不得携带犬只。")
    assert {"allows", "forbids"} <= marks(whether)
    assert not {"allows", "forbids"} & marks(other)


def test_the_share_that_is_said_is_told_of_the_sentence_and_of_its_article(likeness: Likeness) -> None:
    first, second = seen(likeness, "投诉处理期限", "经营者应当受理投诉。", "处理期限为五日。")
    assert [each["said"] for each in (first, second)] == [0.5, 0.5]
    assert [each["article_said"] for each in (first, second)] == [1.0, 1.0]


def test_every_weight_belongs_to_something_that_is_observed(likeness: Likeness) -> None:
    (observed,) = seen(likeness, "投诉几天处理", "应当在五个工作日内答复。")
    assert _learnt()["weights"].keys() == observed.keys()
