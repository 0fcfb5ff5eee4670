import pytest

from bot.documents.titles import same_paper


@pytest.mark.parametrize(
    "title",
    [
        "某市种树办法",
        "某 市 种 树 办 法",
        "《某市种树办法》",
        "某市种树办法（试行）",
        "某市种树办法（2024年修正）",
        "某市种树办法_国务院部门文件_中国政府网",
        "某市园林局关于印发《某市种树办法》的通知",
        "某市园林局 某市财政局关于印发某市种树办法的通知",
        "某省政府办公厅关于转发某省园林厅《某市种树办法（试行）》的通知",
        "某市人民政府令（第7号）　　某市种树办法",
    ],
)
def test_one_paper_goes_by_many_titles(title: str):
    assert same_paper(title, "某市种树办法")
    assert same_paper("某市种树办法", title)


@pytest.mark.parametrize(
    "title",
    [
        "某市浇水办法",
        "某市种树办法实施细则",
        "《某市种树办法》解读",
        "关于《某市种树办法》的说明",
        "关于废止《某市种树办法》的决定",
        "关于公开征求《某市种树办法》意见的通知",
        "某市政府网站首页",
        "",
    ],
)
def test_what_only_speaks_of_a_paper_is_not_that_paper(title: str):
    assert not same_paper(title, "某市种树办法")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("某部等七部门关于推动种树的实施意见", "关于推动种树的实施意见"),
        ("中华人民共和国种树法", "种树法"),
        ("某市种树方案（2025—2027年）", "某市种树方案(2025-2027年)"),
        ("某某关于推进“人工智能＋种树”的意见", '关于推进"人工智能+种树"的意见'),
    ],
)
def test_issuer_width_and_marks_make_no_other_paper(first: str, second: str):
    assert same_paper(first, second)


def test_the_years_of_a_plan_make_another_paper():
    assert not same_paper("某市种树方案（2022—2024年）", "某市种树方案（2025—2027年）")
