"""The hub: what there is to look after, with its numbers."""

from flask import Response, g
from flask_login import login_required

from kc import policy
from kc.models import Employee, OrgUnit
from kc.services import codes
from kc.web.access import require_hub
from kc.web.admin.blueprint import bp
from kc.web.htmx import render


@bp.get("/")
@login_required
def index() -> Response:
    require_hub()
    mine = policy.administered_employees(g.employee)
    here = Employee.select().where(mine, Employee.is_active)
    return render(
        "admin/index.html",
        people=here.count(),
        waiting=here.where(codes.waiting_for_activation()).count(),
        locked=here.where(Employee.locked_reason != "").count(),
        units=OrgUnit.select().where(OrgUnit.is_active).count(),
        is_administrator=policy.is_administrator(g.employee),
        looks_after_people=policy.can_open_administration(g.employee),
        looks_after_words=policy.can_manage_language(g.employee),
    )
