from bot.answering.answerable import (
    about_other_place,
    asked_missing,
    figure_elsewhere,
    focus_missing,
    held,
    strangeness,
    unstated_attribute,
)
from bot.answering.pipeline import Pipeline
from bot.types import Term


def test_a_word_the_corpus_has_is_not_strange_and_one_it_half_has_half(plan: Pipeline) -> None:
    words = ("瞪羚", "光谱仪", "元宇宙")
    assert [round(strangeness(Term(word, 1.0), plan.store.mentions), 2) for word in words] == [0.0, 0.33, 1.0]


def test_a_synonym_makes_a_word_known(plan: Pipeline) -> None:
    assert strangeness(Term("可燃冰", 1.0, ("天然气水合物",)), plan.store.mentions) == 0.0


def test_a_year_or_figure_that_is_not_in_the_corpus_is_strange(plan: Pipeline) -> None:
    assert [strangeness(Term(said, 1.0), plan.store.mentions) for said in ("2030年", "2027年", "50项")] == [
        1.0,
        0.0,
        0.0,
    ]


def test_the_noun_before_the_question_word_must_stand_in_the_evidence(plan: Pipeline, look) -> None:  # type: ignore[no-untyped-def]
    assert unstated_attribute(*look("未来产业发展基金的管理公司是哪家"), plan.store) == "管理"
    assert unstated_attribute(*look("中试平台的责任单位是哪些"), plan.store) is None


def test_words_next_to_the_question_word_are_looked_for(plan: Pipeline, look) -> None:  # type: ignore[no-untyped-def]
    assert focus_missing(*look("公共数据怎么收费"), plan.store) > 0
    assert focus_missing(*look("瞪羚企业归哪个局培育"), plan.store) == 0


def test_what_is_asked_after_what_is_told_must_stand_in_the_evidence(look) -> None:  # type: ignore[no-untyped-def]
    assert asked_missing(*look("我看了未来产业发展基金那条,注册资本是多少")) > 0.5
    assert asked_missing(*look("我看了未来产业发展基金那条,支持模式是什么")) == 0


def test_another_city_is_not_answered_for_because_the_text_names_it(plan: Pipeline, look) -> None:  # type: ignore[no-untyped-def]
    assert about_other_place(*look("上海的未来产业园区有几个"), plan.store)
    assert not about_other_place(*look("上海的经验怎么学"), plan.store)


def test_another_city_may_be_named_anywhere_but_not_as_where_the_asker_comes_from(plan: Pipeline, look) -> None:  # type: ignore[no-untyped-def]
    assert about_other_place(*look("我公司在威海，当地的专业孵化器归谁管"), plan.store)
    assert not about_other_place(*look("我们从沈阳搬来，专业孵化器归谁管"), plan.store)
    assert not about_other_place(*look("总部在杭州，想在青岛建专业孵化器，归谁管"), plan.store)


def test_the_share_of_the_question_that_the_clause_holds_counts_its_headings(look) -> None:  # type: ignore[no-untyped-def]
    query, evidence = look("技术经纪人每年培养多少名")
    assert held(query, evidence[0]) == 1.0
    query, evidence = look("技术经纪人的元宇宙")
    assert 0 < held(query, evidence[0]) < 1


def test_a_figure_must_stand_beside_what_it_is_of(plan: Pipeline, look) -> None:  # type: ignore[no-untyped-def]
    assert not figure_elsewhere(*look("应用场景要打造多少个"), plan.store)
    assert figure_elsewhere(*look("中试平台要打造多少个"), plan.store)
    assert not figure_elsewhere(*look("中试平台归谁管"), plan.store)
