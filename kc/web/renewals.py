"""Going on into another year: one community with what is chosen, or many at the end of a year; and closing the year."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc import fiscal, policy
from kc.errors import DomainError
from kc.forms.fields import picks
from kc.forms.rounds import ClosingForm, RenewForm, RenewManyForm
from kc.i18n import gettext as _
from kc.models import Community, FiscalYear, Topic
from kc.services import renewing, rounds, year_end, years
from kc.services.renewing import ALONG, USUAL, Choice
from kc.web import choices
from kc.web.access import get_community_to_edit, get_year_to_end, require_round_manager
from kc.web.htmx import go, render

bp = Blueprint("renewals", __name__)

MOST_AT_ONCE = 200


# ---- one community -------------------------------------------------------------------------------------------------


@bp.get("/communities/<int:community_id>/renew")
@login_required
def renew_form(community_id: int) -> Response:
    """What goes along, to be chosen before anything happens."""
    community = get_community_to_edit(community_id)
    year = _asked_year(community, request.args.get("year"))
    there = renewing.renewed_as(community, year)
    if there is not None:
        return go(url_for("communities.show", community_id=there.id))
    form = RenewForm(obj=community, data={"with_text": True})
    topic = renewing.topic_in(community, year)
    form.topic.data = str(topic.id) if topic else ""
    form.people.data = [str(m.employee_id) for m in community.current_members() if m.employee.is_active]
    form.along.data = list(USUAL)
    return _show_renew(community, year, form)


def _asked_year(community: Community, asked: str | None) -> FiscalYear:
    """A year that can be signed up for and comes after the community's; the soonest, unless the address says which."""
    later = [year for year in rounds.sign_up_years() if year > community.fiscal_year.year]
    number = choices.whole(asked)
    if not later:
        soonest = fiscal.calendar().current() + 1
        raise DomainError(_("ยังไม่เปิดรับสมัคร%(year)s", year=fiscal.calendar().label_for(soonest)))
    return years.get_or_open(number if number in later else min(later))


def _show_renew(community: Community, year: FiscalYear, form: RenewForm, status: int = 200) -> Response:
    people = _people(community)
    form.people.choices = picks([(str(person_id), name) for person_id, name in people.items()])
    counted = [(one, one.count(community)) for one in ALONG]
    form.along.choices = picks([(one.key, f"{one.label} ({n})") for one, n in counted if n])
    form.topic.choices = picks([("", _("เลือกประเด็นเรียนรู้")), *choices.topics_of(year)])
    form.year.data = str(year.year)
    days = rounds.deadlines(year, community.unit)
    lost = not form.topic.data and not form.errors
    context = {"community": community, "year": year, "form": form, "days": days, "topic_is_gone": lost}
    return render("communities/renew.html", block="form", status=status, **context)


def _people(community: Community) -> dict[int, str]:
    """Everybody who is in it now and still here, with all their roles."""
    from kc import labels

    found: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for member in community.current_members():
        if member.employee.is_active:
            names[member.employee_id] = member.employee.name
            found.setdefault(member.employee_id, []).append(str(labels.COMMUNITY_ROLES[member.role]))
    return {person_id: f"{names[person_id]} · {', '.join(roles)}" for person_id, roles in found.items()}


@bp.post("/communities/<int:community_id>/renew")
@login_required
def renew(community_id: int) -> Response:
    """In one click goes along what usually does; the page's form says what."""
    community = get_community_to_edit(community_id)
    year = _asked_year(community, request.form.get("year"))
    form = RenewForm(request.form)
    if not form.chosen.data:
        return _renewed(renewing.renew(g.employee, community, year, _same_topic(community, year)))
    form.people.choices = picks([(str(person_id), name) for person_id, name in _people(community).items()])
    form.along.choices = picks([(one.key, one.key) for one in ALONG])
    form.validate()
    topic = Topic.get_or_none((Topic.id == choices.whole(form.topic.data)) & (Topic.fiscal_year == year))
    if topic is None and not form.topic.errors:
        form.refuse(DomainError(_("โปรดเลือกประเด็นเรียนรู้"), field="topic"))
    if form.errors:
        return _show_renew(community, year, form, 422)
    choice = Choice(
        name=form.name.data or "",
        knowledge_title=form.knowledge_title.data or "",
        people={int(value) for value in form.people.data or []},
        with_text=bool(form.with_text.data),
        along=set(form.along.data or []),
    )
    try:
        return _renewed(renewing.renew(g.employee, community, year, topic, choice))
    except DomainError as refusal:
        form.refuse(refusal)
        return _show_renew(community, year, form, 422)


def _same_topic(community: Community, year: FiscalYear) -> Topic:
    topic = renewing.topic_in(community, year)
    if topic is None:
        raise DomainError(_("ประเด็นเรียนรู้เดิมไม่มีในปีนี้ โปรดเปิดหน้าต่ออายุ แล้วเลือกประเด็นที่ใกล้เคียง"))
    return topic


def _renewed(new: Community) -> Response:
    flash(_("ต่ออายุแล้ว ทุกคนที่ไปต่อด้วยได้รับแจ้ง โปรดตรวจชื่อองค์ความรู้ของปีนี้"), "success")
    return go(url_for("communities.show", community_id=new.id))


# ---- the end of a year ---------------------------------------------------------------------------------------------


@bp.get("/rounds/years/<int:number>/")
@login_required
def year(number: int) -> Response:
    """What the year brought; topics, communities, closing. Nothing happens here by itself."""
    return _show_year(get_year_to_end(number))


def _show_year(
    row: FiscalYear, form: RenewManyForm | None = None, status: int = 200, done: list[year_end.Renewal] | None = None
) -> Response:
    next_year = _after(row)
    form = form or RenewManyForm(data={"with_text": True, "people": year_end.EVERYBODY})
    form.along.choices = picks([(one.key, one.label) for one in ALONG])
    if form.along.data is None:
        form.along.data = list(USUAL)
    left = renewing.renewable(next_year, row.year).where(year_end.scope(g.employee))
    return render(
        "rounds/year.html",
        status=status,
        year=row,
        next_year=next_year,
        closing=year_end.closing_of(row),
        summary=year_end.summary(row, g.employee),
        topics=year_end.topics_left(row, next_year),
        next_topics=Topic.select().where(Topic.fiscal_year == next_year).count(),
        communities=list(left.limit(MOST_AT_ONCE)),
        form=form,
        closing_form=ClosingForm(),
        done=done or [],
        can_manage=policy.can_manage_rounds(g.employee),
    )


def _after(row: FiscalYear) -> FiscalYear:
    """The year after it; one that nobody has opened yet is not opened by looking: it has id 0, and so nothing in it."""
    number = row.year + 1
    return FiscalYear.get_or_none(FiscalYear.year == number) or FiscalYear(id=0, year=number)


def _chosen(row: FiscalYear) -> list[Community]:
    """The communities whose boxes are ticked, of those that this person may renew; DomainError when there is none."""
    ids = [choices.whole(value) for value in request.form.getlist("community")][:MOST_AT_ONCE]
    mine = renewing.renewable(years.get_or_open(row.year + 1), row.year).where(year_end.scope(g.employee))
    found = list(mine.where(Community.id.in_(ids)))
    if not found:
        raise DomainError(_("โปรดเลือกชุมชนอย่างน้อยหนึ่งชุมชน"))
    return found


@bp.post("/rounds/years/<int:number>/communities")
@login_required
def renew_many(number: int) -> Response:
    """Renew the chosen communities with what is chosen, or (`ask`) ask those who keep them."""
    row = get_year_to_end(number)
    chosen, next_year = _chosen(row), years.get_or_open(row.year + 1)
    if request.form.get("ask"):
        count = year_end.ask_keepers(g.employee, next_year, chosen)
        flash(_("ถามผู้ดูแลชุมชน %(n)d คนแล้ว เขาต่ออายุเองได้จากลิงก์ในการแจ้งเตือน", n=count), "success")
        return go(url_for(".year", number=row.year))
    form = RenewManyForm(request.form)
    form.along.choices = picks([(one.key, one.label) for one in ALONG])
    if not form.validate():
        return _show_year(row, form, 422)
    done = year_end.renew_chosen(
        g.employee, next_year, chosen, form.people.data, bool(form.with_text.data), form.along.data or []
    )
    return _show_year(row, form, done=done)


@bp.post("/rounds/years/<int:number>/topics")
@login_required
def copy_topics(number: int) -> Response:
    require_round_manager()
    row = get_year_to_end(number)
    chosen = {choices.whole(value) for value in request.form.getlist("topic")}
    count = year_end.copy_topics(g.employee, row, years.get_or_open(row.year + 1), chosen)
    flash(_("คัดลอกแล้ว %(n)d ประเด็น", n=count), "success")
    return go(url_for(".year", number=row.year))


@bp.post("/rounds/years/<int:number>/close")
@login_required
def close(number: int) -> Response:
    require_round_manager()
    row = get_year_to_end(number)
    form = ClosingForm(request.form)
    if not form.validate():
        raise DomainError(str(next(iter(form.note.errors))))
    year_end.close(g.employee, row, form.note.data or "")
    flash(_("ปิดปีแล้ว งานที่ยังค้างทำต่อได้ เพียงสมัครใหม่ในปีนี้ไม่ได้"), "success")
    return go(url_for(".year", number=row.year))


@bp.post("/rounds/years/<int:number>/reopen")
@login_required
def reopen(number: int) -> Response:
    require_round_manager()
    row = get_year_to_end(number)
    year_end.reopen(g.employee, row)
    flash(_("เปิดปีอีกครั้งแล้ว"), "success")
    return go(url_for(".year", number=row.year))
