"""The webboard (กระดานถาม-ตอบ): the board, asking with similar questions beside it, and one question's page."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import clock, policy
from kc.errors import Conflict, DomainError
from kc.forms.fields import picks
from kc.forms.questions import AnswerForm, QuestionForm, RemoveForm
from kc.i18n import gettext as _
from kc.models import Community, Employee, Question, Topic
from kc.services import communities, question_helpers, question_lists, question_turns, questions, years
from kc.web import choices, once
from kc.web.access import (
    get_answer,
    get_answer_to_bring_back,
    get_answer_to_edit,
    get_answer_to_remove,
    get_question,
    get_question_to_answer,
    get_question_to_edit,
    get_question_to_remove,
    get_question_to_settle,
    get_question_to_turn,
    get_question_to_unveil,
)
from kc.web.downloads import columns, send_workbook
from kc.web.htmx import go, render, wants_fragment
from kc.web.links import link_to
from kc.web.paging import page_url, paginate
from kc.web.question_turns import TURNS, turned_url
from kc.workbook import Sheet

bp = Blueprint("questions", __name__, url_prefix="/questions")

PER_PAGE = 20


@bp.app_template_global()
def wait_in_words(question: Question) -> str:
    """How long a question waited, or has been waiting, for its first answer."""
    return question_lists.in_words(question_lists.waited(question))


@bp.app_template_global()
def waits_long(question: Question) -> bool:
    return question.is_waiting and question_lists.waited(question) >= timedelta(days=2)


@bp.get("/")
@login_required
def index() -> Response:
    """The board: `tab`, `topic` (a series) and `community` narrow it."""
    tab, topic, community = _asked()
    page = paginate(question_lists.board(g.employee, tab, topic, community), PER_PAGE)
    return render(
        "questions/index.html",
        block="results",
        page=page,
        url=page_url(),
        tab=tab,
        tabs=_tabs(tab, page.total),
        filters={"topic": str(topic or ""), "community": str(community or "")},
        topics=choices.topic_series(),
        communities=choices.my_communities(g.employee, also=community),
    )


def _asked() -> tuple[str, int, int]:
    """The tab, the series of topics and the community that the address names; nonsense narrows nothing."""
    tab, topic, community = (request.args.get(name, "") for name in ("tab", "topic", "community"))
    return tab if tab in question_lists.TABS else "waiting", choices.whole(topic), choices.whole(community)


def _tabs(here: str, total: int) -> list[tuple[str, str, bool, int | None]]:
    names = {"waiting": _("รอคำตอบ"), "all": _("ทั้งหมด"), "for_me": _("ถามถึงฉัน"), "mine": _("ของฉัน")}
    kept = {name: value for name in ("topic", "community") if (value := request.args.get(name))}
    return [
        (label, url_for(".index", tab=tab, **kept), tab == here, total if tab == here else None)  # type: ignore[arg-type]
        for tab, label in names.items()
    ]


@bp.get("/export.xlsx")
@login_required
def export() -> Response:
    """The board as filtered; a hidden name stands in no file either, the asker's own included (S0-265)."""
    tab, topic, community = _asked()
    heads = columns(
        _("คำถาม"),
        _("ประเด็นเรียนรู้"),
        _("ชุมชน"),
        _("ผู้ถาม"),
        (_("วันที่ถาม"), "day"),
        (_("คำตอบ"), "number"),
        _("มีคำตอบที่ใช้ได้"),
        _("ที่อยู่"),
    )
    rows = (_row(row) for row in question_lists.board(g.employee, tab, topic, community).iterator())
    return send_workbook(_("กระดานถาม-ตอบ"), [Sheet(_("กระดานถาม-ตอบ"), heads, rows)])


def _row(row: Question) -> list[Any]:
    return [
        row.title,
        row.topic.name if row.topic_id else "",
        row.community.name if row.community_id else "",
        _("ผู้ถามขอซ่อนชื่อ") if row.is_hidden_name else row.asker.name,
        clock.to_local(row.created_at).date(),
        row.answer_count,
        _("ใช่") if row.accepted_at else "",
        link_to("questions.show", question_id=row.id),
    ]


# ---- asking --------------------------------------------------------------------------------------------------------


@bp.get("/new")
@login_required
def new() -> Response:
    """Ask; `q` is what was searched for in vain (D6), `community` and `topic_series` where one comes from."""
    given = request.args
    form = QuestionForm(
        form_key=communities.new_form_key(),
        title=given.get("q", "")[:300],
        community=given.get("community", ""),
        topic=_this_years(given.get("topic_series", "")),
    )
    return _show_form(form)


def _this_years(series: str) -> str:
    """This year's topic of a line of topics, which is what search is narrowed to."""
    here = (Topic.fiscal_year == years.current()) & (Topic.series == choices.whole(series))
    row = Topic.get_or_none(here & Topic.retired_at.is_null()) if series else None
    return str(row.id) if row is not None else ""


def _show_form(form: QuestionForm, status: int = 200, question: Question | None = None, **context: Any) -> Response:
    year = question.topic.fiscal_year if question and question.topic_id else years.current()
    topics = choices.topics_of(year, kept=question.topic if question else None)
    form.topic.choices = picks([("", _("ไม่ระบุ")), *topics])
    community = choices.whole(form.community.data)
    mine = choices.my_communities(g.employee, also=community) if question is None else []
    form.community.choices = picks([("", _("ทุกคนในองค์กร")), *mine])
    return render(
        "questions/form.html",
        status=status,
        form=form,
        question=question,
        similar=question_lists.similar(g.employee, form.title.data or "", question.id if question else 0),
        usual=_usual(None) if question is None else "",
        **context,
    )


def _usual(topic: Topic | None) -> str:
    wait = question_lists.usual_wait(topic)
    return question_lists.in_words(wait) if wait is not None else ""


@bp.post("/similar")
@login_required
def similar() -> Response:
    """What is there already about the words being typed (S0-266); without scripts the form with all that was typed.

    Posted, for what somebody is about to ask without their name belongs in no address and so in no log.
    `but`: the question being changed, which is not like itself.
    """
    form = QuestionForm(request.form)
    if not wants_fragment():
        return _show_form(form)
    changing = choices.whole(request.args.get("but"))
    found = question_lists.similar(g.employee, form.title.data or "", changing)
    return render("questions/form.html", block="similar", similar=found)


@bp.post("/new")
@login_required
def create() -> Response:
    form = QuestionForm(request.form)
    form.validate()
    community = _community(form)
    if form.errors:
        return _show_form(form, 422)
    try:
        question = questions.ask(
            g.employee,
            form.title.data,
            form.text.data,
            topic=_topic(form),
            community=community,
            is_members_only=bool(form.is_members_only.data),
            is_hidden_name=bool(form.is_hidden_name.data),
            form_key=once.key_of(form),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(form, 422)
    flash(_("ตั้งคำถามแล้ว และแจ้งผู้ที่น่าจะรู้ให้แล้ว"), "success")
    return go(question.url)


def _community(form: QuestionForm) -> Community | None:
    """The community that is asked; any of them may be. What is no community is said beside the field."""
    if not form.community.data:
        if form.is_members_only.data:
            form.refuse(DomainError(_("โปรดเลือกชุมชนก่อน"), field="community"))
        return None
    row = Community.get_or_none(Community.id == choices.whole(form.community.data))
    if row is None:
        form.refuse(DomainError(_("โปรดเลือกชุมชนจากรายการ"), field="community"))
    return row


def _topic(form: QuestionForm) -> Topic | None:
    return Topic.get_or_none(Topic.id == choices.whole(form.topic.data))


# ---- one question --------------------------------------------------------------------------------------------------


@bp.get("/<int:question_id>")
@login_required
def show(question_id: int) -> Response:
    return _show(get_question(question_id))


def _show(question: Question, status: int = 200, block: str | None = None, **context: Any) -> Response:
    me = g.employee
    context.setdefault("form", AnswerForm(form_key=communities.new_form_key()))
    context.setdefault("remove_form", RemoveForm())
    context.setdefault("refused", {})
    helpers = question_helpers.of(question) if not question.is_hidden_name else []
    waiting = question.is_waiting and block is None
    return render(
        "questions/show.html",
        block=block,
        status=status,
        question=question,
        answers=question_lists.answers_of(question),
        helpers=helpers,
        following=question_lists.followers(me, question),
        usual=_usual(question.topic if question.topic_id else None) if waiting else "",
        similar=question_lists.similar(me, question.title, question.id) if block is None else [],
        knows_asker=policy.can_know_asker(me, question),
        may_moderate=policy.can_moderate_question(me, question),
        may_accept=policy.can_accept_answer(me, question),
        turns=_turns(question) if block is None else [],
        made=question_turns.made_of(me, question) if block is None else [],
        my_communities=choices.my_communities(me) if block is None and not question.community_id else [],
        **context,
    )


def _turns(question: Question) -> list[tuple[str, str, str]]:
    """What can be made of it: key, words, icon."""
    return (
        [(turn.key, str(turn.label), turn.icon) for turn in TURNS]
        if policy.can_turn_question(g.employee, question)
        else []
    )


@bp.post("/<int:question_id>/answers")
@login_required
def answer(question_id: int) -> Response:
    question = get_question_to_answer(question_id)
    form = AnswerForm(request.form)
    if form.validate():
        try:
            form_key = once.key_of(form)
            questions.answer(g.employee, question, form.text.data, form_key=form_key)
            return _changed(question, _("ส่งคำตอบแล้ว ขอบคุณที่แบ่งปัน"))
        except DomainError as refusal:
            form.refuse(refusal)
    return _show(question, 422, block="answers", form=form)


def _changed(question: Question, said: str) -> Response:
    """The answers as they are now, or the page again."""
    if wants_fragment():
        return _show(get_question(question.id), block="answers", said=said)
    flash(said, "success")
    return go(question.url)


@bp.get("/<int:question_id>/edit")
@login_required
def edit(question_id: int) -> Response:
    question = get_question_to_edit(question_id)
    form = QuestionForm(obj=question)
    form.topic.data = str(question.topic_id or "")
    return _show_form(form, question=question)


@bp.post("/<int:question_id>/edit")
@login_required
def update(question_id: int) -> Response:
    question = get_question_to_edit(question_id)
    form = QuestionForm(request.form)
    if not form.validate():
        return _show_form(form, 422, question)
    values = {"title": form.title.data, "text": form.text.data, "topic": _topic(form)}
    try:
        questions.change(g.employee, question, form.version.data or 0, **values)
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_form(form, 409, question, theirs=conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(form, 422, question)
    flash(_("แก้ไขคำถามแล้ว"), "success")
    return go(question.url)


@bp.post("/<int:question_id>/follow")
@login_required
def follow(question_id: int) -> Response:
    """`wanted` is 1 or 0."""
    question = get_question(question_id)
    wanted = request.form.get("wanted") != "0"
    questions.follow(g.employee, question, wanted)
    if wants_fragment():
        return _show(question, block="following")
    flash(_("จะแจ้งเมื่อมีคำตอบ") if wanted else _("เลิกติดตามคำถามนี้แล้ว"), "success")
    return go(question.url)


@bp.post("/<int:question_id>/asker")
@login_required
def asker(question_id: int) -> Response:
    """Who hides their name, for the KM team; looking is written down."""
    question = get_question_to_unveil(question_id)
    unveiled: Employee = questions.name_of_asker(g.employee, question)
    return _show(question, block="asker", unveiled=unveiled)


@bp.post("/<int:question_id>/remove")
@login_required
def remove(question_id: int) -> Response:
    question = get_question_to_remove(question_id)
    form = RemoveForm(request.form)
    try:
        if form.validate():
            questions.remove(g.employee, question, form.reason.data)
            flash(_("ซ่อนคำถามจากกระดานแล้ว"), "success")
            return go(question.url)
    except DomainError as refusal:
        form.refuse(refusal)
    return _show(question, 422, remove_form=form)


@bp.post("/<int:question_id>/bring-back")
@login_required
def bring_back(question_id: int) -> Response:
    question = get_question_to_remove(question_id)
    if not policy.can_moderate_question(g.employee, question) and question.removed_reason:
        raise DomainError(_("ผู้ดูแลซ่อนคำถามนี้ไว้ โปรดติดต่อทีมจัดการความรู้"))
    questions.bring_back(g.employee, question)
    flash(_("นำคำถามกลับมาบนกระดานแล้ว"), "success")
    return go(question.url)


@bp.get("/<int:question_id>/turn-into/<what>")
@login_required
def turn(question_id: int, what: str) -> Response:
    """To the page where more is made of it, filled in: a session topic, a trial or knowledge, in `community`."""
    question = get_question_to_turn(question_id)
    community = question.community_id or choices.whole(request.args.get("community"))
    return go(turned_url(question, what, community))


# ---- one answer ----------------------------------------------------------------------------------------------------


@bp.post("/<int:question_id>/answers/<int:answer_id>/accept")
@login_required
def accept(question_id: int, answer_id: int) -> Response:
    question = get_question_to_settle(question_id)
    questions.accept(g.employee, get_answer(question, answer_id))
    return _changed(question, _("เลือกคำตอบแล้ว คนที่เจอเรื่องเดียวกันจะเห็นก่อน"))


@bp.post("/<int:question_id>/open-again")
@login_required
def open_again(question_id: int) -> Response:
    question = get_question_to_settle(question_id)
    questions.open_again(g.employee, question)
    return _changed(question, _("ยกเลิกการเลือกคำตอบแล้ว"))


@bp.get("/<int:question_id>/answers/<int:answer_id>/edit")
@login_required
def edit_answer(question_id: int, answer_id: int) -> Response:
    row = get_answer_to_edit(get_question(question_id), answer_id)
    return _show_answer_form(row, AnswerForm(obj=row))


def _show_answer_form(row: Any, form: AnswerForm, status: int = 200, theirs: Any = None) -> Response:
    return render("questions/answer.html", status=status, question=row.question, row=row, form=form, theirs=theirs)


@bp.post("/<int:question_id>/answers/<int:answer_id>/edit")
@login_required
def update_answer(question_id: int, answer_id: int) -> Response:
    row = get_answer_to_edit(get_question(question_id), answer_id)
    form = AnswerForm(request.form)
    if not form.validate():
        return _show_answer_form(row, form, 422)
    try:
        questions.change_answer(g.employee, row, form.version.data or 0, form.text.data)
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_answer_form(row, form, 409, conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_answer_form(row, form, 422)
    flash(_("แก้ไขคำตอบแล้ว"), "success")
    return go(row.question.url)


@bp.post("/<int:question_id>/answers/<int:answer_id>/remove")
@login_required
def remove_answer(question_id: int, answer_id: int) -> Response:
    """By its author, or by a moderator, who says why."""
    question = get_question(question_id)
    row = get_answer_to_remove(question, answer_id)
    form = RemoveForm(request.form)
    try:
        if form.validate():
            questions.remove_answer(g.employee, row, form.reason.data)
            return _changed(question, _("ซ่อนคำตอบแล้ว นำกลับมาได้"))
    except DomainError as refusal:
        form.refuse(refusal)
    return _show(question, 422, block="answers", refused={row.id: form})


@bp.post("/<int:question_id>/answers/<int:answer_id>/bring-back")
@login_required
def bring_answer_back(question_id: int, answer_id: int) -> Response:
    question = get_question(question_id)
    questions.bring_answer_back(g.employee, get_answer_to_bring_back(question, answer_id))
    return _changed(question, _("นำคำตอบกลับมาแล้ว"))
