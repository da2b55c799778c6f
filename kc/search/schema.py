"""What one document of the index is made of.

Three kinds of terms answer three kinds of question: whole words rank, words inside compounds and letter pieces find
what the tokenizer cut differently, and the pieces' skeleton survives typing faults and bad scans. Everything a filter
asks for is one more kind of term, so that filters and counts are set arithmetic.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from whoosh import columns, fields, formats

from kc.search import analyzer
from kc.search.text import fold, grams, squeeze
from kc.thai.mending import restored
from kc.thai.repair import repair

VERSION = f"12/{analyzer.VERSION}"  # any change of what is stored below needs a new number: the index is then rebuilt

TITLE_WEIGHT = 2  # a word of the title counts this much more than one of the text
_TEXT_LIMIT = 400_000  # letters of one document that are indexed

# A single-byte encoding of the searched text: a third of UTF-8 for Thai, and quick to look through.
ENCODING = "cp874"
_BETWEEN = "\x1f"


@dataclass(slots=True)
class Document:
    """One thing that can be found, made by ``sources`` from a row."""

    kind: str
    id: int
    title: str
    text: str  # what is read; a passage of it is shown
    external_id: str = ""
    beside: str = ""  # what else finds it: who, where, names of files
    date: dt.date | None = None
    filters: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    visible_to: tuple[str, ...] = ("all",)
    uses: int = 0  # how often it was read or opened, rounded down to a power of two
    stamp: str = ""  # changes whenever the row does: repair compares it


class WeightedTerms(fields.FieldType):
    """Terms that come with their weights. Whoosh pickles this class by name: renaming it needs a new VERSION."""

    def __init__(self, scorable: bool = False) -> None:
        super().__init__(formats.Existence(), None, scorable=scorable)

    def index(self, value: dict[str, int], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, count in value.items():
            yield term.encode(), count, float(count), b""


def schema() -> fields.Schema:
    """Words, parts, pieces, filters as terms; what is read of a document as columns; what its row is compared with."""
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        word=WeightedTerms(scorable=True),
        part=WeightedTerms(),
        inside=WeightedTerms(),
        piece=WeightedTerms(),
        filter=WeightedTerms(),
        text=fields.COLUMN(columns.VarBytesColumn()),
        breaks=fields.COLUMN(columns.VarBytesColumn()),
        day=fields.COLUMN(columns.NumericColumn("i")),
        uses=fields.COLUMN(columns.NumericColumn("i")),
        shown=fields.COLUMN(columns.VarBytesColumn()),
        stamp=fields.STORED(),
    )


def key_of(kind: str, object_id: int) -> str:
    return f"{kind}:{object_id}"


def encode(squeezed: str) -> bytes:
    """The searched form of a text; letters outside Thai and Latin all become "?", here and in what is asked."""
    return squeezed.encode(ENCODING, "replace")


def pack(parts: Sequence[str]) -> bytes:
    """Texts in one byte string, most of them a byte a letter; ``unpack`` gives them back."""
    whole = _BETWEEN.join(part.replace(_BETWEEN, " ") for part in parts)
    try:
        return b"\1" + whole.encode(ENCODING)
    except UnicodeEncodeError:
        return b"\2" + whole.encode("utf-8", "replace")


def unpack(packed: bytes) -> list[str]:
    return packed[1:].decode(ENCODING if packed[0] == 1 else "utf-8").split(_BETWEEN)


def prepare(document: Document) -> dict[str, Any]:
    """All of a document's fields, ready for the writer. The only slow step (tokenising): done once, in any process."""
    title, text = repair(document.title), restored(repair(document.text[:_TEXT_LIMIT]))
    beside = repair(document.beside[:_TEXT_LIMIT])
    words: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    starts: list[list[int]] = []
    for folded, weight in ((fold(title), 1 + TITLE_WEIGHT), (fold(text), 1), (fold(beside), 1)):
        starts.append([])
        for token in analyzer.tokens(folded):
            starts[-1].append(token.start)
            words[token.text] += weight
            for part in token.parts:
                parts[part] += weight
    searched = "\n".join(squeeze(fold(part)) for part in (title, text, beside) if part or part is title)
    return {
        "key": key_of(document.kind, document.id),
        "word": words,
        "part": parts,
        "inside": dict.fromkeys(analyzer.words_inside(searched) - words.keys() - parts.keys(), 1),
        "piece": dict.fromkeys(grams(searched), 1),
        "filter": dict.fromkeys(_filter_terms(document), 1),
        "text": encode(searched),
        "breaks": bytes(_steps(starts[1])),
        "day": document.date.toordinal() if document.date else 0,
        "uses": document.uses,
        "shown": pack((key_of(document.kind, document.id), document.external_id, title, text, beside)),
        "stamp": document.stamp,
    }


def _steps(starts: Iterable[int]) -> Iterator[int]:
    """Distances from one place to the next, each in a byte; a long one in several, which adds places in a long gap."""
    at = 0
    for start in starts:
        while start - at > 254:
            yield 254
            at += 254
        yield start - at
        at = start


def _filter_terms(document: Document) -> Iterator[str]:
    yield f"kind={document.kind}"
    for name, values in document.filters.items():
        for value in values:
            yield f"{name}={value}"
    for who in document.visible_to:
        yield f"see={who}"
