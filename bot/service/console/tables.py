"""
Any table of the console as a file: CSV for whatever reads it, XLSX for Excel and WPS.

    as_csv(Table("按日", ("日期", "提问"), ((date(2026, 11, 23), 180),)))  ->  "日期,提问\\r\\n2026-11-23,180", as bytes

What readers typed stands in these tables, and a spreadsheet takes a cell that begins with = for a formula that may call
the network: in CSV such a cell gets an apostrophe before it, in XLSX it is stored as a text, which needs none.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "utf-8-sig"  # without it Excel takes Chinese for another encoding
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")  # also full-width, which some spreadsheets fold
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML has no way to write these
LONGEST_CELL = 32_767  # characters; Excel's limit
WIDEST, NARROWEST = 60, 8  # of a column, in Latin characters
LONGEST_NAME = 31  # of a sheet; Excel's limit

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A name, the columns' names, and rows of as many cells; times are told as they are, so they are Beijing's."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]

    def __post_init__(self) -> None:
        wrong = next((row for row in self.rows if len(row) != len(self.columns)), None)
        if wrong is not None:
            raise ValueError(f"row of {len(wrong)} cells in a table of {len(self.columns)} columns: {wrong}")


def as_csv(table: Table) -> bytes:
    """RFC 4180, UTF-8 with a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(_harmless, table.columns))
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return file.getvalue().encode(BYTE_ORDER_MARK)


def as_xlsx(tables: Sequence[Table], properties: dict[str, str] | None = None) -> bytes:
    """A workbook, a sheet a table; `properties` are kept as the file's custom properties."""
    from openpyxl import Workbook
    from openpyxl.packaging.custom import StringProperty

    book: Any = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _fill(book.create_sheet(_sheet_name(table.name)), table)
    for name, value in (properties or {}).items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: Any, table: Table) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for place, row in enumerate((table.columns, *table.rows), 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(place, column)
            if isinstance(value, str):
                cell.value = UNSTORABLE.sub("", value)[:LONGEST_CELL]
                cell.data_type = "s"  # openpyxl takes = for a formula
                cell.quotePrefix = bool(FORMULA.match(value))  # so that it stays a text when somebody edits it
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.value = value
            if place == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column, name in enumerate(table.columns, 1):
        widest = max((_width(row[column - 1]) for row in table.rows), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = max(
            NARROWEST, min(WIDEST, max(widest, _width(name)) + 2)
        )


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would calculate, marked as a text; numbers stay numbers."""
    if isinstance(cell, str):
        cell = UNSTORABLE.sub("", cell)
        return f"'{cell}" if FORMULA.match(cell) else cell
    return cell


def _width(cell: Cell) -> int:
    """Latin characters; a Chinese one is twice as wide."""
    return sum(2 if character > "\u2e80" else 1 for character in str("" if cell is None else cell))


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", "", name)[:LONGEST_NAME] or "表"
