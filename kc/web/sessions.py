"""Sessions of a community: planning one, the page for the meeting itself, and who came. Notes: kc/web/notes.py."""

from datetime import time, timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import clock
from kc.errors import Conflict, DomainError
from kc.forms.sessions import GuestForm, SessionForm
from kc.i18n import gettext as _
from kc.models import Community, Employee, Proposal, Session, SessionSeries
from kc.services import communities, people_lookup, proposals, series, sessions
from kc.web import once
from kc.web.access import (
    get_community_to_edit,
    get_guest_of_session,
    get_session,
    get_session_to_edit,
    get_session_to_write,
)
from kc.web.choices import whole
from kc.web.htmx import go, render, wants_fragment
from kc.web.session_page import PARTS, PEOPLE, people_of, show_page

bp = Blueprint("sessions", __name__, url_prefix="/communities/<int:community_id>/sessions")


@bp.get("/new")
@login_required
def new(community_id: int) -> Response:
    """Next week, same weekday, half past one: most groups only have to say what about."""
    community = get_community_to_edit(community_id)
    facilitator = sessions.usual_facilitator(community)
    proposal = _proposal(community, request.args.get("proposal"))
    form = SessionForm(
        topic=proposal.text if proposal else "",
        proposal=proposal.id if proposal else "",
        form_key=communities.new_form_key(),
        held_on=clock.today() + timedelta(days=7),
        starts=time(13, 30),
        technique="dialogue",
        facilitator=facilitator.name if facilitator else "",
    )
    return _show_form(community, form)


def _proposal(community: Community, asked: str | None) -> Proposal | None:
    """What a session is to be about, if it was proposed."""
    return Proposal.get_or_none((Proposal.id == whole(asked)) & (Proposal.community == community))


def _show_form(
    community: Community, form: SessionForm, status: int = 200, session: Session | None = None, theirs: Any = None
) -> Response:
    members = list({m.employee_id: m.employee for m in community.current_members()}.values())
    return render(
        "sessions/form.html",
        status=status,
        community=community,
        form=form,
        session=session,
        theirs=theirs,
        members=members,
        running=series.of(session) if session else None,
        usual_end=series.usual_end(community, clock.today()),
        wanted=proposals.of_community(community, g.employee, 3) if not session else [],
    )


@bp.post("/new")
@login_required
def create(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    form = SessionForm(request.form)
    values = _values(form)
    if form.errors:
        return _show_form(community, form, 422)
    try:
        session = _plan(community, form, values)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(community, form, 422)
    flash(_("นัดกิจกรรมแล้ว"), "success")
    return _to(session)


def _plan(community: Community, form: SessionForm, values: dict[str, Any]) -> Session:
    key = once.key_of(form)
    if form.repeat.data:
        session = series.begin(g.employee, community, key, form.repeat.data, form.until.data, **values)
    else:
        session = sessions.plan(g.employee, community, key, **values)
    proposal = _proposal(community, form.proposal.data)
    if proposal is not None:
        proposals.take_up(g.employee, proposal, session)
    return session


def _values(form: SessionForm) -> dict[str, Any]:
    """What the form says, with people's names turned into people; unknown names are said beside their field."""
    form.validate()
    values = {name: form[name].data for name in ("topic", "held_on", "starts", "ends", "place", "link", "technique")}
    for role in PEOPLE:
        values[role] = _person(form, role)
    guest = form.presenter.data if form.presenter.data and values["presenter"] is None else ""
    return values | {"presenter_name": guest}


def _person(form: SessionForm, role: str) -> Employee | None:
    """The colleague meant by a name or ID; for the presenter an unknown name is a guest's."""
    typed = form[role].data
    if not typed:
        return None
    found = people_lookup.exact(typed)
    if len(found) == 1:
        return found[0]
    if role != "presenter" or found:
        form.refuse(DomainError(people_lookup.not_one(typed, found), field=role))
    return None


def _to(session: Session) -> Response:
    return go(url_for("sessions.show", community_id=session.community_id, session_id=session.id))


@bp.get("/<int:session_id>")
@login_required
def show(community_id: int, session_id: int) -> Response:
    """The page; htmx may ask for one part of it."""
    part = request.args.get("part", "")
    return show_page(get_session(community_id, session_id), block=part if part in PARTS else None)


@bp.get("/<int:session_id>/edit")
@login_required
def edit(community_id: int, session_id: int) -> Response:
    session = get_session_to_edit(community_id, session_id)
    form = SessionForm(obj=session)
    for role, person in people_of(session).items():
        form[role].data = person.name if person else ""
    form.presenter.data = form.presenter.data or session.presenter_name
    running = series.of(session)
    if running is not None:
        form.repeat.data, form.until.data = running.rhythm, running.until
    return _show_form(session.community, form, session=session)


@bp.post("/<int:session_id>/edit")
@login_required
def update(community_id: int, session_id: int) -> Response:
    session = get_session_to_edit(community_id, session_id)
    form = SessionForm(request.form)
    values = _values(form)
    if form.errors:
        return _show_form(session.community, form, 422, session)
    try:
        _change(session, form, values)
    except Conflict as conflict:  # both are shown; sending again saves this one, knowingly
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_form(session.community, form, 409, session, conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(session.community, form, 422, session)
    flash(_("บันทึกกิจกรรมแล้ว"), "success")
    return _to(session)


def _change(session: Session, form: SessionForm, values: dict[str, Any]) -> None:
    """This one only, or it and all that follow; a single one may begin to come again."""
    running, every, version = series.of(session), form.repeat.data or "", form.version.data or 0
    if form.scope.data == "following" if running else every:
        series.change_following(g.employee, session, version, every, form.until.data, **values)
        return
    if running and "repeat" in request.form and _asks_other_rhythm(form, running):
        raise DomainError(_("ถ้าจะเปลี่ยนรอบการนัด โปรดเลือก “ครั้งนี้และครั้งต่อ ๆ ไป”"), field="scope")
    sessions.change(g.employee, session, version, **values)


def _asks_other_rhythm(form: SessionForm, running: SessionSeries) -> bool:
    return form.repeat.data != running.rhythm or form.until.data not in (None, running.until)


@bp.post("/<int:session_id>/call-off")
@login_required
def call_off(community_id: int, session_id: int) -> Response:
    session = get_session_to_edit(community_id, session_id)
    if session.cancelled_at is None:
        sessions.call_off(g.employee, session)
        flash(_("ยกเลิกกิจกรรมแล้ว บันทึกทั้งหมดยังอยู่"), "success")
    else:
        sessions.take_back(g.employee, session)
        flash(_("กิจกรรมกลับมาตามนัด"), "success")
    return _to(session)


# ---- who came ------------------------------------------------------------------------------------------------------


def _attendance_changed(session: Session) -> Response:
    return show_page(session, block="attendance") if wants_fragment() else _to(session)


@bp.post("/<int:session_id>/attendance/<int:employee_id>")
@login_required
def mark(community_id: int, session_id: int, employee_id: int) -> Response:
    """One tap: `present` is 1 or 0."""
    session = get_session_to_write(community_id, session_id)
    employee = Employee.get_or_none(Employee.id == employee_id)
    if employee is None:
        raise DomainError(_("ไม่พบพนักงานคนนี้"))
    sessions.mark_present(g.employee, session, employee, request.form.get("present") != "0")
    return _attendance_changed(session)


@bp.post("/<int:session_id>/guests")
@login_required
def add_guest(community_id: int, session_id: int) -> Response:
    """Someone who is not a member: a `guest` of the list, a colleague by name or ID, else somebody by name."""
    session = get_session_to_write(community_id, session_id)
    if "guest" in request.form:
        guest = get_guest_of_session(session, whole(request.form["guest"]))
        sessions.add_guest(g.employee, session, guest.name, guest)
        return _attendance_changed(session)
    form = GuestForm(request.form)
    if not form.validate():
        return show_page(session, 422, block="attendance", guest_form=form)
    found = people_lookup.exact(form.name.data)
    try:
        if len(found) == 1:
            sessions.mark_present(g.employee, session, found[0], True)
        else:
            sessions.add_guest(g.employee, session, form.name.data)
    except DomainError as refusal:
        form.refuse(refusal)
        return show_page(session, 422, block="attendance", guest_form=form)
    return _attendance_changed(session)


@bp.post("/<int:session_id>/guests/<int:attendance_id>/remove")
@login_required
def remove_guest(community_id: int, session_id: int, attendance_id: int) -> Response:
    session = get_session_to_write(community_id, session_id)
    sessions.remove_guest(g.employee, session, attendance_id)
    return _attendance_changed(session)
