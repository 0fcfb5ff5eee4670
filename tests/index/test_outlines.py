import json
from dataclasses import replace
from datetime import date

import pytest

from bot.documents.chunk import split
from bot.documents.corpus import read_corpus
from bot.documents.structure import parse
from bot.errors import StoreError
from bot.index.outlines import pack, unpack
from bot.settings import PROJECT
from bot.types import Document, Outline
from tests.index.small_index import PLAN, RULES


def there_and_back(outline: Outline) -> tuple[object, object]:
    chunks = split(outline)
    return unpack(json.loads(json.dumps(pack(outline, chunks, ["key"] * len(chunks)))))


@pytest.mark.parametrize("text", [PLAN, RULES, "没有结构的一句话。", ""])
def test_what_is_read_back_is_what_was_written(text: str):
    known = {"issued_on": date(2025, 4, 14), "level": "规范性文件", "place": "青岛市", "anchors": ((0, "page=1"),)}
    outline = parse(Document("plan", "种树", text, **known))
    assert there_and_back(outline) == (outline, split(outline))


def test_a_document_with_anchors_is_no_other_for_having_been_a_file():
    outline = parse(Document("plan", "种树", PLAN, anchors=((0, "page=1"), (9, "page=2"))))
    packed = pack(outline, split(outline), [])
    assert json.loads(json.dumps(packed)) == packed


def test_the_corpus_comes_back_whole():
    for outline in read_corpus([PROJECT / "corpus"]).outlines:
        assert there_and_back(outline) == (outline, split(outline))


def test_chunks_share_the_clauses_of_their_outline():
    outline, chunks = there_and_back(parse(Document("plan", "种树", PLAN)))
    assert all(any(chunk.clause is clause for clause in outline.clauses) for chunk in chunks)
    assert all(chunk.clause.document is outline.document for chunk in chunks)


def test_a_text_that_is_not_at_its_place_is_an_error():
    outline = parse(Document("plan", "种树", RULES))
    moved = replace(outline.clauses[0], text="别的话")
    with pytest.raises(StoreError, match=r"plan 的“别的话”与它在原文中的位置"):
        pack(replace(outline, clauses=(moved,)), (), ())
