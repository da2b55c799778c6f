"""The Knowledge Center: communities of practice, and Thai search over what they learned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__version__ = "0.1.0"


def create_app(overrides: Mapping[str, Any] | None = None, *, background: bool = False) -> "Flask":  # noqa: F821
    """Make the application: read settings, connect the database and the index, register the web.

    `overrides`: settings (`KC_…`) that win over the environment; tests give their own folders here.
    `background`: index in a thread of its own (the server) instead of right after each commit (commands, tests).
    Raises SettingError when a setting makes no sense.
    """
    from flask import Flask

    from kc import addresses, clock, config, db, fiscal, logs, policy, search, web
    from kc.services import (
        article_documents,
        attachments,
        calendar_feeds,
        chores,
        follow_up,
        guest_links,
        health,
        mail,
        notice_mail,
        notices,
        page_images,
        post_thread,
        reading_thread,
        search_log,
        uploads,
        virus_scan,
    )

    settings = config.read_settings(overrides=overrides)
    root = Path(config.ROOT)
    app = Flask(__name__, template_folder=str(root / "templates"), static_folder=str(root / "static"))
    app.config.update(settings, SECRET_KEY=config.secret_key(settings))
    logs.configure(settings["KC_LOG_FORMAT"], settings["KC_LOG_LEVEL"])
    clock.configure(settings["KC_TIMEZONE"])
    addresses.configure(settings["KC_BASE_URL"])
    fiscal.configure(
        settings["KC_ORG_PRESET"],
        start_month=settings["KC_ORG_YEAR_START_MONTH"],
        named_by=settings["KC_ORG_YEAR_NAMED_BY"] or None,
        label=settings["KC_ORG_YEAR_LABEL"] or None,
    )
    for working in (post_thread, reading_thread, search):  # for an application before this one, with another database
        working.stop()
    db.connect(settings["KC_DATABASE_URL"], keep_open=background)
    attachments.configure(
        settings["KC_DATA_DIR"],
        settings["KC_UPLOAD_MAX_MB"],
        settings["KC_UPLOAD_MAX_FILES"],
        settings["KC_UPLOAD_TOTAL_MB"],
    )
    page_images.configure(settings["KC_PAGE_IMAGES_MB"])
    uploads.configure(settings["KC_UPLOAD_KEEP_HOURS"])
    virus_scan.configure(settings["KC_CLAMD"])
    article_documents.configure(settings["KC_PRINT_THAI_DIGITS"], settings["KC_PRINT_SIGNATURES"])
    follow_up.configure(settings["KC_FOLLOW_UP_MONTHS"])
    guest_links.configure(app.config["SECRET_KEY"], settings["KC_GUEST_LINK_DAYS"])
    calendar_feeds.configure(app.config["SECRET_KEY"])
    notices.configure(settings["KC_NOTICES_DAYS"])
    mail.configure(settings)
    notice_mail.configure(settings)
    search.init(settings["KC_SEARCH_DIR"], background=background)
    health.configure(settings["KC_QUIET_WEEKS"])
    search_log.configure(settings["KC_SEARCH_LOG_NAMED_DAYS"], settings["KC_SEARCH_LOG_DAYS"])
    search.sees(policy.sight)
    search.when_indexed(chores.now_and_then)
    web.init_app(app)
    if background and settings["KC_READ_FILES"]:
        reading_thread.start()
    if background:
        post_thread.start(sends=settings["KC_SEND_MAIL"])
    return app
