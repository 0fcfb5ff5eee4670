"""
Show and keep what was counted: judgements in, tables, JSON and Markdown out.

    figure: 478 of 480 detected  ->  数字改动  480  99.6%  98.5–99.9

Sentences are shown of the practice half only, and none is kept: papers of others may be among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from eval.figures import GROUNDING, rounded, shown
from eval.grounding.cases import FACTS, FALSE_KINDS, KINDS, WORDING
from eval.grounding.metrics import Count, Judgement, by_kind, summarise
from eval.halves import HALVES, halves, table_of_halves


def missing(judgements: Sequence[Judgement]) -> str:
    """One sentence on the kinds that the index gave no case of; empty where it gave all."""
    found = by_kind(judgements)
    absent = [label for kind, label in KINDS.items() if kind not in found]
    return f"这个索引里没有可用的：{'、'.join(absent)}。" if absent else ""


def overall_table(title: str, judgements: Sequence[Judgement]) -> Table:
    """A row a figure, a column a half."""
    return table_of_halves(title, judgements, GROUNDING, summarise)


def kind_table(judgements: Sequence[Judgement]) -> Table:
    """A row a kind: how many, the share detected (of true ones: taken for false), its interval, each half's share."""
    table = Table(title="分类别", box=SIMPLE)
    for place, label in enumerate(("类别", "句数", "查出/误报", "95% 区间", "练习半", "留出半")):
        table.add_column(label, no_wrap=True, justify="right" if place else "left")
    for label, *cells in _kind_rows(judgements):
        table.add_row(label, *cells)
    return table


def markdown(title: str, judgements: Sequence[Judgement], run: Mapping[str, Any]) -> str:
    """Both tables, and how they came about."""
    columns = [summarise(own) for own in halves(judgements).values()]
    lines = [f"# {title}", "", "| 指标 | " + " | ".join(HALVES.values()) + " |", "|---" * (len(HALVES) + 1) + "|"]
    for name, figure in GROUNDING.items():
        lines.append(f"| {figure.label} | " + " | ".join(shown(name, column[name]) for column in columns) + " |")
    lines += ["", "| 类别 | 句数 | 查出/误报 | 95% 区间 | 练习半 | 留出半 |", "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in _kind_rows(judgements)]
    absent = missing(judgements)
    lines += ["", *([absent, ""] if absent else [])]
    lines.append(f"`{run['command']}`，{run['date'][:10]}，提交 {run['commit']}。")
    return "\n".join(lines) + "\n"


def result(judgements: Sequence[Judgement], run: Mapping[str, Any]) -> dict[str, Any]:
    """What is saved: the run, each half's figures and counts by kind, and the ids of what went wrong in practice."""
    parts = halves(judgements)
    return {
        "run": dict(run),
        **{name: rounded(summarise(own)) for name, own in parts.items()},
        "by_kind": {kind: _kept(counted) for kind, counted in by_kind(judgements).items()},
        "by_kind_practice": {kind: _kept(counted) for kind, counted in by_kind(parts["practice"]).items()},
        "by_kind_held": {kind: _kept(counted) for kind, counted in by_kind(parts["held"]).items()},
        "wrong": [judgement.case.id for judgement in parts["practice"] if not judgement.right],
    }


def wrong(judgements: Sequence[Judgement]) -> Iterator[str]:
    """The practice cases that the check got wrong, kind by kind: the sentence, what it cites, what was said of it."""
    for kind, label in KINDS.items():
        for judgement in judgements:
            case = judgement.case
            if case.kind != kind or case.held or judgement.right:
                continue
            truth = "真，误报" if case.is_true else "假，没有查出"
            cited = "\n".join(
                f"   [{citation.number}] {citation.clause.document.work} {citation.clause.ref}：{citation.quote}"
                for citation in case.cited
            )
            by_hand = " · 手写" if case.written else ""
            said = judgement.said or ("补引原文" if judgement.omitted else "")
            yield f"—— {label}{by_hand} · {truth} · {case.id}\n句：{case.sentence}\n{cited}\n判：{said or '成立'}\n"


def _kind_rows(judgements: Sequence[Judgement]) -> Iterator[list[str]]:
    parts = {name: by_kind(own) for name, own in halves(judgements).items()}
    none = Count(0, 0)
    for kind, counted in parts["overall"].items():
        halves_shown = (_percent(parts[half].get(kind, none).share) for half in ("practice", "held"))
        yield [_label(kind), str(counted.total), _percent(counted.share), _interval(counted), *halves_shown]


def _label(kind: str) -> str:
    mark = "" if kind not in FALSE_KINDS else "假 " if kind in FACTS else "假* " if kind in WORDING else "假** "
    return (mark or "真 ") + KINDS[kind]


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _interval(counted: Count) -> str:
    low, high = counted.interval
    return f"{100 * low:.1f}–{100 * high:.1f}"


def _kept(counted: Count) -> dict[str, Any]:
    low, high = counted.interval
    return {"cases": counted.total, **rounded({"detected": counted.share, "low": low, "high": high})}
