"""A reader tells that they used a piece of knowledge (นำไปใช้แล้ว), where and what came of it."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import login_required

from kc.forms.follow_up import ReaderUseForm
from kc.i18n import gettext as _
from kc.models import KnowledgeArticle
from kc.models.evaluation import OUTCOMES
from kc.services import uses
from kc.web.access import get_article
from kc.web.htmx import go, render

bp = Blueprint("uses", __name__, url_prefix="/knowledge/<int:article_id>/used")


@bp.get("")
@login_required
def tell(article_id: int) -> Response:
    article = get_article(article_id)
    told = uses.told_by(g.employee, article)
    form = ReaderUseForm(obj=told) if told else ReaderUseForm(place=g.employee.unit.name)
    form.outcomes.data = told.outcome_list if told else []
    return _show(article, form, told=told is not None)


def _show(article: KnowledgeArticle, form: ReaderUseForm, status: int = 200, told: bool = False) -> Response:
    return render("knowledge/used.html", status=status, article=article, form=form, told=told)


@bp.post("")
@login_required
def save(article_id: int) -> Response:
    article, form = get_article(article_id), ReaderUseForm(request.form)
    if not form.validate():
        return _show(article, form, 422)
    uses.tell(
        g.employee,
        article,
        place=form.place.data,
        outcomes=",".join(name for name in OUTCOMES if name in (form.outcomes.data or [])),
        outcome_text=form.outcome_text.data,
        show_name=bool(form.show_name.data),
    )
    flash(_("ขอบคุณ คำตอบของคุณช่วยให้คนอื่นรู้ว่าอะไรใช้ได้จริง"), "success")
    return _back(article_id)


@bp.post("/delete")
@login_required
def delete(article_id: int) -> Response:
    uses.take_back(g.employee, get_article(article_id))
    flash(_("นำออกแล้ว"), "success")
    return _back(article_id)


def _back(article_id: int) -> Response:
    return go(url_for("knowledge.show", article_id=article_id) + "#uses")
