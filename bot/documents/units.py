"""
Find who is responsible: every “（责任单位：…）” of a text and the units it names.

……给予综合支持。（责任单位：市科技局、市发展改革委，有关区、市政府）
    ->  UnitGroup(span, (("责任单位", ("市科技局", "市发展改革委", "有关区、市政府")),))

A bracket governs only the sentences before it, back to the previous bracket: `structure` cuts a clause there.
"""

import re
from dataclasses import dataclass

from bot.types import Span

_ROLE = r"(?:责任|牵头|配合|主办|协办|承办|参与|参加|落实|实施|主责|负责)(?:单位|部门)"
# Units may carry a bracket of their own, 市委网信办（市大数据局）, one level deep.
_INNER = r"(?:[^（）()\n]|[（(][^（）()\n]*[）)])*"
_GROUP = re.compile(
    rf"[（(]\s*(?P<inner>{_ROLE}\s*[：:]{_INNER})[）)]"
    rf"|^[ \t　]*(?P<line>{_ROLE}\s*[：:][^\n]+)$",  # some plans give the units a line of their own
    re.M,
)
_ROLE_HEAD = re.compile(rf"({_ROLE})\s*[：:]")
_SEPARATOR = re.compile(r"[、，,；;。\s]+(?![^（(]*[）)])")
# “各区、市政府” and “有关区、市政府” are one unit each though they hold a 、.
_JOINED = re.compile(r"(?:各|有关|相关)(?:区|县|市)(?:、(?:区|县|市))+(?:人民)?(?:政府|管委会?)?")
_INSIDE = "\x00"
_TRAILING = re.compile(r"(?:等(?:单位|部门)?)?(?:按(?:照)?职责分工)?(?:分别)?(?:负责)?$")


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """One bracket: where it stands and, role by role, the units it names."""

    span: Span
    roles: tuple[tuple[str, tuple[str, ...]], ...]  # (("牵头单位", (…,)), ("配合单位", (…,)))

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit of the bracket, each once, in order."""
        return tuple(dict.fromkeys(unit for _, units in self.roles for unit in units))


def find_unit_groups(text: str, region: Span | None = None) -> tuple[UnitGroup, ...]:
    """The brackets of `text` (or of `region` in it) in reading order; spans are offsets into `text`."""
    start, end = region or Span(0, len(text))
    return tuple(
        UnitGroup(Span(*match.span()), _roles(match["inner"] or match["line"]))
        for match in _GROUP.finditer(text, start, end)
    )


def split_units(listing: str) -> tuple[str, ...]:
    """市科技局、市财政局，有关区、市政府  ->  ("市科技局", "市财政局", "有关区、市政府")"""
    whole = _JOINED.sub(lambda match: match[0].replace("、", _INSIDE), listing)
    units = (_TRAILING.sub("", unit, count=1) for unit in _SEPARATOR.split(whole))
    return tuple(unit.replace(_INSIDE, "、") for unit in units if unit)


def _roles(inner: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    heads = list(_ROLE_HEAD.finditer(inner))
    ends = [head.start() for head in heads[1:]] + [len(inner)]
    return tuple((head[1], split_units(inner[head.end() : end])) for head, end in zip(heads, ends, strict=True))
