"""Import, index and search, beside SQLite's own full-text search on the same articles and questions."""

from collections.abc import Callable

from benchmarks import documents
from benchmarks.baselines import FullText
from benchmarks.measure import Row, Times, stopwatch, timed
from benchmarks.organisation import Place, kc

SEARCH = "Search"


def import_rows(place: Place, say: Callable[[str], None]) -> list[Row]:
    """`kc import-knowledge` of everything (index complete when it returns), `kc reindex`, and FTS5 over the same."""
    count = len(place.made)
    say(f"importing {count:,} articles ({place.megabytes:.1f} MB)")
    with stopwatch() as importing:
        kc("import-knowledge", str(place.folder / "articles.jsonl"))
    say("building the index anew")
    with stopwatch() as indexing:
        kc("reindex")
    say("filling SQLite FTS5")
    fts = FullText(place.folder / "fts5.sqlite3").fill(place.made)
    return [
        _rate(place, "Import with index (kc import-knowledge)", importing(), fts),
        _rate(place, "Index alone (kc reindex)", indexing(), fts),
    ]


def _rate(place: Place, name: str, seconds: float, fts: float) -> Row:
    count = len(place.made)
    return Row(
        SEARCH, name, count, value=seconds, unit="s", per_second=count / seconds,
        note=f"{place.megabytes / seconds:.2f} MB/s", baseline=f"FTS5 trigram {fts:.1f} s", ratio=seconds / fts,
    )  # fmt: skip


def asked(place: Place, number: int) -> list[documents.Question]:
    return documents.questions(number, place.made)


def search_rows(place: Place, number: int) -> list[Row]:
    """In process, needs an open connection: our engine and FTS5, the same questions in the same order."""
    from kc import search

    questions = asked(place, number)
    fts = FullText(place.folder / "fts5.sqlite3")
    ours, found = _run(questions, lambda q: [hit.external_id for hit in search.search(q, per_page=10).hits])
    theirs, found_by_fts = _run(questions, fts.ask)
    place.facts["fts_p50"] = theirs.p50
    count, known = len(place.made), sum(1 for q in questions if q.expected)
    beside = f"FTS5 trigram {theirs.p50:.2f} / {theirs.p95:.2f} ms"
    return [
        Row(SEARCH, "Search in process", count, ours.p50, ours.p95, ours.cpu_p50, ours.per_second,
            baseline=beside, ratio=ours.p50 / theirs.p50),
        Row(SEARCH, "The one article meant is among the first ten", count, value=100 * found / known, unit="%",
            baseline=f"FTS5 trigram {100 * found_by_fts / known:.0f} %"),
        Row(SEARCH, "Questions that find something", count, value=answered(questions, lambda q: search.search(q).total),
            unit="%", baseline=f"FTS5 trigram {answered(questions, lambda q: len(fts.ask(q))):.0f} %"),
    ]  # fmt: skip


def answered(questions: list[documents.Question], count: Callable[[str], int]) -> float:
    return 100 * sum(1 for q in questions if count(q.text)) / len(questions)


def _run(questions: list[documents.Question], ask: Callable[[str], list[str]]) -> tuple[Times, int]:
    """Times of all questions, after a first round of some for warmth; how many known articles were in the first ten."""
    for question in questions[:12]:
        ask(question.text)
    answers: list[list[str]] = []
    times = timed(lambda q=q: answers.append(ask(q.text)) for q in questions)
    found = sum(q.expected in names for q, names in zip(questions, answers, strict=True) if q.expected)
    return times, found
