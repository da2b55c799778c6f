"""The menu each person sees: only doors they can open."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for

from kc import policy
from kc.i18n import gettext as _


@dataclass(frozen=True)
class Item:
    url: str
    label: str
    icon: str
    active: bool


def items() -> list[Item]:
    """Main menu of the person who is signed in; [] when nobody is."""
    employee = g.get("employee")
    if employee is None:
        return []
    doors = [
        ("home.index", _("หน้าแรก"), "house"),
        ("search.index", _("ค้นหา"), "search"),
        ("communities.index", _("ชุมชนนักปฏิบัติ"), "people"),
        ("knowledge.index", _("องค์ความรู้"), "journal-text"),
        ("questions.index", _("ถาม-ตอบ"), "chat-left-text"),
    ]
    if policy.can_manage_topics(employee):
        doors.append(("topics.index", _("ประเด็นเรียนรู้รายปี"), "tags"))
    if policy.can_follow_rounds(employee):
        doors.append(("rounds.index", _("บันทึกเวียนและการสมัคร"), "flag"))
        doors.append(("community_health.index", _("ชุมชนที่ควรดูแล"), "heart"))
    if policy.can_read_search_insights(employee):
        doors.append(("search_insights.index", _("ความรู้ที่ขาด"), "lightbulb"))
    if policy.can_open_hub(employee):
        doors.append(("admin.index", _("ดูแลระบบ"), "gear"))
    here = (request.blueprint or "").split(".")[0]
    return [Item(url_for(endpoint), label, icon, endpoint.split(".")[0] == here) for endpoint, label, icon in doors]


def unseen_finds() -> int:
    """How much is new for the saved searches of the person who is signed in (read with them, see signin.load)."""
    employee = g.get("employee")
    known = employee.__dict__.get("unseen_finds", 0) if employee is not None else 0
    return int(known or 0)


def unread_notices() -> int:
    """How many notices the person who is signed in has not read (read with them, see signin.load)."""
    employee = g.get("employee")
    known = employee.__dict__.get("unread_notices", 0) if employee is not None else 0
    return int(known or 0)


def init_app(app: Flask) -> None:
    from kc.web import requests

    requests.init_language(app)
    app.context_processor(lambda: {"nav_items": items(), "organisation": app.config["KC_ORG_NAME"]})
    app.jinja_env.globals.update(unseen_finds=unseen_finds, unread_notices=unread_notices)
