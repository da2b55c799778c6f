"""The organisation's own form: brought, checked, used for every form from then on, given up again."""

import io

import docx
import pytest

from kc.documents.word import standard_template
from kc.models import AuditEntry, DocumentTemplate
from tests import factories


def of_ours(words="ธนาคารของเรา"):
    document = docx.Document(io.BytesIO(standard_template()))
    document.sections[0].header.paragraphs[0].text = words
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def bring(client, data, name="แบบของเรา.docx"):
    return client.post("/admin/documents/", data={"file": (io.BytesIO(data), name)})


def head_of(data):
    return docx.Document(io.BytesIO(data)).sections[0].header.paragraphs[0].text


@pytest.fixture
def officer(cast, login_as):
    return login_as(cast.officer)


def test_the_page_offers_the_standard_form(officer):
    page = officer.get("/admin/documents/").text
    assert "แบบมาตรฐานของระบบ" in page and "/admin/documents/standard.docx" in page and "{{เรื่อง}}" in page
    text = "".join(
        p.text
        for p in docx.Document(io.BytesIO(officer.get("/admin/documents/standard.docx", buffered=True).data)).paragraphs
    )
    assert "{{เป้าหมาย}}" in text
    assert officer.get("/admin/documents/current.docx").status_code == 404
    assert officer.get("/admin/documents/other.docx").status_code == 404


def test_a_form_of_ours_is_used_for_every_form_from_then_on(cast, officer, login_as):
    article = factories.make_article("เรื่องหนึ่ง", cast.author, status="published")
    assert bring(officer, of_ours()).status_code == 303
    page = officer.get("/admin/documents/").text
    assert "แบบของเรา.docx" in page and cast.officer.name in page
    made = login_as(cast.outsider).get(f"/knowledge/{article.id}/documents/form_docx", buffered=True)
    assert head_of(made.data) == "ธนาคารของเรา"
    assert head_of(officer.get("/admin/documents/current.docx", buffered=True).data) == "ธนาคารของเรา"
    sample = docx.Document(io.BytesIO(officer.get("/admin/documents/sample.docx", buffered=True).data))
    assert "{{" not in "".join(p.text for p in sample.paragraphs) and len(sample.inline_shapes) == 1
    assert AuditEntry.select().where(AuditEntry.action == "document_template.taken").count() == 1


def test_the_newest_takes_the_place_of_the_last(officer):
    bring(officer, of_ours("หนึ่ง"))
    bring(officer, of_ours("สอง"), "../ที่อื่น/ใหม่.docx")
    row = DocumentTemplate.get()
    assert row.filename == "ใหม่.docx" and head_of(bytes(row.data)) == "สอง"


def test_back_to_the_standard(cast, officer):
    bring(officer, of_ours())
    assert officer.post("/admin/documents/standard").status_code == 303
    assert officer.post("/admin/documents/standard").status_code == 303
    assert not DocumentTemplate.select().exists() and "แบบมาตรฐานของระบบ" in officer.get("/admin/documents/").text


def test_a_form_that_cannot_be_used_is_refused_with_its_place(officer):
    bring(officer, of_ours("ใช้อยู่"))
    document = docx.Document(io.BytesIO(standard_template()))
    document.add_paragraph("{{เรื่อ}}")
    stream = io.BytesIO()
    document.save(stream)
    answer = bring(officer, stream.getvalue())
    assert answer.status_code == 422
    assert "ยังใช้แบบนี้ไม่ได้" in answer.text and "หมายถึง {{เรื่อง}} หรือไม่" in answer.text
    assert head_of(bytes(DocumentTemplate.get().data)) == "ใช้อยู่"


@pytest.mark.parametrize(("data", "words"), [(b"", "โปรดเลือกไฟล์แบบ"), (b"nonsense", "เปิดไฟล์นี้ไม่ได้")])
def test_what_is_no_word_file_is_refused(officer, data, words):
    answer = bring(officer, data)
    assert answer.status_code == 422 and words in answer.text
    assert officer.post("/admin/documents/").status_code == 422
