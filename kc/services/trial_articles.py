"""The best chain of trials becomes parts 4 and 5 of the official form, with links back to every round (S0-143)."""

from dataclasses import dataclass

from kc import policy, together
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import use_language
from kc.models import ArticleTrial, Community, Employee, KnowledgeArticle, Trial
from kc.services import article_merge, articles, audit, trial_chains
from kc.services.article_merge import MEASURE
from kc.services.trial_chains import Chain
from kc.thai.dates import format_date
from kc.together import Asking


@dataclass(frozen=True)
class Offer:
    """What a chain gives to an article: text for part 4, text for part 5, and a row of goals and results, if any."""

    chain: Chain
    method: str
    results: str
    measure: tuple[str, ...] | None


def offer_of(chain: Chain) -> Offer:
    """The rounds in words, in the language of the records."""
    with use_language("th"):
        method = "\n\n".join(_round_in_words(n, trial) for n, trial in enumerate(chain.trials, 1))
        results = "\n\n".join(_result_in_words(n, trial) for n, trial in enumerate(chain.trials, 1) if trial.is_done)
    return Offer(chain, method, results, _measure_of(chain))


def _round_in_words(number: int, trial: Trial) -> str:
    where = " · ".join(part for part in (trial.place, _days(trial)) if part)
    head = _("ทดลองรอบที่ %(n)d", n=number)
    lines = [f"**{head}{f' ({where})' if where else ''}**", trial.what]
    if trial.how and trial.how != trial.what:
        lines.append(trial.how)
    if trial.improve:
        lines.append(_("สิ่งที่ปรับหลังรอบนี้: %(text)s", text=trial.improve))
    return "\n\n".join(lines)


def _days(trial: Trial) -> str:
    days = [format_date(day, "short") for day in (trial.starts_on, trial.result_on) if day is not None]
    return " – ".join(dict.fromkeys(days))


def _result_in_words(number: int, trial: Trial) -> str:
    head = _("ผลรอบที่ %(n)d", n=number)
    when = f" ({format_date(trial.result_on, 'short')})" if trial.result_on else ""
    text = f"**{head}{when}** {trial.result}"
    if trial.measure and trial.after:
        figures = [_("%(measure)s ได้ %(after)s", measure=trial.measure, after=trial.after)]
        figures += [_("จากเดิม %(before)s", before=trial.before)] if trial.before else []
        figures += [_("เป้าหมาย %(target)s", target=trial.target)] if trial.target else []
        text += f"\n\n{' '.join(figures)}{f' ({trial.unit})' if trial.unit else ''}"
    return text


def _measure_of(chain: Chain) -> tuple[str, ...] | None:
    """What was measured in the last round that was: from what it was before the first to what it is now."""
    measured = [trial for trial in chain.told if trial.measure and trial.after]
    if not measured:
        return None
    last = measured[-1]
    before = next((t.before for t in measured if t.measure == last.measure and t.before), last.before)
    row = {"measure": last.measure, "unit": last.unit, "before": before, "target": last.target, "after": last.after}
    return tuple(row[name] for name in MEASURE)


# ---- the editor ------------------------------------------------------------------------------------------------------


def offers_for(employee: Employee, article: KnowledgeArticle) -> list[Offer]:
    """What the editor offers to pull in: chains of the article's community with a result, the best first."""
    return together.answer(ask_offers_for(employee, article))


def ask_offers_for(employee: Employee, article: KnowledgeArticle) -> Asking[list[Offer]]:
    """As `offers_for`, for a page that asks for more at the same time."""
    community = article.community if article.community_id is not None else None
    if community is None or not policy.can_write_for(employee, community):
        return []
    chains = yield from trial_chains.ask_of_community(employee, community)
    return [offer_of(chain) for chain in chains if chain.told]


def pulled(employee: Employee, article: KnowledgeArticle, choice: str) -> Offer | None:
    """The chain that a button's value "trials-<chain>:<part>" means; None when it is not this community's to take."""
    number = choice.partition(":")[0].removeprefix("trials-")
    if not choice.startswith("trials-") or not number.isascii() or not number.isdecimal():
        return None
    offers = offers_for(employee, article)
    return next((offer for offer in offers if str(offer.chain.id) == number), None)


def link(by: Employee, article: KnowledgeArticle, chain: Chain) -> None:
    """The article was written from these trials: its readers may look at them. Linking twice is no error."""
    with db.atomic():
        rows = [{"article": article.id, "trial": trial.id} for trial in chain.trials]
        ArticleTrial.insert_many(rows).on_conflict_ignore().execute()
        audit.record(by, "article.trials_linked", article, chain=chain.id)


def unlink(by: Employee, article: KnowledgeArticle, chain_id: int) -> None:
    """The text does not rest on these trials after all; what was written stays."""
    with db.atomic():
        those = Trial.select(Trial.id).where(Trial.chain == chain_id)
        ArticleTrial.delete().where((ArticleTrial.article == article) & ArticleTrial.trial.in_(those)).execute()
        audit.record(by, "article.trials_unlinked", article, chain=chain_id)


def write_up(by: Employee, community: Community, chain: Chain) -> KnowledgeArticle:
    """A draft of what was learned, parts 4 and 5 written from the rounds; pressing again finds the same one.

    Raises DomainError when no result is told yet, or the community is not one's own.
    """
    if not chain.told:
        raise DomainError(_("ยังไม่มีผลการทดลอง บันทึกผลสักรอบก่อน แล้วค่อยสรุปเป็นองค์ความรู้"))
    if chain.articles:
        return chain.articles[0]
    offer = offer_of(chain)
    with db.atomic():
        article = articles.start(by, title=chain.first.what, community=community, form_key=f"trials-{chain.id}-{by.id}")
        seen = article_merge.token(article.version, article_merge.digests(articles.current_content(article)))
        written = {"method": offer.method, "results": offer.results, "results_on": chain.told[-1].result_on}
        if offer.measure is not None:
            written["measures"] = (offer.measure,)
        articles.save(by, article, written, seen)
        link(by, article, chain)
    return article
