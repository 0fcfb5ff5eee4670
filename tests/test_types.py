import pytest

from bot.types import Document


@pytest.mark.parametrize(
    ("title", "work"),
    [
        ("中华人民共和国促进科技成果转化法", "促进科技成果转化法"),
        ("促进科技成果转化法（2015年修正）", "促进科技成果转化法"),
        ("某市规划条例（2017）", "某市规划条例"),
        ("某市种树办法（征求意见稿）", "某市种树办法"),
        ("某市种树方案（2025—2027年）", "某市种树方案（2025—2027年）"),
    ],
)
def test_versions_of_one_paper_are_one_work(title: str, work: str):
    assert Document("a", title, "").work == work
