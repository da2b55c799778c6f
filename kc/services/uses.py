"""Who uses a piece of knowledge (นำไปใช้แล้ว, S0-195): told by the follow-up, shown on its page."""

import peewee as pw

from kc.models import Employee, KnowledgeArticle, KnowledgeUse, OrgUnit

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
