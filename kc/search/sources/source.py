"""What the sources of all kinds have in common."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import peewee as pw

from kc import clock
from kc.models import OrgUnit
from kc.search.schema import Document


@dataclass(frozen=True)
class Source:
    """How one kind is read: the ids that belong in the index, and the documents of some ids."""

    kind: str
    ids: Callable[[], Iterable[int]]
    load: Callable[[list[int]], list[Document]]


def numbers(query: pw.ModelSelect) -> list[int]:
    """The ids a query selects."""
    return [row_id for (row_id,) in query.tuples()]


def text_of(*parts: str) -> str:
    """The parts that say something, a line each: the first of them begin the snippet when no word is marked."""
    return "\n".join(part for part in parts if part)


def places_of(unit: OrgUnit | None) -> tuple[int, ...]:
    """A unit and those above it: what belongs to a branch is found under its province too."""
    return tuple(unit.ancestor_ids()) if unit is not None else ()


def day_of(moment: dt.datetime) -> dt.date:
    return clock.to_local(moment).date()


def rounded(uses: int) -> int:
    """Down to a power of two, so that a document is not written anew at each reading; a few are chance."""
    return 1 << (uses.bit_length() - 1) if uses > 3 else 0


def stamped(document: Document) -> Document:
    """With a digest of everything the index holds of it, so that drift is seen whatever caused it.

    How often it is used is left out: it may lag.
    """
    whole = [
        document.title,
        document.text,
        document.beside,
        document.external_id,
        str(document.date),
        sorted(document.filters.items()),
        document.visible_to,
    ]
    digest = hashlib.blake2b(json.dumps(whole, ensure_ascii=False).encode(), digest_size=12)
    document.stamp = digest.hexdigest()
    return document
