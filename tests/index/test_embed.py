"""The shipped model's reader: the same vectors as sentence-transformers, no torch, clear errors."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from bot.errors import ModelError
from bot.index.embed import Embedder, load_embedder
from bot.settings import PROJECT

MODEL = PROJECT / "bot" / "index" / "model"
TEXTS = ["老板拖欠工资怎么办", "支持企业建设中试基地，给予补助。", "８＋Ｘ 产业 AI", "㍿囧𠮷"]


@cache
def shipped() -> Embedder:
    return load_embedder(MODEL)


@pytest.fixture
def embedder() -> Embedder:
    return shipped()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole model of three words and two dimensions."""
    tokenizer = Tokenizer(models.Unigram([("[UNK]", 0.0), ("工资", -1.0), ("补助", -1.0)], unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    save_file({"embeddings": np.array([[0, 0], [3, 4], [0, 2]], np.float16)}, tmp_path / "model.safetensors")
    return tmp_path


def test_a_text_is_the_sum_of_its_words_brought_to_length_one(folder: Path) -> None:
    vectors = load_embedder(folder).embed(["工资", "工资 补助", "补助", "囧", ""])
    expected = [[0.6, 0.8], [3 / 45**0.5, 6 / 45**0.5], [0, 1], [0, 0], [0, 0]]
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert vectors.dtype == np.float32


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_sentence_transformers_reads_the_same_vectors_from_the_same_folder(embedder: Embedder) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model = sentence_transformers.SentenceTransformer(str(MODEL), device="cpu")
    assert type(model[0]).__name__ == "StaticEmbedding"
    np.testing.assert_allclose(embedder.embed(TEXTS), model.encode_document(TEXTS).astype(np.float32), atol=1e-3)
    asked = [embedder.embed_query(text) for text in TEXTS[:3]]
    np.testing.assert_allclose(asked, model.encode_query(TEXTS[:3]).astype(np.float32), atol=1e-3)


def test_langchain_methods_give_passages_as_lists(embedder: Embedder) -> None:
    assert embedder.embed_documents(TEXTS) == embedder.embed(TEXTS).tolist()


def test_the_prompt_of_the_model_stands_before_questions_only(folder: Path) -> None:
    prompts = {"prompts": {"query": "补助 ", "document": ""}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    embedder = load_embedder(folder)
    np.testing.assert_allclose(embedder.embed_query("工资"), [3 / 45**0.5, 6 / 45**0.5], atol=1e-6)
    np.testing.assert_allclose(embedder.embed(["工资"]), [[0.6, 0.8]], atol=1e-6)


def test_a_question_without_a_known_word_is_near_to_nothing_in_spite_of_the_prompt(folder: Path) -> None:
    (folder / "config_sentence_transformers.json").write_text('{"prompts": {"query": "补助 "}}', encoding="utf-8")
    assert load_embedder(folder).embed_query("囧") == [0, 0]


@pytest.mark.parametrize("content", ["{", "[]", '{"prompts": 3}'])
def test_broken_prompts_are_named_in_one_chinese_sentence(folder: Path, content: str) -> None:
    (folder / "config_sentence_transformers.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"config_sentence_transformers\.json.*恢复自带模型.*。$"):
        load_embedder(folder)


def test_a_text_without_words_gives_zeros_and_never_nan(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.embed(["", "，。！", " \n"]), np.zeros((3, embedder.dimension)))


@settings(deadline=None)
@given(st.text())
def test_every_text_gives_a_unit_vector_or_zero(text: str) -> None:
    vector = shipped().embed([text])[0]
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5) or not vector.any()


def test_a_text_has_the_same_vector_alone_and_in_a_crowd(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.embed(TEXTS * 300)[-len(TEXTS) :], embedder.embed(TEXTS))


def test_lay_words_are_nearer_to_their_legal_words_than_to_others(embedder: Embedder) -> None:
    lay, legal, other = embedder.embed(["老板不发工资", "用人单位拖欠劳动报酬", "饲养的动物造成他人损害"])
    assert lay @ legal > lay @ other + 0.2


def test_the_fingerprint_changes_with_the_files(folder: Path) -> None:
    before = load_embedder(folder).fingerprint
    assert load_embedder(folder).fingerprint == before
    save_file({"embeddings": np.array([[0, 0], [3, 4], [0, 1]], np.float16)}, folder / "model.safetensors")
    assert load_embedder(folder).fingerprint != before


def test_a_table_saved_by_sentence_transformers_is_read_under_its_own_name(folder: Path) -> None:
    save_file({"embedding.weight": np.eye(3, 5, dtype=np.float32)}, folder / "model.safetensors")
    assert load_embedder(folder).dimension == 5


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("fault", ["missing", "truncated", "empty"])
def test_a_broken_file_is_named_in_one_chinese_sentence(folder: Path, name: str, fault: str) -> None:
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    if fault != "missing":
        path.write_bytes(content[: len(content) // 2] if fault == "truncated" else b"")
    with pytest.raises(ModelError, match=f"{name}.*恢复自带模型.*。$"):
        load_embedder(folder)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"embeddings": np.zeros((2, 4), np.float16)}, "3 个词.*2 行"),
        ({"embeddings": np.zeros(3, np.float16)}, r"embeddings\[3\]"),
        ({"encoder.layer.0": np.zeros((3, 4), np.float16)}, r"encoder.layer.0\[3, 4\].*不是静态向量模型"),
    ],
)
def test_a_table_of_the_wrong_shape_is_said_with_both_sides(
    folder: Path, tensors: dict[str, Any], message: str
) -> None:
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelError, match=message):
        load_embedder(folder)


def test_reading_the_model_imports_no_heavy_library() -> None:
    code = (
        "import json, sys; from pathlib import Path; from bot.index.embed import load_embedder; "
        f"load_embedder(Path({str(MODEL)!r})).embed_query('工资'); "
        "print(json.dumps(sorted({'torch', 'transformers', 'sentence_transformers', 'jieba'} & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_the_shipped_folder_stays_within_25_megabytes() -> None:
    assert sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file()) <= 25_000_000
