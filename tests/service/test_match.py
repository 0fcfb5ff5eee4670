"""The form of 政策匹配 and what comes back for it."""

import logging
import re
from typing import Any

import pytest

from bot.answering import replies
from bot.answering.match import tracks
from bot.service.match import match_form_html, match_reply, track_id
from bot.types import Outline
from tests.answering.small_plan import PLAN, RULES


def test_the_form_offers_the_plans_own_areas_and_the_general_stages_and_needs() -> None:
    html = match_form_html([PLAN, RULES])
    options = [option.split(">")[-1] for option in re.findall(r"<option[^>]*>[^<]+", html)]
    assert options == ["不限", "氢能", "硅光", "谋划一批前沿赛道", "不限", "创意与初创", "成长", "成熟与规模化"]
    assert '<input type="checkbox" name="needs" value="资金"><span>资金</span>' in html
    assert "optgroup" not in html


def test_areas_of_several_plans_stand_under_their_titles(outline: Outline) -> None:
    assert re.findall(r'<optgroup label="(.+?)">', match_form_html([PLAN, outline])) == [
        "某市培育新兴产业行动方案（2030—2032年）",
        "某市扶持示范产业办法",
    ]


def test_without_a_plan_there_is_a_sentence_instead_of_a_form() -> None:
    html = match_form_html([RULES])
    assert replies.NO_PLAN in html and "<form" not in html


def test_a_choice_is_answered_with_its_card() -> None:
    reply = match_reply([PLAN], {"track": track_id(tracks(PLAN)[1]), "stage": "", "needs": ["应用场景"]})
    assert reply["html"].startswith('<article class="answer card"')
    assert "研制硅光芯片。" in reply["html"]
    assert reply["text"] == replies.MAY_APPLY.format(count=1)


@pytest.mark.parametrize("request_", [{}, {"track": "plan#9999", "stage": "<b>", "needs": ["钱"]}])
def test_nothing_chosen_or_nothing_on_offer_is_asked_for_again(request_: Any) -> None:
    assert match_reply([PLAN], request_) == {"html": "", "text": replies.CHOOSE}


@pytest.mark.parametrize("request_", [None, [], {"needs": "资金"}, {"track": 1}])
def test_a_malformed_request_gets_a_sentence(request_: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert match_reply([PLAN], request_) == {"html": "", "text": replies.INTERNAL}
    assert caplog.records[0].getMessage().startswith("没能匹配：ValidationError")
