"""
Any table as a file: CSV that a spreadsheet opens rightly, or XLSX.

    as_csv(("受理编号", "内容"), [("TS2026…", "答错了")])  ->  b"\\xef\\xbb\\xbf受理编号,内容\\r\\nTS2026…,答错了\\r\\n"

What a citizen wrote stands in cells, so no cell is ever a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60  # characters of a column


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark, without which a Chinese spreadsheet takes it for GBK."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet, its first row fixed."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101
    sheet.title = title[:31]
    sheet.freeze_panes = "A2"
    widths = [0] * len(headers)
    for number, row in enumerate((headers, *rows), 1):
        for column, value in enumerate(row, 1):
            plain = isinstance(value, int | float | date | datetime)
            shown: Any = value if plain else ILLEGAL_CHARACTERS_RE.sub("", str(value))
            cell = sheet.cell(number, column, shown)
            if isinstance(shown, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
            widths[column - 1] = max(widths[column - 1], 2 * len(str(shown)) + 2)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
