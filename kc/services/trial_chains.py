"""Trials as chains, round after round: a community's, an article's, and which became the best method (S0-142)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import peewee as pw

from kc import policy
from kc.models import ArticleTrial, Community, Employee, KnowledgeArticle, Session, Trial
from kc.models.trials import ADAPT, ADOPT, DROP

MOST = 300  # trials of a community that are read at once
_RANK = {ADOPT: 0, "": 1, ADAPT: 2, DROP: 3}


@dataclass
class Chain:
    """Rounds of one practice, first to last; `articles` were written from them."""

    trials: list[Trial]
    articles: list[KnowledgeArticle] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.first.chain

    @property
    def first(self) -> Trial:
        return self.trials[0]

    @property
    def last(self) -> Trial:
        return self.trials[-1]

    @property
    def is_adopted(self) -> bool:
        return self.last.outcome == ADOPT

    @property
    def told(self) -> list[Trial]:
        """Rounds whose result is known."""
        return [trial for trial in self.trials if trial.is_done]


def of_community(employee: Employee, community: Community) -> list[Chain]:
    """Every chain that `employee` may see, the best first: two statements. Earlier years' rounds belong to them."""
    here = Trial.select(Trial.chain).where((Trial.community == community) & Trial.deleted_at.is_null())
    return _with_articles(employee, _chains(employee, Trial.chain.in_(here)))


def of_trial(employee: Employee, trial: Trial) -> Chain:
    """The chain that a trial belongs to, as far as `employee` may see it; of itself alone when it was deleted."""
    found = _with_articles(employee, _chains(employee, Trial.chain == trial.chain))
    return found[0] if found else Chain([trial])


def of_article(article: KnowledgeArticle) -> list[Chain]:
    """The chains an article was written from, for its readers: one statement, none when it is known to have none."""
    if not article.__dict__.get("was_tried", True):  # article_lists.one asked already
        return []
    linked = ArticleTrial.select(ArticleTrial.trial).where(ArticleTrial.article == article)
    return _grouped(_rows().where(Trial.id.in_(linked) & Trial.deleted_at.is_null()))


def adopted_first(chains: Iterable[Chain]) -> list[Chain]:
    """The best method first: adopted ones, those with more rounds, then what is still on its way; dropped ones last."""
    return sorted(chains, key=lambda chain: (_RANK[chain.last.outcome], -len(chain.trials), -chain.last.id))


def _rows() -> pw.ModelSelect:
    return (
        Trial.select(Trial, Employee, Session)
        .join_from(Trial, Employee, on=Trial.owner)
        .join_from(Trial, Session, pw.JOIN.LEFT_OUTER)
        .order_by(Trial.chain.desc(), Trial.id)
    )


def _chains(employee: Employee, condition: pw.Expression) -> list[Chain]:
    rows = _rows().where(condition & Trial.deleted_at.is_null() & policy.visible_trials(employee))
    return adopted_first(_grouped(rows.limit(MOST)))


def _grouped(rows: Iterable[Trial]) -> list[Chain]:
    found: dict[int, Chain] = {}
    for trial in rows:
        found.setdefault(trial.chain, Chain([])).trials.append(trial)
    return list(found.values())


def _with_articles(employee: Employee, chains: list[Chain]) -> list[Chain]:
    if not chains:
        return chains
    by_trial = {trial.id: chain for chain in chains for trial in chain.trials}
    rows = (
        ArticleTrial.select(ArticleTrial, KnowledgeArticle.id, KnowledgeArticle.title, KnowledgeArticle.status)
        .join(KnowledgeArticle)
        .where(ArticleTrial.trial.in_(list(by_trial)) & policy.visible_articles(employee))
        .order_by(KnowledgeArticle.published_on.desc(), KnowledgeArticle.id)
    )
    for row in rows:
        chain = by_trial[row.trial_id]
        if row.article not in chain.articles:
            chain.articles.append(row.article)
    return chains
