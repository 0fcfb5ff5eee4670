from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.index.bm25 import K1, METHOD, B, LexicalIndex, TermCounts

CHUNKS = [["种", "树", "种"], ["浇", "树"], ["剪", "枝"], []]
TERMS = st.lists(st.sampled_from("种树浇水剪枝施肥"), max_size=8)


def test_the_best_chunks_first_and_none_without_a_term():
    found = LexicalIndex.build(TermCounts.of(CHUNKS)).search({"种": 1.0, "树": 1.0, "伐": 1.0}, k=10)
    assert [chunk for chunk, _ in found] == [0, 1]
    assert found[0][1] > found[1][1] > 0


def test_a_weight_multiplies_the_score_of_its_term():
    index = LexicalIndex.build(TermCounts.of(CHUNKS))
    (_, once), (_, weighted) = index.search({"剪": 1.0}, k=1)[0], index.search({"剪": 2.5, "种": 0.0}, k=1)[0]
    assert weighted == pytest.approx(2.5 * once)


@pytest.mark.parametrize(("k", "chunks"), [(0, []), (1, [0]), (2, [0, 1]), (99, [0, 1])])
def test_at_most_k_chunks(k: int, chunks: list[int]):
    assert [chunk for chunk, _ in LexicalIndex.build(TermCounts.of(CHUNKS)).search({"种": 2, "树": 1}, k)] == chunks


def test_equal_scores_come_in_the_order_of_the_chunks():
    index = LexicalIndex.build(TermCounts.of([["树"]] * 50))
    assert [chunk for chunk, _ in index.search({"树": 1.0}, k=50)] == list(range(50))


def test_saved_and_loaded_it_gives_the_same_from_mapped_files_and_prints_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    counts = TermCounts.of(CHUNKS)
    index = LexicalIndex.build(counts)
    index.save(tmp_path)
    counts.save(tmp_path)
    loaded, again = LexicalIndex.load(tmp_path), TermCounts.load(tmp_path)
    query = {"种": 1.0, "树": 0.5, "枝": 2.0}
    assert loaded.search(query, 9) == index.search(query, 9)
    assert loaded.chunks_with("树").tolist() == [0, 1] and loaded.chunks_with("伐").tolist() == []
    assert isinstance(loaded.chunks_with("树").base.base, np.memmap)
    assert (again.vocabulary, rows(again)) == (counts.vocabulary, rows(counts))
    assert capfd.readouterr() == ("", "")


@settings(deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=6).filter(any))
def test_the_weights_are_those_of_bm25s(chunks: list[list[str]]):
    library = bm25s.BM25(k1=K1, b=B, method=METHOD)
    library.index(chunks, show_progress=False)
    found = LexicalIndex.build(TermCounts.of(chunks)).search(dict.fromkeys("种树浇水", 1.0), len(chunks))
    expected = library.get_scores(list("种树浇水"))
    assert dict(found) == pytest.approx({n: score for n, score in enumerate(expected) if score > 0}, rel=1e-5)


@settings(deadline=None)
@given(st.lists(TERMS, max_size=5), st.lists(TERMS, max_size=5), st.data())
def test_counts_taken_over_are_those_counted_anew(old: list[list[str]], new: list[list[str]], data: st.DataObject):
    order = data.draw(st.permutations(range(len(old) + len(new))))
    kept = order[: data.draw(st.integers(0, len(order)))]
    taken = (TermCounts.of(old) + TermCounts.of(new)).take(np.array(kept, np.int64))
    anew = TermCounts.of([[*old, *new][place] for place in kept])
    assert (set(taken.vocabulary), rows(taken)) == (set(anew.vocabulary), rows(anew))


def rows(counts: TermCounts) -> list[dict[str, int]]:
    return [
        {counts.vocabulary[counts.terms[place]]: int(counts.counts[place]) for place in range(start, end)}
        for start, end in zip(counts.offsets[:-1], counts.offsets[1:], strict=True)
    ]
