"""Real official pages, which are not part of this tree: what they say of themselves, and where their body begins."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.documents.load import SUFFIXES, load
from bot.settings import PROJECT

PAGES = PROJECT.parent / "shared" / "pages"
FACTS = tomllib.loads((Path(__file__).parent / "data" / "pages.toml").read_text(encoding="utf-8"))["page"]
FIELDS = ("title", "doc_number", "issuer", "issued_on")
LEFT_OUT = 0.02  # share of a body that may be lost, or foreign


def readable() -> list[Mapping[str, Any]]:
    if not PAGES.exists():
        pytest.skip("没有 shared/pages")
    return [facts for facts in FACTS if facts["file"].endswith(SUFFIXES)]


@pytest.mark.slow
def test_the_fields_of_real_pages_are_right():
    wrong = [
        (facts["file"], name, getattr(document, name), facts.get(name))
        for facts in readable()
        for document in [load(PAGES / facts["file"])]
        for name in FIELDS
        if _plain(getattr(document, name)) != _plain(facts.get(name))
    ]
    assert wrong == []


@pytest.mark.slow
def test_the_bodies_of_real_pages_are_whole_and_nothing_else():
    wrong = []
    for facts in readable():
        if "characters" not in facts:
            continue
        text = re.sub(r"[\s|]", "", load(PAGES / facts["file"]).text)
        off = abs(len(text) - facts["characters"]) / facts["characters"]
        ends = [hashlib.sha256(part.encode()).hexdigest()[:16] for part in (text[:20], text[-20:])]
        if off > LEFT_OUT or ends != [facts["opens"], facts["ends"]]:
            wrong.append((facts["file"], off, text[:20], text[-20:]))
    assert wrong == []


def _plain(value: object) -> str:
    return re.sub(r"\s", "", str(value or ""))
