"""The organisation's own Word form: taken only when it can be filled in, given up at any time (S0-172)."""

import io
from datetime import date

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import DocumentTemplate, Employee
from kc.services import audit

EXCHANGE_FORM = "exchange_form"


def current(kind: str = EXCHANGE_FORM) -> DocumentTemplate | None:
    """The organisation's template with who brought it; None: the standard one is used."""
    rows = DocumentTemplate.select(DocumentTemplate, Employee).left_outer_join(Employee)
    return rows.where(DocumentTemplate.kind == kind).first()


def data_of(kind: str = EXCHANGE_FORM) -> bytes | None:
    row = DocumentTemplate.select(DocumentTemplate.data).where(DocumentTemplate.kind == kind).tuples().first()
    return bytes(row[0]) if row else None


def standard() -> bytes:
    """Our own form with its marks: what a template begins with."""
    from kc.documents.word import standard_template

    return standard_template()


def sample(template: bytes | None) -> bytes:
    """The form filled with invented content, as a template makes it."""
    from kc import documents

    return documents.exchange_form_docx(_sample_form(), template)


def take(by: Employee, data: bytes, filename: str) -> DocumentTemplate:
    """Use this Word file from now on. DomainError on the field `file`, with the place and what is wrong there."""
    from kc.documents import word_template

    if not data:
        raise DomainError(_("โปรดเลือกไฟล์แบบ (.docx)"), field="file")
    word_template.check(data)
    _try(data)
    name = filename.replace("\\", "/").rsplit("/", 1)[-1][:200]
    with db.atomic():
        DocumentTemplate.delete().where(DocumentTemplate.kind == EXCHANGE_FORM).execute()
        row = DocumentTemplate.create(
            kind=EXCHANGE_FORM, filename=name, data=data, uploaded_by=by, uploaded_at=clock.now()
        )
        audit.record(by, "document_template.taken", row, filename=name, size=len(data))
    return row


def _try(data: bytes) -> None:
    """Fill it in and open what came out: what no check foresaw shows here, before anybody needs the form."""
    import docx

    try:
        docx.Document(io.BytesIO(sample(data)))
    except Exception as error:  # whatever a strange file does to the libraries
        raise DomainError(_("ลองกรอกแบบนี้แล้วไม่สำเร็จ โปรดเริ่มจากแบบมาตรฐาน แล้วปรับทีละส่วน"), field="file") from error


def give_up(by: Employee) -> None:
    """Back to the standard form."""
    with db.atomic():
        row = DocumentTemplate.get_or_none(DocumentTemplate.kind == EXCHANGE_FORM)
        if row is not None:
            audit.record(by, "document_template.given_up", row, filename=row.filename)
            row.delete_instance()


def _sample_form():  # type: ignore[no-untyped-def]
    from PIL import Image

    from kc.documents import ExchangeForm, Measure, Picture

    picture = io.BytesIO()
    Image.new("RGB", (600, 400), (190, 214, 205)).save(picture, "PNG")
    # thai-data: what an invented form says
    return ExchangeForm(
        title="ตัวอย่าง: โทรศัพท์ก่อนครบกำหนด ลดงานติดตามภายหลัง",
        community="คนใกล้ลูกค้า",
        branch="ตัวอย่าง",
        division="สำนักงานจังหวัดตัวอย่าง",
        fiscal_year="ปีบัญชี 2569",
        topic="คุณภาพสินเชื่อ",
        background="ย่อหน้าแรกของที่มา เล่าปัญหาและข้อมูลที่มี\n\nย่อหน้าที่สอง **มีตัวหนา** และ R&D <ทดลอง>",
        goals="- ลดงานซ้ำ\n- ลูกค้าพอใจ",
        target_group="พนักงานทุกสาขา",
        method="**1. เตรียมรายชื่อ**\nทำทุกวันจันทร์\n\n| สี | ทำอะไร |\n|---|---|\n| เขียว | โทรศัพท์ |",
        results="งานติดตามลดลงครึ่งหนึ่ง",
        measures=(Measure("งานติดตามต่อเดือน", "ราย", "40", "ไม่เกิน 25", "20"),),
        results_on=date(2026, 1, 31),
        authors=("นายตัวอย่าง ใจดี", "นางสาวสมมติ รักงาน"),
        pictures=(Picture(picture.getvalue(), "ภาพตัวอย่าง"),),
        address="https://kc.example.org/knowledge/1",
        signatures=True,
    )
