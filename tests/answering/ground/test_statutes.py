"""The check on rules of a statute: conditions, exceptions, lists, references."""

import pytest

from bot.answering.ground import Fault, Grounder
from bot.documents.structure import parse
from bot.types import Citation, Document

TEXT = """某市船只停泊办法
第一条　船主应当自取得船只之日起三十日内到港务部门登记；情况特殊的，经港务部门批准，可以延长，但最长不得超过六十日。
第二条　夜间不得进入禁航区。但救援船除外。
第三条　违反本办法规定，有下列行为之一的，由港务部门责令改正，处三百元以上九百元以下罚款；拒不改正的，并处没收渔具：
（一）在航道内抛锚的；
（二）擅自移动浮标的。
第四条　渔业部门应当每年公布休渔日期。
第五条　鼓励船主购买保险。保险公司可以给予船主优惠。
第六条　本办法自2031年5月1日起施行。
"""
OUTLINE = parse(Document("boats", "某市船只停泊办法", TEXT, doc_number="某政发〔2031〕7号"))


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return Grounder([OUTLINE])


def cite(*numerals: str) -> tuple[Citation, ...]:
    clauses = [next(each for each in OUTLINE.clauses if each.ref == f"第{numeral}条") for numeral in numerals]
    return tuple(
        Citation(number, clause, clause.text, clause.span, clause.segments[0])
        for number, clause in enumerate(clauses, start=1)
    )


@pytest.mark.parametrize(
    ("sentence", "articles"),
    [
        ("船主取得船只后，应在30天内到港务部门登记。", "一"),
        ("根据《某市船只停泊办法》第一条，船主应当自取得船只之日起三十日内登记。", "一"),
        ("按照某政发〔2031〕7号文件，夜间禁止进入禁航区。", "二"),
        ("在航道内抛锚的，由港务部门责令改正，处300元以上900元以下罚款。", "三"),
        ("擅自移动浮标，拒不改正的，并处没收渔具。", "三"),
        ("船主被鼓励购买保险，保险公司可给予优惠。", "五"),
        ("渔业部门应当每年公布休渔日期；此外，该办法自2031年5月1日起施行。", "四六"),
    ],
)
def test_a_true_sentence_holds(grounder: Grounder, sentence: str, articles: str):
    assert grounder.check(sentence, cite(*articles)).faults == ()


@pytest.mark.parametrize(
    ("sentence", "articles", "fault"),
    [
        ("船主应当自取得船只之日起三十个工作日内登记。", "一", Fault("unit_of_measure", "三十个工作日", "三十日")),
        ("情况特殊的，可以延长，但最长不得超过九十日。", "一", Fault("figure", "九十日", "六十日")),
        ("船主可以自取得船只之日起三十日内登记。", "一", Fault("modality", "可以", "应当")),
        ("夜间可以进入禁航区。", "二", Fault("modality", "可以", "不得")),
        ("根据第四条，船主应当自取得船只之日起三十日内登记。", "一", Fault("article", "第四条", "第一条")),
        (
            "根据某政发〔2031〕8号，夜间不得进入禁航区。",
            "二",
            Fault("doc_number", "某政发〔2031〕8号", "某政发〔2031〕7号"),
        ),
        ("本办法自2031年6月1日起施行。", "六", Fault("date", "2031年6月1日", "2031年5月1日")),
        ("船主应当每年公布休渔日期。", "一四", Fault("merged", "船主", "渔业部门")),
        ("根据《某市渔港办法》，夜间不得进入禁航区。", "二", Fault("name", "《某市渔港办法》", "")),
    ],
)
def test_one_thing_changed_is_found(grounder: Grounder, sentence: str, articles: str, fault: Fault):
    assert fault in grounder.check(sentence, cite(*articles)).faults


@pytest.mark.parametrize(
    ("sentence", "article", "given_back"),
    [
        ("夜间不得进入禁航区。", "二", ["但救援船除外。"]),
        ("情况特殊的，可以延长，但最长不得超过六十日。", "一", ["经港务部门批准，"]),
        ("渔业部门应当每年公布休渔日期。", "四", []),
    ],
)
def test_exceptions_and_conditions_are_given_back(
    grounder: Grounder, sentence: str, article: str, given_back: list[str]
):
    verdict = grounder.check(sentence, cite(article))
    assert verdict.holds
    assert [span.of(OUTLINE.document.text) for span in verdict.omitted] == given_back


def test_both_ends_of_a_range_keep_their_bounds(grounder: Grounder):
    said = "违反本办法规定，在航道内抛锚的，由港务部门责令改正，处三百元以上九百元{}罚款。"
    assert grounder.check(said.format("以下"), cite("三")).holds
    assert grounder.check(said.format("以上"), cite("三")).faults[0].kind == "figure"
