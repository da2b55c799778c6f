"""Who uses a piece of knowledge (นำไปใช้แล้ว, S0-195): told by the follow-up or by a reader, shown on its page."""

import peewee as pw

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, KnowledgeArticle, KnowledgeUse, OrgUnit
from kc.services import audit
from kc.services.participants import key_of

MOST = 200


def of(article: KnowledgeArticle) -> list[KnowledgeUse]:
    """The newest use of each person, newest first, with person and unit; in one statement.

    Uses that name no article are those of what the community learned as a whole.
    """
    here = KnowledgeUse.article == article
    if article.community_id is not None:
        here |= KnowledgeUse.article.is_null() & (KnowledgeUse.community == article.community_id)
    rows = (
        KnowledgeUse.select(KnowledgeUse, Employee, OrgUnit)
        .join_from(KnowledgeUse, Employee, pw.JOIN.LEFT_OUTER)
        .join_from(Employee, OrgUnit, pw.JOIN.LEFT_OUTER)
        .where(here)
        .order_by(KnowledgeUse.used_on.desc(), KnowledgeUse.id.desc())
        .limit(MOST)
    )
    newest: dict[str, KnowledgeUse] = {}
    for row in rows:
        newest.setdefault(row.person_key, row)
    return list(newest.values())


def told_by(employee: Employee, article: KnowledgeArticle) -> KnowledgeUse | None:
    """What this reader said of their own accord."""
    return KnowledgeUse.get_or_none(KnowledgeUse.own_key == _own_key(employee, article))


def _own_key(employee: Employee, article: KnowledgeArticle) -> str:
    return f"{article.id}:{employee.id}"


def tell(
    employee: Employee, article: KnowledgeArticle, *, place: str, outcomes: str, outcome_text: str, show_name: bool
) -> None:
    """A reader used it; saying so again puts right what they said. DomainError for what is not published."""
    if not article.is_published:
        raise DomainError(_("บอกได้เมื่อองค์ความรู้เผยแพร่แล้ว"))
    said = {
        "place": place,
        "outcomes": outcomes,
        "outcome_text": outcome_text,
        "show_name": show_name,
        "used_on": clock.today(),
    }
    who = {"person_key": key_of(employee), "own_key": _own_key(employee, article), "employee": employee}
    with db.atomic():
        KnowledgeUse.insert(article=article, community=article.community_id, **who, **said).on_conflict(
            conflict_target=[KnowledgeUse.own_key], update=said
        ).execute()
        audit.record(employee, "knowledge.used", article)


def take_back(employee: Employee, article: KnowledgeArticle) -> None:
    """A reader did not use it after all; what they answered when asked stays."""
    with db.atomic():
        if KnowledgeUse.delete().where(KnowledgeUse.own_key == _own_key(employee, article)).execute():
            audit.record(employee, "knowledge.use_taken_back", article)
