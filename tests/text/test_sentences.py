from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("种树。浇水！真的？", ["种树。", "浇水！", "真的？"]),
        ("种树；浇水。\n施肥", ["种树；", "浇水。", "施肥"]),
        ("他说“种树；浇水”。好。", ["他说“种树；浇水”。", "好。"]),
        ("他说：“种树。”大家去了。", ["他说：“种树。”", "大家去了。"]),
        ("种树（浇水；施肥）吧。好。", ["种树（浇水；施肥）吧。", "好。"]),
        ("种树。（责任单位：市园林局）浇水。", ["种树。", "（责任单位：市园林局）", "浇水。"]),
        ("（一）种树。浇水", ["（一）种树。", "浇水"]),
        ("没有关上的“引号。不管它。", ["没有关上的“引号。", "不管它。"]),
        ("真的吗？！好", ["真的吗？！", "好"]),
        ("  ", []),
    ],
)
def test_sentences(text: str, expected: list[str]):
    assert sentences(text) == expected


@given(st.text(alphabet="种树。；，！ \n　“”（）《》：", max_size=120))
def test_sentences_hold_every_visible_character_once_and_in_order(text: str):
    spans = split_sentences(text)
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
