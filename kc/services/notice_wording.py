"""What a notice says: the sentence of its kind with its facts, in the language of whoever reads it."""

import logging
import re
from datetime import date, datetime
from typing import Any

from kc import thai
from kc.i18n import gettext as _
from kc.models import Notice
from kc.services.notice_kinds import HEADINGS, KINDS

log = logging.getLogger(__name__)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?")
_CLOCK = re.compile(r"\d\d:\d\d:\d\d")
LONGEST_FACT = 160


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:  # an older notice, told before the sentence named this
        return "…"


def sentence(notice: Notice) -> str:
    """One line, never raising: a notice outlives the program that told it."""
    kind = KINDS.get(notice.kind)
    try:
        if kind is not None:
            wanted = kind.many if notice.times > 1 and kind.many is not None else kind.sentence
            return str(wanted) % _facts(notice)
    except (TypeError, ValueError, KeyError):
        log.exception("notices: %s cannot be said", notice.kind)
    return news_of(notice.heading)


def news_of(name: str) -> str:
    """That there is something new under a heading, and no word of what it is."""
    return _("มีเรื่องใหม่ใน%(heading)s", heading=heading(name))


def heading(name: str) -> str:
    return str(HEADINGS.get(name, _("เรื่องอื่น ๆ")))


def _facts(notice: Notice) -> _Facts:
    facts = _Facts(times=notice.times)
    for name, value in notice.said.items():
        facts[name] = _shown(value)
    return facts


def _shown(value: Any) -> Any:
    """Days and moments as people write them; long texts shortened."""
    if not isinstance(value, str):
        return value
    try:
        if _DAY.fullmatch(value):
            return thai.format_date(date.fromisoformat(value), "medium")
        if _MOMENT.fullmatch(value):
            return thai.format_datetime(datetime.fromisoformat(value), "medium")
    except ValueError:
        return value
    return value[:5] if _CLOCK.fullmatch(value) else thai.truncate(" ".join(value.split()), LONGEST_FACT)
