"""Chains of trials as pictures: the words of each card, and the community's panel."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kc import clock, labels, loop, policy
from kc.i18n import gettext as _
from kc.loop import Card, Drawing
from kc.models import Community, Employee, Trial
from kc.models.knowledge import PUBLISHED
from kc.models.trials import ADAPT, ADOPT, DROP, RUNNING
from kc.services import trial_chains
from kc.services.trial_chains import Chain
from kc.thai.dates import format_date
from kc.together import Asking

TONES = {ADOPT: "ok", ADAPT: "warn", DROP: "danger"}
DRAWN_AT_ONCE = 6  # chains of a community's panel; the rest stands on the page of all trials


@dataclass(frozen=True)
class Picture:
    """A chain and its drawings, for a wide page and for a phone; drawn when the page asks."""

    chain: Chain

    @cached_property
    def drawings(self) -> list[Drawing]:
        rounds = [(_over(n, trial), _cards(n, trial)) for n, trial in enumerate(self.chain.trials, 1)]
        last = _knowledge(self.chain)
        return [loop.draw(rounds, last, wide=wide) for wide in (True, False)]


def panel(community: Community, employee: Employee) -> Asking[dict[str, Any] | None]:
    """What we tried: for members always, for others only what became published knowledge."""
    may_work = policy.can_work_on_trials(employee, community)
    chains = yield from trial_chains.ask_of_community(employee, community)
    if not chains and not may_work:
        return None
    pictures = [Picture(chain) for chain in chains[:DRAWN_AT_ONCE]]
    return {"pictures": pictures, "more": len(chains) - len(pictures), "may_work": may_work}


def _over(number: int, trial: Trial) -> str:
    who = " · ".join(part for part in (trial.owner.first_name, trial.place) if part)
    return f"{_('รอบที่ %(n)d', n=number)}   {who}"


def _cards(number: int, trial: Trial) -> list[Card]:
    return [_talk(number, trial), _try(number, trial), _result(trial), _improve(trial)]


def _day(day: date | None) -> str:
    return format_date(day, "short") if day is not None else ""


def _talk(number: int, trial: Trial) -> Card:
    session = trial.session if trial.session_id else None
    if session is not None:
        url = f"/communities/{session.community_id}/sessions/{session.id}"
        return Card("talk", _("คุย"), session.topic, _day(session.held_on), url)
    text = _("คุยต่อจากผลรอบก่อน") if number > 1 else _("เริ่มจากงานที่ทำอยู่")
    return Card("talk", _("คุย"), text, _day(clock.to_local(trial.created_at).date()), trial.url)


def _try(number: int, trial: Trial) -> Card:
    text = trial.what if number == 1 or not trial.how else trial.how
    if trial.is_done or trial.due_on is None:
        return Card("try", _("ลอง"), text, _day(trial.starts_on), trial.url)
    if trial.due_on < clock.today():
        return Card("try", _("ลอง"), text, _("เลย %(day)s", day=_day(trial.due_on)), trial.url, "danger")
    tone = "warn" if trial.status == RUNNING else ""
    return Card("try", _("ลอง"), text, _("ถึง %(day)s", day=_day(trial.due_on)), trial.url, tone)


def _result(trial: Trial) -> Card:
    if not trial.is_done:
        hoped = _("คาดไว้: %(text)s", text=trial.expected) if trial.expected else _("รอผล")
        return Card("result", _("ผล"), hoped, "", f"{trial.url}/result", is_open=True)
    return Card("result", _("ผล"), trial.result, _figures(trial) or _day(trial.result_on), f"{trial.url}#result")


def _figures(trial: Trial) -> str:
    if not trial.after:
        return ""
    figures = f"{trial.before} → {trial.after}" if trial.before else trial.after
    percent = trial.unit == "ร้อยละ"  # thai-data: what people type as the unit; it is said before the figure
    return " ".join(part for part in ((trial.unit, figures) if percent else (figures, trial.unit)) if part)


def _improve(trial: Trial) -> Card:
    if not trial.is_done:
        return Card("improve", _("ปรับ"), _("คุยกันเมื่อได้ผล"), "", trial.url, is_open=True)
    outcome = str(labels.TRIAL_OUTCOMES[trial.outcome])
    text = trial.improve or {ADOPT: _("ใช้วิธีนี้ต่อไป")}.get(trial.outcome, _("ไม่ลองต่อ"))
    return Card("improve", _("ปรับ"), text, outcome, f"{trial.url}#result", TONES[trial.outcome])


def _knowledge(chain: Chain) -> Card | None:
    """What came of it all: the knowledge written from it, or that it is ready to be written."""
    if chain.articles:
        article = chain.articles[0]
        state = "" if article.status == PUBLISHED else str(labels.ARTICLE_STATUSES[article.status])
        return Card("knowledge", _("องค์ความรู้"), article.title, state, f"/knowledge/{article.id}")
    if chain.is_adopted:
        text = _("ได้วิธีที่ดีที่สุดแล้ว พร้อมสรุปเป็นองค์ความรู้")
        return Card("knowledge", _("องค์ความรู้"), text, "", f"{chain.last.url}#write-up", is_open=True)
    return None
