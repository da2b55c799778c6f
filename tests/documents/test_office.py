"""The form in Word and the slides: they open again, say the same, and know that Thai is a complex script."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from pptx import Presentation

from kc.documents import exchange_form_docx, summary_pptx
from tests.documents.conftest import make_form, opened_by_office
from tests.documents.test_pdf import HUGE, read

NASTY = "ก\x00ข\x0bค\ud800ง\uffff <w:p/> ]]> &amp;"


def document_of(form):
    return docx.Document(io.BytesIO(exchange_form_docx(form)))


def test_word_has_the_official_headings_in_order(form):
    document = document_of(form)
    assert document.paragraphs[0].text == "แบบฟอร์มแลกเปลี่ยนเรียนรู้จากกิจกรรมชุมชนนักปฏิบัติ (CoPs)"
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [f"{part.heading} {part.note}".strip() for part in form.parts]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "ชุมชนนักปฏิบัติเรื่อง  เยี่ยมก่อนครบกำหนด 45 วัน" in text
    for words in ("สาขา  ปากช่อง", "ฝ่าย/สำนัก/สนจ.  สนจ.นครราชสีมา", "R&D <b>ไม่ใช่ตัวหนา</b>", "31 มกราคม 2568", "ผู้จัดทำ"):
        assert words in text
    assert len(document.inline_shapes) == 2


def test_word_has_the_tables_with_goals_and_results_side_by_side(form):
    goals, typed, results = document_of(form).tables
    assert [cell.text for cell in goals.rows[0].cells] == ["ตัวชี้วัด", "หน่วย", "ก่อนทำกิจกรรม", "เป้าหมาย"]
    assert [cell.text for cell in results.rows[2].cells] == ["เงินที่เก็บได้ต่อราย", "บาท", "7,900", "9,000", "11,300"]
    assert typed.rows[2].cells[1].text == "เคยช้าไม่เกิน 30 วัน"
    assert typed.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None


def test_every_word_run_is_marked_as_thai(form):
    body = document_of(form).element.body
    runs = [run for run in body.iter(qn("w:r")) if "".join(run.itertext()).strip()]
    assert len(runs) > 40
    for run in runs:
        properties = run.find(qn("w:rPr"))
        assert properties.find(qn("w:rFonts")).get(qn("w:cs")) == "TH Sarabun New"
        assert properties.find(qn("w:szCs")).get(qn("w:val")) == properties.find(qn("w:sz")).get(qn("w:val"))
        assert properties.find(qn("w:bCs")).get(qn("w:val")) == properties.find(qn("w:b")).get(qn("w:val"))
        assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
        assert properties.find(qn("w:cs")) is not None
        order = [etree.QName(child).localname for child in properties]
        wanted = ["rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "cs", "lang"]
        assert [name for name in order if name in wanted] == sorted(order, key=SCHEMA.index)


SCHEMA = ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "u", "rtl", "cs", "lang"]


def slides_of(form):
    return Presentation(io.BytesIO(summary_pptx(form))).slides


def words_of(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_slides_tell_the_story_in_order(form):
    slides = list(slides_of(form))
    assert [slide.shapes.title.text_frame.text for slide in slides] == [
        "เยี่ยมก่อนครบกำหนด 45 วัน ลดหนี้ค้างชำระใหม่ของลูกค้าไร่อ้อย",
        "ที่มาของการทำกิจกรรม",
        "เป้าหมายที่ต้องการ",
        "วิธีการดำเนินกิจกรรม",
        "ผลลัพธ์เทียบกับเป้าหมาย ณ วันที่ 31 มกราคม 2568",
        "ใครนำไปใช้ได้ และถามต่อได้ที่ใคร",
    ]
    assert "แบ่งลูกค้าเป็นสามสี" in words_of(slides[1])
    assert "แบ่งสามสี" in words_of(slides[3])
    assert any(shape.shape_type == 13 for shape in slides[3].shapes)
    for words in ("21", "บรรลุเป้าหมาย", "11,300"):
        assert words in words_of(slides[4])
    assert "นายสมชาย กล้าหาญ" in words_of(slides[5])


def test_slides_carry_thai_fonts_and_language(form):
    runs = [run for slide in slides_of(form) for run in slide.element.iter("{*}rPr")]
    assert len(runs) > 40
    for run in runs:
        assert run.get("lang") == "th-TH"
        assert {child.get("typeface") for child in run.findall("{*}cs") + run.findall("{*}latin")} == {"TH Sarabun New"}


def test_everything_stays_on_the_slide(form):
    long = make_form(
        title="ชื่อยาวมาก " * 30, background="ยาว" * 900, goals="\n".join("- " + "ยาว" * 90 for _n in range(9))
    )
    for source in (form, long):
        for slide in slides_of(source):
            for shape in slide.shapes:
                assert shape.left >= 0 and shape.top >= 0
                assert shape.left + shape.width <= 12192120 and shape.top + shape.height <= 6858000


def test_parts_that_say_nothing_get_no_slide():
    empty = dict.fromkeys(("background", "goals", "target_group", "method", "results", "summary"), "")
    assert len(slides_of(make_form(**empty, measures=(), pictures=()))) == 2


@pytest.mark.parametrize("make", [exchange_form_docx, summary_pptx])
def test_anything_typed_gives_a_file_that_opens(make):
    nasty = dict.fromkeys(("title", "branch", "background", "goals", "method", "results", "community"), NASTY)
    data = make(make_form(**nasty, authors=(NASTY,)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    assert NASTY not in data.decode("latin-1")


@pytest.mark.parametrize("changes", [{}, HUGE], ids=["usual", "huge"])
@pytest.mark.parametrize(("make", "ending"), [(exchange_form_docx, "docx"), (summary_pptx, "pptx")])
def test_libreoffice_opens_it(tmp_path, make, ending, changes):
    form = make_form(**changes)
    text, pages, _pictures = read(opened_by_office(tmp_path, make(form), ending))
    assert form.title[:12].replace(" ", "") in text
    assert ending == "docx" or pages == len(slides_of(form))


def test_word_counts_its_pages(form):
    assert {"PAGE", "NUMPAGES"} == {
        field.text for field in document_of(form).sections[0].footer._element.iter(qn("w:instrText"))
    }


def test_word_has_places_to_sign_only_where_asked_for(form):
    def cells(document):
        return [cell.text for table in document.tables for row in table.rows for cell in row.cells]

    assert not any("ลงชื่อ" in cell for cell in cells(document_of(form)))
    signed = [cell for cell in cells(document_of(make_form(signatures=True))) if "ลงชื่อ" in cell]
    assert len(signed) == 2 and "(นายสมชาย กล้าหาญ)" in signed[0]
