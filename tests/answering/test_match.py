import pytest

from bot.answering.match import Match, Situation, match, needs, stages, track_name, tracks
from bot.documents.structure import parse
from bot.types import Document
from tests.answering.small_plan import PLAN, RULES, TEXT


def found(matched: Match) -> list[tuple[str, str, str]]:
    """(clause, what is quoted of it, why) of every measure."""
    return [
        (measure.clause.ref, "".join(span.of(TEXT) for span in measure.spans), measure.reasons)
        for measure in matched.measures
    ]


def test_the_areas_are_the_items_without_units_and_the_open_one_beside_them() -> None:
    assert [(track.ref, track_name(track)) for track in tracks(PLAN)] == [
        ("二、(一)1.", "氢能"),
        ("二、(一)2.", "硅光"),
        ("二、(二)", "谋划一批前沿赛道"),
    ]


def test_areas_need_no_telling_heading_where_the_plan_lists_them_in_one_breath() -> None:
    text = TEXT.replace("重点领域", "主要内容").replace("优先发展2大细分赛道", "突出优势").replace("前沿赛道", "课题")
    assert [track_name(track) for track in tracks(parse(Document("other", "方案", text)))] == ["氢能", "硅光"]


def test_items_of_a_document_without_units_are_no_areas() -> None:
    text = "某市规划\n一、重点领域\n1.氢能。研制储氢瓶。\n2.硅光。研制芯片。\n二、保障\n加强领导。\n"
    assert tracks(parse(Document("plain", "某市规划", text))) == tracks(RULES) == ()


def test_a_need_that_is_the_clauses_subject_brings_its_opening_whole_and_what_else_names_it() -> None:
    assert found(match([PLAN, RULES], Situation(needs=("资金",)))) == [
        (
            "三、(一)1.",
            "设立产业基金，重点投早、投小。注册资本不低于100万元的企业方可申请。",
            "需求：资金",
        ),
        ("三、(一)1.", "鼓励银行开发金融产品。", "需求：资金"),
    ]


def test_track_stage_and_need_each_bring_their_measures_and_what_meets_more_comes_first() -> None:
    hydrogen, silicon, _ = tracks(PLAN)
    asked = Situation(silicon, "创意与初创", ("应用场景", "资金"))
    assert [(ref, why) for ref, _, why in found(match([PLAN], asked))] == [
        ("三、(一)2.", "需求：应用场景；赛道：硅光"),
        ("三、(一)1.", "需求：资金；阶段：创意与初创"),
        ("三、(一)1.", "需求：资金"),
    ]
    assert [why for _, _, why in found(match([PLAN], Situation(hydrogen)))] == []


def test_a_need_that_no_measure_names_is_said_so() -> None:
    matched = match([PLAN], Situation(needs=("人才", "标准")))
    assert ([ref for ref, _, _ in found(matched)], matched.unmet) == (["三、(二)3."], ("标准",))


def test_documents_without_units_hold_no_measures() -> None:
    assert match([RULES], Situation(needs=("资金",))).documents == ()


@pytest.mark.parametrize("topics", [stages, needs])
def test_every_topic_has_a_name_of_its_own(topics) -> None:  # type: ignore[no-untyped-def]
    names = [topic.name for topic in topics()]
    assert names and len(names) == len(set(names))
