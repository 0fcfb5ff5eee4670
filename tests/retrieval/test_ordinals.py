import pytest

from bot.documents.structure import parse
from bot.retrieval.ordinals import named_by_place
from bot.types import Document

TEXT = """云溪市苗木产业提升行动方案
一、优先发展3大苗木细分赛道
1.松苗。育松。
2.竹苗。育竹。
3.花苗。育花。
二、重点任务
（一）实施育苗行动
4.建苗圃。建好苗圃。
（二）实施造林行动
5.种树。种好树。
（三）实施护林行动
6.巡护。常巡护。
"""
PLAN = parse(Document("plan", "云溪市苗木产业提升行动方案", TEXT))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("第二个赛道归谁管", "竹苗归谁管"),
        ("3大赛道里最后一个做什么", "花苗做什么"),
        ("倒数第二个行动有哪几条", "实施造林行动有哪几条"),
        ("第四个赛道是什么", "第四个赛道是什么"),
        ("第二个问题是什么", "第二个问题是什么"),
    ],
)
def test_a_part_named_by_its_place_in_a_list_is_called_by_its_name(asked: str, meant: str) -> None:
    assert named_by_place(asked, [PLAN])[0] == meant
