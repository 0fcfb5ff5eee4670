import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index.store import Scored
from bot.retrieval.hybrid import Ranking, fuse, near_in_text, with_neighbours
from bot.types import Chunk, Clause, Document, Hit, Segment, Span

PLAN = Document("plan", "种树方案", "种树要浇水。" * 8)


def chunk(number: int, document: Document = PLAN) -> Chunk:
    span = Span(6 * number, 6 * number + 6)
    segment = Segment(span.of(document.text), span)
    return Chunk(Clause(document, f"第{number}条", (), segment.text, span, (segment,)), segment, segment.text, span)


COUNTS = {"plan": 8, "note": 1, "rules": 3, "other": 3}
CHUNKS = [chunk(number) for number in range(8)]
OF_PLAN = ["plan"] * 8
NOTHING = Scored([], [])
some_chunks = st.lists(st.integers(0, 7), unique=True)

DOCUMENT = (0.52 + 0.5 + 0.5) / 3  # two chunks of the plan found, a third taken to be as near as the last


def scored(*found: tuple[int, float]) -> Scored:
    return Scored.of(found)


def test_similarities_and_scores_are_added_up():
    places, scores = fuse(scored((0, 0.52), (1, 0.5)), scored((1, 0.8), (0, 0.4)), OF_PLAN, COUNTS)
    assert places == [1, 0]
    assert scores == pytest.approx([(2.1 + 0.64 + 0.6 * DOCUMENT) / 4, (2.12 + 0.32 + 0.6 * DOCUMENT) / 4])


def test_a_hit_is_made_of_a_place_with_the_ranks_of_both_sides():
    ranking = Ranking(CHUNKS, [1, 0, 2], [0.7, 0.6, 0.5], {0: 1, 1: 2}, {1: 1, 2: 2})
    assert ranking.hits([0, 2]) == [Hit(CHUNKS[1], 0.7, 2, 1), Hit(CHUNKS[2], 0.5, None, 2)]


def test_a_clear_lead_in_similarity_is_not_overruled_by_words():
    assert fuse(scored((0, 0.8), (1, 0.6)), scored((1, 0.2)), OF_PLAN, COUNTS).places == [0, 1]


def test_a_question_in_a_chunks_own_words_finds_it():
    assert fuse(scored((0, 0.8), (1, 0.6)), scored((1, 0.7), (0, 0.1)), OF_PLAN, COUNTS).places == [1, 0]


def test_a_chunk_without_similarity_counts_as_the_last_one_found():
    assert fuse(scored((0, 0.8), (1, 0.3)), scored((2, 0.3)), OF_PLAN, COUNTS).places == [0, 2, 1]


def test_a_document_with_several_near_chunks_comes_before_one_with_a_single_one():
    dense = scored((0, 0.61), (1, 0.6), (2, 0.58), (3, 0.2))
    assert fuse(dense, NOTHING, ["other", "rules", "rules", "rules"], COUNTS).places == [1, 2, 0, 3]


def test_a_document_of_one_chunk_is_not_held_to_have_more():
    assert fuse(scored((0, 0.6), (1, 0.6), (2, 0.3)), NOTHING, ["note", "rules", "rules"], COUNTS).places == [0, 1, 2]


def test_one_side_alone_keeps_its_order():
    assert fuse(scored((1, 0.4), (0, -0.1)), NOTHING, OF_PLAN, COUNTS).places == [1, 0]
    assert fuse(NOTHING, scored((2, 0.3), (0, 0.1)), OF_PLAN, COUNTS).places == [2, 0]
    assert fuse(NOTHING, NOTHING, OF_PLAN, COUNTS) == NOTHING


def test_below_the_best_a_chunk_beside_a_near_one_rises(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.retrieval.hybrid.SETTLED", 1)
    ranked = scored((0, 0.9), (5, 0.51), (3, 0.5), (7, 0.4))
    ordered = with_neighbours(ranked, scored((2, 0.8), (5, 0.1)), lambda place: (place - 1, place + 1))
    assert ordered == scored((0, 0.9), (3, 0.51), (5, 0.5), (7, 0.4))


def test_the_best_stay_whatever_stands_beside_them():
    ranked = scored((5, 0.51), (3, 0.5))
    assert with_neighbours(ranked, scored((2, 0.8)), lambda place: (place - 1, place + 1)) == ranked


def test_what_stands_near_in_the_text_is_of_the_same_document(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.retrieval.hybrid.NEIGHBOURHOOD", 6)
    rules = Document("rules", "修路办法", "修路要检查。" * 3)
    chunks = [*CHUNKS, *(chunk(number, rules) for number in range(3))]
    assert [sorted(near_in_text(chunks, place)) for place in (0, 4, 7, 8)] == [[1, 2], [2, 3, 5, 6], [5, 6], [9, 10]]


@given(some_chunks, some_chunks, st.floats(-1, 1), st.floats(0.01, 1))
def test_every_chunk_is_found_once_scored_from_0_to_1(dense, lexical, similarity, score):
    found = fuse(Scored(dense, [similarity] * len(dense)), Scored(lexical, [score] * len(lexical)), OF_PLAN, COUNTS)
    assert set(found.places) == {*dense, *lexical}
    assert len(found.places) == len(set(found.places))
    assert all(-1e-9 <= each <= 1 + 1e-9 for each in found.scores)
