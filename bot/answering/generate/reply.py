"""
Cut a model's reply into finished sentences while it comes in, and clean them.

    "<think>…</think>**每年培养", "30名以上。", "[1]", "[2]"  ->  Said("每年培养30名以上。", (1,)), Said("", (2,))

A sentence ends at 。！？ or a line break, and is told as soon as the number behind it is there; numbers that come later
are told as a Said without text. Markup is dropped, and so is what a reasoning model thinks aloud.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import chain

LONGEST = 400  # characters; what goes on longer is cut, and fails the check
_ENDS = frozenset("。！？!?")
_PAIRS = {"“": "”", "（": "）", "(": ")", "《": "》", "「": "」", "『": "』"}
_CLOSERS = frozenset("”」』）)\"'*_~`")
_NUMBERS = r"\d{1,2}(?:\s*[,，、;；和\-–—~至]\s*\d{1,2})*"
_KIND = r"(?:资料|来源|引用|依据|出处|参考|文档|条款|原文|citation|source|ref|第)?\s*[::：]?"
_NAMED = rf"\s*\^?{_KIND}\s*{_NUMBERS}\s*条?\s*"
_MARKER = rf"(?:(?<!\[)[\[［【]{_NAMED}[\]］】]|\[\[{_NAMED}\]\])(?:\([^()\s]*\))?"
MARKER = re.compile(_MARKER, re.IGNORECASE)
_SEE = r"[（(]\s*(?:详见|参见|见|来源|出处|引自|依据|参考|引用)?\s*[:：]?\s*"  # （见[1]）
_MARKERS = rf"(?:{_MARKER}[、,，和 \t]*)+"
_NOTE = re.compile(rf"{_SEE}{_MARKERS}[)）]|{_MARKERS}", re.IGNORECASE)
_RAISED = r"<(?:sup|sub|a|span|small|cite|ref)\b[^<>]{0,80}>"
# Numbers behind a sentence with what may stand between: </b>[1], <sup>[1]</sup>, （见[1]）.
_BEHIND = re.compile(rf"(?:</[^<>]{{1,12}}>|[ \t])*(?:{_RAISED}[ \t]*)?(?:{_NOTE.pattern})", re.IGNORECASE)
_AFTER = re.compile(r"(?:</[^<>]{1,12}>|[。*_~`])*")  # ……。[1]</sup>。
_OPEN = r"(?:[\[［【]{1,2}[^\]］】\n]{0,24}|\[\[[^\]\n]{1,24}\]|\[{1,2}\d{1,2}\]{1,2}\([^()\s]*)?"
_OPEN_BEHIND = re.compile(  # the beginning of such numbers
    rf"(?:</[^<>]{{1,12}}>|[ \t])*(?:</?[^<>]{{0,80}}|(?:{_RAISED}[ \t]*)?"
    rf"(?:(?:[（(][^\[［【()（）\n]{{0,6}})?{_OPEN}|{_SEE}{_MARKERS}{_OPEN}))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*[\-–—~至]\s*(\d+)")
_THINK = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<[/a-zA-Z]{0,12}$")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,200}>")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_LOOSE_ADDRESS = re.compile(r"^\s*\((?:https?://|www\.|/)[^()\s]*\)")
_BULLET = re.compile(
    r"^(?:\s*(?:[-*+•·>]\s+|#{1,6}\s*|[-*+•·](?=[\u4e00-\u9fff])|\d{1,2}[.、)）](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]))+\s*"
)
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`{1,3}[a-z]*|~~")


@dataclass(frozen=True, slots=True)
class Said:
    """A finished sentence and the numbers of the passages it names; without text, numbers of the one before."""

    text: str
    numbers: tuple[int, ...] = ()
    is_thought: bool = False  # what came until here was thinking aloud, whose beginning was not marked


def sentences(pieces: Iterable[str]) -> Iterator[Said]:
    """
    The sentences of a reply as they are finished. What a reply ends with in the middle of a sentence is not told
    unless the pieces end with a line break.
    """
    buffer, behind = "", False  # behind: a sentence has just ended on this line, and numbers here are its
    for piece in _without_thoughts(pieces):
        if piece is None:
            buffer, behind = "", False
            yield Said("", is_thought=True)
            continue
        buffer += piece
        while (end := _late(buffer) if behind else None) or (end := _end(buffer)) is not None:
            said = _said(buffer[:end])
            behind, buffer = buffer[end - 1] != "\n", buffer[end:]
            if said.text or said.numbers:
                yield said


def _without_thoughts(pieces: Iterable[str]) -> Iterator[str | None]:
    """The pieces without <think>…</think>; None where a thought ends that was not seen to begin."""
    buffer, thinking = "", False
    for piece in chain(pieces, [""]):
        buffer += piece
        while tag := _THINK.search(buffer):
            before, buffer = buffer[: tag.start()], buffer[tag.end() :]
            if tag[1]:
                if not thinking:
                    yield None
                thinking = False
            else:
                if not thinking and before:
                    yield before
                thinking = True
        kept = _OPEN_TAG.search(buffer) if piece else None  # it may be the beginning of one
        ready, buffer = (buffer[: kept.start()], kept.group()) if kept else (buffer, "")
        if ready and not thinking:
            yield ready


def _late(buffer: str) -> int | None:
    """Where numbers end with which the buffer begins."""
    marker = _BEHIND.match(buffer)
    return marker.end() if marker else None


def _end(buffer: str) -> int | None:
    """Where the first finished sentence of the buffer ends, with the numbers behind it; None where none is finished."""
    closers: list[str] = []
    for place, char in enumerate(buffer):
        if char == "\n":
            return place + 1
        if closers and char == closers[-1]:
            closers.pop()
            # “重点投早。”[1] ends there, “投早！投小。”先行 does not.
            if not closers and buffer[place - 1] in _ENDS and _OPEN_BEHIND.fullmatch(buffer, place + 1):
                return None
            if not closers and buffer[place - 1] in _ENDS and _BEHIND.match(buffer, place + 1):
                return _with_numbers(buffer, place + 1)
        elif char in _PAIRS:
            closers.append(_PAIRS[char])
        elif char in _ENDS and not closers:
            end = _with_numbers(buffer, place + 1)
            if end is not None:
                return end
        if place >= LONGEST:
            return place + 1
    return None


def _with_numbers(buffer: str, end: int) -> int | None:
    """Where the numbers behind a sentence end; None where they may still come."""
    while end < len(buffer) and buffer[end] in _CLOSERS | _ENDS:
        end += 1
    has_numbers = bool(MARKER.search(buffer, 0, end))
    while True:
        if marker := _BEHIND.match(buffer, end):
            end, has_numbers = _AFTER.match(buffer, marker.end()).end(), True  # type: ignore[union-attr]
        elif has_numbers or not _OPEN_BEHIND.fullmatch(buffer, end):
            return end
        else:
            return None


def _said(raw: str) -> Said:
    numbers = tuple(dict.fromkeys(number for marker in MARKER.finditer(raw) for number in _numbers(marker[0])))
    text = unescape(_TAG.sub("", _LINK.sub(r"\1", _NOTE.sub("", _LOOSE_ADDRESS.sub("", raw)))))
    text = _BULLET.sub("", _EMPHASIS.sub("", text)).strip(" \t\n\r　")
    return Said(text if re.search(r"\w", text) else "", numbers)


def _numbers(marker: str) -> list[int]:
    """[1-3] are 1, 2 and 3; [1、3](address) are 1 and 3."""
    named = re.split("[\\]］】]", marker)[0]
    listed = _RANGE.sub(lambda run: ",".join(map(str, range(int(run[1]), min(int(run[2]), 99) + 1))), named)
    return [int(number) for number in re.findall(r"\d+", listed)]
