"""
Lay each part of a sentence beside the passage sentence that it most resembles.

    "每年培养技术经纪人50名以上"  beside  "加快建设海洋科技大市场、…等平台，每年培养技术经纪人30名以上，促进…"
        ->  每年·培·养·技·术·经·纪·人 and 以上 stand side by side; 50人 has nothing beside it

The longest common subsequence of their elements, which rapidfuzz finds; single characters that meet by chance are no
match. What a part has beyond its best sentence is looked for in the other sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import LCSseq

from bot.answering.ground.elements import Element, fold
from bot.answering.ground.reading import Reader, Reading
from bot.documents.units import find_unit_groups
from bot.types import Citation, Span

SHORTEST_PIECE = 2  # characters that a part has from another sentence than its own
OF_PIECE = 0.75  # share of such a piece that stands there
NEAR, FAR = 5, 9  # elements between a modal word and what it governs, in the sentence and in the passage
SCATTERED = 1.5  # how much longer than a part what it stands beside may be, without looking from behind too
CHAR, SPECIAL = 1.0, 2.0


@dataclass(frozen=True)
class Target:
    """One sentence of a passage; an item of a list together with the words that lead to it."""

    passage: Passage = field(repr=False)
    elements: tuple[Element, ...]
    parts: tuple[Span, ...]  # into `elements`
    own: int  # where its own elements begin, after those of its lead
    units: tuple[str, ...]  # who is responsible for it
    span: Span  # into the passage's text
    led_from: int  # where what leads to it begins there: its own beginning where nothing does

    @cached_property
    def keys(self) -> str:
        return "".join(element.key for element in self.elements)

    @cached_property
    def text(self) -> str:
        return "".join(fold(self.passage.reading.text[each.start : each.end]) for each in self.elements)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return tuple(part.start for part in self.parts)

    @cached_property
    def part_of(self) -> tuple[int, ...]:
        """Of each element the place of its part."""
        return tuple(place for place, part in enumerate(self.parts) for _ in range(part.end - part.start))


@dataclass(frozen=True, slots=True)
class Head:
    """The lines that stand above a passage."""

    elements: tuple[Element, ...]
    plain: str
    keys: str


@dataclass(frozen=True)
class Passage:
    """A citation as it is read: its sentences, and what stands above it."""

    citation: Citation
    reading: Reading
    head: Head  # titles, number, article, issuer: what may be said of the passage though it does not say it itself

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        return tuple(_targets(self))

    @cached_property
    def figures(self) -> tuple[tuple[int, int], ...]:
        """(target, element) of each figure."""
        return self._of_kind("figure")

    @cached_property
    def dates(self) -> tuple[tuple[int, int], ...]:
        return self._of_kind("date")

    def _of_kind(self, kind: str) -> tuple[tuple[int, int], ...]:
        return tuple(
            (number, place)
            for number, target in enumerate(self.targets)
            for place, element in enumerate(target.elements)
            if element.kind == kind
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a part of the sentence and what stands beside it: pairs (element of the sentence, of the target)."""

    target: Target
    pairs: tuple[tuple[int, int], ...]

    @property
    def weight(self) -> float:
        return sum(weight(self.target.elements[there]) for _, there in self.pairs)


@dataclass(frozen=True)
class Aligned:
    """A part of the sentence, its best sentence among the passages and what it has from others."""

    part: Span  # elements of the sentence
    main: Piece | None
    others: tuple[Piece, ...] = ()

    @cached_property
    def beside(self) -> dict[int, tuple[Target, int]]:
        """Of each matched element of the sentence what stands beside it."""
        main = self.main
        # Two characters from another sentence tell of a subject taken from there; they support nothing.
        others = (each for each in self.others if (main and each.target is main.target) or each.weight > SHORTEST_PIECE)
        pieces = [*others, *([main] if main else [])]
        return {here: (piece.target, there) for piece in pieces for here, there in piece.pairs}


def weight(element: Element) -> float:
    if element.kind in ("join", "role"):
        return 0.0
    return CHAR if element.kind == "char" else SPECIAL


def title_of(cited: Citation | Passage) -> str:
    """The heading of what is cited, empty where it has none."""
    citation = cited.citation if isinstance(cited, Passage) else cited
    return getattr(citation.clause, "title", "")


def read_passage(citation: Citation, reader: Reader) -> Passage:
    document, clause = citation.clause.document, citation.clause
    about = [
        document.title,
        document.doc_number or "",
        document.issuer or "",
        document.place,
        clause.ref,
        *clause.path,
        title_of(citation),
        citation.segment.label if citation.segment else "",
        *(str(day) for day in (document.issued_on, document.effective_on, document.expires_on) if day),
    ]
    lines = [reader.read_line(line) for line in about if line]
    elements = tuple(element for line in lines for element in line.elements)
    head = Head(elements, "\n".join(line.plain for line in lines), "\n".join(line.keys for line in lines))
    return Passage(citation, reader.read(citation.quote), head)


def _targets(passage: Passage) -> list[Target]:
    reading = passage.reading
    groups = find_unit_groups(reading.text)
    found: list[Target] = []
    lead: tuple[Element, ...] = ()
    lead_parts: tuple[Span, ...] = ()
    led_from = 0
    segment = passage.citation.segment
    # A bracket may stand just behind the quote.
    behind = segment.units if segment and not groups else ()
    for sentence in reading.sentences:
        first, last = reading.parts[sentence.start], reading.parts[sentence.end - 1]
        own = reading.elements[first.start : last.end]
        span = Span(own[0].start, own[-1].end)
        if any(group.span.start <= span.start < group.span.end for group in groups):
            continue
        units = next((group.units for group in groups if group.span.start >= span.end), behind)
        parts = reading.parts[sentence.start : sentence.end]
        is_item = own[0].kind == "article" and bool(lead)
        shift = len(lead) if is_item else 0
        found.append(
            Target(
                passage,
                (*lead, *own) if is_item else own,
                (
                    *(lead_parts if is_item else ()),
                    *(Span(a - first.start + shift, b - first.start + shift) for a, b in parts),
                ),
                shift,
                units,
                span,
                led_from if is_item else span.start,
            )
        )
        if reading.text[span.end : span.end + 1] in ("：", ":"):
            lead, lead_parts = found[-1].elements, found[-1].parts
            led_from = max(reading.text.rfind(mark, 0, span.start) for mark in "。\n") + 1
        elif not is_item and own[0].kind != "article":
            lead, lead_parts = (), ()
    return found


def resemblance(keys: str, targets: Sequence[Target]) -> list[float]:
    """How much of each target, 0 to 1, a whole sentence has."""
    return [LCSseq.similarity(keys, target.keys) / len(target.keys) for target in targets]


def align(
    reading: Reading, part: Span, targets: Sequence[Target], alike: Sequence[float], before: Target | None
) -> Aligned:
    """
    The part beside its best sentence.

    Of two that fit as well it is the one that the whole sentence has more of (`alike`), or that the part `before` has.
    """
    keys = reading.keys[part.start : part.end]
    best: Piece | None = None
    best_worth = 0.0
    ceiling = [
        (LCSseq.similarity(keys, target.keys), target, share) for target, share in zip(targets, alike, strict=True)
    ]
    most = max((similar for similar, *_ in ceiling), default=0)
    for similar, target, share in ceiling:
        if similar < most * 0.5 or not similar:
            continue
        piece = Piece(
            target,
            tuple(
                (here + part.start, there)
                for here, there in _pairs(keys, target.keys, target.starts, reading.elements[part.start : part.end])
            ),
        )
        if not piece.pairs:
            continue
        worth = piece.weight + share + (0.5 if target is before else 0.0) + _edges(piece) + (keys in target.keys)
        if worth > best_worth:
            best, best_worth = piece, worth
    others: list[Piece] = []
    matched = {here for here, _ in best.pairs} if best else set()
    for run in _runs(reading, part, matched):
        found = _elsewhere(reading, run, targets, best.target if best else None)
        if found:
            others.append(found)
    return Aligned(part, best, tuple(others))


def _edges(piece: Piece) -> float:
    """What it is worth that the words open a part there, or close one."""
    first, last = piece.target.part_of[piece.pairs[0][1]], piece.target.part_of[piece.pairs[-1][1]]
    opens = piece.pairs[0][1] == piece.target.parts[first].start
    closes = piece.pairs[-1][1] + 1 == piece.target.parts[last].end
    return 0.6 * opens + 0.3 * closes


def _pairs(keys: str, other: str, starts: Sequence[int], elements: Sequence[Element]) -> list[tuple[int, int]]:
    """The elements side by side, without characters that meet alone; of two ways the closer one."""
    if keys in other:
        whole = next((start for start in starts if other.startswith(keys, start)), other.find(keys))
        return [(here, whole + here) for here in range(len(keys))]
    pairs = _meeting(keys, other, elements)
    scattered = not pairs or pairs[-1][1] - pairs[0][1] > SCATTERED * len(keys)
    if scattered or len(pairs) < LCSseq.similarity(keys, other):
        back = _meeting(keys[::-1], other[::-1], elements[::-1])
        turned = [(len(keys) - 1 - here, len(other) - 1 - there) for here, there in reversed(back)]
        return max(pairs, turned, key=lambda each: (len(each), each[0][1] - each[-1][1]) if each else (0, 0))
    return pairs


def _meeting(keys: str, other: str, elements: Sequence[Element]) -> list[tuple[int, int]]:
    blocks = [
        (block.src_start, block.dest_start, block.src_end - block.src_start)
        for block in LCSseq.opcodes(keys, other)
        if block.tag == "equal"
    ]
    kept = [block for block in blocks if block[2] >= 2 or elements[block[0]].kind not in ("char", "join")]
    kept = [
        block
        for number, block in enumerate(kept)
        if block[2] >= 2 or elements[block[0]].kind not in ("modal", "negation") or _stays(kept, number)
    ]
    pairs: list[tuple[int, int]] = []
    here_from = there_from = 0
    for number, (here, there, length) in enumerate(kept):
        here_to, there_to = kept[number + 1][:2] if number + 1 < len(kept) else (len(keys), len(other))
        # What was dropped beside a block may well belong to it.
        while here > here_from and there > there_from and keys[here - 1] == other[there - 1]:
            here, there, length = here - 1, there - 1, length + 1
        while here + length < here_to and there + length < there_to and keys[here + length] == other[there + length]:
            length += 1
        pairs += zip(range(here, here + length), range(there, there + length), strict=True)
        here_from, there_from = here + length, there + length
    return pairs


def _stays(blocks: Sequence[tuple[int, int, int]], number: int) -> bool:
    """Whether a modal word that meets alone stands near to what meets too: it governs the same words."""
    here, there, _ = blocks[number]
    if number + 1 < len(blocks):
        next_here, next_there, _ = blocks[number + 1]
        return next_here - here <= NEAR and next_there - there <= FAR
    if number:
        before_here, before_there, length = blocks[number - 1]
        return here - before_here - length < NEAR and there - before_there - length < NEAR
    return True


def _runs(reading: Reading, part: Span, matched: set[int]) -> list[Span]:
    """Stretches of the part that stand beside nothing; a join does not hold two together."""
    runs: list[Span] = []
    start = part.start
    for place in range(part.start, part.end + 1):
        if place == part.end or place in matched or reading.elements[place].kind == "join":
            if sum(each.kind == "char" for each in reading.elements[start:place]) >= SHORTEST_PIECE:
                runs.append(Span(start, place))
            start = place + 1
    return runs


def _elsewhere(reading: Reading, run: Span, targets: Sequence[Target], main: Target | None) -> Piece | None:
    keys = reading.keys[run.start : run.end]
    elements = reading.elements[run.start : run.end]
    total = sum(map(weight, elements))
    best: Piece | None = None
    for target in sorted(targets, key=lambda each: each is not main):
        if LCSseq.similarity(keys, target.keys) < len(keys) * OF_PIECE:
            continue
        piece = Piece(
            target,
            tuple((here + run.start, there) for here, there in _pairs(keys, target.keys, target.starts, elements)),
        )
        # It stands there as one stretch, not scattered.
        close = piece.pairs and piece.pairs[-1][1] - piece.pairs[0][1] <= 1.5 * len(keys) + 2
        if close and piece.weight >= OF_PIECE * total and (best is None or piece.weight > best.weight):
            best = piece
            if target is main:
                break
    return best
