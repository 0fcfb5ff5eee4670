"""
Whom to turn to for a unit: kept as data by staff, with an entry that is always there, 12345.

    directory.of(answer)  ->  Handoff("市民营经济局", contact="0532-…", …), or 12345 where none is known

A unit is found by its name, by another name it goes by, and without 青岛市 or 市 before it. No number is shipped but
12345: whoever enters one says where it is from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, insert, select, update

from bot.errors import BotError
from bot.service.console.audit import entered, now
from bot.service.records import Records
from bot.service.records.desk_models import DirectoryRow
from bot.types import Answer, Clause

SHIPPED = Path(__file__).with_name("directory.toml")
FIELDS: Mapping[str, str] = {
    "unit": "单位",
    "also": "其他名称",
    "contact": "电话",
    "hours": "服务时间",
    "address": "地址",
    "link": "网址",
    "source": "出处",
}
LONGEST = 200  # characters of a field
HANDED_ON = frozenset(
    {"unanswerable_not_in_corpus", "unanswerable_not_stated", "refused_out_of_scope", "error_internal"}
)


class DirectoryError(BotError):
    """An entry cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """Where to turn to. What is not known is empty."""

    unit: str
    contact: str = ""
    hours: str = ""
    address: str = ""
    link: str = ""
    also: tuple[str, ...] = ()
    source: str = ""


class Directory:
    """The directory of one service."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def entries(self) -> Sequence[Handoff]:
        """What staff have entered, by name."""
        columns = (getattr(DirectoryRow, name) for name in FIELDS)
        query = select(*columns).order_by(DirectoryRow.unit)
        rows = self._records.read(lambda connection: connection.execute(query).mappings().all())
        return [Handoff(**{**row, "also": tuple(row["also"])}) for row in rows]

    def find(self, units: Iterable[str]) -> Handoff:
        """The first of the units that has an entry, else 12345."""
        entries = self.entries()
        known = {_short(name): entry for entry in entries for name in (entry.unit, *entry.also)}
        found = (known[_short(unit)] for unit in units if _short(unit) in known)
        return next(found, known.get(_short(hotline().unit), hotline()))

    def of(self, answer: Answer) -> Handoff:
        """Where the reader of this answer can turn to: to a unit that its text names."""
        return self.find(named_units(answer))

    def put(self, entry: Mapping[str, str], by: str) -> None:
        """Keep an entry in place of one of the same unit. Raises DirectoryError."""
        row = _checked(entry)

        def work(connection: Connection) -> None:
            columns = [getattr(DirectoryRow, name) for name in FIELDS]
            before = connection.execute(select(*columns).where(DirectoryRow.unit == row["unit"])).mappings().first()
            values = row | {"at": now(), "who": by}
            if before:
                connection.execute(update(DirectoryRow).where(DirectoryRow.unit == row["unit"]).values(**values))
            else:
                connection.execute(insert(DirectoryRow), [values])
            changed = {"from": dict(before) if before else None, "to": row}
            entered(connection, by, "更改转办目录", row["unit"], changed)

        self._records.write(work)

    def remove(self, unit: str, by: str) -> None:
        """Raises DirectoryError where there is no such entry."""

        def work(connection: Connection) -> None:
            if not connection.execute(delete(DirectoryRow).where(DirectoryRow.unit == unit)).rowcount:
                raise DirectoryError(f"转办目录里没有“{unit}”。")
            entered(connection, by, "删除转办单位", unit, {})

        self._records.write(work)

    def take_in(self, text: str, by: str) -> int:
        """Keep every [[unit]] of a TOML text, or none where one is wrong. Returns how many; raises DirectoryError."""
        entries = _parsed(text)
        for entry in entries:
            _checked(entry)
        for entry in entries:
            self.put(entry, by)
        return len(entries)

    def as_toml(self) -> str:
        """What `take_in` takes, of everything kept."""
        import tomlkit

        document = tomlkit.document()
        units = tomlkit.aot()
        for entry in self.entries():
            units.append(tomlkit.item({name: _plain(value) for name, value in asdict(entry).items() if value}))
        document["unit"] = units
        return tomlkit.dumps(document)


@cache
def hotline() -> Handoff:
    """The entry that is always there."""
    return Handoff(**_parsed(SHIPPED.read_text(encoding="utf-8"))[0])


def named_units(answer: Answer) -> tuple[str, ...]:
    """The units responsible for what an answer cites, in order."""
    units: list[str] = []
    for citation in answer.citations:
        if citation.segment:
            units += citation.segment.units
        elif isinstance(citation.clause, Clause):
            units += citation.clause.units
    return tuple(dict.fromkeys(units))


def needs_handoff(answer: Answer) -> bool:
    """Whether an answer leaves its reader without what was asked for."""
    return answer.status in HANDED_ON


def _short(unit: str) -> str:
    return unit.strip().removeprefix("青岛").removeprefix("市").replace(" ", "")


def _parsed(text: str) -> list[dict[str, Any]]:
    try:
        found = tomllib.loads(text).get("unit", [])
    except tomllib.TOMLDecodeError as error:
        raise DirectoryError(f"不是有效的TOML：{error}。") from error
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise DirectoryError('没有找到[[unit]]。每个单位一节，例如：[[unit]]，下面写 unit = "…"、contact = "…"。')
    return found


def _checked(entry: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(entry) - set(FIELDS):
        raise DirectoryError(f"没有“{'、'.join(sorted(unknown))}”这样的字段，应为 {'、'.join(FIELDS)}。")
    names = entry.get("also") or []
    names = names.replace(",", "、").replace("，", "、").split("、") if isinstance(names, str) else names
    row = {name: str(entry.get(name) or "").strip() for name in FIELDS if name != "also"}
    row_also = [str(name).strip() for name in names if str(name).strip()]
    if not row["unit"]:
        raise DirectoryError("请写明单位名称。")
    if long := [FIELDS[name] for name, value in row.items() if len(value) > LONGEST]:
        raise DirectoryError(f"“{long[0]}”请控制在{LONGEST}字以内。")
    if not (row["contact"] or row["address"] or row["link"]):
        raise DirectoryError("电话、地址、网址至少写一项。")
    if not row["source"]:
        raise DirectoryError("请写明出处，例如“市政府网站部门信息公开页，2026年11月查”。")
    if row["link"] and urlsplit(row["link"]).scheme not in ("http", "https"):
        raise DirectoryError("网址应以 https:// 或者 http:// 开头。")
    return {**row, "also": row_also}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
