import pytest

from bot.documents.levels import find_level, find_state, is_draft
from bot.documents.manifest import LEVELS


@pytest.mark.parametrize(
    ("title", "number", "issuer", "head", "level"),
    [
        ("中华人民共和国种树法", None, "全国人民代表大会常务委员会", "", "法律"),
        ("中华人民共和国种树法", None, "", "", "法律"),
        ("种树条例", "国务院令第1号", "国务院", "", "行政法规"),
        ("种树条例", None, "国务院", "1999年5月23日国务院令第265号发布", "行政法规"),
        ("种树暂行条例", None, "", "", "行政法规"),
        ("国务院关于种树的意见", "国发〔2024〕1号", "国务院", "", "规范性文件"),
        ("种树规定", "交通运输部令2026年第10号", "交通运输部", "", "部门规章"),
        ("青岛市种树条例", None, "青岛市人民代表大会常务委员会", "", "地方性法规"),
        ("青岛市种树办法", "青岛市人民政府令第300号", "青岛市人民政府", "", "政府规章"),
        ("青岛市种树办法", "青园规〔2024〕1号", "青岛市园林局", "", "规范性文件"),
        ("关于种树的通知", None, "青岛市园林局", "", "规范性文件"),
        ("《青岛市种树办法》政策解读", None, "青岛市园林局", "", "解读"),
        ("【文字解读】青岛市种树办法", "青园规〔2024〕1号", "青岛市园林局", "", "解读"),
        ("种树工作指引", "青园规〔2024〕1号", "青岛市园林局", "", "规范性文件"),
        ("种树补贴常见问题", None, "青岛市园林局", "", "解读"),
        ("种树忙", None, "青岛市园林局", "", None),
    ],
)
def test_the_level_follows_from_title_number_and_issuer(
    title: str, number: str | None, issuer: str, head: str, level: str | None
):
    assert find_level(title, number, issuer, head) == level
    assert level is None or level in LEVELS


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("有效", "现行"),
        ("现行有效", "现行"),
        ("失效", "到期"),
        ("失效（提前废止）", "废止"),
        ("已废止", "废止"),
        ("征求意见稿", "征求意见"),
        ("----", None),
    ],
)
def test_what_head_tables_call_a_state(said: str, state: str | None):
    assert find_state(said) == state


@pytest.mark.parametrize(
    ("title", "draft"),
    [
        ("青岛市种树办法（征求意见稿）", True),
        ("关于对《青岛市种树办法》公开征求意见的通知", True),
        ("青岛市数据条例（草案）", True),
        ("青岛市种树办法", False),
        ("关于做好种树意见征集工作的通知", False),
    ],
)
def test_a_draft_says_so_in_its_title(title: str, draft: bool):
    assert is_draft(title) == draft
