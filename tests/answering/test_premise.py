"""A tiny plan of our own whose first paragraph sets one year for several figures."""

import pytest

from bot.answering.pipeline import Pipeline
from bot.index.build import build
from bot.index.embed import load_embedder
from bot.index.store import open_store
from tests.conftest import MODEL
from tests.index.small_index import write_corpus

PLAN = """云溪市苗木产业提升行动方案（2031—2033年）
一、总体目标
到2033年，苗木良种体系初步建立，形成一批育苗骨干企业。建设良种繁育基地6个左右，认定示范苗圃40家以上。培养嫁接能手每年不少于15名。
二、重点任务
1.建设基地。完善良种繁育基地的水肥设施。（责任单位：市林业局）
2.培育主体。引导苗圃开展订单生产，推广容器育苗。（责任单位：市农业农村局）
"""


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("plan")
    build([write_corpus(folder / "corpus", plan=PLAN)], folder / "store", load_embedder(MODEL))
    return Pipeline(open_store(folder / "store", load_embedder(MODEL)))


def test_another_figure_than_the_text_states_is_corrected(pipeline: Pipeline) -> None:
    answer = pipeline.answer("示范苗圃要认定90家，太多了吧？")
    assert answer.text.startswith("原文写明的是40家以上，不是90家：\n建设良种繁育基地6个左右，认定示范苗圃40家以上。")


@pytest.mark.parametrize(
    "question", ["示范苗圃要认定40家，太多了吧？", "我们公司有90家苗圃，能当示范苗圃吗？", "示范苗圃认定90家要多少钱？"]
)
def test_a_right_figure_and_one_of_the_asker_are_not(pipeline: Pipeline, question: str) -> None:
    assert "原文写明的是" not in pipeline.answer(question).text


def test_another_year_than_the_paragraph_sets_is_corrected(pipeline: Pipeline) -> None:
    answer = pipeline.answer("听说到2040年才建6个良种繁育基地，是吧")
    assert [sentence.text for sentence in answer.sentences] == [
        "原文写明的是2033年，不是2040年：",
        "到2033年，苗木良种体系初步建立，形成一批育苗骨干企业。建设良种繁育基地6个左右，认定示范苗圃40家以上。",
    ]


def test_the_year_of_a_figure_is_quoted_with_it(pipeline: Pipeline) -> None:
    answer = pipeline.answer("每年培养嫁接能手是哪一年的目标")
    assert [sentence.text for sentence in answer.sentences] == [
        "到2033年，苗木良种体系初步建立，形成一批育苗骨干企业。",
        "培养嫁接能手每年不少于15名。",
    ]


@pytest.mark.parametrize("question", ["认定90家示范苗圃，都在哪几个乡镇", "方案要认定90家示范苗圃，怎么理解这90家"])
def test_another_figure_is_corrected_though_something_else_is_asked(pipeline: Pipeline, question: str) -> None:
    assert pipeline.answer(question).text.startswith("原文写明的是40家以上，不是90家：")


def test_when_figures_are_due_is_told_by_the_year_of_their_paragraph(pipeline: Pipeline) -> None:
    told = "到2033年，苗木良种体系初步建立，形成一批育苗骨干企业。建设良种繁育基地6个左右，认定示范苗圃40家以上。"
    asked = ("40家以上示范苗圃，截止到哪年", "认定示范苗圃多少家？哪年完成？")
    assert [pipeline.answer(asked[0]).sentences[0].text] == [told]
    assert "到2033年，苗木良种体系初步建立" in pipeline.answer(asked[1]).text


def test_a_unit_that_the_sentence_does_not_name_is_denied(pipeline: Pipeline) -> None:
    answer = pipeline.answer("订单生产是市林业局的事，对吧")
    assert [sentence.text for sentence in answer.sentences] == [
        "所问的单位不在所引内容列明的责任单位之列。",
        "引导苗圃开展订单生产，推广容器育苗。",
        "责任单位：市农业农村局",
    ]
