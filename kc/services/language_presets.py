"""Ready groups of words that mean the same, for the kinds of organisation there are (`presets/*.toml`).

A group is known by its preset and its first word for ever: once here it is never added again, also when it was changed,
switched off or deleted since.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kc import clock, search, thai
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, SynonymGroup, SynonymTerm
from kc.models.language import GROUP_KINDS
from kc.search import wording
from kc.services import audit

FOLDER = Path(__file__).parent / "presets"
COMMON = "common"
PRESETS = (COMMON, "bank", "government", "hospital")


@dataclass(frozen=True)
class Ready:
    """A group as a preset has it: `words` by key."""

    key: str
    kind: str
    words: dict[str, str]


@dataclass(frozen=True)
class Standing:
    """How much of a preset is here: groups in all, here (switched off too), deleted here, and still to be added."""

    name: str
    total: int
    here: int
    deleted: int

    @property
    def missing(self) -> int:
        return self.total - self.here - self.deleted


@cache
def ready(name: str) -> tuple[Ready, ...]:
    """The groups of a preset."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        read = tomllib.load(file)
    return tuple(_ready(name, kind, terms) for kind in GROUP_KINDS for terms in read.get(kind, []))


def _ready(name: str, kind: str, terms: list[str]) -> Ready:
    words = {wording.key(term): term for term in terms}
    return Ready(f"{name}:{next(iter(words))}", kind, words)


def standing() -> list[Standing]:
    """How much of each preset is here; one statement."""
    rows = SynonymGroup.select(SynonymGroup.preset_key, SynonymGroup.deleted_at.is_null())
    known = dict(rows.where(SynonymGroup.preset_key.is_null(False)).tuples())
    return [_standing(name, known) for name in PRESETS]


def _standing(name: str, known: dict[str, bool]) -> Standing:
    states = [known.get(group.key) for group in ready(name)]
    here, deleted = sum(state is not None and bool(state) for state in states), 0
    deleted = sum(state is not None and not state for state in states)
    return Standing(name, len(states), here, deleted)


def seed(organisation_preset: str) -> int:
    """The words an organisation begins with; new ones of a newer version are added, safe to repeat. How many were."""
    with db.atomic():
        return sum(add(None, name)[0] for name in (COMMON, organisation_preset))


def add(actor: Employee | None, name: str) -> tuple[int, int]:
    """Add a preset's groups that were never here: (added, left out because a word of theirs stands in a group here)."""
    if name not in PRESETS:
        raise DomainError(_("ไม่มีชุดคำนี้"))
    with db.atomic():
        fresh = list(_never_here(name))
        taken = {key for (key,) in SynonymTerm.select(SynonymTerm.key).where(SynonymTerm.key.is_null(False)).tuples()}
        fitting = [group for group in fresh if not taken & set(group.words)]
        for group in fitting:
            _write(actor, name, group)
        if fitting:
            audit.record(actor, "language.preset_added", preset=name, count=len(fitting))
            search.language_changed()
    return len(fitting), len(fresh) - len(fitting)


def _never_here(name: str) -> Iterator[Ready]:
    rows = SynonymGroup.select(SynonymGroup.preset_key).where(SynonymGroup.preset_key.is_null(False)).tuples()
    known = {key for (key,) in rows}
    return (group for group in ready(name) if group.key not in known)


def _write(actor: Employee | None, name: str, ready_group: Ready) -> None:
    first = next(iter(ready_group.words.values()))
    group = SynonymGroup.create(
        kind=ready_group.kind,
        origin=name,
        preset_key=ready_group.key,
        sort_key=thai.sort_key(first),
        created_at=clock.now(),
        created_by=actor,
        updated_by=actor,
    )
    rows = [{"group": group, "text": t, "key": k, "position": n} for n, (k, t) in enumerate(ready_group.words.items())]
    SynonymTerm.insert_many(rows).execute()
