"""Questions and their answers. Nobody's name is indexed: some who ask do not want to be known (S0-265)."""

import peewee as pw

from kc.markdown import to_plain
from kc.models import Answer, Community, OrgUnit, Question, Topic
from kc.search.schema import Document
from kc.search.sources.source import Source, day_of, numbers, places_of, stamped, text_of


def _ids() -> list[int]:
    return numbers(Question.select(Question.id).where(Question.removed_at.is_null()).order_by(Question.id))


def _load(ids: list[int]) -> list[Document]:
    outer = pw.JOIN.LEFT_OUTER
    rows = (
        Question.select(Question, Topic, Community, OrgUnit)
        .join_from(Question, Topic, outer)
        .join_from(Question, Community, outer)
        .join_from(Community, OrgUnit, outer)
        .where(Question.id.in_(ids) & Question.removed_at.is_null())
    )
    answers = _answers_of(ids)
    return [_document(row, answers.get(row.id, [])) for row in rows]


def _answers_of(ids: list[int]) -> dict[int, list[str]]:
    """What was answered, the accepted answer first."""
    rows = (
        Answer.select(Answer.question, Answer.text)
        .where(Answer.question.in_(ids) & Answer.removed_at.is_null())
        .order_by(Answer.question, Answer.accepted_at.is_null(), Answer.id)
    )
    answers: dict[int, list[str]] = {}
    for question_id, text in rows.tuples():
        answers.setdefault(question_id, []).append(to_plain(text))
    return answers


def _document(row: Question, answers: list[str]) -> Document:
    about = [row.topic.name if row.topic_id else "", row.community.name if row.community_id else ""]
    filters: dict[str, tuple[int, ...]] = {}
    if row.topic_id:
        filters["topic"] = (row.topic.series or row.topic.id,)
    if row.community_id:
        filters["unit"] = places_of(row.community.unit)
    return stamped(
        Document(
            kind="question",
            id=row.id,
            title=row.title,
            text=text_of(to_plain(row.text), *answers),
            beside=text_of(*about),
            date=day_of(row.created_at),
            filters=filters,
            visible_to=_seen_by(row),
        )
    )


def _seen_by(row: Question) -> tuple[str, ...]:
    """All staff; or the community's people, its units' coordinators and the KM team, as `policy.sight` names them."""
    if not row.is_members_only or not row.community_id:
        return ("all",)
    units = (f"unit:{number}" for number in places_of(row.community.unit))
    return ("team", f"community:{row.community_id}", *units)


SOURCE = Source("question", _ids, _load)
