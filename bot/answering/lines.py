"""
A document's sentences in reading order, each with the line that leads to it.

问：需要带什么材料？ 答：带预约记录。           ->  Line("答：带预约记录。", lead="问：需要带什么材料？")
（二）简化审批。 急需物资可先办后补。           ->  Line("急需物资可先办后补。", lead="（二）简化审批。")

A question, a label or a line that ends with a colon has the words that are asked about; the answer is what follows it.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from bot.text.normalise import comparable
from bot.text.sentences import split_sentences
from bot.types import Clause, Outline, Segment, Span

LEADING = re.compile(r"[?:]$")
ADDRESSED = re.compile(r"^各|(?:单位|部门|政府|委员会|局|公司)[:：]$")  # 各区、市人民政府，市直各单位：
# 四是减轻负担。 （二）简化审批。 with a numeral of its own, or words that end without a mark.
LABEL = re.compile(
    r"(?:[一二三四五六七八九十]+(?:是|要)|[(（]?[一二三四五六七八九十\d]+[)）、.．])[^，,；;：:？?。！!\d]{2,24}。?"
    r"|[^，,；;：:？?。！!\d]{2,24}"
)
REACH = 6  # lines; what stands further below is no longer what the lead speaks of


class Places(NamedTuple):
    """Texts in which a question's words may stand, each in comparable form."""

    title: str  # of the clause
    sentence: str
    lead: str
    document_title: str
    heading: str  # all those above
    segment: str
    clause: str


@dataclass(frozen=True)
class Line:
    """One sentence; `lead` is the text of the line that leads to it, empty where none does."""

    clause: Clause
    segment: Segment
    span: Span
    leads: bool
    lead: str = ""

    # Every question reads them again, so each line has its own at hand, the very same string whoever asks.
    @cached_property
    def text(self) -> str:
        return self.span.of(self.clause.document.text)

    @cached_property
    def plain(self) -> str:
        """The text in comparable form."""
        return comparable(self.text)

    @cached_property
    def places(self) -> Places:
        """What the line says and what it stands under, in comparable form."""
        clause = self.clause
        return Places(
            title=comparable(clause.title),
            sentence=self.plain,
            lead=self.lead,
            document_title=comparable(clause.document.title),
            heading=comparable(" ".join(clause.path)),
            segment=comparable(self.segment.body_span.of(clause.document.text)),
            clause=comparable(clause.text),
        )


def read(outline: Outline) -> tuple[Line, ...]:
    """The lines of a document, without headings of their own and without unit brackets."""
    lines: list[Line] = []
    title = comparable(outline.document.title)
    lead, distance = "", 0
    for clause in outline.clauses:
        for segment in clause.segments:
            for place, span in enumerate(body_sentences(clause, segment)):
                text = span.of(clause.document.text)
                leads = leads_on(text, opens=place == 0)
                distance += 1
                lines.append(Line(clause, segment, span, leads, lead if distance <= REACH else ""))
                if leads:  # the title leads to no line more than to another
                    lead, distance = "" if comparable(text) in title else comparable(text), 0
    return tuple(lines)


def leads_on(text: str, opens: bool) -> bool:
    """Whether the sentence only says what the next ones speak of; a label does so where it opens a paragraph."""
    if LEADING.search(comparable(text)) and not ADDRESSED.search(text):
        return True
    return opens and LABEL.fullmatch(text.strip()) is not None


def body_sentences(clause: Clause, segment: Segment) -> list[Span]:
    """
    Where a segment's sentences stand in the document, without the closing bracket and without the item's own heading
    ("14.强化科技金融支持。"), which is shown as the path.
    """
    body = segment.body_span
    text = clause.document.text
    sentences = [Span(body.start + span.start, body.start + span.end) for span in _sentences(body.of(text))]
    if len(sentences) > 1 and clause.title and _is_label(sentences[0].of(text), clause.title):
        return sentences[1:]
    return sentences


@lru_cache(maxsize=8192)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(split_sentences(text))


def _is_label(sentence: str, title: str) -> bool:
    return title in sentence and len(sentence) <= len(title) + 6
