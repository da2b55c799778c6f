"""E-mail as administrators see it: is it sent, what was given up and why, a test."""

from flask import Response, current_app, flash, g, request
from flask_login import login_required

from kc import addresses
from kc.errors import DomainError
from kc.forms.notices import TestMailForm
from kc.i18n import gettext as _
from kc.services import mail, mail_desk
from kc.web.access import get_dead_mail, require_mail_keeper
from kc.web.admin.blueprint import bp
from kc.web.htmx import go, render
from kc.web.paging import page_url, paginate


@bp.get("/mail/")
@login_required
def mail_index() -> Response:
    require_mail_keeper()
    return _page(TestMailForm(address=g.employee.email))


def _page(form: TestMailForm, status: int = 200) -> Response:
    return render(
        "admin/mail.html",
        block="tests",
        status=status,
        form=form,
        post=mail.post(),
        base_url=addresses.base(),
        sends_itself=current_app.config["KC_SEND_MAIL"],
        counts=mail_desk.counts(),
        last_sent_at=mail_desk.last_sent_at(),
        problem=mail_desk.problem(),
        tests=mail_desk.tests(g.employee),
        dead=paginate(mail_desk.dead(), 20),
        page_url=page_url() if request.method == "GET" else lambda number: f"/admin/mail/?page={number}",
    )


@bp.post("/mail/test")
@login_required
def mail_test() -> Response:
    """Queue a test message; the page then says what became of it."""
    require_mail_keeper()
    form = TestMailForm(request.form)
    if not form.validate():
        return _page(form, 422)
    try:
        mail_desk.send_test(g.employee, form.address.data)
    except DomainError as why:
        form.refuse(why)
        return _page(form, 422)
    return go("/admin/mail/#tests")


@bp.post("/mail/<int:mail_id>/again")
@login_required
def mail_again(mail_id: int) -> Response:
    require_mail_keeper()
    mail_desk.try_again(g.employee, get_dead_mail(mail_id))
    flash(_("จะลองส่งอีกครั้ง"), "success")
    return go("/admin/mail/")


@bp.post("/mail/<int:mail_id>/drop")
@login_required
def mail_drop(mail_id: int) -> Response:
    require_mail_keeper()
    mail_desk.drop(g.employee, get_dead_mail(mail_id))
    flash(_("ทิ้งอีเมลฉบับนั้นแล้ว เรื่องที่แจ้งยังอยู่ในการแจ้งเตือนของผู้รับ"), "success")
    return go("/admin/mail/")
