"""
What changed between two versions of a document, clause by clause.

第四十五条 …不低于百分之二十… / 第四十六条 …不低于百分之五十…  ->
修改 第四十五条 → 第四十六条
    ……奖励不低于百分之[-二-]{+五+}十。

A clause is known again by its words, so one that only got another number is 移动 and not one deleted and one added.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from bot.text.normalise import comparable
from bot.types import Clause, Document, Outline

ChangeKind = Literal["新增", "删除", "修改", "移动"]
PieceKind = Literal["same", "deleted", "added"]

# Of Indel's similarity, 0 to 100: half the words in common under one number are the clause, rewritten; under another
# number it takes more, since articles on one subject share much of their wording.
SAME_NUMBER, OTHER_NUMBER = 50.0, 65.0
CONTEXT = 16  # unchanged characters shown on either side of a change
SHORTEST_SAME = 2  # a single character between two changes is part of the change
_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百千零\d]+条(?:之[一二三四五六七八九十]+)?|\(?[一二三四五六七八九十\d]+[)、.])"
)
_TOKEN = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)
_LABELS: Mapping[str, str] = {
    "title": "标题",
    "doc_number": "发文字号",
    "issuer": "发文机关",
    "level": "效力层级",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "expires_on": "失效日期",
    "state": "状态",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of a changed clause: in both versions, in the old one alone, or in the new one alone."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that is not as it was. `pieces` are those of 修改, in reading order; together they are both texts."""

    kind: ChangeKind
    old: Clause | None
    new: Clause | None
    pieces: tuple[Piece, ...] = ()

    @property
    def refs(self) -> str:
        """第四十五条 → 第四十六条; the number once where it is the same, or the clause stands in one version only."""
        return " → ".join(dict.fromkeys(_ref(clause) for clause in (self.old, self.new) if clause))

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "old": {"ref": self.old.ref, "text": self.old.text} if self.old else None,
            "new": {"ref": self.new.ref, "text": self.new.text} if self.new else None,
            "pieces": [[piece.kind, piece.text] for piece in self.pieces],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes from one version to the other, in the order of the new one; `unchanged` counts the other clauses."""

    old: Document
    new: Document
    changes: tuple[Change, ...]
    unchanged: int

    @property
    def facts(self) -> dict[str, tuple[str, str]]:
        """What is told of the document that differs: {"施行日期": ("2018-01-01", "2025-07-01")}; empty for unknown."""
        pairs = {label: (getattr(self.old, name), getattr(self.new, name)) for name, label in _LABELS.items()}
        return {label: (str(old or ""), str(new or "")) for label, (old, new) in pairs.items() if old != new}

    def of_kind(self, kind: ChangeKind) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind == kind)


def compare(old: Outline, new: Outline) -> Difference:
    """Match the clauses of two versions and tell what became of each."""
    pairs = _matched(old.clauses, new.clauses)
    changes: dict[tuple[float, int], Change] = {}
    for place, clause in enumerate(new.clauses):
        if place not in pairs:
            changes[place, 0] = Change("新增", None, clause)
        elif change := _change(old.clauses[pairs[place]], clause):
            changes[place, 0] = change
    kept = sorted((before, place) for place, before in pairs.items())
    found = set(pairs.values())
    for before, clause in enumerate(old.clauses):
        if before not in found:
            follows = bisect_left(kept, (before, 0)) - 1  # it stood after this one, and is told of there
            changes[kept[follows][1] + 0.5 if follows >= 0 else -1, before] = Change("删除", clause, None)
    ordered = tuple(changes[place] for place in sorted(changes))
    return Difference(old.document, new.document, ordered, len(new.clauses) - sum(1 for each in ordered if each.new))


def _change(old: Clause, new: Clause) -> Change | None:
    if _body(old) != _body(new):
        return Change("修改", old, new, _pieces(old.text, new.text))
    return Change("移动", old, new) if old.ref != new.ref else None


def _body(clause: Clause) -> str:
    """The words by which a clause is known again: without its number, whatever their width."""
    return _NUMBER.sub("", comparable(clause.text))


def _matched(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    """Place in the new version -> place in the old one: first what is word for word the same, then the most alike."""
    before, after = [list(map(_body, clauses)) for clauses in (old, new)]
    pairs: dict[int, int] = {}
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for block in matcher.get_matching_blocks():
        pairs.update({block.b + step: block.a + step for step in range(block.size)})
    taken = set(pairs.values())
    for left, right in _by_likeness(old, new, before, after, pairs):
        if right not in pairs and left not in taken:
            pairs[right] = left
            taken.add(left)
    return pairs


def _by_likeness(
    old: Sequence[Clause], new: Sequence[Clause], before: Sequence[str], after: Sequence[str], pairs: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Places (old, new) of unmatched clauses that may be one, the most alike first; of these those under one number."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    taken = set(pairs.values())
    lefts = [place for place in range(len(old)) if place not in taken]
    rights = [place for place in range(len(new)) if place not in pairs]
    if not lefts or not rights:
        return []
    likeness = cdist([before[place] for place in lefts], [after[place] for place in rights], scorer=ratio)
    found: list[tuple[float, bool, int, int, int]] = []
    for row, left in enumerate(lefts):
        for column, right in enumerate(rights):
            alike, same = float(likeness[row, column]), old[left].ref == new[right].ref
            if alike >= (SAME_NUMBER if same else OTHER_NUMBER):
                found.append((-alike, not same, abs(left - right), left, right))
    return [(left, right) for *_, left, right in sorted(found)]


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    gone = come = ""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, start, end, begin, stop) in enumerate(codes):
        left, right = "".join(before[start:end]), "".join(after[begin:stop])
        inner = 0 < number < len(codes) - 1
        if tag == "equal" and not (inner and len(left) < SHORTEST_SAME):
            pieces += _changed(gone, come)
            gone = come = ""
            pieces.append(Piece("same", left))
        else:
            gone, come = gone + left, come + right
    return (*pieces, *_changed(gone, come))


def _changed(gone: str, come: str) -> list[Piece]:
    kinds: tuple[tuple[PieceKind, str], ...] = (("deleted", gone), ("added", come))
    return [Piece(kind, text) for kind, text in kinds if text]


def render(difference: Difference) -> str:
    """The difference as lines of text; what was deleted stands in [-…-], what was added in {+…+}."""
    return "\n".join(_lines(difference))


def _lines(difference: Difference) -> Iterator[str]:
    yield f"{difference.old.title}（{difference.old.id}） → {difference.new.title}（{difference.new.id}）"
    for label, (old, new) in difference.facts.items():
        yield f"{label}：{old or '未载明'} → {new or '未载明'}"
    kinds: tuple[ChangeKind, ...] = ("修改", "新增", "删除", "移动")
    counts = [f"{kind} {len(found)} 条" for kind in kinds if (found := difference.of_kind(kind))]
    yield f"{'，'.join((*counts, f'未变 {difference.unchanged} 条'))}。标记：[-删去的字-]{{+增加的字+}}"
    for run in grouped(difference.changes):
        if run[0].kind == "移动":
            yield f"移动 {moved_line(run)}"
        else:
            yield from _change_lines(run[0])


def grouped(changes: Sequence[Change]) -> list[list[Change]]:
    """Each change by itself, but clauses that moved on together in one run."""
    runs: list[list[Change]] = []
    for change in changes:
        if runs and runs[-1][-1].kind == "移动" and _follows(runs[-1][-1], change):
            runs[-1].append(change)
        else:
            runs.append([change])
    return runs


def _follows(one: Change, other: Change) -> bool:
    """Whether both are clauses that moved, and stand next to each other in both versions."""
    pairs = ((one.old, other.old), (one.new, other.new))
    return other.kind == "移动" and all(
        first
        and second
        and not first.document.text[first.span.end : second.span.start].strip()
        and first.span.end <= second.span.start
        for first, second in pairs
    )


def moved_line(run: Sequence[Change]) -> str:
    """第二条至第四条 → 第三条至第五条，共 3 条"""
    if len(run) == 1:
        return f"{_ref(run[0].old)} → {_ref(run[0].new)}"
    first, last = run[0], run[-1]
    moved = f"{_ref(first.old)}至{_ref(last.old)} → {_ref(first.new)}至{_ref(last.new)}"
    return f"{moved}，共 {len(run)} 条"


def _change_lines(change: Change) -> Iterator[str]:
    yield f"{change.kind} {change.refs}"
    only = change.new or change.old
    text = _marked(change.pieces) if change.pieces else only.text if only else ""
    yield from (f"    {line}" for line in text.splitlines())


def _marked(pieces: Sequence[Piece]) -> str:
    shown = []
    for number, piece in enumerate(pieces):
        if piece.kind != "same":
            shown.append(f"[-{piece.text}-]" if piece.kind == "deleted" else f"{{+{piece.text}+}}")
        else:
            shown.append(_clipped(piece.text, number > 0, number < len(pieces) - 1))
    return "".join(shown)


def _clipped(text: str, after: bool, before: bool) -> str:
    """What stands next to a change, `after` or `before` it or both, and …… for the rest."""
    start, end = (CONTEXT if after else 0), (CONTEXT if before else 0)
    return text if len(text) <= start + end + 2 else f"{text[:start]}……{text[len(text) - end :]}"


def _ref(clause: Clause | None) -> str:
    return clause.ref if clause else ""
