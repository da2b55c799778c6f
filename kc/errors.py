"""The one exception with which a service refuses: a sentence for the person, in their language."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Refusal with a sentence that may be shown as it is; `field` names the form field it stands beside."""

    def __init__(self, message: object, field: str | None = None) -> None:
        super().__init__(message)
        self._message = message
        self.field = field

    @property
    def message(self) -> str:
        """The sentence, in the language of whoever reads it now (a lazy text is resolved here)."""
        return str(self._message)

    def __str__(self) -> str:
        return self.message


class Conflict(DomainError):
    """Somebody saved first: `theirs` is what stands in the database now, so that both versions can be shown."""

    def __init__(self, message: object, theirs: Any, field: str | None = None) -> None:
        super().__init__(message, field)
        self.theirs = theirs
