from pathlib import Path

import pytest

from bot.answering.pipeline import Pipeline, open_pipeline
from bot.answering.stated import uncounted
from bot.index.build import build
from bot.index.embed import open_embedder
from bot.settings import settings

LAW = """中华人民共和国林木法
2015年8月29日通过
第一条　为了保护林木，制定本法。
第二条　种树应当签订合同。
第三条　擅自砍伐行道树的，处五百元以上一千元以下罚款。
"""
CITY = """青岛市林木条例
2020年3月1日通过
第一条　为了保护林木，制定本条例。
第二条　擅自砍伐行道树的，处二千元以上五千元以下罚款。
第三条　本条例自2020年5月1日起施行。
"""
ROADS = """青岛市道路条例
2019年3月1日通过
第一条　为了修好道路，制定本条例。
第二条　道路应当每年检查一次。
第三条　道路损坏的，应当自接到报告之日起四十八小时内修复。
"""
HEADS = {
    "law": '\ntitle = "中华人民共和国林木法"\nlevel = "法律"\nissued_on = 2015-08-29',
    "city": '\ntitle = "青岛市林木条例"\nlevel = "地方性法规"\nplace = "青岛市"\nissued_on = 2020-03-01',
    "roads": '\ntitle = "青岛市道路条例"\nlevel = "地方性法规"\nplace = "青岛市"\nissued_on = 2019-03-01',
}


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder: Path = tmp_path_factory.mktemp("levels")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (("law", LAW), ("city", CITY), ("roads", ROADS)):
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
    manifest = "".join(f'[[document]]\nfile = "{name}.txt"{head}\n\n' for name, head in HEADS.items())
    (corpus / "manifest.toml").write_text(manifest, encoding="utf-8")
    build([corpus], folder / "store", open_embedder(settings()))
    return open_pipeline(folder / "store")


def cited(pipeline: Pipeline, question: str) -> list[tuple[str, str]]:
    return [(each.clause.document.id, each.clause.ref) for each in pipeline.invoke(question).citations]


def test_levels_that_set_a_penalty_differently_are_told_apart_the_local_first(pipeline: Pipeline):
    answer = pipeline.invoke("擅自砍伐行道树罚款多少")
    assert answer.text.split("\n") == [
        "以下规定的层级和时间不同，请结合适用情形核对，以现行有效的原文为准。",
        "青岛市 · 地方性法规《青岛市林木条例》（2020年3月1日）：",
        "第二条　擅自砍伐行道树的，处二千元以上五千元以下罚款。[1]",
        "国家 · 法律《中华人民共和国林木法》（2015年8月29日）：",
        "第三条　擅自砍伐行道树的，处五百元以上一千元以下罚款。[2]",
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("林木法对擅自砍伐行道树罚多少", [("law", "第三条")]),
        ("林木法和青岛市林木条例对擅自砍伐行道树各罚多少", [("city", "第二条"), ("law", "第三条")]),
        ("林木法第二条", [("law", "第二条")]),
        ("青岛市林木条例什么时候施行", [("city", "第三条")]),
        ("青岛市林木条例施行后，擅自砍伐行道树罚多少", [("city", "第二条")]),
        ("道路多久检查一次", [("roads", "第二条")]),
    ],
)
def test_a_paper_named_answers_alone(pipeline: Pipeline, question: str, expected: list[tuple[str, str]]):
    assert cited(pipeline, question) == expected


def test_how_many_hours_is_told_by_a_figure_without_the_measure_word(pipeline: Pipeline):
    query = pipeline.understand("道路损坏了，最晚几个小时修复")
    assert not uncounted(query, pipeline.evidence(query, pipeline.candidates(query)))


def test_an_article_beyond_the_last_is_told(pipeline: Pipeline):
    answer = pipeline.invoke("青岛市林木条例第九条讲什么")
    assert answer.status == "unanswerable_not_stated"
    assert answer.sentences[0].text == "《青岛市林木条例》没有第九条，全文共3条，最后一条是第三条。"


def test_a_paper_that_is_not_there_is_told(pipeline: Pipeline):
    answer = pipeline.invoke("北京市林木条例对擅自砍伐罚多少")
    assert (answer.status, answer.citations) == ("unanswerable_not_in_corpus", ())
    assert answer.sentences[0].text == "没有收录“北京市林木条例”，不作推测。"


def test_a_digest_says_that_it_lacks_the_article(tmp_path: Path):
    (tmp_path / "law.txt").write_text(
        "第二条　种树的，应当订立合同。\n第四条　砍树的，罚款五百元以上。\n", encoding="utf-8"
    )
    head = '[[document]]\nfile = "law.txt"\ntitle = "中华人民共和国林木法"\nlevel = "法律"\nkind = "digest"\n'
    (tmp_path / "manifest.toml").write_text(head, encoding="utf-8")
    build([tmp_path], tmp_path / ".store", open_embedder(settings()))
    answer = open_pipeline(tmp_path / ".store").invoke("林木法第三条")
    assert answer.sentences[0].text == "《中华人民共和国林木法》只收录了要点摘编，其中没有第三条，请查阅原文。"
