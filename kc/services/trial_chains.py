"""Trials as chains, round after round: a community's, an article's, and which became the best method (S0-142)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import peewee as pw

from kc import policy, together
from kc.models import ArticleTrial, Community, Employee, KnowledgeArticle, Session, Trial
from kc.models.trials import ADAPT, ADOPT, DROP
from kc.together import Asking

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
    """Every chain that `employee` may see, the best first. Earlier years' rounds belong to them."""
    return together.answer(ask_of_community(employee, community))


def ask_of_community(employee: Employee, community: Community) -> Asking[list[Chain]]:
    """As `of_community`, for a page that asks for more at the same time."""
    here = Trial.select(Trial.chain).where((Trial.community == community) & Trial.deleted_at.is_null())
    return _chains(employee, Trial.chain.in_(here))


def of_trial(employee: Employee, trial: Trial) -> Chain:
    """The chain that a trial belongs to, as far as `employee` may see it; of itself alone when it was deleted."""
    found = together.answer(_chains(employee, Trial.chain == trial.chain))
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


def _chains(employee: Employee, condition: pw.Expression) -> Asking[list[Chain]]:
    """Their trials, and then the articles written from them."""
    visible = _rows().where(condition & Trial.deleted_at.is_null() & policy.visible_trials(employee))
    (trials,) = yield [visible.limit(MOST)]
    chains = adopted_first(_grouped(trials))
    by_trial = {trial.id: chain for chain in chains for trial in chain.trials}
    if by_trial:
        (links,) = yield [_articles(employee, list(by_trial))]
        for link in links:
            chain = by_trial[link.trial_id]
            if link.article not in chain.articles:
                chain.articles.append(link.article)
    return chains


def _grouped(rows: Iterable[Trial]) -> list[Chain]:
    found: dict[int, Chain] = {}
    for trial in rows:
        found.setdefault(trial.chain, Chain([])).trials.append(trial)
    return list(found.values())


def _articles(employee: Employee, trials: list[int]) -> pw.ModelSelect:
    return (
        ArticleTrial.select(ArticleTrial, KnowledgeArticle.id, KnowledgeArticle.title, KnowledgeArticle.status)
        .join(KnowledgeArticle)
        .where(ArticleTrial.trial.in_(trials) & policy.visible_articles(employee))
        .order_by(KnowledgeArticle.published_on.desc(), KnowledgeArticle.id)
    )
