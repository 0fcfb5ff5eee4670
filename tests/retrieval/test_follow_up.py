import pytest

from bot.index.store import Store
from bot.retrieval.follow_up import items_of, rewrite, units_of
from bot.types import Turn

TRACKS = Turn("8大赛道有哪些", "共8项：\n优先发展太赫兹、海洋电子信息、深海开发等未来产业[1]")
MEASURES = Turn("主要任务有哪些", "共2项：\n1.保护种质资源。[1]\n2.提升加工水平。[2]")
INCUBATOR = Turn("孵化器归谁管", "鼓励多元化主体参与建设未来产业专业孵化器。[1]\n责任单位：市科技局[2]")


@pytest.mark.parametrize(
    ("asked", "turn", "meant"),
    [
        ("第二个呢", TRACKS, "海洋电子信息呢"),
        ("最后一个归哪个部门", TRACKS, "深海开发归哪个部门"),
        ("那第一个赛道用在哪些领域", TRACKS, "太赫兹用在哪些领域"),
        ("倒数第二个呢", TRACKS, "海洋电子信息呢"),
        ("第一项由谁负责", MEASURES, "保护种质资源由谁负责"),
        ("2026年呢", Turn("2027年建几个园区", "4个左右[1]"), "2026年建几个园区"),
        ("2027年呢", Turn("园区建几个", "4个左右[1]"), "2027年园区建几个"),
        ("后者归谁管", Turn("孵化器和中试平台有什么区别", "…"), "中试平台归谁管"),
        ("具体点", INCUBATOR, "打造未来产业专业孵化器"),
        ("还有吗?", INCUBATOR, "打造未来产业专业孵化器"),
        ("它还管别的吗?", INCUBATOR, "市科技局还管别的吗?"),
        ("这个局还负责什么", INCUBATOR, "市科技局还负责什么"),
        ("那量子信息呢", Turn("太赫兹要攻哪些技术", "…"), "量子信息要攻哪些技术"),
        ("深海的呢?", Turn("海洋电子信息要突破哪些技术", "…"), "深海要突破哪些技术"),
        ("上海呢?", Turn("跟京津冀合作谁牵头", "市科技局。"), "跟上海合作谁牵头"),
        ("青年人才也是吗", Turn("外籍人才由谁服务", "…"), "青年人才由谁服务"),
        ("产品呢,定了多少", Turn("应用场景到2027年要打造多少个?", "30个左右"), "产品到2027年要打造多少个?"),
        ("那日韩呢", Turn("和上海、深圳的合作归谁", "…"), "和日韩的合作归谁"),
        ("为什么要建它", Turn("中试平台归谁管", "…"), "为什么要建中试平台"),
        ("第二条念一下", MEASURES, "提升加工水平念一下"),
        ("第二句呢", Turn("三(一)3归谁", "…"), "三(一)3第二句呢"),
    ],
)
def test_what_points_at_the_answer_before_is_put_in(plan_store: Store, asked: str, turn: Turn, meant: str) -> None:
    assert rewrite(asked, [turn], plan_store)[0] == meant


def test_what_was_put_in_is_told(plan_store: Store) -> None:
    assert rewrite("第三个赛道呢", [TRACKS], plan_store)[1] == (("第三个赛道", "深海开发"),)


@pytest.mark.parametrize(
    "asked",
    [
        "责任单位呢",
        "每个领域呢",
        "第九个呢",
        "第一个用的人有奖励吗",
        "由谁牵头",
        "第十四条说了什么",
        "2027年建几个园区",
    ],
)
def test_what_points_nowhere_stays(plan_store: Store, asked: str) -> None:
    assert rewrite(asked, [INCUBATOR], plan_store) == (asked, ())


def test_without_a_conversation_nothing_is_put_in(plan_store: Store) -> None:
    assert rewrite("第二个呢", [], plan_store) == ("第二个呢", ())


def test_the_units_of_an_answer_are_a_list_of_their_own(plan_store: Store) -> None:
    answer = "统筹布局算力基础设施。[1]\n责任单位：市大数据局、市通信管理局[2]"
    assert units_of(answer) == ("市大数据局", "市通信管理局")
    assert rewrite("第二个单位还管什么", [Turn("算力归谁", answer)], plan_store)[0] == "市通信管理局还管什么"


def test_names_between_commas_are_taken_without_what_stands_around_them(plan_store: Store) -> None:
    answer = "推进脑机接口芯片、神经形态芯片、异构融合芯片和脑仿真模拟芯片在神经信号交互等领域的应用。[1]"
    assert items_of(answer, plan_store) == ("脑机接口芯片", "神经形态芯片", "异构融合芯片", "脑仿真模拟芯片")
