"""Larger embedding models: the real loading code on tiny models, and a sentence for whatever is wrong with one."""

import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ModelError, StoreError
from bot.index import transformer
from bot.index.build import build
from bot.index.embed import StaticEmbedder, open_embedder
from bot.index.store import open_store
from bot.index.transformer import TransformerEmbedder
from bot.settings import OWN_EMBEDDING, Settings
from tests.index.small_index import character_embedder
from tests.index.tiny_models import break_file, write_encoder

pytestmark = pytest.mark.skipif(find_spec("sentence_transformers") is None, reason="需要 .[models]")
TEXTS = ["种树归谁管", "引进瞪羚", ""]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("model"))


def opened(name: Path | str) -> TransformerEmbedder:
    embedder = open_embedder(Settings(embedding=str(name)))
    assert isinstance(embedder, TransformerEmbedder)
    return embedder


def test_the_vectors_are_those_of_sentence_transformers_at_length_one(encoder: Path):
    from sentence_transformers import SentenceTransformer

    embedder = opened(encoder)
    expected = SentenceTransformer(str(encoder), device="cpu").encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(embedder.embed(TEXTS), expected, atol=1e-5)
    np.testing.assert_allclose(embedder.embed_query(TEXTS[0]), expected[0], atol=1e-5)
    assert (embedder.dimension, embedder.embed([]).shape, embedder.embed(TEXTS).dtype) == (32, (0, 32), np.float32)


def test_queries_and_passages_get_the_prompts_the_model_was_trained_with(encoder: Path, tmp_path: Path):
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(encoder), device="cpu")
    plain.prompts = {"query": "谁管", "document": "办法"}
    plain.save(str(tmp_path / "prompted"))
    prompted, bare = opened(tmp_path / "prompted"), opened(encoder)
    np.testing.assert_allclose(prompted.embed_query("种树"), bare.embed_query("谁管种树"), atol=1e-5)
    np.testing.assert_allclose(prompted.embed(["种树"]), bare.embed(["办法种树"]), atol=1e-5)
    assert prompted.fingerprint != bare.fingerprint


def test_the_fingerprint_goes_with_the_weights_and_not_with_the_place(encoder: Path, tmp_path: Path):
    moved = shutil.copytree(encoder, tmp_path / "moved")
    other = write_encoder(tmp_path / "other", seed=1)
    assert opened(moved).fingerprint == opened(encoder).fingerprint != opened(other).fingerprint


def test_an_index_of_a_transformer_answers_and_refuses_another_model(encoder: Path, tmp_path: Path, corpus: Path):
    build([corpus], tmp_path / "store", opened(encoder))
    with open_store(tmp_path / "store", opened(encoder)) as store:
        assert len(store.dense("银杏归谁管", 99)) == len(store.chunks)
    other = opened(write_encoder(tmp_path / "other", width=16))
    with pytest.raises(
        StoreError, match=r"另一个向量模型建立的（索引：.*32 维；现在：.*16 维），请运行 python -m bot index"
    ):
        open_store(tmp_path / "store", other)
    assert build([corpus], tmp_path / "store", other).generation == "000002"


def test_the_shipped_layout_is_read_without_torch_and_any_other_with_it(encoder: Path, tmp_path: Path):
    assert type(open_embedder(Settings())) is StaticEmbedder
    copy = shutil.copytree(OWN_EMBEDDING, tmp_path / "copy")
    assert type(open_embedder(Settings(embedding=str(copy)))) is StaticEmbedder
    (copy / "modules.json").unlink()
    assert type(open_embedder(Settings(embedding=str(copy)))) is StaticEmbedder
    assert type(open_embedder(Settings(embedding=str(encoder)))) is TransformerEmbedder


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("fault", ["missing", "truncated", "empty"])
def test_a_broken_folder_is_one_sentence(encoder: Path, tmp_path: Path, name: str, fault: str):
    broken = shutil.copytree(encoder, tmp_path / "broken")
    break_file(broken / name, fault)
    with pytest.raises(ModelError, match=r"^[^\n]*broken[^\n]*；请重新取得它，或改 BOT_EMBEDDING。$"):
        opened(broken)


@pytest.mark.parametrize("name", ["/没有/这个", "不是名字", "a/b/c", __file__])
def test_a_path_that_is_not_there_is_not_looked_for_on_the_network(name: str):
    with pytest.raises(ModelError, match=f"没有向量模型{re.escape(' ' + name)}；请把 BOT_EMBEDDING 改成模型文件夹"):
        opened(name)


def test_a_name_that_cannot_be_fetched_is_said_before_a_minute_of_retries(monkeypatch: pytest.MonkeyPatch):
    import huggingface_hub

    real = huggingface_hub.HfApi
    # Port 9 refuses: what a machine without a network sees, on a machine that may have one.
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: real(endpoint="http://127.0.0.1:9"))
    with pytest.raises(ModelError, match=r"no-such/model-here 不在本机，也连不上 Hugging Face（.*）；请联网后重试"):
        opened("no-such/model-here")


def test_without_sentence_transformers_the_command_that_installs_it_is_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r'请运行 pip install -e "\.\[models\]"，或去掉 BOT_EMBEDDING。'):
        opened("BAAI/bge-m3")


def test_too_little_memory_is_one_sentence(encoder: Path, monkeypatch: pytest.MonkeyPatch):
    def too_large(*_: object, **__: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    embedder = opened(encoder)
    monkeypatch.setattr(embedder._model, "encode_document", too_large)
    with pytest.raises(ModelError, match=r"算不出向量（.*can't allocate memory），请换一个小一些的模型。"):
        embedder.embed(["种树"])


def test_a_model_that_calls_itself_the_same_is_told_by_its_probe():
    from dataclasses import replace

    from bot.index.generations import Meta

    embedder = character_embedder()
    meta = Meta(2, "000001", None, embedder.fingerprint, embedder.dimension, 0, 0, 0, (), {}, (1.0, 0.0))
    embedder.probe = (0.999, 0.04)
    assert meta.made_by(embedder)
    assert not replace(meta, probe=(0.0, 1.0)).made_by(embedder)
    assert not replace(meta, probe=()).made_by(embedder)


def test_the_names_hugging_face_allows_are_names():
    names = {
        "BAAI/bge-m3": True,
        "bge-m3": True,
        "../bge": False,
        "a/b/c": False,
        "": False,
        "模型": False,
        "/a": False,
    }
    assert {name: bool(transformer.HUB_NAME.fullmatch(name)) for name in names} == names
