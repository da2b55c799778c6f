"""Import, index and search, beside SQLite's own full-text search on the same articles and questions."""

from collections.abc import Callable
from typing import Any

from benchmarks import documents, questions
from benchmarks.baselines import FullText
from benchmarks.measure import Row, Times, stopwatch, timed
from benchmarks.organisation import Place, kc

SEARCH = "Search"
KEYWORD, LONG, MRR = "Keyword query", "Long question", "MRR@10 of keyword queries"
FIRST_TEN = "The one article meant is among the first ten"
# Milliseconds at the median and for 95 of 100, at so many articles.
LIMITS = {
    (KEYWORD, 1_000): (1, 3), (KEYWORD, 10_000): (2, 6), (KEYWORD, 50_000): (6, 20),
    (LONG, 1_000): (3, 10), (LONG, 10_000): (6, 20), (LONG, 50_000): (20, 60),
}  # fmt: skip
MOST_BESIDE_FTS = 0.25  # of FTS5's p95
MOST_MRR_LOST = 0.03
LEAST_INDEXED = 150.0  # articles a second, cutting words included


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
        least_per_second=LEAST_INDEXED if count >= 1_000 else None,
    )  # fmt: skip


def search_rows(place: Place, number: int) -> list[Row]:
    """In process, needs an open connection: our engine and FTS5, the same questions in the same order."""
    from kc import search

    fts, count = FullText(place.folder / "fts5.sqlite3"), len(place.made)
    asked = questions.sets(number, place.made)
    mixed = documents.questions(number, place.made)
    place.facts["fts_p50"] = _run(mixed, lambda q: fts.ask(q.text))[0].p50
    place.facts["engine_p50"] = _run(mixed, lambda q: _ours(q.text))[0].p50
    keyword, by_keyword = _run(asked.keyword, lambda q: _ours(q.text))
    keyword_fts, by_keyword_fts = _run(asked.keyword, lambda q: fts.ask(q.text))
    long, by_long = _run(asked.long, lambda q: _ours(q.text))
    long_fts, by_long_fts = _run(asked.long, lambda q: fts.ask_long(q.text))
    slips, by_slips = _run(asked.misspelt, lambda q: _ours(q.text))
    slips_fts, by_slips_fts = _run(asked.misspelt, lambda q: fts.ask(q.text))
    instead = 100 * sum(1 for q in asked.misspelt if search.search(q.text).corrected) / number
    return [
        _beside(KEYWORD, count, keyword, keyword_fts),
        _beside(LONG, count, long, long_fts),
        Row(SEARCH, FIRST_TEN, count, value=100 * share_in_ten(asked.long, by_long), unit="%",
            baseline=f"FTS5 trigram {100 * share_in_ten(asked.long, by_long_fts):.0f} %"),
        Row(SEARCH, MRR, count, value=mrr(asked, asked.keyword, by_keyword),
            baseline=f"FTS5 trigram {mrr(asked, asked.keyword, by_keyword_fts):.3f}"),
        Row(SEARCH, "Misspelt query", count, slips.p50, slips.p95, slips.cpu_p50, slips.per_second,
            baseline=_milliseconds(slips_fts), ratio=slips.p95 / slips_fts.p95),
        Row(SEARCH, "Misspelt query, MRR@10", count, value=mrr(asked, asked.misspelt, by_slips),
            note=f"{instead:.0f} % corrected",
            baseline=f"FTS5 trigram {mrr(asked, asked.misspelt, by_slips_fts):.3f}"),
        Row(SEARCH, "Questions that find something", count, value=answered(mixed, lambda q: search.search(q).total),
            unit="%", baseline=f"FTS5 trigram {answered(mixed, lambda q: len(fts.ask(q))):.0f} %"),
    ]  # fmt: skip


def rows_of_growth(rows: list[Row]) -> list[Row]:
    """What only several sizes together tell: the time keyword queries gain, the answers they lose."""
    found = {(row.name, row.documents): row for row in rows}
    sizes = sorted(size for name, size in found if name == MRR and size)
    made = []
    for size in sizes[1:]:
        lost = (found[MRR, sizes[0]].value or 0) - (found[MRR, size].value or 0)
        made.append(Row(SEARCH, f"MRR@10 lost since {sizes[0]:,} articles", size, value=lost, limit=MOST_MRR_LOST))
    if {1_000, 10_000} <= set(sizes):
        growth = (found[KEYWORD, 10_000].p50 or 0) / (found[KEYWORD, 1_000].p50 or 1)
        made.append(Row(SEARCH, "Keyword query, p50 grown since 1,000", 10_000, value=growth, unit="×", limit=3))
    return made


def _ours(text: str) -> list[str]:
    from kc import search

    return [hit.external_id for hit in search.search(text, per_page=10).hits]


def _beside(name: str, count: int, ours: Times, theirs: Times) -> Row:
    most, most_p95 = LIMITS.get((name, count), (None, None))
    return Row(
        SEARCH, name, count, ours.p50, ours.p95, ours.cpu_p50, ours.per_second, baseline=_milliseconds(theirs),
        ratio=ours.p95 / theirs.p95, limit=most, limit_p95=most_p95,
        limit_ratio=MOST_BESIDE_FTS if count >= 1_000 else None,
    )  # fmt: skip


def _milliseconds(theirs: Times) -> str:
    return f"FTS5 trigram {theirs.p50:.2f} / {theirs.p95:.2f} ms"


def mrr(asked: questions.Sets, of: list[questions.Asked], answers: list[list[str]]) -> float:
    """Mean of 1 / the place of the first answer that is right among the first ten."""
    ranks = (_rank(asked, question, names) for question, names in zip(of, answers, strict=True))
    return sum(1 / rank for rank in ranks if rank) / len(of)


def _rank(asked: questions.Sets, question: questions.Asked, names: list[str]) -> int:
    right = (n for n, name in enumerate(names[:10], 1) if name and question.is_answered_by(asked.articles[name]))
    return next(right, 0)


def share_in_ten(of: list[questions.Asked], answers: list[list[str]]) -> float:
    return sum(q.expected in names for q, names in zip(of, answers, strict=True)) / len(of)


def answered(of: list[documents.Question], count: Callable[[str], int]) -> float:
    return 100 * sum(1 for q in of if count(q.text)) / len(of)


def _run(of: list[Any], ask: Callable[[Any], list[str]]) -> tuple[Times, list[list[str]]]:
    """Times of all questions, after a first round of some for warmth; and the answers."""
    for question in of[:12]:
        ask(question)
    answers: list[list[str]] = []
    return timed(lambda q=q: answers.append(ask(q)) for q in of), answers
