"""
Say of what is quoted whether it is in force, a draft, a digest or replaced.

    Answer(…, citations=(Citation(…条例, expired 2024-12-31),))
        ->  注意：《…条例》已于2024年12月31日到期，以下内容仅供参考。
            第三条　……[1]

Every citation carries the flags of its document, for whoever shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.answering import replies
from bot.documents.flags import Flagger
from bot.types import Answer, Card, Citation, Document, Line, Sentence


def checked(answer: Answer, flagger: Flagger) -> Answer:
    """The answer with its citations flagged, opened by one sentence where a paper it cites is not in force."""
    warning = _warning((citation.clause.document for citation in answer.citations), flagger)
    return replace(
        answer,
        sentences=((Sentence(warning, origin="warning"),) if warning else ()) + answer.sentences,
        citations=_flagged(answer.citations, flagger),
        card=checked_card(answer.card, flagger) if answer.card else None,
    )


def checked_card(card: Card, flagger: Flagger) -> Card:
    """The card with its citations flagged, its conclusion opened by the same sentence."""
    warning = _warning((citation.clause.document for citation in card.citations), flagger)
    opening = (Line(warning, origin="warning"),) if warning else ()
    return replace(card, conclusion=opening + card.conclusion, citations=_flagged(card.citations, flagger))


def _flagged(citations: Iterable[Citation], flagger: Flagger) -> tuple[Citation, ...]:
    return tuple(replace(citation, flags=flagger.flags(citation.clause.document)) for citation in citations)


def _warning(documents: Iterable[Document], flagger: Flagger) -> str:
    told = dict.fromkeys(filter(None, map(flagger.warning, documents)))
    return replies.NOT_IN_FORCE.format(papers="；".join(told)) if told else ""
