"""After the meetings: what was parked, the summaries the historians wrote, and what to do better next time."""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from kc import clock
from kc.demo import source
from kc.demo.readers import LAST_DAY
from kc.demo.source import CommunityRow, SessionRow
from kc.demo.story import Step, Story
from kc.models import Employee, Notice, ParkedThought, Session
from kc.services import parking, summaries

WRITTEN_AFTER = timedelta(days=1, hours=3)
READ_AFTER = timedelta(days=2)
STILL_NEW = timedelta(days=14)


def steps(story: Story) -> Iterator[Step]:
    """For each meeting that the data names: thoughts parked while they met, the summary the day after."""
    meetings = {row.key: row for row in source.sessions()}
    communities = {row.key: row for row in source.communities()}
    for told in tomllib.loads((source.DATA / "afterwards.toml").read_text(encoding="utf-8"))["afterwards"]:
        row = meetings[told["session"]]
        community = communities[row.community]
        ended = clock.from_local(row.ends())
        yield Step(ended - timedelta(minutes=9), lambda t=told, r=row, c=community: park(story, c, r, t))
        yield Step(ended + WRITTEN_AFTER, lambda t=told, r=row, c=community: write(story, c, r, t))
        for nth, thought in enumerate(told.get("parked", [])):
            if "settled" in thought:
                later = meetings[thought["settled"]]
                at = clock.from_local(later.begins()) + timedelta(minutes=20)
                yield Step(at, lambda r=row, n=nth, later=later: settle(story, r, n, later))
        if row.date < LAST_DAY - STILL_NEW:
            yield Step(ended + WRITTEN_AFTER + READ_AFTER, read_the_news)


def _meeting(row: SessionRow) -> Session:
    return Session.get(Session.form_key == f"demo-{row.key}")


def _historian(story: Story, row: CommunityRow) -> Employee:
    return story.people[row.people("historian")[0]]


def park(story: Story, community: CommunityRow, row: SessionRow, told: dict[str, Any]) -> None:
    for nth, thought in enumerate(told.get("parked", [])):
        parking.park(_historian(story, community), _meeting(row), thought["text"], f"demo-{row.key}-parked-{nth}")


def settle(story: Story, row: SessionRow, nth: int, later: SessionRow) -> None:
    thought = ParkedThought.get(ParkedThought.form_key == f"demo-{row.key}-parked-{nth}")
    parking.settle(story.people[later.facilitator], _meeting(later), thought, True)


def write(story: Story, community: CommunityRow, row: SessionRow, told: dict[str, Any]) -> None:
    """The historian drafts it from the notes, adds what mattered most, and shares it."""
    by, session = _historian(story, community), _meeting(row)
    summary = summaries.begin(by, session)
    text = "\n\n".join(part for part in (told.get("lead", ""), summary.text) if part)
    summaries.save(by, summary, summary.version, text=text, improve=told.get("improve", ""))
    if told.get("shared", True):
        summaries.share(by, summary)


def read_the_news() -> None:
    """Who was told of a summary has read it some days later."""
    told = (Notice.kind == "summary.shared") & Notice.read_at.is_null()
    Notice.update(read_at=clock.now()).where(told).execute()
