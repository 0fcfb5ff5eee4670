"""
The numbered passages that a model may lean on, and how it sees them.

    answer, drafts  ->  (Citation(1, 三、(二)6., "加快建设…每年培养技术经纪人30名以上，…"), …)
                    ->  [1] 《青岛市…行动方案（2025—2027年）》三、(二)6.\\n加快建设…\\n责任单位：市科技局

They are what the quoting answer quotes, then the next best sentences of the same papers. The model sees neither
addresses nor anything else by which it could name a source but the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answering.cite import Numbering
from bot.answering.draft import Draft, Pick
from bot.documents.flags import flag_note
from bot.types import Answer, Citation

MORE = 3  # sentences beside those that the answer quotes
NEAR = 0.6  # of the best sentence's score; what is farther from the question only leads a model astray
MOST_CHARACTERS = 3000  # of what is quoted: a longer answer is a list, which a model could only shorten
_ADDRESS = re.compile(r"(?:https?://|www\.)[\w./?=&%#:~+-]+|[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)


def passages(answer: Answer, drafts: Sequence[Draft]) -> tuple[tuple[Citation, ...], frozenset[int]]:
    """The passages, numbered from 1, and the numbers of those that the answer quotes; none where it is too long."""
    cited = {citation.number: citation for citation in answer.citations}
    numbering = Numbering()
    for sentence in answer.sentences:
        if sentence.origin == "quote":
            for citation in (cited[number] for number in sentence.citations):
                numbering.cite(citation.clause, citation.span, citation.segment)
    quoted = frozenset(citation.number for citation in numbering.citations)
    if sum(len(citation.quote) for citation in numbering.citations) > MOST_CHARACTERS:
        return (), frozenset()
    for pick in _next_best(drafts, numbering.citations):
        numbering.cite(pick.clause, pick.span, pick.segment)
    flags = {citation.clause.document.id: citation.flags for citation in answer.citations}
    flagged = (replace(each, flags=flags[each.clause.document.id]) for each in numbering.citations)
    return tuple(flagged), quoted


def written(passages: Iterable[Citation]) -> str:
    """The passages as a model reads them."""
    return "\n\n".join(map(_written, passages))


def _next_best(drafts: Sequence[Draft], quoted: Sequence[Citation]) -> list[Pick]:
    found: list[Pick] = []
    papers = {citation.clause.document.id for citation in quoted}
    taken = [(citation.clause.document.id, citation.span) for citation in quoted]
    for draft in drafts:
        best = max((item.score for item in draft.evidence), default=0.0)
        for item in sorted(draft.evidence, key=lambda item: -item.score):
            id_, span = item.clause.document.id, item.span
            shown = any(id_ == other and span.start < end and start < span.end for other, (start, end) in taken)
            if len(found) < MORE and id_ in papers and not shown and item.score >= NEAR * best:
                found.append(Pick.of(item))
                taken.append((id_, span))
    return found


def _written(citation: Citation) -> str:
    document = citation.clause.document
    lines = [f"[{citation.number}] 《{document.title}》{citation.clause.ref}{flag_note(citation.flags)}"]
    lines.append(_ADDRESS.sub("（网址从略）", citation.quote))
    if citation.segment and citation.segment.units:
        lines.append(f"责任单位：{'、'.join(citation.segment.units)}")
    return "\n".join(lines)
