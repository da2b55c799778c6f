"""From draft to published knowledge, and back when something is missing (S0-179…183)."""

from dataclasses import dataclass
from typing import Any

from kc import clock, labels
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import ArticleAuthor, Attachment, Employee, KnowledgeArticle
from kc.models.knowledge import DRAFT, PARTS, PUBLISHED, RETIRED, SUBMITTED
from kc.services import article_notices, audit, findable


@dataclass(frozen=True)
class Missing:
    """Something the official form wants: `field` is its place in the editor; not `required`: published without, too."""

    field: str
    label: str
    required: bool = True


def missing(
    article: KnowledgeArticle, *, has_authors: bool | None = None, files: list[Attachment] | None = None
) -> list[Missing]:
    """What stands between this article and publication, in the form's own order. Given authors and files: no SQL."""
    if has_authors is None:
        has_authors = ArticleAuthor.select().where(ArticleAuthor.article == article).exists()
    if files is None:
        files = list(Attachment.select().where(Attachment.article == article))
    gaps = [] if article.topic_id else [Missing("topic", _("ประเด็นเรียนรู้"))]
    if not article.unit_id:
        gaps.append(Missing("unit", _("สังกัด")))
    if not has_authors:
        gaps.append(Missing("authors", _("ผู้เขียน")))
    if not article.body.strip():  # knowledge of older systems never had the five parts
        gaps += [
            Missing(part, f"{n}. {labels.PARTS[part]}")
            for n, part in enumerate(PARTS, 1)
            if not getattr(article, part).strip()
        ]
        if article.results_on is None:
            gaps.append(Missing("results_on", _("ผลลัพธ์ ณ วันที่")))
    kinds = {file.kind for file in files}
    return gaps + [
        Missing("files", str(labels.ATTACHMENT_KINDS[kind]), required=False)
        for kind in ("exchange_form", "summary")
        if kind not in kinds
    ]


def _require_complete(article: KnowledgeArticle) -> None:
    gaps = [gap.label for gap in missing(article) if gap.required]
    if gaps:
        raise DomainError(_("ยังขาด: %(gaps)s", gaps=", ".join(gaps)))


def _move(by: Employee, article: KnowledgeArticle, action: str, seen: int | None, **changes: Any) -> None:
    """One step; refused when somebody changed the article after this person read it."""
    details = {k: v for k, v in changes.items() if k == "returned_reason" and v}
    with db.atomic():
        fresh = seen is None or seen == article.version
        if not fresh or not article.save_version(article.version, **changes):
            raise Conflict(_("มีผู้แก้ไของค์ความรู้นี้หลังจากที่คุณเปิดอ่าน โปรดอ่านอีกครั้งก่อนทำรายการ"), article)
        audit.record(by, f"article.{action}", article, **details)
        article_notices.tell(by, article, action)
        if action in ("published", "retired", "restored"):
            findable.article(article)


def submit(by: Employee, article: KnowledgeArticle, seen: int | None = None) -> None:
    """Hand a complete draft to those who publish. Raises DomainError with what is missing."""
    if article.status != DRAFT:
        raise DomainError(_("ส่งได้เฉพาะฉบับร่าง"))
    _require_complete(article)
    _move(by, article, "submitted", seen, status=SUBMITTED, submitted_at=clock.now(), returned_reason="")


def withdraw(by: Employee, article: KnowledgeArticle, seen: int | None = None) -> None:
    """Authors take back what is still waiting, to write on."""
    if article.status != SUBMITTED:
        raise DomainError(_("เรื่องนี้ไม่ได้รอเผยแพร่อยู่"))
    _move(by, article, "withdrawn", seen, status=DRAFT, submitted_at=None)


def send_back(by: Employee, article: KnowledgeArticle, reason: str, seen: int | None = None) -> None:
    """Return it to its authors with what should be better."""
    if article.status != SUBMITTED:
        raise DomainError(_("เรื่องนี้ไม่ได้รอเผยแพร่อยู่"))
    if not reason.strip():
        raise DomainError(_("โปรดบอกผู้เขียนว่าควรเพิ่มหรือแก้ตรงไหน"), "reason")
    _move(by, article, "returned", seen, status=DRAFT, returned_reason=reason.strip())


def publish(by: Employee, article: KnowledgeArticle, seen: int | None = None) -> None:
    """Publish for everyone to find. Raises DomainError with what is missing."""
    if article.status not in (DRAFT, SUBMITTED):
        raise DomainError(_("เรื่องนี้เผยแพร่ไปแล้ว"))
    _require_complete(article)
    _move(
        by,
        article,
        "published",
        seen,
        status=PUBLISHED,
        published_on=article.published_on or clock.today(),
        published_by=by,
        returned_reason="",
    )


def retire(by: Employee, article: KnowledgeArticle, reason: str, seen: int | None = None) -> None:
    """Take knowledge that no longer works out of the shelves; it stays on record, with the reason (S0-183)."""
    if article.status != PUBLISHED:
        raise DomainError(_("เลิกใช้ได้เฉพาะองค์ความรู้ที่เผยแพร่แล้ว"))
    if not reason.strip():
        raise DomainError(_("โปรดบอกเหตุผลที่เลิกใช้"), "reason")
    _move(by, article, "retired", seen, status=RETIRED, returned_reason=reason.strip())


def restore(by: Employee, article: KnowledgeArticle, seen: int | None = None) -> None:
    """Put retired knowledge back."""
    if article.status != RETIRED:
        raise DomainError(_("เรื่องนี้ไม่ได้ถูกเลิกใช้"))
    _move(by, article, "restored", seen, status=PUBLISHED, returned_reason="")
