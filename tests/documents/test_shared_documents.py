"""The parser's promises on hundreds of real documents, which are not part of this tree."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.documents.chunk import LONGEST, split
from bot.documents.load import load
from bot.documents.structure import parse
from bot.settings import PROJECT
from bot.types import Outline

STATUTES = PROJECT.parent / "shared" / "regulations"
FLATTENED = PROJECT.parent / "shared" / "qa" / "ncp-dev" / "docs"

pytestmark = pytest.mark.slow


def outlines(folder: Path, pattern: str) -> Iterator[Outline]:
    if not folder.exists():
        pytest.skip(f"没有 {folder.relative_to(PROJECT.parent)}")
    return (parse(load(path)) for path in sorted(folder.glob(pattern)))


def faults(outline: Outline) -> list[str]:
    """Lost or doubled characters, spans that misread, refs that name two places, chunks that leave something out."""
    text = outline.document.text
    parts = sorted((part.span, part.text) for part in (*outline.headings, *outline.clauses))
    chunks = split(outline)
    segments = [segment.text for clause in outline.clauses for segment in clause.segments]
    promises = {
        "字": _visible("".join(part for _, part in parts)) == _visible(text),
        "跨度": all(span.of(text) == part for span, part in parts),
        "段落": _visible("".join(segments)) == _visible("".join(clause.text for clause in outline.clauses)),
        "块": _visible("".join(chunk.text for chunk in chunks)) == _visible("".join(segments)),
        "块长": all(len(chunk.text) <= LONGEST for chunk in chunks),
        "编号": len({clause.ref for clause in outline.clauses}) == len(outline.clauses),
    }
    return [f"{outline.document.id}：{name}" for name, kept in promises.items() if not kept]


def _visible(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("folder", "pattern"), [(STATUTES, "*.md"), (FLATTENED, "*.txt")])
def test_no_real_document_breaks_a_promise(folder: Path, pattern: str):
    assert [fault for outline in outlines(folder, pattern) for fault in faults(outline)] == []


def test_the_articles_of_real_statutes_are_found():
    found = {
        f"{outline.document.id}.md": sum(clause.ref.startswith("第") for clause in outline.clauses)
        for outline in outlines(STATUTES, "*.md")
    }
    rows = [json.loads(line) for line in (STATUTES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    right = sum(min(found[row["file"]], row["articles"]) for row in rows)
    assert right / sum(row["articles"] for row in rows) >= 0.995
    assert all(found[row["file"]] <= row["articles"] for row in rows)
