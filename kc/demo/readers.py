"""Who read what, and when: plain arithmetic with a fixed seed, so that every demo has the same history."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kc.demo.source import ArticleRow, Person

LAST_DAY = date(2026, 11, 20)  # the story is told up to here
FEWEST, MOST = 11, 72  # visits of the least and the most read article
DOWNLOADS_PER_VISIT = 0.34
# Some things everybody asks for; the rest is a matter of taste.
POPULAR_WORDS = {"หนี้": 1.7, "คิว": 1.5, "ประกัน": 1.3, "คู่มือ": 1.3, "ค่าไฟ": 1.4, "ซอง": 1.3}  # thai-data


@dataclass(frozen=True)
class Visit:
    day: date
    employee_id: str
    article_id: str
    downloads: bool


def visits(articles: Iterable[ArticleRow], people: Iterable[Person], seed: int) -> list[Visit]:
    """Every visit of every published article, in the order of days."""
    chance = random.Random(seed)
    staff = list(people)
    told = [
        visit
        for article in sorted(articles, key=lambda row: row.id)
        if article.published_on
        for visit in _visits(article, staff, chance)
    ]
    return sorted(told, key=lambda visit: (visit.day, visit.article_id, visit.employee_id))


def _visits(article: ArticleRow, staff: list[Person], chance: random.Random) -> Iterator[Visit]:
    assert article.published_on is not None
    span = (LAST_DAY - article.published_on).days
    readers = [person for person in staff if person.employee_id not in article.authors]
    seen: set[tuple[date, str]] = set()
    for _nth in range(_how_many(article, span, chance)):
        day = _working_day(article.published_on, span, chance)
        person = chance.choice(readers)
        if not here_on(person, day) or (day, person.employee_id) in seen:
            continue
        seen.add((day, person.employee_id))
        yield Visit(day, person.employee_id, article.id, chance.random() < DOWNLOADS_PER_VISIT)


def _how_many(article: ArticleRow, span: int, chance: random.Random) -> int:
    liking = chance.betavariate(1.6, 3.2)
    for word, factor in POPULAR_WORDS.items():
        liking *= factor if word in article.title else 1
    # What came out last week has not had its readers yet.
    age = min(1.0, (span + 25) / 90)
    return round(age * (FEWEST + liking * (MOST - FEWEST)))


def _working_day(published_on: date, span: int, chance: random.Random) -> date:
    """Most read what is new; some find it much later."""
    after = min(int(chance.expovariate(1 / 24)), span) if chance.random() < 0.6 else chance.randint(0, max(span, 0))
    day = published_on + timedelta(days=after)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return min(day, LAST_DAY)


def here_on(person: Person, day: date) -> bool:
    """Was this person on the staff that day?"""
    return person.joined_on <= day and (person.left_on is None or day < person.left_on)
