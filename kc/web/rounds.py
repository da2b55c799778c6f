"""The year's circular: read by everybody, written and announced by the KM team."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import clock, fiscal, labels, policy
from kc.errors import Conflict, DomainError
from kc.forms.fields import picks
from kc.forms.rounds import RoundForm
from kc.i18n import gettext as _
from kc.models import FiscalYear, OrgUnit, Round
from kc.services import round_files, round_standing, rounds, years
from kc.web import choices
from kc.web.access import get_round, get_round_to_manage, require_round_manager
from kc.web.downloads import send_made
from kc.web.htmx import go, render

bp = Blueprint("rounds", __name__, url_prefix="/rounds")

USUAL_KINDS = ("division", "bureau", "provincial_office", "branch", "department")


@bp.get("/")
@login_required
def index() -> Response:
    """Circulars of all years, newest first; the KM team sees drafts, too."""
    found = Round.select(Round, FiscalYear).join(FiscalYear).order_by(FiscalYear.year.desc())
    if not policy.can_manage_rounds(g.employee):
        found = found.where(Round.announced_at.is_null(False))
    this_year = years.current()
    before = policy.can_follow_rounds(g.employee) and FiscalYear.get_or_none(FiscalYear.year == this_year.year - 1)
    return render("rounds/index.html", rounds=list(found), this_year=this_year, before=before, today=clock.today())


@bp.get("/<int:round_id>")
@login_required
def show(round_id: int) -> Response:
    """What the circular says, the days that hold for one's own unit, and how far sign-ups are."""
    row = get_round(round_id)
    follows = policy.can_follow_rounds(g.employee)
    standings = round_standing.of_round(row, round_standing.paths_followed(g.employee)) if follows else []
    return render(
        "rounds/show.html",
        round=row,
        file=round_files.of(row),
        days=rounds.deadlines(row.fiscal_year, g.employee.unit) if row.is_announced else rounds.Deadlines(row),
        counts=round_standing.counts(standings),
        invited=len(standings),
        follows=follows,
        needs_topics=not row.is_announced and not rounds.has_topics(row.fiscal_year),
        can_manage=policy.can_manage_rounds(g.employee),
    )


@bp.get("/<int:round_id>/file")
@login_required
def file(round_id: int) -> Response:
    """The memo itself, under its own name; always saved, never opened in our origin."""
    found = round_files.with_data(get_round(round_id))
    if found is None:
        raise DomainError(_("บันทึกเวียนนี้ไม่มีไฟล์แนบ"))
    return send_made(bytes(found.data), found.filename, found.content_type)


# ---- writing it ----------------------------------------------------------------------------------------------------


@bp.get("/new")
@login_required
def new() -> Response:
    """A form with the days filled in as most organisations have them; nothing is sent before it is announced."""
    require_round_manager()
    number = choices.whole(request.args.get("year")) or fiscal.calendar().current()
    first, last = fiscal.calendar().bounds(number if 2400 < number < 2700 else fiscal.calendar().current())
    form = RoundForm(data={"kinds": list(USUAL_KINDS), "year": str(number)})
    form.opens_on.data, form.publish_by.data = max(first, clock.today()), last
    form.title.data = _("ขอเชิญสมัครกิจกรรมชุมชนนักปฏิบัติ (CoPs) %(year)s", year=fiscal.calendar().label_for(number))
    return _show_form(form)


def _show_form(form: RoundForm, row: Round | None = None, status: int = 200, theirs: Round | None = None) -> Response:
    now = fiscal.calendar().current()
    taken = {year for (year,) in Round.select(FiscalYear.year).join(FiscalYear).tuples()} if row is None else set()
    free = [year for year in (now, now + 1) if year not in taken]
    form.year.choices = picks([(str(year), fiscal.calendar().label_for(year)) for year in free])
    if not form.version.data and row is not None:
        form.version.data = row.version
    return render(
        "rounds/edit.html",
        status=status,
        form=form,
        round=row,
        theirs=theirs,
        file=round_files.of(row) if row else None,
        kinds=[(kind, label, count) for kind, label, count in _kinds()],
    )


def _kinds() -> list[tuple[str, str, int]]:
    """Kinds of units that there are, with how many."""
    import peewee as pw

    counted = OrgUnit.select(OrgUnit.kind, pw.fn.COUNT(OrgUnit.id)).where(OrgUnit.is_active).group_by(OrgUnit.kind)
    counts = dict(counted.tuples())
    return [(kind, str(label), counts[kind]) for kind, label in labels.UNIT_KINDS.items() if kind in counts]


def _read_form() -> RoundForm:
    form = RoundForm(request.form)
    form.kinds.choices = picks(labels.UNIT_KINDS)
    form.year.choices = []
    form.validate()
    return form


@bp.post("/new")
@login_required
def create() -> Response:
    require_round_manager()
    form = _read_form()
    number, now = choices.whole(form.year.data), fiscal.calendar().current()
    if number not in (now, now + 1):
        form.refuse(DomainError(_("โปรดเลือกปี"), field="year"))
    if not form.kinds.data:
        form.refuse(DomainError(_("โปรดเลือกอย่างน้อยหนึ่งประเภท เลือกเพิ่มหรือตัดออกทีละแห่งได้ภายหลัง"), field="kinds"))
    if form.errors:
        return _show_form(form, status=422)
    try:
        made = rounds.draft(g.employee, years.get_or_open(number), form.kinds.data or [], **form.details())
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(form, status=422)
    _take_file(made)
    flash(_("บันทึกร่างแล้ว ตรวจดูหน่วยงานที่เชิญ แล้วกดประกาศ"), "success")
    return go(url_for(".show", round_id=made.id))


def _take_file(row: Round) -> None:
    """The memo that came with the form; one that cannot be kept loses nothing else."""
    came = request.files.get("file")
    if came is not None and came.filename:
        try:
            round_files.attach(g.employee, row, came.stream, came.filename)
        except DomainError as why:
            flash(_("บันทึกข้อความแล้ว แต่ยังไม่ได้แนบไฟล์: %(why)s", why=why.message), "warning")


@bp.get("/<int:round_id>/edit")
@login_required
def edit(round_id: int) -> Response:
    row = get_round_to_manage(round_id)
    return _show_form(RoundForm(obj=row), row)


@bp.post("/<int:round_id>/edit")
@login_required
def update(round_id: int) -> Response:
    row = get_round_to_manage(round_id)
    form = _read_form()
    if form.errors:
        return _show_form(form, row, 422)
    try:
        rounds.change(g.employee, row, form.version.data or 0, **form.details())
    except Conflict as conflict:  # both versions are shown; sending again saves over theirs, knowingly
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, conflict.theirs.version
        return _show_form(form, row, 409, theirs=conflict.theirs)
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_form(form, row, 422)
    _take_file(row)
    flash(_("บันทึกแล้ว") if not row.is_announced else _("บันทึกแล้ว ถ้าเปลี่ยนกำหนด ระบบแจ้งผู้เกี่ยวข้องให้แล้ว"), "success")
    return go(url_for(".show", round_id=row.id))


@bp.post("/<int:round_id>/announce")
@login_required
def announce(round_id: int) -> Response:
    row = get_round_to_manage(round_id)
    rounds.announce(g.employee, row)
    flash(_("ประกาศแล้ว ผู้ประสานงานและผู้ดูแลชุมชนได้รับแจ้ง"), "success")
    return go(url_for(".show", round_id=row.id))


@bp.post("/<int:round_id>/discard")
@login_required
def discard(round_id: int) -> Response:
    row = get_round_to_manage(round_id)
    rounds.discard(g.employee, row)
    flash(_("ทิ้งร่างบันทึกเวียนแล้ว"), "success")
    return go(url_for(".index"))


@bp.post("/<int:round_id>/file/remove")
@login_required
def remove_file(round_id: int) -> Response:
    row = get_round_to_manage(round_id)
    round_files.remove(g.employee, row)
    flash(_("นำไฟล์ออกแล้ว"), "success")
    return go(url_for(".edit", round_id=row.id))
