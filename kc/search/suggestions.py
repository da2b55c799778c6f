"""What somebody may be about to type: titles, people and communities of the index, and whole words of its vocabulary.

Of each segment the letters of its titles are kept, kind by kind, as one string of bytes; a keystroke is a few
``bytes.find``. A table lives as long as its segment, so an added document costs a small table and the rest stays. Who
may see a title, and whether it still stands in the index, is asked of the snapshot at every keystroke.

Two forms of every text: ``letters`` (folded, nothing but letters and digits) and its ``skeleton`` (no tone marks or
vowels above and below), which forgives faults. Typing goes on, so a match may end inside a cluster (หนี of หนี้); what is
shown and marked never does.
"""

import heapq
import logging
import re
import threading
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from markupsafe import Markup, escape

from kc import thai
from kc.search import analyzer, language
from kc.search.postings import Array
from kc.search.schema import ENCODING
from kc.search.snapshot import Snapshot
from kc.search.text import fold, skeleton
from kc.thai.repair import THAI

log = logging.getLogger(__name__)

KINDS = ("knowledge", "person", "community")
LONGEST = 200  # letters typed that are looked at
_SMALL = 2_000  # documents of a segment that is read at once; a larger one is read by a thread of its own
_LOOKED_AT = 40  # titles compared before the best are chosen
_WORDS_WEIGHED = 8  # completions whose documents are looked up
_SHORTEST_SKELETON = 3


# ---- what is asked of the index: all of it stands here --------------------------------------------------------------


class Source(NamedTuple):
    """One segment: what it is known by, where its document numbers begin, how many there are; titles and words."""

    segment: Any
    offset: int
    size: int
    titles: Callable[[], Iterator[tuple[int, str, int, str]]]  # number within the segment, kind, id, title
    words: Callable[[], Iterator[tuple[str, int]]]  # a word of the vocabulary, how many documents have it


def entries(snapshot: Snapshot) -> list[Source]:
    """The segments of an index, to be read when a table is made of them."""

    def titles(offset: int, size: int) -> Iterator[tuple[int, str, int, str]]:
        for number in range(size):
            key, _, title, *_ = snapshot.stored(offset + number)
            kind, _, object_id = key.partition(":")
            if kind in KINDS:
                yield number, kind, int(object_id), title

    def words(reader: Any) -> Iterator[tuple[str, int]]:
        for term in reader.field_terms("word"):
            yield term, reader.doc_frequency("word", term)

    return [
        Source(leaf, offset, leaf.size, partial(titles, offset, leaf.size), partial(words, leaf.reader))
        for offset, leaf in snapshot.leaves
    ]


def _title(snapshot: Snapshot, document: int) -> str:
    return snapshot.stored(document)[2]


def _having(snapshot: Snapshot, word: str) -> Array:
    """The documents that have a word."""
    return snapshot.having("word", word)


# ---- letters --------------------------------------------------------------------------------------------------------

_NOT_LETTERS = re.compile(f"[^a-z0-9{THAI}]+")
_THAI_WORD = re.compile(f"[ก-ฮเ-ไ][{THAI}]*[^เ-ไัฺ]")  # begins like a word, and does not end before its end
_BEGINS = re.compile("[a-z0-9ก-ฮเ-ไ]")
_LATIN_WORD = re.compile("[a-z]{3,}(?:[-&+][a-z0-9]+)*")


def letters(text: str) -> str:
    """The letters and digits of a text, folded: what is compared."""
    return _NOT_LETTERS.sub("", fold(text))


def _encode(text: str) -> bytes:
    return text.encode(ENCODING, "ignore")


def _places(text: str, bare: bool) -> tuple[str, list[int]]:
    """``letters`` of a text (or their skeleton), and where in the text each of them stands."""
    kept: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(fold(text)):
        letter = _NOT_LETTERS.sub("", letter)
        if bare:
            letter = skeleton(letter)
            if letter == "เ" and kept and kept[-1] == "เ":
                continue
        if letter:
            kept.append(letter)
            places.append(place)
    return "".join(kept), places


def marked(text: str, typed: str) -> Markup:
    """``text`` with the part that was typed in <mark>, whole clusters; safe HTML."""
    for wanted in (letters(typed), *map(letters, typed.split())):
        for bare in (False, True):
            needle = skeleton(wanted) if bare else wanted
            known, places = _places(text, bare)
            at = known.find(needle) if needle else -1
            if at >= 0 and not (bare and len(needle) < _SHORTEST_SKELETON):
                return _with_mark(text, places[at], places[at + len(needle) - 1] + 1)
    return escape(text)


def _with_mark(text: str, start: int, end: int) -> Markup:
    before, inside, after, at = "", "", "", 0
    for cluster in thai.graphemes(text):
        if at + len(cluster) <= start:
            before += cluster
        elif at < end:
            inside += cluster
        else:
            after += cluster
        at += len(cluster)
    return Markup("{}<mark>{}</mark>{}").format(before, inside, after)


# ---- what is kept of a segment --------------------------------------------------------------------------------------


class _Lines:
    """Many short texts in one string of bytes; finds the numbers of those that hold a needle."""

    __slots__ = ("whole", "starts")

    def __init__(self, texts: Iterable[bytes]) -> None:
        parts, self.starts, at = [b""], array("I"), 0
        for text in texts:
            self.starts.append(at)
            parts.append(text)
            at += len(text) + 1
        self.whole = b"\n".join(parts) + b"\n"

    def __len__(self) -> int:
        return len(self.starts)

    def line(self, row: int) -> bytes:
        return self.whole[self.starts[row] + 1 : self.whole.index(b"\n", self.starts[row] + 1)]

    def having(self, needle: bytes) -> Iterator[int]:
        """Rows with the needle, each once; a needle that begins with a line end: rows that begin with the rest."""
        find, starts, at = self.whole.find, self.starts, 0
        while (at := find(needle, at)) >= 0:
            row = bisect_right(starts, at) - 1
            yield row
            if row + 1 >= len(starts):
                return
            at = starts[row + 1]


@dataclass(slots=True)
class _Names:
    """The titles of one kind, newest first."""

    plain: _Lines
    bare: _Lines
    numbers: Any
    ids: Any


class _Table:
    """What is kept of one segment."""

    def __init__(self, source: Source) -> None:
        self.names = _names(source.titles())
        known = sorted((_encode(word), count) for word, count in source.words() if _is_word(word, count))
        self.words = _Lines(word for word, _ in known)
        self.counts = array("I", (count for _, count in known))
        self.bare_words = _Lines(_encode(skeleton(word.decode(ENCODING))) for word, _ in known)

    def size(self) -> int:
        """Bytes held, nearly."""
        lines = [self.words, self.bare_words, *(each for n in self.names.values() for each in (n.plain, n.bare))]
        return sum(len(each.whole) + 4 * len(each) for each in lines) + 8 * sum(map(len, lines))


def _names(titles: Iterable[tuple[int, str, int, str]]) -> dict[str, _Names]:
    by_kind: dict[str, list[tuple[int, int, str]]] = {}
    for number, kind, object_id, title in titles:
        known = letters(_shown(kind, title))
        if known:
            by_kind.setdefault(kind, []).append((object_id, number, known))
    found = {}
    for kind, rows in by_kind.items():
        rows.sort(reverse=True)
        found[kind] = _Names(
            _Lines(_encode(known) for _, _, known in rows),
            _Lines(_encode(skeleton(known)) for _, _, known in rows),
            array("I", (number for _, number, _ in rows)),
            array("I", (object_id for object_id, _, _ in rows)),
        )
    return found


def _shown(kind: str, title: str) -> str:
    """A title as it is suggested: people by their names, without นาย or นางสาว."""
    return thai.strip_title(title)[1] or title if kind == "person" else title


def _is_word(word: str, count: int) -> bool:
    """A whole word that may be shown: no numbers or addresses, nothing broken, no slip of a single document."""
    if not 2 <= len(word) <= 40:
        return False
    if _LATIN_WORD.fullmatch(word):
        return count > 1
    return bool(_THAI_WORD.fullmatch(word)) and (
        count > 1 or word in _dictionary() or word in language.tokenizer_words()
    )


@cache
def _dictionary() -> frozenset[str]:
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())


_tables: WeakKeyDictionary[Any, _Table] = WeakKeyDictionary()
_making = threading.Lock()
_underway: set[int] = set()


def _table(source: Source) -> _Table | None:
    """The table of a segment; None while a large one is being read."""
    known = _tables.get(source.segment)
    if known is not None:
        return known
    if source.size <= _SMALL:
        return _make(source)
    with _making:
        if id(source.segment) not in _underway:
            _underway.add(id(source.segment))
            threading.Thread(target=_make_aside, args=(source,), name="suggestions", daemon=True).start()
    return None


def _make(source: Source) -> _Table:
    made = _Table(source)
    _tables[source.segment] = made
    return made


def _make_aside(source: Source) -> None:
    try:
        _make(source)
    except Exception:  # a segment that was merged away meanwhile: the next snapshot has another one
        log.info("suggestions: a segment could not be read", exc_info=True)
    finally:
        _underway.discard(id(source.segment))


def warm(snapshot: Snapshot) -> None:
    """Read what is new before somebody types; large segments by a thread of their own."""
    list(analyzer.word_places("คำ"))  # thai-data: the tokenizer reads its dictionary at its first word
    for source in entries(snapshot):
        _table(source)


def prepare(snapshot: Snapshot) -> int:
    """Make every table now, however long it takes; returns the bytes held. For benchmarks and tests."""
    return sum((_tables.get(source.segment) or _make(source)).size() for source in entries(snapshot))


# ---- suggesting -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to choose. ``kind``: "word" completes what was typed (``text`` is all of it); else a thing to open."""

    kind: str
    id: int
    text: str
    marked: Markup


@dataclass(frozen=True, slots=True)
class Suggested:
    """Whole words that complete what was typed, and things by kind. ``read_as``: it was typed in the other layout."""

    words: list[Suggestion] = field(default_factory=list)
    things: dict[str, list[Suggestion]] = field(default_factory=dict)
    read_as: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or any(self.things.values()))


def suggest(snapshot: Snapshot, typed: str, permitted: Array, limit: int = 5) -> Suggested:
    """For what was typed so far, of the documents ``permitted``; ``limit`` of each group. Never raises for any text.

    The other keyboard layout is tried when there is nothing otherwise.
    """
    text = thai.clean_line(typed[:LONGEST])
    permitted = permitted & snapshot.alive
    if not letters(text) or not permitted.any():
        return Suggested()
    sources = [(source.offset, table) for source in entries(snapshot) if (table := _table(source)) is not None]
    found = _suggest(snapshot, sources, text, permitted, limit)
    if found or _is_known(snapshot, text, permitted):
        return found
    other = thai.clean_line(thai.keyboard_swap(typed[:LONGEST]))
    if not letters(other):
        return found
    meant = _suggest(snapshot, sources, other, permitted, limit)
    return replace(meant, read_as=other) if meant or _is_known(snapshot, other, permitted) else found


def _is_known(snapshot: Snapshot, text: str, permitted: Array) -> bool:
    """Whether all its words stand in documents one may see: then it is meant as it stands."""
    words = analyzer.words(text)
    return bool(words) and all((_having(snapshot, word) & permitted).any() for word in words)


_Tables = list[tuple[int, _Table]]


def _suggest(snapshot: Snapshot, tables: _Tables, text: str, permitted: Array, limit: int) -> Suggested:
    return Suggested(
        _completions(snapshot, tables, text, permitted, limit),
        {kind: _things(snapshot, tables, kind, text, permitted, limit) for kind in KINDS},
    )


def _things(
    snapshot: Snapshot, tables: _Tables, kind: str, text: str, permitted: Array, limit: int
) -> list[Suggestion]:
    """The titles of a kind that fit best: those that begin with it, have it, have its words, or nearly so."""
    found: dict[int, int] = {}  # document: id
    for forgiving, rows_of in _ways(text):
        if found and forgiving:  # ขาว and ข้าว stay apart where there is either
            break
        several: list[tuple[int, int]] = []
        for offset, table in tables:
            names = table.names.get(kind)
            if names is not None:
                several += _allowed_rows(names, rows_of(names), offset, permitted)
        for document, object_id in sorted(several, key=lambda item: -item[1]):
            found.setdefault(document, object_id)
        if len(found) >= limit:
            break
    return _first_of_each_name(snapshot, kind, found, text, limit)


def _ways(text: str) -> Iterator[tuple[bool, Callable[[_Names], Iterable[int]]]]:
    """Ways to find a title, best first: whether faults are forgiven, and what gives the rows."""
    whole = _encode(letters(text))
    bare = _encode(skeleton(letters(text)))
    words = [_encode(letters(word)) for word in text.split()]
    yield False, lambda names: names.plain.having(b"\n" + whole)
    yield False, lambda names: names.plain.having(whole)
    if len(words) > 1 and all(words):
        longest = max(words, key=len)
        yield (
            False,
            lambda names: (
                row for row in names.plain.having(longest) if all(word in names.plain.line(row) for word in words)
            ),
        )
    if len(bare) >= _SHORTEST_SKELETON:
        yield True, lambda names: names.bare.having(b"\n" + bare)
        yield True, lambda names: names.bare.having(bare)


def _allowed_rows(names: _Names, rows: Iterable[int], offset: int, permitted: Array) -> list[tuple[int, int]]:
    """The first rows somebody may see, as (document, id)."""
    found = []
    for row in rows:
        document = offset + names.numbers[row]
        if permitted[document]:
            found.append((document, names.ids[row]))
            if len(found) >= _LOOKED_AT:
                break
    return found


def _first_of_each_name(
    snapshot: Snapshot, kind: str, found: dict[int, int], text: str, limit: int
) -> list[Suggestion]:
    """Communities keep their names over the years: the newest stands for all."""
    chosen: dict[str, Suggestion] = {}
    for document, object_id in found.items():
        title = _shown(kind, _title(snapshot, document))
        same = str(object_id) if kind == "person" else letters(title)
        if same not in chosen:
            chosen[same] = Suggestion(kind, object_id, title, marked(title, text))
            if len(chosen) >= limit:
                break
    return list(chosen.values())


def _completions(snapshot: Snapshot, tables: _Tables, text: str, permitted: Array, limit: int) -> list[Suggestion]:
    """What was typed, its last word completed to words that documents have together with the words before it."""
    folded = fold(text)
    places = list(analyzer.word_places(folded))
    if not places or places[-1][1] != len(folded):
        return []
    chosen: dict[str, Suggestion] = {}
    for forgiving in (False, True):
        for back in (3, 2, 1):  # a word half typed is often cut into several
            last = places[-back:]
            if len(last) < back or any(one[1] != next_[0] for one, next_ in pairwise(last)):
                continue
            start = last[0][0]
            among = _with_words(snapshot, (folded[a:b] for a, b in places[:-back]), permitted)
            for word in _words(snapshot, tables, folded[start:], among, permitted, limit, forgiving):
                whole = text[:start] + word
                chosen.setdefault(letters(whole), Suggestion("word", 0, whole, marked(whole, text)))
        if chosen:
            break
    return list(chosen.values())[:limit]


def _with_words(snapshot: Snapshot, before: Iterable[str], permitted: Array) -> Array:
    """The documents that have the words before the last; all of them when none has."""
    among = permitted
    for word in before:
        if word not in analyzer.stop_words():
            among = among & _having(snapshot, word)
    return among if among.any() else permitted


def _words(
    snapshot: Snapshot, tables: _Tables, begun: str, among: Array, permitted: Array, limit: int, forgiving: bool
) -> list[str]:
    """Words that begin with ``begun``, those that most documents of ``among`` have first."""
    counts: dict[str, int] = {}
    for _, table in tables:
        for row in _rows_with(table, begun, forgiving):
            word = table.words.line(row).decode(ENCODING)
            if word != begun:
                counts[word] = counts.get(word, 0) + table.counts[row]
    best = heapq.nlargest(_WORDS_WEIGHED, counts, key=lambda word: (counts[word], word))
    if among is permitted and permitted.sum() == snapshot.count:
        return best[:limit]
    weighed = {word: int(np.count_nonzero(_having(snapshot, word) & among)) for word in best}
    return sorted((word for word in best if weighed[word]), key=lambda word: -weighed[word])[:limit]


def _rows_with(table: _Table, begun: str, forgiving: bool) -> Iterable[int]:
    """The rows of words that begin so, those of most documents."""
    if len(begun) < 2 or not _BEGINS.match(begun):
        return ()
    if forgiving:
        if begun in _dictionary():  # ก้อน is meant, not ก่อน
            return ()
        bare = _encode(skeleton(begun))
        rows = list(table.bare_words.having(b"\n" + bare)) if len(bare) >= _SHORTEST_SKELETON else []
    else:
        rows = list(table.words.having(b"\n" + _encode(begun)))
    return heapq.nlargest(_LOOKED_AT, rows, key=table.counts.__getitem__)
