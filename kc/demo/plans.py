"""Plans of the year: what communities mean to learn, how meetings go, what members would like to talk about."""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from kc.demo.readers import LAST_DAY
from kc.demo.source import DATA
from kc.demo.story import Step, Story, at
from kc.models import Notice, Question, Session
from kc.services import learning_plans, meeting_plans, proposals, series

UNREAD = timedelta(days=5)  # older notices were read by then


@cache
def told() -> dict[str, list[dict[str, Any]]]:
    """Rows of plans.toml by table."""
    with (DATA / "plans.toml").open("rb") as file:
        return tomllib.load(file)


def steps(story: Story) -> Iterator[Step]:
    for row in told()["plans"]:
        yield Step(at(row["on"], 10), lambda row=row: write(story, row))
    for row in told()["steps"]:
        yield Step(at(row["on"], 16), lambda row=row: plan_meeting(story, row))
    for row in told()["proposals"]:
        yield Step(at(row["on"], 19), lambda row=row: propose(story, row))
    for row in told()["series"]:
        yield Step(at(row["on"], 14), lambda row=row: meet_again(story, row))
    yield Step(at(LAST_DAY, 22), read_old_notices)


def write(story: Story, row: dict[str, Any]) -> None:
    content = {name: row[name].strip() if name in learning_plans.TEXTS else row[name] for name in FIELDS if name in row}
    learning_plans.save(story.people[row["by"]], story.communities[row["community"]], content, "")


FIELDS = learning_plans.FIELDS


def plan_meeting(story: Story, row: dict[str, Any]) -> None:
    session = Session.get(Session.form_key == f"demo-{row['session']}")
    wanted = [
        meeting_plans.Step(minutes, title, story.people[who].name if who else "")
        for minutes, title, who in row["steps"]
    ]
    meeting_plans.save(story.people[row["by"]], session, 0, row["expected"], wanted)


def propose(story: Story, row: dict[str, Any]) -> None:
    community = story.communities[row["community"]]
    source = Question.get(Question.form_key == f"demo-{row['question']}").url if "question" in row else ""
    proposal = proposals.propose(story.people[row["by"]], community, row["text"], source_url=source)
    for employee_id in row["votes"]:
        proposals.vote(story.people[employee_id], proposal, True)


def meet_again(story: Story, row: dict[str, Any]) -> None:
    series.begin(
        story.people[row["by"]],
        story.communities[row["community"]],
        f"demo-series-{row['community']}",
        row["rhythm"],
        None,
        held_on=row["date"],
        starts=row["start"],
        ends=row["end"],
        place=row["place"],
        link="",
        topic=row["topic"],
        technique=row["technique"],
        presenter=story.people[row["presenter"]],
        presenter_name="",
        facilitator=story.people[row["facilitator"]],
        deputy=None,
    )


def read_old_notices() -> None:
    """Three years of notices were read as they came; the last days' wait."""
    old = Notice.created_at < at(LAST_DAY - UNREAD)
    Notice.update(read_at=Notice.updated_at).where(old & Notice.read_at.is_null()).execute()
