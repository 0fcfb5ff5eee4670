"""
What a reader must know of a document before trusting it: that it is not in force, a draft, a digest, replaced.

    Document("…条例", expires_on=2024-12-31, kind="digest")  ->  Flags("要点摘编 · 非原文", "已到期 · 2024年12月31日")

The words are the same wherever the document shows: an answer, the pages, the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from bot.documents.catalogue import Standing, since, standing
from bot.types import KIND_LABELS, Document

_IS: dict[Standing, str] = {"到期": "已到期", "废止": "已废止"}


class Flagger:
    """Tells the flags of documents that stand in one collection, as they are on the day they are asked for."""

    def __init__(self, documents: Iterable[Document], today: Callable[[], date] = date.today) -> None:
        self._today = today
        self._works: dict[str, list[Document]] = {}
        for document in documents:
            self._works.setdefault(document.work, []).append(document)

    def flags(self, document: Document) -> tuple[str, ...]:
        """The words for each thing to know, each short enough for a badge; none for an original in force."""
        kind = () if document.kind == "original" else (KIND_LABELS[document.kind],)
        return (*kind, *self._state(document), *self._replaced(document))

    def warning(self, document: Document) -> str:
        """《…》已于2024年12月31日到期: the same as half a sentence; empty where its words are in force."""
        name, state = f"《{document.title}》", standing(document, self._today())
        ended = chinese_date(document.expires_on)
        if state in _IS:
            return f"{name}已于{ended}{state}" if ended else f"{name}{_IS[state]}"
        if state == "尚未施行":
            return f"{name}自{chinese_date(document.effective_on)}起施行，目前尚未施行"
        if state == "征求意见":
            return f"{name}是征求意见稿，尚未正式出台"
        newest = self.newer(document)
        return f"{name}（{_version(document)}）已有{_version(newest)}" if newest else ""

    def state(self, document: Document) -> str:
        """现行, 到期 …: the state of today; 旧版本 of one that another version has replaced."""
        state = standing(document, self._today())
        return "旧版本" if state == "现行" and self.newer(document) else state

    def newer(self, document: Document) -> Document | None:
        """The newest version in force of the same paper, where it is a later one."""
        versions = [each for each in self._works.get(document.work, ()) if standing(each, self._today()) == "现行"]
        newest = max(versions, key=since, default=document)
        return newest if since(newest) > since(document) else None

    def _state(self, document: Document) -> tuple[str, ...]:
        state = standing(document, self._today())
        if state in _IS:
            ended = chinese_date(document.expires_on)
            return (f"{_IS[state]} · {ended}" if ended else _IS[state],)
        if state == "尚未施行":
            return (f"尚未施行 · {chinese_date(document.effective_on)}起施行",)
        return ("征求意见稿 · 未正式出台",) if state == "征求意见" else ()

    def _replaced(self, document: Document) -> tuple[str, ...]:
        newest = self.newer(document)
        return (f"旧版本 · 已有{_version(newest)}",) if newest else ()


def flag_note(flags: Iterable[str]) -> str:
    """（要点摘编 · 非原文；已废止）, to stand behind a name in plain text; empty where there is nothing to know."""
    told = "；".join(flags)
    return f"（{told}）" if told else ""


def chinese_date(day: date | None) -> str:
    """2025年4月14日; empty for None."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _version(document: Document) -> str:
    day = since(document)
    return "另一版本" if day == date.min else f"{chinese_date(day)}版本"
