"""Looking after a year's topics: add, rename, retire, bring back, reorder, copy from another year (S0-89)."""

import peewee as pw

from kc import clock
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Employee, FiscalYear, Topic
from kc.services import audit, findable, years


def add(by: Employee, year: FiscalYear, name: str, description: str = "") -> Topic:
    """Add a topic to `year`. Raises DomainError when the year has it already."""
    try:
        with db.atomic():
            topic = years.add_topic(year, name, description)
            audit.record(by, "topic.added", topic, name=name, year=year.year)
    except pw.IntegrityError:
        raise _name_taken() from None
    return topic


def change(by: Employee, topic: Topic, name: str, description: str) -> None:
    """Rename or describe a topic of this year; other years keep their own words."""
    before = topic.name
    try:
        with db.atomic():
            topic.name, topic.description = name, description
            topic.save()
            audit.record(by, "topic.changed", topic, before=before, name=name)
            findable.topic(topic)
    except pw.IntegrityError:
        raise _name_taken() from None


def retire(by: Employee, topic: Topic) -> None:
    """No new sign-ups; what has the topic keeps it."""
    _set_retired(by, topic, True)


def bring_back(by: Employee, topic: Topic) -> None:
    _set_retired(by, topic, False)


def _set_retired(by: Employee, topic: Topic, retired: bool) -> None:
    with db.atomic():
        topic.retired_at = clock.now() if retired else None
        topic.save(only=[Topic.retired_at])
        audit.record(by, "topic.retired" if retired else "topic.brought_back", topic, name=topic.name)


def move(by: Employee, topic: Topic, step: int) -> None:
    """Move a topic up (-1) or down (+1) in its year's list; at the ends nothing happens."""
    with db.atomic():
        order = list(Topic.select().where(Topic.fiscal_year == topic.fiscal_year).order_by(Topic.position, Topic.id))
        here = next(i for i, other in enumerate(order) if other.id == topic.id)
        there = here + (1 if step > 0 else -1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            for position, other in enumerate(order, 1):
                Topic.update(position=position).where(Topic.id == other.id).execute()
            audit.record(by, "topic.moved", topic, to=there + 1)


def copy_year(by: Employee, source: FiscalYear, target: FiscalYear) -> list[Topic]:
    """Copy the topics in use from another year; those already there are left alone."""
    with db.atomic():
        copied = years.copy_topics(source, target)
        audit.record(by, "topic.copied", target, source=source.year, count=len(copied))
    return copied


def add_preset(by: Employee, year: FiscalYear, preset: str) -> list[Topic]:
    """Add the topics of a preset (`bank`, `competence`)."""
    if preset not in years.TOPIC_PRESETS:
        raise DomainError(_("ไม่มีชุดประเด็นเรียนรู้นี้"))
    with db.atomic():
        added = years.add_preset(year, preset)
        audit.record(by, "topic.preset_added", year, preset=preset, count=len(added))
    return added


def _name_taken() -> DomainError:
    return DomainError(_("ปีนี้มีประเด็นเรียนรู้ชื่อนี้แล้ว"), field="name")
