"""Honest counts: one view or download for each person and day; authors and their own articles never (S0-193, D17)."""

import logging
from datetime import date

import peewee as pw

from kc import clock, policy, search
from kc.db import db
from kc.models import ArticleView, Attachment, AttachmentDownload, AttachmentOpening, Employee, KnowledgeArticle

log = logging.getLogger("kc.counts")


def count_view(employee: Employee, article: KnowledgeArticle) -> bool:
    """Note that `employee` read `article` today; True when that is new. Never fails the page it is called from."""
    if not article.is_published or policy.is_author(employee, article):
        return False
    key = {"article": article.id, "employee": employee.id, "day": clock.today()}
    if _has_seen(employee, article, key["day"]):
        return False
    found = ("knowledge", article.id) if _is_milestone(article.view_count + 1) else None
    return _count(ArticleView, key, [(KnowledgeArticle, article.id, "view_count")], found)


def _has_seen(employee: Employee, article: KnowledgeArticle, day: date) -> bool:
    known = article.__dict__.get("_seen_on", {}).get((employee.id, day))  # asked with the article itself
    if known is not None:
        return known
    seen = (ArticleView.article == article) & (ArticleView.employee == employee) & (ArticleView.day == day)
    return ArticleView.select().where(seen).exists()


def count_download(employee: Employee, attachment: Attachment) -> bool:
    """Note that `employee` downloaded the file today; counts for the file and for its article."""
    if attachment.article_id is None or not attachment.article.is_published:
        return False
    if policy.is_author(employee, attachment.article):
        return False
    key = {"attachment": attachment.id, "employee": employee.id, "day": clock.today()}
    counters = [
        (Attachment, attachment.id, "download_count"),
        (KnowledgeArticle, attachment.article_id, "download_count"),
    ]
    found = ("attachment", attachment.id) if _is_milestone(attachment.download_count + 1) else None
    return _count(AttachmentDownload, key, counters, found)


def count_opening(employee: Employee, attachment: Attachment) -> bool:
    """Note that `employee` looked into the file in the viewer today; not a download."""
    if attachment.article_id is None or not attachment.article.is_published:
        return False
    if policy.is_author(employee, attachment.article):
        return False
    key = {"attachment": attachment.id, "employee": employee.id, "day": clock.today()}
    opened = AttachmentOpening
    if (
        opened.select()
        .where((opened.attachment == attachment) & (opened.employee == employee) & (opened.day == key["day"]))
        .exists()
    ):
        return False
    return _count(opened, key, [(Attachment, attachment.id, "open_count")], None)


def _is_milestone(uses: int) -> bool:
    """Search puts what is used more a little earlier; it is told at 4, 8, 16 … uses, not each time."""
    return uses > 2 and uses & (uses - 1) == 0


def _count(
    event: type[pw.Model],
    key: dict[str, object],
    counters: list[tuple[type[pw.Model], int, str]],
    found: tuple[str, int] | None,
) -> bool:
    try:
        with db.atomic():
            event.create(**key)  # the unique index says no to a second one
            for model, row_id, name in counters:
                column = getattr(model, name)
                model.update(**{name: column + 1}).where(model.id == row_id).execute()
            if found:
                search.queue(*found)
    except pw.IntegrityError:
        return False
    except pw.OperationalError as busy:  # reading must go on when nobody can write
        log.warning("not counted: %s", type(busy).__name__)
        return False
    return True
