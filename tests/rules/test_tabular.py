"""Tables from HR are read as the person sees them, or refused with a sentence (PRODUCT 1)."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kc import spreadsheet, tabular
from kc.errors import DomainError
from kc.tabular import EMPLOYEE_COLUMNS, Row, decode, header_key, read_table

STAFF = "รหัสพนักงาน,ชื่อ-นามสกุล,สังกัด\n0012345,นางสาวมาลี ใจดี,สาขาปากช่อง\n0099001,นายสมชาย กล้าหาญ,ฝ่ายสินเชื่อ\n"


def xlsx(*rows, sheet="พนักงาน", formats=None):
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data, change):
    """The same archive with parts added or replaced by `change` ({name: bytes})."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name, old.read(name)))
        for name, content in change.items():
            new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874", "tis-620"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_delimiter(encoding, delimiter):
    table = read_table(STAFF.replace(",", delimiter).encode(encoding), "staff.csv")
    assert table.headers == ("รหัสพนักงาน", "ชื่อ-นามสกุล", "สังกัด")
    assert table.rows[0] == Row(2, ("0012345", "นางสาวมาลี ใจดี", "สาขาปากช่อง"))
    assert len(table.rows) == 2


thai_words = st.text(alphabet=st.sampled_from("กขคงจฉชซดตถทนบปผพฟมยรลวสหอ" + "าะเแโไ"), min_size=2, max_size=12)


@given(st.lists(thai_words, min_size=2, max_size=20), st.sampled_from(["utf-8", "utf-16", "cp874"]))
def test_thai_comes_out_as_it_went_in(words, encoding):
    text = "\n".join(f"{number},{word}" for number, word in enumerate(words))
    data = text.encode(encoding)
    if encoding != "cp874" or "เธ" not in text and "เน" not in text and not _is_utf8(data):
        assert decode(data) == text


def _is_utf8(data: bytes) -> bool:
    """A few words of Windows-874 may be UTF-8 as well ("ยก" is its "¡"): nobody can tell, and UTF-8 is believed."""
    try:
        return bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize(
    "data",
    [
        "id,name\n1,Zoë Müller\n".encode("latin-1"),
        "id,name\n1,Café Noël\n".encode("latin-1"),  # these bytes are Thai marks, standing on nothing
        ("id,name\n1," + "มสรวหอ" * 5).encode()[:-1],  # UTF-8 cut off in the middle of a letter
    ],
)
def test_file_in_another_encoding_is_refused_not_garbled(data):
    with pytest.raises(DomainError, match="UTF-8"):
        read_table(data, "staff.csv")


def test_quotes_line_breaks_and_blank_lines_keep_row_numbers():
    data = 'รหัส,ชื่อ,หมายเหตุ\n\n1,"มาลี, ใจดี","สอง\nบรรทัด"\n\n2,ก,\n'.encode()
    table = read_table(data, "a.csv")
    assert [(row.number, row.cells[:2]) for row in table.rows] == [(3, ("1", "มาลี, ใจดี")), (5, ("2", "ก"))]
    assert table.rows[0].cells[2] == "สอง บรรทัด"


def test_title_lines_above_the_header_and_excel_tricks():
    data = 'sep=;\nรายชื่อพนักงาน;;\n\nรหัส;ชื่อ;โทร\n="00123";มาลี;\'0123\n'.encode()
    table = read_table(data, "a.csv")
    assert table.headers == ("รหัส", "ชื่อ", "โทร")
    assert table.rows == (Row(5, ("00123", "มาลี", "0123")),)


def test_one_column_is_a_table_too():
    assert read_table("รหัสพนักงาน\n001\n002\n".encode(), "a.csv").rows == (Row(2, ("001",)), Row(3, ("002",)))


def test_xlsx_cells_as_people_see_them():
    data = xlsx(
        ["รายชื่อพนักงาน ปี 2569"],
        ["รหัสพนักงาน", "ชื่อ", "เลขที่", "คะแนน", "เริ่มงาน", "บันทึกเมื่อ", "อยู่", "รหัสเก่า"],
        ["0012345", " มาลี ", 12345.0, 2.5, date(2026, 11, 21), datetime(2026, 11, 21, 14, 2), True, 77],
        [],
        [12345, "สมชาย", None, 1e15, None, None, False, None],
        formats={"H3": "000000"},
    )
    table = read_table(data, "staff.xlsx")
    assert table.headers[0] == "รหัสพนักงาน"
    first = ("0012345", "มาลี", "12345", "2.5", "2026-11-21", "2026-11-21 14:02:00", "TRUE", "000077")
    assert table.rows[0] == Row(3, first)
    assert table.rows[1] == Row(5, ("12345", "สมชาย", "", "1000000000000000", "", "", "FALSE"))


def test_hidden_and_empty_sheets_are_passed_over():
    book = Workbook()
    book.active.append(["ลับ", "มาก"])
    book.active.append(["1", "2"])
    book.active.sheet_state = "hidden"
    book.create_sheet("ว่าง")
    sheet = book.create_sheet("จริง")
    sheet.append(["รหัส", "ชื่อ"])
    sheet.append(["001", "ก"])
    stream = io.BytesIO()
    book.save(stream)
    assert read_table(stream.getvalue(), "a.xlsx").rows == (Row(2, ("001", "ก")),)


@pytest.mark.parametrize(
    "header", ["รหัสพนักงาน", "employee_id", "Employee ID", " EMPLOYEE-ID * ", "รหัส พนักงาน (HR)", "Emp. ID"]
)
def test_headers_match_loosely(header):
    table = read_table(f"{header},ชื่อ-สกุล\n0012345,มาลี ใจดี\n".encode(), "a.csv")
    (record,) = table.records(EMPLOYEE_COLUMNS, required=("employee_id", "name"))
    assert (record.number, record["employee_id"], record["name"], record["email"]) == (2, "0012345", "มาลี ใจดี", "")


def test_separate_names_are_not_mistaken_for_the_full_name():
    table = read_table("รหัส,คำนำหน้า,ชื่อ,นามสกุล,หน่วยงาน\n1,นาย,สม,ใจ,สาขา\n".encode(), "a.csv")
    values = table.records(EMPLOYEE_COLUMNS)[0].values
    assert (values["title"], values["first_name"], values["last_name"], values["name"]) == ("นาย", "สม", "ใจ", "")


def test_missing_columns_are_named_with_what_was_found():
    table = read_table("รหัสพนักงาน,วันเกิด\n1,2\n".encode(), "a.csv")
    with pytest.raises(DomainError) as refusal:
        table.records(EMPLOYEE_COLUMNS, required=("employee_id", "name", "unit"))
    assert "ชื่อ-นามสกุล, สังกัด" in refusal.value.message
    assert "รหัสพนักงาน, วันเกิด" in refusal.value.message


def test_header_keys():
    assert header_key("Employee ID *") == header_key("employee_id") == header_key("EmployeeId")
    assert header_key("ชื่อ") != header_key("ชื่อย่อ")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "ว่างเปล่า"),
        (b"\xef\xbb\xbf\r\n  \n", "ว่างเปล่า"),
        (b",,,\n,,\n", "ว่างเปล่า"),
        (b'"",""\n', "ไม่มีข้อมูล"),
        ("รหัส,ชื่อ\n".encode(), "มีแต่หัวตาราง"),
        (b"%PDF-1.7\nabc\ndef", "ไม่ใช่ตาราง"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9, "ไม่ใช่ตาราง"),
        ('ก,ข\n1,"ไม่ปิดคำพูด\n2,3\n'.encode(), "ที่บรรทัด 2"),
        (tabular.OLE_MAGIC + bytes(600), "รุ่นเก่า"),
        (tabular.OLE_MAGIC + bytes(64) + "EncryptedPackage".encode("utf-16-le"), "รหัสผ่าน"),
        (b"PK\x03\x04 broken", "เปิดไฟล์ Excel นี้ไม่ได้"),
        (("ก,ข\n" + "1,2\n" * 5).encode() + b",".join([b"x"] * 300), "กว้างเกิน"),
    ],
)
def test_refusals_say_why(data, sentence):
    with pytest.raises(DomainError, match=sentence):
        read_table(data, "staff.csv")


def test_other_office_files_are_not_tables():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(DomainError, match="ไม่ใช่ตาราง"):
        read_table(stream.getvalue(), "a.docx")


def test_too_large_files_and_tables_are_refused(monkeypatch):
    monkeypatch.setattr(tabular, "MAX_ROWS", 3)
    monkeypatch.setattr(tabular, "MAX_BYTES", 3000)
    for data in (b"a,b\n" * 5,):
        with pytest.raises(DomainError, match="ยาวเกิน"):
            read_table(data, "a.csv")
    with pytest.raises(DomainError, match="ใหญ่เกินไป"):
        read_table(b"a,b\n" * 1000, "a.csv")


def test_too_long_sheet_is_refused(monkeypatch):
    monkeypatch.setattr(tabular, "MAX_ROWS", 3)
    with pytest.raises(DomainError, match="ยาวเกิน"):
        read_table(xlsx(*[["a", "b"]] * 5), "a.xlsx")
    with pytest.raises(DomainError, match="กว้างเกิน"):
        read_table(xlsx(["a"] * 300, ["b"]), "a.xlsx")


def test_zip_bomb_is_stopped_before_it_is_unpacked():
    bomb = repacked(xlsx(["a", "b"], [1, 2]), {"xl/media/image1.xml": bytes(60_000_000)})
    assert len(bomb) < 100_000
    with pytest.raises(DomainError, match="ใหญ่เกินไปเมื่อคลายออก"):
        read_table(bomb, "a.xlsx")


def test_many_parts_are_refused(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_PARTS", 5)
    with pytest.raises(DomainError, match="ใหญ่เกินไปเมื่อคลายออก"):
        read_table(xlsx(["a", "b"], [1, 2]), "a.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bomb_is_refused(encoding):
    bomb = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    with pytest.raises(DomainError, match="เปิดไฟล์ Excel นี้ไม่ได้"):
        read_table(repacked(xlsx(["a", "b"], [1, 2]), {"xl/sharedStrings.xml": bomb.encode(encoding)}), "a.xlsx")


def test_damaged_sheet_is_refused():
    with pytest.raises(DomainError, match="เปิดไฟล์ Excel นี้ไม่ได้"):
        read_table(repacked(xlsx(["a", "b"], [1, 2]), {"xl/worksheets/sheet1.xml": b"<worksheet><broken"}), "a.xlsx")


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(data):
    for start in (b"", b"PK\x03\x04", "ก,ข\n".encode()):
        try:
            read_table(start + data, "x.csv")
        except DomainError as refusal:
            assert refusal.message  # noqa: PT017
