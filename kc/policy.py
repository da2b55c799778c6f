"""Who may do what. One predicate for each question; views and templates ask here and nowhere else."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

import peewee as pw

from kc.models import (
    Answer,
    ArticleAuthor,
    ArticleTrial,
    Attachment,
    Attendance,
    Community,
    Employee,
    Invitation,
    JointSession,
    KnowledgeArticle,
    Membership,
    Notice,
    OrgUnit,
    Proposal,
    Question,
    RecentSearch,
    RoleAssignment,
    Round,
    SavedSearch,
    SearchRequest,
    Session,
    SessionSummary,
    Trial,
    Upload,
)
from kc.models.communities import COORDINATOR as COMMUNITY_COORDINATOR
from kc.models.communities import FACILITATOR, HISTORIAN, LEADER
from kc.models.knowledge import DRAFT, PUBLISHED, SUBMITTED
from kc.models.people import ADMINISTRATOR, COORDINATOR, EXECUTIVE, KNOWLEDGE_OFFICER

ORGANISERS = (LEADER, FACILITATOR, HISTORIAN, COMMUNITY_COORDINATOR)


def roles_of(employee: Employee) -> list[tuple[str, str]]:
    """System roles someone holds, as (role, unit path or ""). Asked of the database once per loaded employee."""
    held = employee.__dict__.get("_held_roles")
    if held is None:
        rows = (
            RoleAssignment.select(RoleAssignment.role, OrgUnit.path)
            .join(OrgUnit, pw.JOIN.LEFT_OUTER)
            .where(RoleAssignment.employee == employee)
            .tuples()
        )
        held = [(role, path or "") for role, path in rows]
        employee.__dict__["_held_roles"] = held
    return held


def has_role(employee: Employee | None, *roles: str) -> bool:
    return employee is not None and any(role in roles for role, _ in roles_of(employee))


def is_administrator(employee: Employee | None) -> bool:
    return has_role(employee, ADMINISTRATOR)


def is_knowledge_officer(employee: Employee | None) -> bool:
    """The KM team; administrators can do all that it can."""
    return has_role(employee, KNOWLEDGE_OFFICER, ADMINISTRATOR)


def is_executive(employee: Employee | None) -> bool:
    return has_role(employee, EXECUTIVE)


def coordinated_paths(employee: Employee) -> list[str]:
    """Paths of the units someone coordinates; each stands for its whole subtree."""
    return [path for role, path in roles_of(employee) if role == COORDINATOR and path]


def is_coordinator(employee: Employee | None) -> bool:
    return employee is not None and bool(coordinated_paths(employee))


def coordinates(employee: Employee, unit: OrgUnit | None) -> bool:
    """Is `unit` one that this coordinator looks after, directly or as part of a larger one?"""
    return unit is not None and any(unit.path.startswith(path) for path in coordinated_paths(employee))


# ---- people --------------------------------------------------------------------------------------------------------


def can_administer_people(employee: Employee) -> bool:
    """Import units and employees, give roles, lock accounts, read the audit log."""
    return is_administrator(employee)


def can_issue_code(employee: Employee, other: Employee) -> bool:
    """Hand out a one-time code: an administrator to anyone, a coordinator to staff of their units without roles.

    A coordinator must not be able to take over the account of somebody who holds more power than they do.
    """
    if is_administrator(employee):
        return True
    return coordinates(employee, other.unit) and not roles_of(other)


def issuable_units(employee: Employee) -> pw.Expression | None:
    """Condition on OrgUnit for units whose staff this person may hand codes to; None: every unit."""
    return None if is_administrator(employee) else within(OrgUnit.path, coordinated_paths(employee))


def code_receivers(employee: Employee) -> pw.Expression:
    """Condition on Employee: what `can_issue_code` says, as a query."""
    if is_administrator(employee):
        return Employee.id.is_null(False)
    units = OrgUnit.select(OrgUnit.id).where(within(OrgUnit.path, coordinated_paths(employee)))
    return Employee.unit.in_(units) & Employee.id.not_in(RoleAssignment.select(RoleAssignment.employee))


def can_open_administration(employee: Employee) -> bool:
    """The rooms behind the gear: all of them for administrators, codes and slips for coordinators."""
    return is_administrator(employee) or is_coordinator(employee)


def can_open_hub(employee: Employee) -> bool:
    """The first page behind the gear, which shows everybody their own rooms."""
    return can_open_administration(employee) or can_manage_language(employee)


def administered_employees(employee: Employee) -> pw.Expression:
    """Condition on Employee: whom someone finds in the administration's list."""
    if is_administrator(employee):
        return Employee.id.is_null(False)
    return Employee.unit.in_(OrgUnit.select(OrgUnit.id).where(within(OrgUnit.path, coordinated_paths(employee))))


def can_look_after_mail(employee: Employee) -> bool:
    """See what e-mail was given up, send it again, send a test."""
    return is_administrator(employee)


def can_manage_topics(employee: Employee) -> bool:
    return is_knowledge_officer(employee)


def can_manage_rounds(employee: Employee) -> bool:
    """Write the year's circular, announce it, extend it, close a year."""
    return is_knowledge_officer(employee)


def can_follow_rounds(employee: Employee) -> bool:
    """See who has signed up and who has not: the KM team all, coordinators the units they look after."""
    return is_knowledge_officer(employee) or is_coordinator(employee)


def can_see_round(employee: Employee, round_: Round) -> bool:
    """A draft is the KM team's; what was announced is everybody's."""
    return round_.is_announced or can_manage_rounds(employee)


def can_manage_language(employee: Employee) -> bool:
    """Look after the words that mean the same, and the organisation's own words."""
    return is_knowledge_officer(employee)


def can_manage_documents(employee: Employee) -> bool:
    """Bring the organisation's own form."""
    return is_knowledge_officer(employee)


# ---- communities ---------------------------------------------------------------------------------------------------


def community_roles(employee: Employee, community: Community) -> list[str]:
    """Roles someone holds now in a community."""
    held = employee.__dict__.setdefault("_community_roles", {})
    if community.id not in held:
        rows = Membership.select(Membership.role).where(
            (Membership.community == community) & (Membership.employee == employee) & Membership.left_at.is_null()
        )
        held[community.id] = [m.role for m in rows]
    return held[community.id]


def know_community_roles(employee: Employee, community: Community, held: Iterable[Membership]) -> None:
    """A page that has loaded the memberships anyway saves the question of `community_roles`."""
    known = employee.__dict__.setdefault("_community_roles", {})
    known[community.id] = [m.role for m in held if m.employee_id == employee.id]


def forget_community_roles(employee: Employee) -> None:
    """To be called after someone's memberships changed within a request."""
    employee.__dict__.pop("_community_roles", None)
    employee.__dict__.pop("_circles", None)


def is_member(employee: Employee, community: Community) -> bool:
    return bool(community_roles(employee, community))


def can_sign_up_for(employee: Employee, unit: OrgUnit) -> bool:
    """Register a community of `unit`: its own staff, its coordinator, the KM team (S0-46, S0-105)."""
    return employee.unit_id == unit.id or coordinates(employee, unit) or is_knowledge_officer(employee)


def sign_up_units(employee: Employee) -> pw.ModelSelect:
    """Units someone may register communities for, in Thai order."""
    units = OrgUnit.select().where(OrgUnit.is_active).order_by(OrgUnit.sort_key)
    if is_knowledge_officer(employee):
        return units
    return units.where((OrgUnit.id == employee.unit_id) | within(OrgUnit.path, coordinated_paths(employee)))


def can_edit_community(employee: Employee, community: Community) -> bool:
    """Change its details, members and sessions: its organisers, the unit's coordinator, the KM team."""
    return (
        is_knowledge_officer(employee)
        or coordinates(employee, community.unit)
        or any(role in ORGANISERS for role in community_roles(employee, community))
    )


def can_join(employee: Employee, community: Community) -> bool:
    """Join at once. A community may want to be asked first; who looks after it need not ask."""
    if community.is_cancelled or is_member(employee, community):
        return False
    return not community.asks_to_join or can_edit_community(employee, community)


def can_ask_to_join(employee: Employee, community: Community) -> bool:
    """Where joining at once is not offered."""
    return not community.is_cancelled and not is_member(employee, community) and not can_join(employee, community)


def can_answer_invitation(employee: Employee, invitation: Invitation) -> bool:
    """An invitation is answered by whom it was sent to, and nobody else."""
    return invitation.employee_id == employee.id


def can_write_plan(employee: Employee, community: Community) -> bool:
    """The learning plan, meetings' steps, proposals and votes: members and experts together (S0-128)."""
    return not community.is_cancelled and can_write_for(employee, community)


can_propose = can_write_plan


def can_withdraw_proposal(employee: Employee, proposal: Proposal) -> bool:
    return proposal.proposed_by_id == employee.id


def can_print_certificate(employee: Employee, person: Employee, community: Community) -> bool:
    """One's own, and those of the people one looks after."""
    return employee.id == person.id or can_edit_community(employee, community)


def can_see_evaluation(employee: Employee, community: Community) -> bool:
    """How far evaluation and follow-up are, and what they say of all together: its members, who looks after it,
    and executives, who see figures alone."""
    return is_member(employee, community) or can_edit_community(employee, community) or is_executive(employee)


def can_run_evaluation(employee: Employee, community: Community) -> bool:
    """Set it up, open it, send links, see who is missing."""
    return can_edit_community(employee, community)


def can_see_evaluation_overview(employee: Employee) -> bool:
    """How far all communities are, in figures without names."""
    return is_knowledge_officer(employee) or is_executive(employee) or is_coordinator(employee)


def overviewed_units(employee: Employee) -> pw.Expression | None:
    """Condition on OrgUnit for units whose communities this person sees there; None: all."""
    everything = is_knowledge_officer(employee) or is_executive(employee)
    return None if everything else within(OrgUnit.path, coordinated_paths(employee))


def can_read_assessments(employee: Employee, community: Community) -> bool:
    """What one person's evaluation says is theirs and their facilitator's, whatever role others hold (S0-198)."""
    return FACILITATOR in community_roles(employee, community)


# ---- sessions and notes --------------------------------------------------------------------------------------------


def joint_communities(employee: Employee, session: Session) -> list[Community]:
    """Other communities that hold this session too and that someone is a member of (S0-263)."""
    known = employee.__dict__.setdefault("_joint_sessions", {})
    if session.id not in known:
        ours = Membership.select(Membership.community).where(
            (Membership.employee == employee) & Membership.left_at.is_null()
        )
        held = (JointSession.session == session) & JointSession.community.in_(ours)
        known[session.id] = list(Community.select().join(JointSession).where(held).order_by(Community.sort_key))
    return known[session.id]


def takes_part_jointly(employee: Employee, session: Session) -> bool:
    """A member of another community that holds this session too."""
    return bool(joint_communities(employee, session))


def can_read_notes(employee: Employee, session: Session) -> bool:
    """Notes are for those who talked to one another, and those who look after them."""
    return (
        is_member(employee, session.community)
        or can_edit_community(employee, session.community)
        or takes_part_jointly(employee, session)
    )


def can_write_notes(employee: Employee, session: Session) -> bool:
    """Any member writes, not only the historian (S0-49)."""
    return can_read_notes(employee, session) and not session.community.is_cancelled


def can_write_summary(employee: Employee, session: Session) -> bool:
    """Whoever writes notes helps with the summary; the historian finishes it."""
    return can_write_notes(employee, session)


def can_share_summary(employee: Employee, session: Session) -> bool:
    """Say that it is finished, and tell the members: the organisers, and those who look after the community."""
    return can_edit_community(employee, session.community) and not session.community.is_cancelled


def can_read_summary(employee: Employee, session: Session, summary: SessionSummary | None) -> bool:
    """Those who read the notes; who came from elsewhere, as soon as it is shared."""
    if can_read_notes(employee, session):
        return True
    came = (Attendance.session == session) & (Attendance.employee == employee)
    return summary is not None and summary.is_shared and Attendance.select().where(came).exists()


# ---- trials --------------------------------------------------------------------------------------------------------


can_work_on_trials = can_write_plan  # what is tried is planned by the same people, as long as the community goes on


def tries_in(employee: Employee, session: Session) -> Community | None:
    """Where someone tries what a session noted: in its community; who came from one that holds it too, in theirs."""
    if can_work_on_trials(employee, session.community):
        return session.community
    return next((row for row in joint_communities(employee, session) if not row.is_cancelled), None)


def can_see_trial(employee: Employee, trial: Trial) -> bool:
    """What was tried stays among those who talked about it, until knowledge that everyone reads was written from it."""
    if trial.owner_id == employee.id or can_write_for(employee, trial.community):
        return True
    published = (ArticleTrial.trial == trial) & (KnowledgeArticle.status == PUBLISHED)
    return ArticleTrial.select().join(KnowledgeArticle).where(published).exists()


def can_see_trial_files(employee: Employee, trial: Trial) -> bool:
    """Photos from work stay among those who talk about it, even when knowledge was published from it."""
    return trial.owner_id == employee.id or can_write_for(employee, trial.community)


def can_write_trial(employee: Employee, trial: Trial) -> bool:
    """Any member writes down what came of it, as with notes; and whoever tries it, member or not."""
    if trial.community.is_cancelled:
        return False
    return trial.owner_id == employee.id or can_write_for(employee, trial.community)


def visible_trials(employee: Employee) -> pw.Expression:
    """Condition on Trial: what `can_see_trial` says, as a query."""
    if is_knowledge_officer(employee):
        return Trial.id.is_null(False)
    ours = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null()
    )
    units = OrgUnit.select(OrgUnit.id).where(within(OrgUnit.path, coordinated_paths(employee)))
    looked_after = Community.select(Community.id).where(Community.unit.in_(units))
    published = (
        ArticleTrial.select(ArticleTrial.trial).join(KnowledgeArticle).where(KnowledgeArticle.status == PUBLISHED)
    )
    return (
        (Trial.owner == employee)
        | Trial.community.in_(ours)
        | Trial.community.in_(looked_after)
        | Trial.id.in_(published)
    )


# ---- knowledge -----------------------------------------------------------------------------------------------------


def is_author(employee: Employee, article: KnowledgeArticle) -> bool:
    if article.created_by_id == employee.id:
        return True
    if (ids := article.__dict__.get("_author_ids")) is not None:  # loaded for the page anyway
        return employee.id in ids
    known = article.__dict__.setdefault("_is_author", {})
    if employee.id not in known:
        mine = (ArticleAuthor.article == article) & (ArticleAuthor.employee == employee)
        known[employee.id] = ArticleAuthor.select().where(mine).exists()
    return known[employee.id]


def looks_after(employee: Employee, article: KnowledgeArticle) -> bool:
    """The coordinator of the article's unit, and the KM team."""
    return is_knowledge_officer(employee) or coordinates(employee, article.unit)


def can_see_article(employee: Employee, article: KnowledgeArticle) -> bool:
    return article.status == PUBLISHED or works_on(employee, article)


def can_edit_article(employee: Employee, article: KnowledgeArticle) -> bool:
    """Drafts: their authors and the community's members. What is submitted or published: those who look after it."""
    if article.status == DRAFT:
        return works_on(employee, article)
    return looks_after(employee, article)


def can_publish(employee: Employee, article: KnowledgeArticle) -> bool:
    return article.status in (DRAFT, SUBMITTED) and looks_after(employee, article)


def can_print_author_certificate(employee: Employee, person: Employee, article: KnowledgeArticle) -> bool:
    """One's own, and those of the authors one looks after."""
    return employee.id == person.id or looks_after(employee, article)


def can_write_for(employee: Employee, community: Community) -> bool:
    """Start an article from what a community learned: its members, and those who look after it."""
    return is_member(employee, community) or can_edit_community(employee, community)


def can_withdraw(employee: Employee, article: KnowledgeArticle) -> bool:
    """Take back what waits for publication, to write on."""
    return article.status == SUBMITTED and works_on(employee, article)


def can_discard(employee: Employee, article: KnowledgeArticle) -> bool:
    """Delete a draft that was never published: whoever started it, and those who look after it."""
    mine = article.created_by_id == employee.id or looks_after(employee, article)
    return article.status == DRAFT and article.published_on is None and mine


def publishable_units(employee: Employee) -> pw.Expression | None:
    """Condition on OrgUnit for units whose knowledge this person may publish; None: every unit."""
    return None if is_knowledge_officer(employee) else within(OrgUnit.path, coordinated_paths(employee))


def can_submit(employee: Employee, article: KnowledgeArticle) -> bool:
    return article.status == DRAFT and works_on(employee, article)


def works_on(employee: Employee, article: KnowledgeArticle) -> bool:
    """Its authors, the members of its community, and those who look after it, whatever its state."""
    return (
        looks_after(employee, article)
        or is_author(employee, article)
        or (article.community_id is not None and is_member(employee, article.community))
    )


def visible_articles(employee: Employee) -> pw.Expression:
    """Condition on KnowledgeArticle: what `can_see_article` says, as a query."""
    if is_knowledge_officer(employee):
        return KnowledgeArticle.id.is_null(False)
    mine = ArticleAuthor.select(ArticleAuthor.article).where(ArticleAuthor.employee == employee)
    ours = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null()
    )
    units = OrgUnit.select(OrgUnit.id).where(within(OrgUnit.path, coordinated_paths(employee)))
    return (
        (KnowledgeArticle.status == PUBLISHED)
        | (KnowledgeArticle.created_by == employee)
        | KnowledgeArticle.id.in_(mine)
        | KnowledgeArticle.community.in_(ours)
        | KnowledgeArticle.unit.in_(units)
    )


def can_change_file(employee: Employee, file: Attachment | Upload) -> bool:
    """Describe it, take it away: who may change the article, or write in the session, that it belongs to."""
    if file.article_id is not None:
        return can_edit_article(employee, file.article)
    if isinstance(file, Attachment) and file.trial_id is not None:
        return can_write_trial(employee, file.trial)
    return file.session_id is not None and can_write_notes(employee, file.session)


def visible_files(employee: Employee) -> pw.Expression:
    """Condition on Attachment, within what someone may see: files that may be opened, and one's own that wait."""
    return Attachment.open_ones() | (Attachment.uploaded_by == employee)


# ---- notices -------------------------------------------------------------------------------------------------------


def can_see_notice(employee: Employee, notice: Notice) -> bool:
    """What somebody was told is theirs alone."""
    return notice.employee_id == employee.id


# ---- searches ------------------------------------------------------------------------------------------------------


def can_see_search(employee: Employee, search: RecentSearch | SavedSearch) -> bool:
    """What someone searched for or saved is theirs alone, whatever role others hold."""
    return search.employee_id == employee.id


def can_read_search_insights(employee: Employee) -> bool:
    """What is searched for, without names, and what is missing: the KM team."""
    return is_knowledge_officer(employee)


def can_see_request(employee: Employee, request: SearchRequest) -> bool:
    """What someone asked for: they themselves. The KM team sees it with the gap it belongs to."""
    return request.employee_id == employee.id


def can_send_on(employee: Employee, upload: Upload) -> bool:
    """A file on its way is its sender's alone, as long as they may still attach files where it goes."""
    return upload.employee_id == employee.id and can_change_file(employee, upload)


def within(path_column: pw.Field, paths: list[str]) -> pw.Expression:
    if not paths:
        return path_column == "-"  # no unit has this path
    return reduce(or_, (path_column.startswith(path) for path in paths))


# ---- questions -----------------------------------------------------------------------------------------------------


def sight(employee: Employee | None) -> tuple[str, ...]:
    """The circles whose documents search shows someone; a document names those that see it (`visible_to`)."""
    if employee is None:
        return ("all",)
    circles = ["all", *(f"unit:{path.strip('/').rpartition('/')[2]}" for path in coordinated_paths(employee))]
    if is_knowledge_officer(employee):
        return (*circles, "team")
    known = employee.__dict__.get("_circles")
    if known is None:
        rows = Membership.select(Membership.community).where(
            (Membership.employee == employee) & Membership.left_at.is_null()
        )
        known = employee.__dict__["_circles"] = sorted({f"community:{number}" for (number,) in rows.tuples()})
    return (*circles, *known)


def can_see_question(employee: Employee, question: Question) -> bool:
    """What is for all is seen by all; the rest by the community's people, who look after it, and who asked.

    What was taken off the board is seen by who asked and by its moderators.
    """
    if question.asker_id == employee.id or can_moderate_question(employee, question):
        return True
    if question.is_removed:
        return False
    return not question.is_members_only or can_see_among(employee, question.community)


can_see_among = can_write_for  # questions that are for a community's people only


def can_moderate_question(employee: Employee, question: Question) -> bool:
    """Take off the board, bring back, accept an answer for the asker: the KM team, and the community's organisers."""
    if is_knowledge_officer(employee):
        return True
    return question.community_id is not None and can_edit_community(employee, question.community)


def is_asker(employee: Employee, question: Question) -> bool:
    return question.asker_id == employee.id


def can_know_asker(employee: Employee, question: Question) -> bool:
    """Whether who asked may be named to someone, everywhere: on pages, in lists, files and notices (S0-265).

    A hidden name is named to nobody else, moderators included: they ask for it by `can_ask_for_name`.
    """
    return not question.is_hidden_name or is_asker(employee, question)


def can_ask_for_name(employee: Employee, question: Question) -> bool:
    """Learn a hidden name, which is written down: the KM team alone. A facilitator is often the asker's own head."""
    return question.is_hidden_name and is_knowledge_officer(employee)


def can_answer(employee: Employee, question: Question) -> bool:
    return not question.is_removed and can_see_question(employee, question)


def can_edit_question(employee: Employee, question: Question) -> bool:
    return is_asker(employee, question) and not question.is_removed


def can_accept_answer(employee: Employee, question: Question) -> bool:
    """Say which answer helped: who asked; moderators, when who asked does not come back."""
    return not question.is_removed and (is_asker(employee, question) or can_moderate_question(employee, question))


def can_remove_answer(employee: Employee, answer: Answer) -> bool:
    return answer.author_id == employee.id or can_moderate_question(employee, answer.question)


def can_bring_answer_back(employee: Employee, answer: Answer) -> bool:
    """Whoever may take it off; what a moderator took off is a moderator's to bring back."""
    if answer.removed_reason:
        return can_moderate_question(employee, answer.question)
    return can_remove_answer(employee, answer)


def can_turn_question(employee: Employee, question: Question) -> bool:
    """Make more of it: whoever sees it, but not who hides their name: what they make of it would bear their name."""
    return not question.is_removed and not (question.is_hidden_name and is_asker(employee, question))


def visible_questions(employee: Employee) -> pw.Expression:
    """Condition on Question: those on the board that `can_see_question`, as a query."""
    here = Question.removed_at.is_null()
    if is_knowledge_officer(employee):
        return here
    ours = Membership.select(Membership.community).where(
        (Membership.employee == employee) & Membership.left_at.is_null()
    )
    seen = (Question.is_members_only == False) | Question.community.in_(ours) | (Question.asker == employee)  # noqa: E712
    if paths := coordinated_paths(employee):
        units = OrgUnit.select(OrgUnit.id).where(within(OrgUnit.path, paths))
        seen = seen | Question.community.in_(Community.select(Community.id).where(Community.unit.in_(units)))
    return here & seen
