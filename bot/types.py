"""
The words every stage shares: one frozen type a stage, each naming its parent.

    corpus/plan.txt -> Document -> Clause -> Chunk -> index
    "瞪羚归哪个局?" -> Query -> Hit -> Answer(status="answered", citations=(Citation(ref="三、(三)8.", …),))

A value is never changed after it is made. This module imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

DocumentKind = Literal["original", "digest", "glossary", "curated"]
DocumentState = Literal["现行", "废止", "到期", "征求意见"]
Mode = Literal["quoted", "generated"]
Origin = Literal["quote", "units", "note", "warning", "explanation", "generated"]
Status = Literal[
    "answered",
    "clarification",
    "unanswerable_not_in_corpus",
    "unanswerable_not_stated",
    "refused_out_of_scope",
    "refused_unsafe",
    "error_invalid_question",
    "error_internal",
]

# What a title says of its edition: 专利法（2020年修正）, 某办法（征求意见稿）. （2025—2027年） is part of the name.
_EDITION = re.compile(r"\s*[（(〔](?:(?:19|20)\d\d年?)?(?:修正|修订|征求意见稿|试行|暂行|草案)?[）)〕]$")

# What the words of a document are called: only an original may be called 政策原文.
KIND_LABELS: Mapping[DocumentKind, str] = {
    "original": "政策原文",
    "digest": "要点摘编 · 非原文",
    "glossary": "名词解释 · 非官方",
    "curated": "人工审定",
}
GENERATED = "AI生成"  # what a sentence is called that a model wrote


class Span(NamedTuple):
    """Character offsets into `Document.text`: start inclusive, end exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Document:
    """One published paper. `text` is what every span in the system points into."""

    id: str  # the file's stem
    title: str
    text: str = field(repr=False)
    kind: DocumentKind = "original"
    doc_number: str | None = None  # 发文字号
    issuer: str | None = None  # 发文机关
    level: str | None = None  # 效力层级
    primary: bool = False  # asked about where a question names no paper, as far as it answers
    place: str = ""  # where it applies: 山东省, 青岛市; empty for the whole country
    issued_on: date | None = None  # 成文日期
    effective_on: date | None = None  # 施行日期
    expires_on: date | None = None  # 失效日期
    state: DocumentState = "现行"
    url: str | None = None
    note: str | None = None  # what was done to the text when it entered the corpus
    anchors: tuple[tuple[int, str], ...] = ()  # offsets into `text` and where the original has them: (0, "page=1")

    @property
    def work(self) -> str:
        """What all versions of one paper, and a digest of it, have in common: 促进科技成果转化法."""
        return _EDITION.sub("", self.title).removeprefix("中华人民共和国").strip("《》 　")

    @property
    def is_glossary(self) -> bool:
        """Whether it only explains words: it answers 什么是 and nothing else, and is not searched."""
        return self.kind == "glossary"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that opens a part of a document and carries no rule of its own: 三、重点任务. It can be cited too."""

    document: Document = field(repr=False)
    ref: str  # "三、", "三、(一)", "第二章"; the title block has none of its own
    path: tuple[str, ...]  # the headings above it and its own, as published
    text: str
    span: Span
    depth: int  # 0 for the title, 1 for 一、 or 第一编 …


@dataclass(frozen=True, slots=True)
class Segment:
    """
    The run of sentences that one “（责任单位：…）” closes, with those units; or one 款 of a statute's article.

    `span` covers the sentences and the bracket; `units_span` covers the bracket alone.
    """

    text: str
    span: Span
    units: tuple[str, ...] = ()
    units_span: Span | None = None
    label: str = ""  # 第二款, 印发通知 …, empty where the document names none

    @property
    def body_span(self) -> Span:
        """Where the sentences stand, without the closing bracket."""
        return Span(self.span.start, self.units_span.start if self.units_span else self.span.end)


@dataclass(frozen=True, slots=True)
class Clause:
    """What a citation names: 三、(四)10. or 第四十五条. Its text is kept exactly as published."""

    document: Document = field(repr=False)
    ref: str
    path: tuple[str, ...]  # the headings above it and its own, as published: ("三、重点任务", "（四）…", "10.…")
    text: str
    span: Span
    segments: tuple[Segment, ...]
    title: str = ""  # 丰富应用场景供给; empty where the document gives none

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit named in the clause, each once, in order."""
        return tuple(dict.fromkeys(unit for segment in self.segments for unit in segment.units))


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's structure: its headings and clauses, both in reading order."""

    document: Document
    headings: tuple[Heading, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is searched: a segment, or a window of a long one, indexed together with its title and path."""

    clause: Clause
    segment: Segment
    text: str
    span: Span
    id: str = field(init=False, repr=False, compare=False)  # kept: a search reads it a thousand times

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", f"{self.clause.document.id}#{self.span.start}-{self.span.end}")

    @property
    def context(self) -> str:
        """The title and path under which the text stands: '青岛市…行动方案 三、重点任务 （五）…'."""
        return " ".join((self.clause.document.title, *self.clause.path))


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that says what it is about, and other words the documents may use for it."""

    text: str
    weight: float  # how telling it is, 0 to 1: rare words of everyday Chinese weigh most
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents, by id, may answer a question, and which of them come first."""

    named: frozenset[str] = frozenset()  # the papers it names; empty where it names none
    sides: tuple[frozenset[str], ...] = ()  # where papers or levels are compared: those of each, the most local first
    missing: str = ""  # a paper it names that is not there
    excluded: frozenset[str] = frozenset()  # replaced, repealed, or of another place, and not asked for
    prior: Mapping[str, float] = field(default_factory=dict)  # what being such a paper is worth, 0 where not given

    def admits(self, document: str) -> bool:
        return document in self.named if self.named else document not in self.excluded


@dataclass(frozen=True, slots=True)
class Query:
    """A question made searchable."""

    asked: str  # as typed
    understood: str  # after width, script, typos and history were settled
    terms: tuple[Term, ...]  # what it is about, in the order asked
    asks: frozenset[str] = frozenset()  # what kind of thing is asked for: unit, count, money, date …
    changes: tuple[tuple[str, str], ...] = ()  # (as typed, as understood), shown to the reader
    history: tuple[Turn, ...] = ()
    scope: Scope = Scope()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found. The score lives here only; ranks start at 1, None where that side missed it."""

    chunk: Chunk
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered pointer to a clause. `quote` is a substring of `Document.text`, found at `span`."""

    number: int
    clause: Clause | Heading
    quote: str
    span: Span
    segment: Segment | None = None  # the run of sentences the quote stands in; None for a heading
    flags: tuple[str, ...] = ()  # what to know of its document: 要点摘编 · 非原文, 已到期 · 2024年12月31日


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    One sentence of an answer and the numbers of the citations it stands on.

    origin: "quote" is the document's own words, "units" its responsible units, "note" a fixed sentence of ours,
    "warning" one that a paper is not in force, "explanation" an entry of the glossary, which is ours too and marked as
    such, "generated" a model's, checked against what it cites.
    """

    text: str
    citations: tuple[int, ...] = ()
    origin: Origin = "quote"

    @property
    def numbered(self) -> str:
        return self.text + "".join([f"[{number}]" for number in self.citations])

    @property
    def marked(self) -> str:
        if self.origin not in ("explanation", "generated"):
            return self.numbered
        return f"【{GENERATED if self.origin == 'generated' else KIND_LABELS['glossary']}】{self.numbered}"


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of an answer card: a sentence, and what it is told of (a clause, 文号).

    Where it has citations and is no note, its text stands in the segment (or heading) that each of them names.
    """

    text: str
    citations: tuple[int, ...] = ()
    origin: Origin = "quote"
    label: str = ""  # 三、(五)14.强化科技金融支持, 发文字号; empty where the field's own name says enough


@dataclass(frozen=True, slots=True)
class Card:
    """What a document holds for one kind of asker, field by field; no field is empty, and none promises anything."""

    conclusion: tuple[Line, ...]
    basis: tuple[Line, ...]
    support: tuple[Line, ...]
    audience: tuple[Line, ...]
    conditions: tuple[Line, ...]
    times: tuple[Line, ...]
    units: tuple[Line, ...]
    originals: tuple[Line, ...]
    next_steps: tuple[Line, ...]
    citations: tuple[Citation, ...]

    @property
    def fields(self) -> Mapping[str, tuple[Line, ...]]:
        """The lines by the field's Chinese name, in the order shown."""
        return {
            "结论": self.conclusion,
            "依据": self.basis,
            "支持内容": self.support,
            "适用对象": self.audience,
            "条件/例外": self.conditions,
            "时间": self.times,
            "责任单位": self.units,
            "原文": self.originals,
            "下一步": self.next_steps,
        }


class Wrong(NamedTuple):
    """What the check found against a sentence: its kind (figure, name, citation …), what was said, what is stated."""

    kind: str
    said: str
    stated: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence of a model that was not shown, and why."""

    text: str
    faults: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """
    What asking a model took. Tokens are of all attempts; cost is in the currency the prices are set in.

    estimated: the endpoint did not tell every count, and one token a character was taken for it, which is not too few.
    fault: why its reply was not used, or not whole: timeout, rate_limit, server, connection, refused, empty, cut,
    endless, open (not asked, it has failed too often), unexpected; empty where all went well.
    """

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    attempts: int = 0
    estimated: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Always returned: expected endings are statuses, only faults are exceptions."""

    query: Query
    status: Status
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    mode: Mode = "quoted"
    hits: tuple[Hit, ...] = ()  # what the answer was chosen from
    rejected: tuple[Hit, ...] = ()  # what was found and set aside
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    card: Card | None = None  # its citations go on from the answer's own
    removed: tuple[Removed, ...] = ()  # what a model wrote and the check took out
    usage: Usage | None = None  # None where no model was asked
    quoted: Answer | None = field(default=None, repr=False)  # what a generated answer was made from

    @property
    def text(self) -> str:
        """The reply as shown, with [n] markers."""
        return "\n".join([sentence.marked for sentence in self.sentences])

    @property
    def is_whole(self) -> bool:
        """Whether no more of it will come: what a model took is told when it has ended."""
        return self.mode == "quoted" or self.usage is not None

    def label(self, sentence: Sentence) -> str:
        """Whose words a sentence of this answer is: AI生成, 政策原文, 要点摘编 · 非原文; empty for what is neither."""
        if sentence.origin == "generated":
            return GENERATED
        if sentence.origin not in ("quote", "explanation"):
            return ""
        cited = {citation.number: citation.clause.document.kind for citation in self.citations}
        kinds = [cited[number] for number in sentence.citations if number in cited]
        return KIND_LABELS[kinds[0] if kinds else "original"]

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentences with [n] markers; where a model wrote some of them, each says whose words it is."""
        if self.mode == "quoted":
            return tuple(sentence.marked for sentence in self.sentences)
        labels = (self.label(sentence) for sentence in self.sentences)
        pairs = zip(labels, self.sentences, strict=True)
        return tuple((f"【{label}】" if label else "") + sentence.numbered for label, sentence in pairs)
