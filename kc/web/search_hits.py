"""What search found, as pages show it: rows from the database beside the hits of the index, and where each leads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peewee as pw

from kc import search
from kc.models import (
    Attachment,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Session,
    Topic,
)
from kc.models.knowledge import PUBLISHED


@dataclass(frozen=True)
class Found:
    """A hit and the row it stands for; `place` counts from 1 through all pages."""

    hit: search.Hit
    row: Any
    place: int

    @property
    def kind(self) -> str:
        return self.hit.kind


def hit_url(found: Found) -> str:
    """Where a hit leads: the one place that knows."""
    row = found.row
    return {
        "knowledge": lambda: f"/knowledge/{row.id}",
        "attachment": lambda: f"/knowledge/{row.article_id}#file-{row.id}",
        "person": lambda: f"/people/{row.id}",
        "community": lambda: f"/communities/{row.id}",
        "session": lambda: f"/communities/{row.community_id}/sessions/{row.id}",
    }[found.kind]()


def found_in(results: search.Results, first: int = 1) -> list[Found]:
    """The hits with their rows: one statement for each kind that is among them. What is gone meanwhile is left out.

    `first`: the place of the first hit.
    """
    ids: dict[str, list[int]] = {}
    for hit in results.hits:
        ids.setdefault(hit.kind, []).append(hit.id)
    rows = {kind: {row.id: row for row in _READ[kind](numbers)} for kind, numbers in ids.items() if kind in _READ}
    return [
        Found(hit, rows[hit.kind][hit.id], place)
        for place, hit in enumerate(results.hits, first)
        if hit.id in rows.get(hit.kind, {})
    ]


def _articles(ids: list[int]) -> pw.ModelSelect:
    return (
        KnowledgeArticle.select(KnowledgeArticle, OrgUnit, Topic, FiscalYear)
        .left_outer_join(OrgUnit)
        .switch(KnowledgeArticle)
        .left_outer_join(Topic)
        .switch(KnowledgeArticle)
        .left_outer_join(FiscalYear, on=(KnowledgeArticle.fiscal_year == FiscalYear.id))
        .where(KnowledgeArticle.id.in_(ids) & (KnowledgeArticle.status == PUBLISHED))
    )


def _attachments(ids: list[int]) -> pw.ModelSelect:
    return (
        Attachment.select(Attachment, KnowledgeArticle)
        .join(KnowledgeArticle)
        .where(Attachment.id.in_(ids) & (KnowledgeArticle.status == PUBLISHED))
    )


def _people(ids: list[int]) -> pw.ModelSelect:
    return Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.id.in_(ids) & Employee.is_active)


def _communities(ids: list[int]) -> pw.ModelSelect:
    return Community.listing().where(Community.id.in_(ids)).select_extend(_members_of().alias("members"))


def _members_of() -> pw.ModelSelect:
    """How many people are in a community now."""
    return Membership.select(pw.fn.COUNT(pw.fn.DISTINCT(Membership.employee))).where(
        (Membership.community == Community.id) & Membership.left_at.is_null()
    )


def _sessions(ids: list[int]) -> pw.ModelSelect:
    return Session.select(Session, Community, OrgUnit).join(Community).join(OrgUnit).where(Session.id.in_(ids))


_READ: dict[str, Callable[[list[int]], pw.ModelSelect]] = {
    "knowledge": _articles,
    "attachment": _attachments,
    "person": _people,
    "community": _communities,
    "session": _sessions,
}
