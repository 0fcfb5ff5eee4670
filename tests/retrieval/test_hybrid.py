import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.hybrid import fuse
from bot.types import Chunk, Clause, Document, Segment, Span

PLAN = Document("plan", "种树方案", "种树要浇水。" * 8)


def chunk(number: int) -> Chunk:
    span = Span(6 * number, 6 * number + 6)
    segment = Segment(span.of(PLAN.text), span)
    return Chunk(Clause(PLAN, f"第{number}条", (), segment.text, span, (segment,)), segment, segment.text, span)


CHUNKS = [chunk(number) for number in range(8)]
FIRST, SECOND, THIRD, *_ = CHUNKS
some_chunks = st.lists(st.sampled_from(CHUNKS), unique=True)


def test_similarities_and_scores_are_added_up_with_the_ranks_of_both_sides():
    hits = fuse([(FIRST, 0.52), (SECOND, 0.5)], [(SECOND, 8.0), (FIRST, 4.0)])
    assert [(hit.chunk, hit.dense_rank, hit.lexical_rank) for hit in hits] == [(SECOND, 2, 1), (FIRST, 1, 2)]
    assert [hit.score for hit in hits] == pytest.approx([1.6 / 2.1, 1.57 / 2.1])


def test_a_clear_lead_in_similarity_is_not_overruled_by_words():
    hits = fuse([(FIRST, 0.8), (SECOND, 0.6)], [(SECOND, 9.0)])
    assert [hit.chunk for hit in hits] == [FIRST, SECOND]


def test_a_chunk_without_similarity_counts_as_the_last_one_found():
    hits = fuse([(FIRST, 0.8), (SECOND, 0.3)], [(THIRD, 5.0)])
    assert [(hit.chunk, hit.dense_rank) for hit in hits] == [(FIRST, 1), (THIRD, None), (SECOND, 2)]


def test_one_side_alone_keeps_its_order():
    assert [hit.chunk for hit in fuse([(SECOND, 0.4), (FIRST, -0.1)], [])] == [SECOND, FIRST]
    assert [hit.chunk for hit in fuse([], [(THIRD, 3.0), (FIRST, 1.0)])] == [THIRD, FIRST]
    assert fuse([], []) == []


@given(some_chunks, some_chunks, st.floats(-1, 1), st.floats(0.1, 90))
def test_every_chunk_is_a_hit_once_scored_from_0_to_1(dense, lexical, similarity, score):
    hits = fuse([(found, similarity) for found in dense], [(found, score) for found in lexical])
    assert {hit.chunk.id for hit in hits} == {found.id for found in (*dense, *lexical)}
    assert len(hits) == len({hit.chunk.id for hit in hits})
    assert all(-1e-9 <= hit.score <= 1 + 1e-9 for hit in hits)
