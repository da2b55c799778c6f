"""Everything a person can see in a document is read: boxes, notes, tables, heads, charts, in the order they stand."""

import datetime
import io

import pytest

from benchmarks import papers
from kc.documents import reading, sniffing
from kc.documents.reading.child import drafts

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pages_of(tmp_path, data, media_type):
    """Read here and not in a child: quick, and a fault shows its place."""
    file = tmp_path / "file"
    file.write_bytes(data)
    assert sniffing.media_type_of(file) == media_type
    return [(page.kind, page.text) for page in drafts(file, media_type, reading.DEFAULT)]


def ooxml(main_type, main_part, parts, related=()):
    relations = "".join(
        f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{target}"/>' for name, kind, target in related
    )
    folder, _, name = main_part.rpartition("/")
    first = f'<Relationship Id="r" Type="{R}/officeDocument" Target="{main_part}"/>'
    return papers.packed(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/{main_part}" ContentType="{main_type}"/></Types>',
            "_rels/.rels": f"<Relationships>{first}</Relationships>",
            f"{folder}/_rels/{name}.rels": f"<Relationships>{relations}</Relationships>",
            **parts,
        }
    )


def p(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_word_gives_body_table_box_heads_notes_and_comments(tmp_path):
    box = f"<w:p><w:r><w:pict><w:txbxContent>{p('ในกล่อง')}</w:txbxContent></w:pict></w:r></w:p>"
    fallback = (
        f"<w:p><w:r><mc:AlternateContent xmlns:mc='mc'><mc:Choice>{p('ครั้งเดียว')}</mc:Choice>"
        f"<mc:Fallback>{p('ครั้งเดียว')}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    row = f"<w:tr><w:tc>{p('หัวข้อ')}</w:tc><w:tc>{p('ผล')}{p('ต่อ')}</w:tc></w:tr>"
    body = (
        f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>ก่อน</w:t><w:tab/><w:t>หลัง</w:t></w:r></w:p>"
        f"<w:tbl>{row}</w:tbl>{box}{fallback}<w:p><w:del><w:r><w:delText>ลบแล้ว</w:delText></w:r></w:del></w:p>"
    )
    parts = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    related = []
    for kind in ("header", "footer", "footnotes", "comments"):
        parts[f"word/{kind}1.xml"] = f"<w:x {W}>{p('ใน ' + kind)}</w:x>"
        related.append((f"r{kind}", kind, f"{kind}1.xml"))
    data = ooxml(sniffing.OOXML + "wordprocessingml.document.main+xml", "word/document.xml", parts, related)
    [(kind, text)] = pages_of(tmp_path, data, sniffing.DOCX)
    assert kind == "part"
    assert text.split("\n") == [
        *("ใน header", "ก่อน\tหลัง", "หัวข้อ\tผล ต่อ", "ในกล่อง", "ครั้งเดียว"),
        *("ใน footer", "ใน footnotes", "ใน comments"),
    ]


def test_word_pages_are_those_word_broke(tmp_path):
    body = p("หน้าหนึ่ง") + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>หน้าสอง</w:t></w:r></w:p>"
    parts = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    data = ooxml(sniffing.OOXML + "wordprocessingml.document.main+xml", "word/document.xml", parts)
    pages = pages_of(tmp_path, data, sniffing.DOCX)
    assert [(kind, text.strip()) for kind, text in pages] == [("page", "หน้าหนึ่ง"), ("page", "หน้าสอง")]


def test_a_long_document_without_breaks_comes_in_parts(tmp_path):
    pages = pages_of(tmp_path, papers.docx(["\n".join(papers.sound_pages(40))]), sniffing.DOCX)
    assert len(pages) > 2 and max(len(text) for _kind, text in pages) <= 12_000


def test_slides_in_order_with_tables_groups_charts_and_notes(tmp_path):
    pptx = pytest.importorskip("pptx")
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    show = pptx.Presentation()
    for title in ("สไลด์แรก", "สไลด์สอง"):
        show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = title
    slide = show.slides[1]
    table = slide.shapes.add_table(1, 2, 0, 0, 914400, 914400).table
    table.cell(0, 0).text, table.cell(0, 1).text = "ในตาราง", "ช่องสอง"
    slide.shapes.add_group_shape().shapes.add_textbox(0, 0, 914400, 914400).text_frame.text = "ในกลุ่ม"
    numbers = CategoryChartData()
    numbers.categories = ["ไตรมาสหนึ่ง"]
    numbers.add_series("ยอดหนี้", (1.5,))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 914400, 914400, numbers)
    slide.notes_slide.notes_text_frame.text = "บันทึกผู้พูด"
    listed = show.slides._sldIdLst
    listed.insert(0, listed[1])  # the second is shown first
    stream = io.BytesIO()
    show.save(stream)
    first, second = pages_of(tmp_path, stream.getvalue(), sniffing.PPTX)
    assert second == ("slide", "สไลด์แรก")
    lines = first[1].split("\n")
    assert lines[0] == "สไลด์สอง" and "ในตาราง\tช่องสอง" in lines and "ในกลุ่ม" in lines
    assert {"ยอดหนี้", "ไตรมาสหนึ่ง", "บันทึกผู้พูด"} <= set(lines)
    assert "1.5" not in first[1]


def test_sheets_say_what_excel_shows(tmp_path):
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "แผนงาน"
    sheet.append(["รายการ", 1234.5, 0.25, datetime.date(2024, 1, 31), datetime.date(2024, 1, 31), True])
    sheet["B1"].number_format = "#,##0.00"
    sheet["C1"].number_format = "0%"
    sheet["D1"].number_format = "[$-107041E]d mmmm yyyy"
    sheet["E1"].number_format = "[$-D07041E]d mmm yy"
    sheet["A1"].comment = Comment("ความเห็นในช่อง", "ผู้ตรวจ")
    sheet.oddHeader.center.text = "หัวกระดาษ"
    book.create_sheet("ว่าง")
    stream = io.BytesIO()
    book.save(stream)
    pages = pages_of(tmp_path, stream.getvalue(), sniffing.XLSX)
    assert pages[0][0] == "sheet" and pages[1] == ("sheet", "ว่าง")
    lines = pages[0][1].split("\n")
    assert lines[0] == "แผนงาน"
    assert lines[1].split("\t") == ["รายการ", "1,234.50", "25%", "31 มกราคม 2567", "๓๑ ม.ค. ๖๗", "TRUE"]
    assert "หัวกระดาษ" in lines and any("ความเห็นในช่อง" in line for line in lines)


def test_open_document_gives_notes_comments_tables_and_pages(tmp_path):
    body = (
        "<office:text><text:tracked-changes><text:p>ลบแล้ว</text:p></text:tracked-changes><text:h>หัวเรื่อง</text:h>"
        "<text:p>ก<text:s text:c='3'/>ข<text:note><text:note-body><text:p>เชิงอรรถ</text:p></text:note-body></text:note>"
        "<office:annotation><dc:creator>ผู้ตรวจ</dc:creator><text:p>ความเห็น</text:p></office:annotation></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>ช่องหนึ่ง</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-repeated='16000'/></table:table-row></table:table>"
        "<text:p>ท้ายหน้า<text:soft-page-break/>หน้าสอง</text:p></office:text>"
    )
    styles = (
        '<s xmlns:style="urn:style" xmlns:text="urn:text"><style:header-style/>'
        "<style:header><text:p>หัวกระดาษ</text:p></style:header></s>"
    )
    data = papers.open_document(sniffing.ODT, body, styles__xml=styles)
    first, second = pages_of(tmp_path, data, sniffing.ODT)
    assert first[0] == "page" and second == ("page", "หน้าสอง")
    assert first[1].split("\n") == ["หัวกระดาษ", "หัวเรื่อง", "เชิงอรรถ", "ความเห็น", "ก   ข", "ช่องหนึ่ง", "ท้ายหน้า"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874", "tis-620"])
def test_text_in_any_encoding(tmp_path, encoding):
    text = "ประชุมชุมชนนักปฏิบัติ ครั้งที่ 1\nเรื่องหนี้ค้างชำระ และน้ำท่วม"
    [(kind, read)] = pages_of(tmp_path, text.encode(encoding), "text/plain")
    assert (kind, read) == ("part", text)


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, "Größe für Übung äöüß".encode("latin-1") * 3, b"\x00" * 400])
def test_bytes_that_are_no_text_are_not_taken_for_thai(tmp_path, data):
    file = tmp_path / "file"
    file.write_bytes(data)
    assert sniffing.media_type_of(file) is None
    assert reading.read(file, "text/plain") == reading.Reading("failed", reason="damaged")


def test_every_kind_by_way_of_a_child(tmp_path):
    truth = papers.sound_pages(2)
    for paper in papers.kinds(truth):
        if paper.name.startswith(("TXT", "CSV", "OD")):
            continue  # the same road, driven above
        file = tmp_path / "file"
        file.write_bytes(paper.data)
        result = reading.read(file, paper.media_type)
        assert result.state == "readable" and result.reason is None and result.known > 0.99, paper.name
        assert [page.number for page in result.pages] == [1, 2]
        wanted = "".join(paper.truth[1].split())
        assert wanted[-60:-20] in "".join(result.pages[1].text.split()), paper.name
