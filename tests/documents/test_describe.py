from datetime import date

import pytest

from bot.documents.describe import describe, find_title, organisations, split_decree, titled_issuers

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
        (
            "市园林局印发《种树计划\n（2026—2030年）》的通知\n某政发〔2026〕3号\n各区：",
            "市园林局印发《种树计划（2026—2030年）》的通知",
        ),
        ("市林业局 市财\n政局 市水利局关于种树\n的通知\n各区：", "市林业局 市财政局 市水利局关于种树的通知"),
        ("页数 12\n______\n关于种树\n的通知\n各区：", "关于种树的通知"),
        ("市园林局\n2025年4月14日\n种树行动方案\n一、种树。", "种树行动方案"),
    ],
)
def test_titles(text: str, title: str):
    assert find_title(text) == title


def test_a_date_that_is_none_is_left_out():
    assert "issued_on" not in describe("公告\n甲。\n乙。\n市园林局\n2024年13月40日")


def lines(*paragraphs: str) -> str:
    return "\n".join(("种树办法", *paragraphs))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (lines("青园规〔2024〕3号", "各区："), "青园规〔2024〕3号"),
        (lines("（青园规〔2024〕3号）", "各区："), "青园规〔2024〕3号"),
        (lines("发文字号：青园规〔2024〕 3 号", "各区："), "青园规〔2024〕3号"),
        (lines("青岛市人民政府令第300号", "一、种树。"), "青岛市人民政府令第300号"),
        (lines("（2026年5月27日交通运输部令", "2026年第10号公布　自2026年7月1日起施行）"), "交通运输部令2026年第10号"),
        (lines("根据《养花办法》（青园规〔2024〕3号），现将有关事项通知如下：", "一、种树。"), None),
        (lines("根据《养花办法》", "（青园规〔2024〕3号）", "和有关规定，制定本办法。"), None),
        (lines("一、按青园规〔2024〕3号执行。", "青园规〔2024〕3号"), None),
        (lines("1999年5月23日国务院令第265号发布", "2024年5月26日修订", "第一条　种树。"), None),
    ],
)
def test_a_number_counts_only_where_it_is_the_documents_own(text: str, number: str | None):
    assert describe(text).get("doc_number") == number


@pytest.mark.parametrize(
    ("text", "issuer", "issued_on"),
    [
        (
            lines("各区：", "请种树。", "青岛市园林局　　青岛市财政局", "2024年5月6日"),
            "青岛市园林局、青岛市财政局",
            date(2024, 5, 6),
        ),
        (
            lines("各区：", "请种树。", "青岛市园林局", "青岛市财政局", "二〇二四年五月六日"),
            "青岛市园林局、青岛市财政局",
            date(2024, 5, 6),
        ),
        (
            lines("各区：", "请种树。", "青岛市园林局", "2024年 5月 6 日", "青岛市园林局办公室", "2024年5月8日印发"),
            "青岛市园林局",
            date(2024, 5, 6),
        ),
        (lines("发电时间2017-06-08 16:20", "各区：", "请种树。"), None, date(2017, 6, 8)),
        (lines("各区：", "请种树。", "青岛市园林局办公室 2024年5月8日印发"), None, date(2024, 5, 8)),
        (lines("2024年5月6日起，市园林局公布的树木都有补贴。", "请种树。"), None, None),
        (
            lines("2018年12月29日第九届全国人民代表大会常务委员会第七次会议修正"),
            "全国人民代表大会常务委员会",
            date(2018, 12, 29),
        ),
        (
            lines(
                "2016年4月28日 青岛市人民代表大会常务委员会通过",
                "2016年5月26日 山东省人民代表大会常务委员会批准",
                "2016年10月1日 施行",
            ),
            "青岛市人民代表大会常务委员会",
            date(2016, 5, 26),
        ),
    ],
)
def test_who_issued_it_and_when(text: str, issuer: str | None, issued_on: date | None):
    found = describe(text)
    assert (found.get("issuer"), found.get("issued_on")) == (issuer, issued_on)


def test_the_title_names_all_issuers():
    text = "青岛市园林局 青岛市财政局关于种树的通知\n各区：\n请种树。\n青岛市园林局\n2024年5月6日"
    assert describe(text)["issuer"] == "青岛市园林局、青岛市财政局"


@pytest.mark.parametrize(
    ("title", "issuers"),
    [
        ("中共中央办公厅 国务院办公厅印发《种树意见》", ("中共中央办公厅", "国务院办公厅")),
        ("中共中央 国务院关于种树的意见", ("中共中央", "国务院")),
        ("林业局等九部门关于种树的通知", ("林业局等九部门",)),
        ("关于种树的通知", ()),
        ("种树办法", ()),
    ],
)
def test_issuers_of_a_title(title: str, issuers: tuple[str, ...]):
    assert titled_issuers(title) == issuers


def test_what_is_known_is_not_given_back_and_others_follow_from_it():
    text = lines("各区：", "本办法自印发之日起施行，有效期3年。")
    assert describe(text, {"title": "种树办法", "issuer": "青岛市园林局", "issued_on": date(2024, 5, 6)}) == {
        "effective_on": date(2024, 5, 6),
        "expires_on": date(2027, 5, 5),
        "level": "规范性文件",
        "place": "青岛市",
    }


def test_what_we_wrote_ourselves_has_no_level():
    assert "level" not in describe("青岛市种树办法\n1.种树。把树种下。", {"kind": "glossary"})


def test_a_draft_is_told_by_its_title():
    assert (
        describe("青岛市种树办法（征求意见稿）\n第一条　种树。\n第二条　浇水。\n第三条　施肥。")["state"] == "征求意见"
    )


def test_organisations_are_told_from_other_words():
    assert organisations("广州市园林局,广州市财政局（国资局） 本网") == ("广州市园林局", "广州市财政局")
    assert organisations("青岛市园林局青岛市财政局") == ("青岛市园林局", "青岛市财政局")


def test_a_decree_before_a_title_is_its_number():
    title = "中华人民共和国交通运输部令（2026年第10号）　　种树规定"
    assert split_decree(title) == ("种树规定", "中华人民共和国交通运输部令2026年第10号")
    assert split_decree("种树规定") == ("种树规定", None)
