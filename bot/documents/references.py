"""
Find where a document refers to another, or to another place of its own.

第五条 依照《某市种树条例》第三条和本办法第二条办理。
    ->  《某市种树条例》 the paper, 第三条 its article, 本办法第二条 an article of this one

Only what is in the collection is found. An article named behind a paper that is not (刑法第二条) is none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.documents.catalogue import since
from bot.documents.titles import paper_names
from bot.types import Clause, Document, Heading, Outline, Span

_N = "[一二三四五六七八九十百千零〇]+"
_KINDS = "法典|法|条例|办法|规定|细则|规则|章程|意见|方案|通知|决定|解释"
_TOKEN = re.compile(
    rf"《(?P<title>[^《》]+)》"
    rf"|(?P<own>本(?:{_KINDS})(?:的|中)?)?(?P<article>第{_N}条(?:之{_N})?)(?:第(?P<paragraph>{_N})款)?"
    rf"|本条第(?P<own_paragraph>{_N})款|前(?P<back>[一二两三]?)款|(?P<previous>前条)"
)
_BEHIND_TITLE = re.compile(r"(?:[（(][^（）()]*[）)])?(?:的|中)?")
_GOES_ON = re.compile(rf"(?:第?[（(]?{_N}[)）]?[款项]|[、，,和或者以及至到\s])*")
_BEHIND_OTHER = re.compile(rf"(?:{_KINDS})(?:[（(][^（）()]*[）)])?(?:的|中)?$")
_NUMERALS = "一二三四五六七八九十"


class Reference(NamedTuple):
    """The words at `span` of one document speak of `place`, there of `target`."""

    span: Span
    place: Clause | Heading
    target: Span


class References:
    """Finds references among these documents; of several versions of a paper the newest in force is meant."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._papers: dict[str, Outline] = {}
        known = [outline for outline in outlines if not outline.document.is_glossary]
        for outline in sorted(known, key=lambda each: _standing_of(each.document)):
            self._papers.update(dict.fromkeys(paper_names(outline.document.title), outline))

    def of(self, outline: Outline) -> tuple[Reference, ...]:
        """Every reference in the document, in reading order; none overlaps another."""
        articles = {clause.ref: clause for clause in outline.clauses}
        return tuple(
            reference
            for place in range(len(outline.clauses))
            for reference in self._of_clause(outline, articles, place)
        )

    def _of_clause(self, own: Outline, articles: dict[str, Clause], place: int) -> Iterator[Reference]:
        clause = own.clauses[place]
        meant: Outline | None = None  # the paper whose article was named last
        end, was_title = 0, False
        for token in _TOKEN.finditer(clause.text):
            span = Span(clause.span.start + token.start(), clause.span.start + token.end())
            gap = clause.text[end : token.start()]
            if token["title"]:
                meant, was_title = self._paper(token["title"]), True
                if meant and meant.document.id != own.document.id and (first := _first(meant)):
                    yield Reference(span, first, first.span)
            elif token["article"]:
                follows = (_BEHIND_TITLE if was_title else _GOES_ON).fullmatch(gap) is not None and end > 0
                if token["own"]:
                    meant = own
                elif not follows:
                    meant = None if _BEHIND_OTHER.search(clause.text[: token.start()]) else own
                was_title = False
                if not (token.start() == 0 and token["article"] == clause.ref):
                    named = articles if meant is own else {each.ref: each for each in meant.clauses} if meant else {}
                    target = named.get(token["article"])
                    if target and (target is not clause or token["paragraph"]):
                        yield Reference(span, target, _paragraph(target, token["paragraph"]))
            else:
                was_title = False
                if found := _near(own.clauses, place, token, span):
                    yield Reference(span, *found)
            end = token.end()

    def _paper(self, title: str) -> Outline | None:
        return next((self._papers[name] for name in sorted(paper_names(title)) if name in self._papers), None)


def _near(clauses: Sequence[Clause], place: int, token: re.Match[str], span: Span) -> tuple[Clause, Span] | None:
    """What 前条, 前款, 前两款 and 本条第二款 point at."""
    clause = clauses[place]
    if token["previous"]:
        return (clauses[place - 1], clauses[place - 1].span) if place else None
    if token["own_paragraph"]:
        return clause, _paragraph(clause, token["own_paragraph"])
    steps = {"": 1, "一": 1, "二": 2, "两": 2, "三": 3}[token["back"]]
    at = next((n for n, segment in enumerate(clause.segments) if span.start < segment.span.end), 0)
    return (clause, clause.segments[at - steps].span) if at >= steps else None


def _paragraph(clause: Clause, numeral: str | None) -> Span:
    """The paragraph of an article; all of it where none, or one it has not, is named."""
    number = _NUMERALS.find(numeral) if numeral and len(numeral) == 1 else -1
    return clause.segments[number].span if 0 <= number < len(clause.segments) else clause.span


def _first(outline: Outline) -> Clause | Heading | None:
    places: list[Clause | Heading] = [*outline.headings, *outline.clauses]
    return min(places, key=lambda place: place.span.start, default=None)


def _standing_of(document: Document) -> tuple[bool, bool, int]:
    """Sorts what is meant by a title last: in force, original, newest."""
    return document.state == "现行", document.kind == "original", since(document).toordinal()
