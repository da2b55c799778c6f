"""Tell the story of the demo organisation in the order in which it happened, all or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kc import clock, fiscal
from kc.db import db
from kc.demo import (
    afterwards,
    circulars,
    community_people,
    evaluations,
    library,
    meetings,
    notices,
    plans,
    questions,
    searches,
    searching,
    source,
    staff,
    trials,
    wording,
)
from kc.demo.story import Story
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee


def load(settings: Mapping[str, Any], progress: Callable[[str], None]) -> bool:
    """See kc.demo.load."""
    if _is_there():
        return False
    story = Story(settings)
    with _calendar_of_the_bank(), db.atomic():
        _tell(story, progress)
        staff.hand_out_the_last_code(story)
    return True


@contextmanager
def _calendar_of_the_bank() -> Iterator[None]:
    """The story is a bank's, whatever calendar the settings ask for."""
    kept = fiscal.calendar()
    fiscal.configure("bank")
    try:
        yield
    finally:
        fiscal.configure("bank", start_month=kept.start_month, named_by=kept.named_by, label=kept.label)


def _is_there() -> bool:
    """Is the demo here already? DomainError when somebody else is."""
    ours = {person.employee_id: person.name for person in source.people()}
    found = list(Employee.select(Employee.employee_id, Employee.name).tuples())
    strangers = [employee_id for employee_id, name in found if ours.get(employee_id) != name]
    if strangers:
        raise DomainError(
            _(
                "ฐานข้อมูลนี้มีพนักงานจริงอยู่แล้ว %(n)d คน จึงไม่โหลดข้อมูลสาธิต โปรดใช้โฟลเดอร์ข้อมูลอื่น (KC_DATA_DIR)",
                n=len(strangers),
            )
        )
    return bool(found)


def _tell(story: Story, progress: Callable[[str], None]) -> None:
    """Every step at its own moment. Python's sort is stable: what is at the same moment happens as listed."""
    steps = [*staff.steps(story), *meetings.steps(story), *afterwards.steps(story), *library.steps(story)]
    steps += [*evaluations.steps(story), *circulars.steps(story), *community_people.steps(story)]
    steps += [*searches.steps(story), *searching.steps(story), *wording.steps(story)]
    steps += [*plans.steps(story), *trials.steps(story), *questions.steps(story)]
    steps += notices.steps(story)  # last: it reads what the others told
    year = 0
    for step in sorted(steps, key=lambda step: step.at):
        with clock.freeze(step.at):
            if fiscal.calendar().current() != year:
                year = fiscal.calendar().current()
                progress(f"  {year} …")
            step.do()
