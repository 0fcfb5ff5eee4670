"""
Render an answer as HTML and as the text that is copied.

    Answer("answered", (Sentence("…", (1,)),), (Citation(1, …),))
        ->  <article class="answer" data-status="answered"><p class="quote"><span class="label">政策原文</span>…

Pure functions: an answer in, a string out, everything escaped. The document's own words, its responsible units and our
fixed sentences look different from one another, because only the first two are the text of a policy; so do the
sentences that a model wrote.
"""

from __future__ import annotations

from html import escape

from bot.service.card_html import folded_card_html
from bot.service.citation_html import copy_html, number_html, source_line, sources_html
from bot.service.removed import removed_html
from bot.service.words import AI_NOTICE, CURATED_NOTICE, NOTICE, STATUS_LABELS
from bot.types import Answer, Citation, Sentence


def answer_html(answer: Answer, for_staff: bool = False) -> str:
    """
    What was understood, the status where it is not an answer, the sentences, the sources, a button to copy them.

    for_staff: with what the check took out of a model's reply, which nobody else may see.
    """
    cited = {citation.number: citation for citation in answer.citations}
    parts = (
        _understood_html(answer),
        _status_html(answer),
        *(_sentence_html(sentence, answer.label(sentence), cited) for sentence in answer.sentences),
        removed_html(answer.removed) if for_staff else "",
        folded_card_html(answer.card, len(answer.citations)) if answer.card else "",
        sources_html(answer.citations),
        copy_html(answer_text(answer)),
    )
    return f'<article class="answer" data-status="{answer.status}">{"".join(parts)}</article>'


def answer_text(answer: Answer) -> str:
    """The reply as plain text with its sources and the notice: what 复制 puts on the clipboard."""
    sources = [f"[{citation.number}] {source_line(citation)}" for citation in answer.citations]
    notice = {"generated": AI_NOTICE, "curated": CURATED_NOTICE}.get(answer.mode, NOTICE)
    return "\n".join((*answer.lines, *(["来源："] if sources else []), *sources, notice))


def _understood_html(answer: Answer) -> str:
    """已理解为：专精特新（zjtx），for what was typed otherwise or left to the conversation."""
    changes = "；".join(f"{understood}（{typed}）" for typed, understood in answer.query.changes)
    return f'<p class="understood">已理解为：{escape(changes)}</p>' if changes else ""


def _status_html(answer: Answer) -> str:
    label = STATUS_LABELS.get(answer.status)
    return f'<p class="status">{label}</p>' if label else ""


def _sentence_html(sentence: Sentence, label: str, cited: dict[int, Citation]) -> str:
    label = f'<span class="label">{label}</span>' if label else ""
    numbers = "".join(number_html(cited[number]) for number in sentence.citations if number in cited)
    return f'<p class="{sentence.origin}">{label}{escape(sentence.text)}{numbers}</p>'
