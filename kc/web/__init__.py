"""All HTTP: what every request goes through, and one blueprint for each area."""

from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from kc.web import (
    account,
    admin,
    api,
    attachments,
    auth,
    calendars,
    communities,
    community_health,
    community_links,
    community_people,
    csrf,
    downloads,
    errors,
    evaluation_overview,
    evaluations,
    exports,
    filters,
    follow_ups,
    guests,
    health,
    home,
    knowledge,
    navigation,
    notes,
    notices,
    papers,
    people,
    pictures,
    plans,
    proposals,
    questions,
    renewals,
    requests,
    results,
    round_units,
    rounds,
    saved_searches,
    search,
    search_insights,
    search_links,
    search_requests,
    session_day,
    session_steps,
    sessions,
    signin,
    styleguide,
    suggestions,
    summaries,
    topics,
    trials,
    uploads,
    uses,
    viewer,
)

AREAS = (
    home,
    auth,
    account,
    search,
    suggestions,
    saved_searches,
    search_requests,
    search_insights,
    communities,
    community_health,
    renewals,
    rounds,
    round_units,
    community_people,
    community_links,
    plans,
    proposals,
    sessions,
    session_steps,
    calendars,
    session_day,
    summaries,
    notes,
    evaluations,
    evaluation_overview,
    follow_ups,
    results,
    guests,
    trials,
    questions,
    knowledge,
    uses,
    attachments,
    uploads,
    viewer,
    people,
    notices,
    topics,
    papers,
    exports,
    admin,
    api,
    health,
    styleguide,
)

FORM_LIMIT = 4 * 1024 * 1024  # letters of one form: a long Thai article has 3 bytes a letter
STATIC_AGE = timedelta(days=365)  # addresses of static files carry a fingerprint


class Number(IntegerConverter):
    """A number of a row in an address: what no database can hold is no address of ours (404)."""

    def __init__(self, map: Any, **how: Any) -> None:
        super().__init__(map, max=2**31 - 1, **how)


def init_app(app: Flask) -> None:
    upload_limit = app.config["KC_UPLOAD_MAX_MB"] * 1024 * 1024
    app.config.update(
        MAX_CONTENT_LENGTH=upload_limit + FORM_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        MAX_FORM_PARTS=2000,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE,
        SESSION_COOKIE_NAME="kc",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=app.config["KC_HTTPS"],
        PERMANENT_SESSION_LIFETIME=timedelta(days=app.config["KC_SIGNIN_REMEMBER_DAYS"]),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if app.config["KC_TRUSTED_PROXIES"]:
        hops = app.config["KC_TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    parts = (requests, attachments, filters, pictures, csrf, signin, navigation, search_links, downloads, errors)
    app.url_map.converters["int"] = Number
    for part in parts:  # in this order for every request
        part.init_app(app)
    for area in AREAS:
        app.register_blueprint(area.bp)
