"""Colleagues: suggestions while typing a name, and everybody's page."""

import peewee as pw
from flask import Blueprint, Response, g, request
from flask_login import login_required

from kc import policy
from kc.models import ArticleAuthor, Community, Employee, FiscalYear, KnowledgeArticle, Membership, OrgUnit
from kc.models.communities import CANCELLED
from kc.models.knowledge import PUBLISHED
from kc.services import people_lookup
from kc.web.access import get_colleague
from kc.web.htmx import render

bp = Blueprint("people", __name__, url_prefix="/people")

SHOWN = 50


@bp.get("/suggest")
@login_required
def suggest() -> Response:
    """Options for a combobox: colleagues whose name or ID begins with what stands in the (only) field sent."""
    typed = next(iter(request.args.values()), "")
    return render("people/_options.html", people=people_lookup.suggest(typed), typed=typed.strip())


@bp.get("/<int:employee_id>")
@login_required
def show(employee_id: int) -> Response:
    """A colleague: how to reach them, what they know, what they took part in and wrote (the card catalogue, S0-254)."""
    person = get_colleague(employee_id)
    return render(
        "people/show.html",
        person=person,
        communities=_communities_of(person),
        articles=list(_articles_of(person)),
        looked_after=policy.can_issue_code(g.employee, person) or policy.is_administrator(g.employee),
    )


def _communities_of(person: Employee) -> list[tuple[Community, list[str]]]:
    """Communities of this person, newest year first, each with the roles held there."""
    rows = (
        Membership.select(Membership, Community, FiscalYear, OrgUnit)
        .join(Community)
        .join(FiscalYear)
        .switch(Community)
        .join(OrgUnit)
        .where(Membership.employee == person, Membership.left_at.is_null(), Community.status != CANCELLED)
        .order_by(FiscalYear.year.desc(), Community.sort_key, Membership.id)
        .limit(SHOWN)
    )
    found: dict[int, tuple[Community, list[str]]] = {}
    for row in rows:
        found.setdefault(row.community_id, (row.community, []))[1].append(row.role)
    return list(found.values())


def _articles_of(person: Employee) -> pw.ModelSelect:
    written = ArticleAuthor.select(ArticleAuthor.article).where(ArticleAuthor.employee == person)
    return (
        KnowledgeArticle.select()
        .where(KnowledgeArticle.id.in_(written), KnowledgeArticle.status == PUBLISHED)
        .order_by(KnowledgeArticle.published_on.desc(), KnowledgeArticle.id.desc())
        .limit(SHOWN)
    )
