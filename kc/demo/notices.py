"""What the bank's people were told and have read: everything but what came in the last days."""

from collections.abc import Iterator
from datetime import timedelta

from kc import clock
from kc.demo import readers
from kc.demo.story import Step, Story, at
from kc.models import Employee, Notice
from kc.services import notice_choices, notices

READ_UNTIL = timedelta(days=12)  # somebody who comes every week or two has read what is older
CHOICES = {
    "facilitator": {"communities": "immediate"},
    "member": {"questions": "weekly"},
    "executive": {"duties": "off"},
}


def steps(story: Story) -> Iterator[Step]:
    """The last evening of the story."""
    yield Step(at(readers.LAST_DAY, 20), lambda: read(story))
    for role, chosen in CHOICES.items():
        yield Step(at(readers.LAST_DAY, 19), lambda role=role, chosen=chosen: choose(story, role, chosen))


def read(story: Story) -> None:
    """Invented people have invented addresses: nothing that happened to them is ever sent."""
    long_ago = clock.now() - READ_UNTIL
    for person in Employee.select().where(Employee.is_active):
        notices.mark_all_read(person, until=long_ago)
    Notice.update(mailed_at=clock.now()).where(Notice.mailed_at.is_null()).execute()


def choose(story: Story, role: str, chosen: dict[str, str]) -> None:
    notice_choices.change(story.player(role), chosen)
