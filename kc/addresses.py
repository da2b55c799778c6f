"""What is an address of ours: the one rule for what people typed or followed, and the one home of whole addresses."""

from urllib.parse import urlsplit

LONGEST = 200  # of an address that is kept

_base = ""


def configure(base_url: str) -> None:
    """Take over KC_BASE_URL, the address people reach the server by; empty when nobody set it."""
    global _base
    _base = base_url


def base() -> str:
    return _base


def absolute(path: str, otherwise: str = "") -> str:
    """`path` as it stands where our pages are not: e-mail, QR codes, calendars, papers, workbooks.

    It begins with KC_BASE_URL, and with `otherwise` while that is not set.
    """
    return (_base or otherwise) + path


def is_own_path(path: str | None) -> bool:
    """True for a path inside this site: `/knowledge/3?x=1`, not `//evil`, `/\\evil`, `/<tab>/evil` or `https:…`."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\") or any(ord(c) < 32 for c in path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def own_path(path: str | None) -> str:
    """The path when it is one of ours and short enough to keep, else ""."""
    return path if path and len(path) <= LONGEST and is_own_path(path) else ""
