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
_CLOSERS = frozenset("”」』）)\"'*_")
_NUMBERS = r"\d{1,2}(?:\s*[,，、;；和\-–—~至]\s*\d{1,2})*"
MARKER = re.compile(
    rf"[\[［【]\s*\^?(?:资料|来源|引用|依据|citation[::]|第)?\s*({_NUMBERS})\s*条?\s*[\]］】](?:\([^()\s]*\))?"
)
_OPEN_MARKER = re.compile(r"[\[［【][^\]］】\n]{0,24}$|\[\d{1,2}\]\([^()\s]*$")
_RANGE = re.compile(r"(\d+)\s*[\-–—~至]\s*(\d+)")
_THINK = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<[/a-zA-Z]{0,12}$")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,200}>")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_LOOSE_ADDRESS = re.compile(r"^\s*\((?:https?://|www\.|/)[^()\s]*\)")
_BULLET = re.compile(
    r"^(?:\s*(?:[-*+•·>]\s+|#{1,6}\s*|[-*+•·](?=[\u4e00-\u9fff])|\d{1,2}[.、)）](?!\d)|[（(]\d{1,2}[)）]))+\s*"
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
    """Where a number ends with which the buffer begins."""
    marker = MARKER.match(buffer.lstrip(" \t"))
    return len(buffer) - len(buffer.lstrip(" \t")) + marker.end() if marker else None


def _end(buffer: str) -> int | None:
    """Where the first finished sentence of the buffer ends, with the numbers behind it; None where none is finished."""
    closers: list[str] = []
    for place, char in enumerate(buffer):
        if char == "\n":
            return place + 1
        if closers and char == closers[-1]:
            closers.pop()
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
    has_numbers = bool(MARKER.search(buffer[:end]))
    while True:
        rest = buffer[end:]
        blank = len(rest) - len(rest.lstrip(" \t"))
        if marker := MARKER.match(rest, blank):
            end, has_numbers = end + marker.end(), True
            while end < len(buffer) and buffer[end] in "。*":  # ……。[1]。
                end += 1
        elif has_numbers or (rest.strip(" \t") and not _OPEN_MARKER.fullmatch(rest.lstrip(" \t"))):
            return end
        else:
            return None


def _said(raw: str) -> Said:
    numbers = tuple(dict.fromkeys(number for marker in MARKER.finditer(raw) for number in _numbers(marker[1])))
    text = unescape(_TAG.sub("", _LINK.sub(r"\1", MARKER.sub("", _LOOSE_ADDRESS.sub("", raw)))))
    text = _BULLET.sub("", _EMPHASIS.sub("", text)).strip(" \t\n\r　")
    return Said(text if re.search(r"\w", text) else "", numbers)


def _numbers(marker: str) -> list[int]:
    """1-3 are 1, 2 and 3; 1、3 are 1 and 3."""
    listed = _RANGE.sub(lambda run: ",".join(map(str, range(int(run[1]), min(int(run[2]), 99) + 1))), marker)
    return [int(number) for number in re.findall(r"\d+", listed)]
