"""Three papers of our own, flattened as official sites often give them, and what is quoted from them."""

import pytest

from bot.answering.pipeline import Pipeline
from bot.answering.quote import choose
from bot.index.build import build
from bot.index.embed import load_embedder
from bot.index.store import open_store
from tests.conftest import MODEL
from tests.index.small_index import write_corpus

CLOUD = (
    "云溪市支持苗圃渡过旱季的若干措施 　　为帮助苗圃渡过旱季，制定以下措施。 　　"
    "一、降低用水成本。减免旱季停产苗圃的基本水费。节水灌溉设备补助一半费用。 　　"
    "二、加大信贷支持。设立苗圃抗旱专项贷款，由云溪银行统一发放，单户最高不超过30万元，期限不超过两年，"
    "用于购买水车、水泵等设备，还款困难的苗圃可以申请展期。 　　"
    "三、缓缴租金。苗圃可以申请缓缴租金，最长3个月，但转租的除外，由所在乡镇受理，逐户登记，按季度汇总上报。"
)
RIVER = (
    "河湾市支持苗圃渡过旱季的通知 　　一、降低用水成本。按实际用水量的两成返还水费。 　　"
    "二、加大信贷支持。设立苗圃抗旱专项贷款，由河湾银行统一发放，单户最高不超过50万元，用于购买水车、水泵等设备。"
)
QUESTIONS = (
    "云溪市苗木补助问答 　　问：领苗木补助要带什么材料？ 　　答：带苗木验收单和身份证。 　　"
    "问：补助多久到账？ 　　答：验收后10个工作日到账。"
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("papers")
    build([write_corpus(folder / "corpus", a=CLOUD, b=RIVER, c=QUESTIONS)], folder / "store", load_embedder(MODEL))
    return Pipeline(open_store(folder / "store", load_embedder(MODEL)))


def quoted(pipeline: Pipeline, question: str) -> list[tuple[str, str]]:
    """(document, quote) of what would be quoted, whether or not it is refused."""
    query = pipeline.understand(question)
    evidence = pipeline.evidence(query, pipeline.candidates(query))
    return [(pick.clause.document.id, pick.text) for pick in choose(query, evidence, pipeline.lines)]


@pytest.mark.parametrize(("place", "id_"), [("云溪市", "a"), ("河湾市", "b")])
def test_the_place_asked_about_chooses_the_paper(pipeline: Pipeline, place: str, id_: str) -> None:
    picks = quoted(pipeline, f"{place}苗圃抗旱专项贷款单户最高多少万元？")
    assert {document for document, _ in picks} == {id_}


def test_what_stands_under_the_heading_asked_about_is_quoted_whole(pipeline: Pipeline) -> None:
    picks = quoted(pipeline, "云溪市采取哪些办法降低苗圃用水成本？")
    assert "".join(text for _, text in picks) == "减免旱季停产苗圃的基本水费。节水灌溉设备补助一半费用。"


def test_a_figure_in_a_long_sentence_is_quoted_between_commas(pipeline: Pipeline) -> None:
    ((_, text),) = quoted(pipeline, "云溪市苗圃抗旱专项贷款单户最高多少万元？")
    assert text == "设立苗圃抗旱专项贷款，由云溪银行统一发放，单户最高不超过30万元，期限不超过两年"


def test_a_sentence_that_makes_an_exception_is_quoted_whole(pipeline: Pipeline) -> None:
    ((_, text),) = quoted(pipeline, "云溪市苗圃缓缴租金最长几个月？")
    assert text.endswith("按季度汇总上报。") and "但转租的除外" in text


def test_the_answer_to_a_printed_question_is_quoted_not_the_question(pipeline: Pipeline) -> None:
    assert quoted(pipeline, "领苗木补助要带什么材料？") == [("c", "答：带苗木验收单和身份证。")]
