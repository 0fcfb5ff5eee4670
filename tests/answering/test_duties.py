import pytest

from bot.answering.draft import Draft
from bot.answering.duties import duties_of_unit, named_units, same_unit
from bot.index.store import Store
from bot.retrieval.understand import Understander


@pytest.fixture(scope="module")
def draft(plan_store: Store):  # type: ignore[no-untyped-def]
    understand = Understander(plan_store)
    return lambda question: duties_of_unit(understand(question), plan_store)


def brackets(found: Draft | None) -> set[tuple[str, ...]]:
    return {pick.segment.units for pick in found.picks if pick.segment} if found else set()


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("发改委", "市发展改革委"),
        ("工信局", "市工业和信息化局"),
        ("人社局", "市人力资源社会保障局"),
        ("金融办", "市委金融办"),
        ("区市政府", "有关区、市政府"),
    ],
)
def test_short_forms_name_their_unit(said: str, unit: str) -> None:
    assert same_unit(said, unit)


def test_a_short_form_of_another_unit_does_not() -> None:
    assert not same_unit("教育局", "市工业和信息化局")


def test_a_question_who_is_no_question_about_duties(draft) -> None:  # type: ignore[no-untyped-def]
    assert draft("卓越工程师团队是不是市教育局负责") is None


@pytest.mark.parametrize("said", ["城市管理局", "应急管理局", "农业发展局", "监管局", "数据局"])
def test_the_tail_of_a_name_is_not_the_unit(said: str) -> None:
    units = ("市通信管理局", "市海洋发展局", "青岛金融监管局", "市大数据局")
    assert not any(same_unit(said, unit) for unit in units)


def test_bodies_of_the_state_or_a_district_are_not_ours(plan_store: Store) -> None:
    questions = ("国家发展改革委负责什么", "即墨区科技局负责什么", "市市场监管局负责什么")
    assert [list(named_units(question, plan_store)) for question in questions] == [[], [], ["市市场监管局"]]


def test_a_unit_that_is_only_guessed_at_is_not_asked_for_its_duties(draft) -> None:  # type: ignore[no-untyped-def]
    assert draft("未来技术学院是人社局的职责吧") is None


def test_what_units_share_is_where_one_bracket_names_them_all(draft) -> None:  # type: ignore[no-untyped-def]
    for question in ("市科技局和市工信局共同负责的有哪些", "市发改委和市科技局一起管的任务"):
        named = {"市科技局", "市工业和信息化局"} if "工信" in question else {"市科技局", "市发展改革委"}
        found = draft(question)
        assert len({pick.segment.span for pick in found.picks}) == 7
        assert all(named <= set(units) for units in brackets(found))


def test_what_a_unit_has_alone_is_where_no_other_is_named(draft) -> None:  # type: ignore[no-untyped-def]
    assert brackets(draft("哪些任务是市科技局单独负责的")) == {("市科技局",)}


def test_units_that_share_nothing_are_told_so(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("市教育局和市财政局共同负责哪些任务")
    assert found.status == "unanswerable_not_in_corpus"
    assert found.opening == ("已收录的文件没有列出由市教育局、市财政局共同负责的任务，不作推测。",)


def test_a_unit_of_another_city_has_no_duties_here(draft) -> None:  # type: ignore[no-untyped-def]
    assert draft("重庆市教育局负责哪些任务") is None
    assert draft("青岛市教育局负责哪些任务") is not None
