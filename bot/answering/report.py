"""
Answer -> the plain dictionary that `ask --json` prints and evaluation reads.

    row(answer, "q1")  ->  {"id": "q1", "status": "answered", "citations": [{"ref": "三、(五)14.", …}], …}
"""

from dataclasses import asdict
from typing import Any

from bot.answering.replies import BAD_ROW
from bot.types import Answer, Card, Citation, Clause, Hit


def row(answer: Answer, id_: str | None = None) -> dict[str, Any]:
    """The documented output row; `id` only where one is given."""
    head = {} if id_ is None else {"id": id_}
    return (
        head
        | {
            "question": answer.query.asked,
            "understood": answer.query.understood,
            "status": answer.status,
            "answer": answer.text,
            "citations": [citation_row(citation) for citation in answer.citations],
            "mode": answer.mode,
            "timings_ms": {stage: round(spent, 2) for stage, spent in answer.timings_ms.items()},
        }
        | ({"card": card_row(answer.card)} if answer.card else {})
        | (generated_row(answer) if answer.usage else {})
    )


def generated_row(answer: Answer) -> dict[str, Any]:
    """What there is to know of an answer that a model was asked for: who said what, what the check took out, cost."""
    return {
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations), "origin": sentence.origin}
            for sentence in answer.sentences
        ],
        "removed": [
            {"text": removed.text, "faults": [wrong._asdict() for wrong in removed.faults]}
            for removed in answer.removed
        ],
        "usage": asdict(answer.usage) if answer.usage else None,
    }


def card_row(card: Card) -> dict[str, Any]:
    """The fields of an answer card by name, each a list of lines, and all that they cite."""
    return {
        "fields": {
            name: [
                {"label": line.label, "text": line.text, "citations": list(line.citations), "origin": line.origin}
                for line in lines
            ]
            for name, lines in card.fields.items()
        },
        "citations": [citation_row(citation) for citation in card.citations],
    }


def error_row(asked: dict[str, Any], line: int, cause: str) -> dict[str, Any]:
    """The output row for an input row that cannot be asked."""
    return {
        "id": asked.get("id"),
        "question": asked.get("question"),
        "status": "error_invalid_question",
        "answer": BAD_ROW.format(line=line, cause=cause),
        "citations": [],
        "mode": "quoted",
        "timings_ms": {},
    }


def hit_row(hit: Hit) -> dict[str, Any]:
    """A chunk that was found, with the ranks that brought it there."""
    clause = hit.chunk.clause
    return {
        "document": clause.document.id,
        "ref": clause.ref,
        "path": list(clause.path),
        "text": hit.chunk.text,
        "start": hit.chunk.span.start,
        "end": hit.chunk.span.end,
        "units": list(hit.chunk.segment.units),
        "score": hit.score,
        "dense_rank": hit.dense_rank,
        "lexical_rank": hit.lexical_rank,
    }


def citation_row(citation: Citation) -> dict[str, Any]:
    """`text` is the cited segment (for a heading: its line) as published; `start`, `end` are document offsets."""
    clause, document = citation.clause, citation.clause.document
    units = citation.segment.units if citation.segment else clause.units if isinstance(clause, Clause) else ()
    return {
        "number": citation.number,
        "document": document.id,
        "title": document.title,
        "kind": document.kind,
        "flags": list(citation.flags),
        "doc_number": document.doc_number,
        "ref": clause.ref,
        "path": list(clause.path),
        "text": citation.segment.text if citation.segment else clause.text,
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
        "units": list(units),
        "url": document.url,
    }
