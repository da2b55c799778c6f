"""What can be found: one registration for each kind, turning a row into a document of the index.

A new kind (the webboard …) is a module with a ``Source`` here, its place in ``SOURCES``, and nothing else. What must be
indexed again when something changes stands in ``kc/services/findable.py``.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from kc.i18n import use_language
from kc.search.schema import Document, key_of
from kc.search.sources import articles, attachments, communities, people, questions, sessions
from kc.search.sources.source import Source

_AT_ONCE = 200  # rows read together

_ALL = (articles, attachments, people, communities, sessions, questions)
SOURCES: dict[str, Source] = {kind.SOURCE.kind: kind.SOURCE for kind in _ALL}


def load(wanted: Iterable[tuple[str, int]]) -> Iterator[Document]:
    """The documents of these (kind, id) pairs that belong in the index now; the rest is simply not among them."""
    by_kind: dict[str, list[int]] = {}
    for kind, number in wanted:
        by_kind.setdefault(kind, []).append(number)
    for kind, ids in by_kind.items():
        source = SOURCES.get(kind)
        if source is None:
            continue
        several = iter(ids)
        while some := list(islice(several, _AT_ONCE)):
            with use_language("th"):  # the index does not depend on who happens to save
                documents = source.load(some)
            yield from documents


def everything() -> Iterator[tuple[str, int]]:
    """Every (kind, id) that belongs in the index."""
    for source in SOURCES.values():
        for number in source.ids():
            yield source.kind, number


def stamps() -> Iterator[tuple[str, str]]:
    """Key and stamp of every document that belongs in the index."""
    for document in load(everything()):
        yield key_of(document.kind, document.id), document.stamp


__all__ = ["SOURCES", "Source", "everything", "load", "stamps"]
