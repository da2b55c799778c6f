"""Fetching is authorising: views get rows only here. Hidden -> 404; visible, but not yours to change -> 403."""

from flask import abort, g
from werkzeug.exceptions import NotFound

from kc import policy
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import (
    Answer,
    Attachment,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    OrgUnit,
    OwnWord,
    Question,
    RecentSearch,
    SavedSearch,
    SearchGap,
    SearchRequest,
    Session,
    SessionNote,
    SynonymGroup,
    Topic,
    UnplacedText,
    Upload,
)
from kc.models.knowledge import INFECTED
from kc.services import article_lists, question_lists


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


def get_session(community_id: int, session_id: int) -> Session:
    """A session is seen by all staff; its notes are not (see get_session_notes)."""
    community = get_community(community_id)
    row = Session.get_or_none((Session.id == session_id) & (Session.community == community))
    if row is None:
        abort(404)
    row.community = community
    return row


def get_session_to_edit(community_id: int, session_id: int) -> Session:
    session = get_session(community_id, session_id)
    return session if policy.can_edit_community(g.employee, session.community) else abort(403)


def get_session_to_write(community_id: int, session_id: int) -> Session:
    """A session whose notes this person may write."""
    session = get_session(community_id, session_id)
    return session if policy.can_write_notes(g.employee, session) else abort(403)


def get_note_to_edit(session: Session, note_id: int) -> SessionNote:
    note = SessionNote.get_or_none((SessionNote.id == note_id) & (SessionNote.session == session))
    return note or abort(404)


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
    """A file is seen by whoever may see the article, or read the notes of the session, that it belongs to.

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
