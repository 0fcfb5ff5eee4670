"""
The figures below which a change is not accepted: floors.toml and a run's figures in, complaints out.

    [dev.at_least] correct = 0.8, {"correct": 0.75}  ->  ["dev：答对 75.0%，不得低于 80.0%"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.errors import EvaluationError
from eval.figures import FIGURES, shown
from eval.metrics import Figures


@dataclass(frozen=True, slots=True)
class Floors:
    """Limits for one set: figures that must not be less, and figures that must not be more."""

    at_least: Mapping[str, float]
    at_most: Mapping[str, float]


def read_floors(path: Path, name: str) -> Floors:
    """The floors of one set. Raises EvaluationError where the file or its table for the set is missing or wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get(name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EvaluationError(f"读不了下限文件 {path}（{error}），请检查。") from error
    if not isinstance(table, dict):
        raise EvaluationError(f"{path} 里没有 [{name}.at_least]，请补上这一组的下限，或换一组问题。")
    limits = {**table.get("at_least", {}), **table.get("at_most", {})}
    for figure, limit in limits.items():
        if figure not in FIGURES or not isinstance(limit, int | float):
            known = "、".join(FIGURES)
            raise EvaluationError(f"{path} 的 [{name}] 里 {figure} = {limit!r} 有误，指标应是 {known} 之一，值是数。")
    return Floors(table.get("at_least", {}), table.get("at_most", {}))


def complaints(name: str, figures: Figures, floors: Floors) -> list[str]:
    """One sentence for each figure beyond its limit; a figure that could not be measured is one too."""
    found = []
    for figure, limit in floors.at_least.items():
        value = figures.get(figure)
        if value is None or value < limit:
            found.append(f"{name}：{FIGURES[figure].label} {shown(figure, value)}，不得低于 {shown(figure, limit)}")
    for figure, limit in floors.at_most.items():
        value = figures.get(figure)
        if value is None or value > limit:
            found.append(f"{name}：{FIGURES[figure].label} {shown(figure, value)}，不得高于 {shown(figure, limit)}")
    return found
