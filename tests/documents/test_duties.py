from bot.documents.duties import find_duties
from bot.documents.structure import parse
from bot.types import Document

TEXT = """某市行动方案
一、总体要求
稳中求进。
二、重点任务
1.强化资金支持。设立基金。（责任单位：乙局、甲局）开发产品。（责任单位：甲局）
2.丰富场景。发布清单。（牵头单位：丙局；配合单位：甲局、有关区、市政府）
"""


def test_units_with_more_tasks_come_first_and_then_as_the_text_names_them() -> None:
    duties = find_duties(parse(Document("plan", "某市行动方案", TEXT)))
    assert duties is not None
    assert duties.units == ("甲局", "乙局", "丙局", "有关区、市政府")
    assert [task.ref for task in duties.tasks] == ["二、1.", "二、2."]


def test_a_duty_is_the_segments_whose_own_bracket_names_the_unit_with_its_role_there() -> None:
    duties = find_duties(parse(Document("plan", "某市行动方案", TEXT)))
    assert duties is not None
    assert {
        unit: [(duty.task.ref, [segment.body_span.of(TEXT) for segment in duty.segments], duty.roles) for duty in own]
        for unit, own in duties.by_unit.items()
    } == {
        "乙局": [("二、1.", ["1.强化资金支持。设立基金。"], ("责任单位",))],
        "甲局": [
            ("二、1.", ["1.强化资金支持。设立基金。", "开发产品。"], ("责任单位",)),
            ("二、2.", ["2.丰富场景。发布清单。"], ("配合单位",)),
        ],
        "丙局": [("二、2.", ["2.丰富场景。发布清单。"], ("牵头单位",))],
        "有关区、市政府": [("二、2.", ["2.丰富场景。发布清单。"], ("配合单位",))],
    }
    assert duties.roles == ("责任单位", "配合单位", "牵头单位")


def test_a_document_without_units_has_no_duties() -> None:
    assert find_duties(parse(Document("law", "某市条例", "某市条例\n第一条　为了发展。\n第二条　鼓励创新。\n"))) is None
