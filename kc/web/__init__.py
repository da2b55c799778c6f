"""All HTTP: what every request goes through, and one blueprint for each area."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from kc.web import (
    account,
    admin,
    api,
    attachments,
    auth,
    communities,
    csrf,
    downloads,
    errors,
    exports,
    filters,
    health,
    home,
    knowledge,
    navigation,
    notes,
    papers,
    people,
    pictures,
    questions,
    requests,
    saved_searches,
    search,
    search_insights,
    search_links,
    search_requests,
    sessions,
    signin,
    styleguide,
    suggestions,
    topics,
    uploads,
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
    sessions,
    notes,
    questions,
    knowledge,
    attachments,
    uploads,
    viewer,
    people,
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
    for part in parts:  # in this order for every request
        part.init_app(app)
    for area in AREAS:
        app.register_blueprint(area.bp)
