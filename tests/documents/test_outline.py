from datetime import date

from bot.documents.outline import render
from bot.documents.structure import parse
from bot.types import Document

TEXT = """种树方案
一、要求
到2027年成林。
二、任务
（一）行动
1.选苗。选好苗。（责任单位：市园林局）
2.浇水。浇好水。
（二）其他
照办。"""


def test_a_glossary_is_shown_as_not_official():
    assert render(parse(Document("words", "名词", TEXT, kind="glossary"))).split("\n")[1] == (
        "编号 words · 性质 名词解释 · 非官方 · 状态 现行"
    )


def test_an_outline_shows_headings_clauses_and_units():
    document = Document("trees", "种树方案", TEXT, issuer="青岛市园林局", issued_on=date(2025, 4, 14))
    assert render(parse(document)).split("\n") == [
        "种树方案",
        "编号 trees · 发文机关 青岛市园林局 · 成文日期 2025-04-14 · 状态 现行",
        "标题 4 个，条款 5 条，责任单位 1 组，71 字",
        "",
        "题头 种树方案 · 4 字",
        "一、要求",
        "  一、 要求 · 9 字",
        "二、任务",
        "  （一）行动",
        "    二、(一)1. 选苗 · 20 字",
        "      （责任单位：市园林局）",
        "    二、(一)2. 浇水 · 9 字",
        "  （二）其他",
        "    二、(二) 其他 · 3 字",
    ]
