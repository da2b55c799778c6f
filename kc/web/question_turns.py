"""What can be made of a question: where each begins, filled in. The one place that knows those addresses."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import abort

from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.i18n import lazy as _l
from kc.models import Question


class Turn(NamedTuple):
    key: str
    label: Any
    icon: str
    needs_community: bool


TURNS = (
    Turn("topic", _l("คุยในกิจกรรมครั้งหน้า"), "calendar-plus", True),
    Turn("trial", _l("ลองทำดู"), "lightbulb", True),
    Turn("knowledge", _l("เขียนเป็นองค์ความรู้"), "journal-plus", False),
)


def turned_url(question: Question, what: str, community: int) -> str:
    """The page where `what` begins, with the question in it. 404: no such thing; DomainError: it needs a community."""
    turn = next((turn for turn in TURNS if turn.key == what), None) or abort(404)
    if turn.needs_community and not community:
        raise DomainError(_("โปรดเลือกชุมชนที่จะนำเรื่องนี้ไปคุยหรือลองทำ"))
    address, facts = {
        "topic": (f"/communities/{community}/proposals/", {"text": question.title, "source": question.url}),
        "trial": (f"/communities/{community}/trials/new", {"what": question.title, "source": question.url}),
        "knowledge": (
            "/knowledge/new",
            {"title": question.title, "community": str(community or ""), "source": question.url},
        ),
    }[turn.key]
    return f"{address}?{urlencode({name: value for name, value in facts.items() if value})}"
