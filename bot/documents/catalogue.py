"""
Every document with its dates and whether it is in force: what `python -m bot docs` lists.

(Outline(Document("plan", …)), Outline(Document("old", expires_on=2024-12-31)))  ->
plan · 青岛市…行动方案（2025—2027年）
    现行 · 规范性文件 · 青岛市 · 成文 2025-04-14 · 原文 · 43 条
old · 某市种树办法
    【到期】政府规章 · 某市 · 施行 2019-01-01 · 失效 2024-12-31 · 原文 · 12 条
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from bot.documents.structure import HEAD
from bot.types import KIND_LABELS, Document, DocumentState, Outline

Standing = Literal[DocumentState, "尚未施行"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the catalogue. `versions` are the ids of all its versions, newest first; none where it is alone."""

    document: Document
    standing: Standing
    clauses: int
    versions: tuple[str, ...] = ()

    @property
    def as_json(self) -> dict[str, Any]:
        told = {name: value for name, value in asdict(self.document).items() if name not in {"text", "anchors"}}
        days = {name: value.isoformat() for name, value in told.items() if isinstance(value, date)}
        return told | days | {"standing": self.standing, "clauses": self.clauses, "versions": list(self.versions)}


def standing(document: Document, today: date) -> Standing:
    """The state as it is today: what the manifest says, and what became of it since by the dates."""
    if document.state == "现行" and document.expires_on and document.expires_on < today:
        return "到期"
    if document.state == "现行" and document.effective_on and document.effective_on > today:
        return "尚未施行"
    return document.state


def catalogue(outlines: Sequence[Outline], today: date) -> tuple[Entry, ...]:
    """An entry for each document, in the order given."""
    works: dict[str, list[Document]] = {}
    for outline in outlines:
        works.setdefault(outline.document.work, []).append(outline.document)
    entries: list[Entry] = []
    for outline in outlines:
        document = outline.document
        versions = sorted(works[document.work], key=since, reverse=True)
        ids = tuple(version.id for version in versions) if len(versions) > 1 else ()
        entries.append(Entry(document, standing(document, today), articles(outline), ids))
    return tuple(entries)


def render(entries: Sequence[Entry]) -> str:
    """Two lines a document, a third where there are other versions; what is not in force is marked 【…】."""
    return "\n".join(line for entry in entries for line in _lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    document = entry.document
    yield f"{document.id} · {document.title}"
    dates = (("成文", document.issued_on), ("施行", document.effective_on), ("失效", document.expires_on))
    facts = (
        document.level,
        document.place,
        document.doc_number,
        *(f"{name} {day}" for name, day in dates if day),
        KIND_LABELS[document.kind],
        f"{entry.clauses} 条",
    )
    mark = "现行 · " if entry.standing == "现行" else f"【{entry.standing}】"
    yield f"    {mark}{' · '.join(fact for fact in facts if fact)}"
    if others := [version for version in entry.versions if version != document.id]:
        yield f"    另有版本：{'、'.join(others)}"


def articles(outline: Outline) -> int:
    """How many clauses it has, as a reader counts them: without what stands above the first."""
    return sum(clause.ref != HEAD for clause in outline.clauses)


def since(document: Document) -> date:
    """From when the words are these: an amended law goes on from the day it first began, its amendment is the later."""
    return max(filter(None, (document.effective_on, document.issued_on)), default=date.min)
