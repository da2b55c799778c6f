"""A session on its day: the timer, what is parked for later, and the QR code that people scan to sign in."""

import base64
import hashlib
import hmac

from flask import Blueprint, Response, abort, current_app, flash, g, request, url_for
from flask_login import login_required
from markupsafe import Markup

from kc import policy
from kc.documents import qr
from kc.errors import DomainError
from kc.forms.session_day import ParkForm, TimerForm
from kc.i18n import gettext as _
from kc.models import Session
from kc.services import parking, session_day
from kc.web import choices, once
from kc.web.access import get_session_by_number, get_session_to_write, get_thought
from kc.web.htmx import go, render, wants_fragment
from kc.web.links import link_to
from kc.web.session_page import show_page
from kc.web.sessions import bp as pages

bp = Blueprint("session_day", __name__)


def _changed(session: Session, part: str) -> Response:
    if wants_fragment():
        return show_page(session, block=part)
    return go(url_for("sessions.show", community_id=session.community_id, session_id=session.id, _anchor=part))


# ---- the timer -----------------------------------------------------------------------------------------------------


@pages.post("/<int:session_id>/timer")
@login_required
def timer(community_id: int, session_id: int) -> Response:
    """Start it (`minutes`, `label`), give it some minutes `more`, or `stop` it."""
    session = get_session_to_write(community_id, session_id)
    form = TimerForm(request.form)
    try:
        if "stop" in request.form:
            session_day.stop_timer(g.employee, session)
        elif more := choices.whole(request.form.get("more")):
            session_day.extend_timer(g.employee, session, more)
        else:
            session_day.start_timer(g.employee, session, choices.whole(form.minutes.data), form.label.data or "")
    except DomainError as refusal:
        form.refuse(refusal)
        return show_page(session, 422, block="agenda", timer_form=form)
    return _changed(session, "agenda")


# ---- parked for later ----------------------------------------------------------------------------------------------


@pages.post("/<int:session_id>/parking")
@login_required
def park(community_id: int, session_id: int) -> Response:
    session = get_session_to_write(community_id, session_id)
    form = ParkForm(request.form)
    if form.validate():
        key = once.key_of(form)
        try:
            parking.park(g.employee, session, form.text.data, key)
            return _changed(session, "parking")
        except DomainError as refusal:
            form.refuse(refusal)
    return show_page(session, 422, block="parking", park_form=form)


@pages.post("/<int:session_id>/parking/<int:thought_id>")
@login_required
def settle(community_id: int, session_id: int, thought_id: int) -> Response:
    """Talked about (`settled` is 1), or not yet after all (0)."""
    session = get_session_to_write(community_id, session_id)
    parking.settle(g.employee, session, get_thought(session, thought_id), request.form.get("settled") != "0")
    return _changed(session, "parking")


# ---- signing in by QR ----------------------------------------------------------------------------------------------


def key_of(session_id: int, secret: str) -> str:
    """What the code of a session says: its number, and that we made it. Who was not shown it cannot guess it."""
    made = hmac.new(secret.encode(), f"attendance of {session_id}".encode(), hashlib.sha256).digest()
    return f"{session_id}-{base64.b32encode(made)[:10].decode().lower()}"


def _address(session: Session) -> str:
    key = key_of(session.id, current_app.config["SECRET_KEY"])
    return link_to("session_day.sign_in", key=key)


@pages.get("/<int:session_id>/qr")
@login_required
def code(community_id: int, session_id: int) -> Response:
    """The code, as large as the screen allows, with those who have come beside it."""
    session = get_session_to_write(community_id, session_id)
    address = _address(session)
    came = session.attendances.count()
    return render(
        "sessions/qr.html",
        block="arrived",
        community=session.community,
        session=session,
        address=address,
        drawn=Markup(qr.svg(address)),  # our own drawing: nothing typed is in it
        came=came,
    )


def _session_of(key: str) -> Session:
    number = choices.whole(key.partition("-")[0])
    if not hmac.compare_digest(key.encode(), key_of(number, current_app.config["SECRET_KEY"]).encode()):
        abort(404)
    return get_session_by_number(number)


@bp.get("/here/<key>")
@login_required
def sign_in(key: str) -> Response:
    """Where the code leads: one button, for looking at a page changes nothing."""
    return _show_sign_in(_session_of(key), key)


def _show_sign_in(session: Session, key: str, status: int = 200, refused: str = "") -> Response:
    return render(
        "sessions/here.html",
        status=status,
        community=session.community,
        session=session,
        key=key,
        refused=refused,
        has_come=session_day.has_come(g.employee, session),
        can_read=policy.can_read_notes(g.employee, session),
    )


@bp.post("/here/<key>")
@login_required
def signed_in(key: str) -> Response:
    session = _session_of(key)
    try:
        session_day.sign_in(g.employee, session)
    except DomainError as refusal:
        return _show_sign_in(session, key, 422, refusal.message)
    if not policy.can_read_notes(g.employee, session):
        return go(url_for("session_day.sign_in", key=key))
    flash(_("ลงชื่อเข้าร่วมแล้ว"), "success")
    return go(url_for("sessions.show", community_id=session.community_id, session_id=session.id))
