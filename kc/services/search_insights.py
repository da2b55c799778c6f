"""How well searching goes, out of the log: what is sought most, what is missing, what was found but not wanted.

Everything here is without names. What others are shown of it while they type (`popular`) several people searched for,
without any filter: what one of them typed beside the words is theirs. Searches of other systems (`by_api`) count among
what is sought and missing, not in the figures of how well the pages do.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import peewee as pw

from kc import clock, fiscal
from kc.db import db
from kc.models import SearchGap, SearchLog, SearchMonth
from kc.services import search_log

LAST_PLACE = 10  # places after it are shown together
MONTHS = 12
ENOUGH_PEOPLE = 3  # who searched for something before it is suggested to others …
ENOUGH_STAND_INS = 10  # … or, where no names are stored, so many of what stands for a person on one day
POPULAR_DAYS = 90
MOST_POPULAR = 500
FRESH = 60.0  # seconds for which an answer is given again


# ---- periods -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """Searches since a moment; `until` is open when it is None."""

    name: str
    since: dt.datetime
    until: dt.datetime | None = None

    @property
    def condition(self) -> pw.Expression:
        after = SearchLog.searched_at >= self.since
        return after & (SearchLog.searched_at < self.until) if self.until else after

    @property
    def knows_people(self) -> bool:
        """Whether every search of it may still have its name, so that people can be counted."""
        return search_log.names_are_kept() and self.since >= search_log.named_since() - dt.timedelta(days=1)


def last_days(days: int) -> Period:
    """Today and the days before it."""
    first = clock.today() - dt.timedelta(days=days - 1)
    return Period(str(days), clock.from_local(dt.datetime.combine(first, dt.time())))


def fiscal_year(year: int) -> Period:
    first, last = fiscal.calendar().bounds(year)
    after = dt.datetime.combine(last + dt.timedelta(days=1), dt.time())
    return Period(str(year), clock.from_local(dt.datetime.combine(first, dt.time())), clock.from_local(after))


# ---- how well it goes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quality:
    """`mrr`: how near to the first place the first hit opened was, 1 at best; None when nothing was opened."""

    searches: int = 0
    failed: int = 0
    opened: int = 0
    reciprocal_ranks: float = 0.0

    @property
    def mrr(self) -> float | None:
        return self.reciprocal_ranks / self.opened if self.opened else None

    @property
    def share_opened(self) -> float:
        return self.opened / self.searches if self.searches else 0.0

    @property
    def share_failed(self) -> float:
        return self.failed / self.searches if self.searches else 0.0

    def __add__(self, other: "Quality") -> "Quality":
        return Quality(
            self.searches + other.searches,
            self.failed + other.failed,
            self.opened + other.opened,
            self.reciprocal_ranks + other.reciprocal_ranks,
        )


def _on_pages() -> pw.Expression:
    """Condition: people searched on our pages; another system's searches open nothing here."""
    return SearchLog.by_api == False  # noqa: E712


def _count_if(condition: pw.Expression) -> pw.Function:
    return pw.fn.SUM(pw.Case(None, [(condition, 1)], 0))


_NEARNESS = pw.fn.SUM(pw.Case(None, [(SearchLog.opened_place.is_null(False), 1.0 / SearchLog.opened_place)], 0.0))


def _quality_columns() -> list[Any]:
    return [
        pw.fn.COUNT(SearchLog.id),
        _count_if(SearchLog.failing()),
        pw.fn.COUNT(SearchLog.opened_place),
        _NEARNESS,
    ]


def quality(period: Period) -> Quality:
    """The figures of a period; None of them is about one person."""
    row = SearchLog.select(*_quality_columns()).where(period.condition, _on_pages()).tuples().first()
    return Quality(row[0], int(row[1] or 0), row[2], float(row[3] or 0))


def by_month() -> list[tuple[dt.date, Quality]]:
    """The last twelve months, oldest first, with those whose searches are only counted any more."""
    first = clock.today().replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - dt.timedelta(days=1)).replace(day=1))
    found = dict.fromkeys(reversed(months), Quality())
    for row in SearchMonth.select().where(SearchMonth.month >= months[-1]):
        found[row.month] = Quality(row.searches, row.failed, row.opened, row.reciprocal_ranks)
    begins = [(clock.from_local(dt.datetime.combine(month, dt.time())), month) for month in months]
    nth = pw.Case(None, [(SearchLog.searched_at >= begin, n) for n, (begin, _month) in enumerate(begins)])
    rows = SearchLog.select(nth.alias("nth"), *_quality_columns()).where(SearchLog.searched_at >= begins[-1][0])
    for n, searches, failing, opened, nearness in rows.where(_on_pages()).group_by(pw.SQL("nth")).tuples():
        found[months[n]] += Quality(searches, int(failing), opened, float(nearness))
    return list(found.items())


def places(period: Period) -> list[tuple[int, int]]:
    """How often the first hit opened stood at each place, 1 to `LAST_PLACE`; the next number: at any place after."""
    counts = dict.fromkeys(range(1, LAST_PLACE + 2), 0)
    rows = SearchLog.select(SearchLog.opened_place, pw.fn.COUNT(SearchLog.id)).where(
        period.condition & SearchLog.opened_place.is_null(False)
    )
    for place, count in rows.group_by(SearchLog.opened_place).tuples():
        counts[min(place, LAST_PLACE + 1)] += count
    return list(counts.items())


# ---- what was searched for -----------------------------------------------------------------------------------------


@dataclass
class Asked:
    """The same words, however typed. `people` is None where they cannot be counted. `gap`: what is done about it."""

    key: str
    text: str
    count: int
    people: int | None
    last_at: dt.datetime
    opened: int
    nearness: float
    gap: SearchGap | None = None
    requests: int = 0

    @property
    def share_opened(self) -> float:
        return self.opened / self.count

    @property
    def place(self) -> float | None:
        """Where what they opened stood, on the whole: the place whose nearness is the mean."""
        return self.opened / self.nearness if self.nearness else None


def _person() -> Any:
    """What tells people apart: the name, else the day's stand-in for it; nothing when both are forgotten."""
    by_name = pw.fn.COALESCE(SearchLog.employee.cast("TEXT"), SearchLog.visitor)
    return pw.fn.NULLIF(by_name, "")


_UNFILTERED = SearchLog.filters == "{}"


def _asked(period: Period, *conditions: pw.Expression) -> pw.ModelSelect:
    return (
        SearchLog.select(
            SearchLog.key,
            pw.fn.COALESCE(pw.fn.MIN(pw.Case(None, [(_UNFILTERED, SearchLog.text)])), pw.fn.MIN(SearchLog.text)),
            pw.fn.COUNT(SearchLog.id).alias("n"),
            pw.fn.COUNT(pw.fn.DISTINCT(_person())),
            pw.fn.MAX(SearchLog.searched_at).alias("last_at"),
            pw.fn.COUNT(SearchLog.opened_place),
            _NEARNESS,
        )
        .where(period.condition, SearchLog.key != "", *conditions)
        .group_by(SearchLog.key)
        .order_by(pw.SQL("n").desc(), pw.SQL("last_at").desc())
    )


def _read(period: Period, query: pw.ModelSelect) -> list[Asked]:
    return [
        Asked(key, text, count, people if period.knows_people else None, last_at, opened, float(nearness or 0))
        for key, text, count, people, last_at, opened, nearness in query.tuples()
    ]


def frequent(period: Period, limit: int = 20) -> list[Asked]:
    """What is searched for most."""
    return _read(period, _asked(period).limit(limit))


def failed(period: Period, limit: int = 50, offset: int = 0) -> list[Asked]:
    """What people sought and nothing has; searches within filters aside, for elsewhere it may be there."""
    return _read(period, _asked(period, SearchLog.failing(), _UNFILTERED).limit(limit).offset(offset))


def abandoned(period: Period, limit: int = 20) -> list[Asked]:
    """What was found, but nobody opened any of it, nor searched better afterwards."""
    later = SearchLog.alias()
    found_later = pw.fn.EXISTS(later.select(later.id).where(search_log.better_of(SearchLog, later)))
    unhelped = (SearchLog.opened_place.is_null(), ~SearchLog.helped_later, ~found_later)
    conditions = (SearchLog.total > 0, ~SearchLog.alike, _on_pages(), *unhelped)
    return _read(period, _asked(period, *conditions).limit(limit))


@dataclass(frozen=True)
class Again:
    """After `text` so many people typed `better`, and opened what that found."""

    text: str
    better: str
    count: int


def searched_again(period: Period, limit: int = 20, at_least: int = 2) -> list[Again]:
    """What people typed next when a search did not help, and then opened: words that may mean the same.

    Several people, as long as they can be told apart: one person's way of searching is nobody else's.
    """
    better = SearchLog.alias()
    people = pw.fn.COUNT(pw.fn.DISTINCT(_person()))
    rows = (
        SearchLog.select(pw.fn.MIN(SearchLog.text), pw.fn.MIN(better.text), people.alias("n"))
        .join(better, on=search_log.better_of(SearchLog, better))
        .where(period.condition, SearchLog.opened_place.is_null(), SearchLog.key != better.key)
        .where(SearchLog.key != "", better.key != "", _UNFILTERED, better.filters == "{}")
        .group_by(SearchLog.key, better.key)
        .having(people >= at_least)
        .order_by(pw.SQL("n").desc(), pw.fn.MAX(SearchLog.id).desc())
        .limit(limit)
    )
    return [Again(*row) for row in rows.tuples()]


def count_of(key: str, period: Period) -> tuple[int, int]:
    """How often these words were searched for, and how often that led to nothing."""
    row = SearchLog.select(pw.fn.COUNT(SearchLog.id), _count_if(SearchLog.failing()))
    count, without = row.where(period.condition & (SearchLog.key == key)).tuples().first()
    return count, int(without or 0)


# ---- for others, while they type -----------------------------------------------------------------------------------

_answers: WeakKeyDictionary[pw.Database, dict[Any, tuple[float, Any]]] = WeakKeyDictionary()


def forget_answers() -> None:
    """Ask the database again at once; for tests and after the rows were changed from outside."""
    _answers.clear()


def _for_a_minute(what: Any, ask: Callable[[], Any]) -> Any:
    """The answer of `ask`, the same one for a minute."""
    answers, now = _answers.setdefault(db.obj, {}), time.monotonic()
    known = answers.get(what)
    if known is None or now - known[0] > FRESH:
        if len(answers) > 1000:
            answers.clear()
        known = answers[what] = (now, ask())
    return known[1]


def popular(begun: str = "", limit: int = 5) -> list[str]:
    """What several people searched for, found and opened lately, the most frequent first, as most of them typed it.

    Where no names are stored people are told apart for two days only, so it takes that many within them.

    `begun`: the key (`search_log.key_of`) of what stands in the box. Cheap: asked of the database once a minute.
    """
    known: list[tuple[str, str]] = _for_a_minute("popular", _popular)
    return [text for key, text in known if key.startswith(begun)][:limit]


def _popular() -> list[tuple[str, str]]:
    period = last_days(POPULAR_DAYS)
    enough = ENOUGH_PEOPLE if search_log.names_are_kept() else ENOUGH_STAND_INS
    liked = (SearchLog.opened_place.is_null(False), SearchLog.total > 0, _UNFILTERED, _on_pages())
    query = _asked(period, *liked).having(pw.fn.COUNT(pw.fn.DISTINCT(_person())) >= enough)
    keys = [row.key for row in _read(period, query.limit(MOST_POPULAR))]
    texts = _as_most_typed(keys, period.condition, *liked)
    return [(key, texts[key]) for key in keys if key in texts]


def _as_most_typed(keys: list[str], *conditions: pw.Expression) -> dict[str, str]:
    """Key -> the text that most people typed for it, of equals the latest."""
    columns = (SearchLog.key, SearchLog.text)
    order = (pw.fn.COUNT(pw.fn.DISTINCT(_person())), pw.fn.COUNT(SearchLog.id), pw.fn.MAX(SearchLog.searched_at))
    rows = SearchLog.select(*columns).where(SearchLog.key.in_(keys), *conditions).group_by(*columns).order_by(*order)
    return dict(rows.tuples())  # the last one of a key stays
