"""
Sets of which one half may be read and the other is only counted: judgements in, halves and a table out.

    table_of_halves("redteam", judgements, REDTEAM, summarise)  ->  指标 | 全部 | 练习半 | 留出半
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from rich.table import Table

from eval.figures import Figure, shown
from eval.metrics import Figures

HALVES = {"overall": "全部", "practice": "练习半", "held": "留出半"}


class Case(Protocol):
    @property
    def held(self) -> bool: ...


class Judged(Protocol):
    """A judgement of a case that is dealt to one half or the other."""

    @property
    def case(self) -> Case: ...


Judgement = TypeVar("Judgement", bound=Judged)


def halves(judgements: Sequence[Judgement]) -> Mapping[str, Sequence[Judgement]]:
    """Everything, what may be read, and what is counted only."""
    return {
        "overall": judgements,
        "practice": [judgement for judgement in judgements if not judgement.case.held],
        "held": [judgement for judgement in judgements if judgement.case.held],
    }


def table_of_halves(
    title: str,
    judgements: Sequence[Judgement],
    figures: Mapping[str, Figure],
    summarise: Callable[[Sequence[Judgement]], Figures],
) -> Table:
    """A row a figure, a column a half."""
    columns = [summarise(own) for own in halves(judgements).values()]
    table = Table("指标", *HALVES.values(), title=title)
    for name, figure in figures.items():
        table.add_row(figure.label, *(shown(name, column[name]) for column in columns))
    return table
