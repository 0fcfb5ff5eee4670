from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.answering.likeness import Likeness
from bot.index.embed import Embedder, Vectors, load_embedder
from bot.settings import OWN_EMBEDDING


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(load_embedder(Path(OWN_EMBEDDING)))


def test_a_text_is_near_by_its_own_words_and_by_words_for_the_same_thing(likeness: Likeness) -> None:
    asked = likeness.to("老板拖欠工资")
    same, alike, other = asked.nearest(["老板拖欠工资", "用人单位克扣劳动报酬", "古树名木的移植"])
    assert same == pytest.approx(1.0, abs=1e-5)
    assert same > alike > other


def test_each_text_is_compared_on_its_own(likeness: Likeness) -> None:
    texts = ["用人单位克扣劳动报酬", "", "古树名木的移植"]
    asked = likeness.to("老板拖欠工资")
    assert asked.nearest(texts) == pytest.approx([asked.nearest([text])[0] for text in texts], abs=1e-6)
    assert asked.nearest([""]) == [0.0]


def test_as_a_whole_a_text_is_as_near_as_its_vector(likeness: Likeness) -> None:
    embedder = likeness.embedder
    vector = np.array(embedder.embed_query("老板拖欠工资"))
    assert likeness.to("老板拖欠工资").whole("用人单位克扣劳动报酬") == pytest.approx(
        float(vector @ embedder.embed(["用人单位克扣劳动报酬"])[0]), abs=1e-5
    )


def test_a_question_of_no_known_word_is_like_nothing(likeness: Likeness) -> None:
    asked = likeness.to("")
    assert (asked.nearest(["古树名木"]), asked.whole("古树名木")) == ([0.0], 0.0)


def test_beside_another_kind_of_model_the_shipped_one_compares() -> None:
    class Served(Embedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError(texts)

    own = load_embedder(Path(OWN_EMBEDDING))
    assert Likeness.beside(own).embedder is own
    assert Likeness.beside(Served()).embedder.fingerprint == own.fingerprint
