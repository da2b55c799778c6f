"""Who is signed in: Flask-Login's loader, expiry, and `current_employee` for templates."""

from flask import Flask, g, request
from flask import session as browser_session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from kc import clock
from kc.models import ApiToken, Employee, OrgUnit
from kc.services import notices, saved_searches
from kc.web import resume


class SignedIn(UserMixin):
    """What Flask-Login keeps: the employee, and the epoch that ends all sign-ins when it is raised."""

    def __init__(self, employee: Employee) -> None:
        self.employee = employee

    def get_id(self) -> str:
        return f"{self.employee.id}.{self.employee.sign_in_epoch}"


def may_be_signed_in(employee: Employee) -> bool:
    return employee.is_active and not employee.locked_reason and employee.is_activated


def load(kept_id: str) -> SignedIn | None:
    """The person of a browser session, or None when it has expired, was ended everywhere, or they have left."""
    number, _, epoch = kept_id.partition(".")
    if not number.isdigit() or browser_session.get("until", 0) < clock.now().timestamp():
        return None
    new = saved_searches.unseen_of(Employee).alias("unseen_finds")  # every header says it
    unread = notices.unread_of(Employee).alias("unread_notices")
    employee = Employee.select(Employee, OrgUnit, new, unread).join(OrgUnit).where(Employee.id == int(number)).first()
    if employee is None or str(employee.sign_in_epoch) != epoch or not may_be_signed_in(employee):
        return None
    return SignedIn(employee)


def start(employee: Employee, hours: float, remember: bool) -> None:
    """Begin a browser session for `employee`, ending after `hours`; kept beyond the browser only if `remember`."""
    _clear()  # no session fixation
    browser_session.permanent = remember
    browser_session["until"] = clock.now().timestamp() + hours * 3600
    login_user(SignedIn(employee))
    g.employee = employee


def stop() -> None:
    logout_user()
    _clear()
    g.employee = None


def _clear() -> None:
    """Forget everything of the browser session but the language and theme chosen at the door."""
    kept = {name: browser_session[name] for name in ("language", "theme") if name in browser_session}
    browser_session.clear()
    browser_session.update(kept)


def _remember_employee() -> None:
    g.employee = None
    if request.endpoint != "static" and current_user.is_authenticated:
        g.employee = current_user.employee


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.user_loader(load)
    manager.request_loader(_by_token)
    manager.unauthorized_handler(resume.signed_out)
    manager.session_protection = None  # addresses change on phones; expiry and the epoch protect
    app.before_request(_remember_employee)
    app.context_processor(lambda: {"current_employee": g.get("employee")})


def _by_token(req: "Request") -> SignedIn | None:  # noqa: F821
    """Bearer tokens, for /api/ only."""
    from kc.services import tokens

    header = req.headers.get("Authorization", "")
    if not header.startswith("Bearer ") or not req.path.startswith("/api/"):
        return None
    employee = tokens.employee_of(header.removeprefix("Bearer ").strip())
    return SignedIn(employee) if employee and may_be_signed_in(employee) else None


__all__ = ["ApiToken", "init_app", "load", "start", "stop"]
