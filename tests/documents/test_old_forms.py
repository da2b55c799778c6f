"""Old forms read back: our own in whole, look-alikes of the bank's, parts in any order, and files that mean harm."""

import io
import random
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
import typst
from docx.oxml import parse_xml
from docx.shared import Cm

from kc import documents
from kc.documents import old_forms
from kc.documents.old_forms import OldForm
from tests.documents.conftest import make_form, picture

HEADINGS = (
    "ที่มาของการทำกิจกรรม CoPs",
    "เป้าหมายที่ต้องการ",
    "กลุ่มเป้าหมายที่จะนำความรู้จากการทำกิจกรรมไปใช้",
    "วิธีการดำเนินกิจกรรม (อธิบายรายละเอียดแต่ละกิจกรรมให้ชัดเจน พร้อมยกตัวอย่างและรูปภาพประกอบ)",
    "ผลลัพธ์ที่เกิดจากกิจกรรม CoPs (เปรียบเทียบกับเป้าหมายให้ชัดเจน)",
)
TEXTS = (
    "ลูกหนี้ค้างชำระเพิ่มขึ้นทุกปี พนักงานใหม่ยังไม่รู้วิธีพูดคุย",
    "ลดหนี้ค้างชำระใหม่ไม่เกิน 30 ราย",
    "พนักงานพัฒนาธุรกิจทุกสาขา",
    "ออกเยี่ยมลูกค้าเดือนละสองครั้ง แล้วกลับมาเล่าให้เพื่อนฟัง",
    "หนี้ค้างชำระใหม่เหลือ 21 ราย น้อยกว่าที่ตั้งไว้",
)
PARTS = ("background", "goals", "target_group", "method", "results")
TITLE = "แบบฟอร์มแลกเปลี่ยนเรียนรู้จากกิจกรรมชุมชนนักปฏิบัติ (CoPs)"


def saved(document, folder: Path) -> Path:
    file = folder / "form.docx"
    document.save(str(file))
    return file


def lines(folder: Path, *texts: str) -> Path:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document, folder)


def only(file: Path, kind: str = "docx") -> OldForm:
    found = old_forms.read(file, kind)
    assert found.reason is None
    assert len(found.forms) == 1
    return found.forms[0]


def squeezed(text: str) -> str:
    return "".join(text.split())


def assert_five(form: OldForm) -> None:
    assert [getattr(form, part) for part in PARTS] == list(TEXTS)


# ---- our own -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("thai_digits", [False, True])
def test_our_own_word_form_comes_back_in_whole(tmp_path, thai_digits):
    """Form to data and data to form, with several activities, tables and pictures (S0-168, S0-172)."""
    made = make_form(thai_digits=thai_digits)
    file = tmp_path / "form.docx"
    file.write_bytes(documents.exchange_form_docx(made))
    form = only(file)
    assert (form.title, form.community, form.branch, form.division) == (
        made.title,
        "คนอ้อยปากช่อง",
        "ปากช่อง",
        "สนจ.นครราชสีมา",
    )
    assert form.authors == list(made.authors) and form.results_on == date(2025, 1, 31)
    assert form.fiscal_year in ("2567", "๒๕๖๗")
    assert form.background == made.background and form.goals == made.goals and form.results == made.results
    assert "**2. แบ่งสามสี**" in form.method and "| เหลือง | เคยช้าไม่เกิน 30 วัน |" in form.method
    assert "![แฟ้มบนโต๊ะ](picture:0)" in form.method and "![ออกเยี่ยม](picture:1)" in form.method
    assert "   - ถามซ้ำเมื่อจบ" in form.method and "*สามช่อง*" in form.method
    assert [row[0] for row in form.measures] == ["ลูกค้าที่ค้างชำระใหม่", "เงินที่เก็บได้ต่อราย"]
    if not thai_digits:
        assert form.measures[0] == ("ลูกค้าที่ค้างชำระใหม่", "ราย", "67", "ไม่เกิน 30", "21")
    assert form.unplaced == [] and len(old_forms.read(file, "docx").pictures) == 2


def test_our_own_pdf_form_comes_back_in_whole(tmp_path):
    made = make_form()
    file = tmp_path / "form.pdf"
    file.write_bytes(documents.exchange_form_pdf(made))
    form = only(file, "pdf")
    assert squeezed(form.title) == squeezed(made.title)
    assert (form.community, form.branch, form.division, form.fiscal_year) == (
        "คนอ้อยปากช่อง",
        "ปากช่อง",
        "สนจ.นครราชสีมา",
        "2567",
    )
    assert form.authors == list(made.authors) and form.results_on == date(2025, 1, 31)
    for part in ("background", "goals", "target_group", "results"):
        assert squeezed(getattr(form, part)) == squeezed(getattr(made, part))
    for words in ("ดึงรายชื่อให้เสร็จก่อนครบกำหนด 75 วัน", "| เหลือง | เคยช้าไม่เกิน 30 วัน | เยี่ยมหนึ่งครั้ง |", "ถามก่อน แล้วค่อยเขียน"):
        assert words in form.method
    assert "![แฟ้มบนโต๊ะ](picture:0)" in form.method
    assert form.measures == [
        ("ลูกค้าที่ค้างชำระใหม่", "ราย", "67", "ไม่เกิน 30", "21"),
        ("เงินที่เก็บได้ต่อราย", "บาท", "7,900", "9,000", "11,300"),
    ]
    assert form.unplaced == []


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_an_empty_form_has_nothing_in_it(tmp_path, kind):
    empty = dict.fromkeys(("title", "branch", "division", "community", "fiscal_year", *PARTS), "")
    made = make_form(**empty, measures=(), pictures=(), authors=(), results_on=None)
    file = tmp_path / f"form.{kind}"
    file.write_bytes(documents.exchange_form_docx(made) if kind == "docx" else documents.exchange_form_pdf(made))
    assert only(file, kind) == OldForm()


# ---- look-alikes of the bank's -------------------------------------------------------------------------------------


def numbered(n: int, heading: str, text: str) -> list[str]:
    return [f"{n}. {heading}", text]


WRITINGS = {
    "as printed": lambda n, heading, text: [f"{n}. {heading}", text],
    "thai digits": lambda n, heading, text: [f"{'๐๑๒๓๔๕'[n]}. {heading}", text],
    "part words": lambda n, heading, text: [f"ส่วนที่ {n} {heading.partition(' (')[0]}:", text],
    "part words in thai": lambda n, heading, text: [f"ส่วนที่ {'๐๑๒๓๔๕'[n]} : {heading}", text],
    "no number": lambda n, heading, text: [heading.partition(" (")[0], text],
    "bracket": lambda n, heading, text: [f"{n}) {heading}", text],
    "spaces": lambda n, heading, text: [f"  {n} .  {'  '.join(heading.split())}  ", text],
    "text behind": lambda n, heading, text: [f"{n}. {heading} {text}"],
    "text behind a colon": lambda n, heading, text: [f"{n}. {heading.partition(' (')[0]} : {text}"],
    "marks lost": lambda n, heading, text: [f"{n}. {heading}".translate(dict.fromkeys(map(ord, "่้๊๋์็"))), text],
    "am and a": lambda n, heading, text: [f"{n}. {heading}".replace("า", "ำ"), text],
    "split am": lambda n, heading, text: [f"{n}. {heading}".replace("ำ", " า"), text],
    "a slip": lambda n, heading, text: [f"{n}. {heading.partition(' (')[0]}".replace("กิจกรรม", "กิจกรม"), text],
    "dotted": lambda n, heading, text: [f"{n}. {heading}", "." * 80, f"......{text}......", "…" * 30],
}


@pytest.mark.parametrize("how", WRITINGS)
def test_headings_in_every_writing(tmp_path, how):
    written = [
        line
        for n, (heading, text) in enumerate(zip(HEADINGS, TEXTS, strict=True), start=1)
        for line in WRITINGS[how](n, heading, text)
    ]
    form = only(lines(tmp_path, TITLE, "ชุมชนนักปฏิบัติเรื่อง...ลดหนี้ค้าง...", *written))
    assert form.title == "ลดหนี้ค้าง"
    assert_five(form)
    assert form.unplaced == []


def test_short_headings_in_bold(tmp_path):
    document = docx.Document()
    for heading, text in zip(("ที่มา", "วัตถุประสงค์", "กลุ่มเป้าหมาย", "วิธีดำเนินการ", "ผลที่ได้รับ"), TEXTS, strict=True):
        document.add_paragraph().add_run(heading).bold = True
        document.add_paragraph(text)
    assert_five(only(saved(document, tmp_path)))


def test_parts_in_another_order(tmp_path):
    order = [4, 2, 0, 3, 1]
    written = [line for n in order for line in (f"{n + 1}. {HEADINGS[n]}", TEXTS[n])]
    assert_five(only(lines(tmp_path, TITLE, *written)))


def test_a_sentence_that_begins_like_a_heading_is_text(tmp_path):
    told = ["เป้าหมายที่ต้องการ คือให้ทุกสาขาทำได้", "ที่มา ของหนี้คือราคาพืชผล", "1. เป้าหมายต่อไปคือลดอีก", "ผลลัพธ์ดีมาก"]
    written = [line for n in range(5) for line in (f"{n + 1}. {HEADINGS[n]}", TEXTS[n])]
    form = only(lines(tmp_path, TITLE, *written, *told))
    assert form.goals == TEXTS[1] and form.results == "\n\n".join([TEXTS[4], *told])


def bank_form(folder: Path) -> Path:
    """As branches filled it by hand: one table with the head, dotted lines, a table of results, a picture."""
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph("ชุมชนนักปฏิบัติเรื่อง.........ออมเงินวันละบาท..........")
    document.add_paragraph("สาขา......ท่าม่วง........ฝ่าย/สำนัก/สนจ.....กาญจนบุรี......")
    form = document.add_table(rows=5, cols=1)
    for n, cell in enumerate(row.cells[0] for row in form.rows):
        cell.paragraphs[0].add_run(f"{n + 1}.{HEADINGS[n]}").bold = True
        cell.add_paragraph(TEXTS[n])
    last = form.rows[4].cells[0]
    table = last.add_table(rows=3, cols=4)
    told = [
        ("ลำดับ", "รายการ", "เป้าหมาย", "ผลที่ได้"),
        ("1", "ผู้ฝากรายใหม่", "100 ราย", "132 ราย"),
        ("2", "เงินฝาก", "1 ล้านบาท", "๑.๔ ล้านบาท"),
    ]
    for row, texts in zip(table.rows, told, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    last.add_paragraph("ผลลัพธ์ ณ วันที่....๓๑....เดือน....มีนาคม.....พ.ศ....๒๕๖๐.....")
    form.rows[3].cells[0].add_paragraph().add_run().add_picture(io.BytesIO(picture()), width=Cm(5))
    document.add_paragraph("ผู้จัดทำ  1. นายสมชาย กล้าหาญ  2. น.ส.มาลี ใจดี")
    document.add_paragraph("โทรศัพท์ภายใน 1234")
    return saved(document, folder)


def test_the_banks_form_as_one_table(tmp_path):
    file = bank_form(tmp_path)
    form = only(file)
    assert (form.title, form.branch, form.division) == ("ออมเงินวันละบาท", "ท่าม่วง", "กาญจนบุรี")
    assert [getattr(form, part) for part in PARTS if part != "method"] == [*TEXTS[:3], TEXTS[4]]
    assert form.method == f"{TEXTS[3]}\n\n![](picture:0)"
    assert form.measures == [("ผู้ฝากรายใหม่", "", "", "100 ราย", "132 ราย"), ("เงินฝาก", "", "", "1 ล้านบาท", "๑.๔ ล้านบาท")]
    assert form.results_on == date(2017, 3, 31)
    assert form.authors == ["นายสมชาย กล้าหาญ", "น.ส.มาลี ใจดี"]
    assert form.unplaced == ["โทรศัพท์ภายใน 1234"]
    assert old_forms.read(file, "docx").pictures[0].data.startswith(b"\xff\xd8")


def test_a_blank_bank_form_is_blank(tmp_path):
    dots = "." * 90
    head = ("ชุมชนนักปฏิบัติเรื่อง" + dots, f"สาขา{dots}ฝ่าย/สำนัก/สนจ.{dots}")
    parts = [line for n in range(5) for line in (f"{n + 1}. {HEADINGS[n]}", dots, "…" * 40)]
    form = only(lines(tmp_path, TITLE, *head, *parts, f"ผลลัพธ์ ณ วันที่{dots}", f"ผู้จัดทำ {dots}"))
    assert form.is_blank


def test_a_title_on_two_dotted_lines(tmp_path):
    form = only(
        lines(tmp_path, TITLE, "ชุมชนนักปฏิบัติเรื่อง....ลดหนี้ค้าง......", ".....ด้วยการเยี่ยมบ้าน.......", f"1. {HEADINGS[0]}", "ก")
    )
    assert form.title == "ลดหนี้ค้าง ด้วยการเยี่ยมบ้าน"


def test_headings_that_word_counts_itself_and_text_boxes(tmp_path):
    document = docx.Document()
    for heading, text in zip(("ที่มา", "วัตถุประสงค์", "กลุ่มเป้าหมาย", "วิธีดำเนินการ", "ผลที่ได้รับ"), TEXTS, strict=True):
        document.add_paragraph(heading, style="List Number")
        document.add_paragraph(text)
        document.add_paragraph("4.1 ข้อย่อย", style="List Bullet")
    box = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:pict><w:txbxContent><w:p><w:r>'
        "<w:t>ชุมชนนักปฏิบัติเรื่อง ในกล่องข้อความ</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    )
    document.paragraphs[0].insert_paragraph_before()._p.append(parse_xml(box))
    form = only(saved(document, tmp_path))
    assert form.title == "ในกล่องข้อความ"
    assert [getattr(form, part) for part in PARTS] == [f"{text}\n\n- 4.1 ข้อย่อย" for text in TEXTS]


def test_headings_beside_their_texts(tmp_path):
    document = docx.Document()
    head = document.add_table(rows=3, cols=2)
    for row, texts in zip(
        head.rows,
        [("ชุมชนนักปฏิบัติเรื่อง", "ลดหนี้"), ("ประเด็นเรียนรู้", "NPLs"), ("ปีบัญชี", "๒๕๖๑")],
        strict=True,
    ):
        row.cells[0].text, row.cells[1].text = texts
    table = document.add_table(rows=5, cols=2)
    for row, heading, text in zip(table.rows, HEADINGS, TEXTS, strict=True):
        row.cells[0].text, row.cells[1].text = heading, text
    form = only(saved(document, tmp_path))
    assert (form.title, form.topic, form.fiscal_year) == ("ลดหนี้", "NPLs", "๒๕๖๑")
    assert_five(form)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31 มีนาคม 2560", date(2017, 3, 31)),
        ("31 มี.ค. 60", date(2017, 3, 31)),
        ("๓๑/๐๓/๒๕๖๐", date(2017, 3, 31)),
        (": วันที่ 31 เดือนมีนาคม พ.ศ. 2560", date(2017, 3, 31)),
        ("31 เดือน มีนาคม พ.ศ. ๒๕๖๐", date(2017, 3, 31)),
        ("31-03-2017", date(2017, 3, 31)),
        ("........31........มีนาคม......2560.......", date(2017, 3, 31)),
    ],
)
def test_the_day_of_the_results_in_every_writing(tmp_path, written, day):
    form = only(lines(tmp_path, TITLE, f"5. {HEADINGS[4]}", TEXTS[4], f"ผลลัพธ์ ณ วันที่ {written}"))
    assert form.results_on == day
    assert form.results == TEXTS[4]


def test_a_day_that_cannot_be_read_stays_in_the_text(tmp_path):
    form = only(lines(tmp_path, TITLE, f"5. {HEADINGS[4]}", TEXTS[4], "ผลลัพธ์ ณ วันที่ สิ้นไตรมาสสี่"))
    assert form.results_on is None and "ผลลัพธ์ ณ วันที่ สิ้นไตรมาสสี่" in form.results


def test_two_forms_in_one_file(tmp_path):
    written = [line for n in range(5) for line in (f"{n + 1}. {HEADINGS[n]}", TEXTS[n])]
    first = [TITLE, "ชุมชนนักปฏิบัติเรื่อง ลดหนี้", *written]
    second = [TITLE, "ชุมชนนักปฏิบัติเรื่อง เพิ่มเงินฝาก", *[line.replace("หนี้", "เงินฝาก") for line in written]]
    forms = old_forms.read(lines(tmp_path, *first, *second), "docx").forms
    assert [form.title for form in forms] == ["ลดหนี้", "เพิ่มเงินฝาก"]
    assert_five(forms[0])
    assert forms[1].results == TEXTS[4].replace("หนี้", "เงินฝาก")


def test_a_title_repeated_on_every_page_is_no_new_form(tmp_path):
    written = [line for n in range(5) for line in (TITLE, f"{n + 1}. {HEADINGS[n]}", TEXTS[n])]
    assert_five(only(lines(tmp_path, *written)))


def test_what_has_no_place_is_kept_in_order(tmp_path):
    form = only(
        lines(
            tmp_path,
            "เรียน ผู้อำนวยการ",
            TITLE,
            "กรุณาส่งภายในสิ้นเดือน",
            f"1. {HEADINGS[0]}",
            TEXTS[0],
            "2. เป้าหมายที่ต้องการ",
            TEXTS[1],
        )
    )
    assert form.unplaced == ["เรียน ผู้อำนวยการ", "กรุณาส่งภายในสิ้นเดือน"]


def test_another_document_is_no_form_and_keeps_its_text(tmp_path):
    found = old_forms.read(lines(tmp_path, "รายงานการประชุม", "เป้าหมาย คือลดหนี้", "มติที่ประชุม: เห็นชอบ"), "docx")
    assert found.forms == [] and found.reason is None
    assert found.text == "รายงานการประชุม\n\nเป้าหมาย คือลดหนี้\n\nมติที่ประชุม: เห็นชอบ"


def test_a_table_that_is_no_measure_stays_a_table(tmp_path):
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(f"4. {HEADINGS[3]}")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("ครั้งที่", "ทำอะไร", "1", "เยี่ยม | ถาม"), strict=True):
        cell.text = text
    assert only(saved(document, tmp_path)).method == "| ครั้งที่ | ทำอะไร |\n|---|---|\n| 1 | เยี่ยม \\| ถาม |"


def test_measures_with_more_columns_stay_readable(tmp_path):
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(f"5. {HEADINGS[4]}")
    table = document.add_table(rows=2, cols=4)
    told = ("ตัวชี้วัด", "เป้าหมาย", "ผลลัพธ์", "ผู้รับผิดชอบ", "หนี้", "30", "21", "สมชาย")
    for cell, text in zip(table._cells, told, strict=True):
        cell.text = text
    form = only(saved(document, tmp_path))
    assert form.measures == [] and "| หนี้ | 30 | 21 | สมชาย |" in form.results


def test_a_form_as_a_plain_pdf(tmp_path):
    body = "\n\n".join(
        f"{n + 1}. {heading}\n\n{text * 3}" for n, (heading, text) in enumerate(zip(HEADINGS, TEXTS, strict=True))
    )
    source = '#set text(font: "Sarabun", size: 16pt, lang: "th")\n'
    source += f"{TITLE}\n\nชุมชนนักปฏิบัติเรื่อง #box(width: 5cm, repeat[.])ลดหนี้\n\n{body}"
    file = tmp_path / "form.pdf"
    fonts = Path(documents.__file__).parent / "fonts"
    (tmp_path / "form.typ").write_text(source.replace("1. ", "1\\. "), encoding="utf-8")
    file.write_bytes(typst.compile(str(tmp_path / "form.typ"), font_paths=[str(fonts)], format="pdf"))
    form = only(file, "pdf")
    assert form.title == "ลดหนี้"
    assert [squeezed(getattr(form, part)) for part in PARTS] == [squeezed(text * 3) for text in TEXTS]


# ---- PDFs that other programs made: their letters come in any order, doubled, with marks from other fonts -----------


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice on this machine")
def test_forms_printed_by_libreoffice(tmp_path):
    ours, theirs = tmp_path / "ours.docx", bank_form(tmp_path)
    ours.write_bytes(documents.exchange_form_docx(make_form()))
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(ours), str(theirs)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    form, made = only(tmp_path / "ours.pdf", "pdf"), make_form()
    for part in ("title", "background", "goals", "target_group", "results"):
        assert squeezed(getattr(form, part)) == squeezed(getattr(made, part))
    assert form.authors == list(made.authors) and form.results_on == made.results_on and form.unplaced == []
    assert [row[4] for row in form.measures] == ["21", "11,300"]
    bank = only(theirs.with_suffix(".pdf"), "pdf")
    assert [getattr(bank, part) for part in PARTS if part != "method"] == [*TEXTS[:3], TEXTS[4]]
    assert [row[4] for row in bank.measures] == ["132 ราย", "๑.๔ ล้านบาท"]


# ---- files that mean harm ------------------------------------------------------------------------------------------


def repacked(file: Path, part: str, data: bytes) -> Path:
    made = file.with_name("changed.docx")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return made


def test_hostile_files_are_refused_with_a_reason(tmp_path):
    good = lines(tmp_path, TITLE)
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert old_forms.read(repacked(good, "word/document.xml", entity), "docx").reason == "bomb"
    assert old_forms.read(repacked(good, "word/document.xml", b"<a"), "docx").reason == "damaged"
    assert old_forms.read(repacked(good, "word/document.xml", b" " * 80_000_000), "docx").reason == "bomb"
    (tmp_path / "half.docx").write_bytes(good.read_bytes()[:900])
    assert old_forms.read(tmp_path / "half.docx", "docx").reason == "damaged"
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4\nnothing\n%%EOF")
    assert old_forms.read(tmp_path / "bad.pdf", "pdf").reason == "damaged"
    assert old_forms.read(good, "xlsx").reason == "unsupported"
    assert old_forms.read(lines(tmp_path, ""), "docx").reason == "no_text"


def test_deep_tables_do_not_fell_the_reader(tmp_path):
    deep = "<w:tbl><w:tr><w:tc>" * 60 + "<w:p><w:r><w:t>ก้น</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 60
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    xml = f"<w:document {space}><w:body>{deep}</w:body></w:document>".encode()
    found = old_forms.read(repacked(lines(tmp_path, "x"), "word/document.xml", xml), "docx")
    assert found.reason is None and "ก้น" in found.text


def test_mutated_files_never_raise(tmp_path):
    """A few here; the reader's own tests do thousands."""
    chance = random.Random(4)
    for kind, data in (
        ("docx", documents.exchange_form_docx(make_form())),
        ("pdf", documents.exchange_form_pdf(make_form())),
    ):
        for n in range(4):
            spoiled = bytearray(data)
            for _hit in range(40):
                spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
            file = tmp_path / f"{n}.{kind}"
            file.write_bytes(spoiled)
            found = old_forms.read(file, kind)
            assert found.reason in (None, "damaged", "no_text", "bomb", "encrypted", "memory")


def test_a_picture_nothing_can_show_is_counted(tmp_path):
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(f"4. {HEADINGS[3]}")
    document.add_paragraph().add_run().add_picture(io.BytesIO(picture()))
    file = saved(document, tmp_path)
    with zipfile.ZipFile(file) as archive:
        name = next(n for n in archive.namelist() if n.startswith("word/media/"))
    found = old_forms.read(repacked(file, name, b"\x01\x00\x00\x00 an EMF, let us say"), "docx")
    assert found.pictures == [] and found.lost_pictures == 1
    assert "picture:" not in found.forms[0].method


def test_damaged_thai_is_put_right_first(tmp_path):
    """ำ torn apart and า written as ำ, as old PDF makers leave them."""
    told = "เราดำเนินการตามแผนที่วางไว้ ทำงานร่วมกับลูกค้า และนำความรู้ที่ได้ไปใช้กับสาขาอื่น ๆ จำนวนมาก"
    whole = [line for n in range(5) for line in (f"{n + 1}. {HEADINGS[n]}", f"{TEXTS[n]} {told}")]
    torn = only(lines(tmp_path, TITLE, *(line.replace("ำ", " า") for line in whole)))
    assert squeezed(torn.method) == squeezed(f"{TEXTS[3]} {told}")
    assert "ดำเนินการ" in torn.background and "ทำงาน" in torn.results
