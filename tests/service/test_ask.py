"""A question from a page: whatever is sent, a reply comes back."""

import logging
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.answering import replies
from bot.service.answer_html import answer_html
from bot.service.ask import MAX_TURN, MAX_TURNS, Reply, replies_to
from bot.types import Answer, Removed, Sentence, Usage, Wrong


def reply(pipeline: Any, request: Any, suggest: Any = None) -> Reply:
    """The only one."""
    (said,) = replies_to(pipeline, request, suggest)
    return said


def test_a_question_and_its_history_reach_the_pipeline(pipeline: Any, answer: Answer) -> None:
    said = reply(pipeline, {"question": "归谁管", "history": [["放宽什么", "限制[1]"]]})
    assert pipeline.asked == [{"question": "归谁管", "history": [["放宽什么", "限制[1]"]]}]
    assert said == {
        "status": "answered",
        "html": answer_html(answer),
        "text": answer.text,
        "history": answer.text,
        "suggestions": [],
        "is_whole": True,
    }


def test_the_next_question_leans_on_the_quotes_that_a_generated_answer_was_made_from(
    pipeline: Any, answer: Answer
) -> None:
    written = (Sentence("限制放宽了。", (1,), "generated"),)
    pipeline.answer = replace(answer, sentences=written, mode="generated", quoted=answer, usage=Usage("m"))
    said = reply(pipeline, {"question": "归谁管"})
    assert (said["text"], said["history"]) == ("【AI生成】限制放宽了。[1]", answer.text)


def test_a_reply_grows_and_only_the_whole_one_has_suggestions(answer: Answer) -> None:
    first = replace(answer, sentences=(Sentence("限制放宽了。", (1,), "generated"),), mode="generated")
    whole = replace(first, sentences=(*first.sentences, answer.sentences[0]), usage=Usage("m"))
    pipeline: Any = SimpleNamespace(stream=lambda _: iter((first, whole)))
    told = list(replies_to(pipeline, {"question": "放宽什么"}, lambda _: ("归谁管",)))
    assert [(said["text"], said["suggestions"], said["is_whole"]) for said in told] == [
        ("【AI生成】限制放宽了。[1]", [], False),
        ("【AI生成】限制放宽了。[1]\n【政策原文】放宽A<B的限制。[1]", ["归谁管"], True),
    ]


def test_a_reply_that_breaks_off_ends_with_a_sentence(answer: Answer) -> None:
    def broken(_: Any) -> Any:
        yield replace(answer, mode="generated")
        raise RuntimeError

    told = list(replies_to(SimpleNamespace(stream=broken), {"question": "放宽什么"}))  # type: ignore[arg-type]
    assert [(said["is_whole"], said["status"]) for said in told] == [(False, "answered"), (True, "error_internal")]


def test_what_the_check_took_out_is_in_the_reply_to_staff_alone(pipeline: Any, answer: Answer) -> None:
    taken_out = (Removed("每年培育99家。", (Wrong("figure", "99家", "10家"),)),)
    pipeline.answer = replace(answer, removed=taken_out, usage=Usage("m"))
    (others,), (staff,) = (replies_to(pipeline, {"question": "问"}, for_staff=staff) for staff in (False, True))
    assert "99" not in str(others)
    assert "每年培育99家。" in staff["html"] and "99" not in staff["text"] + staff["history"]


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
