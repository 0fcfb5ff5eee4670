"""The check as a whole, on the plan."""

import pytest

from bot.answering.ground import Fault, Grounder, Verdict
from bot.types import Span
from tests.answering.ground.cases import Case, cases, passage, plan


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return Grounder([plan()])


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.sentence)
def test_what_was_written_by_hand_is_judged_rightly(grounder: Grounder, case: Case):
    kinds = {fault.kind for fault in grounder.check(case.sentence, case.cited).faults}
    assert (case.fault in kinds) if case.fault else not kinds


def test_a_sentence_without_a_passage_has_a_fault(grounder: Grounder):
    assert grounder.check("打造30个左右应用场景。", ()) == Verdict((Fault("citation", "打造30个左右应用场景。"),))


def test_a_fault_tells_what_is_said_and_what_is_stated(grounder: Grounder):
    cited = (passage("三、(二)6."),)
    assert grounder.check("每年培养技术经纪人50名以上。", cited).faults == (Fault("figure", "50名", "30名"),)
    assert grounder.check("每年培养技术经纪人30家以上。", cited).faults == (Fault("unit_of_measure", "30家", "30名"),)


def test_a_unit_of_another_segment_is_found(grounder: Grounder):
    cited = (passage("三、(五)13./1"), passage("三、(五)13./3", 2))
    assert grounder.check("由市科技局推动驻青高校建设未来技术学院。", cited).faults == (
        Fault("unit", "市科技局", "市教育局"),
    )


@pytest.mark.parametrize(
    "said",
    [
        "集聚三十家左右高成长企业，到2027年12月31日",
        "到2027年底，集聚30家左右高成长企业",
        "到二〇二七年，集聚约30家高成长企业",
    ],
)
def test_other_forms_of_a_figure_hold(grounder: Grounder, said: str):
    assert grounder.check(said, (passage("一、/2"),)).holds


@pytest.mark.parametrize("unit", ["市工信局", "市工业和信息化局", "青岛市工业和信息化局", "市大数据局"])
def test_a_unit_may_be_called_by_its_short_name(grounder: Grounder, unit: str):
    assert grounder.check(f"统筹布局智能算力中心，由{unit}负责。", (passage("三、(一)3./2"),)).holds


def test_a_bare_list_of_units_is_judged_too(grounder: Grounder):
    cited = (passage("三、(四)10./1"),)
    assert grounder.check("责任单位：市科技局、海洋局。", cited).holds
    assert grounder.check("责任单位：市科技局、市教育局。", cited).faults == (
        Fault("unit", "市教育局", "市科技局、市海洋发展局"),
    )


def omitted(grounder: Grounder, sentence: str, name: str) -> list[str]:
    cited = passage(name)
    verdict = grounder.check(sentence, (cited,))
    assert verdict.holds
    return [span.of(cited.clause.document.text) for span in verdict.omitted]


def test_a_threshold_that_is_dropped_is_given_back(grounder: Grounder):
    assert omitted(grounder, "每年培养技术经纪人30名。", "三、(二)6.") == ["每年培养技术经纪人30名以上，"]


def test_what_does_not_bear_on_the_sentence_is_not_given_back(grounder: Grounder):
    assert omitted(grounder, "加快建设海洋科技大市场等平台。", "三、(二)6.") == []
    assert omitted(grounder, "集聚30家左右高成长企业。", "一、/2") == []


def test_omissions_are_offsets_into_the_document(grounder: Grounder):
    cited = passage("三、(一)1.")
    verdict = grounder.check("每年布局颠覆性技术和前沿技术攻关及科技示范项目10项。", (cited,))
    text = cited.clause.document.text
    at = text.index("每年布局10项以上")
    assert verdict == Verdict((), (Span(at, text.index("；", at) + 1),))


def test_the_same_sentence_is_always_judged_alike(grounder: Grounder):
    case = next(case for case in cases() if case.fault)
    assert grounder.check(case.sentence, case.cited) == Grounder([plan()]).check(case.sentence, case.cited)


@pytest.mark.parametrize("text", ["", "。", "，，，", "[1]", "\ud800", "第", "ABC", "１２３" * 100, "《》", "“”"])
def test_no_sentence_is_too_strange_to_judge(grounder: Grounder, text: str):
    assert isinstance(grounder.check(text, (passage("三、(二)6."),)), Verdict)
