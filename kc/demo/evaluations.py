"""Learning evaluations and the follow-up of use: answered by most, as in life, and still open for some."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from kc.demo.source import DATA
from kc.demo.story import Step, Story, at
from kc.models import Assessment, Evaluation, FollowUp
from kc.services import assessing, evaluation, follow_up
from kc.services.guests import key_of_name
from kc.services.participants import key_of

Row = dict[str, Any]


def steps(story: Story) -> Iterator[Step]:
    with (DATA / "evaluations.toml").open("rb") as opened:
        told = tomllib.load(opened)
    for row in told["evaluations"]:
        yield from _evaluation(story, row)
    for row in told["follow_ups"]:
        yield from _follow_up(story, row)


def _evaluation(story: Story, row: Row) -> Iterator[Step]:
    yield Step(at(row["planned_on"], 10), lambda: plan(story, row))
    for stage in ("before", "after"):
        opened_on = row.get(f"{stage}_on")
        if opened_on is None:
            continue
        yield Step(at(opened_on, 9), lambda stage=stage: move(story, row, stage))
        answers = [given for given in row["answers"] if "ratings" in given or stage == "before"]
        for n, given in enumerate(answers):
            moment = at(opened_on + timedelta(days=n % 3), 10, 7 * n)
            yield Step(moment, lambda stage=stage, given=given: answer(story, row, stage, given))
    for excused in row.get("excused", ()):
        yield Step(at(row["after_on"], 9, 30), lambda excused=excused: excuse(story, row, excused))
    if closed_on := row.get("closed_on"):
        yield Step(at(closed_on, 10), lambda: rate_all(story, row))
        yield Step(at(closed_on, 11), lambda: move(story, row, "closed"))


def _of(story: Story, row: Row) -> Evaluation:
    found = evaluation.of(story.communities[row["community"]])
    assert found is not None
    return found


def _by(story: Story, row: Row) -> Any:
    return evaluation.facilitators_of(story.communities[row["community"]])[0]


def plan(story: Story, row: Row) -> None:
    by, community = _by(story, row), story.communities[row["community"]]
    points = "\n".join(row["points"])
    made = evaluation.set_up(by, community, 0, methods=row["methods"], points=points, full_score=10)
    for asked in row.get("questions", ()):
        evaluation.write_question(by, made, asked["text"], asked["choices"], asked["right"])


def move(story: Story, row: Row, stage: str) -> None:
    due_on: date | None = row["due_on"] if stage == "after" else None
    evaluation.move_to(_by(story, row), _of(story, row), stage, due_on)


def answer(story: Story, row: Row, stage: str, given: Row) -> None:
    mine = assessing.mine(story.people[given["by"]], _of(story, row))
    if mine is None:  # did not take part
        return
    questions = evaluation.questions_of(mine.evaluation)
    taken = {str(q.id): choice for q, choice in zip(questions, given.get(stage, ()), strict=False)}
    assessing.answer(
        mine,
        questions,
        answers=taken,
        ratings=given.get("ratings", []),
        satisfaction=given.get("satisfaction"),
        suggestion=given.get("suggestion", ""),
    )


def excuse(story: Story, row: Row, excused: Row) -> None:
    person = story.people.get(excused["name"])
    key = key_of(person) if person else key_of_name(excused["name"])
    found = Assessment.get_or_none((Assessment.evaluation == _of(story, row)) & (Assessment.person_key == key))
    if found is not None:
        assessing.excuse(_by(story, row), found, excused["reason"])


def rate_all(story: Story, row: Row) -> None:
    by, made = _by(story, row), _of(story, row)
    for given in row["answers"]:
        mine = assessing.mine(story.people[given["by"]], made)
        if mine is None or "rating" not in given:
            continue
        blank = {"score_before": None, "score_after": None}
        assessing.rate(by, mine, mine.version, rating=given["rating"], rating_note=given.get("note", ""), **blank)


def _follow_up(story: Story, row: Row) -> Iterator[Step]:
    yield Step(
        at(row["starts_on"], 11, 30), lambda: follow_up.begin(_by(story, row), story.communities[row["community"]])
    )
    for n, given in enumerate(row["answers"]):
        yield Step(at(given["on"], 18, 10 + n), lambda given=given: tell_use(story, row, given))


def tell_use(story: Story, row: Row, given: Row) -> None:
    community, person = story.communities[row["community"]], story.people[given["by"]]
    here = (FollowUp.community == community) & (FollowUp.employee == person) & (FollowUp.months == given["months"])
    asked = FollowUp.get(here)
    articles = follow_up.articles_of(community)
    follow_up.answer(
        asked,
        articles[0] if articles and given["used"] != "not_yet" else None,
        used=given["used"],
        place=given.get("place", ""),
        outcomes=",".join(given.get("outcomes", ())),
        outcome_text=given.get("outcome_text", ""),
        hindrances=",".join(given.get("hindrances", ())),
        hindrance_text=given.get("hindrance_text", ""),
        show_name=given.get("show_name", False),
    )
