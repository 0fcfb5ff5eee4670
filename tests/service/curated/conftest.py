"""A service over two small papers with records in memory, and a reader of questions with the product's own vectors."""

from pathlib import Path

import pytest

from bot.index.embed import load_embedder
from bot.service.curated.entries import Draft, Quoted
from bot.service.curated.live import quoted_at
from bot.service.curated.reading import Reader
from bot.service.service import Service
from bot.settings import OWN_EMBEDDING
from bot.types import Span
from tests.service.api.conftest import current, service, small_store

__all__ = ["current", "service", "small_store"]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(load_embedder(Path(OWN_EMBEDDING)), "山东省青岛市")


def quoted(service: Service, words: str) -> Quoted:
    """Where the plan says so."""
    outline = next(one for one in service.pipeline.store.outlines if words in one.document.text)
    start = outline.document.text.index(words)
    return quoted_at(outline, Span(start, start + len(words)))


@pytest.fixture
def draft(service: Service) -> Draft:
    return Draft(
        "浇水用什么水？",
        "用再生水。[1]\n每年浇10次。[1]",
        (quoted(service, "每年浇水10次以上。"),),
        variants=("浇树用的是什么水",),
        unit="市水务局",
    )
