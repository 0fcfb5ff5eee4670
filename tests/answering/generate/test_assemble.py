"""What stands in an answer beside the sentences of a model: units, what a list must not lack, notes, cards."""

import re
from collections.abc import Callable

import pytest

from bot.answering import replies
from bot.answering.generate.endpoint import connect
from bot.answering.generate.generator import Generator
from bot.answering.pipeline import Pipeline
from bot.index.store import Store
from bot.types import Answer
from tests.answering.generate.plain_grounder import PlainGrounder
from tests.answering.generate.scripted_endpoint import Script, ScriptedEndpoint, says

Ask = Callable[[str], Answer]


def first_passage(body: dict[str, object]) -> Script:
    """The first sentence of passage 1, word by word."""
    prompt = str(body["messages"][1]["content"])  # type: ignore[index]
    found = re.search(r"^\[1\] .*\n([^。；\n]*)", prompt, re.MULTILINE)
    assert found
    return says(f"{found[1]}。[1]", size=20)


@pytest.fixture
def ask(plan_store: Store, endpoint: ScriptedEndpoint) -> Ask:
    endpoint.script = first_passage
    chat = connect(endpoint.url, "scripted", "", 10.0)
    pipeline = Pipeline(plan_store, generator=Generator(chat, "scripted", PlainGrounder, 10.0))

    def asked(question: str) -> Answer:
        answer = pipeline.invoke(question)
        assert answer.mode == "generated"
        for citation in answer.citations:
            assert citation.span.of(citation.clause.document.text) == citation.quote
        assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
        return answer

    return asked


def origins(answer: Answer) -> list[str]:
    return [sentence.origin for sentence in answer.sentences]


def test_units_that_the_model_does_not_name_are_added(ask: Ask) -> None:
    answer = ask("中试平台由哪个部门负责？")
    assert answer.quoted is not None
    assert origins(answer)[:2] == ["generated", "units"]
    assert answer.sentences[1].text == next(each.text for each in answer.quoted.sentences if each.origin == "units")


def test_units_that_the_model_names_are_not_said_twice(ask: Ask, endpoint: ScriptedEndpoint) -> None:
    endpoint.script = [says("海洋科技大市场由市科技局负责建设，每年培养技术经纪人30名以上。[1]")]
    assert origins(ask("海洋科技大市场归谁管？")) == ["generated"]


def test_of_a_list_nothing_is_missing(ask: Ask) -> None:
    answer = ask("市民营经济局承担哪些任务？")
    assert answer.quoted is not None
    texts = [citation.quote for citation in answer.citations]
    assert all(citation.quote in texts for citation in answer.quoted.citations)
    assert replies.MORE_QUOTED in [sentence.text for sentence in answer.sentences]


def test_of_two_questions_the_one_that_the_model_passes_over_is_quoted(ask: Ask) -> None:
    answer = ask("中试平台谁负责？技术经纪人每年培养多少名？")
    assert origins(answer) == ["generated", "units", "note", "quote"]
    assert "30名以上" in answer.sentences[-1].text


def test_what_corrects_a_premise_stands_before_what_the_model_writes(ask: Ask) -> None:
    answer = ask("技术经纪人每年培养50名对吗？")
    assert origins(answer)[:2] == ["note", "generated"]
    assert "不是50名" in answer.sentences[0].text


def test_the_glossary_is_not_given_to_the_model_and_stays_as_it_is(ask: Ask, endpoint: ScriptedEndpoint) -> None:
    answer = ask("先投后股是什么意思？")
    assert origins(answer)[-2:] == ["note", "explanation"]
    assert answer.sentences[-1].text not in str(endpoint.requests)


def test_a_card_keeps_its_lines_under_the_numbers_of_the_answer(ask: Ask) -> None:
    answer = ask("我们是做脑机接口的初创公司，能有什么支持？")
    assert answer.card is not None
    assert answer.card.citations[: len(answer.citations)] == answer.citations
    quotes = {citation.number: citation.quote for citation in answer.card.citations}
    lines = [line for line in answer.card.support if line.citations]
    assert lines
    assert all(line.text == quotes[line.citations[0]] for line in lines)
