"""How templates show dates, numbers, text and names."""

import hashlib
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

from flask import Flask, g, url_for

from kc import clock, fiscal, i18n, labels, policy, thai


def thai_date(value: date | datetime | None, style: str = "long") -> str:
    """21 พฤศจิกายน 2569; "" for None. Moments are shown as the local day."""
    if value is None:
        return ""
    return thai.format_date(clock.to_local(value).date() if isinstance(value, datetime) else value, style)


def thai_datetime(value: datetime | None) -> str:
    return "" if value is None else thai.format_datetime(value)


def thai_time(value: datetime | time | None) -> str:
    """14:02 น. for a local time, or for a moment (shown in local time)."""
    return "" if value is None else thai.format_time(value)


def file_size(size: int) -> str:
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024)):,} KB"
    return f"{size / 1024 / 1024:,.1f} MB"


def number(value: int | float) -> str:
    return f"{value:,}"


@lru_cache(maxsize=512)
def _fingerprint(file: str, changed: float) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]


def init_app(app: Flask) -> None:
    @lru_cache(maxsize=512)
    def asset(path: str) -> str:
        """Address of a static file, with a fingerprint of its bytes so that browsers may keep it for ever."""
        file = Path(app.static_folder or "") / path
        return url_for("static", filename=path, v=_fingerprint(str(file), file.stat().st_mtime))

    app.jinja_env.filters.update(
        thai_date=thai_date,
        thai_datetime=thai_datetime,
        thai_time=thai_time,
        days_left=thai.days_left,
        file_size=file_size,
        number=number,
        initials=thai.initials,
        truncate_thai=thai.truncate,
        iso=lambda value: "" if value is None else value.isoformat(),
    )
    app.jinja_env.globals.update(
        _=i18n.gettext,
        gettext=i18n.gettext,
        ngettext=i18n.ngettext,
        asset=asset,
        labels=labels,
        can=policy,
        today=clock.today,
        fiscal_label=lambda year: fiscal.calendar().label_for(year),
    )
    app.context_processor(lambda: {"language": i18n.current_language(), "theme": g.get("theme", "")})
