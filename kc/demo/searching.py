"""What the bank's people searched for and opened, what they missed and said so: plain arithmetic with a fixed seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kc.demo import readers, source
from kc.demo.source import AskedRow, SearchRow
from kc.demo.story import Step, Story, at
from kc.services import search_gaps, search_log
from kc.services.search_log import Searched

WEEKS = 11
PLACES = (1,) * 62 + (2,) * 17 + (3,) * 9 + (4,) * 5 + (5,) * 3 + (6, 7, 9, 12)  # of what is opened, in a hundred
OPENED = 0.82  # of the searches that an article helps
SEARCHES_AGAIN = timedelta(seconds=40)
ANSWERED_AFTER = timedelta(days=4)


@dataclass(frozen=True)
class Look:
    """Somebody searched, and opened the hit at `place` (0: none)."""

    row: SearchRow
    at: datetime
    employee_id: str
    text: str
    place: int
    took_ms: float


def steps(story: Story) -> Iterator[Step]:
    """Searches; who asked for what is missing, and the KM team's answers."""
    for look in looks(source.organisation()["seed"]):
        yield Step(look.at, lambda look=look: search(story, look))
        if look.row.then:
            yield Step(look.at + SEARCHES_AGAIN, lambda look=look: search_again(story, look))
    for row in source.asked():
        yield Step(at(row.on, 15, 10), lambda row=row: ask(story, row))
        if row.state:
            yield Step(at(min(row.on + ANSWERED_AFTER, readers.LAST_DAY), 9, 30), lambda row=row: answer(story, row))


def looks(seed: int) -> Iterator[Look]:
    chance = random.Random(seed)
    for row in source.searches():
        for nth in range(row.times):
            day = _working_day(chance)
            here = [person for person in source.people() if person.active and readers.here_on(person, day)]
            yield Look(
                row,
                at(day, chance.randint(8, 16), chance.randint(0, 59)),
                chance.choice(here).employee_id,
                row.texts[nth % len(row.texts)],
                chance.choice(PLACES) if chance.random() < OPENED and _is_there(row, day) else 0,
                round(chance.uniform(1.2, 9.8), 1),
            )


def _is_there(row: SearchRow, day: date) -> bool:
    """Was the article that helps published before that day?"""
    published = {article.id: article.published_on for article in source.articles()}.get(row.opens)
    return published is not None and published < day


def _working_day(chance: random.Random) -> date:
    """More of them lately than some weeks ago."""
    back = int(min(chance.random(), chance.random()) * WEEKS * 7)
    day = readers.LAST_DAY - timedelta(days=back)
    return day - timedelta(days=max(0, day.weekday() - 4))


def search(story: Story, look: Look) -> None:
    opens = "" if look.row.then else look.row.opens
    _search(story, look, look.text, look.row.total, opens)


def search_again(story: Story, look: Look) -> None:
    """In other words, and this time it is there."""
    _search(story, look, look.row.then, 4, look.row.opens)


def _search(story: Story, look: Look, text: str, total: int, opens: str) -> None:
    employee = story.people[look.employee_id]
    number = search_log.note(employee, Searched(text, text, total, took_ms=look.took_ms))
    if number is not None and opens and look.place:
        search_log.note_opening(number, "knowledge", story.articles[opens].id, min(look.place, total))


def ask(story: Story, row: AskedRow) -> None:
    search_gaps.ask(story.people[row.by], row.text, row.details)


def answer(story: Story, row: AskedRow) -> None:
    """What the knowledge officer wrote about it."""
    officer = story.player("knowledge_officer")
    article = str(story.articles[row.answer].id) if row.answer else ""
    gap = search_gaps.take_up(officer, row.text)
    search_gaps.mark(officer, gap, gap.version, state=row.state, note=row.note, article=article)
