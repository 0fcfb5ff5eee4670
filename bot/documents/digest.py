"""
Find the structure of a digest: lines of our own words, each on one article of the original.

第四十五条　没有约定的，转让或者许可净收入中用于奖励的部分不低于50%。
    ->  Clause(ref="第四十五条", segments=(Segment("第四十五条　没有约定的，…"),), …)

A digest leaves articles out, so its numbers need not go on from one another; they are those of the original. Lines on
one article stand together and are one clause.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from bot.documents.numbering import read_ref
from bot.errors import CorpusError
from bot.types import Clause, Document, Outline, Segment, Span

WHOLE = "全文"  # where the number of the article is not known

_LINE = re.compile(r"\S[^\n]*")
_FACT = re.compile(r"[ 　]+\S")


class Fact(NamedTuple):
    """One line of a digest: the place it stands on, that place as written, and where the line is."""

    ref: str
    place: str
    span: Span


def read_facts(text: str, source: str) -> list[Fact]:
    """
    The lines of a digest. `source` is how an error names it.

    Raises CorpusError for a line that does not open with an article and a gap, and for an article that comes again
    after another one.
    """
    facts = [
        _fact(text, Span(line.start(), line.start() + len(line[0].rstrip())), source) for line in _LINE.finditer(text)
    ]
    done: set[str] = set()
    for ref, group in groupby(facts, key=lambda fact: fact.ref):
        if ref in done:
            raise _error(source, text, next(group).span, f"“{ref}”在前面已有，同一条的要点请写在一起")
        done.add(ref)
    return facts


def parse_digest(document: Document) -> Outline:
    """A clause for each article the digest speaks of, a segment for each line."""
    facts = read_facts(document.text, document.id)
    return Outline(document, (), tuple(_clauses(document, facts)))


def _clauses(document: Document, facts: list[Fact]) -> Iterator[Clause]:
    text = document.text
    for ref, group in groupby(facts, key=lambda fact: fact.ref):
        lines = list(group)
        span = Span(lines[0].span.start, lines[-1].span.end)
        segments = tuple(Segment(line.span.of(text), line.span) for line in lines)
        yield Clause(document, ref, (lines[0].place,), span.of(text), span, segments)


def _fact(text: str, span: Span, source: str) -> Fact:
    named = (WHOLE, span.start + len(WHOLE)) if text.startswith(WHOLE, span.start) else read_ref(text, span.start)
    if named is None or not _FACT.match(text, named[1], span.end):
        fault = f"应以条号和空格开头（第四十五条　……、二、（三）　……，没有条号的写“{WHOLE}　……”）"
        raise _error(source, text, span, fault)
    ref, end = named
    return Fact(ref, text[span.start : end], span)


def _error(source: str, text: str, span: Span, fault: str) -> CorpusError:
    return CorpusError(f"要点摘编 {source} 第 {text.count(chr(10), 0, span.start) + 1} 行：{fault}。")
