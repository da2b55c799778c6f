"""My account: who I am here, my password, my sign-ins, my tokens, language and theme."""

from flask import Blueprint, Response, abort, current_app, flash, g, request, url_for
from flask import session as browser_session
from flask_login import login_required

from kc import i18n
from kc.addresses import is_own_path
from kc.errors import DomainError
from kc.forms.auth import ChangePasswordForm, TokenForm
from kc.forms.people import ProfileForm, SharingForm
from kc.i18n import gettext as _
from kc.models import ApiToken
from kc.services import people, roles, signin, tokens
from kc.web import auth
from kc.web import signin as browser
from kc.web.htmx import go, render

bp = Blueprint("account", __name__, url_prefix="/account")

THEMES = ("", "light", "dark")


def _page(status: int = 200, **given: object) -> Response:
    context = {
        "profile": ProfileForm(obj=g.employee),
        "sharing": SharingForm(obj=g.employee),
        "password": ChangePasswordForm(),
        "token_form": TokenForm(),
        "new_token": "",
    } | given
    return render(
        "account/index.html",
        status=status,
        held=list(roles.held_by(g.employee)),
        events=list(signin.recent_events(g.employee, 15)),
        tokens=list(tokens.of(g.employee)),
        minimum=current_app.config["KC_PASSWORD_MIN_LENGTH"],
        **context,
    )


@bp.get("/")
@login_required
def index() -> Response:
    return _page()


@bp.post("/profile")
@login_required
def save_profile() -> Response:
    form = ProfileForm(request.form)
    if not form.validate():
        return _page(422, profile=form)
    try:
        people.update_own(g.employee, **form.data)
    except DomainError as why:
        form.refuse(why)
        return _page(422, profile=form)
    flash(_("บันทึกข้อมูลของคุณแล้ว"), "success")
    return go(url_for(".index"))


@bp.post("/sharing")
@login_required
def save_sharing() -> Response:
    form = SharingForm(request.form)
    if not form.validate():
        return _page(422, sharing=form)
    try:
        people.offer_to_share(g.employee, form.is_sharing.data, form.shares_about.data)
    except DomainError as why:
        form.refuse(why)
        return _page(422, sharing=form)
    thanks = _("ขอบคุณที่ยินดีแบ่งปัน เพื่อนร่วมงานหาคุณเจอแล้ว")
    flash(thanks if form.is_sharing.data else _("บันทึกแล้ว ไม่แสดงว่ายินดีแบ่งปัน"), "success")
    return go(url_for(".index"))


@bp.post("/password")
@login_required
def change_password() -> Response:
    """A new password ends all other sign-ins; this one goes on."""
    form = ChangePasswordForm(request.form)
    if not form.validate():
        return _page(422, password=form)
    try:
        signin.change_password(g.employee, form.current.data, form.password.data, auth.address(), auth.rules())
    except DomainError as why:
        form.refuse(why)
        return auth.with_retry_after(_page(auth.refused_status(why), password=form), why)
    auth.begin(g.employee, remember=browser_session.permanent)
    flash(_("เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นที่เข้าสู่ระบบไว้ถูกออกจากระบบทั้งหมด"), "success")
    return go(url_for(".index"))


@bp.post("/sign-out-everywhere")
@login_required
def sign_out_everywhere() -> Response:
    signin.end_everywhere(g.employee, g.employee)
    browser.stop()
    flash(_("ออกจากระบบบนทุกเครื่องแล้ว"), "success")
    return go(url_for("auth.login"))


# ---- tokens --------------------------------------------------------------------------------------------------------


@bp.post("/tokens")
@login_required
def create_token() -> Response:
    """The only page that ever shows the token."""
    form = TokenForm(request.form)
    if not form.validate():
        return _page(422, token_form=form)
    try:
        token = tokens.create(g.employee, form.name.data)
    except DomainError as why:
        form.refuse(why)
        return _page(422, token_form=form)
    response = _page(new_token=token)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/tokens/<int:token_id>/revoke")
@login_required
def revoke_token(token_id: int) -> Response:
    token = ApiToken.get_or_none(ApiToken.id == token_id, ApiToken.employee == g.employee) or abort(404)
    tokens.revoke(g.employee, token)
    flash(_("ยกเลิกโทเคน “%(name)s” แล้ว", name=token.name), "success")
    return go(url_for(".index"))


# ---- language and theme: before signing in too ---------------------------------------------------------------------


@bp.post("/language")
def choose_language() -> Response:
    language = request.form.get("language", "")
    if language not in i18n.LANGUAGES:
        abort(400)
    browser_session["language"] = language
    if g.employee is not None:
        people.choose_language(g.employee, language)
    return _back()


@bp.post("/theme")
def choose_theme() -> Response:
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        abort(400)
    browser_session["theme"] = theme
    if g.employee is not None:
        people.choose_theme(g.employee, theme)
    return _back()


def _back() -> Response:
    """To the page the menu was opened on; the sign-in page is one of them here."""
    path = request.form.get("next", "")
    return go(path.rstrip("?") if is_own_path(path) else url_for("home.index"))
