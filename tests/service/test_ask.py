"""A question from a page: whatever is sent, a reply comes back."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.answering import replies
from bot.service.answer_html import answer_html
from bot.service.ask import MAX_TURN, MAX_TURNS, reply
from bot.types import Answer, Sentence


def test_a_question_and_its_history_reach_the_pipeline(pipeline: Any, answer: Answer) -> None:
    said = reply(pipeline, {"question": "归谁管", "history": [["放宽什么", "限制[1]"]]})
    assert pipeline.asked == [{"question": "归谁管", "history": [["放宽什么", "限制[1]"]]}]
    assert said == {
        "status": "answered",
        "html": answer_html(answer),
        "text": answer.text,
        "history": answer.text,
        "suggestions": [],
    }


def test_the_next_question_leans_on_the_quotes_that_a_generated_answer_was_made_from(
    pipeline: Any, answer: Answer
) -> None:
    written = (Sentence("限制放宽了。", (1,), "generated"),)
    pipeline.answer = replace(answer, sentences=written, mode="generated", quoted=answer)
    said = reply(pipeline, {"question": "归谁管"})
    assert (said["text"], said["history"]) == ("【AI生成】限制放宽了。[1]", answer.text)


def test_a_long_history_is_cut_to_what_a_follow_up_needs(pipeline: Any) -> None:
    reply(pipeline, {"question": "问", "history": [["早", "答"]] * 50 + [["晚", "答" * 9999]]})
    assert pipeline.asked[0]["history"] == [["早", "答"]] * (MAX_TURNS - 1) + [["晚", "答" * MAX_TURN]]


def test_an_overlong_question_is_turned_down_before_any_work(pipeline: Any) -> None:
    said = reply(pipeline, {"question": "长" * 301})
    assert (said["status"], said["text"]) == ("error_invalid_question", replies.TOO_LONG.format(limit=300, length=301))
    assert pipeline.asked == []


@pytest.mark.parametrize("request_", [None, [], "问", {}, {"question": 1}, {"question": "问", "history": "无"}])
def test_a_malformed_request_gets_a_sentence(pipeline: Any, request_: Any) -> None:
    assert reply(pipeline, request_)["text"] == replies.INTERNAL
    assert pipeline.asked == []


def test_a_fault_becomes_one_sentence_and_its_cause_is_logged(pipeline: Any, caplog: pytest.LogCaptureFixture) -> None:
    pipeline.answer = RuntimeError("磁盘坏了")
    with caplog.at_level(logging.ERROR):
        said = reply(pipeline, {"question": "问"})
    assert (said["status"], said["text"]) == ("error_internal", replies.INTERNAL)
    assert [record.getMessage() for record in caplog.records] == ["没能回答：RuntimeError：磁盘坏了"]
    assert not caplog.records[0].exc_info


def test_what_may_be_asked_next_comes_with_the_answer(pipeline: Any) -> None:
    said = reply(pipeline, {"question": "大赛"}, lambda _: ("由谁负责？", "每年几届？"))
    assert said["suggestions"] == ["由谁负责？", "每年几届？"]
