"""What colleagues asked on the webboard, what was answered, and what still waits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from kc.demo import source
from kc.demo.story import Step, Story, at
from kc.models import Answer, Question
from kc.services import questions


@dataclass(frozen=True)
class AnswerRow:
    by: str
    on: date
    text: str
    accepted_on: date | None = None


@dataclass(frozen=True)
class QuestionRow:
    key: str
    by: str
    on: date
    title: str
    text: str = ""
    topic: str = ""
    community: str = ""
    members_only: bool = False
    hidden: bool = False
    followers: list[str] = field(default_factory=list)
    answers: list[dict[str, object]] = field(default_factory=list)


@cache
def rows() -> list[QuestionRow]:
    return source._rows(source.DATA / "questions.toml", "questions", QuestionRow)


def steps(story: Story) -> Iterator[Step]:
    """Asked in the morning, answered in the afternoon, the answer that helped chosen towards evening."""
    made: dict[str, Question] = {}
    for row in rows():
        yield Step(at(row.on, 10, 12), lambda row=row: made.update({row.key: ask(story, row)}))
        for who in row.followers:
            yield Step(at(row.on, 11, 3), lambda row=row, who=who: follow(story, made[row.key], who))
        for n, told in enumerate(row.answers):
            answer = AnswerRow(**told)  # type: ignore[arg-type]
            key = f"demo-{row.key}-{n}"
            yield Step(
                at(answer.on, 14, 26), lambda row=row, one=answer, key=key: reply(story, made[row.key], one, key)
            )
            if answer.accepted_on:
                yield Step(at(answer.accepted_on, 17, 4), lambda row=row, key=key: accept(story, row, key))


def ask(story: Story, row: QuestionRow) -> Question:
    community = story.communities[row.community] if row.community else None
    topic = story.topics[2569, row.topic] if row.topic else None
    return questions.ask(
        story.people[row.by],
        row.title,
        row.text,
        topic=topic,
        community=community,
        is_members_only=row.members_only,
        is_hidden_name=row.hidden,
        form_key=f"demo-{row.key}",
    )


def follow(story: Story, question: Question, who: str) -> None:
    questions.follow(story.people[who], Question.get_by_id(question.id), True)


def reply(story: Story, question: Question, answer: AnswerRow, key: str) -> None:
    questions.answer(story.people[answer.by], Question.get_by_id(question.id), answer.text, form_key=key)


def accept(story: Story, row: QuestionRow, key: str) -> None:
    questions.accept(story.people[row.by], Answer.get(Answer.form_key == key))
