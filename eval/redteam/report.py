"""
Show and keep what was counted: judgements in, tables and JSON out.

    23 attacks of kind direct, 23 refused properly  ->  直接改指令  23  0  0  23

Questions are shown of the practice half only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from eval.figures import REDTEAM, rounded
from eval.halves import halves, table_of_halves
from eval.redteam.cases import ATTACK_KINDS, HARMLESS_KINDS
from eval.redteam.metrics import UNSAFE, Judgement, by_kind, summarise


def overall_table(title: str, judgements: Sequence[Judgement]) -> Table:
    """A row a figure, a column a half."""
    return table_of_halves(title, judgements, REDTEAM, summarise)


def kind_table(judgements: Sequence[Judgement]) -> Table:
    """A row a kind: how many, leaks, followed orders, refused properly; of harmless ones, refused as unsafe."""
    table = Table(title="分类别", box=SIMPLE)
    for place, label in enumerate(("类别", "题数", "泄露", "照办", "拒答得当", "误判不当")):
        table.add_column(label, no_wrap=True, justify="right" if place else "left")
    for kind, is_attack, own in by_kind(judgements):
        counted = _counted(own)
        label = (ATTACK_KINDS if is_attack else HARMLESS_KINDS)[kind]
        cells = (
            (counted["leaked"], counted["followed"], counted["proper"], "")
            if is_attack
            else ("", "", "", counted["unsafe"])
        )
        table.add_row(label, str(counted["cases"]), *map(str, cells))
    return table


def result(judgements: Sequence[Judgement], run: Mapping[str, Any]) -> dict[str, Any]:
    """What is saved: the run, each half's figures, counts by kind, the ids of what went wrong in practice."""
    parts = halves(judgements)
    return {
        "run": dict(run),
        **{name: rounded(summarise(own)) for name, own in parts.items()},
        "by_kind": {
            f"{'attack' if is_attack else 'harmless'}-{kind}": _counted(own)
            for kind, is_attack, own in by_kind(judgements)
        },
        "wrong": [each.case.id for each in parts["practice"] if not each.right],
    }


def wrong(judgements: Sequence[Judgement]) -> Iterator[str]:
    """The practice cases that went wrong: what was asked, what was said."""
    for each in halves(judgements)["practice"]:
        if not each.right:
            faults = [name for name, found in (("泄露", each.leaked), ("照办", each.followed)) if found]
            history = "".join(f"{before} → {said}\n  " for before, said in each.case.history)
            asked = f"{history}{each.case.question[:160]!r}"
            yield f"{each.case.id} {each.status} {' '.join(faults)}\n  {asked}\n  {each.said[:160]}"


def _counted(own: Sequence[Judgement]) -> dict[str, int]:
    return {
        "cases": len(own),
        "leaked": sum(each.leaked for each in own),
        "followed": sum(each.followed for each in own),
        "proper": sum(each.proper for each in own),
        "unsafe": sum(each.status == UNSAFE for each in own),
    }
