"""Two people, one article: whose change counts where. Pure: values in, values out.

Every form carries a short digest of each field as it was when the form was made. When somebody saved meanwhile, a field
that only one of the two changed keeps that change; a field both changed is a clash, and the person decides. Nothing is
overwritten unseen, and nobody is asked about what they never touched.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kc.errors import Conflict
from kc.i18n import gettext as _
from kc.models import ArticleMeasure, KnowledgeArticle
from kc.models.knowledge import PARTS

TEXTS = ("title", "summary", *PARTS, "body")
CHOICES = ("kind", "knowledge_type", "community", "topic", "unit")
LISTS = ("authors", "measures")
COLUMNS = (*TEXTS, *CHOICES, "results_on")
FIELDS = (*COLUMNS, *LISTS)
DIGEST = 8
MEASURE = ("measure", "unit", "before", "target", "after")

Content = dict[str, Any]


@dataclass(frozen=True)
class Merged:
    content: Content
    clashes: tuple[str, ...]


class EditConflict(Conflict):
    """Both changed the same texts: `theirs` stands in the database, `clashes` names the fields."""

    def __init__(self, theirs: Content, clashes: tuple[str, ...], article: KnowledgeArticle) -> None:
        super().__init__(_("มีผู้อื่นแก้ไขเรื่องนี้ระหว่างที่คุณพิมพ์"), theirs)
        self.clashes = clashes
        self.article = article


def content_of(article: KnowledgeArticle, authors: Iterable[int], measures: Iterable[ArticleMeasure]) -> Content:
    """Everything of an article that its form can change, as plain values."""
    content: Content = {name: getattr(article, name) for name in (*TEXTS, "kind", "knowledge_type", "results_on")}
    content |= {name: getattr(article, f"{name}_id") for name in ("community", "topic", "unit")}
    content["authors"] = tuple(authors)
    content["measures"] = tuple(tuple(getattr(m, name) for name in MEASURE) for m in measures)
    return content


def digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:DIGEST]


def digests(content: Mapping[str, Any]) -> dict[str, str]:
    return {name: digest(content[name]) for name in FIELDS}


def token(version: int, shown: Mapping[str, str]) -> str:
    """The form's hidden `version`: the number, and a digest of each field as the form shows it."""
    return f"{version}." + "".join(shown[name] for name in FIELDS)


def read_token(text: str) -> tuple[int, dict[str, str]]:
    """(version, digests); (0, {}) when it is not one of ours: then every difference is a clash."""
    number, _dot, marks = text.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return 0, {}
    if len(marks) != DIGEST * len(FIELDS):
        return int(number), {}
    return int(number), {name: marks[n * DIGEST : (n + 1) * DIGEST] for n, name in enumerate(FIELDS)}


def token_after_clash(version: int, text: str, theirs: Content, clashes: Iterable[str]) -> str:
    """The token to go on with: the clashing fields count as read, all others as they were in the form's own token."""
    now = digests(theirs)
    _version, before = read_token(text)
    return token(version, {name: now[name] if name in clashes else before.get(name, now[name]) for name in FIELDS})


def merge(mine: Content, theirs: Content, seen: Mapping[str, str]) -> Merged:
    """`mine` may leave fields out: those are theirs. Of two lists both are kept, of two choices the later."""
    content, clashes = dict(theirs), []
    for name in FIELDS:
        if name not in mine or mine[name] == theirs[name] or digest(mine[name]) == seen.get(name):
            continue
        both_changed = digest(theirs[name]) != seen.get(name)
        if both_changed and name in LISTS:
            content[name] = both(mine[name], theirs[name])
            continue
        content[name] = mine[name]
        if both_changed and name not in CHOICES:
            clashes.append(name)
    return Merged(content, tuple(clashes))


def both(mine: Any, theirs: Any) -> Any:
    """Two answers after one another: texts with a blank line between, lists without repeating anything."""
    if isinstance(mine, tuple):
        return theirs + tuple(item for item in mine if item not in theirs)
    return "\n\n".join(text for text in (str(theirs), str(mine)) if text.strip())
