"""Files of published knowledge. Files of sessions are for those who may read the notes, and are not searched."""

from kc import filetypes, labels
from kc.models import Attachment, KnowledgeArticle
from kc.models.knowledge import PUBLISHED
from kc.search.schema import Document
from kc.search.sources.articles import authors_of, filters_of, published
from kc.search.sources.source import Source, day_of, numbers, rounded, stamped, text_of


def _ids() -> list[int]:
    rows = Attachment.select(Attachment.id).join(KnowledgeArticle).where(KnowledgeArticle.status == PUBLISHED)
    rows = rows.where(Attachment.open_ones())
    return numbers(rows.order_by(Attachment.id))


def _load(ids: list[int]) -> list[Document]:
    files = list(
        Attachment.select().where(Attachment.id.in_(ids), Attachment.article.is_null(False), Attachment.open_ones())
    )
    of = {row.article_id for row in files}
    articles = {row.id: row for row in published().where(KnowledgeArticle.id.in_(of))}
    authors, pages = authors_of(list(of)), _pages_of(ids)
    return [
        _document(row, articles[row.article_id], authors.get(row.article_id, []), pages.get(row.id, ""))
        for row in files
        if row.article_id in articles
    ]


def _pages_of(ids: list[int]) -> dict[int, str]:
    """The text of the files' pages; none are read yet."""
    return {}


def _document(row: Attachment, article: KnowledgeArticle, authors: list[tuple[int, str]], pages: str) -> Document:
    """A file is found by its name, by what its picture shows, by its article, and under all its article's filters."""
    filetype = filetypes.BY_CONTENT_TYPE.get(row.content_type)
    what = f"{labels.ATTACHMENT_KINDS[row.kind]} {filetype.label if filetype else ''}".strip()
    in_words = row.filename.replace("_", " ")
    return stamped(
        Document(
            kind="attachment",
            id=row.id,
            title=row.filename,
            text=text_of(row.alt_text, pages, article.title, what, in_words if in_words != row.filename else ""),
            date=day_of(row.uploaded_at),
            filters=filters_of(article, authors) | {"file": (filetype.group if filetype else "plain",)},
            uses=rounded(row.download_count),
        )
    )


SOURCE = Source("attachment", _ids, _load)
