"""
Find the tables that ruled lines draw.

16 strokes of a 3 × 2 table  ->  Grid(xs=(90, 180, 270, 360), ys=(100, 120, 140), …)

Strokes that touch belong to one table. A cell reaches over every place whose dividing stroke is missing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_NEAR = 3.0  # points within which strokes are one line, or touch
_SHORTEST = 4.0  # points
_COVERS = 0.6  # share of a side that must be drawn for it to divide


class Edge(NamedTuple):
    """A stroke from one point to another, in points."""

    x0: float
    y0: float
    x1: float
    y1: float


class _Stroke(NamedTuple):
    """A level or upright stroke: where it stands, and from where to where it reaches."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines between which cells stand; `roots` gives for each place (row, column) the first place of its cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    roots: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column of the cell around a point; None outside."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < self.rows and 0 <= column < self.columns:
            return self.roots[row][column]
        return None


def find_grids(edges: Iterable[Edge]) -> list[Grid]:
    """From top to bottom; only what has two cells or more side by side."""
    level: list[_Stroke] = []
    upright: list[_Stroke] = []
    for edge in edges:
        width, height = abs(edge.x1 - edge.x0), abs(edge.y1 - edge.y0)
        if height <= 1 and width >= _SHORTEST:
            level.append(_Stroke((edge.y0 + edge.y1) / 2, min(edge.x0, edge.x1), max(edge.x0, edge.x1)))
        elif width <= 1 and height >= _SHORTEST:
            upright.append(_Stroke((edge.x0 + edge.x1) / 2, min(edge.y0, edge.y1), max(edge.y0, edge.y1)))
    level, upright = _merge(level), _merge(upright)
    grids = (_grid(rows, columns) for rows, columns in _touching(level, upright))
    return sorted((grid for grid in grids if grid), key=lambda grid: grid.ys[0])


def _merge(strokes: Sequence[_Stroke]) -> list[_Stroke]:
    """Strokes on one line that meet become one: each cell of a page draws its own borders."""
    merged: list[_Stroke] = []
    lines: list[list[_Stroke]] = []
    for stroke in sorted(strokes):
        if lines and stroke.at - lines[-1][0].at <= _NEAR:
            lines[-1].append(stroke)
        else:
            lines.append([stroke])
    for line in lines:
        at = line[0].at
        low, high = None, 0.0
        for stroke in sorted(line, key=lambda stroke: stroke.low):
            if low is not None and stroke.low <= high + _NEAR:
                high = max(high, stroke.high)
                continue
            if low is not None:
                merged.append(_Stroke(at, low, high))
            low, high = stroke.low, stroke.high
        if low is not None:
            merged.append(_Stroke(at, low, high))
    return merged


def _touching(level: Sequence[_Stroke], upright: Sequence[_Stroke]) -> list[tuple[list[_Stroke], list[_Stroke]]]:
    """Level and upright strokes that touch, directly or by others."""
    parents = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for row, line in enumerate(level):
        for column, post in enumerate(upright, len(level)):
            crosses = line.low - _NEAR <= post.at <= line.high + _NEAR
            if crosses and post.low - _NEAR <= line.at <= post.high + _NEAR:
                parents[root(row)] = root(column)
    groups: dict[int, tuple[list[_Stroke], list[_Stroke]]] = {}
    for index in range(len(parents)):
        rows, columns = groups.setdefault(root(index), ([], []))
        if index < len(level):
            rows.append(level[index])
        else:
            columns.append(upright[index - len(level)])
    return list(groups.values())


def _grid(level: Sequence[_Stroke], upright: Sequence[_Stroke]) -> Grid | None:
    if not level or not upright:
        return None
    # Many a table is drawn without its outer sides: its strokes still reach there.
    xs = _positions([*(post.at for post in upright), *(end for line in level for end in line[1:])])
    ys = _positions([*(line.at for line in level), *(end for post in upright for end in post[1:])])
    if len(xs) < 3 or len(ys) < 2:
        return None
    roots = [[(row, column) for column in range(len(xs) - 1)] for row in range(len(ys) - 1)]
    # Left to right, then top to bottom: a place joins the cell before it, then whole rows the cells above.
    for row in range(len(ys) - 1):
        for column in range(1, len(xs) - 1):
            if not _drawn(upright, xs[column], ys[row], ys[row + 1]):
                roots[row][column] = roots[row][column - 1]
    for row in range(1, len(ys) - 1):
        for column in range(len(xs) - 1):
            if not _drawn(level, ys[row], xs[column], xs[column + 1]):
                roots[row][column] = roots[row - 1][column]
    cells = {cell for line in roots for cell in line}
    if max(sum(1 for cell in cells if cell[0] == row) for row in range(len(roots))) < 2:
        return None
    return Grid(tuple(xs), tuple(ys), tuple(map(tuple, roots)))


def _positions(values: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _NEAR:
            kept.append(value)
    return kept


def _drawn(strokes: Sequence[_Stroke], at: float, low: float, high: float) -> bool:
    covered = sum(
        max(min(stroke.high, high) - max(stroke.low, low), 0.0) for stroke in strokes if abs(stroke.at - at) <= _NEAR
    )
    return covered >= _COVERS * (high - low)
