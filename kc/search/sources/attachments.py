"""Files of published knowledge. Files of sessions are for those who may read the notes, and are not searched."""

import re

from kc import filetypes, labels
from kc.models import Attachment, FilePage, FileReading, KnowledgeArticle
from kc.models.knowledge import PUBLISHED
from kc.models.reading import READABLE
from kc.search.schema import Document
from kc.search.snippets import PAGE_BREAK
from kc.search.sources.articles import authors_of, filters_of, published
from kc.search.sources.source import Source, day_of, numbers, rounded, stamped, text_of
from kc.thai.repair import MARKS

MOST_LETTERS = 380_000  # of a file's text that are searched: some two hundred full pages
_LEADING = re.compile(rf"^[\s{MARKS}]+")  # a mark that begins a page would be drawn over the break


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
    authors, pages = authors_of(list(of)), _pages_of(files)
    return [
        _document(row, articles[row.article_id], authors.get(row.article_id, []), pages.get(row.sha256, ""))
        for row in files
        if row.article_id in articles
    ]


def _pages_of(files: list[Attachment]) -> dict[str, str]:
    """The text of the files' pages, by hash: each page begins with a PAGE_BREAK, and one ends the last, so that a
    passage's place tells its page (see ``searching``). The first MOST_LETTERS of a long file are searched."""
    query = (
        FilePage.select(FileReading.sha256, FilePage.number, FilePage.text)
        .join(FileReading)
        .where(FileReading.sha256.in_({row.sha256 for row in files}) & (FileReading.state == READABLE))
        .order_by(FileReading.sha256, FilePage.number)
    )
    found: dict[str, list[str]] = {}
    room: dict[str, int] = {}
    for sha256, number, text in query.tuples():
        pages, left = found.setdefault(sha256, []), room.get(sha256, MOST_LETTERS)
        if left <= 0:
            continue
        pages += [""] * (number - 1 - len(pages))  # a page that is not there keeps its number
        pages.append(_LEADING.sub("", text[:left].replace("\r", "\n")))
        room[sha256] = left - len(text) - 1
    return {sha256: "".join(PAGE_BREAK + page for page in pages) + PAGE_BREAK for sha256, pages in found.items()}


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
