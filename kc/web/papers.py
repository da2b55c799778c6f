"""Papers of a community: application, record of a session, certificates. Who may read the thing, may print it."""

from flask import Blueprint, Response, abort, g
from flask_login import login_required

from kc import policy
from kc.services import community_documents, evidence
from kc.services.community_documents import RECORD_TYPES
from kc.web.access import get_article, get_colleague, get_community, get_community_to_edit, get_session
from kc.web.downloads import asked_print, organisation, send_made
from kc.web.htmx import render
from kc.web.links import link, link_to

bp = Blueprint("papers", __name__)

PDF = "application/pdf"


@bp.get("/communities/<int:community_id>/application.pdf")
@login_required
def application(community_id: int) -> Response:
    """The sign-up application (ใบสมัคร)."""
    community = get_community(community_id)
    address = link_to("communities.show", community_id=community.id)
    made = community_documents.application(community, organisation=organisation(), address=address, how=asked_print())
    return send_made(*made, PDF)


@bp.get("/communities/<int:community_id>/evidence")
@login_required
def evidence_overview(community_id: int) -> Response:
    """What evidence there is of a community's year, and what is missing (D15): for those who look after it."""
    community = get_community_to_edit(community_id)
    lines = evidence.overview(community)
    return render("communities/evidence.html", community=community, lines=lines)


@bp.get("/communities/<int:community_id>/evidence.zip")
@login_required
def evidence_bundle(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    bundle = evidence.Bundle(community, organisation(), link, asked_print())
    return send_made(*evidence.collect(g.employee, bundle), "application/zip")


@bp.get("/communities/<int:community_id>/sessions/<int:session_id>/record.<ending>")
@login_required
def session_record(community_id: int, session_id: int, ending: str) -> Response:
    """The record of a session, with its notes: for those who may read them."""
    session = get_session(community_id, session_id)
    if not policy.can_read_notes(g.employee, session):
        abort(403)
    if ending not in RECORD_TYPES:
        abort(404)
    address = link_to("sessions.show", community_id=community_id, session_id=session_id)
    made = community_documents.session_record(session, ending, address=address, how=asked_print())
    return send_made(*made, RECORD_TYPES[ending])


@bp.get("/communities/<int:community_id>/certificates/<int:employee_id>")
@login_required
def certificate(community_id: int, employee_id: int) -> Response:
    """That somebody took part: for themselves, and those who look after the community."""
    community, person = get_community(community_id), get_colleague(employee_id)
    if not policy.can_print_certificate(g.employee, person, community):
        abort(403)
    address = link_to("communities.show", community_id=community.id)
    made = community_documents.certificate_of_part(
        community, person, organisation=organisation(), address=address, how=asked_print()
    )
    return send_made(*(made or abort(404)), PDF)


@bp.get("/knowledge/<int:article_id>/certificates/<int:employee_id>")
@login_required
def author_certificate(article_id: int, employee_id: int) -> Response:
    """That somebody wrote published knowledge: for themselves, and those who look after it."""
    article, person = get_article(article_id), get_colleague(employee_id)
    if not policy.can_print_author_certificate(g.employee, person, article):
        abort(403)
    address = link_to("knowledge.show", article_id=article.id)
    made = community_documents.certificate_of_author(
        article, person, organisation=organisation(), address=address, how=asked_print()
    )
    return send_made(*(made or abort(404)), PDF)
