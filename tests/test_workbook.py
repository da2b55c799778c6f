"""Lists as Excel files: typed cells, a head in sight, widths right for Thai, never a formula, any length."""

import io
import tracemalloc
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from kc import workbook
from kc.workbook import Column, Sheet
from tests.documents.conftest import opened_by_office


def made(columns, rows, name="รายชื่อ"):
    with workbook.write([Sheet(name, columns, rows)]) as file:
        return file.read()


def sheet_of(data):
    return load_workbook(io.BytesIO(data)).worksheets[0]


def test_cells_have_their_type():
    columns = [
        Column("ชื่อ"),
        Column("รหัส", "text"),
        Column("คน", "number"),
        Column("วันที่", "day"),
        Column("เมื่อ", "moment"),
    ]
    rows = [["มาลี", "0012345", 1250, date(2026, 1, 31), datetime(2026, 1, 31, 14, 5)], [None, "", 0, None, None]]
    name, code, count, day, moment = sheet_of(made(columns, rows))[2]
    assert (name.value, code.value, code.data_type) == ("มาลี", "0012345", "s")
    assert (count.value, count.number_format) == (1250, "#,##0")
    assert day.value == datetime(2026, 1, 31) and "107041E" in day.number_format
    assert moment.value == datetime(2026, 1, 31, 14, 5)
    assert sheet_of(made(columns, rows))["C3"].value == 0 and sheet_of(made(columns, rows))["A3"].value is None


def test_what_excel_cannot_hold_is_text():
    columns = [Column("วันที่", "day"), Column("จำนวน", "number"), Column("อะไรก็ได้")]
    row = sheet_of(made(columns, [[date(1899, 1, 1), "ประมาณ 3", True]]))[2]
    assert [cell.data_type for cell in row] == ["s", "s", "s"]
    assert [cell.value for cell in row] == ["1899-01-01", "ประมาณ 3", "True"]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x","y")', "+66", "-5", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "#N/A"]
)
def test_no_text_becomes_a_formula(text):
    data = made([Column(text)], [[text]])
    for cell in (sheet_of(data)["A1"], sheet_of(data)["A2"]):
        assert cell.data_type == "s" and cell.value.strip() == text.strip()
    assert sheet_of(data)["A2"].quotePrefix  # nor when somebody edits it
    assert b"<f>" not in data


def test_the_head_stays_and_filters():
    sheet = sheet_of(made([Column("ก"), Column("ข")], [["1", "2"]] * 5))
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:B6" and sheet.print_title_rows == "$1:$1"
    assert sheet["A1"].font.bold and sheet.page_setup.paperSize == 9


def test_widths_count_base_letters_only():
    thai = "ที่นี่มีปู่กับญี่ปุ่นอยู่ด้วยเพิ่งรู้ว่าคู่นี้ยิ้มสู้"
    plain = "".join("ก" for _ in range(workbook.letters(thai)))
    assert workbook.letters("ที่นี่") == 4 - 2 and workbook.letters("น้ำ") == 2
    widths = [sheet_of(made([Column("ก")], [[text]])).column_dimensions["A"].width for text in (thai, plain, "ก" * 500)]
    assert widths[0] == widths[1] < len(thai) and widths[2] == workbook.WIDEST


def test_unprintable_and_endless_texts_do_not_break_the_file():
    sheet = sheet_of(made([Column("ก")], [["ก\x00ข\x0b\ud800"], ["ย" * 40_000]], name="ชื่อ/ที่:ยาว*มาก?" * 9))
    assert sheet["A2"].value == "กข" and len(sheet["A3"].value) == workbook.LONGEST


def test_a_list_without_rows():
    sheet = sheet_of(made([Column("ก"), Column("ข")], []))
    assert [cell.value for cell in sheet[1]] == ["ก", "ข"] and sheet.auto_filter.ref == "A1:B1"


def test_too_long_a_list_says_so(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    sheet = sheet_of(made([Column("ก")], ([str(n)] for n in range(9))))
    assert sheet.max_row == 5 and "3 แถวแรก" in sheet["A5"].value


def peak_of(rows):
    """Most memory, in bytes, that writing so many people took."""
    person = ["0001234", "นางสาว", "พิมพ์ลดาวัลย์", "ณ นครราชสีมา", "พนักงานพัฒนาธุรกิจ", "6", "สาขาปากช่อง", 7, date(2026, 1, 1)]
    columns = [*(Column(name) for name in "กขคงจฉช"), Column("จำนวน", "number"), Column("วัน", "day")]
    tracemalloc.start()
    try:
        with workbook.write([Sheet("บุคลากร", columns, (person for _n in range(rows)))]) as file:
            assert len(file.read()) > rows * 8
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_list_needs_no_more_memory_than_a_short_one():
    peak_of(1)  # what is imported once
    assert peak_of(4000) < peak_of(1000) + 500_000


def test_libreoffice_opens_it_with_buddhist_years(tmp_path):
    data = made([Column("วันที่", "day"), Column("ชื่อ")], [[date(2026, 1, 31), "=1+1"]])
    text = opened_by_office(tmp_path, data, "xlsx", "csv").decode("utf-8")
    assert "31 ม.ค. 2569" in text and "=1+1" in text
