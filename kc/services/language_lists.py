"""The organisation's words as lists: groups and own words to look after, and names that would make good own words."""

from collections.abc import Iterable
from dataclasses import dataclass

import peewee as pw

from kc.models import Community, Employee, OrgUnit, OwnWord, SynonymGroup, SynonymTerm, Topic
from kc.models.communities import ACTIVE
from kc.models.language import COMMUNITY, TOPIC, UNIT
from kc.search import wording

MOST_SUGGESTED = 200


@dataclass(frozen=True)
class Suggested:
    """A name that the dictionary does not know: how it is cut now, where it comes from and what it is part of."""

    word: str
    cut: tuple[str, ...]
    source: str
    name: str


def groups(words: str = "", kind: str = "", state: str = "", origin: str = "") -> pw.ModelSelect:
    """Groups by their first word; `words`: in a word or the note of theirs."""
    rows = SynonymGroup.select(SynonymGroup, Employee).join(
        Employee, pw.JOIN.LEFT_OUTER, on=(SynonymGroup.updated_by == Employee.id)
    )
    rows = rows.where(_in_state(SynonymGroup, state))
    if kind:
        rows = rows.where(SynonymGroup.kind == kind)
    if origin:
        rows = rows.where(SynonymGroup.origin == ("" if origin == "typed" else origin))
    if key := wording.key(words):
        having = SynonymTerm.select(SynonymTerm.group).where(
            SynonymTerm.key.contains(key) | SynonymTerm.text.contains(words)
        )
        rows = rows.where(SynonymGroup.id.in_(having) | SynonymGroup.note.contains(words))
    return rows.order_by(SynonymGroup.sort_key, SynonymGroup.id)


def _in_state(model: type[SynonymGroup] | type[OwnWord], state: str) -> pw.Expression:
    if state == "deleted":
        return model.deleted_at.is_null(False)
    here = model.deleted_at.is_null()
    return here & (model.is_active == (state == "on")) if state in ("on", "off") else here


def terms_by_group(rows: Iterable[SynonymGroup]) -> dict[int, list[str]]:
    """The words of several groups, as written; one statement."""
    found: dict[int, list[str]] = {group.id: [] for group in rows}
    terms = SynonymTerm.select(SynonymTerm.group, SynonymTerm.text).where(SynonymTerm.group.in_(list(found)))
    for number, text in terms.order_by(SynonymTerm.position, SynonymTerm.id).tuples():
        found[number].append(text)
    return found


def own_words(words: str = "", state: str = "") -> pw.ModelSelect:
    """Own words in Thai order; `words`: what one contains."""
    rows = OwnWord.select(OwnWord, Employee).join(Employee, pw.JOIN.LEFT_OUTER, on=(OwnWord.updated_by == Employee.id))
    rows = rows.where(_in_state(OwnWord, state))
    if key := wording.key(words):
        rows = rows.where(OwnWord.text.contains(key) | OwnWord.note.contains(words))
    return rows.order_by(OwnWord.sort_key, OwnWord.id)


def counts() -> tuple[int, int]:
    """How many groups and own words there are."""
    groups_here = SynonymGroup.select().where(SynonymGroup.deleted_at.is_null()).count()
    return groups_here, OwnWord.select().where(OwnWord.deleted_at.is_null()).count()


def suggested() -> list[Suggested]:
    """Names of units, topics and communities in use that are cut apart now; those refused before are left out."""
    known = {text for (text,) in OwnWord.select(OwnWord.text).tuples()}  # deleted ones too: somebody said no
    found: dict[str, Suggested] = {}
    for source, name in _names():
        for word in wording.names_in(name):
            if word not in known and word not in found:
                found[word] = Suggested(word, tuple(wording.cut(word)), source, name)
        if len(found) >= MOST_SUGGESTED:
            break
    return list(found.values())


def _names() -> Iterable[tuple[str, str]]:
    units = OrgUnit.select(OrgUnit.name).where(OrgUnit.is_active).order_by(OrgUnit.sort_key)
    topics = Topic.select(Topic.name).where(Topic.retired_at.is_null()).distinct().order_by(Topic.name)
    communities = Community.select(Community.name).where(Community.status == ACTIVE).order_by(Community.id.desc())
    for source, rows in ((UNIT, units), (TOPIC, topics), (COMMUNITY, communities.limit(2_000))):
        yield from ((source, name) for (name,) in rows.tuples())
