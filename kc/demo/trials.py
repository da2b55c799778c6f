"""What communities tried at work: planned from a note, begun, told, and once written up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from kc.demo import source
from kc.demo.story import Step, Story, at
from kc.models import Session as Meeting
from kc.models import SessionNote, Trial
from kc.services import trial_articles, trial_chains, trials


@dataclass(frozen=True)
class TrialRow:
    key: str
    session: str
    owner: str
    what: str
    how: str
    place: str
    starts_on: date
    expected: str
    note: int = 0
    previous: str = ""
    due_on: date | None = None
    begun_on: date | None = None
    measure: str = ""
    unit: str = ""
    before: str = ""
    target: str = ""
    after: str = ""
    result: str = ""
    result_on: date | None = None
    outcome: str = ""
    improve: str = ""
    article: str = ""
    linked_on: date | None = None


@cache
def rows() -> list[TrialRow]:
    return source._rows(source.DATA / "trials.toml", "trials", TrialRow)


def steps(story: Story) -> Iterator[Step]:
    """Each trial is planned the day after the meeting it was talked about in."""
    met = {session.key: session for session in source.sessions()}
    made: dict[str, Trial] = {}
    for row in rows():
        planned = at(met[row.session].date + timedelta(days=1), 8, 50)
        yield Step(planned, lambda row=row: made.update({row.key: plan(story, row, made)}))
        if row.begun_on:
            yield Step(at(row.begun_on, 9, 5), lambda row=row: trials.begin(story.people[row.owner], made[row.key]))
        if row.result_on:
            yield Step(at(row.result_on, 16, 20), lambda row=row: tell(story, row, made[row.key]))
        if row.linked_on:
            yield Step(at(row.linked_on, 10, 20), lambda row=row: link(story, row, made[row.key]))


def plan(story: Story, row: TrialRow, made: dict[str, Trial]) -> Trial:
    owner = story.people[row.owner]
    meeting = Meeting.get(Meeting.form_key == f"demo-{row.session}")
    return trials.start(
        owner,
        meeting.community,
        row.what,
        note=SessionNote.get_or_none(SessionNote.client_key == f"demo-{row.session}-{row.note}"),
        session=meeting,
        previous=made.get(row.previous),
        place=row.place,
        starts_on=row.starts_on,
        due_on=row.due_on,
        how=row.how,
        expected=row.expected,
        measure=row.measure,
        unit=row.unit,
        before=row.before,
        target=row.target,
        form_key=f"demo-{row.key}",
    )


def tell(story: Story, row: TrialRow, trial: Trial) -> None:
    told = {"result": row.result, "outcome": row.outcome, "improve": row.improve, "after": row.after}
    trials.tell_result(story.people[row.owner], trial, trial.version, result_on=row.result_on, **told)


def link(story: Story, row: TrialRow, trial: Trial) -> None:
    """The article was written from the whole chain."""
    by = story.people[row.owner]
    trial_articles.link(by, story.articles[row.article], trial_chains.of_trial(by, trial))
