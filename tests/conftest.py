"""A real index over the real plan and its glossary, without the digests, built once a session."""

from pathlib import Path

import pytest

from bot.answering.pipeline import Pipeline
from bot.index.build import build
from bot.index.embed import load_embedder
from bot.index.store import Store, open_store
from bot.settings import PROJECT

PLAN = [PROJECT / "corpus" / name for name in ("action-plan.txt", "glossary.txt")]
MODEL = PROJECT / "bot" / "index" / "model"


@pytest.fixture(scope="session")
def plan_store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    build(PLAN, folder, load_embedder(MODEL))
    return folder


@pytest.fixture(scope="session")
def plan_store(plan_store_folder: Path) -> Store:
    return open_store(plan_store_folder, load_embedder(MODEL))


@pytest.fixture(scope="session")
def plan(plan_store: Store) -> Pipeline:
    return Pipeline(plan_store)
