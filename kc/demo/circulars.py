"""The bank's circulars: announced each spring, extended where it flooded, reminded of, and each year closed."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

from kc.demo import sheets, source
from kc.demo.source import RoundRow
from kc.demo.story import Step, Story, at
from kc.models import Round
from kc.models.rounds import QUESTIONS
from kc.services import round_files, round_reminders, rounds, year_end


def steps(story: Story) -> Iterator[Step]:
    """Drafted the day before it is dated, announced on its day; then whatever the year brought."""
    for row in source.rounds():
        made: list[Round] = []
        yield Step(at(row.dated_on - timedelta(days=1), 14), lambda row=row, made=made: made.append(draft(story, row)))
        yield Step(at(row.dated_on, 10), lambda made=made: rounds.announce(_officer(story), made[0]))
        for extension in row.extensions:
            moment = at(extension["on"], 11)
            yield Step(moment, lambda made=made, extension=extension: extend(story, made[0], extension))
        for day in row.looked_on:
            yield Step(at(day, 7), round_reminders.look)
        if row.closed_on:
            yield Step(at(row.closed_on, 15), lambda row=row: close(story, row))


def _officer(story: Story):  # type: ignore[no-untyped-def]
    return story.player("knowledge_officer")


def draft(story: Story, row: RoundRow) -> Round:
    words = {"number": row.number, "dated_on": row.dated_on, "title": row.title, "text": row.text.strip()}
    answers = {name: getattr(row, name).strip() for name in QUESTIONS}
    days = {"opens_on": row.opens_on, "closes_on": row.closes_on, "publish_by": row.publish_by}
    made = rounds.draft(_officer(story), story.years[row.year], row.kinds, **words, **answers, **days)
    if row.file:
        body = "\n\n".join([row.number, *answers.values(), row.text.strip()])
        memo = sheets.make({"filename": row.file, "title": row.title, "body": body})
        round_files.attach(_officer(story), made, io.BytesIO(memo), row.file)
    return made


def extend(story: Story, made: Round, extension: dict[str, date | str]) -> None:
    rounds.extend(
        _officer(story),
        made,
        story.units[str(extension["unit"])],
        extension.get("sign_up_until"),  # type: ignore[arg-type]
        extension.get("publish_by"),  # type: ignore[arg-type]
        str(extension["reason"]),
    )


def close(story: Story, row: RoundRow) -> None:
    year_end.close(_officer(story), story.years[row.year], row.closing_note)
