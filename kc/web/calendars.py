"""Calendars: my addresses to subscribe to, the files behind them, and one session as a file."""

from flask import Blueprint, Response, abort, flash, g, request, url_for
from flask_login import login_required

from kc import icalendar
from kc.i18n import gettext as _
from kc.models import Session
from kc.services import calendar_feeds
from kc.web.access import get_calendar_feed, get_community, get_session
from kc.web.choices import whole
from kc.web.htmx import go, render
from kc.web.links import link_to

bp = Blueprint("calendars", __name__)


@bp.get("/calendar/")
@login_required
def index() -> Response:
    """Addresses that work, each to be copied into a calendar program."""
    feeds = calendar_feeds.of(g.employee)
    answer = render(
        "calendar/index.html",
        feeds=[(feed, _address(calendar_feeds.token(feed))) for feed in feeds],
        has_own=any(feed.community_id is None for feed in feeds),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address(token: str) -> str:
    return link_to("calendars.feed", token=token)


@bp.post("/calendar/")
@login_required
def subscribe() -> Response:
    """A calendar of all my sessions, or of one community's (`community`)."""
    asked = request.form.get("community", "")
    community = get_community(whole(asked)) if asked else None
    feed = calendar_feeds.subscribe(g.employee, community)
    return go(url_for(".index", _anchor=f"feed-{feed.id}"))


@bp.post("/calendar/<int:feed_id>/renew")
@login_required
def renew(feed_id: int) -> Response:
    feed = calendar_feeds.renew(g.employee, get_calendar_feed(feed_id))
    flash(_("เปลี่ยนที่อยู่ปฏิทินแล้ว ที่อยู่เดิมใช้ไม่ได้อีก"), "success")
    return go(url_for(".index", _anchor=f"feed-{feed.id}"))


@bp.post("/calendar/<int:feed_id>/revoke")
@login_required
def revoke(feed_id: int) -> Response:
    calendar_feeds.revoke(g.employee, get_calendar_feed(feed_id))
    flash(_("ยกเลิกที่อยู่ปฏิทินแล้ว โปรแกรมปฏิทินจะไม่ได้รับนัดใหม่อีก"), "success")
    return go(url_for(".index"))


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """What a calendar program reads again and again; the address is all it needs, and says who asked."""
    found = calendar_feeds.find(token)
    if found is None:
        abort(404)
    answer = _file(calendar_feeds.file_of(found, _page))
    answer.add_etag()
    return answer.make_conditional(request)


def _page(session: Session) -> str:
    return link_to("sessions.show", community_id=session.community_id, session_id=session.id)


def _file(content: bytes, name: str = "") -> Response:
    answer = Response(content, content_type=icalendar.CONTENT_TYPE)
    if name:
        answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.get("/communities/<int:community_id>/sessions/<int:session_id>/session.ics")
@login_required
def session_file(community_id: int, session_id: int) -> Response:
    """One session for a calendar without subscription."""
    session = get_session(community_id, session_id)
    return _file(calendar_feeds.file_of_session(session, _page), f"session-{session.id}.ics")
