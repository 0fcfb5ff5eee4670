"""
Find the structure of an official document: its headings and the clauses a citation names.

三、重点任务 / （五）实施产业生态营造行动 / 14.强化科技金融支持。…（责任单位：市财政局）…
    ->  Clause(ref="三、(五)14.", path=("三、重点任务", "（五）实施产业生态营造行动", "14.强化科技金融支持"), …)

One parser serves every level: 编 › 章 › 节 › 条 and 一、 › （一） › 1. › （1）, line-broken or flattened into one line.
Every non-whitespace character of the document is in exactly one heading or clause; a ref names one place only.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.documents.digest import parse_digest
from bot.documents.numbering import ARTICLE, ITEM, Divider, Lines, Mark, Part, opens_article_item
from bot.documents.units import find_unit_groups
from bot.text.numerals import to_chinese
from bot.types import Clause, Document, Heading, Outline, Segment, Span

HEAD = "题头"
ATTACHED = "附件"
SIGNED = "落款"

_HEADING_LONGEST = 60  # characters; a heading is a line, not a paragraph
_TITLE_LONGEST = 40
_REMARK_LONGEST = 100  # what may still follow a signature: （信息公开形式：主动公开）

_SENTENCE_END = re.compile(r"[。；！？]")
_LINE = re.compile(r"\S[^\n]*")
_TOKEN = re.compile(r"\s*\S+")
_TITLE_STOP = re.compile(r"[。\n]")
_ARTICLE_TITLE = re.compile(r"\s*【[^】\n]*】")
# Where lines were lost, a paragraph ends with a mark and a gap, or with a gap wider than one space.
_FLAT_BREAK = re.compile(r"(?<=[。；！？：”）:])\s+|\s{2,}")
_ENACTED = re.compile(r"通过|公布|发布|修正|修订|批准")
_DATE = r"\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
# 落款: issuer and date after the last sentence, “…执行。\n青岛市人民政府办公厅\n2025年4月14日”.
_SIGNATURE = re.compile(rf"(?<=[。！？）)”])\s+(?P<body>[^。，；！？：]{{2,80}}?\s{_DATE})(?=\s|$)")
# 附件: at the start of a line or after a gap, followed by a colon, or by nothing else on the line.
_ATTACHMENT = re.compile(
    r"(?P<name>附(?<!\S附)(?:(?:件|录|表)[ 　]*[\d一二三四五六七八九十]{0,3}|(?=[：:])))(?:\s*[：:]|(?=\s|$))", re.M
)


def parse(document: Document) -> Outline:
    """The headings and clauses of `document`, both in reading order. Raises CorpusError for a faulty digest."""
    if document.kind == "digest":
        return parse_digest(document)
    writer = _Writer(document)
    writer.document()
    return Outline(document, tuple(writer.headings), tuple(writer.clauses))


class _Ending(NamedTuple):
    """Where 落款 (up to `end`) or an 附件 begins."""

    start: int
    name: str
    end: int


class _Writer:
    """Turns the parts of a document into headings and clauses."""

    def __init__(self, document: Document) -> None:
        self.headings: list[Heading] = []
        self.clauses: list[Clause] = []
        self._document = document
        self._text = document.text
        self._lines = Lines(document.text)
        self._divider = Divider(document.text, self._lines)
        self._endings = _find_endings(document.text)
        self._times_used: Counter[str] = Counter()

    def document(self) -> None:
        region = Span(0, len(self._text))
        lead, parts = self._divider.divide(region)
        if parts:
            self._clause(HEAD, lead, self._head_segments)
            self._runs(parts, "", region.end)
        else:
            self._unnumbered(region)

    def _unnumbered(self, region: Span) -> None:
        """第1段, 第2段 … after the title."""
        start = region.start
        title = re.compile(rf"\s*{re.escape(self._document.title)}(?=\s)").match(self._text)
        if title:
            start = title.end()
            self._clause(HEAD, Span(region.start, start), self._head_segments)
        for number, paragraph in enumerate(self._paragraphs(Span(start, region.end)), 1):
            self._clause(f"第{number}段", paragraph, self._segments)

    def _runs(self, parts: Sequence[Part], prefix: str, end: int) -> None:
        """Parts in sequence; where a sequence ends and 落款 or 附件 follow, all up to `end` belongs to those."""
        for index, part in enumerate(parts):
            following = parts[index + 1] if index + 1 < len(parts) else None
            ends_run = following is None or following.mark.opens or following.mark.level != part.mark.level
            pieces = self._pieces(Span(_last_mark(part).end, end)) if ends_run else []
            if pieces and pieces[0][1].start < part.span.end:
                self._part(part.until(pieces[0][1].start), prefix, ())
                self._attached(pieces)
                return
            self._part(part, prefix, ())

    def _attached(self, pieces: Sequence[tuple[str, Span]]) -> None:
        for name, piece in pieces:
            lead, parts = self._divider.divide(piece)
            self._clause(name, lead, self._segments)
            self._runs(parts, f"{name}·", piece.end)

    def _pieces(self, region: Span) -> list[tuple[str, Span]]:
        """落款 and 附件 in `region`, by name, from the first of them to its end."""
        first = bisect_left(self._endings, (region.start,))
        inside = self._endings[first : bisect_left(self._endings, (region.end,))]
        pieces: list[tuple[str, Span]] = []
        for number, ending in enumerate(inside, 1):
            end = inside[number].start if number < len(inside) else region.end
            if ending.name == SIGNED and end - ending.end > _REMARK_LONGEST:
                pieces.append((SIGNED, Span(ending.start, ending.end)))
                pieces.append((ATTACHED, Span(ending.end, end)))
            else:
                pieces.append((ending.name, Span(ending.start, end)))
        return pieces

    def _part(self, part: Part, parent: str, path: tuple[str, ...]) -> None:
        text = self._text
        is_article = part.mark.level == ARTICLE
        ref = self._unique(part.mark.ref if is_article else parent + part.mark.ref)
        own = _trim(text, part.own)
        heading, body = self._split_heading(part, own)
        title_end = heading.end if heading else _title_end(text, part.mark, own)
        path = (*path, text[own.start : title_end].strip())
        if heading:
            self.headings.append(Heading(self._document, ref, path, heading.of(text), heading, len(path)))
        if body.of(text):
            title = text[part.mark.end : title_end].strip()
            segments = self._article_segments(body) if is_article else self._segments(body)
            self.clauses.append(Clause(self._document, ref, path, body.of(text), body, tuple(segments), title))
        for child in part.children:
            self._part(child, ref, path)

    def _clause(self, name: str, region: Span, segments: Callable[[Span], Iterable[Segment]]) -> None:
        """A clause that bears no numeral of its own; nothing where there is no text."""
        span = _trim(self._text, region)
        if span.of(self._text):
            ref = self._unique(name)
            self.clauses.append(Clause(self._document, ref, (), span.of(self._text), span, tuple(segments(span))))

    def _unique(self, ref: str) -> str:
        self._times_used[ref] += 1
        times = self._times_used[ref]
        return ref if times == 1 else f"{ref}(第{times}处)"

    def _split_heading(self, part: Part, own: Span) -> tuple[Span | None, Span]:
        """What of a part's own text is its heading, and what is clause."""
        if part.mark.level == ARTICLE or (part.mark.level >= ITEM and not part.children):
            return None, own
        for end in _heading_ends(self._text, part.mark, own):
            heading, rest = Span(own.start, end), _trim(self._text, Span(end, own.end))
            if _is_heading(heading.of(self._text)) and (rest.of(self._text) or part.children):
                return heading, rest
        return None, own

    def _segments(self, span: Span) -> Iterator[Segment]:
        """The runs that unit brackets close; after the last bracket, or without one, the paragraphs."""
        start = span.start
        for group in find_unit_groups(self._text, span):
            part = _trim(self._text, Span(start, group.span.end))
            yield Segment(part.of(self._text), part, group.units, group.span)
            start = group.span.end
        for paragraph in self._paragraphs(Span(start, span.end)):
            yield Segment(paragraph.of(self._text), paragraph)

    def _article_segments(self, span: Span) -> Iterator[Segment]:
        """The 款 of an article, unless unit brackets divide it; 项 stay with the 款 that announces them."""
        if find_unit_groups(self._text, span):
            yield from self._segments(span)
            return
        sections: list[Span] = []
        for paragraph in self._paragraphs(span):
            if sections and opens_article_item(self._text, paragraph.start):
                sections[-1] = Span(sections[-1].start, paragraph.end)
            else:
                sections.append(paragraph)
        for number, section in enumerate(sections, 1):
            label = f"第{to_chinese(number)}款" if len(sections) > 1 else ""
            yield Segment(section.of(self._text), section, label=label)

    def _head_segments(self, span: Span) -> Iterator[Segment]:
        """印发通知, 标题, and 引言 or a statute's 题注, where the title stands on a line of its own."""
        text = self._text
        lines = list(self._paragraphs(span))
        wanted = _comparable(self._document.title)
        at = next((number for number, line in enumerate(lines) if _comparable(line.of(text)) == wanted), None)
        if at is None:
            yield from self._segments(span)
            return
        after = Span(lines[at].end, span.end).of(text)
        labelled = {
            "印发通知": lines[:at],
            "标题": lines[at : at + 1],
            "题注" if _ENACTED.search(after) else "引言": lines[at + 1 :],
        }
        for label, group in labelled.items():
            if group:
                part = Span(group[0].start, group[-1].end)
                yield Segment(part.of(text), part, label=label)

    def _paragraphs(self, span: Span) -> Iterator[Span]:
        for line in _LINE.finditer(self._text, *span):
            starts, ends = [line.start()], [line.end()]
            if self._lines.is_flat(self._lines.at(line.start())):
                gaps = list(_FLAT_BREAK.finditer(self._text, *line.span()))
                starts += [gap.end() for gap in gaps]
                ends = [gap.start() for gap in gaps] + ends
            for start, end in zip(starts, ends, strict=True):
                paragraph = _trim(self._text, Span(start, end))
                if paragraph.of(self._text):
                    yield paragraph


def _last_mark(part: Part) -> Mark:
    return _last_mark(part.children[-1]) if part.children else part.mark


def _find_endings(text: str) -> list[_Ending]:
    signatures = [_Ending(found.start("body"), SIGNED, found.end()) for found in _SIGNATURE.finditer(text)]
    attachments = [
        _Ending(found.start(), ATTACHED if found["name"] == "附" else re.sub(r"\s", "", found["name"]), found.end())
        for found in _ATTACHMENT.finditer(text)
    ]
    return sorted(signatures + attachments)


def _is_heading(line: str) -> bool:
    balanced = len(re.findall("[（(]", line)) == len(re.findall("[）)]", line))
    return balanced and len(line) <= _HEADING_LONGEST and not _SENTENCE_END.search(line) and not find_unit_groups(line)


def _heading_ends(text: str, mark: Mark, own: Span) -> Iterator[int]:
    """Where a heading may end: with its line, or at the first gap after the numeral."""
    line = _LINE.match(text, own.start, own.end)
    if line:
        yield own.start + len(line[0].rstrip())
    if token := _TOKEN.match(text, mark.end, own.end):
        yield token.end()


def _title_end(text: str, mark: Mark, own: Span) -> int:
    """Where “14.强化科技金融支持” ends, or the numeral alone where no title follows it."""
    if mark.level == ARTICLE:
        named = _ARTICLE_TITLE.match(text, mark.end, own.end)
        return named.end() if named else mark.end
    stop = _TITLE_STOP.search(text, mark.end, min(mark.end + _TITLE_LONGEST, own.end))
    return stop.start() if stop and text[stop.end() : own.end].strip() else mark.end


def _comparable(line: str) -> str:
    """Without whitespace and width, in which a title in the manifest may differ from that in the text."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", line))


def _trim(text: str, span: Span) -> Span:
    """Without the whitespace around it; empty if nothing is left."""
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip())
    return Span(start, max(start, span.start + len(body.rstrip())))
