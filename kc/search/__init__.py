"""Temporary frame until the engine's own package interface stands here; same names, no index."""

from pathlib import Path
from typing import Any

from kc.db import db
from kc.models import SearchOutbox


def init(directory: Path, *, background: bool) -> None: ...


def queue(kind: str, object_id: int) -> None:
    SearchOutbox.create(kind=kind, object_id=object_id)


def status() -> dict[str, Any]:
    return {"ok": True, "reason": ""}


__all__ = ["db", "init", "queue", "status"]


from dataclasses import dataclass, field as _field  # noqa: E402


@dataclass(frozen=True)
class Filters:
    topic: int | None = None
    year: int | None = None
    units: frozenset[int] | None = None
    article_kind: str | None = None


@dataclass
class Results:
    hits: list = _field(default_factory=list)
    total: int = 0
    facets: dict = _field(default_factory=dict)
    corrected: str | None = None
    took_ms: float = 0.0
    preparing: bool = False


def search(text, *, viewer, filters=None, sort="relevance", page=1, per_page=10):
    return Results()


def rebuild_if_needed() -> bool:
    return False
