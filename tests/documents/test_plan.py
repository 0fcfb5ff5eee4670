"""The action plan itself, exactly."""

from collections import Counter

import pytest

from bot.documents.corpus import read_corpus
from bot.settings import PROJECT
from bot.types import Outline

SHARED = PROJECT.parent / "shared" / "action-plan.txt"


@pytest.fixture(scope="module")
def plan() -> Outline:
    return next(o for o in read_corpus([PROJECT / "corpus"]).outlines if o.document.id == "action-plan")


def test_it_has_4_parts_7_sections_and_24_items(plan: Outline):
    assert Counter(heading.depth for heading in plan.headings) == {1: 4, 2: 7}
    assert sum(clause.ref.endswith(".") for clause in plan.clauses) == 24


def test_its_refs(plan: Outline):
    fields = [f"二、(一){number}." for number in range(1, 9)]
    sections = {"一": (1, 4), "二": (4, 7), "三": (7, 10), "四": (10, 13), "五": (13, 17)}
    tasks = [f"三、({section}){number}." for section, (first, end) in sections.items() for number in range(first, end)]
    assert [clause.ref for clause in plan.clauses] == ["题头", "一、", *fields, "二、(二)", *tasks, "四、"]


def test_it_has_28_groups_of_units(plan: Outline):
    groups = Counter(clause.ref for clause in plan.clauses for segment in clause.segments if segment.units)
    assert groups.total() == 28
    assert (groups["三、(三)7."], groups["三、(五)14."]) == (3, 2)


def test_a_group_names_its_units_exactly(plan: Outline):
    park = next(clause for clause in plan.clauses if clause.ref == "三、(三)9.")
    assert park.units == (
        "市科技局",
        "市海洋发展局",
        "市大数据局",
        "市发展改革委",
        "市工业和信息化局",
        "有关区、市政府",
    )


def test_every_group_is_closed_by_its_bracket(plan: Outline):
    segments = [segment for clause in plan.clauses for segment in clause.segments if segment.units]
    assert all(
        segment.text.endswith("）") and segment.body_span.of(plan.document.text)[-1] == "。" for segment in segments
    )


def test_only_punctuation_was_restored(plan: Outline):
    if not SHARED.exists():
        pytest.skip("没有 ../shared/action-plan.txt")
    restored = str.maketrans("，：；（）", ",:;()")
    assert plan.document.text.translate(restored) == SHARED.read_text(encoding="utf-8")
