"""Words on the screen: the Thai sentence is the message itself; English comes from a gettext catalogue."""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("th", "en")
DOMAIN = "messages"
TRANSLATIONS = Path(__file__).parent / "translations"

_language: ContextVar[str] = ContextVar("language", default="th")


def current_language() -> str:
    """The language of whoever is being answered: "th" or "en"."""
    return _language.get()


def set_language(language: str) -> None:
    """Choose the language for the rest of this context (a request); ValueError when it is not one of ours."""
    if language not in LANGUAGES:
        raise ValueError(f"not a language of this system: {language!r}")
    _language.set(language)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Speak `language` inside the block (a mail to somebody else, a printed form, a test)."""
    before = _language.get()
    set_language(language)
    try:
        yield
    finally:
        _language.set(before)


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    # A missing catalogue is no fault: Thai needs none, and a fresh checkout may not have compiled English yet.
    return catalogues.translation(DOMAIN, str(TRANSLATIONS), [language], fallback=True)


def forget_catalogues() -> None:
    """Read the catalogues again at the next use (after compiling them)."""
    _catalogue.cache_clear()


def _fill(text: str, values: dict[str, Any]) -> str:
    # Without values the text is left alone, so that a plain "100%" needs no doubling.
    return text % values if values else text


def gettext(msgid: str, **values: Any) -> str:
    """The sentence in the current language with its %(name)s filled in."""
    language = current_language()
    text = msgid if language == "th" else _catalogue(language).gettext(msgid)
    return _fill(text, values)


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """As gettext, chosen by `n`, which is also available as %(n)d. (Thai has one form: give it twice.)"""
    language = current_language()
    catalogue = catalogues.NullTranslations() if language == "th" else _catalogue(language)
    text = catalogue.ngettext(singular, plural, n)
    return _fill(text, {"n": n, **values})


def noop(msgid: str) -> str:
    """Mark a text for the catalogue without translating it here (the reader calls gettext on it)."""
    return msgid


class LazyString:
    """A sentence that is translated when it is read, so that module-level labels follow the reader's language."""

    __slots__ = ("_msgid", "_values")

    def __init__(self, msgid: str, values: dict[str, Any] | None = None) -> None:
        self._msgid = msgid
        self._values = values or {}

    def __str__(self) -> str:
        return gettext(self._msgid, **self._values)

    def __repr__(self) -> str:
        return f"lazy({self._msgid!r})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # never pretend to be safe HTML or anything else special
            raise AttributeError(name)
        return getattr(str(self), name)

    def __mod__(self, values: Any) -> str:
        return str(self) % values

    def __add__(self, other: Any) -> str:
        return str(self) + str(other)

    def __radd__(self, other: Any) -> str:
        return other + str(self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, str | LazyString) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: object) -> bool:
        return str(part) in str(self)

    def __iter__(self) -> Iterator[str]:
        return iter(str(self))

    def __getitem__(self, key: Any) -> str:
        return str(self)[key]


def lazy(msgid: str, **values: Any) -> LazyString:
    """gettext for module level: form labels, choices, menus."""
    return LazyString(msgid, values)


def json_default(value: Any) -> str:
    """For json.dumps(default=…): a lazy text becomes the text."""
    if isinstance(value, LazyString):
        return str(value)
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")
