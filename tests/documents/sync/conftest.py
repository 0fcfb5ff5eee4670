from collections.abc import Iterator

import pytest

from bot.documents.sync.fetch import Fetcher
from tests.documents.sync.official import Site, open_site


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture
def fetcher(site: Site) -> Iterator[Fetcher]:
    with Fetcher(site.mirrors, pause=0, timeout=15, deadline=30, backoff=0.01, patience=1, largest=1 << 20) as fetcher:
        yield fetcher
