"""Reading the demo organisation's text: TOML files under data/, one record class for each kind of thing."""

import tomllib
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

DATA = Path(__file__).parent / "data"
# The first day of the story: the accounting year 2567 begins.
FIRST_DAY = date(2024, 4, 1)

Record = TypeVar("Record")


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    kind: str
    parent: str = ""


@dataclass(frozen=True)
class Person:
    employee_id: str
    title: str
    first_name: str
    last_name: str
    position: str
    level: str
    unit: str
    email: str
    phone: str
    expertise: list[str]
    coordinates: str = ""  # code of the unit they are coordinator of
    reviews: bool = False
    active: bool = True
    left_on: date | None = None
    joined_on: date = FIRST_DAY
    shares_about: str = ""  # what they say they gladly share

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class CastMember:
    """Somebody the README introduces: who to sign in as, and what to try first."""

    role: str
    label: str
    employee_id: str
    first_try: str
    password: str = ""
    activation_code: str = ""


@dataclass(frozen=True)
class TopicRow:
    year: int
    key: str
    name: str
    description: str
    position: int
    active: bool = True


@dataclass(frozen=True)
class CommunityRow:
    key: str
    year: int
    unit: str
    name: str
    knowledge_title: str
    topic: str
    goals: str
    created_on: date
    members: list[dict[str, Any]]
    agreement: str = ""
    form: list[str] = field(default_factory=list)
    rhythm: str = ""
    asks_to_join: bool = False
    renewed_from: str = ""
    cancelled_on: date | None = None
    cancel_reason: str = ""

    def people(self, role: str) -> list[str]:
        """Employee IDs of those who hold `role`."""
        return [member["id"] for member in self.members if member["role"] == role]


@dataclass(frozen=True)
class SessionRow:
    key: str
    community: str
    date: date
    start: time
    end: time
    place: str
    topic: str
    technique: str
    presenter: str
    facilitator: str
    deputy: str = ""
    link: str = ""
    attendance: list[str] = field(default_factory=list)
    guests: list[str] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)

    def begins(self) -> datetime:
        """When it starts, by the wall clock."""
        return datetime.combine(self.date, self.start)

    def ends(self) -> datetime:
        return datetime.combine(self.date, self.end)


@dataclass(frozen=True)
class ArticleRow:
    id: str
    title: str
    kind: str
    knowledge_type: str
    status: str
    fiscal_year: int
    topic: str
    unit: str
    authors: list[str]
    summary: str
    background: str
    goals: str
    target_group: str
    method: str
    results: str
    community: str = ""
    published_on: date | None = None
    results_on: date | None = None
    attachments: list[str] = field(default_factory=list)
    measures: list[dict[str, Any]] = field(default_factory=list)
    extras: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class SearchRow:
    """Something people search for, however typed; `total`: how many hits it has."""

    texts: list[str]
    times: int
    opens: str = ""
    then: str = ""
    total: int = 14


@dataclass(frozen=True)
class AskedRow:
    """Something missing that somebody asked for, and what was done about it."""

    by: str
    text: str
    on: date
    details: str = ""
    state: str = ""
    note: str = ""
    answer: str = ""


@dataclass(frozen=True)
class RoundRow:
    """One year's circular, and what became of it."""

    year: int
    number: str
    dated_on: date
    opens_on: date
    closes_on: date
    publish_by: date
    kinds: list[str]
    title: str
    text: str
    will_do: str = ""
    benefit: str = ""
    take_part: str = ""
    file: str = ""
    extensions: list[dict[str, Any]] = field(default_factory=list)
    looked_on: list[date] = field(default_factory=list)  # days on which the calendar's reminders are told
    closed_on: date | None = None
    closing_note: str = ""


def _read(file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        return tomllib.load(opened)


def _make(kind: type[Record], row: dict[str, Any], where: str) -> Record:
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(row) - known:
        raise ValueError(f"{where}: unknown {', '.join(sorted(unknown))}")
    return kind(**row)


def _rows(file: Path, table: str, kind: type[Record]) -> list[Record]:
    return [_make(kind, row, file.name) for row in _read(file)[table]]


@cache
def organisation() -> dict[str, Any]:
    """Name, short name and seed of the bank."""
    return _read(DATA / "organisation.toml")


@cache
def units() -> list[Unit]:
    return _rows(DATA / "units.toml", "units", Unit)


@cache
def people() -> list[Person]:
    return _rows(DATA / "people.toml", "people", Person)


@cache
def cast() -> list[CastMember]:
    rows = _read(DATA / "cast.toml")["cast"]
    return [_make(CastMember, {("first_try" if k == "try" else k): v for k, v in row.items()}, "cast") for row in rows]


@cache
def topics() -> list[TopicRow]:
    return _rows(DATA / "topics.toml", "topics", TopicRow)


@cache
def communities() -> list[CommunityRow]:
    return _rows(DATA / "communities.toml", "communities", CommunityRow)


@cache
def community_people() -> dict[str, list[dict[str, Any]]]:
    """Lists of guests, requests, invitations, links, joint sessions and changes, each on its day."""
    return _read(DATA / "community_people.toml")


@cache
def sessions() -> list[SessionRow]:
    found = [row for file in sorted((DATA / "sessions").glob("*.toml")) for row in _rows(file, "sessions", SessionRow)]
    return sorted(found, key=lambda row: (row.begins(), row.key))


@cache
def articles() -> list[ArticleRow]:
    files = sorted((DATA / "articles").glob("*.toml"))
    return [_make(ArticleRow, _read(file), file.name) for file in files]


@cache
def rounds() -> list[RoundRow]:
    return _rows(DATA / "rounds.toml", "rounds", RoundRow)


@cache
def searches() -> list[SearchRow]:
    return _rows(DATA / "searches.toml", "search", SearchRow)


@cache
def asked() -> list[AskedRow]:
    return _rows(DATA / "searches.toml", "asked", AskedRow)
