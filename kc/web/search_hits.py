"""What search found, as pages show it: rows from the database beside the hits of the index, and where each leads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import peewee as pw

from kc import search
from kc.i18n import gettext as _
from kc.models import (
    Attachment,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    Membership,
    OrgUnit,
    Question,
    Session,
    Topic,
)
from kc.models.knowledge import PUBLISHED
from kc.services import reading

MOST_ASKED = 300  # letters of a question in an address
Rows = dict[tuple[str, int], Any]  # kind and id to row


@dataclass(frozen=True)
class Found:
    """A hit and the row it stands for; `place` counts from 1 through all pages."""

    hit: search.Hit
    row: Any
    place: int
    page_name: str = ""  # of a hit on a page of a file
    question: str = ""

    @property
    def kind(self) -> str:
        return self.hit.kind


def hit_url(found: Found) -> str:
    """Where a hit leads: the one place that knows."""
    row = found.row
    return {
        "knowledge": lambda: f"/knowledge/{row.id}",
        "attachment": lambda: _file_url(found),
        "person": lambda: f"/people/{row.id}",
        "community": lambda: f"/communities/{row.id}",
        "session": lambda: f"/communities/{row.community_id}/sessions/{row.id}",
        "question": lambda: f"/questions/{row.id}",
    }[found.kind]()


def _file_url(found: Found) -> str:
    """The page of the file, where the passage stands on one; else the file among its article's others."""
    if not found.hit.page:
        return f"/knowledge/{found.row.article_id}#file-{found.row.id}"
    asked = {"page": found.hit.page} | ({"q": found.question[:MOST_ASKED]} if found.question else {})
    return f"/attachments/{found.row.id}/view?{urlencode(asked)}"


def found_in(results: search.Results, first: int = 1, question: str = "") -> list[Found]:
    """The hits with their rows, in five statements at most. What is gone meanwhile is left out.

    `first`: the place of the first hit. `question`: whose words are marked where a hit leads.
    """
    ids: dict[str, list[int]] = {}
    for hit in results.hits:
        ids.setdefault(hit.kind, []).append(hit.id)
    rows: Rows = {}
    for kinds, read in _READ.items():
        wanted = [ids.get(kind, []) for kind in kinds]
        if any(wanted):
            rows |= read(*wanted)
    names = _page_names(results.hits, rows)
    return [
        Found(hit, rows[hit.kind, hit.id], place, names.get((hit.kind, hit.id), ""), question)
        for place, hit in enumerate(results.hits, first)
        if (hit.kind, hit.id) in rows
    ]


def _page_names(hits: list[search.Hit], rows: Rows) -> dict[tuple[str, int], str]:
    there = {(h.kind, h.id): (rows[h.kind, h.id].sha256, h.page) for h in hits if h.page and (h.kind, h.id) in rows}
    pages = reading.heads(there.values())
    return {key: page_name(page.kind, page.number, page.text) for key, at in there.items() if (page := pages.get(at))}


def page_name(kind: str, number: int, text: str = "") -> str:
    """What a page is called: หน้า 3, สไลด์ 3, a sheet by its own name (the first line of its text)."""
    if kind == "sheet" and (name := text.split("\n", 1)[0].strip()):
        return _("ชีต %(name)s", name=name)
    names = {"page": _("หน้า %(n)d", n=number), "slide": _("สไลด์ %(n)d", n=number), "sheet": _("ชีต %(n)d", n=number)}
    return names.get(kind) or _("ส่วนที่ %(n)d", n=number)


def _knowledge(articles: list[int], files: list[int]) -> Rows:
    """Articles and files, each with its article: the two have most in common and cost one statement."""
    article, join = KnowledgeArticle, pw.JOIN.LEFT_OUTER
    of_files = Attachment.select(Attachment.article).where(Attachment.id.in_(files))
    wanted = KnowledgeArticle.select(KnowledgeArticle.id).where(KnowledgeArticle.id.in_(articles)) | of_files
    shown = (article.id, article.external_id, article.title, article.kind, article.status, article.view_count)
    query = (
        article.select(*shown, OrgUnit, Topic, FiscalYear, Attachment)
        .join_from(article, OrgUnit, join)
        .join_from(article, Topic, join)
        .join_from(article, FiscalYear, join, on=(article.fiscal_year == FiscalYear.id))
        .join_from(
            article, Attachment, join, on=((Attachment.article == article.id) & Attachment.id.in_(files)), attr="file"
        )
        .where(article.id.in_(wanted) & (article.status == PUBLISHED))
    )
    rows: Rows = {}
    for row in query:
        rows["knowledge", row.id] = row
        if (file := getattr(row, "file", None)) is not None and file.id:
            file.article = row
            rows["attachment", file.id] = file
    return rows


def _people(ids: list[int]) -> Rows:
    query = Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.id.in_(ids) & Employee.is_active)
    return {("person", row.id): row for row in query}


def _communities(communities: list[int], sessions: list[int]) -> Rows:
    """Communities with how many people are in each, and sessions, each with its community."""
    of_sessions = Session.select(Session.community).where(Session.id.in_(sessions))
    wanted = Community.select(Community.id).where(Community.id.in_(communities)) | of_sessions
    members = Membership.select(pw.fn.COUNT(pw.fn.DISTINCT(Membership.employee))).where(
        (Membership.community == Community.id) & Membership.left_at.is_null()
    )
    mine = (Session.community == Community.id) & Session.id.in_(sessions)
    query = (
        Community.listing()
        .select_extend(Session, members.alias("members"))
        .join_from(Community, Session, pw.JOIN.LEFT_OUTER, on=mine, attr="session")
        .where(Community.id.in_(wanted))
    )
    rows: Rows = {}
    for row in query:
        rows["community", row.id] = row
        if (session := getattr(row, "session", None)) is not None and session.id:
            session.community = row
            rows["session", session.id] = session
    return rows


def _questions(ids: list[int]) -> Rows:
    """Questions without who asked: a hit names nobody (S0-265)."""
    outer = pw.JOIN.LEFT_OUTER
    query = Question.select(Question, Topic, Community).join_from(Question, Topic, outer)
    query = query.join_from(Question, Community, outer)
    return {("question", row.id): row for row in query.where(Question.id.in_(ids) & Question.removed_at.is_null())}


_READ: dict[tuple[str, ...], Callable[..., Rows]] = {
    ("knowledge", "attachment"): _knowledge,
    ("person",): _people,
    ("community", "session"): _communities,
    ("question",): _questions,
}
