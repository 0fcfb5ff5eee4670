from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.answering import replies
from bot.answering.card import make_card
from bot.answering.cite import Numbering
from bot.answering.match import Situation, match, needs, stages, tracks
from bot.types import Card, Line, Outline
from tests.answering.small_plan import PLAN, TEXT

HYDROGEN, SILICON, OPEN = tracks(PLAN)


def card(situation: Situation, outline: Outline = PLAN) -> Card:
    return make_card(match([outline], situation), Numbering())


def shown(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [(line.label, line.text) for line in lines]


def test_every_field_is_filled_from_the_text_or_says_it_is_not_stated() -> None:
    told = card(Situation(SILICON, needs=("应用场景",)))
    assert {name: shown(lines) for name, lines in told.fields.items()} == {
        "结论": [
            ("", "您的情况：赛道“硅光”，需求“应用场景”。"),
            ("", replies.MAY_APPLY.format(count=1)),
        ],
        "依据": [
            ("文件名", "某市培育新兴产业行动方案（2030—2032年）"),
            ("发文字号", "文件未载明"),
            ("失效日期", "文件未载明"),
            ("标题所载期间", "2030—2032年"),
            ("效力状态", "现行"),
            ("条款", "二、(一)2.硅光；三、(一)2.丰富场景"),
        ],
        "支持内容": [
            ("二、(一)2.硅光（赛道）", "研制硅光芯片。"),
            ("三、(一)2.丰富场景（需求：应用场景；赛道：硅光）", "每年发布硅光应用场景10个，鼓励中小企业参与。"),
        ],
        "适用对象": [("三、(一)2.丰富场景", "鼓励中小企业参与")],
        "条件/例外": [("申报条件", "文件未载明")],
        "时间": [("三、(一)2.丰富场景", "每年发布硅光应用场景10个"), ("申报时间", "文件未载明")],
        "责任单位": [("三、(一)2.丰富场景", "丁局、甲局")],
        "原文": [
            ("二、(一)2.硅光", "2.硅光。研制硅光芯片。"),
            (
                "三、(一)2.丰富场景",
                "2.丰富场景。每年发布硅光应用场景10个，鼓励中小企业参与。（牵头单位：丁局；配合单位：甲局）",
            ),
        ],
        "下一步": [("", replies.READ_ORIGINAL), ("", replies.ASK_UNITS), ("", replies.FOLLOW_NOTICE)],
    }


def test_a_condition_is_never_dropped_even_where_its_sentence_is_not_quoted() -> None:
    told = card(Situation(stage="创意与初创"))
    assert [line.text for line in told.support] == ["设立产业基金，重点投早、投小。"]
    assert shown(told.conditions) == [("三、(一)1.强化资金支持 第1段", "注册资本不低于100万元的企业方可申请。")]


def test_a_stated_time_for_applying_is_quoted() -> None:
    told = card(Situation(needs=("人才",)))
    assert shown(told.times) == [("三、(二)3.引育人才", "每年申报一次，9月受理。")]


def test_units_are_those_of_the_segments_own_bracket() -> None:
    told = card(Situation(needs=("资金",)))
    assert shown(told.units) == [
        ("三、(一)1.强化资金支持 第1段", "甲局、乙局"),
        ("三、(一)1.强化资金支持 第2段", "丙局"),
    ]


def test_a_document_number_and_a_state_other_than_in_force_are_shown() -> None:
    old = replace(PLAN.document, doc_number="某政发〔2030〕1号", state="废止")
    told = card(Situation(needs=("资金",)), replace(PLAN, document=old))
    assert ("发文字号", "某政发〔2030〕1号") in shown(told.basis)
    assert ("效力状态", "废止") in shown(told.basis)


def test_nothing_found_is_said_so() -> None:
    told = card(Situation(needs=("国际合作",)))
    assert shown(told.conclusion)[-1] == ("", replies.NO_MEASURE)
    assert told.support == told.units == (Line("文件未载明", origin="note"),)


def test_a_chosen_area_that_no_measure_names_is_still_quoted() -> None:
    told = card(Situation(HYDROGEN))
    assert shown(told.conclusion)[-1] == ("", replies.ONLY_TRACK)
    assert shown(told.support) == [("二、(一)1.氢能（赛道）", "研制储氢瓶。")]


@given(
    st.sampled_from([None, HYDROGEN, SILICON, OPEN]),
    st.sampled_from(["", *(stage.name for stage in stages())]),
    st.lists(st.sampled_from([need.name for need in needs()]), unique=True, max_size=4),
)
def test_every_line_is_quoted_from_where_its_citation_points_or_is_a_note(track, stage, wanted) -> None:  # type: ignore[no-untyped-def]
    told = card(Situation(track, stage, tuple(wanted)))
    cited = {citation.number: citation for citation in told.citations}
    assert list(cited) == list(range(1, len(cited) + 1))
    assert all(citation.span.of(TEXT) == citation.quote for citation in told.citations)
    for line in (line for lines in told.fields.values() for line in lines):
        segments = [cited[number].segment for number in line.citations]
        if line.origin == "quote":
            assert segments and all(segment and line.text in segment.text for segment in segments)
        elif line.origin == "units":
            assert [segment and "、".join(segment.units) for segment in segments] == [line.text]
        else:
            assert line.text and not line.citations
    assert "以主管部门" in told.conclusion[-1].text or told.conclusion[-1].text.startswith("文件未载明")
