"""
What is sent back, as pydantic models.

    ask_reply(Answered(…), "01J…", "c1", settings())  ->  AskReply(id="01J…", status="answered", sentences=[…], …)

Every reply to a question carries the label that 《人工智能生成合成内容标识办法》 and GB 45438-2025 ask for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field

from bot.answering.report import card_row
from bot.documents.flags import Flagger
from bot.service.api.answers import Answered
from bot.service.console.directory import Handoff
from bot.service.document_html import original_url
from bot.service.words import AI_NOTICE, CURATED_NOTICE
from bot.settings import Settings
from bot.types import (
    GENERATED,
    KIND_LABELS,
    Answer,
    Card,
    Citation,
    Clause,
    Document,
    DocumentKind,
    DocumentState,
    Heading,
    Hit,
    Mode,
    Origin,
    Outline,
    Segment,
    Sentence,
    Span,
    Status,
)


class Problem(BaseModel):
    """出错时的统一答复（RFC 9457，application/problem+json）。"""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="一句话说明出了什么问题、怎么办。")
    instance: str = Field(description="请求的路径。")


class CitedDocument(BaseModel):
    """一份文件的身份。"""

    id: str
    title: str
    doc_number: str | None = Field(description="发文字号")
    level: str | None = Field(description="效力层级")
    state: DocumentState
    kind: DocumentKind
    url: str | None = Field(description="官方网站上的原件；知道页码的直接到页。")


class CitationReply(BaseModel):
    """一条引用：quote 是文件全文中从 span[0] 到 span[1] 的文字，一字不差。"""

    number: int
    document: CitedDocument
    ref: str
    path: list[str]
    quote: str
    span: tuple[int, int]
    flags: list[str] = Field(description="引用前要知道的，如已到期、要点摘编 · 非原文。")
    units: list[str] = Field(description="所引段落列明的责任单位。")
    href: str = Field(description="本服务上打开所引文字的页面。")


class SentenceReply(BaseModel):
    """回答中的一句。"""

    text: str
    origin: Origin
    label: str = Field(
        description="这句话是什么：政策原文、要点摘编 · 非原文、名词解释 · 非官方、AI生成、人工审定；固定用语为空。"
    )
    citations: list[int]


class LineReply(BaseModel):
    label: str
    text: str
    citations: list[int]
    origin: Origin


class CardReply(BaseModel):
    """政策匹配答复卡；引用编号接着回答的往下排。"""

    fields: dict[str, list[LineReply]]
    citations: list[CitationReply]


class Label(BaseModel):
    """人工智能生成合成内容的隐式标识（GB 45438-2025）。"""

    Label: str = Field(default="1", description="1：属于人工智能生成合成内容。")
    ContentProducer: str = Field(description="生成服务提供者")
    ProduceID: str = Field(description="内容制作编号，即答复的id，与服务记录一致。")
    ReservedCode1: str = Field(description="正文的SHA-256，供核对内容是否被改动。")
    ContentPropagator: str = Field(description="传播服务提供者")
    PropagateID: str
    ReservedCode2: str = ""


class HandoffReply(BaseModel):
    """没有答到的，可以转到哪里；不知道的为空。"""

    unit: str
    contact: str
    hours: str
    address: str
    link: str


class AskReply(BaseModel):
    """对一个问题的答复。"""

    id: str = Field(description="答复编号，按时间可排序。")
    conversation: str
    status: Status
    mode: Mode
    sentences: list[SentenceReply]
    citations: list[CitationReply]
    text: str = Field(description="整段答复，带[n]标记。")
    understood: list[tuple[str, str]] = Field(description="按另一种写法理解了的词：[所写, 所理解]。")
    card: CardReply | None
    suggestions: list[str] = Field(description="接下来可以问的，语料中确有答案。")
    handoff: HandoffReply | None = Field(description="没有答到所问内容时的咨询渠道：条款列明的责任单位，否则12345。")
    notice: str
    aigc: Label | None = Field(description="人工审定的答复不是生成内容，为null。")
    timings_ms: dict[str, float]


class DocumentReply(CitedDocument):
    """收录的一份文件。"""

    issuer: str | None
    place: str
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    flags: list[str]
    clauses: int
    sha256: str
    href: str


class DocumentsReply(BaseModel):
    documents: list[DocumentReply]


class HeadingReply(BaseModel):
    ref: str
    path: list[str]
    text: str
    span: tuple[int, int]
    depth: int


class OutlineReply(DocumentReply):
    """一份文件及其目录、全文。"""

    note: str | None
    headings: list[HeadingReply]
    text: str


class SegmentReply(BaseModel):
    text: str
    span: tuple[int, int]
    label: str
    units: list[str]


class ClauseReply(BaseModel):
    """一条条款，文字与文件一致。"""

    ref: str
    title: str
    path: list[str]
    text: str
    span: tuple[int, int]
    units: list[str]
    segments: list[SegmentReply]
    href: str


class ClausesReply(BaseModel):
    document: CitedDocument
    clauses: list[ClauseReply]


class PlaceReply(BaseModel):
    """文件中一段文字及它所在的条款。"""

    document: CitedDocument
    quote: str
    span: tuple[int, int]
    flags: list[str]
    clauses: list[ClauseReply]


class SuggestionsReply(BaseModel):
    suggestions: list[str]


class FeedbackReply(BaseModel):
    recorded: bool = True


class TicketReply(BaseModel):
    """受理的投诉举报。"""

    ticket: str
    due: datetime
    state: str
    reply: str


class ForgottenReply(BaseModel):
    deleted: int = Field(description="删去的问答条数。")


class HitReply(BaseModel):
    """检索到的一段。"""

    document: CitedDocument
    ref: str
    path: list[str]
    text: str
    span: tuple[int, int]
    units: list[str]
    flags: list[str]
    href: str


def ask_reply(
    answered: Answered, id_: str, conversation: str, settings: Settings, handoff: Handoff | None = None
) -> AskReply:
    answer = answered.answer
    cited = {citation.number: citation for citation in answer.citations}
    return AskReply.model_construct(  # of our own making: nothing to check
        id=id_,
        conversation=conversation,
        status=answer.status,
        mode=answer.mode,
        sentences=[sentence_reply(sentence, cited) for sentence in answer.sentences],
        citations=[citation_reply(citation) for citation in answer.citations],
        text=answer.text,
        understood=[tuple(change) for change in answer.query.changes],
        card=_card_reply(answer.card) if answer.card else None,
        suggestions=list(answered.suggestions),
        handoff=_handoff_reply(handoff) if handoff else None,
        notice=CURATED_NOTICE if answer.mode == "curated" else AI_NOTICE,
        aigc=None if answer.mode == "curated" else label(answer, id_, settings),
        timings_ms={stage: round(spent, 2) for stage, spent in answer.timings_ms.items()},
    )


def label(answer: Answer, id_: str, settings: Settings) -> Label:
    """The label of one answer. Who makes it here also spreads it, under the same number."""
    provider = settings.provider_name
    return Label.model_construct(
        Label="1",
        ContentProducer=provider,
        ProduceID=id_,
        ReservedCode1=hashlib.sha256(answer.text.encode()).hexdigest(),
        ContentPropagator=provider,
        PropagateID=id_,
        ReservedCode2="",
    )


def sentence_reply(sentence: Sentence, cited: Mapping[int, Citation]) -> SentenceReply:
    named = ""
    if sentence.origin == "generated":
        named = GENERATED
    elif sentence.origin == "curated":
        named = KIND_LABELS["curated"]
    elif sentence.origin in ("quote", "explanation"):
        kinds = [cited[number].clause.document.kind for number in sentence.citations if number in cited]
        named = KIND_LABELS[kinds[0] if kinds else "original"]
    return SentenceReply.model_construct(
        text=sentence.text, origin=sentence.origin, label=named, citations=list(sentence.citations)
    )


def citation_reply(citation: Citation) -> CitationReply:
    clause = citation.clause
    units = citation.segment.units if citation.segment else clause.units if isinstance(clause, Clause) else ()
    return CitationReply.model_construct(
        number=citation.number,
        document=cited_document(clause.document, citation.span.start),
        ref=clause.ref,
        path=list(clause.path),
        quote=citation.quote,
        span=tuple(citation.span),
        flags=list(citation.flags),
        units=list(units),
        href=href(clause.document, citation.span),
    )


def cited_document(document: Document, offset: int = 0) -> CitedDocument:
    return CitedDocument.model_construct(**_identity(document, offset))


def document_reply(outline: Outline, flagger: Flagger) -> DocumentReply:
    return DocumentReply.model_construct(**_particulars(outline, flagger))


def outline_reply(outline: Outline, flagger: Flagger) -> OutlineReply:
    return OutlineReply.model_construct(
        **_particulars(outline, flagger),
        note=outline.document.note,
        headings=[_heading_reply(heading) for heading in outline.headings],
        text=outline.document.text,
    )


def clause_reply(clause: Clause) -> ClauseReply:
    return ClauseReply.model_construct(
        ref=clause.ref,
        title=clause.title,
        path=list(clause.path),
        text=clause.text,
        span=tuple(clause.span),
        units=list(clause.units),
        segments=[_segment_reply(segment) for segment in clause.segments],
        href=href(clause.document, clause.span),
    )


def hit_reply(hit: Hit, flagger: Flagger) -> HitReply:
    clause, span = hit.chunk.clause, hit.chunk.span
    return HitReply.model_construct(
        document=cited_document(clause.document, span.start),
        ref=clause.ref,
        path=list(clause.path),
        text=hit.chunk.text,
        span=tuple(span),
        units=list(hit.chunk.segment.units),
        flags=list(flagger.flags(clause.document)),
        href=href(clause.document, span),
    )


def sources(citations: Iterable[Citation]) -> str:
    """[1] 《…行动方案》（文号）三、(四)10., a line each."""
    lines = []
    for citation in citations:
        document = citation.clause.document
        number = f"（{document.doc_number}）" if document.doc_number else ""
        flags = f"（{'；'.join(citation.flags)}）" if citation.flags else ""
        lines.append(f"[{citation.number}] 《{document.title}》{number}{citation.clause.ref}{flags}")
    return "\n".join(lines)


def href(document: Document, span: Span) -> str:
    """Where this service shows these words: /chat/documents/ID#120-168."""
    return f"/chat/documents/{quote(document.id, safe='')}#{span.start}-{span.end}"


def _identity(document: Document, offset: int) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "doc_number": document.doc_number,
        "level": document.level,
        "state": document.state,
        "kind": document.kind,
        "url": original_url(document, offset) or None,
    }


def _particulars(outline: Outline, flagger: Flagger) -> dict[str, Any]:
    document = outline.document
    return _identity(document, 0) | {
        "issuer": document.issuer,
        "place": document.place,
        "issued_on": document.issued_on,
        "effective_on": document.effective_on,
        "expires_on": document.expires_on,
        "flags": list(flagger.flags(document)),
        "clauses": len(outline.clauses),
        "sha256": document.sha256,
        "href": f"/chat/documents/{quote(document.id, safe='')}",
    }


def _heading_reply(heading: Heading) -> HeadingReply:
    return HeadingReply.model_construct(
        ref=heading.ref, path=list(heading.path), text=heading.text, span=tuple(heading.span), depth=heading.depth
    )


def _segment_reply(segment: Segment) -> SegmentReply:
    return SegmentReply.model_construct(
        text=segment.text, span=tuple(segment.span), label=segment.label, units=list(segment.units)
    )


def _handoff_reply(handoff: Handoff) -> HandoffReply:
    return HandoffReply.model_construct(
        unit=handoff.unit,
        contact=handoff.contact,
        hours=handoff.hours,
        address=handoff.address,
        link=handoff.link,
    )


def _card_reply(card: Card) -> CardReply:
    return CardReply.model_construct(
        fields={
            name: [LineReply.model_construct(**line) for line in lines]
            for name, lines in card_row(card)["fields"].items()
        },
        citations=[citation_reply(citation) for citation in card.citations],
    )
