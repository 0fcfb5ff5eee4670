"""Questions to ask next: made from the structure, and answered before they are shown."""

import pytest

from bot.answering.pipeline import Pipeline
from bot.answering.suggest import Suggester


@pytest.fixture(scope="module")
def suggest(plan: Pipeline) -> Suggester:
    return Suggester(plan)


def test_an_answer_leads_to_the_units_the_rest_and_other_duties(plan: Pipeline, suggest: Suggester) -> None:
    assert suggest(plan.answer("先投后股是什么")) == (
        "“强化科技金融支持”由哪些单位负责？",
        "“强化科技金融支持”有哪些内容？",
        "市财政局负责哪些任务？",
    )


def test_an_explained_word_leads_on_in_the_policy_only(plan: Pipeline, suggest: Suggester) -> None:
    assert suggest(plan.answer("耐心资本是什么意思")) != ()
    assert suggest(plan.answer("什么是低轨卫星"))[:1] != ("“低轨卫星”有哪些内容？",)


def test_what_was_shown_whole_leads_to_its_neighbours(plan: Pipeline, suggest: Suggester) -> None:
    assert suggest(plan.answer("“类脑智能”有哪些内容")) == (
        "“量子信息”有哪些内容？",
        "“先进半导体材料”有哪些内容？",
        "“卫星互联网”有哪些内容？",
    )


def test_every_suggestion_is_answered_from_the_clause_it_names(plan: Pipeline, suggest: Suggester) -> None:
    for outline in plan.store.outlines:
        for clause in outline.clauses:
            for question in suggest(plan.answer(clause.title or clause.text[:20])):
                assert plan.answer(question).status == "answered"


def test_nothing_is_suggested_where_nothing_is_cited(plan: Pipeline, suggest: Suggester) -> None:
    assert suggest(plan.answer("你好")) == ()
