"""What members would like to talk about next: proposed by anyone, voted for in one tap, taken up by a session."""

from typing import Any

import peewee as pw

from kc import clock, policy, thai
from kc.addresses import own_path
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import Community, Employee, Proposal, ProposalVote, Session
from kc.services import audit, community_people, notices

LONGEST = 300
SHOWN = 100


def propose(employee: Employee, community: Community, text: str, *, source_url: str = "") -> Proposal:
    """Propose something for a community to talk about; the same words again add a vote to what is there.

    `source_url`: the page of ours it came from ("/questions/3"). DomainError: no member, a cancelled community,
    no text or too long a text.
    """
    text = thai.clean_line(text)
    if not policy.can_propose(employee, community):
        raise DomainError(_("เสนอเรื่องได้เฉพาะสมาชิกชุมชนและผู้ดูแล"))
    if not text:
        raise DomainError(_("โปรดพิมพ์เรื่องที่อยากคุย"), field="text")
    if len(text) > LONGEST:
        raise DomainError(_("สั้นกว่านี้อีกนิด ไม่เกิน %(n)d ตัวอักษร", n=LONGEST), field="text")
    with db.atomic():
        proposal = _open_ones(community).where(Proposal.text == text).first()
        if proposal is None:
            proposal = Proposal.create(
                community=community, text=text, source_url=own_path(source_url), proposed_by=employee
            )
            audit.record(employee, "proposal.made", proposal, community=community.id)
            notices.tell(
                community_people.organisers(community),
                "proposal.made",
                f"/communities/{community.id}/proposals/",
                actor=employee,
                about=f"proposals:{community.id}",
                community=community.name,
                text=text,
            )
        _vote(employee, proposal)
    return proposal


def _open_ones(community: Community) -> pw.ModelSelect:
    open_ = Proposal.session.is_null() & Proposal.set_aside_at.is_null() & Proposal.withdrawn_at.is_null()
    return Proposal.select().where((Proposal.community == community) & open_)


def vote(employee: Employee, proposal: Proposal, wanted: bool) -> None:
    """Want it, or no longer; twice is no error. DomainError when it is no longer to be voted on."""
    if not proposal.is_open:
        raise DomainError(_("เรื่องนี้ปิดรับเสียงแล้ว"))
    with db.atomic():
        if wanted:
            _vote(employee, proposal)
        else:
            mine = (ProposalVote.proposal == proposal) & (ProposalVote.employee == employee)
            ProposalVote.delete().where(mine).execute()
        audit.record(employee, "proposal.voted", proposal, wanted=wanted)


def _vote(employee: Employee, proposal: Proposal) -> None:
    ProposalVote.insert(proposal=proposal, employee=employee, voted_at=clock.now()).on_conflict_ignore().execute()


def of_community(community: Community, viewer: Employee, limit: int = SHOWN) -> list[Proposal]:
    """Open ones, as `most_wanted`."""
    return list(most_wanted(community, viewer).limit(limit))


def most_wanted(community: Community, viewer: Employee) -> pw.ModelSelect:
    """Open ones, most wanted first, each with `votes_count` and `is_mine` (1 when `viewer` voted for it)."""
    mine = pw.fn.MAX(pw.Case(None, [(ProposalVote.employee == viewer, 1)], 0))
    count = pw.fn.COUNT(ProposalVote.id)
    return (
        _open_ones(community)
        .select(Proposal, Employee.name.alias("proposer"), count.alias("votes_count"), mine.alias("is_mine"))
        .join_from(Proposal, Employee, on=(Proposal.proposed_by == Employee.id))
        .join_from(Proposal, ProposalVote, pw.JOIN.LEFT_OUTER)
        .group_by(Proposal.id, Employee.name)
        .order_by(count.desc(), Proposal.id)
        .objects()
    )


def closed_ones(community: Community) -> list[Proposal]:
    """Those that a session took up, or that were set aside; newest first, each with its session."""
    taken_or_aside = Proposal.session.is_null(False) | Proposal.set_aside_at.is_null(False)
    return list(
        Proposal.select(Proposal, Session)
        .join(Session, pw.JOIN.LEFT_OUTER)
        .where((Proposal.community == community) & taken_or_aside & Proposal.withdrawn_at.is_null())
        .order_by(Proposal.id.desc())
        .limit(SHOWN)
    )


def set_aside(by: Employee, proposal: Proposal, aside: bool) -> None:
    """The organisers put it aside, or take it out again."""
    _note(by, proposal, "proposal.set_aside" if aside else "proposal.taken_out", set_aside_at=_moment(aside))


def withdraw(by: Employee, proposal: Proposal) -> None:
    """Whoever proposed it takes it back. DomainError once it is taken up."""
    if proposal.session_id is not None:
        raise DomainError(_("เรื่องนี้นัดคุยแล้ว ถอนไม่ได้"))
    _note(by, proposal, "proposal.withdrawn", withdrawn_at=clock.now())


def _moment(on: bool) -> Any:
    return clock.now() if on else None


def _note(by: Employee, proposal: Proposal, action: str, **changes: Any) -> None:
    with db.atomic():
        Proposal.update(**changes).where(Proposal.id == proposal.id).execute()
        audit.record(by, action, proposal)


def take_up(by: Employee, proposal: Proposal, session: Session) -> None:
    """A session is about it: those who wanted it are told. One that is closed, or of others, is left alone."""
    here = (Proposal.id == proposal.id) & (Proposal.community == session.community_id) & Proposal.session.is_null()
    with db.atomic():
        if not Proposal.update(session=session, set_aside_at=None).where(here).execute():
            return
        audit.record(by, "proposal.taken_up", proposal, session=session.id)
        voters = Employee.select().join(ProposalVote, on=(ProposalVote.employee == Employee.id))
        notices.tell(
            list(voters.where(ProposalVote.proposal == proposal)),
            "proposal.taken_up",
            f"/communities/{session.community_id}/sessions/{session.id}",
            actor=by,
            about=f"proposal:{proposal.id}",
            community=session.community.name,
            text=proposal.text,
            day=session.held_on,
        )


def free(session: Session) -> None:
    """The session is called off: what it took up may be wanted again. Within the caller's transaction."""
    Proposal.update(session=None).where(Proposal.session == session).execute()
