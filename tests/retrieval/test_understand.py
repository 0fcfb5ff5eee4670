import pytest

from bot.index.store import Store
from bot.retrieval.terms import alternatives, unknown_technologies
from bot.retrieval.understand import Understander
from bot.types import Turn


@pytest.fixture(scope="module")
def understand(plan_store: Store) -> Understander:
    return Understander(plan_store)


def words(query_terms: tuple) -> list[str]:  # type: ignore[type-arg]
    return [term.text for term in query_terms]


def test_initials_typos_and_traditional_characters_are_read_as_meant(understand: Understander) -> None:
    assert understand("zjtx 找哪个局").understood == "专精特新 找哪个局"
    assert understand("類惱智能重點做什麼").understood == "类脑智能重点做什么"


def test_what_was_read_differently_is_told(understand: Understander) -> None:
    assert understand("卫形互联网归谁管").changes == (("卫形互联网", "卫星互联网"),)


def test_a_chinese_numeral_before_great_is_read_as_a_figure(understand: Understander) -> None:
    assert understand("八大赛道是哪些").understood == "8大赛道是哪些"


def test_a_follow_up_takes_over_what_the_conversation_is_about(understand: Understander) -> None:
    query = understand("那谁负责？", [Turn("概念验证平台提供什么服务", "提供…性能测试等服务。[1]")])
    assert "概念验证" in "".join(words(query.terms))
    assert query.changes[-1][0] == "结合上文"


def test_a_question_with_its_own_subject_leaves_the_conversation_aside(understand: Understander) -> None:
    query = understand("技术经纪人每年培养多少名", [Turn("太赫兹重点做什么", "…")])
    assert "太赫兹" not in words(query.terms)


def test_a_new_track_takes_the_place_of_the_old_one(understand: Understander) -> None:
    query = understand("那空天信息呢", [Turn("太赫兹重点开展什么", "…")])
    assert "空天信息" in words(query.terms)
    assert "太赫兹" not in words(query.terms)


def test_several_questions_are_taken_apart(understand: Understander) -> None:
    parts = understand.parts(understand("中试平台归谁管？技术经纪人一年培养多少？"))
    assert [part.understood for part in parts] == ["中试平台归谁管", "技术经纪人一年培养多少"]


def test_what_asks_nothing_stands_with_the_question_after_it(understand: Understander) -> None:
    assert len(understand.parts(understand("孵化器的运营补贴属于先建后补的，每年几月申请？"))) == 1


def test_a_detail_told_before_the_question_is_not_asked_for(understand: Understander) -> None:
    assert "date" not in understand("孵化器的租期快到期了，由哪个部门管").asks
    assert "date" in understand("孵化器建设的截止日期是哪天").asks


def test_a_part_without_a_subject_takes_the_one_before(understand: Understander) -> None:
    parts = understand.parts(understand("场景应用实验室怎么申报？归谁管？"))
    assert "实验室" in "".join(words(parts[1].terms))


def test_circumstances_belong_to_the_question_after_them(understand: Understander) -> None:
    assert len(understand.parts(understand("我们缺启动资金，有没有基金可以用？"))) == 1


def test_everyday_words_bring_the_words_of_documents() -> None:
    assert "集矿机" in alternatives("挖矿", "海底挖矿的机器")


def test_an_industry_no_document_names_is_one_word(understand: Understander) -> None:
    found = words(understand("人形机器人企业有什么安排").terms)
    assert "人形机器人" in found
    assert "机器人" not in found


def test_an_industry_whose_first_word_the_corpus_has_is_known_there(plan_store: Store) -> None:
    assert unknown_technologies("类脑芯片和人形机器人、固态电池", plan_store.mentions) == ["人形机器人", "固态电池"]


def test_each_of_two_subjects_is_asked_about(understand: Understander) -> None:
    parts = understand.parts(understand("孵化器和中试平台分别归谁管"))
    assert [part.understood for part in parts] == ["孵化器归谁管", "中试平台归谁管"]


def test_numbered_questions_lose_their_numbers(understand: Understander) -> None:
    parts = understand.parts(understand("1、园区建几个；2、孵化器归谁管"))
    assert [part.understood for part in parts] == ["园区建几个", "孵化器归谁管"]


def test_a_new_subject_outweighs_the_one_before(understand: Understander) -> None:
    query = understand("那金融呢", [Turn("中试平台归谁管", "…")])
    weights = {term.text: term.weight for term in query.terms}
    assert weights["金融"] > sum(weight for word, weight in weights.items() if word != "金融")


def test_whether_two_have_the_same_units_is_asked_of_each(understand: Understander) -> None:
    parts = understand.parts(understand("科技基础设施跟算力基础设施，责任单位一样吗"))
    assert [part.understood for part in parts] == ["科技基础设施由谁负责", "算力基础设施由谁负责"]


def test_what_else_is_named_after_a_question_is_asked_the_same(understand: Understander) -> None:
    parts = understand.parts(understand("卓越工程师团队由谁打造，青年人才呢？"))
    assert [(part.understood, "unit" in part.asks) for part in parts] == [
        ("卓越工程师团队由谁打造", True),
        ("青年人才由谁打造", True),
    ]
