"""Communities of three years: signed up or renewed, their people, their meetings and the notes they kept."""

import re
from collections.abc import Iterator
from datetime import timedelta

from kc import clock
from kc.demo import flipcharts, source
from kc.demo.readers import LAST_DAY
from kc.demo.source import CommunityRow, SessionRow
from kc.demo.story import Step, Story, at
from kc.models import Community, Employee, Session
from kc.services import attachments, communities, notes, renewing, sessions

ANNOUNCED_AHEAD = timedelta(days=28)  # about a month, as S0-56 asks
EMPLOYEE_ID = re.compile(r"\d{7}")


def steps(story: Story) -> Iterator[Step]:
    """Sign-ups and cancellations, then every meeting: announced, attended, noted."""
    rows = {row.key: row for row in source.communities()}
    for row in source.communities():
        yield Step(at(row.created_on, 9, 30), lambda row=row: sign_up(story, row))
        if row.cancelled_on:
            yield Step(at(row.cancelled_on, 15), lambda row=row: cancel(story, row))
    for session in source.sessions():
        yield from _meeting(story, rows[session.community], session)


def sign_up(story: Story, row: CommunityRow) -> None:
    """The facilitator registers the community, or renews last year's, and brings its people in."""
    by = story.people[row.people("facilitator")[0]]
    topic, year = story.topics[row.year, row.topic], story.years[row.year]
    if row.renewed_from:
        community = renewing.renew(by, story.communities[row.renewed_from], year, topic)
    else:
        community = communities.sign_up(
            by,
            unit=story.units[row.unit],
            year=year,
            name=row.name,
            knowledge_title=row.knowledge_title,
            topic=topic,
            form_key=f"demo-{row.key}",
        )
    communities.change(
        by,
        community,
        community.version,
        name=row.name,
        knowledge_title=row.knowledge_title,
        topic=topic,
        goals=row.goals,
        agreement=row.agreement,
        forms=row.form,
        rhythm=row.rhythm,
        asks_to_join=row.asks_to_join,
    )
    _settle_members(story, by, community, row)
    story.communities[row.key] = community


def _settle_members(story: Story, by: Employee, community: Community, row: CommunityRow) -> None:
    wanted = {(member["id"], member["role"]) for member in row.members}
    for member in row.members:
        communities.add_member(by, community, story.people[member["id"]], member["role"], bool(member.get("deputy")))
    for membership in community.current_members():
        if (membership.employee.employee_id, membership.role) not in wanted:
            communities.remove_role(by, membership)


def cancel(story: Story, row: CommunityRow) -> None:
    communities.cancel(story.coordinator_of(row.unit), story.communities[row.key], row.cancel_reason)


def _meeting(story: Story, row: CommunityRow, session: SessionRow) -> Iterator[Step]:
    announced_on = max(min(session.date - ANNOUNCED_AHEAD, LAST_DAY), row.created_on + timedelta(days=1))
    made: list[Session] = []
    yield Step(at(announced_on, 11), lambda: made.append(announce(story, session)))
    if not session.attendance:
        return
    begins = clock.from_local(session.begins())
    yield Step(begins + timedelta(minutes=2), lambda: attend(story, session, made[0]))
    pause = (clock.from_local(session.ends()) - begins) / (len(session.notes) + 1)
    for nth, note in enumerate(session.notes, 1):
        yield Step(begins + pause * nth, lambda nth=nth, note=note: keep_note(story, row, made[0], nth, note))
    if flipcharts.worth_a_picture(session):
        ended = clock.from_local(session.ends())
        yield Step(ended + timedelta(minutes=6), lambda: photograph(story, row, session, made[0]))


def announce(story: Story, row: SessionRow) -> Session:
    """The facilitator plans the meeting; everything about it is known from then on."""
    return sessions.plan(
        story.people[row.facilitator],
        story.communities[row.community],
        f"demo-{row.key}",
        held_on=row.date,
        starts=row.start,
        ends=row.end,
        place=row.place,
        link=row.link,
        topic=row.topic,
        technique=row.technique,
        presenter=story.people[row.presenter],
        presenter_name="",
        facilitator=story.people[row.facilitator],
        deputy=story.people[row.deputy] if row.deputy else None,
    )


def attend(story: Story, row: SessionRow, session: Session) -> None:
    by = story.people[row.attendance[0] if row.facilitator not in row.attendance else row.facilitator]
    for employee_id in row.attendance:
        sessions.mark_present(by, session, story.people[employee_id], True)
    for guest in row.guests:
        sessions.add_guest(by, session, guest)


def keep_note(story: Story, row: CommunityRow, session: Session, nth: int, note: dict[str, str]) -> None:
    """The historian writes while people talk; who tells a story of their own writes it down themselves (S0-49)."""
    speaker = story.people.get(note["by"])
    members = {member["id"] for member in row.members}
    own = note["kind"] == "story" and note["by"] in members
    by = story.people[note["by"] if own else row.people("historian")[0]]
    notes.save(
        by,
        session,
        f"{session.form_key}-{nth}",
        text=note["text"],
        kind=note["kind"],
        speaker_name=speaker.name if speaker else note["by"],
    )


def photograph(story: Story, row: CommunityRow, session: SessionRow, meeting: Session) -> None:
    attachments.store(
        flipcharts.draw(session.key),
        flipcharts.filename(session),
        by=story.people[row.people("historian")[0]],
        session=meeting,
        kind="picture",
        alt_text=flipcharts.describe(session),
    )
