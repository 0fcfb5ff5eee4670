"""
Who is responsible for what in a plan: units by tasks.

Outline(三、(一)1.（责任单位：甲局） … 三、(二)3.（责任单位：甲局、乙局）)
    ->  Duties(units=("甲局", "乙局"), tasks=(三、(一)1., 三、(二)3.), …)

A task is a clause that names units; a duty is one unit's part in it. Roles are told apart only where the text does, by
“牵头单位：…；配合单位：…”: that a unit stands first in a bracket says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.documents.units import find_unit_groups
from bot.types import Clause, Outline, Segment


@dataclass(frozen=True, slots=True)
class Duty:
    """One unit's part in one task: the segments whose bracket names it, and the roles it has there, as published."""

    unit: str
    task: Clause
    segments: tuple[Segment, ...]
    roles: tuple[str, ...]  # 责任单位, 牵头单位 …


@dataclass(frozen=True, slots=True)
class Duties:
    """Units, those with the most tasks first (then as the text names them), and tasks in reading order."""

    outline: Outline
    units: tuple[str, ...]
    tasks: tuple[Clause, ...]
    by_unit: Mapping[str, tuple[Duty, ...]]

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role the document names, each once."""
        return tuple(dict.fromkeys(role for duties in self.by_unit.values() for duty in duties for role in duty.roles))


def find_duties(outline: Outline) -> Duties | None:
    """The duties of a document; None where it names no responsible units."""
    tasks = tuple(clause for clause in outline.clauses if clause.units)
    named = dict.fromkeys(unit for task in tasks for unit in task.units)
    by_unit = {unit: tuple(_duty(unit, task) for task in tasks if unit in task.units) for unit in named}
    units = sorted(by_unit, key=lambda unit: -len(by_unit[unit]))  # stable: otherwise as named
    return Duties(outline, tuple(units), tasks, by_unit) if tasks else None


def _duty(unit: str, task: Clause) -> Duty:
    own = tuple(segment for segment in task.segments if unit in segment.units)
    roles = dict.fromkeys(
        role
        for segment in own
        for group in find_unit_groups(task.document.text, segment.units_span)
        for role, units in group.roles
        if unit in units
    )
    return Duty(unit, task, own, tuple(roles))
