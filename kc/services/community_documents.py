"""Papers of a community made from what is typed: application, session record, certificates (S0-46, S0-113)."""

from datetime import time
from itertools import chain
from typing import TYPE_CHECKING

import peewee as pw

from kc import clock, fiscal, labels, storage
from kc.i18n import gettext as _
from kc.i18n import use_language
from kc.models import (
    ArticleAuthor,
    Attachment,
    Attendance,
    Community,
    Employee,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Session,
)
from kc.models.communities import COMMUNITY_ROLES, HISTORIAN
from kc.models.sessions import NOTE_KINDS
from kc.services import article_documents, guests, notes
from kc.services.article_documents import Print
from kc.workbook import Column, Sheet

if TYPE_CHECKING:
    from kc.documents.records import Person, SessionRecord

MOST_PICTURES = 24
RECORD_TYPES = {
    "pdf": "application/pdf",
    "docx": article_documents.OFFICE + "wordprocessingml.document",
}


# ---- the application -----------------------------------------------------------------------------------------------


def application(community: Community, *, organisation: str, address: str, how: Print) -> tuple[bytes, str]:
    """The sign-up application of a community, with its members as they are now: (PDF, file name)."""
    from kc.documents import papers
    from kc.documents.records import Application

    with use_language("th"):  # an official form, whatever language the screen speaks
        applicant = _colleagues([community.created_by_id]).get(community.created_by_id)
        made = papers.application_pdf(
            Application(
                name=community.name,
                knowledge_title=community.knowledge_title,
                topic=community.topic.name,
                unit=community.unit_name,
                fiscal_year=fiscal.calendar().label_for(community.fiscal_year.year),
                goals=community.goals,
                agreement=community.agreement,
                forms=tuple(str(labels.COMMUNITY_FORMS[form]) for form in community.form_keys),
                rhythm=community.rhythm,
                renewed_from=_year_before(community),
                cancelled=community.cancelled_reason if community.is_cancelled else "",
                members=tuple(_members(community)),
                guests=tuple(_guests(community)),
                applicant=_person(applicant) if applicant else None,
                applied_on=clock.to_local(community.created_at).date(),
                organisation=organisation,
                address=address,
                thai_digits=how.thai_digits,
            ),
            archive=how.archive,
        )
    return made, article_documents.file_name(_("ใบสมัครชุมชน"), community.name, ".pdf")


def _year_before(community: Community) -> str:
    if community.renewed_from_id is None:
        return ""
    return fiscal.calendar().label_for(community.renewed_from.fiscal_year.year)


def _guests(community: Community) -> list["Person"]:
    from kc.documents.records import Person

    outside, role = _("ภายนอก"), _("ผู้เข้าร่วมจากภายนอก")
    return [Person(guest.name, unit=guest.organisation or outside, role=role) for guest in guests.of(community)]


def _members(community: Community) -> list["Person"]:
    """Everybody once, organisers first, with all roles held; who stands in for a role is said to."""
    people: dict[int, tuple[Employee, list[str]]] = {}
    for membership in community.current_members():
        roles = people.setdefault(membership.employee_id, (membership.employee, []))[1]
        role = str(labels.COMMUNITY_ROLES[membership.role])
        roles.append(f"{role} {_('ผู้ทำหน้าที่แทน')}" if membership.is_deputy else role)
    return [_person(employee, ", ".join(roles)) for employee, roles in people.values()]


def _person(employee: Employee, role: str = "") -> "Person":
    from kc.documents.records import Person

    position = " ".join(filter(None, [employee.position, employee.level]))
    return Person(employee.full_name, position, employee.unit.name, role)


def _colleagues(ids: list[int | None]) -> dict[int, Employee]:
    """By id, with their units, in one statement."""
    wanted = [number for number in ids if number]
    rows = Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.id.in_(wanted)) if wanted else []
    return {employee.id: employee for employee in rows}


def members_sheet(community: Community) -> Sheet:
    """Who is in a community now, a row for each role."""
    heads = [
        Column(_("ชื่อ")),
        Column(_("ตำแหน่ง")),
        Column(_("สังกัด")),
        Column(_("บทบาท")),
        Column(_("ผู้ทำหน้าที่แทน")),
        Column(_("เข้าร่วมเมื่อ"), "day"),
    ]
    rows = (
        [
            row.employee.full_name,
            row.employee.position,
            row.employee.unit.name,
            str(labels.COMMUNITY_ROLES[row.role]),
            _("ใช่") if row.is_deputy else "",
            clock.to_local(row.joined_at).date(),
        ]
        for row in community.current_members()
    )
    outside = (
        [row.name, "", row.organisation, _("ผู้เข้าร่วมจากภายนอก"), "", clock.to_local(row.added_at).date()]
        for row in guests.of(community)
    )
    return Sheet(_("สมาชิก"), heads, chain(rows, outside))


# ---- the record of a session ---------------------------------------------------------------------------------------


def session_record(session: Session, ending: str, *, address: str, how: Print) -> tuple[bytes, str]:
    """The record of a session as `pdf` or `docx`, notes and pictures included: only for those who may read them."""
    from kc.documents import papers, word_records

    with use_language("th"):
        record = _record(session, address, how)
        if ending == "docx":
            made = word_records.session_record_docx(record)
        else:
            made = papers.session_record_pdf(record, archive=how.archive)
    day = session.held_on.isoformat()
    return made, article_documents.file_name(_("บันทึกการแลกเปลี่ยน"), f"{session.topic} {day}", f".{ending}")


def _record(session: Session, address: str, how: Print) -> "SessionRecord":
    from kc.documents.records import SessionRecord

    community = session.community
    people = _colleagues([session.presenter_id, session.facilitator_id])
    presenter, facilitator = people.get(session.presenter_id), people.get(session.facilitator_id)
    return SessionRecord(
        topic=session.topic,
        community=community.name,
        unit=community.unit_name,
        fiscal_year=fiscal.calendar().label_for(community.fiscal_year.year),
        held_on=session.held_on,
        times=_times(session.starts, session.ends),
        place=session.place,
        technique=str(labels.TECHNIQUES[session.technique]),
        presenter=presenter.full_name if presenter else session.presenter_name,
        facilitator=facilitator.full_name if facilitator else "",
        recorder=_recorder(community),
        people=tuple(_came(session)),
        notes=_notes(session),
        pictures=_pictures(session),
        address=address,
        thai_digits=how.thai_digits,
    )


def _times(starts: time, ends: time | None) -> str:
    until = f" – {ends:%H.%M}" if ends else ""
    return f"{starts:%H.%M}{until} น."  # thai-data: how times are written on official print


def _recorder(community: Community) -> str:
    row = (
        Employee.select()
        .join(Membership, on=(Membership.employee == Employee.id))
        .where((Membership.community == community) & (Membership.role == HISTORIAN) & Membership.left_at.is_null())
        .order_by(Membership.is_deputy, Membership.id)
        .first()
    )
    return row.full_name if row else ""


def attendance(session: Session) -> list[Attendance]:
    """Who came, with their units: staff in Thai order, then guests."""
    rows = (
        Attendance.select(Attendance, Employee, OrgUnit)
        .left_outer_join(Employee, on=(Attendance.employee == Employee.id))
        .left_outer_join(OrgUnit)
        .where(Attendance.session == session)
        .order_by(Employee.sort_key, Attendance.guest_name)
    )
    return sorted(rows, key=lambda row: row.employee_id is None)  # databases differ in where they put none


def _came(session: Session) -> list["Person"]:
    from kc.documents.records import Person

    outside = _("ภายนอก")
    return [
        _person(row.employee) if row.employee_id else Person(row.guest_name, unit=outside)
        for row in attendance(session)
    ]


def _notes(session: Session):  # type: ignore[no-untyped-def]
    """Notes by kind, in the order the kinds have on the page."""
    from kc.documents.records import Note

    kept = notes.of_session(session)
    speakers = _colleagues([note.speaker_id for note in kept])
    by_kind: dict[str, list[Note]] = {}
    for note in kept:
        known = speakers.get(note.speaker_id)
        by_kind.setdefault(note.kind, []).append(Note(note.text, known.name if known else note.speaker_name))
    return tuple((str(labels.NOTE_KINDS[kind]), tuple(by_kind[kind])) for kind in NOTE_KINDS if kind in by_kind)


def _pictures(session: Session):  # type: ignore[no-untyped-def]
    from kc.documents import Picture

    shown = Attachment.content_type.startswith("image/") & Attachment.open_ones()
    rows = session.attachments.where(shown).order_by(Attachment.id)
    return tuple(
        Picture(storage.path_of(row.sha256).read_bytes(), row.alt_text)
        for row in rows.limit(MOST_PICTURES)
        if storage.path_of(row.sha256).exists()
    )


# ---- certificates --------------------------------------------------------------------------------------------------


def took_part(community: Community, person: Employee) -> tuple[str, int] | None:
    """(highest role, sessions attended) of somebody who is or was in a community or came to it; None for others."""
    held = [row.role for row in Membership.select().where(_of(Membership, community, person))]
    came = Attendance.select().join(Session).where(Session.held_by([community]) & (Attendance.employee == person))
    meetings = came.where(Session.cancelled_at.is_null()).count()
    role = next((role for role in COMMUNITY_ROLES if role in held), "")
    return (role, meetings) if role or meetings else None


def _of(model: type[Membership], community: Community, person: Employee) -> pw.Expression:
    return (model.community == community) & (model.employee == person)


def certificate_of_part(
    community: Community, person: Employee, *, organisation: str, address: str, how: Print
) -> tuple[bytes, str] | None:
    """Who took part in a community is told so on paper; None for somebody who did not."""
    from kc.documents import papers, records

    part = took_part(community, person)
    if part is None:
        return None
    role, meetings = part
    with use_language("th"):
        year = fiscal.calendar().label_for(community.fiscal_year.year)
        said = records.part_taken(str(labels.COMMUNITY_ROLES[role]) if role else "", meetings, year)
        made = papers.certificate_pdf(
            records.Certificate(
                **_receiver(person),
                reason=records.TOOK_PART,
                subject=community.name,
                detail=said,
                given_on=clock.today(),
                organisation=organisation,
                address=address,
                thai_digits=how.thai_digits,
            )
        )
    return made, article_documents.file_name(_("เกียรติบัตร"), f"{person.name} {community.name}", ".pdf")


def certificate_of_author(
    article: KnowledgeArticle, person: Employee, *, organisation: str, address: str, how: Print
) -> tuple[bytes, str] | None:
    """An author of published knowledge is told so on paper; None for somebody who is none."""
    from kc.documents import papers, records

    mine = (ArticleAuthor.article == article) & (ArticleAuthor.employee == person)
    if not article.is_published or not ArticleAuthor.select().where(mine).exists():
        return None
    with use_language("th"):
        year = fiscal.calendar().label_for(article.fiscal_year.year) if article.fiscal_year_id else ""
        made = papers.certificate_pdf(
            records.Certificate(
                **_receiver(person),
                reason=records.WROTE,
                subject=article.title,
                detail=year,
                given_on=clock.today(),
                organisation=organisation,
                address=address,
                thai_digits=how.thai_digits,
            )
        )
    return made, article_documents.file_name(_("เกียรติบัตร"), f"{person.name} {article.title}", ".pdf")


def _receiver(person: Employee) -> dict[str, str]:
    return {"person": person.full_name, "position": "  ".join(filter(None, [person.position, person.unit.name]))}
