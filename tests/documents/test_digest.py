"""Digests: articles that leave others out, each line kept whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.chunk import split
from bot.documents.corpus import read_corpus
from bot.documents.digest import WHOLE
from bot.documents.structure import parse
from bot.errors import CorpusError
from bot.settings import PROJECT
from bot.types import Document, Outline

DIGEST = """第二条　种树包括浇水。

第四十五条　树死了应当补种。
第四十五条　补种期限30日。
二、（三）　鼓励种果树。
全文　共3条。
"""


def outline(text: str) -> Outline:
    return parse(Document("trees", "种树条例", text, kind="digest"))


def faults(parsed: Outline) -> list[str]:
    text = parsed.document.text
    parts = [part for clause in parsed.clauses for part in (clause, *clause.segments)]
    found = [f"读回不同：{part.text}" for part in parts if part.span.of(text) != part.text]
    for kind in (parsed.clauses, [s for clause in parsed.clauses for s in clause.segments], split(parsed)):
        found += ["字不齐"] * ("".join("".join(part.text for part in kind).split()) != "".join(text.split()))
    refs = [clause.ref for clause in parsed.clauses]
    return found + [f"重名：{ref}" for ref in refs if refs.count(ref) > 1]


def test_each_article_is_a_clause_with_the_number_it_has_in_the_original():
    assert [(clause.ref, clause.path, len(clause.segments)) for clause in outline(DIGEST).clauses] == [
        ("第二条", ("第二条",), 1),
        ("第四十五条", ("第四十五条",), 2),
        ("二、(三)", ("二、（三）",), 1),
        ("全文", ("全文",), 1),
    ]


def test_a_digest_has_no_headings_and_keeps_every_character():
    assert outline(DIGEST).headings == () and faults(outline(DIGEST)) == []


PLACES = st.lists(
    st.sampled_from(["第一条", "第九条", "第一百零三条", "第十条之二", "三、", "（二）", WHOLE]), unique=True
)
FACTS = st.text(alphabet="一二第条、（）1. 。；种树：“”《》附件", min_size=1, max_size=40).filter(str.strip)


@given(PLACES, st.lists(FACTS, min_size=14, max_size=14), st.sampled_from([" ", "　", "　 "]))
def test_any_facts_read_back(places: list[str], facts: list[str], gap: str):
    lines = [f"{place}{gap}{fact}" for place, pair in zip(places, batches(facts), strict=False) for fact in pair]
    parsed = outline("\n".join(lines))
    assert faults(parsed) == [] and len(parsed.clauses) == len(places)


def batches(facts: list[str]) -> list[list[str]]:
    return [facts[start : start + 2] for start in range(0, len(facts), 2)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("第二条　种树。\n浇水。", "第 2 行：应以条号和空格开头"),
        ("第二条种树。", "第 1 行：应以条号和空格开头"),
        ("\n第二条　", "第 2 行：应以条号和空格开头"),
        ("第二条　甲。\n第三条　乙。\n第二条　丙。", "第 3 行：“第二条”在前面已有"),
    ],
)
def test_an_unreadable_line_is_named_with_its_file(tmp_path: Path, text: str, said: str):
    (tmp_path / "trees.txt").write_text(text, encoding="utf-8")
    (tmp_path / "manifest.toml").write_text('[[document]]\nfile = "trees.txt"\nkind = "digest"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=said) as caught:
        read_corpus([tmp_path])
    assert str(tmp_path / "trees.txt") in str(caught.value)


def test_the_digests_of_the_corpus_say_what_they_are():
    reading = read_corpus([PROJECT / "corpus"])
    digests = [outline.document for outline in reading.outlines if outline.document.kind == "digest"]
    assert reading.problems == () and len(digests) >= 30
    for document in digests:
        assert document.title and document.level and document.note, document.id
        assert document.place in {"", "山东省", "青岛市"}, document.id
