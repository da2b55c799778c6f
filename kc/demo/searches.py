"""What some of the cast searched for and keep: the member has something new waiting."""

from collections.abc import Iterator
from datetime import date

from kc.demo.story import Step, Story, at
from kc.services import recent_searches, saved_searches

# Who, on which day, what they searched for, under which name they kept it ("" : not kept), with which filters.
SEARCHES = (  # thai-data
    ("member", date(2026, 11, 2), "หนี้ค้าง", "หนี้ค้างของลูกค้าสวน", {}),  # thai-data
    ("member", date(2026, 11, 9), "ออมทรัพย์ผู้สูงอายุ", "", {}),  # thai-data
    ("member", date(2026, 11, 16), "น้อยหน่า", "", {}),  # thai-data
    ("knowledge_officer", date(2026, 10, 20), "บทเรียน ปี:2569", "บทเรียนใหม่ของปีนี้", {"sort": "newest"}),  # thai-data
    ("facilitator", date(2026, 11, 10), "สภากาแฟ", "", {}),  # thai-data
)


def steps(story: Story) -> Iterator[Step]:
    """Each on its day, before noon."""
    for role, day, text, name, filters in SEARCHES:
        yield Step(at(day, 11, 5), lambda one=(role, text, name, filters): _search(story, *one))


def _search(story: Story, role: str, text: str, name: str, filters: dict[str, str]) -> None:
    person = story.player(role)
    recent_searches.remember(person, text)
    if name:
        saved_searches.save(person, text, filters, name)
