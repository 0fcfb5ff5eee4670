"""The example questions on the page do what they promise on the real plan."""

import re

from bot.answering.pipeline import Pipeline
from bot.service.answer_html import answer_html
from bot.service.page import STATIC


def test_five_examples_are_answered_and_one_shows_an_honest_refusal(plan: Pipeline) -> None:
    page = (STATIC / "chat.html").read_text(encoding="utf-8")
    examples = re.findall(r'<li><button type="button">(.+?)</button></li>', page)
    answers = [plan.invoke(example) for example in examples]
    assert [answer.status for answer in answers] == ["answered"] * 5 + ["unanswerable_not_stated"]
    assert [bool(answer.card) for answer in answers] == [False] * 4 + [True, False]
    assert all("data-marks=" in answer_html(answer) for answer in answers)
