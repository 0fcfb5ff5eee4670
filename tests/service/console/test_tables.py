"""Tables leave as files that a spreadsheet opens, and runs nothing of what readers typed."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from bot.service.console.tables import Table, as_csv, as_xlsx

DAYS = Table("按日", ("日期", "提问"), ((date(2026, 11, 23), 180), (date(2026, 11, 24), 7)))
ATTACKS = ("=cmd|' /C calc'!A1", "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x")')


def test_a_table_is_csv_that_excel_takes_for_chinese() -> None:
    assert as_csv(DAYS).decode("utf-8-sig") == "日期,提问\r\n2026-11-23,180\r\n2026-11-24,7\r\n"
    assert as_csv(DAYS)[:3] == b"\xef\xbb\xbf"


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_reader_typed_is_never_calculated(attack: str) -> None:
    table = Table("问题", ("问题",), ((attack,),))
    (_, (cell,)) = csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline=""))
    assert cell == f"'{attack}"
    stored = load_workbook(io.BytesIO(as_xlsx([table])))["问题"]["A2"]
    assert (stored.data_type, stored.value.strip()) == ("s", attack.strip())


def test_a_negative_number_stays_a_number() -> None:
    table = Table("差", ("差",), ((-3,), (-0.5,)))
    assert as_csv(table).decode("utf-8-sig") == "差\r\n-3\r\n-0.5\r\n"
    assert [row[0].value for row in load_workbook(io.BytesIO(as_xlsx([table])))["差"]["A2:A3"]] == [-3, -0.5]


def test_several_tables_are_the_sheets_of_one_workbook_with_its_properties() -> None:
    book = load_workbook(io.BytesIO(as_xlsx([DAYS, Table("a/b:c", ("x",), ())], {"AIGC": "{}"})))
    assert book.sheetnames == ["按日", "abc"]
    assert [[cell.value for cell in row] for row in book["按日"]["A1:B1"]] == [["日期", "提问"]]
    assert book.custom_doc_props["AIGC"].value == "{}"


def test_text_that_xml_cannot_hold_spoils_no_file() -> None:
    table = Table("问题", ("问题",), (("坏\x00字\x1b",),))
    assert load_workbook(io.BytesIO(as_xlsx([table])))["问题"]["A2"].value == "坏字"
    assert as_csv(table).decode("utf-8-sig") == "问题\r\n坏字\r\n"


def test_a_row_of_another_length_is_a_fault() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table("按日", ("日期", "提问"), ((1,),))
