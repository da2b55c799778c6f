"""What the search box offers before the question is finished: what one searched lately, what others looked for and
opened, whole words, and the things themselves. Only what its reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from kc import search
from kc.models import Employee, FiscalYear, OrgUnit, RecentSearch, SavedSearch, Topic
from kc.services import recent_searches, saved_searches, search_insights, search_log

SHORT = 3  # of groups beside the main one
LONG = 5


@dataclass(frozen=True)
class Item:
    """One suggestion. With an `address` it is opened, otherwise its `text` is searched for."""

    text: str
    marked: Markup
    address: str = ""
    detail: str = ""
    new: int = 0
    recent_id: int = 0  # a recent search, which its owner may forget


@dataclass
class Suggestions:
    """Groups by name, in the order they are shown: recent, saved, popular, words, knowledge, person, community, topic.

    `read_as`: what was typed, in the other keyboard layout; then everything is for that.
    """

    groups: dict[str, list[Item]] = field(default_factory=dict)
    read_as: str = ""

    @property
    def count(self) -> int:
        return sum(map(len, self.groups.values()))


def suggest(employee: Employee, typed: str, *, beside_results: bool = False) -> Suggestions:
    """For what was typed so far. `beside_results`: on the search page, which shows the things themselves below."""
    if not search.letters(typed):
        return Suggestions() if typed.strip() else _before_typing(employee)
    things = 2 if beside_results else SHORT
    found = search.suggest(typed, viewer=employee, limit=LONG)
    meant = found.read_as or typed
    groups = {
        "words": _words(employee, found, meant),
        "knowledge": [] if beside_results else _things(found, "knowledge", LONG),
        "person": _people(found.things.get("person", [])[:things]),
        "community": _things(found, "community", things),
        "topic": _topics(meant)[:things],
    }
    return Suggestions({name: items for name, items in groups.items() if items}, found.read_as)


def _before_typing(employee: Employee) -> Suggestions:
    recent = [_recent(row, "") for row in recent_searches.of(employee).limit(LONG)]
    saved = [_saved(row) for row in saved_searches.of(employee).limit(SHORT)]
    known = {search.letters(item.text) for item in recent}
    popular = [item for item in _popular("", LONG) if search.letters(item.text) not in known]
    groups = {"recent": recent, "saved": saved, "popular": popular[: LONG - 1]}
    return Suggestions({name: items for name, items in groups.items() if items})


def _words(employee: Employee, found: search.Suggested, typed: str) -> list[Item]:
    """Questions: what I asked before, what others asked and found, and what was typed with its last word complete."""
    begun = search.letters(typed)
    mine = [row for row in recent_searches.of(employee) if search.letters(row.text).startswith(begun)]
    items = [_recent(row, typed) for row in mine][:2]
    if found.read_as:
        items.insert(0, Item(found.read_as, search.marked(found.read_as, found.read_as)))
    items += _popular(typed, SHORT)
    items += [Item(word.text, word.marked) for word in found.words]
    return _different(items, but=None if found.read_as else begun)[:LONG]


def _different(items: Iterable[Item], but: str | None) -> list[Item]:
    """Each question once, and not the one that stands in the box already."""
    kept: dict[str, Item] = {}
    for item in items:
        key = search.letters(item.text)
        if key != but:
            kept.setdefault(key, item)
    return list(kept.values())


def _recent(row: RecentSearch, typed: str) -> Item:
    return Item(row.text, search.marked(row.text, typed), recent_id=row.id)


def _saved(row: SavedSearch) -> Item:
    return Item(row.name, search.marked(row.name, ""), f"/search/saved/{row.id}", new=row.new_count)


def _popular(typed: str, limit: int) -> list[Item]:
    """What several people searched for, found and opened."""
    begun = search_log.key_of(typed)
    return [Item(text, search.marked(text, typed)) for text in search_insights.popular(begun, limit)]


def _things(found: search.Suggested, kind: str, limit: int) -> list[Item]:
    room = {"knowledge": "/knowledge", "community": "/communities"}[kind]
    return [Item(one.text, one.marked, f"{room}/{one.id}") for one in found.things.get(kind, [])[:limit]]


def _people(found: list[search.Suggestion]) -> list[Item]:
    """With their units: names are shared, and who left is not suggested even while the index still knows them."""
    if not found:
        return []
    rows = Employee.select(Employee, OrgUnit).join(OrgUnit)
    by_id = {row.id: row for row in rows.where(Employee.id.in_([one.id for one in found]) & Employee.is_active)}
    return [
        Item(one.text, one.marked, f"/people/{one.id}", detail=by_id[one.id].unit.name)
        for one in found
        if one.id in by_id
    ]


def _topics(typed: str) -> list[Item]:
    """Topics of any year whose name has the letters; the newest name of each line."""
    begun = search.letters(typed)
    rows = Topic.select(Topic.series, Topic.name).join(FiscalYear).order_by(FiscalYear.year.desc(), Topic.position)
    names: dict[int, str] = {}
    for series, name in rows.tuples():
        names.setdefault(series, name)
    having = [(series, name) for series, name in names.items() if begun in search.letters(name)]
    having.sort(key=lambda row: not search.letters(row[1]).startswith(begun))
    return [Item(name, search.marked(name, typed), f"/search?topic={series}") for series, name in having]
