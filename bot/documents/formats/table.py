"""
Write a row of a table as one line of text.

("1", "数智就业", "人岗匹配")  ->  "1 | 数智就业 | 人岗匹配"

The words stay as published. A cell that spans rows is written in each of them, so that a row can be read alone.
"""

import re
from collections.abc import Mapping, Sequence

CELL = " | "

_GAPS = re.compile(r"\s+")


def row_line(cells: Sequence[str]) -> str:
    """Cells in order; an empty one has no place."""
    return CELL.join(text for cell in cells if (text := _GAPS.sub(" ", cell).strip()))


def fill_spans(cells: Mapping[int, str | None], above: Mapping[int, str]) -> dict[int, str]:
    """Cells of a row by column; None where the cell above reaches down."""
    return {column: above.get(column, "") if text is None else text for column, text in cells.items()}


def same_header(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a table's first row is the header of the table before it, printed again on a new page."""
    return bool(header) and [_GAPS.sub("", cell) for cell in row] == [_GAPS.sub("", cell) for cell in header]
