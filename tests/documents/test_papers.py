"""Application, session record and certificate: what they say can be read back, and no name is too long for them."""

import io
from datetime import date

import docx
import pytest

from kc.documents import Picture
from kc.documents.papers import application_pdf, certificate_pdf, session_record_pdf
from kc.documents.records import Application, Certificate, Note, Person, SessionRecord
from kc.documents.word_records import session_record_docx
from tests.documents.conftest import opened_by_office, picture
from tests.documents.test_pdf import ENDLESS, LONG_TITLE, read, squeezed, stick_out

PEOPLE = (
    Person("นายสมชาย กล้าหาญ", "พนักงานพัฒนาธุรกิจ 6", "สาขาปากช่อง", "หัวหน้าชุมชน (คุณอำนวย)"),
    Person("นางสาวพิมพ์ลดาวัลย์ ณ นครราชสีมา", "ผู้ช่วยผู้จัดการสาขา", "สาขาสีคิ้ว", "เลขานุการ (คุณลิขิต)"),
)
LONG_PERSON = Person(ENDLESS, ENDLESS, ENDLESS, ENDLESS)


def application(**changes):
    values = {
        "name": "คนอ้อยปากช่อง",
        "knowledge_title": "ลดหนี้ค้างชำระใหม่",
        "topic": "NPLs",
        "unit": "สาขาปากช่อง",
        "fiscal_year": "ปีบัญชี 2567",
        "goals": "- หนี้ใหม่ไม่เกิน 30 ราย",
        "agreement": "พูดทีละคน **ฟังให้จบ**",
        "members": PEOPLE,
        "applicant": PEOPLE[0],
        "applied_on": date(2025, 5, 1),
        "organisation": "ธนาคารตัวอย่าง",
        "address": "https://kc.example.org/communities/12",
    }
    return Application(**values | changes)


def record(**changes):
    values = {
        "topic": "เล่าเรื่องการเยี่ยมลูกค้า",
        "community": "คนอ้อยปากช่อง",
        "unit": "สาขาปากช่อง",
        "fiscal_year": "ปีบัญชี 2567",
        "held_on": date(2025, 5, 1),
        "times": "13.30 – 15.00 น.",
        "place": "ห้องประชุมเล็ก",
        "technique": "เรื่องเล่า (Storytelling)",
        "presenter": "นายสมชาย กล้าหาญ",
        "facilitator": "นางสาวมาลี ใจดี",
        "recorder": "นางสาวมาลี ใจดี",
        "people": PEOPLE,
        "notes": (
            ("ประเด็น", (Note("ลูกค้าเปิดใจเมื่อเราฟังก่อน #eval(1)", "สมชาย กล้าหาญ"), Note("- ถามเรื่องไร่\n- ถามเรื่องฝน"))),
            ("ข้อสรุป", (Note("ทดลองสามสาขา R&D <b>"),)),
        ),
        "pictures": (Picture(picture(), "วงคุย"), Picture(picture((300, 900)), "ปู่ที่นี่"), Picture(b"broken")),
    }
    return SessionRecord(**values | changes)


def certificate(**changes):
    values = {
        "person": "นายสมชาย กล้าหาญ",
        "position": "พนักงานพัฒนาธุรกิจ 6 สาขาปากช่อง",
        "reason": "ได้เข้าร่วมกิจกรรมของชุมชนนักปฏิบัติ",
        "subject": "คนอ้อยปากช่อง",
        "detail": "ในฐานะหัวหน้าชุมชน (คุณอำนวย) เข้าร่วม 6 ครั้ง ปีบัญชี 2567",
        "given_on": date(2025, 5, 1),
        "organisation": "ธนาคารตัวอย่าง",
        "address": "https://kc.example.org/communities/12",
    }
    return Certificate(**values | changes)


def in_order(text, *wanted):
    places = [text.find(squeezed(words)) for words in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)


def test_the_application_says_everything_in_order():
    text, pages, _pictures = read(application_pdf(application()))
    in_order(
        text,
        "ใบสมัครชุมชนนักปฏิบัติ (CoPs)",
        "ธนาคารตัวอย่าง · ปีบัญชี 2567",
        "ชื่อชุมชน คนอ้อยปากช่อง",
        "วันที่สมัคร 1 พฤษภาคม 2568",
        "หนี้ใหม่ไม่เกิน 30 ราย",
        "พูดทีละคน ฟังให้จบ",
        "หน้าที่ในชุมชน",
        "นายสมชาย",
        "ผู้สมัคร",
    )
    assert pages == 1 and "หน้า1/1" in text


def test_thai_digits_on_the_application():
    text, _pages, _pictures = read(application_pdf(application(thai_digits=True)))
    assert "๑พฤษภาคม๒๕๖๘" in text and "ปีบัญชี๒๕๖๗" in text and "หน้า๑/๑" in text
    assert "ไม่เกิน30ราย" in text  # what people wrote stays


def test_an_empty_application_can_be_filled_in_by_hand():
    text, pages, _pictures = read(application_pdf(Application("ชุมชน")))
    assert pages == 1 and "รายชื่อสมาชิก" in text and text.count("ลงชื่อ") == 2


RECORD = (
    "บันทึกการแลกเปลี่ยนเรียนรู้ของชุมชนนักปฏิบัติ (CoPs)",
    "เล่าเรื่องการเยี่ยมลูกค้า",
    "1 พฤษภาคม 2568",
    "13.30 – 15.00 น.",
    "ผู้เข้าร่วม 2 คน",
    "ผู้ช่วยผู้จัดการสาขา",
    "สาระจากการแลกเปลี่ยน",
    "ประเด็น",
    "ลูกค้าเปิดใจเมื่อเราฟังก่อน #eval(1)",
    "ถามเรื่องฝน",
    "ข้อสรุป",
    "ทดลองสามสาขา R&D <b>",
    "ภาพกิจกรรม",
    "ผู้บันทึก",
)


def test_the_record_says_everything_in_order():
    text, _pages, pictures = read(session_record_pdf(record()))
    in_order(text, *RECORD)
    assert pictures == 2 and "ลงชื่อ" not in read(session_record_pdf(record(signatures=False)))[0]


def test_the_record_in_word_says_the_same():
    document = docx.Document(io.BytesIO(session_record_docx(record())))
    cells = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    text = "\n".join(paragraph.text for paragraph in document.paragraphs) + cells
    for words in RECORD:
        assert squeezed(words) in squeezed(text), words
    assert len(document.inline_shapes) == 2 and "NUMPAGES" in document.sections[0].footer._element.xml


def test_the_certificate_is_one_landscape_page():
    text, pages, _pictures = read(certificate_pdf(certificate(thai_digits=True)))
    in_order(text, "เกียรติบัตร", "นายสมชาย กล้าหาญ", "คนอ้อยปากช่อง", "เข้าร่วม ๖ ครั้ง", "ให้ไว้ ณ วันที่ ๑ พฤษภาคม ๒๕๖๘", "ตำแหน่ง")
    assert pages == 1


LONG = dict.fromkeys(("person", "position", "reason", "subject", "detail", "organisation"), LONG_TITLE)


@pytest.mark.parametrize("changes", [{}, LONG, dict.fromkeys(LONG, ENDLESS * 3)], ids=["usual", "long", "endless"])
def test_no_certificate_leaves_its_frame(changes):
    made = certificate_pdf(certificate(**changes))
    assert read(made)[1] == 1 and stick_out(made, margin=50) == []


def test_no_record_or_application_sticks_out():
    text = dict.fromkeys(
        ("name", "knowledge_title", "topic", "unit", "fiscal_year", "organisation", "address"), ENDLESS
    )
    made = application_pdf(application(**text, members=(LONG_PERSON,) * 30, applicant=LONG_PERSON, goals="x" * 400))
    assert stick_out(made) == []
    facts = dict.fromkeys(("topic", "community", "unit", "place", "technique", "presenter", "recorder"), ENDLESS)
    notes = ((ENDLESS, (Note(ENDLESS, ENDLESS),) * 9),)
    wide = (Picture(picture((3000, 100)), ENDLESS), Picture(picture((100, 3000)), ENDLESS))
    made = session_record_pdf(record(**facts, people=(LONG_PERSON,) * 30, notes=notes, pictures=wide))
    assert stick_out(made) == []


def test_for_the_archive_they_are_pdf_a():
    assert b"pdfaid" in application_pdf(application(), archive=True)
    assert b"pdfaid" in session_record_pdf(record(), archive=True)


def test_libreoffice_opens_the_record(tmp_path):
    text, _pages, pictures = read(opened_by_office(tmp_path, session_record_docx(record()), "docx"))
    assert "ทดลองสามสาขา" in text and pictures == 2 and "หน้า1/" in text
