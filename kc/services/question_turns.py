"""What a question was turned into (a topic to talk about, a trial, knowledge), and which question something came from.

Neither names who asked: what was made bears the name of who made it (S0-265).
"""

import re
from dataclasses import dataclass

import peewee as pw

from kc import policy
from kc.models import Community, Employee, KnowledgeArticle, Proposal, Question, Trial

MOST = 20
TOPIC, TRIAL, KNOWLEDGE = "topic", "trial", "knowledge"
ASIDE, TAKEN_UP = "aside", "taken_up"
_A_QUESTION = re.compile(r"/questions/([0-9]{1,9})")


@dataclass(frozen=True)
class Made:
    """`state`: of a topic "", ASIDE or TAKEN_UP; of a trial its outcome, else its status; of knowledge its status."""

    kind: str
    id: int
    title: str
    state: str
    community_id: int | None
    community: str
    session_id: int | None

    @property
    def url(self) -> str:
        if self.kind == KNOWLEDGE:
            return f"/knowledge/{self.id}"
        here = f"/communities/{self.community_id}"
        if self.kind == TRIAL:
            return f"{here}/trials/{self.id}"
        return f"{here}/sessions/{self.session_id}" if self.session_id else f"{here}/proposals/"


def made_of(viewer: Employee, question: Question) -> list[Made]:
    """What came of it, as far as `viewer` may see that, the newest of each kind first: one statement."""
    rows = _topics(question).union_all(_trials(viewer, question)).union_all(_articles(viewer, question))
    order = (TOPIC, TRIAL, KNOWLEDGE)
    found = sorted((Made(*row) for row in rows.tuples()), key=lambda made: (order.index(made.kind), -made.id))
    return found[:MOST]


def _topics(question: Question) -> pw.ModelSelect:
    state = pw.Case(
        None, [(Proposal.session.is_null(False), TAKEN_UP), (Proposal.set_aside_at.is_null(False), ASIDE)], ""
    )
    rows = Proposal.select(
        _text(TOPIC), Proposal.id, Proposal.text, state, Proposal.community, Community.name, Proposal.session
    )
    here = (Proposal.source_url == question.url) & Proposal.withdrawn_at.is_null()
    return rows.join(Community, on=Proposal.community).where(here)


def _trials(viewer: Employee, question: Question) -> pw.ModelSelect:
    state = pw.Case(None, [(Trial.outcome != "", Trial.outcome)], Trial.status)
    rows = Trial.select(_text(TRIAL), Trial.id, Trial.what, state, Trial.community, Community.name, Trial.session)
    here = (Trial.source_url == question.url) & Trial.deleted_at.is_null()
    return rows.join(Community, on=Trial.community).where(here & policy.visible_trials(viewer))


def _articles(viewer: Employee, question: Question) -> pw.ModelSelect:
    article, name = KnowledgeArticle, pw.fn.COALESCE(Community.name, "")
    nowhere = pw.Value(None).cast("INTEGER")
    rows = article.select(_text(KNOWLEDGE), article.id, article.title, article.status, article.community, name, nowhere)
    here = article.source_url == question.url
    return rows.join(Community, pw.JOIN.LEFT_OUTER).where(here & policy.visible_articles(viewer))


def _text(word: str) -> pw.Cast:
    return pw.Value(word).cast("TEXT")


def came_from(viewer: Employee, source_url: str) -> Question | None:
    """The question that a trial or an article was made of, for those who see it on the board; no statement without."""
    named = _A_QUESTION.fullmatch(source_url)
    if named is None:
        return None
    here = (Question.id == int(named[1])) & policy.visible_questions(viewer)
    return Question.select(Question.id, Question.title).where(here).first()
