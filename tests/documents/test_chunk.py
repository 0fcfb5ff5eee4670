from hypothesis import given
from hypothesis import strategies as st

from bot.documents.chunk import LONGEST, split
from bot.documents.structure import parse
from bot.types import Document

SENTENCE = "种" * 99 + "。"


def texts(text: str) -> list[str]:
    return [chunk.text for chunk in split(parse(Document("a", "题", text)))]


def test_a_segment_is_a_chunk():
    assert texts("一、甲。种树。（责任单位：市园林局）浇水。（责任单位：市水务局）\n二、乙。") == [
        "一、甲。种树。（责任单位：市园林局）",
        "浇水。（责任单位：市水务局）",
        "二、乙。",
    ]


def test_a_long_segment_is_cut_evenly_at_sentence_ends():
    assert texts(SENTENCE * 4) == [SENTENCE * 2] * 2


def test_a_sentence_longer_than_a_window_is_cut_at_a_comma():
    assert texts("种" * 250 + "，" + "树" * 100 + "。") == ["种" * 250 + "，", "树" * 100 + "。"]


@given(st.text(alphabet="种树， \n。；“”（）", max_size=1500))
def test_chunks_hold_every_character_of_their_segment_once(text: str):
    chunks = split(parse(Document("a", "题", text)))
    assert "".join("".join(chunk.text for chunk in chunks).split()) == "".join(text.split())
    assert all(len(chunk.text) <= LONGEST and chunk.span.of(text) == chunk.text for chunk in chunks)
