"""What is an address within this site: the one rule for all that is sent on to, or linked from what people typed."""

from urllib.parse import urlsplit

LONGEST = 200  # of an address that is kept


def is_own_path(path: str | None) -> bool:
    """True for a path inside this site: `/knowledge/3?x=1`, not `//evil`, `/\\evil`, `/<tab>/evil` or `https:…`."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\") or any(ord(c) < 32 for c in path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def own_path(path: str | None) -> str:
    """The path when it is one of ours and short enough to keep, else ""."""
    return path if path and len(path) <= LONGEST and is_own_path(path) else ""
