from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.answering.likeness import Likeness
from bot.answering.ranking import _learnt, observe
from bot.index.embed import load_embedder
from bot.retrieval.asks import detect_asks
from bot.settings import OWN_EMBEDDING
from bot.text.normalise import comparable
from bot.types import Chunk, Clause, Document, Hit, Query, Segment, Span


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(load_embedder(Path(OWN_EMBEDDING)))


@dataclass(frozen=True)
class Said:
    clause: Clause
    text: str
    read: str
    hit: Hit
    own: frozenset[str] = frozenset()
    rarities: dict[str, float] = field(default_factory=lambda: {"投诉": 2.0, "期限": 1.0, "处理": 1.0})


def article(*sentences: str) -> list[Said]:
    text = "".join(sentences)
    document = Document("tram", "有轨电车条例", text)
    span = Span(0, len(text))
    clause = Clause(document, "第八条", ("第二章　服务", "第八条"), text, span, (Segment(text, span),))
    hit = Hit(Chunk(clause, clause.segments[0], text, span), 1.0, None, 2)
    return [Said(clause, sentence, comparable(sentence), hit) for sentence in sentences]


def seen(likeness: Likeness, question: str, *sentences: str) -> list[dict[str, float]]:
    query = Query(question, question, (), detect_asks(question))
    return observe(query, article(*sentences), likeness.to(question))


def marks(observed: dict[str, float]) -> set[str]:
    return {name for name, value in observed.items() if value == 1.0}


def test_a_sentence_is_weighed_by_the_measure_that_is_asked_for(likeness: Likeness) -> None:
    days, none = seen(likeness, "投诉几天处理", "应当在五个工作日内答复。", "经营者应当公布投诉电话。")
    assert ("measured" in marks(days), "measured" in marks(none)) == (True, False)


def test_how_often_is_told_by_a_rhythm(likeness: Likeness) -> None:
    monthly, none = seen(likeness, "多久公布一次投诉", "经营者应当每月公布投诉。", "经营者应当公布投诉。")
    assert ("measured" in marks(monthly), "measured" in marks(none)) == (True, False)


def test_what_is_defined_is_marked_where_it_is_asked_about(likeness: Likeness) -> None:
    (defined,) = seen(likeness, "条例里的经营者指谁", "本条例所称经营者，是指运营有轨电车的企业。")
    (other,) = seen(likeness, "条例里的乘客指谁", "本条例所称经营者，是指运营有轨电车的企业。")
    assert ("defines" in marks(defined), "defines" in marks(other)) == (True, False)


def test_a_prohibition_is_marked_only_where_a_yes_or_no_is_asked_for(likeness: Likeness) -> None:
    (whether,) = seen(likeness, "能不能带狗", "乘客不得携带犬只。")
    (other,) = seen(likeness, "携带犬只有什么规定", "乘客不得携带犬只。")
    assert ("forbids" in marks(whether), "forbids" in marks(other)) == (True, False)


def test_the_share_that_is_said_is_told_of_the_sentence_with_what_leads_to_it(likeness: Likeness) -> None:
    query = Query("投诉处理期限", "投诉处理期限", ())
    alone, second = article("经营者应当受理投诉。", "处理期限为五日。")
    led = replace(second, read="投诉按下列规定处理:处理期限为五日。")
    observed = observe(query, [alone, second, led], likeness.to(query.understood))
    assert [(each["said"], each["led"], each["lexical"]) for each in observed] == [
        (0.5, 0.0, 0.5),
        (0.5, 0.0, 0.5),
        (1.0, 1.0, 0.5),
    ]


def test_every_weight_belongs_to_something_that_is_observed(likeness: Likeness) -> None:
    (observed,) = seen(likeness, "投诉几天处理", "应当在五个工作日内答复。")
    assert _learnt()["weights"].keys() == observed.keys()
