"""
The form of 政策匹配, and one request from it to the card and back.

    {"track": "plan#812", "stage": "成长", "needs": ["资金"]}  ->  {"html": "<article class=…", "text": "…"}

The choices are read off the documents (their areas) and off the general vocabulary (stages and needs).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from html import escape
from typing import TypedDict

from pydantic import BaseModel, ConfigDict

from bot.answering import replies
from bot.answering.card import make_card
from bot.answering.cite import Numbering
from bot.answering.match import Situation, match, needs, stages, track_name, tracks
from bot.answering.validity import checked_card
from bot.documents.duties import find_duties
from bot.documents.flags import Flagger
from bot.service.card_html import card_html
from bot.settings import settings
from bot.types import Clause, Outline

log = logging.getLogger(__name__)


class MatchRequest(BaseModel):
    """What the form sends; an empty string is a choice left open."""

    model_config = ConfigDict(hide_input_in_errors=True)

    track: str = ""
    stage: str = ""
    needs: list[str] = []


class MatchReply(TypedDict):
    """The rendered card, empty where nothing was chosen, and one sentence that says how it went."""

    html: str
    text: str


def match_reply(outlines: Sequence[Outline], request: object) -> MatchReply:
    """The card for what a page sent; every ending is a reply."""
    try:
        asked = MatchRequest.model_validate(request)
        situation = _situation(outlines, asked)
        if situation == Situation():
            return {"html": "", "text": replies.CHOOSE}
        flagger = Flagger(outline.document for outline in outlines)
        card = checked_card(make_card(match(outlines, situation), Numbering()), flagger)
        return {"html": card_html(card), "text": card.conclusion[-1].text}
    except Exception as error:
        log.error("没能匹配：%s：%s", type(error).__name__, error, exc_info=settings().debug)
        return {"html": "", "text": replies.INTERNAL}


def _situation(outlines: Sequence[Outline], asked: MatchRequest) -> Situation:
    """What was chosen, as far as it is on offer."""
    known = {track_id(track): track for outline in outlines for track in tracks(outline)}
    stage = asked.stage if asked.stage in {topic.name for topic in stages()} else ""
    wanted = tuple(topic.name for topic in needs() if topic.name in asked.needs)
    return Situation(known.get(asked.track), stage, wanted)


def track_id(track: Clause) -> str:
    """What stands for an area in a form: its document and where it starts there."""
    return f"{track.document.id}#{track.span.start}"


def match_form_html(outlines: Sequence[Outline]) -> str:
    """The form; or a sentence, where no document names responsible units."""
    plans = [outline for outline in outlines if find_duties(outline)]
    if not plans:
        return f'<div class="matcher"><p class="pane-empty">{replies.NO_PLAN}</p></div>'
    stage_options = "".join(f"<option>{escape(topic.name)}</option>" for topic in stages())
    boxes = "".join(
        f'<label class="choice"><input type="checkbox" name="needs" value="{escape(topic.name)}">'
        f"<span>{escape(topic.name)}</span></label>"
        for topic in needs()
    )
    return (
        '<div class="matcher" tabindex="0" role="region" aria-label="政策匹配">'
        '<form class="match-form" novalidate><h2>按企业情况找支持措施</h2>'
        "<p>按赛道、阶段、需求对照政策原文，列出可能相关的条款和责任单位。至少选一项，拿不准的可以不选。</p>"
        '<div class="choices">'
        f"{_select_html('track', '赛道', _tracks_html(plans))}{_select_html('stage', '阶段', stage_options)}"
        f'</div><fieldset><legend>需求（可多选）</legend><div class="boxes">{boxes}</div></fieldset>'
        '<p class="complaint" role="alert"></p>'
        '<div class="form-tools"><button type="submit" class="send">查看条款</button>'
        '<button type="reset" class="restart">重新选择</button></div></form>'
        '<div class="match-result"></div><div class="announcement" role="status" aria-live="polite"></div></div>'
    )


def _select_html(name: str, label: str, options: str) -> str:
    return (
        f'<label class="select"><span>{label}</span>'
        f'<select name="{name}"><option value="">不限</option>{options}</select></label>'
    )


def _tracks_html(plans: Sequence[Outline]) -> str:
    """The areas as options, under the names of their documents where there are several."""
    groups = [(outline.document.title, tracks(outline)) for outline in plans]
    html = []
    for title, listed in groups:
        options = "".join(
            f'<option value="{escape(track_id(track))}">{escape(track_name(track))}</option>' for track in listed
        )
        html.append(options if len(groups) == 1 else f'<optgroup label="{escape(title)}">{options}</optgroup>')
    return "".join(html)
