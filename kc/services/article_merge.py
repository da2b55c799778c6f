"""Two people, one article: whose change counts where. Pure: values in, values out.

Every form carries a short digest of each field as it was when the form was made. When somebody saved meanwhile, a field
that only one of the two changed keeps that change; a field both changed is a clash, and the person decides. Nothing is
overwritten unseen, and nobody is asked about what they never touched.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kc.errors import Conflict
from kc.i18n import gettext as _
from kc.models import ArticleMeasure, KnowledgeArticle
from kc.models.knowledge import PARTS

TEXTS = ("title", "summary", *PARTS, "body")
COLUMNS = (*TEXTS, "kind", "knowledge_type", "community", "topic", "unit", "results_on")
FIELDS = (*COLUMNS, "authors", "measures")
MEASURE = ("measure", "unit", "before", "target", "after")

Content = dict[str, Any]


@dataclass(frozen=True)
class Merged:
    content: Content
    clashes: tuple[str, ...]


class EditConflict(Conflict):
    """Both changed the same fields: `theirs` stands in the database, `clashes` names the fields."""

    def __init__(self, theirs: Content, clashes: tuple[str, ...], article: KnowledgeArticle) -> None:
        super().__init__(_("มีผู้อื่นแก้ไขเรื่องนี้ระหว่างที่ท่านพิมพ์"), theirs)
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
    return hashlib.sha256(repr(value).encode()).hexdigest()[:10]


def digests(content: Mapping[str, Any]) -> str:
    """What a form was made from, for its hidden field `seen`."""
    return json.dumps({name: digest(content[name]) for name in FIELDS}, separators=(",", ":"))


def read_digests(text: str) -> dict[str, str]:
    """The hidden field again; {} when it is not sound (then every difference is a clash)."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in seen.items()} if isinstance(seen, dict) else {}


def merge(mine: Content, theirs: Content, seen: Mapping[str, str]) -> Merged:
    """`mine` may leave fields out: those are theirs."""
    content, clashes = dict(theirs), []
    for name in FIELDS:
        if name not in mine or mine[name] == theirs[name] or digest(mine[name]) == seen.get(name):
            continue
        content[name] = mine[name]
        if digest(theirs[name]) != seen.get(name):
            clashes.append(name)
    return Merged(content, tuple(clashes))


def both(mine: Any, theirs: Any) -> Any:
    """Two answers after one another: texts with a blank line between, lists without repeating anything."""
    if isinstance(mine, tuple):
        return theirs + tuple(item for item in mine if item not in theirs)
    return "\n\n".join(text for text in (str(theirs), str(mine)) if text.strip())
