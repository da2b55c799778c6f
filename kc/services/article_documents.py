"""The official form, the one-page summary and the slides, made from what was typed (S0-164, S0-172, S0-174…175)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kc import fiscal, storage, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.models import Attachment, Employee, KnowledgeArticle, MadeDocument, OrgUnit
from kc.models.knowledge import PARTS
from kc.services import articles, attachments, document_templates

BOTH = ("form_pdf", "one_page")  # the two attachments every piece of knowledge needs (S0-174, S0-175)
DIVISIONS = ("division", "bureau", "provincial_office", "head_office")
FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|\r\n\t]+')
MAX_PICTURES = 12


@dataclass(frozen=True)
class Maker:
    """One document the system can make: what it is filed as, and what its name begins with."""

    kind: str
    name: object
    ending: str
    content_type: str


OFFICE = "application/vnd.openxmlformats-officedocument."
MAKERS = {
    "form_pdf": Maker("exchange_form", _l("แบบฟอร์มแลกเปลี่ยนเรียนรู้"), ".pdf", "application/pdf"),
    "form_docx": Maker("exchange_form", _l("แบบฟอร์มแลกเปลี่ยนเรียนรู้"), ".docx", OFFICE + "wordprocessingml.document"),
    "one_page": Maker("summary", _l("สรุปหนึ่งหน้า"), ".pdf", "application/pdf"),
    "slides": Maker("summary", _l("สไลด์สรุป"), ".pptx", OFFICE + "presentationml.presentation"),
}


@dataclass(frozen=True)
class Print:
    """How an official document is printed: the settings say the usual, a reader may choose otherwise."""

    thai_digits: bool = False
    signatures: bool = False
    archive: bool = False  # PDF/A


_usual = Print()


def configure(thai_digits: bool, signatures: bool) -> None:
    """What is usual in this organisation."""
    global _usual
    _usual = Print(thai_digits, signatures)


def usual() -> Print:
    return _usual


@dataclass(frozen=True)
class Place:
    """The two lines of the form's head: สาขา …, ฝ่าย/สำนัก/สนจ. … (S0-163)."""

    branch: str = ""
    division: str = ""


def place_of(unit: OrgUnit | None) -> Place:
    """Where in the organisation an article comes from: one statement when the unit has others above it."""
    if unit is None:
        return Place()
    if unit.kind in DIVISIONS:
        return Place(division=unit.name)
    above = [i for i in unit.ancestor_ids() if i != unit.id]
    parents = {u.id: u for u in OrgUnit.select().where(OrgUnit.id.in_(above))} if above else {}
    division = next((parents[i].name for i in reversed(above) if parents[i].kind in DIVISIONS), "")
    # thai-data: the form itself says สาขา before the name
    name = unit.name.removeprefix("สาขา").strip() if unit.kind == "branch" else unit.name
    return Place(name, division)


def make(
    article: KnowledgeArticle, what: str, *, organisation: str, address: str, how: Print | None = None
) -> tuple[bytes, str]:
    """(bytes, file name) of one of MAKERS, from what is saved now. DomainError for another `what`."""
    maker = MAKERS.get(what)
    if maker is None:
        raise DomainError(_("ไม่รู้จักเอกสารชนิดนี้"))
    from kc import documents  # heavy libraries, loaded when the first document is made

    how = how or _usual
    form = documents.ExchangeForm(
        **_facts(article),
        organisation=organisation,
        address=address,
        thai_digits=how.thai_digits,
        signatures=how.signatures,
    )
    writers: dict[str, Callable[[], bytes]] = {
        "form_pdf": lambda: documents.exchange_form_pdf(form, archive=how.archive),
        "form_docx": lambda: documents.exchange_form_docx(form, document_templates.data_of()),
        "one_page": lambda: documents.one_page_pdf(form),
        "slides": lambda: documents.summary_pptx(form),
    }
    return writers[what](), file_name(str(maker.name), article.title, maker.ending)


def file_name(kind: str, title: str, ending: str) -> str:
    """ "แบบฟอร์มแลกเปลี่ยนเรียนรู้ - ลดหนี้ค้างชำระ.pdf": what every system can store."""
    title = thai.truncate(" ".join(FORBIDDEN_IN_NAMES.sub(" ", title).split()), 80)
    return f"{kind} - {title}{ending}"


def _facts(article: KnowledgeArticle) -> dict[str, Any]:
    from kc.documents import Measure

    place = place_of(article.unit)
    measures = tuple(Measure(m.measure, m.unit, m.before, m.target, m.after) for m in articles.measures_of(article))
    facts: dict[str, Any] = {part: getattr(article, part) for part in PARTS}
    if article.body and not article.method:
        facts["method"] = article.body
    return facts | {
        "title": article.title,
        "community": article.community.name if article.community_id else "",
        "branch": place.branch,
        "division": place.division,
        "fiscal_year": fiscal.calendar().label_for(article.fiscal_year.year) if article.fiscal_year_id else "",
        "topic": article.topic.name if article.topic_id else "",
        "summary": article.summary,
        "measures": measures,
        "results_on": article.results_on,
        "authors": tuple(author.full_name for author in articles.authors_of(article)),
        "pictures": _pictures(article),
    }


def _pictures(article: KnowledgeArticle) -> tuple[object, ...]:
    from kc.documents import Picture

    rows = (
        Attachment.select()
        .where(Attachment.article == article, Attachment.content_type.startswith("image/"), Attachment.open_ones())
        .order_by(Attachment.id)
        .limit(MAX_PICTURES)
    )
    return tuple(
        Picture(storage.path_of(row.sha256).read_bytes(), row.alt_text, f"/attachments/{row.id}/picture")
        for row in rows
        if storage.path_of(row.sha256).exists()
    )


def attach(by: Employee, article: KnowledgeArticle, what: str, *, organisation: str, address: str) -> Attachment:
    """Make a document and attach it. One made earlier gives way to it; a person's own file never does."""
    data, filename = make(article, what, organisation=organisation, address=address)
    before = {row.id for row in Attachment.select(Attachment.id).where(Attachment.article == article)}
    earlier = list(
        Attachment.select().join(MadeDocument).where((Attachment.article == article) & (MadeDocument.what == what))
    )
    ready = attachments.prepare(data, filename, by)
    with db.atomic():
        row = attachments.attach(ready, by=by, article=article, kind=MAKERS[what].kind, unlimited=True).row
        if row.id not in before:  # else the very same file is there already, made or brought by somebody
            MadeDocument.create(attachment=row, what=what)
        for old in earlier:
            if old.id != row.id:
                attachments.remove(by, old)
    return row


def attach_both(by: Employee, article: KnowledgeArticle, *, organisation: str, address: str) -> list[Attachment]:
    """Both required attachments, the form and the one-page summary, made and attached."""
    return [attach(by, article, what, organisation=organisation, address=address) for what in BOTH]
