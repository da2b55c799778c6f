"""The bank itself: units, people and what they may do, accounts of the cast, and the topics of each year."""

from collections.abc import Iterator

from kc import fiscal
from kc.demo import source
from kc.demo.source import FIRST_DAY, Person
from kc.demo.story import Step, Story, at
from kc.models import Employee, Topic
from kc.models.people import ADMINISTRATOR, COORDINATOR, EXECUTIVE, KNOWLEDGE_OFFICER, REVIEWER
from kc.services import codes, people, roles, signin, topics, units, years

SYSTEM_ROLES_OF_CAST = {
    "administrator": ADMINISTRATOR,
    "knowledge_officer": KNOWLEDGE_OFFICER,
    "executive": EXECUTIVE,
}


def steps(story: Story) -> Iterator[Step]:
    """The first morning, each year's list of topics, who came later, and who left."""
    yield Step(at(FIRST_DAY, 8), lambda: open_the_bank(story))
    for year in sorted({topic.year for topic in source.topics()}):
        first, _last = fiscal.PRESETS["bank"].bounds(year)
        yield Step(at(first, 8, 30), lambda year=year: open_year(story, year))
    for person in source.people():
        if person.joined_on > FIRST_DAY:
            yield Step(at(person.joined_on, 8), lambda person=person: hire(story, person))
        if person.left_on is not None:
            yield Step(at(person.left_on, 17), lambda person=person: farewell(story, person))


def open_the_bank(story: Story) -> None:
    """Units, then the people of the first day and what they may do."""
    for row in source.units():
        parent = story.units.get(row.parent)
        story.units[row.code] = units.create(None, row.code, row.name, row.kind, parent)
    for person in source.people():
        if person.joined_on <= FIRST_DAY:
            hire(story, person)
    for role, system_role in SYSTEM_ROLES_OF_CAST.items():
        roles.grant(None, story.player(role), system_role)
    for member in source.cast():
        if member.password:
            signin.set_password(None, story.people[member.employee_id], member.password, story.rules)


def hire(story: Story, person: Person) -> Employee:
    employee = people.create(
        None,
        person.employee_id,
        story.units[person.unit],
        title=person.title,
        first_name=person.first_name,
        last_name=person.last_name,
        position=person.position,
        level=person.level,
        email=person.email,
        phone=person.phone,
        expertise="\n".join(person.expertise),
    )
    story.people[person.employee_id] = employee
    if person.shares_about:
        people.offer_to_share(employee, True, person.shares_about)
    if person.coordinates:
        roles.grant(None, employee, COORDINATOR, story.units[person.coordinates])
    if person.reviews:
        roles.grant(None, employee, REVIEWER)
    return employee


def farewell(story: Story, person: Person) -> None:
    people.deactivate(story.player("administrator"), story.people[person.employee_id], person.left_on)


def open_year(story: Story, year: int) -> None:
    """The year's topics in their order; a topic of the year before goes on in the same series."""
    story.years[year] = years.get_or_open(year)
    for row in (row for row in source.topics() if row.year == year):
        before = story.topics.get((year - 1, row.key))
        topic = _topic(story, row, series=before.series if before else 0)
        story.topics[year, row.key] = story.topics[year, row.name] = topic
        if not row.active:
            topics.retire(story.player("knowledge_officer"), topic)


def _topic(story: Story, row: source.TopicRow, series: int) -> Topic:
    """A new topic, or the one that the current year was opened with before the demo came."""
    topic = Topic.get_or_none((Topic.fiscal_year == story.years[row.year]) & (Topic.name == row.name))
    if topic is None:
        return years.add_topic(story.years[row.year], row.name, row.description, series)
    topics.change(story.player("knowledge_officer"), topic, row.name, row.description)
    if series:
        topic.series = series
        topic.save(only=[Topic.series])
    return topic


def hand_out_the_last_code(story: Story) -> None:
    """The activation code of the one who has not activated yet; it counts from today, not from the story's day."""
    newcomer = story.cast["not_activated"]
    codes.issue(None, story.people[newcomer.employee_id], story.rules, newcomer.activation_code)
