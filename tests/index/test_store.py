import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreMissingError
from bot.index.build import build
from bot.index.embed import Embedder
from bot.index.generations import FORMAT, current_generation, generation_folder
from bot.index.store import Store, open_store
from bot.types import Chunk
from tests.index.small_index import character_embedder


@pytest.fixture
def folder(tmp_path: Path, corpus: Path, embedder: Embedder) -> Path:
    build([corpus], tmp_path / "store", embedder)
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path, embedder: Embedder) -> Iterator[Store]:
    with open_store(folder, embedder) as opened:
        yield opened


def refs(found: list[tuple[Chunk, float]]) -> list[str]:
    return [f"{chunk.clause.document.id} {chunk.clause.ref}" for chunk, _ in found]


def test_it_holds_documents_outlines_chunks_and_lexicon(store: Store):
    assert [document.id for document in store.documents] == ["plan", "rules"]
    assert [len(outline.clauses) for outline in store.outlines] == [4, 3]
    assert len(store.chunks) == len({chunk.id for chunk in store.chunks}) == 8
    assert (store.lexicon["先租后建"], store.lexicon["水务局"], store.generation) == ("quoted", "unit", "000001")
    assert store.segmenter.words("苗圃先租后建") == ["苗圃", "先租后建"]


def test_lexical_search_finds_words(store: Store):
    found = store.lexical("谁管银杏？", k=5)
    assert refs(found)[0] == "rules 第二条"
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_lexical_search_takes_words_with_weights(store: Store):
    assert refs(store.lexical({"银杏": 1.0, "浇水": 0.1}, k=1)) == ["rules 第二条"]
    assert refs(store.lexical({"银杏": 0.1, "浇水": 1.0}, k=1)) == ["plan 二、2."]


def test_dense_search_finds_alike_texts(store: Store):
    found = store.dense("银杏、水杉、雪松等树种由市园林局管理。", k=3)
    assert (refs(found)[0], len(found)) == ("rules 第二条", 3)
    assert 1 >= found[0][1] > found[1][1] >= found[2][1] >= -1


@pytest.mark.parametrize("text", ["", "  ", "？！", "🙂🙂", "\x00"])
def test_a_text_without_words_finds_nothing(store: Store, text: str):
    assert (store.dense(text, 5), store.lexical(text, 5)) == ([], [])


@pytest.mark.parametrize(("k", "number"), [(0, 0), (1, 1), (1000, 8)])
def test_at_most_k_chunks(store: Store, k: int, number: int):
    assert len(store.dense("种树", k)) == number
    assert len(store.lexical("种树", k)) <= number


def test_it_knows_what_its_documents_mention(store: Store):
    words = ["银杏", "种树行动方案", "先 租后建", "５０棵", "棵左右。", "杏银", "法律", "50颗"]
    assert [store.mentions(word) for word in words] == [True] * 5 + [False] * 3
    assert [store.document_frequency(word) for word in ("银杏", "市园林局", "种树行动方案", "桂花")] == [1, 2, 1, 0]


def test_the_rarer_a_piece_of_a_question_the_more_it_weighs(store: Store):
    weights = store.rarities("桂花、银杏怎么种树")
    assert weights["桂花"] == weights["银杏"] > weights["种树"] > 0  # one of one chunk, or of none
    assert "怎" not in weights


def test_without_an_index_the_next_step_is_named(tmp_path: Path, embedder: Embedder):
    with pytest.raises(StoreMissingError, match=r"none 里还没有索引，请先运行 python -m bot index。"):
        open_store(tmp_path / "none", embedder)


def test_another_model_is_refused_with_both_named(folder: Path):
    with pytest.raises(
        StoreError, match=r"另一个向量模型建立的（索引：characters，32 维；现在：other，16 维），请运行"
    ):
        open_store(folder, character_embedder("other", 16))


def test_another_format_is_refused(folder: Path, embedder: Embedder):
    path = generation_folder(folder, "000001") / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": FORMAT + 1, "news": []}))
    with pytest.raises(StoreError, match=rf"另一个版本建立的（格式 {FORMAT + 1}，现在是 {FORMAT}），请运行"):
        open_store(folder, embedder)


@pytest.mark.parametrize("content", [b"", b"../../etc", b"\xff\xfe", "０００００１".encode(), b"000009\n"])
def test_a_broken_pointer_is_one_sentence(folder: Path, embedder: Embedder, content: bytes):
    (folder / "CURRENT").write_bytes(content)
    with pytest.raises(StoreError, match=r"。$") as caught:
        open_store(folder, embedder)
    assert "请运行 python -m bot index 重建" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbled"])
def test_every_broken_file_is_one_sentence(folder: Path, embedder: Embedder, damage: str):
    files = [path for path in generation_folder(folder, "000001").rglob("*") if path.is_file() and path.stat().st_size]
    for path in files:
        if path.name == "length.bin" or (path.name == "chroma.sqlite3" and damage == "cut"):
            continue
        content = path.read_bytes()
        _damage(path, content, damage)
        with pytest.raises(StoreError, match=r"请运行 python -m bot index 重建。$"):
            open_store(folder, embedder)
        path.write_bytes(content)
    open_store(folder, embedder).close()


def _damage(path: Path, content: bytes, how: str) -> None:
    path.unlink()
    if how != "missing":
        middle = len(content) // 2
        garbled = content[:middle] + os.urandom(8) + content[middle + 8 :] if middle > 8 else b"?"
        path.write_bytes({"empty": b"", "cut": content[:middle], "garbled": b"\xff" * 100 + garbled[100:]}[how])


def test_a_reader_stays_on_its_generation_when_newer_ones_come(
    folder: Path, store: Store, corpus: Path, embedder: Embedder
):
    before = (refs(store.lexical("银杏", 3)), refs(store.dense("银杏", 3)))
    (corpus / "plan.txt").unlink()
    assert build([corpus], folder, embedder).removed == ("plan",)
    assert (refs(store.lexical("银杏", 3)), refs(store.dense("银杏", 3))) == before
    with open_store(folder, embedder) as newer:
        assert [document.id for document in newer.documents] == ["rules"]
    assert (store.generation, current_generation(folder)) == ("000001", "000002")


def test_a_generation_that_is_replaced_and_deleted_while_it_is_opened_is_no_error(
    folder: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
):
    (folder / "CURRENT").write_text("000000\n")
    real = current_generation

    def late(store: Path) -> str:
        generation = real(store)
        if generation == "000000":
            (folder / "CURRENT").write_text("000001\n")
        return generation

    monkeypatch.setattr("bot.index.store.current_generation", late)
    open_store(folder, embedder).close()
