from datetime import date

import pytest

from bot.documents.describe import describe, find_title

NOTICE = """青岛市园林局
关于印发《种树办法》
的通知
青园规〔2024〕3号
各区、市园林局：
现印发给你们。
青岛市园林局
2024年5月6日
一、种树。
二、浇水。本办法自2024年6月1日起施行。"""


def test_a_notice_says_who_issued_it_and_when():
    assert describe(NOTICE) == {
        "title": "青岛市园林局关于印发《种树办法》的通知",
        "doc_number": "青园规〔2024〕3号",
        "issuer": "青岛市园林局",
        "issued_on": date(2024, 5, 6),
        "effective_on": date(2024, 6, 1),
        "level": "规范性文件",
        "place": "青岛市",
    }


def test_a_statute_is_dated_by_its_last_amendment():
    text = "种树条例\n2011年3月1日青岛市第十四届人民代表大会常务委员会第一次会议通过\n2018年9月7日修正\n第一条　种树。"
    assert describe(text) == {
        "title": "种树条例",
        "issuer": "青岛市人民代表大会常务委员会",
        "issued_on": date(2018, 9, 7),
        "level": "地方性法规",
        "place": "青岛市",
    }


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("关于种树的通知 关于种树的通知 青园〔2024〕3号 各区： 请种树。", "关于种树的通知"),
        ("全市种树忙 今年已种万棵 新华社青岛3月12日电 春天，大家种树。", "全市种树忙 今年已种万棵"),
        ("市科技局：请种树。\n种树方案（试行）\n一、种树。\n二、浇水。", "种树方案（试行）"),
        ("春天到了。", "春天到了"),
    ],
)
def test_titles(text: str, title: str):
    assert find_title(text) == title


def test_a_date_that_is_none_is_left_out():
    assert "issued_on" not in describe("公告\n甲。\n乙。\n市园林局\n2024年13月40日")
