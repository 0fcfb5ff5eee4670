"""
What people were not told, or did not like: grouped by topic, counted, with the clauses that came close.

    unanswered(records, period, embed, segmenter)
        ->  Overview(groups=(Group(瞪羚、补贴, asked=31, recent=20, earlier=11, questions=(…)), …), left_out=0)
    near(records, store, group.latest)  ->  (Near(clause=三、(三)8., times=3, score=0.57), …)
    mark(records, questions, "out_of_scope", "与政策无关", "张三")    they leave the list, and stay in the records

A mark is kept by the digest of the question's redacted text, so that a text that is deleted is gone. What is out of
scope stays away; what was settled (a curated answer, a new document) comes back when it is asked again in vain.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, insert, literal_column, select

from bot.index.store import Store
from bot.service.console.insight.figures import UNANSWERED, Period
from bot.service.console.insight.topics import MOST, Embed, Topic, topics
from bot.service.records import Records
from bot.service.records.models import AnswerRow, Feedback, QuestionMark
from bot.text.segment import Segmenter
from bot.types import Clause, Status

Decision = Literal["out_of_scope", "settled"]
Marks = dict[str, tuple[str, datetime]]  # digest -> decision, when
WEEK = timedelta(days=7)
ASKED: ColumnElement[int] = literal_column("asked")
OUT_OF_SCOPE: Status = "refused_out_of_scope"
ASKED_OF = 8  # answers whose hits tell which clauses came near
NEAREST = 5  # clauses shown


@dataclass(frozen=True, slots=True)
class Open:
    """
    One question as asked. asked: times in the period; recent: in its last seven days, earlier: in the seven before;
    disliked: of them, by a reader; latest: the last answer's id; decision: what staff marked it as, "" where nothing.
    """

    question: str
    asked: int
    recent: int
    earlier: int
    disliked: int
    latest: str
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The open questions of one topic, the most typical first."""

    topic: Topic
    questions: tuple[Open, ...]

    @property
    def asked(self) -> int:
        return sum(each.asked for each in self.questions)

    @property
    def recent(self) -> int:
        return sum(each.recent for each in self.questions)

    @property
    def earlier(self) -> int:
        return sum(each.earlier for each in self.questions)

    @property
    def disliked(self) -> int:
        return sum(each.disliked for each in self.questions)

    @property
    def latest(self) -> tuple[str, ...]:
        """The ids of the last answers to its most typical questions."""
        return tuple(each.latest for each in self.questions[:ASKED_OF])


@dataclass(frozen=True, slots=True)
class Overview:
    """The groups, the most asked first; left_out: questions asked too seldom to be among those that are grouped."""

    groups: tuple[Group, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Near:
    """A clause that was found for unanswered questions: for how many of them, and its best score (0 to 1)."""

    clause: Clause
    text: str
    times: int
    score: float


class _Row(NamedTuple):
    question: str
    asked: int
    recent: int
    earlier: int
    latest: str
    last: datetime


def unanswered(
    records: Records,
    period: Period,
    embed: Embed,
    segmenter: Segmenter,
    statuses: Collection[str] = UNANSWERED,
    marked: bool = False,
) -> Overview:
    """The open questions of a period, or those that are marked already. Raises RecordsError."""

    def read(connection: Connection) -> tuple[list[_Row], list[_Row], Marks, int]:
        found = connection.execute(select(QuestionMark.digest, QuestionMark.decision, QuestionMark.at))
        marks = {row.digest: (row.decision, row.at) for row in found}
        queries = _silent(period, statuses), _disliked(period, statuses)
        most = MOST + len(marks)  # so many may be left aside, and MOST are there still
        silent, disliked = (
            [
                _Row(*row)
                for row in connection.execute(query.order_by(ASKED.desc(), query.selected_columns[0]).limit(most))
            ]
            for query in queries
        )
        return silent, disliked, marks, sum(connection.scalar(_asked(query)) or 0 for query in queries)

    silent, disliked, marks, total = records.read(read)
    apart = sum(row.asked for row in (*silent, *disliked))  # of those that were fetched
    found = [
        each
        for each, last in _together(silent, disliked, marks)
        if each.asked and bool(_in_force(each, last, marks)) is marked
    ]
    kept = sorted(found, key=lambda each: (-each.asked, each.question))[:MOST]
    by_text = {each.question: each for each in kept}
    grouped = topics([(each.question, each.asked) for each in kept], embed, segmenter)
    groups = (Group(topic, tuple(by_text[question] for question in topic.questions)) for topic in grouped)
    left = sum(each.asked for each in found) - sum(each.asked for each in kept)
    return Overview(tuple(groups), left + total - apart)


def near(records: Records, store: Store, answers: Sequence[str]) -> tuple[Near, ...]:
    """The clauses that were found for most of these answers, then by score; those that are in the index still."""
    query = select(AnswerRow.hits, AnswerRow.rejected).where(AnswerRow.id.in_(answers))
    rows = records.read(lambda connection: connection.execute(query).all())
    best: dict[str, float] = {}
    times: Counter[str] = Counter()
    for hits, rejected in rows:
        found = {
            str(hit[0]): float(hit[1]) for hit in sorted((*hits, *rejected), key=lambda hit: hit[1])[-NEAREST * 2 :]
        }
        times.update(found.keys())
        for id_, score in found.items():
            best[id_] = max(best.get(id_, 0.0), score)
    chunks = {chunk.id: chunk for chunk in store.chunks if chunk.id in best}
    ranked = sorted(chunks, key=lambda id_: (-times[id_], -best[id_]))
    by_clause: dict[tuple[str, str], Near] = {}
    for id_ in ranked:
        clause = chunks[id_].clause
        by_clause.setdefault((clause.document.id, clause.ref), Near(clause, chunks[id_].text, times[id_], best[id_]))
    return tuple(by_clause.values())[:NEAREST]


def mark(records: Records, questions: Iterable[str], decision: Decision, note: str, who: str) -> int:
    """Note what was decided of these questions; a later mark takes the place of an earlier one. Returns how many."""
    now = datetime.now(UTC).replace(tzinfo=None)
    digests = sorted({digest(question) for question in questions})
    rows = [{"digest": each, "at": now, "decision": decision, "note": note, "who": who} for each in digests]

    def put(connection: Connection) -> None:
        _erase(connection, digests)
        if rows:
            connection.execute(insert(QuestionMark), rows)

    records.write(put)
    return len(rows)


def unmark(records: Records, questions: Iterable[str]) -> None:
    """Bring these questions back to the list."""
    digests = [digest(question) for question in questions]
    records.write(lambda connection: _erase(connection, digests))


def digest(question: str) -> str:
    return hashlib.sha256(question.strip().encode()).hexdigest()


def _erase(connection: Connection, digests: Sequence[str]) -> None:
    connection.execute(delete(QuestionMark).where(QuestionMark.digest.in_(digests)))


def _in_force(each: Open, last: datetime, marks: Marks) -> str:
    """The decision that keeps a question off the list."""
    _, at = marks.get(digest(each.question), ("", last))
    return "" if each.decision == "settled" and last > at else each.decision


def _together(silent: Iterable[_Row], disliked: Iterable[_Row], marks: Marks) -> list[tuple[Open, datetime]]:
    """Each question once, and when it was asked last."""
    rows: defaultdict[str, list[tuple[_Row, bool]]] = defaultdict(list)
    for kind, every in ((False, silent), (True, disliked)):
        for row in every:
            rows[row.question].append((row, kind))
    made = []
    for question, parts in rows.items():
        newest = max((row for row, _ in parts), key=lambda row: row.last)
        asked, recent, earlier = (
            sum(getattr(row, name) for row, _ in parts) for name in ("asked", "recent", "earlier")
        )
        thoughts = sum(row.asked for row, was_disliked in parts if was_disliked)
        decision, _ = marks.get(digest(question), ("", newest.last))
        made.append((Open(question, asked, recent, earlier, thoughts, newest.latest, decision), newest.last))
    return made


def _silent(period: Period, statuses: Collection[str]) -> Select[Any]:
    """All of it is in the index of lists."""
    row = AnswerRow
    query = select(row.question, *_counts(row.at, period), func.max(row.id), func.max(row.at))
    return query.where(row.at >= _since(period), row.at < period.end, row.status.in_(statuses)).group_by(row.question)


def _disliked(period: Period, statuses: Collection[str]) -> Select[Any]:
    """What was answered, and disliked; what was not answered is counted once."""
    row, thought = AnswerRow, Feedback
    query = select(row.question, *_counts(thought.at, period), func.max(row.id), func.max(thought.at))
    return (
        query.join(thought, thought.answer == row.id)
        .where(thought.verdict == "down", thought.at >= _since(period), thought.at < period.end)
        .where(row.status.not_in(statuses))
        .group_by(row.question)
    )


def _counts(at: Any, period: Period) -> tuple[Any, Any, Any]:
    """In the period, in its last week, in the week before."""
    week, two = period.end - WEEK, period.end - 2 * WEEK
    spans = ((period.start, period.end), (week, period.end), (two, week))
    asked, recent, earlier = (func.sum(case(((at >= first) & (at < last), 1), else_=0)) for first, last in spans)
    return asked.label("asked"), recent, earlier


def _asked(query: Select[Any]) -> Select[Any]:
    """How many rows a query counts, without telling them apart."""
    return query.with_only_columns(query.selected_columns.asked).group_by(None)


def _since(period: Period) -> datetime:
    return min(period.start, period.end - 2 * WEEK)
