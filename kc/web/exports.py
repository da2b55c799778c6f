"""Every list page as an Excel file: the same rows, the same filters, the same rules about who may see them."""

from collections.abc import Callable, Iterator
from typing import Any

import peewee as pw
from flask import Blueprint, Response, abort, g, request
from flask_login import login_required

from kc import clock, fiscal, labels, policy
from kc.i18n import gettext as _
from kc.models import (
    ArticleAuthor,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Session,
    Topic,
)
from kc.services import community_documents, people, units, years
from kc.web import choices
from kc.web.access import get_community, get_session, require_administration, require_administrator
from kc.web.admin.employees import asked_employees
from kc.web.communities import asked_filters, filtered
from kc.web.downloads import columns, send_workbook
from kc.web.knowledge import asked_list
from kc.web.links import link_to
from kc.web.topics import usage
from kc.workbook import Sheet

bp = Blueprint("exports", __name__)

Rows = Iterator[list[Any]]


def _address(endpoint: str, name: str) -> Callable[[int], str]:
    """The addresses of a kind of page, made once: thousands of rows ask for them."""
    pattern = link_to(endpoint, **{name: 987654321})
    return lambda number: pattern.replace("987654321", str(number))


# ---- communities ---------------------------------------------------------------------------------------------------


@bp.get("/communities/export.xlsx")
@login_required
def communities() -> Response:
    heads = columns(
        (_("ปี"), "year"),
        _("ชื่อชุมชน"),
        _("สังกัด"),
        _("เรื่องที่อยากรู้"),
        _("ประเด็นเรียนรู้"),
        (_("คน"), "number"),
        (_("กิจกรรม"), "number"),
        (_("วันที่สมัคร"), "day"),
        _("สถานะ"),
        _("ที่อยู่"),
    )
    return send_workbook(_("ชุมชนนักปฏิบัติ"), [Sheet(_("ชุมชนนักปฏิบัติ"), heads, _community_rows())])


def _community_rows() -> Rows:
    found = filtered(asked_filters())
    ids = found.select(Community.id).order_by()
    here = Membership.left_at.is_null() & Membership.community.in_(ids)
    members = _counts(Membership.community, Membership.employee.distinct(), Membership.select().where(here))
    held = Session.cancelled_at.is_null() & Session.community.in_(ids)
    meetings = _counts(Session.community, Session.id, Session.select().where(held))
    address = _address("communities.show", "community_id")
    for row in found.iterator():
        yield [
            row.fiscal_year.year,
            row.name,
            row.unit_name,
            row.knowledge_title,
            row.topic.name,
            members.get(row.id, 0),
            meetings.get(row.id, 0),
            clock.to_local(row.created_at).date(),
            _("ยกเลิกแล้ว") if row.is_cancelled else _("ดำเนินการ"),
            address(row.id),
        ]


def _counts(by: pw.Field, what: Any, rows: pw.ModelSelect) -> dict[int, int]:
    return dict(rows.select(by, pw.fn.COUNT(what)).group_by(by).tuples())


@bp.get("/communities/<int:community_id>/members.xlsx")
@login_required
def members(community_id: int) -> Response:
    community = get_community(community_id)
    name = _("สมาชิก %(name)s", name=community.name)
    return send_workbook(name[:80], [community_documents.members_sheet(community)])


@bp.get("/communities/<int:community_id>/sessions/<int:session_id>/attendance.xlsx")
@login_required
def attendance(community_id: int, session_id: int) -> Response:
    session = get_session(community_id, session_id)
    heads = columns(_("ชื่อ"), _("ตำแหน่ง"), _("สังกัด"))
    rows = (
        [row.employee.full_name, row.employee.position, row.employee.unit.name]
        if row.employee_id
        else [row.guest_name, "", _("ภายนอก")]
        for row in community_documents.attendance(session)
    )
    name = _("ผู้เข้าร่วม %(topic)s", topic=session.topic)
    return send_workbook(name[:80], [Sheet(_("ผู้เข้าร่วม"), heads, rows)])


# ---- knowledge -----------------------------------------------------------------------------------------------------


@bp.get("/knowledge/export.xlsx")
@login_required
def knowledge() -> Response:
    """The tab and the filters of the page."""
    heads = columns(
        _("ชื่อองค์ความรู้"),
        _("ประเภท"),
        (_("ปี"), "year"),
        _("ประเด็นเรียนรู้"),
        _("สังกัด"),
        _("ชุมชน"),
        _("ผู้เขียน"),
        _("สถานะ"),
        (_("เผยแพร่เมื่อ"), "day"),
        (_("อ่าน"), "number"),
        (_("ดาวน์โหลด"), "number"),
        _("ที่อยู่"),
    )
    return send_workbook(_("องค์ความรู้"), [Sheet(_("องค์ความรู้"), heads, _article_rows(asked_list()))])


def _article_rows(found: pw.ModelSelect) -> Rows:
    authors = _authors(found)
    address = _address("knowledge.show", "article_id")
    article = KnowledgeArticle
    narrow = found.select(  # without the texts, which nobody reads in a list
        article.id,
        article.title,
        article.kind,
        FiscalYear.year,
        Topic.name,
        OrgUnit.name,
        Community.name,
        article.status,
        article.published_on,
        article.view_count,
        article.download_count,
    )
    for number, title, kind, year, topic, unit, community, status, on, views, downloads in narrow.tuples().iterator():
        place = [str(labels.ARTICLE_KINDS[kind]), year, topic, unit, community, ", ".join(authors.get(number, []))]
        yield [title, *place, str(labels.ARTICLE_STATUSES[status]), on, views, downloads, address(number)]


def _authors(found: pw.ModelSelect) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    rows = (
        ArticleAuthor.select(ArticleAuthor.article, Employee.name)
        .join(Employee)
        .where(ArticleAuthor.article.in_(found.select(KnowledgeArticle.id).order_by()))
        .order_by(ArticleAuthor.article, ArticleAuthor.position)
    )
    for article, name in rows.tuples().iterator():
        names.setdefault(article, []).append(name)
    return names


@bp.get("/topics/export.xlsx")
@login_required
def topics() -> Response:
    if not policy.can_manage_topics(g.employee):
        abort(403)
    number = choices.whole(request.args.get("year"))
    year = FiscalYear.get_or_none(FiscalYear.year == number) or years.current()
    used, written = usage()
    rows = Topic.select().where(Topic.fiscal_year == year).order_by(Topic.position, Topic.id)
    heads = columns(_("ประเด็นเรียนรู้"), _("คำอธิบาย"), (_("ชุมชน"), "number"), (_("องค์ความรู้"), "number"), _("สถานะ"))
    cells = (
        [
            topic.name,
            topic.description,
            used.get(topic.id, 0),
            written.get(topic.id, 0),
            _("เลิกใช้แล้ว") if topic.is_retired else _("ใช้อยู่"),
        ]
        for topic in rows
    )
    label = fiscal.calendar().label_for(year.year)
    return send_workbook(_("ประเด็นเรียนรู้ %(year)s", year=label), [Sheet(_("ประเด็นเรียนรู้"), heads, cells)])


# ---- people and units ----------------------------------------------------------------------------------------------


@bp.get("/admin/employees/export.xlsx")
@login_required
def employees() -> Response:
    require_administration()
    heads = columns(
        (_("รหัสพนักงาน"), "text"),
        _("คำนำหน้า"),
        _("ชื่อ"),
        _("นามสกุล"),
        _("ตำแหน่ง"),
        (_("ระดับ"), "text"),
        _("สังกัด"),
        (_("รหัสหน่วยงาน"), "text"),
        _("อีเมล"),
        (_("เบอร์ภายใน"), "text"),
        _("สถานะ"),
    )
    return send_workbook(_("บุคลากร"), [Sheet(_("บุคลากร"), heads, _employee_rows())])


def _employee_rows() -> Rows:
    states = {
        "active": _("เปิดใช้แล้ว"),
        "waiting": _("ยังไม่เปิดใช้บัญชี"),
        "locked": _("ถูกระงับ"),
        "departed": _("พ้นจากงาน"),
    }
    for row in asked_employees().iterator():
        name = [row.employee_id, row.title, row.first_name, row.last_name, row.position, row.level]
        yield [*name, row.unit.name, row.unit.code, row.email, row.phone, states[people.state_of(row)]]


@bp.get("/admin/units/export.xlsx")
@login_required
def org_units() -> Response:
    require_administrator()
    tree = units.tree()
    names = {unit.id: unit.name for unit in tree}
    heads = columns(
        (_("รหัสหน่วยงาน"), "text"),
        _("ชื่อหน่วยงาน"),
        _("ประเภท"),
        _("อยู่ใต้"),
        (_("ระดับชั้น"), "number"),
        (_("คน"), "number"),
        _("สถานะ"),
    )
    rows = (
        [
            unit.code,
            unit.name,
            str(labels.UNIT_KINDS[unit.kind]),
            names.get(unit.parent_id, ""),
            unit.depth + 1,
            unit.staff,
            _("เปิดอยู่") if unit.is_active else _("ปิดแล้ว"),
        ]
        for unit in tree
        if unit.is_active or request.args.get("closed")
    )
    return send_workbook(_("หน่วยงาน"), [Sheet(_("หน่วยงาน"), heads, rows)])
