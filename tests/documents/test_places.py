import pytest

from bot.documents.places import find_place, is_national, places_named


@pytest.mark.parametrize(
    ("issuer", "title", "place"),
    [
        ("青岛市园林局", "种树办法", "青岛市"),
        ("山东省人民代表大会常务委员会", "山东省青岛西海岸新区条例", "山东省"),
        ("广东省广州市天河区园林局", "", "广州市"),
        ("天河区园林局", "", "广州市"),
        ("崂山区人民政府", "", "青岛市"),
        ("国家税务总局青岛市税务局", "", "青岛市"),
        ("广州住房公积金管理中心", "", "广州市"),
        ("国务院办公厅", "青岛市种树办法", ""),
        ("工业和信息化部", "种树办法", ""),
        ("人力资源社会保障部、国家数据局", "", ""),
        ("市园林局", "青岛市种树办法", "青岛市"),
        ("", "2026年广州市种树指引", "广州市"),
        ("", "关于印发《青岛市种树办法》的通知", "青岛市"),
        ("", "城市绿化条例", ""),
        ("", "上市公司种树办法", ""),
        ("朝阳区园林局", "", ""),
    ],
)
def test_the_place_is_that_of_the_issuer_or_of_the_title(issuer: str, title: str, place: str):
    assert find_place(issuer, title) == place


def test_national_bodies_are_told_from_local_ones():
    assert [
        is_national(name) for name in ("国务院", "教育部", "国家数据局", "中国人民银行青岛市分行", "市委宣传部")
    ] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_places_are_found_anywhere_by_full_and_short_names():
    assert places_named("和广东比，青岛市的方案") == [(1, "广东省"), (5, "青岛市")]
    assert places_named("种树的方案") == []
