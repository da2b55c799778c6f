"""A community's learning evaluation: its plan and test, its stages, who is missing, what it says. Guests: guests.py."""

import base64

from flask import Blueprint, Response, abort, flash, g, request, url_for
from flask_login import login_required
from markupsafe import Markup

from kc import policy
from kc.documents import qr
from kc.errors import Conflict, DomainError
from kc.forms.evaluation import (
    AnswerForm,
    ExcuseForm,
    PlanForm,
    QuestionForm,
    RatingForm,
    StageForm,
    level_from,
)
from kc.i18n import gettext as _
from kc.models import Assessment, Community, Evaluation, EvaluationQuestion
from kc.models.evaluation import AFTER, METHODS, TEST
from kc.services import (
    assessing,
    evaluation,
    evaluation_results,
    evaluation_sheets,
    guest_links,
    guest_mail,
    learning_plans,
)
from kc.web.access import (
    get_assessment_to_excuse,
    get_assessment_to_rate,
    get_community_to_edit,
    get_community_to_evaluate,
    get_evaluation_to_run,
    get_my_assessment,
)
from kc.web.downloads import send_workbook
from kc.web.htmx import go, render
from kc.web.links import link, link_to

bp = Blueprint("evaluations", __name__, url_prefix="/communities/<int:community_id>/evaluation")


@bp.app_template_global()
def qr_code(address: str) -> Markup:
    """A QR code as a picture that prints and scans in dark mode too; nothing for an address that is too long."""
    drawn = qr.png(address, scale=6)
    if not drawn:
        return Markup("")
    data = base64.b64encode(drawn).decode()
    return Markup('<img class="qr" src="data:image/png;base64,{}" alt="{}">').format(data, _("คิวอาร์โค้ดของลิงก์นี้"))


# ---- the page ------------------------------------------------------------------------------------------------------


@bp.get("")
@login_required
def show(community_id: int) -> Response:
    return _show(get_community_to_evaluate(community_id))


def _show(community: Community, status: int = 200, stage_form: StageForm | None = None) -> Response:
    row, runs = evaluation.of(community), policy.can_run_evaluation(g.employee, community)
    reads = policy.can_read_assessments(g.employee, community)
    people = _people(row, runs)
    questions = evaluation.questions_of(row) if row else []
    mine = next((p for p in people if p.employee_id == g.employee.id), None)
    return render(
        "evaluations/show.html",
        status=status,
        community=community,
        evaluation=row,
        people=people,
        mine=mine,
        my_lines=evaluation_results.of_person(mine, len(questions)) if mine else [],
        questions=questions,
        results=evaluation_results.of_community(row, people, questions, everything=reads) if row else None,
        runs=runs and not community.is_cancelled,
        reads=reads,
        stage_form=stage_form or StageForm(due_on=row.due_on if row else None),
    )


def _people(row: Evaluation | None, runs: bool) -> list[Assessment]:
    """Everybody's state. Who joined meanwhile is counted in when somebody who looks after it comes by."""
    if row is None:
        return []
    return evaluation.enrol(row) if runs else evaluation.assessments(row)


def _to(community_id: int) -> Response:
    return go(url_for("evaluations.show", community_id=community_id))


# ---- the plan and the test -----------------------------------------------------------------------------------------


@bp.get("/plan")
@login_required
def plan(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    row = evaluation.of(community)
    form = PlanForm(
        version=row.version if row else 0,
        methods=row.chosen if row else [TEST, "self"],
        points=row.points if row else "",
        full_score=row.full_score if row else 10,
    )
    return _show_plan(community, form)


def _show_plan(community: Community, form: PlanForm, status: int = 200, theirs: Evaluation | None = None) -> Response:
    plan = learning_plans.of(community)
    planned = plan.evaluation if plan else ""
    return render(
        "evaluations/plan.html", status=status, community=community, form=form, theirs=theirs, planned=planned
    )


@bp.post("/plan")
@login_required
def save_plan(community_id: int) -> Response:
    community = get_community_to_edit(community_id)
    form = PlanForm(request.form)
    form.validate()
    full = form.full()
    if form.errors:
        return _show_plan(community, form, 422)
    given = {"methods": [m for m in METHODS if m in (form.methods.data or [])], "points": form.points.data}
    try:
        row = evaluation.set_up(g.employee, community, form.version.data or 0, full_score=full, **given)
    except Conflict as conflict:  # what they typed stays; sending again saves it, knowingly
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_plan(community, form, 409, conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_plan(community, form, 422)
    flash(_("บันทึกแผนการประเมินแล้ว"), "success")
    if TEST in row.chosen and not row.questions.exists():
        return go(url_for(".questions", community_id=community.id))
    return _to(community.id)


@bp.get("/questions")
@login_required
def questions(community_id: int) -> Response:
    return _show_questions(get_evaluation_to_run(community_id), QuestionForm())


def _show_questions(
    row: Evaluation, form: QuestionForm, status: int = 200, question: EvaluationQuestion | None = None
) -> Response:
    return render(
        "evaluations/questions.html",
        status=status,
        community=row.community,
        evaluation=row,
        questions=evaluation.questions_of(row),
        taken=evaluation.is_taken(row),
        form=form,
        question=question,
    )


@bp.post("/questions")
@login_required
def add_question(community_id: int) -> Response:
    return _keep_question(get_evaluation_to_run(community_id), None)


@bp.get("/questions/<int:question_id>")
@login_required
def question(community_id: int, question_id: int) -> Response:
    row = get_evaluation_to_run(community_id)
    asked = _question(row, question_id)
    return _show_questions(row, QuestionForm(asked.text, asked.choice_list, asked.right), question=asked)


def _question(row: Evaluation, question_id: int) -> EvaluationQuestion:
    here = (EvaluationQuestion.id == question_id) & (EvaluationQuestion.evaluation == row)
    return EvaluationQuestion.get_or_none(here) or abort(404)


@bp.post("/questions/<int:question_id>")
@login_required
def change_question(community_id: int, question_id: int) -> Response:
    row = get_evaluation_to_run(community_id)
    return _keep_question(row, _question(row, question_id))


def _keep_question(row: Evaluation, question: EvaluationQuestion | None) -> Response:
    form = QuestionForm.of(request.form)
    try:
        evaluation.write_question(
            g.employee, row, form.text, form.choices, form.right, question.id if question else None
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_questions(row, form, 422, question)
    flash(_("บันทึกคำถามแล้ว"), "success")
    return go(url_for(".questions", community_id=row.community_id))


@bp.post("/questions/<int:question_id>/delete")
@login_required
def remove_question(community_id: int, question_id: int) -> Response:
    row = get_evaluation_to_run(community_id)
    evaluation.remove_question(g.employee, row, question_id)
    flash(_("ลบคำถามแล้ว"), "success")
    return go(url_for(".questions", community_id=community_id))


# ---- stages, and those who are missing -----------------------------------------------------------------------------


@bp.post("/stage")
@login_required
def move(community_id: int) -> Response:
    row, form = get_evaluation_to_run(community_id), StageForm(request.form)
    if not form.validate():
        return _show(row.community, 422, form)
    try:
        stage = request.form.get("stage", "")
        told = evaluation.move_to(g.employee, row, stage, form.due_on.data, form.version.data)
    except Conflict as conflict:  # the page shows how it stands now
        form.refuse(conflict)
        return _show(row.community, 409, form)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(row.community, 422, form)
    if row.is_open:
        flash(_("เปิดให้ตอบแล้ว แจ้งผู้เข้าร่วม %(n)d คน", n=told), "success")
    else:
        flash(_("ปิดการประเมินแล้ว ระบบจะถามการนำไปใช้ต่อตามกำหนด"), "success")
    return _to(community_id)


@bp.post("/remind")
@login_required
def remind(community_id: int) -> Response:
    told = evaluation.remind(g.employee, get_evaluation_to_run(community_id))
    flash(_("ส่งลิงก์ถึงคนที่ยังไม่ตอบ %(n)d คนแล้ว", n=told) if told else _("ไม่มีใครที่ต้องเตือน"), "success")
    return _to(community_id)


@bp.get("/links")
@login_required
def links(community_id: int) -> Response:
    """The link and its QR code for staff, who sign in; one of their own for every guest."""
    row = get_evaluation_to_run(community_id)
    waiting = [p for p in evaluation.enrol(row) if not p.employee_id and p.waits_for_person]
    return render(
        "evaluations/links.html",
        community=row.community,
        address=link_to(".answer", community_id=community_id),
        guests=[(p, link(guest_links.path_of(p)), guest_mail.was_sent(p)) for p in waiting],
        is_open=row.is_open,
        days=guest_links.days(),
        about="evaluation",
    )


# ---- one's own -----------------------------------------------------------------------------------------------------


@bp.get("/answer")
@login_required
def answer(community_id: int) -> Response:
    mine = get_my_assessment(community_id)
    return show_answer(mine, answer_form(mine), url_for(".answer", community_id=community_id))


def answer_form(row: Assessment) -> AnswerForm:
    """What the stage that is open asks of a participant."""
    asked, after = row.evaluation, row.evaluation.stage == AFTER
    test = evaluation.questions_of(asked) if TEST in asked.chosen else []
    return AnswerForm(test, asked.point_list if after and "self" in asked.chosen else [], after)


def show_answer(row: Assessment, form: AnswerForm, action: str, status: int = 200) -> Response:
    return render(
        "evaluations/answer.html",
        status=status,
        community=row.evaluation.community,
        evaluation=row.evaluation,
        assessment=row,
        form=form,
        action=action,
        lines=evaluation_results.of_person(row, len(form.questions)) if row.after_at else [],
    )


@bp.post("/answer")
@login_required
def send_answer(community_id: int) -> Response:
    here = url_for(".answer", community_id=community_id)
    return keep_answer(get_my_assessment(community_id), here)


def keep_answer(row: Assessment, action: str) -> Response:
    form = answer_form(row)
    if row.is_unanswered and not form.read(request.form):
        return show_answer(row, form, action, 422)
    assessing.answer(row, form.questions, **form.values)
    flash(_("ขอบคุณ บันทึกคำตอบของคุณแล้ว"), "success")
    return go(action)


# ---- one person, for the facilitator -------------------------------------------------------------------------------


@bp.get("/people/<int:assessment_id>")
@login_required
def person(community_id: int, assessment_id: int) -> Response:
    row = get_assessment_to_rate(community_id, assessment_id)
    form = RatingForm(obj=row)
    return _show_person(row, form, row.rating)


def _show_person(row: Assessment, form: RatingForm, rating: int | None, status: int = 200) -> Response:
    questions = evaluation.questions_of(row.evaluation)
    return render(
        "evaluations/person.html",
        status=status,
        community=row.evaluation.community,
        evaluation=row.evaluation,
        assessment=row,
        lines=evaluation_results.of_person(row, len(questions)),
        questions=questions,
        form=form,
        rating=rating,
        excuse_form=ExcuseForm(reason=row.excused_reason),
    )


@bp.post("/people/<int:assessment_id>")
@login_required
def rate(community_id: int, assessment_id: int) -> Response:
    row = get_assessment_to_rate(community_id, assessment_id)
    form, rating = RatingForm(request.form), level_from(request.form, "rating")
    if not form.validate():
        return _show_person(row, form, rating, 422)
    given = {name: form[name].data for name in ("score_before", "score_after", "rating_note")}
    try:
        assessing.rate(g.employee, row, form.version.data or 0, rating=rating, **given)
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_person(row, form, rating, 409)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_person(row, form, rating, 422)
    flash(_("บันทึกผลของ %(name)s แล้ว", name=row.name), "success")
    return _to(community_id)


@bp.post("/people/<int:assessment_id>/excuse")
@login_required
def excuse(community_id: int, assessment_id: int) -> Response:
    row, form = get_assessment_to_excuse(community_id, assessment_id), ExcuseForm(request.form)
    if not form.validate():
        raise DomainError(str(form.reason.errors[0]))
    assessing.excuse(g.employee, row, form.reason.data)
    flash(_("ยกเว้นแล้ว") if form.reason.data else _("กลับมารอประเมินแล้ว"), "success")
    return _to(community_id)


# ---- as a file -----------------------------------------------------------------------------------------------------


@bp.get("/results.xlsx")
@login_required
def workbook(community_id: int) -> Response:
    """Who is done, and all together; what single people answered only for their facilitator."""
    row = get_evaluation_to_run(community_id)
    reads = policy.can_read_assessments(g.employee, row.community)
    name = _("ผลการเรียนรู้ %(name)s", name=row.community.name)
    return send_workbook(name[:80], evaluation_sheets.of_evaluation(row, everything=reads))
