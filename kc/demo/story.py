"""What the parts of the demo share: rows by the keys of the data files, and steps that happen at a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, NamedTuple

from kc import clock
from kc.demo import source
from kc.models import Attachment, Community, Employee, FiscalYear, KnowledgeArticle, OrgUnit, Topic
from kc.services.account_rules import AccountRules


class Step(NamedTuple):
    """Something that happened: `at` is naive UTC, as the clock tells it."""

    at: datetime
    do: Callable[[], object]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The moment of a local day and time."""
    return clock.from_local(datetime.combine(day, time(hour, minute)))


@dataclass
class Story:
    """Everything made so far. People are the same objects throughout, so that what they may do is asked once."""

    settings: Mapping[str, Any]
    units: dict[str, OrgUnit] = field(default_factory=dict)
    people: dict[str, Employee] = field(default_factory=dict)
    years: dict[int, FiscalYear] = field(default_factory=dict)
    topics: dict[tuple[int, str], Topic] = field(default_factory=dict)  # by (year, key) and by (year, name)
    communities: dict[str, Community] = field(default_factory=dict)
    articles: dict[str, KnowledgeArticle] = field(default_factory=dict)
    files: dict[str, list[Attachment]] = field(default_factory=dict)

    @cached_property
    def rules(self) -> AccountRules:
        return AccountRules.of(self.settings)

    @cached_property
    def cast(self) -> dict[str, source.CastMember]:
        return {member.role: member for member in source.cast()}

    def player(self, role: str) -> Employee:
        """The employee who plays `role` of the cast."""
        return self.people[self.cast[role].employee_id]

    def coordinator_of(self, unit_code: str) -> Employee:
        """Who looks after a unit: the coordinator of it or of a unit above it, else the knowledge officer."""
        parents = {unit.code: unit.parent for unit in source.units()}
        coordinators = {person.coordinates: person.employee_id for person in source.people() if person.coordinates}
        while unit_code:
            if unit_code in coordinators:
                return self.people[coordinators[unit_code]]
            unit_code = parents[unit_code]
        return self.player("knowledge_officer")
