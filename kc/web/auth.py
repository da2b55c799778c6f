"""The door: signing in and out, activating an account, a new password by one-time code."""

from dataclasses import asdict

from flask import Blueprint, Response, current_app, flash, g, redirect, request, url_for
from flask import session as browser_session

from kc import clock
from kc.addresses import is_own_path
from kc.errors import DomainError
from kc.forms.auth import ActivateForm, NewPasswordForm, SignInForm
from kc.i18n import gettext as _
from kc.models import Employee
from kc.services import codes, signin, throttle
from kc.services.account_rules import AccountRules
from kc.web import resume
from kc.web import signin as browser
from kc.web.htmx import go, render

bp = Blueprint("auth", __name__)

MANY_WRONG = 3


def rules() -> AccountRules:
    return AccountRules.of(current_app.config)


def address() -> str:
    return request.remote_addr or "-"


def refused_status(error: DomainError) -> int:
    """429 for who must wait, 422 for everything else that can be corrected."""
    return 429 if isinstance(error, throttle.TooManyTries) else 422


def with_retry_after(response: Response, error: DomainError) -> Response:
    if isinstance(error, throttle.TooManyTries):
        response.headers["Retry-After"] = str(error.seconds)
    return response


# ---- in and out ----------------------------------------------------------------------------------------------------


@bp.get("/login")
def login() -> Response:
    """The public page: what this is, and the door."""
    next_path = request.args.get("next", "")
    if g.employee is not None:
        return redirect(resume.safe_next(next_path), 303)  # type: ignore[return-value]
    if request.args.get("stale"):
        flash(_("หน้านี้เปิดค้างไว้นานเกินไป โปรดเข้าสู่ระบบอีกครั้ง"), "info")
    return _door(SignInForm(), next_path)


def _door(form: SignInForm, next_path: str, status: int = 200) -> Response:
    kept = next_path if is_own_path(next_path) else ""
    return render("auth/login.html", status=status, form=form, carry=resume.carried(), next_path=kept)


@bp.post("/login")
def sign_in() -> Response:
    form = SignInForm(request.form)
    next_path = request.form.get("next", "")
    if not form.validate():
        return _door(form, next_path, 422)
    try:
        employee = signin.sign_in(form.employee_id.data, form.password.data, address(), rules())
    except DomainError as why:
        form.refuse(why)
        return with_retry_after(_door(form, next_path, refused_status(why)), why)
    carry = resume.carried()
    begin(employee, remember=form.remember.data)
    if carry:
        return resume.show_carried(carry)
    _warn_of_wrong_tries(employee)
    return go(resume.safe_next(next_path))


def begin(employee: Employee, remember: bool = False) -> None:
    """Begin a browser session; a remembered one lasts days instead of hours."""
    settings = current_app.config
    hours = settings["KC_SIGNIN_REMEMBER_DAYS"] * 24 if remember else settings["KC_SIGNIN_HOURS"]
    browser.start(employee, hours, remember)


def _warn_of_wrong_tries(employee: Employee) -> None:
    wrong = signin.wrong_since_last_visit(employee)
    if wrong >= MANY_WRONG:
        flash(
            _(
                "มีการพิมพ์รหัสผ่านของคุณผิด %(n)d ครั้งตั้งแต่เข้าใช้ครั้งก่อน หากไม่ใช่คุณ โปรดเปลี่ยนรหัสผ่านที่หน้าบัญชีของฉัน",
                n=wrong,
            ),
            "warning",
        )


@bp.post("/logout")
def logout() -> Response:
    browser.stop()
    flash(_("ออกจากระบบแล้ว"), "success")
    return go(url_for("auth.login"))


# ---- one-time codes ------------------------------------------------------------------------------------------------


@bp.get("/activate")
def activate() -> Response:
    """First sign-in or forgotten password: the ID and the code that was handed out."""
    return _ask_code(ActivateForm(employee_id=request.args.get("id", "")[:64]))


def _ask_code(form: ActivateForm, status: int = 200) -> Response:
    forgot = bool(request.values.get("forgot"))
    by_digits = current_app.config["KC_ACTIVATION"] == "national_id"
    return render("auth/activate.html", status=status, form=form, forgot=forgot, by_digits=by_digits)


@bp.post("/activate")
def check_code() -> Response:
    form = ActivateForm(request.form)
    if not form.validate():
        return _ask_code(form, 422)
    try:
        ticket = codes.check(form.employee_id.data, form.code.data, address(), rules())
    except DomainError as why:
        form.refuse(why)
        return with_retry_after(_ask_code(form, refused_status(why)), why)
    browser_session["ticket"] = asdict(ticket)
    return go(url_for("auth.choose_password"))


def _ticket() -> codes.Ticket:
    kept = browser_session.get("ticket")
    return codes.Ticket(**kept) if kept else codes.Ticket(0, None, 0, clock.now().timestamp())


@bp.get("/activate/password")
def choose_password() -> Response:
    try:
        employee = codes.holder(_ticket())
    except DomainError as why:
        flash(why.message, "warning")
        return go(url_for("auth.activate"))
    return _ask_password(NewPasswordForm(), employee)


def _ask_password(form: NewPasswordForm, employee: Employee, status: int = 200) -> Response:
    minimum = current_app.config["KC_PASSWORD_MIN_LENGTH"]
    return render("auth/password.html", status=status, form=form, employee=employee, minimum=minimum)


@bp.post("/activate/password")
def set_password() -> Response:
    form = NewPasswordForm(request.form)
    ticket = _ticket()
    try:
        employee = codes.holder(ticket)
    except DomainError as why:
        flash(why.message, "warning")
        return go(url_for("auth.activate"))
    if not form.validate():
        return _ask_password(form, employee, 422)
    try:
        employee = codes.use(ticket, form.password.data, rules())
    except DomainError as why:
        form.refuse(why)
        return _ask_password(form, employee, 422)
    begin(employee)
    flash(_("ตั้งรหัสผ่านเรียบร้อย ยินดีต้อนรับสู่คลังความรู้ คุณ%(name)s", name=employee.first_name), "success")
    return go(url_for("home.index"))
