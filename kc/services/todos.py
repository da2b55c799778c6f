"""What waits for a person, said by every area in the same words: for the home page, the notices and the reports."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Todo:
    """Something that waits for someone: what it is, why, and the one place to do it."""

    title: str
    url: str
    says: str  # a line under the title: what is to be done, since or until when
    button: str  # two or three words
    icon: str = "patch-check"
    due_on: date | None = None
    late: bool = False


def in_order(found: list[Todo]) -> list[Todo]:
    """What is late first, then by day; what has no day stays as it came, last."""
    return sorted(found, key=lambda todo: (not todo.late, todo.due_on or date.max))
