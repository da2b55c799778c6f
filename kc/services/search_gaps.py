"""What people look for that is not there yet: asked for by name, or seen in the log; taken up, and answered."""

import re

import peewee as pw

from kc import clock, thai
from kc.db import db
from kc.errors import Conflict, DomainError
from kc.i18n import gettext as _
from kc.models import Employee, KnowledgeArticle, OrgUnit, SearchGap, SearchRequest
from kc.models.knowledge import PUBLISHED
from kc.models.search import ANSWERED, GAP_STATES, NEW, WORKING
from kc.services import audit, notices, search_insights, search_log
from kc.services.search_insights import Asked, Period

LONGEST_TEXT, LONGEST_DETAILS, LONGEST_NOTE = 200, 1000, 1000
SHOWN = 100


# ---- those who ask -------------------------------------------------------------------------------------------------


def ask(employee: Employee, text: str, details: str = "") -> SearchRequest:
    """Say, by name, that something is missing; saying it again changes what one said.

    DomainError when there are no words, or too many. What was answered before is open again.
    """
    text, key = _words(text)
    details = search_log.masked(thai.clean_text(details)).strip()
    if len(details) > LONGEST_DETAILS:
        raise DomainError(_("โปรดเล่าไม่เกิน %(n)d ตัวอักษร", n=LONGEST_DETAILS), field="details")
    with db.atomic():
        gap = _gap(key, text)
        values = {"text": text, "details": details, "asked_at": clock.now()}
        SearchRequest.insert(gap=gap, employee=employee, **values).on_conflict(
            conflict_target=(SearchRequest.gap, SearchRequest.employee), update=values
        ).execute()
        if gap.state == ANSWERED:
            again = {"state": NEW, "updated_at": clock.now(), "version": SearchGap.version + 1}
            SearchGap.update(**again).where(SearchGap.id == gap.id).execute()
        audit.record(employee, "search_gap.asked", gap, text=text)
    return requests_of(employee).where(SearchRequest.gap == gap).get()


def _words(text: str) -> tuple[str, str]:
    """The words as they are kept, and their key. DomainError when there is nothing to look for in them."""
    text = search_log.masked(thai.clean_line(text))
    if len(text) > LONGEST_TEXT:
        raise DomainError(_("โปรดบอกเรื่องไม่เกิน %(n)d ตัวอักษร", n=LONGEST_TEXT), field="q")
    key = search_log.key_of(text)
    if not key:
        raise DomainError(_("โปรดบอกว่ากำลังหาเรื่องอะไร"), field="q")
    return text, key


def _gap(key: str, text: str) -> SearchGap:
    SearchGap.insert(key=key, text=text).on_conflict_ignore().execute()
    return SearchGap.get(SearchGap.key == key)


def requests_of(employee: Employee) -> pw.ModelSelect:
    """What someone asked for, newest first, each with its gap and, when there is one, the article that answers it."""
    return (
        SearchRequest.select(SearchRequest, SearchGap, KnowledgeArticle)
        .join(SearchGap)
        .join(KnowledgeArticle, pw.JOIN.LEFT_OUTER)
        .where(SearchRequest.employee == employee)
        .order_by(SearchRequest.asked_at.desc(), SearchRequest.id.desc())
    )


def withdraw(request: SearchRequest) -> None:
    """Ask no longer; a gap nobody else asked for or took up goes with it."""
    with db.atomic():
        gap = request.gap
        request.delete_instance()
        audit.record(request.employee, "search_gap.withdrawn", gap, text=request.text)
        if gap.state == NEW and not SearchRequest.select().where(SearchRequest.gap == gap).exists():
            gap.delete_instance()


# ---- those who look after it ---------------------------------------------------------------------------------------


def take_up(officer: Employee, text: str) -> SearchGap:
    """Begin to look after what was searched for in vain; the one there is, when somebody did already."""
    text, key = _words(text)
    with db.atomic():
        gap = _gap(key, text)
        if gap.state == NEW:
            _write(officer, gap, gap.version, state=WORKING)
    return gap


def mark(officer: Employee, gap: SearchGap, based_on: int, *, state: str, note: str, article: str) -> None:
    """How far it is, a note on it, and the article that answers it (`article`: its number or address; "" for none).

    DomainError when there is no such state or article, or an answer that says nothing. Conflict with what stands there
    when somebody saved after version `based_on`.
    """
    note = thai.clean_text(note).strip()
    if state not in GAP_STATES:
        raise DomainError(_("โปรดเลือกสถานะ"), field="state")
    if len(note) > LONGEST_NOTE:
        raise DomainError(_("โปรดบันทึกไม่เกิน %(n)d ตัวอักษร", n=LONGEST_NOTE), field="note")
    answer = _article(article)
    if state == ANSWERED and answer is None and not note:
        raise DomainError(_("โปรดใส่องค์ความรู้ที่เป็นคำตอบ หรือบันทึกว่าตอบไว้อย่างไร"), field="article")
    with db.atomic():
        was_open = gap.state != ANSWERED
        _write(officer, gap, based_on, state=state, note=note, article=answer)
        if state == ANSWERED and was_open:
            who_asked = [row.employee for row in asked_by(gap)]
            notices.tell(who_asked, "gap.answered", "/search/requests", actor=officer, text=gap.text)


def _write(officer: Employee, gap: SearchGap, based_on: int, **values: object) -> None:
    values |= {"updated_at": clock.now(), "updated_by": officer}
    if not gap.save_version(based_on, **values):
        theirs = SearchGap.get_by_id(gap.id)
        raise Conflict(_("มีผู้อื่นบันทึกเรื่องนี้ไปก่อน โปรดเทียบกับที่คุณแก้ แล้วบันทึกอีกครั้งถ้ายังต้องการ"), theirs)
    audit.record(officer, "search_gap.marked", gap, text=gap.text, state=gap.state, article=gap.article_id)


_ARTICLE = re.compile(r"(?:.*/knowledge/)?(\d{1,9})(?:[/?#].*)?")


def _article(typed: str) -> KnowledgeArticle | None:
    """The published article meant by a number or an address of its page."""
    typed = thai.to_arabic_digits(typed.strip())
    if not typed:
        return None
    meant = _ARTICLE.fullmatch(typed)
    published = KnowledgeArticle.status == PUBLISHED
    article = KnowledgeArticle.get_or_none((KnowledgeArticle.id == int(meant[1])) & published) if meant else None
    if article is None:
        raise DomainError(_("ไม่พบองค์ความรู้ที่เผยแพร่แล้วตามเลขที่หรือลิงก์นี้"), field="article")
    return article


def asked_by(gap: SearchGap) -> list[SearchRequest]:
    """Who asked for it, with their units, first come first."""
    rows = SearchRequest.select(SearchRequest, Employee, OrgUnit).join(Employee).join(OrgUnit)
    return list(rows.where(SearchRequest.gap == gap).order_by(SearchRequest.asked_at, SearchRequest.id))


def missing(period: Period) -> list[Asked]:
    """What is missing: searched for in vain in this period, or asked for by somebody, and not answered yet.

    What was answered is among it again when people go on searching for it in vain. Asked for first, then most sought.
    """
    rows = search_insights.failed(period, SHOWN)
    open_gaps = SearchGap.select().where(SearchGap.state != ANSWERED).order_by(SearchGap.updated_at.desc())
    gaps = {gap.key: gap for gap in open_gaps.limit(SHOWN)}
    answered = SearchGap.select().where(SearchGap.key.in_([row.key for row in rows]), SearchGap.state == ANSWERED)
    closed = {gap.key: gap for gap in answered}
    counts = _requests([gap.id for gap in gaps.values()])
    found = []
    for row in rows:
        if row.key in closed and closed[row.key].updated_at >= row.last_at:
            continue
        row.gap = closed.get(row.key) or gaps.pop(row.key, None)
        row.requests = counts.get(row.gap.id, 0) if row.gap else 0
        found.append(row)
    found += [_without_searches(gap, counts.get(gap.id, 0)) for gap in gaps.values()]
    return sorted(found, key=lambda row: (-row.requests, -row.count))


def _requests(gap_ids: list[int]) -> dict[int, int]:
    rows = SearchRequest.select(SearchRequest.gap, pw.fn.COUNT(SearchRequest.id))
    return dict(rows.where(SearchRequest.gap.in_(gap_ids)).group_by(SearchRequest.gap).tuples())


def _without_searches(gap: SearchGap, requests: int) -> Asked:
    return Asked(gap.key, gap.text, 0, None, gap.updated_at, 0, 0.0, gap=gap, requests=requests)


def answered(limit: int = SHOWN) -> list[SearchGap]:
    """What was missing and is answered, the latest first, with the articles."""
    rows = SearchGap.select(SearchGap, KnowledgeArticle).join(KnowledgeArticle, pw.JOIN.LEFT_OUTER)
    return list(rows.where(SearchGap.state == ANSWERED).order_by(SearchGap.updated_at.desc()).limit(limit))
