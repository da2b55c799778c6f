"""Writing knowledge down: start an article, save it, never losing what somebody else saved (S0-162…171)."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

import peewee as pw

from kc import clock, policy
from kc.addresses import own_path
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import (
    ArticleAuthor,
    ArticleMeasure,
    Attachment,
    AuditEntry,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    OrgUnit,
    Topic,
)
from kc.models.knowledge import ARTICLE_KINDS, DRAFT, PUBLISHED
from kc.services import attachments, audit, findable, years
from kc.services.article_merge import (
    COLUMNS,
    DIGEST,
    FIELDS,
    MEASURE,
    Content,
    EditConflict,
    content_of,
    digest,
    digests,
    merge,
    read_token,
)
from kc.services.article_merge import token as make_token

QUIET = timedelta(hours=1)  # autosaves of one person within it are one line of the audit log
TRIES = 3


def new_form_key() -> str:
    """A key for one form: however often that form is sent, one article is made."""
    return secrets.token_urlsafe(16)


def start(
    by: Employee,
    *,
    title: str,
    kind: str = "best_practice",
    community: Community | None = None,
    topic: Topic | None = None,
    source_url: str = "",
    form_key: str = "",
) -> KnowledgeArticle:
    """A new draft, its author the person who starts it; unit and year are the community's, else the person's.

    `source_url`: the page of ours it came from ("/questions/3").
    Sending the same form again returns what the first sending made. Raises DomainError: not of that community, a
    retired topic or one of another year, no title.
    """
    title = _titled(title)
    year = community.fiscal_year if community is not None else years.current()
    if community is not None and not policy.can_write_for(by, community):
        raise DomainError(_("เขียนองค์ความรู้ได้เฉพาะชุมชนที่คุณเป็นสมาชิก"), "community")
    topic = topic or (community.topic if community is not None else None)
    _require_topic(topic, year, kept=community.topic_id if community is not None else None)
    form_key = form_key or new_form_key()
    try:
        with db.atomic():
            article = KnowledgeArticle.create(
                title=title,
                kind=_kind(kind),
                community=community,
                topic=topic,
                unit=community.unit if community is not None else by.unit,
                fiscal_year=year,
                source_url=own_path(source_url),
                form_key=form_key,
                created_by=by,
                updated_by=by,
            )
            ArticleAuthor.create(article=article, employee=by)
            audit.record(by, "article.started", article, title=title)
    except pw.IntegrityError:
        return KnowledgeArticle.get((KnowledgeArticle.form_key == form_key) & (KnowledgeArticle.created_by == by))
    return article


def authors_of(article: KnowledgeArticle) -> list[Employee]:
    """Authors in their order, with their units."""
    authors = list(
        Employee.select(Employee, OrgUnit)
        .join_from(Employee, OrgUnit)
        .join_from(Employee, ArticleAuthor, on=ArticleAuthor.employee == Employee.id)
        .where(ArticleAuthor.article == article)
        .order_by(ArticleAuthor.position, ArticleAuthor.id)
    )
    article.__dict__["_author_ids"] = frozenset(author.id for author in authors)  # policy.is_author need not ask again
    return authors


def measures_of(article: KnowledgeArticle) -> list[ArticleMeasure]:
    return list(
        ArticleMeasure.select()
        .where(ArticleMeasure.article == article)
        .order_by(ArticleMeasure.position, ArticleMeasure.id)
    )


def _author_ids(article: KnowledgeArticle) -> list[int]:
    rows = (
        ArticleAuthor.select(ArticleAuthor.employee)
        .where(ArticleAuthor.article == article)
        .order_by(ArticleAuthor.position, ArticleAuthor.id)
        .tuples()
    )
    return [employee_id for (employee_id,) in rows]


def current_content(article: KnowledgeArticle) -> Content:
    """What stands in the database now, as far as the form can change it."""
    return content_of(article, _author_ids(article), measures_of(article))


def save(by: Employee, article: KnowledgeArticle, mine: Content, token: str, *, quietly: bool = False) -> str:
    """Save `mine` (fields left out stay as they are), as written in the form with `token`; returns the next token.

    What others changed meanwhile is kept; raises EditConflict when both changed the same text, DomainError for a choice
    that is not allowed. `article` then holds what is saved, with its new version. `quietly`: an autosave.
    """
    based_on, seen = read_token(token)
    for _try in range(TRIES):
        theirs = current_content(article)
        if not seen and based_on == article.version:
            seen = digests(theirs)
        merged = merge(mine, theirs, seen)
        if merged.clashes:
            raise EditConflict(theirs, merged.clashes, article)
        changed = {name: value for name, value in merged.content.items() if value != theirs[name]}
        if not changed:
            return next_token(article.version, seen, mine)
        _check(by, article, changed)
        if _written(by, article, changed, quietly):
            return next_token(article.version, seen, mine)
        article.__data__.update(KnowledgeArticle.get_by_id(article.id).__data__)
    raise DomainError(_("มีผู้อื่นกำลังบันทึกเรื่องนี้อยู่ โปรดลองอีกครั้ง"))


def next_token(version: int, seen: Mapping[str, str], shown: Content) -> str:
    """The token of the form as it stands in the browser after a save: it shows `shown`, and what it showed before."""
    marks = {name: digest(shown[name]) if name in shown else seen.get(name, "-" * DIGEST) for name in FIELDS}
    return make_token(version, marks)


def _written(by: Employee, article: KnowledgeArticle, changed: Content, quietly: bool) -> bool:
    columns = {name: value for name, value in changed.items() if name in COLUMNS}
    with db.atomic():
        if "community" in changed:
            columns |= _moved_to(changed, article)
        if not article.save_version(article.version, updated_at=clock.now(), updated_by=by, **columns):
            return False
        before: list[int] = []
        if "authors" in changed:
            before = _author_ids(article)
            _replace_authors(article, changed["authors"])
        if "measures" in changed:
            _replace_measures(article, changed["measures"])
        if not (quietly and _noted_lately(by, article)):
            audit.record(by, "article.edited", article, fields=sorted(changed))
        if article.status == PUBLISHED:
            findable.article(article, also_of=before)
    return True


def _noted_lately(by: Employee, article: KnowledgeArticle) -> bool:
    return (
        AuditEntry.select()
        .where(
            (AuditEntry.object_kind == "knowledge_article")
            & (AuditEntry.object_id == article.id)
            & (AuditEntry.action == "article.edited")
            & (AuditEntry.actor == by)
            & (AuditEntry.at > clock.now() - QUIET)
        )
        .exists()
    )


def _replace_authors(article: KnowledgeArticle, employee_ids: Iterable[int]) -> None:
    ArticleAuthor.delete().where(ArticleAuthor.article == article).execute()
    rows = [{"article": article.id, "employee": e, "position": n} for n, e in enumerate(employee_ids)]
    if rows:
        ArticleAuthor.insert_many(rows).execute()
    for kept in ("_is_author", "_author_ids"):
        article.__dict__.pop(kept, None)


def _replace_measures(article: KnowledgeArticle, measures: Iterable[tuple[str, ...]]) -> None:
    ArticleMeasure.delete().where(ArticleMeasure.article == article).execute()
    rows = [{"article": article.id, "position": n} | dict(zip(MEASURE, m, strict=True)) for n, m in enumerate(measures)]
    if rows:
        ArticleMeasure.insert_many(rows).execute()


# ---- what may be chosen ------------------------------------------------------------------------------------------


def _check(by: Employee, article: KnowledgeArticle, changed: Content) -> None:
    if "title" in changed:
        changed["title"] = _titled(changed["title"])
    if "kind" in changed:
        _kind(changed["kind"])
    year = article.fiscal_year
    if changed.get("community"):
        community = Community.get_or_none(Community.id == changed["community"])
        if community is None or not policy.can_write_for(by, community):
            raise DomainError(_("เลือกได้เฉพาะชุมชนที่คุณเป็นสมาชิก"), "community")
        year = community.fiscal_year
    if changed.get("topic") and (year == article.fiscal_year or not changed.get("community")):
        _require_topic(Topic.get_or_none(Topic.id == changed["topic"]) or Topic(), year)
    if "unit" in changed and not _may_place(by, article, changed["unit"]):
        raise DomainError(_("เลือกได้เฉพาะสังกัดของคุณหรือสังกัดที่คุณดูแล"), "unit")
    if "authors" in changed:
        _require_authors(changed["authors"])


def _titled(title: str) -> str:
    if not title.strip():
        raise DomainError(_("โปรดตั้งชื่อองค์ความรู้"), "title")
    return title


def _kind(kind: str) -> str:
    if kind not in ARTICLE_KINDS:
        raise DomainError(_("โปรดเลือกประเภทองค์ความรู้"), "kind")
    return kind


def _require_topic(topic: Topic | None, year: FiscalYear | None, kept: int | None = None) -> None:
    if topic is None:
        return
    if year is None or topic.fiscal_year_id != year.id:
        raise DomainError(_("ประเด็นเรียนรู้นี้ไม่ได้อยู่ในปีขององค์ความรู้ โปรดเลือกใหม่"), "topic")
    if topic.is_retired and topic.id != kept:
        raise DomainError(_("ประเด็นเรียนรู้นี้เลิกใช้แล้ว โปรดเลือกประเด็นอื่น"), "topic")


def _may_place(by: Employee, article: KnowledgeArticle, unit_id: int | None) -> bool:
    """Whose knowledge it is: a unit of one's own, or the community's. It decides who may publish."""
    if unit_id is None:
        return False
    if article.community_id is not None and article.community.unit_id == unit_id:
        return True
    return policy.sign_up_units(by).where(OrgUnit.id == unit_id).exists()


def _require_authors(employee_ids: tuple[int, ...]) -> None:
    known = Employee.select().where(Employee.id.in_(employee_ids)).count()
    if not employee_ids or known != len(set(employee_ids)):
        raise DomainError(_("ต้องมีผู้เขียนอย่างน้อยหนึ่งคน"), "authors")


def _moved_to(changed: Content, article: KnowledgeArticle) -> Content:
    """Another community brings its unit and its year, and the same topic line in that year."""
    if changed["community"] is None:
        return {}
    community = Community.get_by_id(changed["community"])
    moved: Content = {"unit": community.unit_id}
    if community.fiscal_year_id != article.fiscal_year_id:
        moved |= {"fiscal_year": community.fiscal_year_id, "topic": community.topic_id}
    return moved


# ---- putting away --------------------------------------------------------------------------------------------------


def discard(by: Employee, article: KnowledgeArticle) -> None:
    """Delete a draft for good, with its files. What was once published is retired instead, never deleted."""
    if article.status != DRAFT or article.published_on is not None:
        raise DomainError(_("ลบได้เฉพาะฉบับร่างที่ยังไม่เคยเผยแพร่"))
    hashes = [row.sha256 for row in Attachment.select().where(Attachment.article == article)]
    with db.atomic():
        audit.record(by, "article.discarded", article, title=article.title)
        article.delete_instance(recursive=True)
    attachments.forget(hashes)
