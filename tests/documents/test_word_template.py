"""The organisation's own form: what is taken and filled in, and what is refused, with its place and in plain Thai."""

import copy
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from kc.documents import exchange_form_docx, word_template
from kc.documents.word import standard_template
from kc.errors import DomainError
from tests.documents.conftest import make_form

NEEDED = ["{{เรื่อง}}", "{{ที่มา}}", "{{เป้าหมาย}}", "{{กลุ่มเป้าหมาย}}", "{{วิธีการ}}", "{{ผลลัพธ์}}"]


def template(*lines, change=None):
    """A Word file of an organisation: these lines, and what `change` does to it."""
    document = docx.Document()
    for line in lines or NEEDED:
        document.add_paragraph(line)
    if change:
        change(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def filled(data, **changes):
    return docx.Document(io.BytesIO(exchange_form_docx(make_form(**changes), data)))


def lines(document):
    return [paragraph.text for paragraph in document.paragraphs]


def faults(data):
    with pytest.raises(DomainError) as refused:
        word_template.check(data)
    assert refused.value.field == "file"
    return refused.value.message.split("\n")


def test_the_standard_form_is_a_template_of_the_organisation_s():
    word_template.check(standard_template())
    assert exchange_form_docx(make_form(), standard_template()) and "{{" not in "".join(lines(filled(None)))


def test_its_own_words_order_and_look_stay():
    def dress(document):
        document.sections[0].header.paragraphs[0].text = "ธนาคารของเรา {{ปี}}"
        run = document.add_paragraph().add_run("{{ที่มา}}")
        run.font.name, run.font.size = "Cordia New", Pt(20)
        properties = run._r.get_or_add_rPr()
        properties.rFonts.set(qn("w:cs"), "Cordia New")
        properties.append(etree.fromstring(f'<w:szCs xmlns:w="{properties.nsmap["w"]}" w:val="40"/>'))

    data = template("ผลก่อน", "{{ผลลัพธ์}}", "เรื่อง {{เรื่อง}} ของ {{สาขา}}", *NEEDED[2:5], change=dress)
    word_template.check(data)
    document = filled(data)
    text = lines(document)
    assert document.sections[0].header.paragraphs[0].text == "ธนาคารของเรา ปีบัญชี 2567"
    assert text.index("ผลก่อน") < text.index("เรื่อง เยี่ยมก่อนครบกำหนด 45 วัน ลดหนี้ค้างชำระใหม่ของลูกค้าไร่อ้อย ของ ปากช่อง")
    origin = next(p for p in document.paragraphs if p.text.startswith("ลูกค้าไร่อ้อยของสาขา"))
    assert origin.runs[0].font.name == "Cordia New" and origin.runs[0].font.size == Pt(20)


def test_marks_that_word_cut_into_runs_are_found():
    def cut(document):
        paragraph = document.add_paragraph("ที่: ")
        for piece in ("{", "{สา", "ขา", "}", "} และ {{ฝ่าย", "}}", " จบ"):
            paragraph.add_run(piece)

    assert "ที่: ปากช่อง และ สนจ.นครราชสีมา จบ" in lines(filled(template(*NEEDED, change=cut)))


def test_marks_with_spaces_in_them_are_meant_too():
    data = template("{{ เรื่อง }}", "{{ผลลัพธ์ณวันที่}}", "{{เลข 1}}", *NEEDED[1:])
    word_template.check(data)
    assert lines(filled(data))[:3] == ["เยี่ยมก่อนครบกำหนด 45 วัน ลดหนี้ค้างชำระใหม่ของลูกค้าไร่อ้อย", "31 มกราคม 2568", "1"]


def test_parts_may_stand_in_a_table():
    def tabled(document):
        table = document.add_table(rows=2, cols=1)
        table.rows[0].cells[0].text = "{{ตารางผลลัพธ์}}"
        table.rows[1].cells[0].text = "{{ที่มา}}"

    data = template(NEEDED[0], *NEEDED[2:], change=tabled)
    word_template.check(data)
    cells = filled(data).tables[-1].rows
    assert "412 ราย" in cells[1].cells[0].text and len(cells[0].cells[0].tables) == 1
    for row in filled(data, background="", measures=()).tables[-1].rows:
        assert row.cells[0].paragraphs  # Word opens no cell without one


def test_what_people_typed_is_never_a_mark():
    document = filled(template(*NEEDED, "{{สาขา}}"), title="{{เรื่อง}}", branch="{{ลงนาม}}", background="{{ผู้จัดทำ}} {{x}}")
    assert "{{เรื่อง}}" in lines(document) and "{{ลงนาม}}" in lines(document) and "{{ผู้จัดทำ}} {{x}}" in lines(document)


def test_thai_digits_reach_the_page_numbers():
    footer = docx.Document(io.BytesIO(exchange_form_docx(make_form(thai_digits=True)))).sections[0].footer
    assert footer._element.xml.count("THAIARABIC") == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("สวัสดี {{เรื่อ}}", ["ย่อหน้าที่ 7: ไม่รู้จัก {{เรื่อ}} หมายถึง {{เรื่อง}} หรือไม่"]),
        ("{{ qwerty }}", ["ย่อหน้าที่ 7: ไม่รู้จัก {{qwerty}}"]),
        ("{{% for x in y %}}", ["ย่อหน้าที่ 7: ไม่รู้จัก {{% for x in y %}}"]),
        ("ปี {{ปี", ["ย่อหน้าที่ 7: วงเล็บปีกกาไม่ครบคู่ ใกล้ “ปี {{ปี”"]),
        ("คือ {{รูปภาพ}}", ["ย่อหน้าที่ 7: {{รูปภาพ}} ต้องอยู่บรรทัดเดียวลำพัง ไม่มีข้อความอื่น"]),
    ],
)
def test_a_fault_is_said_with_its_place(line, said):
    assert faults(template(*NEEDED, line)) == said


def test_what_is_missing_is_named():
    assert faults(template("{{เรื่อง}}", "{{ที่มา}}")) == ["ยังไม่มี {{เป้าหมาย}} {{กลุ่มเป้าหมาย}} {{วิธีการ}} {{ผลลัพธ์}} ในแบบ"]


def test_faults_in_tables_and_feet_are_found():
    def spoil(document):
        document.add_table(rows=1, cols=1).rows[0].cells[0].text = "{{สาขาา}}"
        document.sections[0].footer.paragraphs[0].text = "{{รูปภาพ}}"

    said = faults(template(*NEEDED, change=spoil))
    assert said[0].startswith("ตารางที่ 1: ไม่รู้จัก {{สาขาา}}") and said[1].startswith(
        "ท้ายกระดาษ: {{รูปภาพ}} วางได้เฉพาะในเนื้อหา"
    )


def test_many_faults_are_counted():
    assert faults(template(*NEEDED, *["{{ผิด}}"] * 12))[-1] == "และอีก 4 แห่ง"


def rewritten(data, **parts):
    """The file with parts added or changed: a function of the old bytes, or bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            change = parts.pop(item.filename, None)
            new.writestr(copy.copy(item.filename), change(content) if callable(change) else change or content)
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


OUTSIDE = b'<Relationship Id="rX" Type="http://x/image" Target="http://x/a.png" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "เปิดไฟล์นี้ไม่ได้"),
        (b"PK\x03\x04broken", "เปิดไฟล์นี้ไม่ได้"),
        (b"%PDF-1.7", "เปิดไฟล์นี้ไม่ได้"),
        (template()[:-900], "เปิดไฟล์นี้ไม่ได้"),
        (rewritten(template(), **{"word/vbaProject.bin": b"x"}), "มาโคร"),
        (rewritten(template(), **{"word/big.xml": b" " * 30_000_000}), "เปิดไฟล์นี้ไม่ได้"),
        (rewritten(template(), **{"word/e.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "เปิดไฟล์นี้ไม่ได้"),
        (
            rewritten(
                template(),
                **{"word/_rels/document.xml.rels": lambda old: old.replace(b"</Relationships>", OUTSIDE)},
            ),
            "จากที่อื่น",
        ),
        (
            rewritten(
                template(),
                **{
                    "word/_rels/document.xml.rels": lambda old: old.replace(
                        b"</Relationships>", OUTSIDE.replace(b'TargetMode="External"', b"TargetMode = 'External'")
                    )
                },
            ),
            "จากที่อื่น",
        ),
        (rewritten(template(), **{"word/document.xml": b"<w:document"}), "เปิดไฟล์นี้ไม่ได้"),
        (b"x" * (word_template.MOST_BYTES + 1), "ใหญ่เกิน"),
    ],
    ids=["empty", "broken", "pdf", "cut", "macro", "bomb", "doctype", "outside", "outside otherwise", "xml", "large"],
)
def test_what_is_no_usable_word_file_is_refused(data, words):
    assert words in faults(data)[0]
