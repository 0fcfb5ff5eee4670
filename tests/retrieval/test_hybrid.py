import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.hybrid import fuse, with_neighbours
from bot.types import Chunk, Clause, Document, Hit, Segment, Span

PLAN = Document("plan", "种树方案", "种树要浇水。" * 8)


def chunk(number: int, document: Document = PLAN) -> Chunk:
    span = Span(6 * number, 6 * number + 6)
    segment = Segment(span.of(document.text), span)
    return Chunk(Clause(document, f"第{number}条", (), segment.text, span, (segment,)), segment, segment.text, span)


COUNTS = {"plan": 8, "note": 1, "rules": 3}
CHUNKS = [chunk(number) for number in range(8)]
FIRST, SECOND, THIRD, *_ = CHUNKS
some_chunks = st.lists(st.sampled_from(CHUNKS), unique=True)


DOCUMENT = (0.52 + 0.5 + 0.5) / 3  # two chunks of the plan found, a third taken to be as near as the last


def test_similarities_and_scores_are_added_up_with_the_ranks_of_both_sides():
    hits = fuse([(FIRST, 0.52), (SECOND, 0.5)], [(SECOND, 0.8), (FIRST, 0.4)], COUNTS)
    assert [(hit.chunk, hit.dense_rank, hit.lexical_rank) for hit in hits] == [(SECOND, 2, 1), (FIRST, 1, 2)]
    assert [hit.score for hit in hits] == pytest.approx(
        [(2.1 + 0.64 + 0.6 * DOCUMENT) / 4, (2.12 + 0.32 + 0.6 * DOCUMENT) / 4]
    )


def test_a_clear_lead_in_similarity_is_not_overruled_by_words():
    hits = fuse([(FIRST, 0.8), (SECOND, 0.6)], [(SECOND, 0.2)], COUNTS)
    assert [hit.chunk for hit in hits] == [FIRST, SECOND]


def test_a_question_in_a_chunks_own_words_finds_it():
    hits = fuse([(FIRST, 0.8), (SECOND, 0.6)], [(SECOND, 0.7), (FIRST, 0.1)], COUNTS)
    assert [hit.chunk for hit in hits] == [SECOND, FIRST]


def test_a_chunk_without_similarity_counts_as_the_last_one_found():
    hits = fuse([(FIRST, 0.8), (SECOND, 0.3)], [(THIRD, 0.3)], COUNTS)
    assert [(hit.chunk, hit.dense_rank) for hit in hits] == [(FIRST, 1), (THIRD, None), (SECOND, 2)]


def test_a_document_with_several_near_chunks_comes_before_one_with_a_single_one():
    rules, other = Document("rules", "修路办法", "修路要检查。" * 3), Document("other", "摆摊办法", "摆摊要登记。" * 3)
    dense = [(chunk(0, other), 0.61), (chunk(0, rules), 0.6), (chunk(1, rules), 0.58), (chunk(2, rules), 0.2)]
    hits = fuse(dense, [], COUNTS | {"other": 3})
    assert [hit.chunk.id for hit in hits] == ["rules#0-6", "rules#6-12", "other#0-6", "rules#12-18"]


def test_a_document_of_one_chunk_is_not_held_to_have_more():
    note, rules = Document("note", "浇水通知", "每天浇一次。"), Document("rules", "修路办法", "修路要检查。" * 3)
    dense = [(chunk(0, note), 0.6), (chunk(0, rules), 0.6), (chunk(1, rules), 0.3)]
    assert [hit.chunk.id for hit in fuse(dense, [], COUNTS)] == ["note#0-6", "rules#0-6", "rules#6-12"]


def test_one_side_alone_keeps_its_order():
    assert [hit.chunk for hit in fuse([(SECOND, 0.4), (FIRST, -0.1)], [], COUNTS)] == [SECOND, FIRST]
    assert [hit.chunk for hit in fuse([], [(THIRD, 0.3), (FIRST, 0.1)], COUNTS)] == [THIRD, FIRST]
    assert fuse([], [], COUNTS) == []


def test_below_the_best_a_hit_beside_a_near_one_rises(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.retrieval.hybrid.SETTLED", 1)
    monkeypatch.setattr("bot.retrieval.hybrid.NEIGHBOURHOOD", 0)
    hits = [Hit(chunk(0), 0.9), Hit(chunk(5), 0.51), Hit(chunk(3), 0.5), Hit(chunk(7), 0.4)]
    ordered = with_neighbours(hits, [(chunk(2), 0.8), (chunk(5), 0.1)])
    assert ordered == [Hit(chunk(0), 0.9), Hit(chunk(3), 0.51), Hit(chunk(5), 0.5), Hit(chunk(7), 0.4)]


def test_the_best_hits_stay_whatever_stands_beside_them():
    hits = [Hit(chunk(5), 0.51), Hit(chunk(3), 0.5)]
    assert with_neighbours(hits, [(chunk(2), 0.8)]) == hits


@given(some_chunks, some_chunks, st.floats(-1, 1), st.floats(0.01, 1))
def test_every_chunk_is_a_hit_once_scored_from_0_to_1(dense, lexical, similarity, score):
    hits = fuse([(found, similarity) for found in dense], [(found, score) for found in lexical], COUNTS)
    assert {hit.chunk.id for hit in hits} == {found.id for found in (*dense, *lexical)}
    assert len(hits) == len({hit.chunk.id for hit in hits})
    assert all(-1e-9 <= hit.score <= 1 + 1e-9 for hit in hits)
