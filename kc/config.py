"""Every setting of the Knowledge Center: its name, default and meaning, in one place.

Settings are read from `KC_*` environment variables (or given to `create_app`). Nonsense is refused loudly at start:
a server that runs with a setting nobody understood does more harm than one that does not start.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kc import clamd, smtp

ROOT = Path(__file__).resolve().parent.parent
MINIMUM_SECRET_LENGTH = 32


class SettingError(Exception):
    """A setting that cannot be used; the message names the setting and says what would be right."""


@dataclass(frozen=True)
class Setting:
    """One setting: `parse` turns its text into a value or raises ValueError with the reason."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any]


def _text(value: str) -> str:
    return value.strip()


def _flag(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return words[value.strip().lower()]
    except KeyError:
        raise ValueError("must be one of 1, 0, true, false, yes, no, on, off") from None


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.strip().isascii() or not value.strip().isdigit() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.strip() not in choices:
            raise ValueError("must be one of " + ", ".join(c or "(empty)" for c in choices))
        return value.strip()

    return parse


def _folder(value: str) -> Path:
    if not value.strip():
        raise ValueError("must name a folder")
    return (ROOT / value.strip()).resolve()


def _optional_month(value: str) -> int | None:
    return _whole(1, 12)(value) if value.strip() else None


def _month_list(value: str) -> tuple[int, ...]:
    texts = [text.strip() for text in value.split(",")]
    if not all(text.isascii() and text.isdigit() and 1 <= int(text) <= 24 for text in texts) or len(texts) > 6:
        raise ValueError("must be up to six whole numbers from 1 to 24, such as 1,3,6")
    return tuple(sorted({int(text) for text in texts}))


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value.strip())
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("must be a time zone such as Asia/Bangkok") from None
    return value.strip()


def _database_url(value: str) -> str:
    if not value.strip():
        return ""
    if urlparse(value.strip()).scheme not in ("sqlite", "postgresql"):
        raise ValueError("must look like sqlite:///path/to/file or postgresql://user:password@host/name")
    return value.strip()


def _scanner(value: str) -> str:
    if value.strip():
        clamd.address_of(value.strip())
    return value.strip()


def _mail_from(value: str) -> str:
    if value.strip():
        smtp.address_of(value)
    return value.strip()


def _base_url(value: str) -> str:
    url = value.strip().rstrip("/")
    parts = urlparse(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise ValueError("must look like https://km.bank.example")
    return url


def _optional_port(value: str) -> int | None:
    return _whole(1, 65535)(value) if value.strip() else None


def _optional_file(value: str) -> str:
    if value.strip() and not Path(value.strip()).is_file():
        raise ValueError("must name a file that is there")
    return value.strip()


def _secret(value: str) -> str:
    if value and len(value) < MINIMUM_SECRET_LENGTH:
        raise ValueError(f"must have at least {MINIMUM_SECRET_LENGTH} characters")
    return value


SETTINGS = (
    Setting("KC_DATA_DIR", "var", "Folder of the database, attachments and the generated secret", _folder),
    Setting("KC_SEARCH_DIR", "search_index", "Folder of the search index (derived; may be deleted)", _folder),
    Setting(
        "KC_DATABASE_URL", "", "`postgresql://…` or `sqlite:///…`; empty: SQLite in the data folder", _database_url
    ),
    Setting(
        "KC_SECRET_KEY",
        "",
        "Signs sign-ins and calendar addresses; empty: generated once into the data folder",
        _secret,
    ),
    Setting("KC_ORG_NAME", "คลังความรู้องค์กร", "Name of the organisation", _text),
    Setting("KC_ORG_SHORT_NAME", "", "Short name shown beside the logo; empty: the name", _text),
    Setting(
        "KC_ORG_PRESET",
        "bank",
        "`bank`, `government` or `hospital`: year and topics to begin with",
        _one_of("bank", "government", "hospital"),
    ),
    Setting(
        "KC_ORG_YEAR_START_MONTH", "", "First month of the fiscal year, 1-12; empty: the preset's", _optional_month
    ),
    Setting(
        "KC_ORG_YEAR_NAMED_BY",
        "",
        "Year is named by the Buddhist year in which it `start`s or `end`s; empty: the preset's",
        _one_of("", "start", "end"),
    ),
    Setting("KC_ORG_YEAR_LABEL", "", "Word before the year (ปีบัญชี, ปีงบประมาณ); empty: the preset's", _text),
    Setting("KC_ORG_CONTACT", "", "Whom staff ask for help, shown on the sign-in page", _text),
    Setting(
        "KC_PRINT_THAI_DIGITS", "0", "1: official forms are printed with Thai digits, unless asked otherwise", _flag
    ),
    Setting("KC_PRINT_SIGNATURES", "0", "1: the exchange form has lines to sign on, unless asked otherwise", _flag),
    Setting("KC_TIMEZONE", "Asia/Bangkok", "Time zone of the clock people see", _timezone),
    Setting("KC_LANGUAGE", "th", "Language before somebody chooses one: `th` or `en`", _one_of("th", "en")),
    Setting("KC_HTTPS", "0", "1 when people reach the server by https: secure cookies", _flag),
    Setting(
        "KC_TRUSTED_PROXIES", "0", "Number of reverse proxies whose X-Forwarded headers are believed", _whole(0, 5)
    ),
    Setting("KC_SIGNIN_HOURS", "10", "A sign-in ends after so many hours", _whole(1, 168)),
    Setting("KC_SIGNIN_REMEMBER_DAYS", "30", "… or days, when the person asked to stay signed in", _whole(1, 90)),
    Setting(
        "KC_ACTIVATION",
        "code",
        "First sign-in by one-time `code`, or once by the last four digits of the `national_id`",
        _one_of("code", "national_id"),
    ),
    Setting("KC_ACTIVATION_DAYS", "30", "A first sign-in code (or digits) expires after so many days", _whole(1, 365)),
    Setting("KC_RESET_CODE_HOURS", "24", "A password reset code expires after so many hours", _whole(1, 168)),
    Setting("KC_PASSWORD_MIN_LENGTH", "10", "Fewest characters of a password", _whole(8, 64)),
    Setting("KC_SIGNIN_TRIES", "8", "Wrong tries on one account before it is locked for a time", _whole(3, 100)),
    Setting("KC_SIGNIN_ADDRESS_TRIES", "60", "Wrong tries from one address before it must wait", _whole(5, 10000)),
    Setting("KC_SIGNIN_LOCK_MINUTES", "15", "How long a lock lasts, and tries are remembered", _whole(1, 1440)),
    Setting("KC_UPLOAD_MAX_MB", "50", "Largest attachment", _whole(1, 2048)),
    Setting("KC_UPLOAD_MAX_FILES", "20", "Most attachments of one article or session", _whole(1, 200)),
    Setting("KC_UPLOAD_TOTAL_MB", "500", "All attachments of one article or session together", _whole(1, 100_000)),
    Setting("KC_UPLOAD_KEEP_HOURS", "48", "A large file that stopped half-way can be sent on so long", _whole(1, 720)),
    Setting("KC_CLAMD", "", "Virus scanner: `host:port` or socket of clamd; empty: none", _scanner),
    Setting("KC_READ_FILES", "1", "The server reads attached files itself; 0: only `kc worker` does", _flag),
    Setting(
        "KC_BASE_URL",
        "",
        "Address people reach the server by, in e-mail, QR codes, calendars, papers",
        _base_url,
    ),
    Setting("KC_SMTP_HOST", "", "Mail server; empty: no e-mail is sent", _text),
    Setting("KC_SMTP_PORT", "", "Its port; empty: 587 for starttls, 465 for tls, 25 for none", _optional_port),
    Setting("KC_SMTP_SECURITY", "starttls", "`starttls`, `tls` or `none`", _one_of("starttls", "tls", "none")),
    Setting("KC_SMTP_USER", "", "Account there; empty: none is needed", _text),
    Setting("KC_SMTP_PASSWORD", "", "Its password", str),
    Setting("KC_SMTP_CA_FILE", "", "Certificate of who vouches for an internal mail server (PEM)", _optional_file),
    Setting("KC_MAIL_FROM", "", "From whom e-mail comes: `คลังความรู้ <km@bank.example>`", _mail_from),
    Setting("KC_SEND_MAIL", "1", "The server sends e-mail itself; 0: only `kc worker` does", _flag),
    Setting("KC_DIGEST_HOUR", "7", "Hour of the morning at which daily and weekly e-mail is gathered", _whole(0, 23)),
    Setting("KC_NOTICES_DAYS", "180", "Days after which read notices are removed", _whole(7, 3650)),
    Setting("KC_PAGE_IMAGES_MB", "500", "Most room for pictures of pages", _whole(10, 100_000)),
    Setting(
        "KC_SEARCH_LOG_NAMED_DAYS",
        "90",
        "Days after which the search log forgets who searched; 0: names are never stored",
        _whole(0, 3650),
    ),
    Setting(
        "KC_SEARCH_LOG_DAYS",
        "400",
        "Days after which searches are only counted by month, their words removed",
        _whole(1, 3650),
    ),
    Setting("KC_FOLLOW_UP_MONTHS", "1,3,6", "Months after which participants are asked what they use", _month_list),
    Setting("KC_GUEST_LINK_DAYS", "45", "Days a guest's link to their form works", _whole(1, 365)),
    Setting("KC_QUIET_WEEKS", "6", "A community that has not met for so many weeks is said to be quiet", _whole(1, 52)),
    Setting("KC_THREADS", "8", "Threads of `kc serve`", _whole(1, 64)),
    Setting("KC_LOG_FORMAT", "text", "`text` for people, `json` for collectors", _one_of("text", "json")),
    Setting("KC_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR", _one_of("DEBUG", "INFO", "WARNING", "ERROR")),
)


def read_settings(
    environ: Mapping[str, str] = os.environ, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return every setting by name, parsed. Unknown or unusable `KC_*` names raise SettingError with all reasons."""
    overrides = overrides or {}
    known = {s.name for s in SETTINGS}
    given = {k: v for k, v in environ.items() if k.startswith("KC_") and not k.startswith(("KC_TEST_", "KC_REQUIRE_"))}
    faults = [f"{name}: no such setting" for name in sorted((set(given) | set(overrides)) - known)]
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = str(overrides.get(setting.name, given.get(setting.name, setting.default)))
        try:
            values[setting.name] = setting.parse(raw)
        except ValueError as why:
            faults.append(f"{setting.name}: {why}")
    faults += [] if faults else _mail_faults(values)
    if faults:
        raise SettingError("Settings that cannot be used:\n  " + "\n  ".join(faults))
    values["KC_DATABASE_URL"] = values["KC_DATABASE_URL"] or f"sqlite:///{values['KC_DATA_DIR'] / 'kc.sqlite3'}"
    return values


def _mail_faults(values: Mapping[str, Any]) -> list[str]:
    """What is missing for sending e-mail, once a mail server is named."""
    if not values["KC_SMTP_HOST"]:
        return []
    faults = [f"{name}: is needed with KC_SMTP_HOST" for name in ("KC_MAIL_FROM", "KC_BASE_URL") if not values[name]]
    if bool(values["KC_SMTP_USER"]) != bool(values["KC_SMTP_PASSWORD"]):
        faults.append("KC_SMTP_USER and KC_SMTP_PASSWORD: one is of no use without the other")
    if values["KC_SMTP_PASSWORD"] and values["KC_SMTP_SECURITY"] == "none":
        faults.append("KC_SMTP_SECURITY: a password is not sent in the clear; use starttls or tls")
    return faults


def secret_key(settings: Mapping[str, Any]) -> str:
    """The signing secret: the setting, else the one kept in the data folder, made there on first use (mode 0600)."""
    if settings["KC_SECRET_KEY"]:
        return settings["KC_SECRET_KEY"]
    file = settings["KC_DATA_DIR"] / "secret_key"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    kept = file.read_text().strip()
    if len(kept) < MINIMUM_SECRET_LENGTH:
        raise SettingError(f"{file} holds no usable secret: delete it (everybody signs in again) or set KC_SECRET_KEY")
    return kept
