import pytest

from bot.answering import structure
from bot.answering.draft import Draft
from bot.index.store import Store
from bot.retrieval.understand import Understander


@pytest.fixture(scope="module")
def draft(plan_store: Store):  # type: ignore[no-untyped-def]
    understand = Understander(plan_store)

    def asked(question: str):  # type: ignore[no-untyped-def]
        query = understand(question)
        return structure.draft(query, plan_store, structure.outlines_for(query, plan_store))

    return asked


def quotes(found: Draft | None) -> list[str]:
    return [pick.span.of(pick.clause.document.text) for pick in found.picks] if found else []


def test_five_actions_are_the_five_headings(draft) -> None:  # type: ignore[no-untyped-def]
    assert quotes(draft("五大行动是哪五个")) == [
        "（一）实施科技创新策源行动",
        "（二）实施成果转化孵化行动",
        "（三）实施企业引育成长行动",
        "（四）实施场景应用牵引行动",
        "（五）实施产业生态营造行动",
    ]


def test_what_the_text_names_in_one_breath_is_quoted_so(draft) -> None:  # type: ignore[no-untyped-def]
    assert quotes(draft("8大赛道分别是哪些")) == [
        "优先发展太赫兹、海洋电子信息、深海开发、空天信息、类脑智能、量子信息、先进半导体材料、卫星互联网等未来产业"
    ]


def test_the_title_block_says_who_issued_it_when_and_for_which_years(draft) -> None:  # type: ignore[no-untyped-def]
    told = "".join(quotes(draft("这个方案是谁什么时候印发的，管到哪一年")))
    assert all(said in told for said in ("青岛市人民政府办公厅", "2025年4月14日", "2025—2027年"))


def test_every_place_of_a_figure_is_quoted(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("30家是啥的30家")
    assert [pick.clause.ref for pick in found.picks] == ["一、", "一、", "三、(二)6."]


def test_what_is_no_member_of_a_counted_list_is_said_so_and_where_it_is_named(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("低空经济是8大未来产业赛道之一吧")
    assert found.opening == ("原文所列的8项中没有“低空经济”。",)
    assert [pick.clause.ref for pick in found.picks] == ["一、", "二、(一)1."]


@pytest.mark.parametrize(
    "question",
    ["我的技术不在那8个赛道里还有机会吗", "海底碳封存设备在8大赛道里该归到哪个", "深海稀土是8大赛道里哪一个的"],
)
def test_what_claims_no_membership_is_not_corrected(draft, question: str) -> None:  # type: ignore[no-untyped-def]
    found = draft(question)
    assert not found or not found.opening or "没有" not in found.opening[0]


def test_a_member_is_quoted_with_its_list(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("空天是8大未来产业之一吗")
    assert (found.opening, [pick.clause.ref for pick in found.picks]) == ((), ["一、"])


def test_what_stands_elsewhere_in_the_outline_is_not_denied(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("强化科技金融支持是5项重点任务之一吗")
    assert not found or not found.opening or "没有" not in found.opening[0]


def test_a_list_that_the_question_says_more_about_is_not_taken_for_another(draft) -> None:  # type: ignore[no-untyped-def]
    assert draft("哪四个产业被点名要形成技术研发优势") is None


def test_addressees_and_purpose_are_read_from_the_title_block(draft) -> None:  # type: ignore[no-untyped-def]
    assert quotes(draft("通知主送哪些单位"))[0] == "各区、市人民政府，青岛西海岸新区管委，市政府各部门，市直各单位："
    (purpose,) = quotes(draft("为什么要出台这个方案"))
    assert purpose.startswith("为抢抓新一轮科技革命和产业变革机遇")


def test_more_parts_than_there_are_is_corrected(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("九大赛道里排第九的是哪个")
    assert found.opening == ("原文所列为8项，不是9项：",)
    assert quotes(found)[0].startswith("优先发展太赫兹")
    assert draft("方案提出建10个应用场景吗") is None


def test_what_becomes_of_the_paper_after_its_term_is_told_by_its_term_and_an_extension_is_not(draft) -> None:  # type: ignore[no-untyped-def]
    assert any("2027年" in quote for quote in quotes(draft("2028年以后还管用吗")))
    assert quotes(draft("方案到期后会不会延期")) == []


def test_one_part_of_a_list_is_no_list_of_that_name(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("四大行动分别是什么")
    assert found.opening == ("原文所列为5项，不是4项：",)
    assert quotes(found)[0] == "（一）实施科技创新策源行动"


def test_future_industries_are_counted_too(draft) -> None:  # type: ignore[no-untyped-def]
    assert draft("9大未来产业是哪九个").opening == ("原文所列为8项，不是9项：",)
    assert "未来信息、未来制造、未来材料、未来空间" in quotes(draft("产业标准要超前研究的“四个未来”是什么"))[0]


def test_a_list_is_given_for_its_bare_name(draft) -> None:  # type: ignore[no-untyped-def]
    assert quotes(draft("8大赛道"))[0].startswith("优先发展太赫兹")
    assert quotes(draft("实施成果转化孵化行动"))[0] == "4.搭建概念验证和中试平台。"


def test_of_a_list_those_that_name_a_thing_are_given_with_the_sentence_that_does(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("8大赛道里哪几个跟海洋有关")
    assert [pick.clause.ref for pick in found.picks[::2]] == ["二、(一)2.", "二、(一)6.", "二、(一)8."]
    assert all("海洋" in quote for quote in quotes(found)[1::2])


def test_who_is_responsible_for_a_heading_is_told_segment_by_segment(draft) -> None:  # type: ignore[no-untyped-def]
    found = draft("成果转化孵化行动由哪些单位负责")
    assert [(pick.clause.ref, pick.segment.units) for pick in found.picks] == [
        ("三、(二)4.", ("市科技局", "市工业和信息化局")),
        ("三、(二)5.", ("市科技局",)),
        ("三、(二)6.", ("市科技局",)),
    ]
    assert found.with_units


def test_to_whom_it_was_sent_is_told_whoever_asks(draft) -> None:  # type: ignore[no-untyped-def]
    asked = ("我们是莱西的街道办，通知有没有发到各区、市这一级", "发给哪些单位")
    assert all(quotes(draft(question))[0].startswith("各区、市人民政府") for question in asked)


def test_that_it_was_approved_is_told_by_the_title_block(draft) -> None:  # type: ignore[no-untyped-def]
    assert any("研究同意" in quote for quote in quotes(draft("底稿要核实程序：方案出台前经过市委研究没有")))


@pytest.mark.parametrize(
    ("question", "quoted"),
    [("讲究的“四投”是投哪些", "投早、投小、投长期、投硬科技"), ("“四链”是哪四链", "创新链+产业链+资金链+人才链")],
)
def test_a_numeral_with_what_its_items_share_is_told_by_the_items(draft, question: str, quoted: str) -> None:  # type: ignore[no-untyped-def]
    assert [quoted in quote for quote in quotes(draft(question))] == [True]


@pytest.mark.parametrize("question", ["青岛市出台了哪些政策", "发布了什么通知"])
def test_what_was_issued_is_not_told_by_the_title_block(draft, question: str) -> None:  # type: ignore[no-untyped-def]
    assert draft(question) is None


@pytest.mark.parametrize("question", ["什么时候印发的", "方案由哪个部门印发"])
def test_when_and_by_whom_is(draft, question: str) -> None:  # type: ignore[no-untyped-def]
    assert draft(question) is not None
