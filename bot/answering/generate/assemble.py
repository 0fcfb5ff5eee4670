"""
A model's sentences, one by one -> what of them is shown: those that hold, quotes in place of those that do not.

    Said("每年培养50名以上。", (1,))  ->  Removed("…", (Wrong("figure", "50名", "30名"),)), and the quote of [1]
    Said("每年培养30名以上。", (1,))  ->  Sentence("每年培养30名以上。", (1,), "generated")

What the quoting answer says besides quotes (what is not stated, a wrong premise, whom to ask) stands as it is, and so
do the units it names. Where no sentence of the model is left, the quoting answer is the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.answering import replies
from bot.answering.cite import Numbering
from bot.answering.draft import Draft
from bot.answering.generate.echo import echoed
from bot.answering.generate.reply import Said
from bot.answering.ground.strange import strange_clause
from bot.answering.statute import label
from bot.text.normalise import comparable
from bot.types import Answer, Card, Citation, Line, Removed, Sentence, Span, Usage, Wrong

if TYPE_CHECKING:
    from bot.answering.ground import Verdict

# What the papers do not say has been settled before a model is asked; it may not say so, nor speak of itself.
_DENIES = re.compile(
    r"(?:没有|未|并未|尚未|暂未|暂无|无)(?:直接|明确|具体|找到|相关|单独)*"
    r"(?:提及|提到|载明|说明|列明|写明|涉及|规定|给出|提供|找到|包含|查到|信息|资料|内容)"
    r"|(?:无法|不能|不便|难以)(?:直接|准确)?(?:回答|确定|判断|得知|提供|答复|从)"
    r"|抱歉|对不起|作为(?:一个|一名|一款)?(?:AI|人工智能|大?语言模型|助手)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|[a-z0-9-]+\.(?:com|cn|net|org|gov)\b", re.IGNORECASE | re.ASCII)
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_FOREIGN = re.compile(r"[a-zA-Z\u0400-\u04ff]")
_OF_NEIGHBOURS = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")  # kana, hangul
_STOPS = re.compile("[，。；：！？]")
_LEADS = re.compile(r".{0,40}[：:]", re.DOTALL)  # 主要有以下几点： says nothing


class Grounder(Protocol):
    """What decides whether a sentence stands on what it cites: bot.answering.ground.Grounder."""

    def check(self, sentence: str, cited: Sequence[Citation]) -> Verdict: ...


class Assembly:
    """What is shown of one reply so far. `quoted` is the quoting answer, `own` the numbers of what it quotes."""

    def __init__(
        self,
        quoted: Answer,
        drafts: Sequence[Draft],
        passages: Sequence[Citation],
        own: frozenset[int],
        grounder: Grounder,
    ) -> None:
        self._quoted, self._drafts, self._own, self._grounder = quoted, drafts, own, grounder
        self._passages = {passage.number: passage for passage in passages}
        self._head, self._tail = _around(quoted.sentences, drafts)
        self._forget()
        self.repeats = 0  # sentences that were said before

    def _forget(self) -> None:
        self._numbering = Numbering()
        self._shown: list[Sentence] = []
        self._used: set[int] = set()  # passages that what is shown stands on
        self._removed: list[Removed] = []
        self._failed: tuple[Said, tuple[Wrong, ...]] | None = None  # numbers that follow it may still save it
        self._said: set[str] = set()
        self.holding = 0  # sentences that a model wrote and that are shown

    def add(self, said: Said) -> bool:
        """Check a sentence. Whether there is more to be shown than before."""
        before = len(self._shown)
        if said.is_thought:
            if not self.holding:
                self._forget()
            self._removed, self._failed = [], None
        elif said.text:
            self._settle()
            self._judge(_printable(said))
        elif self._failed:
            (failed, _), self._failed = self._failed, None
            self._judge(Said(failed.text, (*failed.numbers, *said.numbers)), again=True)
        return self.holding > 0 and len(self._shown) > before

    def answer(self, timings_ms: Mapping[str, float]) -> Answer:
        """What is shown so far; not before a sentence of the model's holds."""
        return self._answer([*self._head, *self._shown], timings_ms)

    def finished(self, usage: Usage, timings_ms: Mapping[str, float], cut: bool) -> Answer:
        """The whole answer; where the model was cut short, what it left out of the quotes comes after it."""
        self._settle()
        if not self.holding:
            return replace(self._quoted, removed=tuple(self._removed), usage=usage, timings_ms=dict(timings_ms))
        self._add_units()
        left_out = list(self._left_out(everything=cut))
        if left_out:
            note = replies.CUT_SHORT if cut else replies.MORE_QUOTED
            self._shown.append(Sentence(note, origin="note"))
            for number in left_out:
                self._quote(self._passages[number])
                self._add_units()
        tail = [self._renumbered(sentence) for sentence in self._tail]
        count = len(self._removed)
        notes = [Sentence(replies.UNVERIFIED.format(count=count), origin="note")] if count else []
        answer = self._answer([*self._head, *self._shown, *tail, *notes], timings_ms)
        card = self._card(self._quoted.card) if self._quoted.card else None
        return replace(answer, removed=tuple(self._removed), usage=usage, card=card)

    def _judge(self, said: Said, again: bool = False) -> None:
        text, key = said.text, comparable(said.text)
        cited = [self._passages[number] for number in said.numbers if number in self._passages]
        if not cited and _LEADS.fullmatch(text):
            return
        if key in self._said and not again:
            self.repeats += 1
            return
        self._said.add(key)
        if wrong := _out_of_place(text, cited):
            self._failed = said, (wrong,)
            return
        if cited and (clause := strange_clause(text, cited)):
            self._failed = said, (Wrong("unsupported", clause),)
            return
        if cited and (echo := echoed(self._quoted.query.asked, text, cited)):
            self._failed = said, (Wrong("unsupported", echo),)
            return
        verdict = self._grounder.check(text, cited)
        if not verdict.holds:
            self._failed = said, tuple(Wrong(fault.kind, fault.said, fault.stated) for fault in verdict.faults)
            return
        self._used |= {passage.number for passage in cited}
        numbers = tuple(dict.fromkeys(self._cite(passage) for passage in cited))
        self._shown.append(Sentence(text, numbers, "generated"))
        self.holding += 1
        for span in verdict.omitted:
            self._add_back(span, cited)

    def _settle(self) -> None:
        """A sentence that failed gives way to what it cites, if that answers the question and is not shown yet."""
        if self._failed is None:
            return
        (said, wrong), self._failed = self._failed, None
        self._removed.append(Removed(said.text, wrong))
        cited = (self._passages[number] for number in said.numbers if number in self._own)
        passage = next(cited, None)
        if passage and not self._has_said(passage):
            self._quote(passage)

    def _has_said(self, passage: Citation) -> bool:
        """Whether what is shown already holds the quote, part by part; the number of its article is no part of it."""
        quote = passage.quote.removeprefix(passage.clause.ref)
        shown = "".join(comparable(sentence.text) for sentence in self._shown)
        return all(comparable(part) in shown for part in _STOPS.split(quote))

    def _quote(self, passage: Citation) -> None:
        sentence = Sentence(passage.quote, (self._cite(passage),))
        self._used.add(passage.number)
        if sentence not in self._shown:
            self._shown.append(sentence)

    def _add_back(self, span: Span, cited: Iterable[Citation]) -> None:
        """A condition or exception that the sentence dropped, in the words of the passage."""
        passage = next((each for each in cited if each.span.start <= span.start and span.end <= each.span.end), None)
        if passage is None:
            passage = next((each for each in cited if span.end <= len(each.clause.document.text)), None)
        if passage is None:
            return
        text = span.of(passage.clause.document.text)
        if not any(comparable(text) in comparable(sentence.text) for sentence in self._shown):
            number = self._numbering.cite(passage.clause, span, passage.segment)
            self._shown.append(Sentence(text, (number,)))

    def _left_out(self, everything: bool) -> Iterator[int]:
        """
        The passages of the quoting answer that what is shown does not stand on, where they are missed: all of a list
        and of each level, and some of every question that was asked in one.
        """
        for draft in self._drafts:
            own = [
                number
                for number in sorted(self._own)
                if any(_overlap(self._passages[number], pick.clause.document.id, pick.span) for pick in draft.picks)
            ]
            whole = everything or draft.listed or draft.headed or draft.match is not None
            if whole or not self._used & set(own):
                yield from (number for number in own if number not in self._used)

    def _add_units(self) -> None:
        """The responsible units that the quoting answer names and no sentence of the model does, of what is shown."""
        shown = {(each.clause.document.id, each.segment.span) for each in self._numbering.citations if each.segment}
        written = "".join(sentence.text for sentence in self._shown if sentence.origin == "generated")
        cited = {citation.number: citation for citation in self._quoted.citations}
        for sentence in self._quoted.sentences:
            if sentence.origin != "units":
                continue
            clause, segment = cited[sentence.citations[0]].clause, cited[sentence.citations[0]].segment
            if segment is None or (clause.document.id, segment.span) not in shown:
                continue
            if not all(unit in written for unit in segment.units) and self._renumbered(sentence) not in self._shown:
                self._shown.append(self._renumbered(sentence))

    def _renumbered(self, sentence: Sentence) -> Sentence:
        return replace(sentence, citations=self._numbers(sentence.citations, self._quoted.citations))

    def _numbers(self, numbers: Iterable[int], citations: Iterable[Citation]) -> tuple[int, ...]:
        known = {citation.number: citation for citation in citations}
        return tuple(self._cite(known[number]) for number in numbers)

    def _cite(self, citation: Citation) -> int:
        return self._numbering.cite(citation.clause, citation.span, citation.segment)

    def _card(self, card: Card) -> Card:
        """The card with the numbers of this answer."""

        def lines(old: tuple[Line, ...]) -> tuple[Line, ...]:
            return tuple(replace(line, citations=self._numbers(line.citations, card.citations)) for line in old)

        renumbered = Card(
            lines(card.conclusion),
            lines(card.basis),
            lines(card.support),
            lines(card.audience),
            lines(card.conditions),
            lines(card.times),
            lines(card.units),
            lines(card.originals),
            lines(card.next_steps),
            (),
        )
        return replace(renumbered, citations=self._flagged(card.citations))

    def _answer(self, sentences: Sequence[Sentence], timings_ms: Mapping[str, float]) -> Answer:
        return replace(
            self._quoted,
            sentences=tuple(sentences),
            citations=self._flagged(self._quoted.citations),
            mode="generated",
            timings_ms=dict(timings_ms),
            card=None,
            quoted=self._quoted,
        )

    def _flagged(self, known: Iterable[Citation]) -> tuple[Citation, ...]:
        flags = {citation.clause.document.id: citation.flags for citation in known}
        return tuple(replace(each, flags=flags.get(each.clause.document.id, ())) for each in self._numbering.citations)


def _around(sentences: Sequence[Sentence], drafts: Sequence[Draft]) -> tuple[list[Sentence], list[Sentence]]:
    """What the quoting answer says before and after its quotes; the names of papers stand with their numbers."""
    labels = {label(pick.clause.document) for draft in drafts if draft.headed for pick in draft.picks}
    last = max((place for place, each in enumerate(sentences) if each.origin in ("quote", "units")), default=-1)
    head: list[Sentence] = []
    tail: list[Sentence] = []
    for place, sentence in enumerate(sentences):
        explains = sentence.origin == "explanation" or sentence.text == replies.EXPLAINED
        if sentence.origin in ("quote", "units") or (sentence.origin == "note" and sentence.text in labels):
            continue
        (tail if explains or place > last else head).append(sentence)
    return head, tail


def _out_of_place(text: str, cited: Sequence[Citation]) -> Wrong | None:
    """What no passage can bear out: another language, an address, that something is not stated, talk of itself."""
    foreign = len(_FOREIGN.findall(text)) > len(_CHINESE.findall(text)) or _OF_NEIGHBOURS.search(text)
    stated = "".join(citation.quote for citation in cited)
    denied = next((said for said in _DENIES.finditer(text) if said.group() not in stated), None)
    address = _ADDRESS.search(text)
    if foreign or denied or address:
        return Wrong("unsupported", (denied or address or re.match(".*", text, re.DOTALL)).group())  # type: ignore[union-attr]
    return None


def _printable(said: Said) -> Said:
    """Without marks that are not seen: what is checked is what is read."""
    return replace(said, text="".join(char for char in said.text if char.isprintable()))


def _overlap(passage: Citation, document: str, span: Span) -> bool:
    return passage.clause.document.id == document and passage.span.start < span.end and span.start < passage.span.end
