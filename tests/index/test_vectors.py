import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from bot.documents.chunk import split
from bot.documents.structure import parse
from bot.errors import StoreError
from bot.index.build import MOST_DELETED
from bot.index.embed import Embedder
from bot.index.vectors import Vectors, chunk_key, embedded_text
from bot.settings import PROJECT
from bot.text.numerals import to_chinese
from bot.types import Chunk, Document
from tests.index.small_index import PLAN, RULES


def chunks_of(text: str, name: str = "plan") -> dict[str, Chunk]:
    return {chunk_key(chunk): chunk for chunk in split(parse(Document(name, "种树", text)))}


@pytest.fixture
def filled(tmp_path: Path, embedder: Embedder) -> Vectors:
    vectors = Vectors.create(tmp_path / "chroma")
    vectors.add(chunks_of(PLAN), embedder, print)
    return vectors


def test_a_chunk_is_nearest_to_its_own_text(filled: Vectors, embedder: Embedder):
    for key, chunk in chunks_of(PLAN).items():
        found = filled.search(embedder.embed_query(embedded_text(chunk)), k=3)
        assert (found[0][0], round(found[0][1], 3)) == (key, 1.0)
        assert [likeness for _, likeness in found] == sorted((likeness for _, likeness in found), reverse=True)


def test_deleted_vectors_hide_none_of_the_others(tmp_path: Path, embedder: Embedder):
    """Chroma only marks what is deleted; as many as a build leaves there must not stand in the way of the rest."""
    vectors = Vectors.create(tmp_path / "chroma")
    words = ["银杏", "水杉", "雪松", "苗圃", "浇水", "剪枝", "种树", "树种"]
    chunks: dict[str, Chunk] = {}
    for first in words:
        articles = enumerate(product(words, words), 1)
        lines = [
            f"第{to_chinese(number)}条 {first}{second}{third}由市园林局管理。" for number, (second, third) in articles
        ]
        chunks |= chunks_of("\n\n".join(("办法", *lines)), first)
    vectors.add(chunks, embedder, lambda _: None)
    keys = list(chunks)
    gone = keys[:: int(1 / MOST_DELETED)]
    vectors.delete(gone)
    kept = [key for key in keys if key not in set(gone)]
    matrix = embedder.embed([embedded_text(chunks[key]) for key in kept])
    found = right = 0
    for place in range(0, len(kept), 20):
        likeness = matrix @ matrix[place]
        nearest = {key for key, _ in vectors.search(matrix[place].tolist(), 20)}
        edge = np.sort(likeness)[-20] - 1e-4  # what lies as near as the twentieth is as good
        right += sum(1 for key in nearest if likeness[kept.index(key)] >= edge)
        found += len(nearest)
    vectors.close()
    assert (found, right / found) >= (20 * len(range(0, len(kept), 20)), 0.99)


def test_a_k_beyond_all_gives_all(filled: Vectors, embedder: Embedder):
    found = filled.search(embedder.embed_query("浇水"), k=10_000)
    assert {key for key, _ in found} == set(chunks_of(PLAN))


def test_a_closed_collection_opens_again_with_what_was_added_and_deleted(
    filled: Vectors, tmp_path: Path, embedder: Embedder
):
    first, *rest = chunks_of(PLAN)
    filled.delete([first])
    filled.close()
    again = Vectors.open(tmp_path / "chroma")
    assert {key for key, _ in again.search(embedder.embed_query("浇水"), k=99)} == set(rest)
    again.close()


def test_opening_and_searching_change_no_file_that_is_checked(filled: Vectors, tmp_path: Path, embedder: Embedder):
    from bot.index.generations import fingerprints

    filled.close()
    before = fingerprints(tmp_path)
    for _ in range(2):
        again = Vectors.open(tmp_path / "chroma")
        again.search(embedder.embed_query("浇水"), k=3)
        again.close()
    assert fingerprints(tmp_path) == before != {}


def test_keys_tell_apart_whatever_differs():
    keys = [chunk_key(chunk) for name in ("a", "b") for chunk in chunks_of(RULES, name).values()]
    assert len(set(keys)) == len(keys) == 2 * len(chunks_of(RULES))
    assert chunks_of(RULES).keys() == chunks_of(RULES).keys()


def test_a_check_finds_what_is_missing(filled: Vectors, embedder: Embedder):
    filled.check(chunks_of(PLAN), embedder)
    filled.delete(list(chunks_of(PLAN))[:1])
    with pytest.raises(StoreError, match=r"向量库里有 \d+ 条记录，应有 \d+ 条。"):
        filled.check(chunks_of(PLAN), embedder)


def test_a_check_finds_what_cannot_be_found(filled: Vectors, embedder: Embedder):
    wanted = chunks_of(PLAN)
    first, other = next(iter(wanted)), next(iter(chunks_of(RULES).items()))
    filled.delete([first])
    filled.add(dict([other]), embedder, print)
    with pytest.raises(StoreError, match=r"向量库里查不到条款 plan#"):
        filled.check(wanted, embedder)


@pytest.mark.parametrize("damage", ["empty", "garbage"])
def test_a_broken_database_is_one_sentence(filled: Vectors, tmp_path: Path, damage: str):
    filled.close()
    database = tmp_path / "chroma" / "chroma.sqlite3"
    database.write_bytes(b"" if damage == "empty" else os.urandom(4096))
    with pytest.raises(StoreError, match=r"向量库 .*chroma 不能读写（.+），请运行 python -m bot index 重建。"):
        Vectors.open(tmp_path / "chroma")


def test_chromadb_is_imported_only_when_a_collection_is_opened():
    program = (
        "import sys; import bot.index.store, bot.index.build;"
        "print(sorted({'chromadb', 'jieba', 'bm25s', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", cwd=PROJECT)
    assert (done.stdout, done.stderr) == ("[]\n", "")
