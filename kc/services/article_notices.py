"""Who is told what when an article moves on: those who publish when it is handed in, its authors of all else."""

import peewee as pw

from kc.models import ArticleAuthor, Employee, KnowledgeArticle, OrgUnit, RoleAssignment
from kc.models.people import COORDINATOR, KNOWLEDGE_OFFICER
from kc.services import notices


def tell(by: Employee, article: KnowledgeArticle, action: str) -> None:
    """Called in the transaction of the step. `action`: as in the audit log, without its area."""
    url, about = f"/knowledge/{article.id}", f"article:{article.id}"
    facts = {"title": article.title, "reason": article.returned_reason}
    if action == "submitted":
        notices.tell(_publishers(article), "article.submitted", url, actor=by, about=about, **facts)
    elif action in ("published", "returned", "retired"):
        there = f"{url}/edit" if action == "returned" else url
        notices.tell(_writers(article), f"article.{action}", there, actor=by, about=about, **facts)


def _writers(article: KnowledgeArticle) -> list[Employee]:
    """Its authors, and who started it."""
    authors = ArticleAuthor.select(ArticleAuthor.employee).where(ArticleAuthor.article == article)
    return list(Employee.select().where(Employee.id.in_(authors) | (Employee.id == article.created_by_id)))


def _publishers(article: KnowledgeArticle) -> list[Employee]:
    """Coordinators of its unit and of the units above; where there is none, the KM team."""
    above = article.unit.ancestor_ids() if article.unit_id else []
    held = RoleAssignment.role == COORDINATOR
    near = _who_hold(held & RoleAssignment.unit.in_(OrgUnit.select(OrgUnit.id).where(OrgUnit.id.in_(above))))
    return near or _who_hold(RoleAssignment.role == KNOWLEDGE_OFFICER)


def _who_hold(which: pw.Expression) -> list[Employee]:
    holders = RoleAssignment.select(RoleAssignment.employee).where(which)
    return list(Employee.select().where(Employee.id.in_(holders) & Employee.is_active))
