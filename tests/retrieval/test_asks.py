import pytest

from bot.retrieval.asks import detect_asks, topic_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("中试平台归谁管", "unit"),
        ("算力中心该找哪个部门", "unit"),
        ("技术经纪人每年培养多少名", "count"),
        ("瞪羚企业奖励多少钱", "money"),
        ("方案什么时候印发", "date"),
        ("园区选址定了没", "place"),
        ("市科技局电话", "contact"),
        ("孵化器认定条件是什么", "procedure"),
        ("有哪些大赛", "list"),
        ("什么是先投后股", "definition"),
        ("市教育局有哪些任务", "duties"),
        ("量子磁力计属于哪个赛道", "belongs"),
        ("我们是做脑机接口的公司", "own"),
        ("能不能给个准话", "promise"),
        ("有没有提到算力", "whether"),
    ],
)
def test_the_wording_tells_what_is_asked(question: str, kind: str) -> None:
    assert kind in detect_asks(question)


def test_a_call_is_not_a_number_nor_a_place_on_a_list_a_list() -> None:
    assert "contact" not in detect_asks("我想打电话咨询,找哪个部门")
    assert "names" not in detect_asks("工业园在支持名单里吗")
    assert "names" in detect_asks("首席专家请的是谁")


def test_a_bare_topic_asks_for_nothing_in_particular() -> None:
    assert detect_asks("类脑智能") == frozenset()


def test_words_that_ask_are_no_part_of_the_topic() -> None:
    assert topic_of("请问方案里技术经纪人每年培养多少名").split() == ["技术经纪人每年培养"]
