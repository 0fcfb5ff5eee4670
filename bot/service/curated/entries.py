"""
Curated answers (人工审定) as they are kept: written by staff, published by a reviewer, valid for a time.

    entries.save(draft, by="李敏")  ->  Entry(id="01J…", state="draft", version=1, …)
    entries.publish("01J…", by="王强")  ->  Entry(state="live", version=2, …): it answers within a second, everywhere
    entries.retire("01J…", by="王强", reason="已有新规定")

Every change is in the audit, in one transaction with the change. Nothing is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, func, insert, select, update
from ulid import ULID

from bot.errors import BotError
from bot.service.console.audit import entered, now
from bot.service.records import Records
from bot.service.records.curated_models import CuratedRow
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH, normalise

State = Literal["draft", "live", "expired", "changed", "retired"]
STATES: tuple[State, ...] = get_args(State)
STATE_NAMES: Mapping[State, str] = {
    "draft": "草稿",
    "live": "生效",
    "expired": "已到期",
    "changed": "依据有变",
    "retired": "已停用",
}
MOST_TEXT = 2000  # characters of an answer
MOST_VARIANTS = 50
MARKER = re.compile(r"\[(\d+)\]")
SYSTEM = "系统"  # who did it, in the audit, where nobody did
SAVED, PUBLISHED, RETIRED, ENDED = "保存人工审定答复", "发布人工审定答复", "停用人工审定答复", "人工审定答复失效"


class CuratedError(BotError):
    """What was asked of a curated answer cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What an answer stands on: the words of a document and where they stood when it was written."""

    document: str
    start: int
    end: int
    quote: str
    ref: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member of staff fills in. `text` has [n] where it stands on the n-th citation."""

    question: str
    text: str
    citations: tuple[Quoted, ...] = ()
    variants: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    owner: str = ""  # who answers for it; empty: who saves it first
    unit: str = ""
    valid_from: date | None = None
    valid_to: date | None = None  # the last day
    source: str = ""  # the answer it was made from


@dataclass(frozen=True, slots=True)
class Entry:
    """A curated answer as it is kept. Times are UTC."""

    id: str
    draft: Draft
    state: State
    reason: str
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    published_by: str

    def holds_on(self, day: date) -> bool:
        """Whether it is live and valid on that day."""
        start, end = self.draft.valid_from, self.draft.valid_to
        return self.state == "live" and (not start or start <= day) and (not end or day <= end)


class Entries:
    """The curated answers of one service; safe to share between threads. Every call may raise RecordsError."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def get(self, id_: str) -> Entry | None:
        rows = self._rows(CuratedRow.id == id_)
        return rows[0] if rows else None

    def chosen(self, state: State | None = None, owner: str = "") -> Sequence[Entry]:
        """The latest changed first; those of a state, of an owner."""
        wanted = [CuratedRow.state == state] if state else []
        return self._rows(*wanted, *([CuratedRow.owner == owner] if owner else []))

    def attention(self, owner: str = "") -> Sequence[Entry]:
        """What no longer answers though nobody stopped it: expired, or the cited words have changed."""
        mine = [CuratedRow.owner == owner] if owner else []
        return self._rows(CuratedRow.state.in_(("expired", "changed")), *mine)

    def owners(self) -> Sequence[str]:
        query = select(CuratedRow.owner).distinct().order_by(CuratedRow.owner)
        return list(self._records.read(lambda connection: connection.execute(query).scalars().all()))

    def revision(self) -> tuple[int, int]:
        """Another pair after every change: how many there are, and the sum of their versions."""
        query = select(func.count(), func.coalesce(func.sum(CuratedRow.version), 0)).select_from(CuratedRow)
        count, versions = self._records.read(lambda connection: connection.execute(query).one())
        return int(count), int(versions)

    def save(self, draft: Draft, by: str, id_: str | None = None) -> Entry:
        """Keep a new answer, or a new wording of one, as a draft. Raises CuratedError where it cannot be kept."""
        draft = checked(draft)

        def work(connection: Connection) -> str:
            known = self._known(connection, id_) if id_ else None
            kept = replace(draft, owner=draft.owner or (known.draft.owner if known else by))
            values = _columns(kept) | {"state": "draft", "reason": "", "changed_at": now(), "changed_by": by}
            if known:
                change = update(CuratedRow).where(CuratedRow.id == known.id)
                connection.execute(change.values(**values, version=known.version + 1))
                name, version = known.id, known.version + 1
            else:
                made = {"created_at": values["changed_at"], "created_by": by, "published_by": ""}
                name, version = new_id, 1
                connection.execute(insert(CuratedRow), [values | made | {"id": name, "version": version}])
            entered(connection, by, SAVED, name, {"version": version} | _plain(kept))
            return name

        new_id = str(ULID())
        return self._must(self._records.write(work))

    def publish(self, id_: str, by: str, version: int | None = None) -> Entry:
        """
        Have it answer. `version`: what the publisher has seen; another one since is refused.

        Raises CuratedError where it cites nothing, has ended, or is not there.
        """

        def work(connection: Connection) -> None:
            entry = self._known(connection, id_)
            publishable(entry.draft)
            if version is not None and version != entry.version:
                raise CuratedError("这条答复刚被别人改过，请重新打开核对后再发布。")
            self._change(connection, entry, by, PUBLISHED, state="live", reason="", published_by=by)

        self._records.write(work)
        return self._must(id_)

    def retire(self, id_: str, by: str, reason: str) -> Entry:
        """Have it answer no more. Raises CuratedError without a reason."""
        if not reason.strip():
            raise CuratedError("停用请写明原因。")

        def work(connection: Connection) -> None:
            self._change(connection, self._known(connection, id_), by, RETIRED, state="retired", reason=reason.strip())

        self._records.write(work)
        return self._must(id_)

    def end(self, id_: str, version: int, state: State, reason: str) -> None:
        """Have it answer no more because its day has come or what it cites has changed; once, whoever finds it."""

        def work(connection: Connection) -> None:
            entry = self._known(connection, id_)
            if entry.state == "live" and entry.version == version:
                self._change(connection, entry, SYSTEM, ENDED, state=state, reason=reason)

        self._records.write(work)

    def _rows(self, *conditions: Any) -> list[Entry]:
        query = select(CuratedRow.__table__).where(*conditions).order_by(CuratedRow.changed_at.desc(), CuratedRow.id)
        found = self._records.read(lambda connection: connection.execute(query).mappings().all())
        return [_entry(dict(row)) for row in found]

    def _must(self, id_: str) -> Entry:
        entry = self.get(id_)
        assert entry  # noqa: S101  (nothing is deleted)
        return entry

    @staticmethod
    def _known(connection: Connection, id_: str) -> Entry:
        query = select(CuratedRow.__table__).where(CuratedRow.id == id_).with_for_update()
        row = connection.execute(query).mappings().first()
        if row is None:
            raise CuratedError("没有这条人工审定答复。")
        return _entry(dict(row))

    @staticmethod
    def _change(connection: Connection, entry: Entry, by: str, action: str, **values: Any) -> None:
        written = values | {"version": entry.version + 1, "changed_at": now(), "changed_by": by}
        connection.execute(update(CuratedRow).where(CuratedRow.id == entry.id).values(**written))
        entered(
            connection, by, action, entry.id, {"version": entry.version + 1, "question": entry.draft.question} | values
        )


def checked(draft: Draft) -> Draft:
    """The draft as it is kept. Raises CuratedError where something is missing or too long."""
    question, text = normalise(draft.question), draft.text.strip()
    if not question or not text:
        raise CuratedError("问题和答复都要填写。")
    if len(text) > MOST_TEXT:
        raise CuratedError(f"答复最多{MOST_TEXT}字，现有{len(text)}字，请精简。")
    variants, negatives = (
        tuple(dict.fromkeys(filter(None, map(normalise, each)))) for each in (draft.variants, draft.negatives)
    )
    if len(variants) > MOST_VARIANTS or len(negatives) > MOST_VARIANTS:
        raise CuratedError(f"其他问法和相似但不同的问题各最多{MOST_VARIANTS}条。")
    if longest := max((question, *variants, *negatives), key=len)[MAXIMUM_QUESTION_LENGTH:]:
        raise CuratedError(f"每个问题最多{MAXIMUM_QUESTION_LENGTH}字，有一条超出{len(longest)}字，请缩短。")
    if both := set(negatives) & {question, *variants}:
        raise CuratedError(f"“{both.pop()}”既列为同义问法，又列为不同的问题，请只保留一处。")
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        raise CuratedError("有效期的截止日不能早于起始日。")
    wrong = [number for number in MARKER.findall(text) if not 1 <= int(number) <= len(draft.citations)]
    if wrong:
        raise CuratedError(f"答复里有标号[{wrong[0]}]，但没有第{wrong[0]}条依据。")
    variants = tuple(each for each in variants if each != question)
    return replace(draft, question=question, text=text, variants=variants, negatives=negatives, unit=draft.unit.strip())


def publishable(draft: Draft) -> None:
    """Raises CuratedError where the answer may not be given to the public as it is."""
    if not draft.citations:
        raise CuratedError("发布前请至少选一条依据：每条答复都要有出处。")
    if draft.valid_to and draft.valid_to < date.today():
        raise CuratedError("有效期已经过了，请先改有效期。")


def _columns(draft: Draft) -> dict[str, Any]:
    return asdict(draft) | {
        "variants": list(draft.variants),
        "negatives": list(draft.negatives),
        "citations": [asdict(each) for each in draft.citations],
    }


def _plain(draft: Draft) -> dict[str, Any]:
    """For the audit, as JSON."""
    dates = {name: str(getattr(draft, name) or "") for name in ("valid_from", "valid_to")}
    return _columns(draft) | dates


def _entry(row: Mapping[str, Any]) -> Entry:
    kept = dict(row)
    draft = Draft(
        **{name: kept.pop(name) for name in ("question", "text", "owner", "unit", "valid_from", "valid_to", "source")},
        variants=tuple(kept.pop("variants")),
        negatives=tuple(kept.pop("negatives")),
        citations=tuple(Quoted(**each) for each in kept.pop("citations")),
    )
    return Entry(draft=draft, **kept)
