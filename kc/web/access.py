"""Fetching is authorising: views get rows only here. Hidden -> 404; visible, but not yours to change -> 403."""

import peewee as pw
from flask import abort, g, redirect, request, url_for
from werkzeug.exceptions import NotFound

from kc import policy
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import (
    Answer,
    Assessment,
    Attachment,
    CalendarFeed,
    Community,
    CommunityLink,
    Employee,
    Evaluation,
    FiscalYear,
    FollowUp,
    Guest,
    Invitation,
    JoinRequest,
    KnowledgeArticle,
    Mail,
    Notice,
    OrgUnit,
    OwnWord,
    ParkedThought,
    Proposal,
    Question,
    RecentSearch,
    Round,
    SavedSearch,
    SearchGap,
    SearchRequest,
    Session,
    SessionNote,
    SessionSummary,
    SessionSummaryVersion,
    SynonymGroup,
    Topic,
    Trial,
    UnplacedText,
    Upload,
)
from kc.models.knowledge import INFECTED
from kc.models.mail import DEAD
from kc.services import (
    article_lists,
    assessing,
    community_history,
    evaluation,
    guests,
    parking,
    question_lists,
    summaries,
)


def get_community(community_id: int) -> Community:
    """Every member of staff may see every community."""
    row = (
        Community.select(Community, OrgUnit, FiscalYear, Topic)
        .join_from(Community, OrgUnit)
        .join_from(Community, FiscalYear)
        .join_from(Community, Topic)
        .where(Community.id == community_id)
        .first()
    )
    return row or abort(404)


def get_community_to_edit(community_id: int) -> Community:
    community = get_community(community_id)
    return community if policy.can_edit_community(g.employee, community) else abort(403)


def get_community_to_evaluate(community_id: int) -> Community:
    """How far its evaluation and follow-up are: for those who take part in it."""
    community = get_community(community_id)
    return community if policy.can_see_evaluation(g.employee, community) else abort(403)


def get_evaluation_to_run(community_id: int) -> Evaluation:
    community = get_community(community_id)
    if not policy.can_run_evaluation(g.employee, community):
        abort(403)
    return evaluation.of(community) or abort(404)


def get_my_assessment(community_id: int) -> Assessment:
    """One's own evaluation; whoever is no participant has none."""
    row = evaluation.of(get_community(community_id))
    return (row and assessing.mine(g.employee, row)) or abort(404)


def get_assessment_to_rate(community_id: int, assessment_id: int) -> Assessment:
    """One person's evaluation, for the community's facilitator alone."""
    community = get_community(community_id)
    if not policy.can_read_assessments(g.employee, community):
        abort(403)
    return _assessment(community, assessment_id)


def get_assessment_to_excuse(community_id: int, assessment_id: int) -> Assessment:
    return _assessment(get_evaluation_to_run(community_id).community, assessment_id)


def _assessment(community: Community, assessment_id: int) -> Assessment:
    row = (
        Assessment.select(Assessment, Evaluation, Employee)
        .join_from(Assessment, Evaluation)
        .join_from(Assessment, Employee, pw.JOIN.LEFT_OUTER)
        .where((Assessment.id == assessment_id) & (Evaluation.community == community))
        .first()
    )
    if row is None:
        abort(404)
    row.evaluation.community = community
    return row


def get_my_follow_up(follow_up_id: int) -> FollowUp:
    """A question to oneself; others' are hidden."""
    row = _follow_up(follow_up_id)
    return row if row.employee_id == g.employee.id else abort(404)


def get_follow_up_to_run(follow_up_id: int) -> FollowUp:
    """A question to somebody, for those who look after the community; hidden from all others."""
    row = _follow_up(follow_up_id)
    return row if policy.can_run_evaluation(g.employee, row.community) else abort(404)


def _follow_up(follow_up_id: int) -> FollowUp:
    return FollowUp.get_or_none(FollowUp.id == follow_up_id) or abort(404)


def get_join_request(community: Community, request_id: int) -> JoinRequest:
    """Someone's wish to join a community one looks after."""
    found = (JoinRequest.id == request_id) & (JoinRequest.community == community)
    row = JoinRequest.select(JoinRequest, Employee).join(Employee, on=(JoinRequest.employee == Employee.id))
    return row.where(found).first() or abort(404)


def get_invitation(community: Community, invitation_id: int) -> Invitation:
    """An invitation to a community; for those who look after it."""
    found = (Invitation.id == invitation_id) & (Invitation.community == community)
    return Invitation.get_or_none(found) or abort(404)


def get_my_invitation(community_id: int, invitation_id: int) -> Invitation:
    """An invitation to oneself; others' are hidden from everybody but the organisers, and not theirs to answer."""
    row = get_invitation(get_community(community_id), invitation_id)
    return row if policy.can_answer_invitation(g.employee, row) else abort(404)


def get_guest_of_session(session: Session, guest_id: int) -> Guest:
    """A guest of one of the communities that hold it, who takes part now."""
    return next((guest for guest in guests.of_session(session) if guest.id == guest_id), None) or abort(404)


def get_guest(community: Community, guest_id: int) -> Guest:
    return Guest.get_or_none((Guest.id == guest_id) & (Guest.community == community)) or abort(404)


def get_link(community: Community, link_id: int) -> CommunityLink:
    """A connection of this community, from either end."""
    ours = (CommunityLink.one == community) | (CommunityLink.other == community)
    return CommunityLink.get_or_none((CommunityLink.id == link_id) & ours) or abort(404)


def get_community_to_plan(community_id: int) -> Community:
    """One whose plan this person may write: its members, its experts, and those who look after it."""
    community = get_community(community_id)
    return community if policy.can_write_plan(g.employee, community) else abort(403)


def get_proposal(community: Community, proposal_id: int, to_withdraw: bool = False) -> Proposal:
    here = (Proposal.id == proposal_id) & (Proposal.community == community) & Proposal.withdrawn_at.is_null()
    row = Proposal.get_or_none(here) or abort(404)
    return row if not to_withdraw or policy.can_withdraw_proposal(g.employee, row) else abort(403)


def get_calendar_feed(feed_id: int) -> CalendarFeed:
    """One's own; others' are hidden from everybody."""
    mine = (CalendarFeed.id == feed_id) & (CalendarFeed.employee == g.employee) & CalendarFeed.revoked_at.is_null()
    return CalendarFeed.get_or_none(mine) or abort(404)


def get_session(community_id: int, session_id: int) -> Session:
    """A session is seen by all staff; its notes are not (see get_session_notes)."""
    return _sessions().where((Session.id == session_id) & (Session.community == community_id)).first() or abort(404)


def _sessions() -> pw.ModelSelect:
    """Sessions with their community and all that its page says, in one statement."""
    rows = Session.select(Session, Community, OrgUnit, FiscalYear, Topic).join(Community)
    return rows.join(OrgUnit).join_from(Community, FiscalYear).join_from(Community, Topic)


def get_session_to_edit(community_id: int, session_id: int) -> Session:
    session = get_session(community_id, session_id)
    return session if policy.can_edit_community(g.employee, session.community) else abort(403)


def get_session_to_write(community_id: int, session_id: int) -> Session:
    """A session whose notes this person may write."""
    session = get_session(community_id, session_id)
    return session if policy.can_write_notes(g.employee, session) else abort(403)


def get_session_by_number(session_id: int) -> Session:
    """A session that a code of ours names."""
    return _sessions().where(Session.id == session_id).first() or abort(404)


def get_thought(session: Session, thought_id: int) -> ParkedThought:
    """A parked thought that stands on the page of a session one may write in."""
    return parking.find(session, thought_id) or abort(404)


def get_summary_to_write(community_id: int, session_id: int) -> SessionSummary:
    session = get_session(community_id, session_id)
    if not policy.can_write_summary(g.employee, session):
        abort(403)
    summary = summaries.of_session(session) or abort(404)
    summary.session = session
    return summary


def get_summary_version(summary: SessionSummary, version_id: int) -> SessionSummaryVersion:
    rows = SessionSummaryVersion
    return rows.get_or_none((rows.id == version_id) & (rows.summary == summary)) or abort(404)


def get_note_to_edit(session: Session, note_id: int) -> SessionNote:
    note = SessionNote.get_or_none((SessionNote.id == note_id) & (SessionNote.session == session))
    return note or abort(404)


def get_community_to_try_in(community_id: int) -> Community:
    """A community in which this person may plan trials."""
    community = get_community(community_id)
    return community if policy.can_work_on_trials(g.employee, community) else abort(403)


def get_trial(community_id: int, trial_id: int) -> Trial:
    """A trial is seen by those who talk about it, and by all once knowledge was published from it.

    One that went along into another year is found by the address it had before, and read at the one it has now.
    """
    community = get_community(community_id)
    row = Trial.get_or_none(Trial.id == trial_id)
    if row is None:
        abort(404)
    moved = row.community_id != community_id
    row.community = get_community(row.community_id) if moved else community
    if moved and community_id not in community_history.years_before(row.community):
        abort(404)
    if not policy.can_see_trial(g.employee, row):
        abort(404)
    if moved and request.method == "GET":
        abort(redirect(url_for(str(request.endpoint), community_id=row.community_id, trial_id=row.id)))
    return row


def get_trial_to_write(community_id: int, trial_id: int) -> Trial:
    trial = get_trial(community_id, trial_id)
    return trial if policy.can_write_trial(g.employee, trial) else abort(403)


def get_note_to_try(community_id: int, note_id: int) -> tuple[Community, SessionNote]:
    """A note that this person may read and turn into a trial of this community, which held the session."""
    community = get_community_to_try_in(community_id)
    here = (SessionNote.id == note_id) & Session.held_by([community]) & SessionNote.deleted_at.is_null()
    row = SessionNote.select(SessionNote, Session).join(Session).where(here).first()
    return (community, row) if row and policy.can_read_notes(g.employee, row.session) else abort(404)


def get_article(article_id: int) -> KnowledgeArticle:
    article = article_lists.one(article_id, g.employee)
    return article if article and policy.can_see_article(g.employee, article) else abort(404)


def get_article_to_edit(article_id: int) -> KnowledgeArticle:
    article = get_article(article_id)
    return article if policy.can_edit_article(g.employee, article) else abort(403)


def get_unplaced_to_edit(article_id: int, unplaced_id: int) -> UnplacedText:
    """A piece of an old form, by whoever may write the draft it waits beside."""
    article = get_article_to_edit(article_id)
    row = UnplacedText.get_or_none((UnplacedText.id == unplaced_id) & (UnplacedText.article == article))
    return row or abort(404)


def get_article_to_work_on(article_id: int) -> KnowledgeArticle:
    """For steps that authors take whatever its state: hand it in, take it back."""
    article = get_article(article_id)
    return article if policy.works_on(g.employee, article) else abort(403)


def get_article_to_publish(article_id: int) -> KnowledgeArticle:
    article = get_article(article_id)
    return article if policy.looks_after(g.employee, article) else abort(403)


def get_attachment(attachment_id: int) -> Attachment:
    """A file is seen by whoever may see the article, read the notes of the session, or work on the trial it belongs to.

    One that waits for the virus scanner is opened by nobody; who sent it, or may change it, is told so.
    """
    row = _attachment(attachment_id)
    if row.is_quarantined:
        mine = row.uploaded_by_id == g.employee.id or policy.can_change_file(g.employee, row)
        raise DomainError(_still_waits(row)) if mine else NotFound()
    return row


def _attachment(attachment_id: int) -> Attachment:
    row = Attachment.get_or_none(Attachment.id == attachment_id)
    if row is None:
        abort(404)
    if row.article_id is not None:
        return row if policy.can_see_article(g.employee, row.article) else abort(404)
    if row.trial_id is not None:
        return row if policy.can_see_trial_files(g.employee, row.trial) else abort(404)
    return row if row.session_id and policy.can_read_notes(g.employee, row.session) else abort(404)


def _still_waits(row: Attachment) -> str:
    if row.scan == INFECTED:
        return _("“%(name)s” มีไวรัส ระบบลบเนื้อไฟล์ไปแล้ว เหลือไว้เพียงชื่อ", name=row.filename)
    return _("“%(name)s” รอตรวจไวรัส จะเปิดได้เมื่อตรวจเสร็จ", name=row.filename)


def get_attachment_to_edit(attachment_id: int) -> Attachment:
    row = _attachment(attachment_id)
    return row if policy.can_change_file(g.employee, row) else abort(403)


def get_upload(key: str) -> Upload:
    """One's own file on its way; others' are hidden from everybody."""
    row = Upload.get_or_none(Upload.key == key)
    return row if row and policy.can_send_on(g.employee, row) else abort(404)


def get_employee(employee_id: int) -> Employee:
    return Employee.get_or_none(Employee.id == employee_id) or abort(404)


def get_unit(unit_id: int) -> OrgUnit:
    return OrgUnit.get_or_none(OrgUnit.id == unit_id) or abort(404)


def require_administrator() -> None:
    if not policy.can_administer_people(g.employee):
        abort(403)


def require_administration() -> None:
    """Administrators, and coordinators for the people of their units."""
    if not policy.can_open_administration(g.employee):
        abort(403)


def require_hub() -> None:
    """Whoever has a room behind the gear."""
    if not policy.can_open_hub(g.employee):
        abort(403)


def get_employee_to_administer(employee_id: int) -> Employee:
    """Colleagues are seen by everybody; changing them is for administrators."""
    employee = get_employee(employee_id)
    require_administrator()
    return employee


def get_colleague(employee_id: int) -> Employee:
    """Anybody, with their unit; who left is shown too, for their work stays."""
    return Employee.select(Employee, OrgUnit).join(OrgUnit).where(Employee.id == employee_id).first() or abort(404)


def get_employee_to_look_after(employee_id: int) -> Employee:
    """Someone of the units one coordinates (administrators: anyone)."""
    employee = get_colleague(employee_id)
    if not (policy.is_administrator(g.employee) or policy.coordinates(g.employee, employee.unit)):
        abort(403)
    return employee


def get_unit_to_administer(unit_id: int) -> OrgUnit:
    unit = get_unit(unit_id)
    require_administrator()
    return unit


def get_topic_to_manage(topic_id: int) -> Topic:
    if not policy.can_manage_topics(g.employee):
        abort(403)
    return Topic.get_or_none(Topic.id == topic_id) or abort(404)


def get_round(round_id: int) -> Round:
    """A circular; a draft only for those who write it."""
    row = Round.select(Round, FiscalYear).join(FiscalYear).where(Round.id == round_id).first()
    return row if row and policy.can_see_round(g.employee, row) else abort(404)


def get_round_to_manage(round_id: int) -> Round:
    row = get_round(round_id)
    return row if policy.can_manage_rounds(g.employee) else abort(403)


def get_round_to_follow(round_id: int) -> Round:
    row = get_round(round_id)
    return row if policy.can_follow_rounds(g.employee) else abort(403)


def require_round_manager() -> None:
    """The KM team, which writes the year's circular and closes the year."""
    if not policy.can_manage_rounds(g.employee):
        abort(403)


def get_year_to_end(number: int) -> FiscalYear:
    """A year, by those who renew its communities: the KM team and coordinators."""
    row = FiscalYear.get_or_none(FiscalYear.year == number) or abort(404)
    return row if policy.can_follow_rounds(g.employee) else abort(403)


def get_saved_search(saved_id: int, deleted: bool = False) -> SavedSearch:
    """One's own; others' are hidden from everybody. `deleted`: one that can still be brought back."""
    row = SavedSearch.get_or_none((SavedSearch.id == saved_id) & SavedSearch.deleted_at.is_null(not deleted))
    return row if row and policy.can_see_search(g.employee, row) else abort(404)


def get_recent_search(recent_id: int) -> RecentSearch:
    row = RecentSearch.get_or_none(RecentSearch.id == recent_id)
    return row if row and policy.can_see_search(g.employee, row) else abort(404)


def require_search_insights() -> None:
    if not policy.can_read_search_insights(g.employee):
        abort(403)


def get_search_gap(gap_id: int) -> SearchGap:
    """Something that is missing, for those who look after it."""
    require_search_insights()
    row = SearchGap.select(SearchGap, KnowledgeArticle).left_outer_join(KnowledgeArticle)
    return row.where(SearchGap.id == gap_id).first() or abort(404)


def get_search_request(request_id: int) -> SearchRequest:
    row = SearchRequest.select(SearchRequest, SearchGap).join(SearchGap).where(SearchRequest.id == request_id).first()
    return row if row and policy.can_see_request(g.employee, row) else abort(404)


def require_document_keeper() -> None:
    """The KM team, which looks after the organisation's own forms."""
    if not policy.can_manage_documents(g.employee):
        abort(403)


def require_language_keeper() -> None:
    """The KM team, which looks after the words search knows."""
    if not policy.can_manage_language(g.employee):
        abort(403)


def get_synonym_group(group_id: int, deleted: bool = False) -> SynonymGroup:
    """`deleted`: one that can still be brought back."""
    require_language_keeper()
    here = SynonymGroup.deleted_at.is_null(not deleted)
    return SynonymGroup.get_or_none((SynonymGroup.id == group_id) & here) or abort(404)


def get_own_word(word_id: int, deleted: bool = False) -> OwnWord:
    """`deleted`: one that can still be brought back."""
    require_language_keeper()
    return OwnWord.get_or_none((OwnWord.id == word_id) & OwnWord.deleted_at.is_null(not deleted)) or abort(404)


def get_notice(notice_id: int) -> Notice:
    """One's own; others' are hidden from everybody."""
    row = Notice.get_or_none(Notice.id == notice_id)
    return row if row and policy.can_see_notice(g.employee, row) else abort(404)


def require_mail_keeper() -> None:
    if not policy.can_look_after_mail(g.employee):
        abort(403)


def get_dead_mail(mail_id: int) -> Mail:
    """A message that was given up; what is on its way, or went, cannot be touched."""
    require_mail_keeper()
    return Mail.get_or_none((Mail.id == mail_id) & (Mail.state == DEAD)) or abort(404)


def get_question(question_id: int) -> Question:
    """What somebody may not see is not there for them."""
    row = question_lists.one(question_id)
    return row if row is not None and policy.can_see_question(g.employee, row) else abort(404)


def get_question_to_answer(question_id: int) -> Question:
    question = get_question(question_id)
    return question if policy.can_answer(g.employee, question) else abort(403)


def get_question_to_edit(question_id: int) -> Question:
    """By who asked alone."""
    question = get_question(question_id)
    return question if policy.can_edit_question(g.employee, question) else abort(403)


def get_question_to_settle(question_id: int) -> Question:
    """One whose answers this person may accept."""
    question = get_question(question_id)
    return question if policy.can_accept_answer(g.employee, question) else abort(403)


def get_question_to_remove(question_id: int) -> Question:
    """By who asked, and by moderators; bringing it back too."""
    question = get_question(question_id)
    mine = policy.is_asker(g.employee, question)
    return question if mine or policy.can_moderate_question(g.employee, question) else abort(403)


def get_question_to_turn(question_id: int) -> Question:
    question = get_question(question_id)
    return question if policy.can_turn_question(g.employee, question) else abort(403)


def get_question_to_unveil(question_id: int) -> Question:
    """One whose hidden asker this person may ask for."""
    question = get_question(question_id)
    return question if policy.can_ask_for_name(g.employee, question) else abort(403)


def get_answer(question: Question, answer_id: int) -> Answer:
    row = Answer.get_or_none((Answer.id == answer_id) & (Answer.question == question))
    if row is None:
        abort(404)
    row.question = question
    return row


def get_answer_to_edit(question: Question, answer_id: int) -> Answer:
    """By its author alone."""
    row = get_answer(question, answer_id)
    return row if row.author_id == g.employee.id and row.removed_at is None else abort(403)


def get_answer_to_remove(question: Question, answer_id: int) -> Answer:
    row = get_answer(question, answer_id)
    return row if policy.can_remove_answer(g.employee, row) else abort(403)


def get_answer_to_bring_back(question: Question, answer_id: int) -> Answer:
    row = get_answer(question, answer_id)
    return row if policy.can_bring_answer_back(g.employee, row) else abort(403)
