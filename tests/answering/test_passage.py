"""A piece of news and a guide of our own, flattened as official sites often give them, and what is quoted from them."""

import pytest

from bot.answering import passage, refuse
from bot.answering.passage import choose, is_plain, model, observe
from bot.answering.pipeline import Pipeline
from bot.index.build import build
from bot.index.embed import load_embedder
from bot.index.store import open_store
from tests.conftest import MODEL
from tests.index.small_index import write_corpus

NEWS = (
    "云溪市多措并举帮助苗圃渡过旱季 　　"
    "云溪日报讯（记者 林一木）3日，记者从市园林局获悉，云溪市采取措施帮助苗圃渡过旱季。 　　"
    "市园林局介绍，减免停产苗圃的基本水费。同时，由云溪银行发放抗旱贷款。 　　"
    "下一步，还将组织技术人员到田间地头讲解节水灌溉的要领，让苗农少走弯路。"
)
CANTEEN = (
    "云溪市单位食堂旱季节水指引 　　一、就餐人员要自觉做到节约每一滴水和每一粒粮食。餐盘由本人送到回收处。 　　"
    "二、检查。市园林局每月检查一次。"
)
RULES = "云溪市苗木办法 　　第一条 苗木由市园林局管理。 　　第二条 苗圃每年报告一次。"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("papers")
    corpus = write_corpus(folder / "corpus", news=NEWS, canteen=CANTEEN, rules=RULES)
    build([corpus], folder / "store", load_embedder(MODEL))
    return Pipeline(open_store(folder / "store", load_embedder(MODEL)))


def quoted(pipeline: Pipeline, question: str) -> str:
    query = pipeline.understand(question)
    evidence = pipeline.evidence(query, pipeline.candidates(query))
    return "".join(pick.text for pick in choose(query, evidence, pipeline.lines))


def test_what_follows_is_quoted_rather_than_the_line_that_announces_it(pipeline: Pipeline) -> None:
    text = quoted(pipeline, "云溪市采取了哪些措施帮助苗圃渡过旱季？")
    assert "减免停产苗圃的基本水费。同时，由云溪银行发放抗旱贷款。" in text


def test_a_heading_that_is_a_sentence_is_quoted_with_what_stands_under_it(pipeline: Pipeline) -> None:
    text = quoted(pipeline, "云溪市单位食堂对就餐人员提出了什么要求？")
    assert text.startswith("一、就餐人员要自觉做到节约每一滴水和每一粒粮食。餐盘由本人送到回收处。")


def test_a_bare_heading_is_not(pipeline: Pipeline) -> None:
    assert quoted(pipeline, "市园林局多久检查一次食堂？") == "市园林局每月检查一次。"


@pytest.mark.parametrize(("id_", "plain"), [("news", True), ("canteen", True), ("rules", False)])
def test_a_paper_with_articles_is_not_plain(pipeline: Pipeline, id_: str, plain: bool) -> None:
    assert is_plain(pipeline.lines(id_)) is plain


def test_no_line_is_added_to_a_long_answer(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "云溪市采取了哪些措施帮助苗圃渡过旱季？"
    before = quoted(pipeline, question)
    monkeypatch.setattr(passage, "ENOUGH", 0)
    assert before.startswith(quoted(pipeline, question))


def test_lines_are_added_from_two_places(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage, "MOST_LINES", 1)
    monkeypatch.setattr(passage, "GAIN", -1.0)
    query = pipeline.understand("水费减免了吗？")
    evidence = pipeline.evidence(query, pipeline.candidates(query))
    both = len(choose(query, evidence, pipeline.lines))
    monkeypatch.setattr(passage, "STRETCHES", 0)
    assert len(choose(query, evidence, pipeline.lines)) == both - 2


def test_a_question_in_the_words_of_a_sentence_is_answered_whatever_the_model_makes_of_it(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refuse, "probability", lambda *_: 0.0)
    questions = ("餐盘由本人送到回收处吗？", "餐盘的消毒柜怎么安装？")
    assert [pipeline.answer(question).status == "answered" for question in questions] == [True, False]


def test_every_observation_has_a_weight(pipeline: Pipeline) -> None:
    query = pipeline.understand("苗圃的水费减免多少？")
    evidence = pipeline.evidence(query, pipeline.candidates(query))
    of_news = [item for item in evidence if item.clause.document.id == "news"]
    assert list(observe(query, of_news, pipeline.lines("news"))) == list(model())
