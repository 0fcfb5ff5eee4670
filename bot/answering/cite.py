"""
Number the citations of one answer.

    Numbering().cite(clause, Span(3775, 3820), segment)  ->  1
"""

from dataclasses import dataclass, field

from bot.types import Citation, Clause, Heading, Segment, Span


@dataclass(slots=True)
class Numbering:
    """Hands out citation numbers; the same stretch of the same document keeps its number."""

    citations: list[Citation] = field(default_factory=list)

    def cite(self, clause: Clause | Heading, span: Span, segment: Segment | None) -> int:
        for citation in self.citations:
            if citation.clause.document.id == clause.document.id and citation.span == span:
                return citation.number
        quote = span.of(clause.document.text)
        self.citations.append(Citation(len(self.citations) + 1, clause, quote, span, segment))
        return len(self.citations)
