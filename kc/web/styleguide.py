"""Every component on one page, to look at while building and to check for accessibility. Texts: styleguide.json."""

import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import wtforms
from flask import Blueprint, Response, abort, g, make_response, render_template
from flask_login import login_required
from wtforms import validators, widgets
from wtforms.fields.choices import SelectChoice

from kc import policy

bp = Blueprint("styleguide", __name__)


@cache
def samples() -> dict[str, Any]:
    return json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


class SelectMultipleCheckField(wtforms.SelectMultipleField):
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def listed(texts: list[str]) -> list[SelectChoice]:
    return [SelectChoice(text) for text in texts]


def sample_form() -> wtforms.Form:
    """A form with a field of each kind; the title is refused, to show how that looks."""
    words = samples()["fields"]
    kinds = [SelectChoice(str(n), text) for n, text in enumerate(words["kinds"])]

    class SampleForm(wtforms.Form):
        title = wtforms.StringField(
            words["title"], [validators.InputRequired(words["error"])], description=words["title_hint"]
        )
        topic = wtforms.SelectField(words["topic"], [validators.InputRequired()], choices=listed(words["topics"]))
        day = wtforms.StringField(words["day"], description=words["day_hint"])
        password = wtforms.PasswordField(words["password"])
        text = wtforms.TextAreaField(words["text"])
        kind = wtforms.RadioField(words["kind"], choices=kinds, default="0")
        methods = SelectMultipleCheckField(words["methods"], choices=listed(words["method_list"]))
        agree = wtforms.BooleanField(words["agree"], description=words["agree_hint"])
        files = wtforms.MultipleFileField(words["files"], description=words["files_hint"])

    form = SampleForm(topic=words["topics"][0], kind="0", text=samples()["body"])
    form.title.errors = [words["error"]]
    return form


def sample_people() -> list[SimpleNamespace]:
    rows = samples()["people"]
    return [SimpleNamespace(id=n, first_name=f, name=f"{f} {last}", detail=detail) for n, f, last, detail in rows]


@bp.get("/styleguide")
@login_required
def show() -> Response:
    if not policy.is_administrator(g.employee):
        abort(403)
    page = SimpleNamespace(number=4, pages=9, total=87)
    return make_response(
        render_template("styleguide.html", s=samples(), form=sample_form(), people=sample_people(), page=page)
    )
