"""A model on this machine: two layers of random weights, so what it says is nonsense, and nothing of it is shown."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.answering.generate import open_generator
from bot.answering.pipeline import Pipeline
from bot.errors import ModelError
from bot.index.store import Store
from bot.settings import Settings
from tests.answering.generate.test_generator import QUESTION, QUOTED
from tests.answering.generate.tiny_language_model import write_language_model

pytestmark = [pytest.mark.slow, pytest.mark.skipif(find_spec("transformers") is None, reason="需要 .[models]")]


def test_a_local_model_is_asked_by_its_path(tmp_path: Path, trees: Store) -> None:
    folder = write_language_model(tmp_path / "tiny")
    generator = open_generator(Settings(llm_model=str(folder), llm_timeout=20.0), trees.outlines)
    pipeline = Pipeline(trees, generator=generator)
    answer = pipeline.invoke(QUESTION)
    assert answer.text == f"{QUOTED}[1]"
    assert answer.usage is not None
    assert (answer.usage.model, answer.usage.attempts > 0, answer.usage.output_tokens > 0) == ("tiny", True, True)


def test_what_a_local_model_says_and_took_is_told_piece_by_piece(tmp_path: Path) -> None:
    from bot.answering.generate.local import MOST_TOKENS, load

    model = load(write_language_model(tmp_path / "tiny"), 30.0)
    pieces = list(model.stream([("user", "苗圃除草")]))
    whole = model.invoke([("user", "苗圃除草")])
    assert "".join(str(piece.text) for piece in pieces) == str(whole.text) != ""
    assert whole.usage_metadata is not None
    assert whole.usage_metadata["input_tokens"] == 4
    assert 0 < whole.usage_metadata["output_tokens"] <= MOST_TOKENS
    assert whole.response_metadata["finish_reason"] in {"stop", "length"}


def test_a_model_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    plain = write_language_model(tmp_path / "plain", template=None)
    with pytest.raises(ModelError, match="没有对话模板"):
        open_generator(Settings(llm_model=str(plain)), ())
    (plain / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="载入不了大模型"):
        open_generator(Settings(llm_model=str(plain)), ())
