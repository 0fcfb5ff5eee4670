"""
The curated answers that answer now, in this process: asked before the documents are.

    curated.answer(pipeline, "中试平台这事找哪个局")  ->  Answer(mode="curated", sentences=(…,))
    curated.answer(pipeline, "什么是量子信息")        ->  None

A change, whoever made it in whichever process, is taken over within LOOK seconds. An answer stops by itself when its
last day is over, and when the words it cites no longer stand in the document: its owner finds it on the console.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.answering.pipeline import Pipeline
from bot.answering.validity import checked
from bot.documents.flags import chinese_date
from bot.errors import BotError
from bot.service.curated.entries import MARKER, Draft, Entries, Entry, Quoted
from bot.service.curated.matching import Match, Matcher
from bot.service.curated.reading import Reader
from bot.service.records import Records
from bot.settings import settings
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH, normalise
from bot.types import Answer, Citation, Clause, Heading, Outline, Query, Sentence, Span, Turn

LOOK = 0.5  # seconds between two looks at the table
NEAR = 0.15  # a probability below which typos are not what keeps a question from its entry
VALID = "本答复由{by}审定{dates}。"
EXPIRED = "有效期至{day}，已经到期。"
CHANGED = "《{title}》中所引的文字已经改变或者不在了，请核对后重新发布。"
GONE = "所引的文件“{document}”不再收录，请核对后重新发布。"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Edition:
    """The live entries as they were at one look."""

    revision: tuple[int, int]
    entries: tuple[Entry, ...]
    matcher: Matcher | None


class Curated:
    """The live curated answers of one process; safe to share between threads."""

    def __init__(self, records: Records) -> None:
        self.entries = Entries(records)
        self._edition = _Edition((0, 0), (), None)
        self._reader: Reader | None = None
        self._before: Matcher | None = None  # the last one, whose readings the next takes over
        self._resolved: tuple[str, int, Mapping[str, tuple[Citation, ...]]] = ("", 0, {})
        self._outlines: tuple[str, Mapping[str, Outline]] = ("", {})
        self._looking = threading.Lock()
        self._closed = threading.Event()

    @property
    def revision(self) -> tuple[int, int]:
        """Another pair after every change that this process has taken over."""
        return self._edition.revision

    def answer(self, pipeline: Pipeline, question: str, history: Sequence[Turn] = ()) -> Answer | None:
        """What staff have answered to this question; None where they have not, or it no longer holds."""
        started = time.perf_counter()
        match, query = self._found(pipeline, question, history)
        if match is None:
            return None
        citations = self._citations(pipeline).get(match.entry.id)
        if citations is None:  # its words are gone: it is ended at the next look
            return None
        spent = 1000 * (time.perf_counter() - started)
        answer = composed(match.entry.draft, citations, query or Query(question, normalise(question), ()))
        timed = {"curated": spent, "total": spent}
        return checked(replace(answer, timings_ms=timed), pipeline.flagger)

    def near(self, pipeline: Pipeline, question: str) -> Sequence[Match]:
        """The live entries that come near a question, the nearest first, for who writes another."""
        matcher = self._matcher(pipeline)
        return matcher.nearest(question) if matcher else ()

    def look(self, pipeline: Pipeline | None = None) -> None:
        """Take over what has changed; with a pipeline also end what no longer holds. Raises RecordsError."""
        with self._looking:
            revision = self.entries.revision()
            if revision != self._edition.revision:
                self._edition = _Edition(revision, tuple(self.entries.chosen("live")), None)
            if pipeline:
                self._matcher(pipeline)
                self._end(pipeline)

    def watch(self, current: Any) -> None:
        """Look twice a second, in a thread of its own until `close`; `current` lends the pipeline in use."""

        def watching() -> None:
            while not self._closed.is_set():
                try:
                    with current.lent() as pipeline:
                        self.look(pipeline)
                except BotError as error:
                    if not self._closed.is_set():
                        log.error("%s", error)
                except Exception:
                    log.exception("curated answers were not looked at")
                self._closed.wait(LOOK)

        threading.Thread(target=watching, name="watch curated answers", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def _found(self, pipeline: Pipeline, question: str, history: Sequence[Turn]) -> tuple[Match | None, Query | None]:
        """The entry for the question as it stands alone, and the question as understood where that was needed."""
        matcher = self._matcher(pipeline)
        if matcher is None or not question.strip() or len(question) > MAXIMUM_QUESTION_LENGTH:
            return None, None
        query = None
        if history:  # what leans on the conversation is not what stands there
            query = pipeline.understand(question, history)
            leans = any(typed not in question for typed, _ in query.changes)
            asked = query.understood
            if leans and asked == normalise(question):
                return None, query
            return matcher.match(asked), query
        if match := matcher.match(question):
            return match, None
        near = matcher.nearest(question)
        typed_oddly = any("a" <= letter <= "z" for letter in question.lower())
        if typed_oddly or (near and near[0].probability > NEAR):
            query = pipeline.understand(question)
            if query.understood != normalise(question):
                return matcher.match(query.understood), query
        return None, query

    def _matcher(self, pipeline: Pipeline) -> Matcher | None:
        edition = self._edition
        if edition.entries and edition.matcher is None:
            if self._reader is None:
                self._reader = Reader(pipeline.likeness.embedder, settings().home)
            matcher = Matcher(edition.entries, self._reader, self._before)
            edition = _Edition(edition.revision, edition.entries, matcher)
            if self._edition.revision == edition.revision:
                self._edition, self._before = edition, matcher
        return edition.matcher

    def _citations(self, pipeline: Pipeline) -> Mapping[str, tuple[Citation, ...]]:
        """Of each live entry whose every citation still stands, these, in the index in use."""
        edition, store = self._edition, pipeline.store
        generation, of, resolved = self._resolved
        if generation != store.generation or of != id(edition.entries):
            outlines = self.outlines(pipeline)
            found = {entry.id: resolve(entry.draft.citations, outlines) for entry in edition.entries}
            resolved = {id_: citations for id_, citations in found.items() if citations}
            self._resolved = (store.generation, id(edition.entries), resolved)
        return resolved

    def outlines(self, pipeline: Pipeline) -> Mapping[str, Outline]:
        """The documents of the index in use by their ids."""
        generation, outlines = self._outlines
        if generation != pipeline.store.generation:
            outlines = {outline.document.id: outline for outline in pipeline.store.outlines}
            self._outlines = (pipeline.store.generation, outlines)
        return outlines

    def _end(self, pipeline: Pipeline) -> None:
        outlines, citations = self.outlines(pipeline), self._citations(pipeline)
        for entry in self._edition.entries:
            last = entry.draft.valid_to
            if last and last < date.today():
                self.entries.end(entry.id, entry.version, "expired", EXPIRED.format(day=chinese_date(last)))
            elif entry.id not in citations:
                self.entries.end(entry.id, entry.version, "changed", lost(entry.draft.citations, outlines))


def composed(draft: Draft, citations: Sequence[Citation], query: Query) -> Answer:
    """The answer: its lines as they were written, then who answers for it and how long it holds."""
    sentences = []
    for line in filter(None, map(str.strip, draft.text.splitlines())):
        numbers = tuple(dict.fromkeys(int(number) for number in MARKER.findall(line)))
        sentences.append(Sentence(MARKER.sub("", line).strip(), numbers, "curated"))
    cited = {number for sentence in sentences for number in sentence.citations}
    if rest := tuple(citation.number for citation in citations if citation.number not in cited):
        last = sentences[-1]
        sentences[-1] = Sentence(last.text, (*last.citations, *rest), "curated")
    note = Sentence(VALID.format(by=draft.unit or "工作人员", dates=validity(draft)), origin="note")
    return Answer(query, "answered", (*sentences, note), tuple(citations), "curated")


def validity(draft: Draft) -> str:
    """，2026年11月24日起有效 …; empty where no day is set."""
    start, end = chinese_date(draft.valid_from), chinese_date(draft.valid_to)
    if start and end:
        return f"，有效期{start}至{end}"
    return f"，有效期至{end}" if end else f"，自{start}起有效" if start else ""


def resolve(quoted: Sequence[Quoted], outlines: Mapping[str, Outline]) -> tuple[Citation, ...]:
    """The citations in the documents as they are now; empty where one of them no longer stands there."""
    citations = []
    for number, each in enumerate(quoted, 1):
        outline = outlines.get(each.document)
        span = _standing(each, outline) if outline else None
        if outline is None or span is None:
            return ()
        parts = _parts(outline, span)
        if not parts:
            return ()
        segment = next((own for own in getattr(parts[0], "segments", ()) if _holds(own.span, span)), None)
        citations.append(Citation(number, parts[0], each.quote, span, segment))
    return tuple(citations)


def lost(quoted: Sequence[Quoted], outlines: Mapping[str, Outline]) -> str:
    """Which of the citations no longer stands, in one sentence."""
    for each in quoted:
        outline = outlines.get(each.document)
        if outline is None:
            return GONE.format(document=each.document)
        if not resolve([each], outlines):
            return CHANGED.format(title=outline.document.title)
    return ""


def quoted_at(outline: Outline, span: Span) -> Quoted:
    """What is kept of a citation. The span must lie within one clause or heading."""
    parts = _parts(outline, span)
    text = span.of(outline.document.text)
    return Quoted(outline.document.id, span.start, span.end, text, parts[0].ref if parts else "")


def _parts(outline: Outline, span: Span) -> list[Clause | Heading]:
    parts: list[Clause | Heading] = [*outline.clauses, *outline.headings]
    return [part for part in parts if _holds(part.span, span)]


def _standing(each: Quoted, outline: Outline) -> Span | None:
    """Where the quote stands now: where it stood, else the only place that has it."""
    text = outline.document.text
    if text[each.start : each.end] == each.quote:
        return Span(each.start, each.end)
    found = text.find(each.quote)
    return Span(found, found + len(each.quote)) if found >= 0 and text.find(each.quote, found + 1) < 0 else None


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
