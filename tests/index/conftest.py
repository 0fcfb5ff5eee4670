from functools import cache
from pathlib import Path

import pytest

from bot.index.embed import Embedder
from tests.index.small_index import PLAN, RULES, character_embedder, write_corpus


@cache
def _embedder() -> Embedder:
    return character_embedder()


@pytest.fixture
def embedder() -> Embedder:
    return _embedder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", plan=PLAN, rules=RULES)
