"""Long work in small pieces: each in a short transaction of its own, so that those who write meanwhile wait for none.

A daily round takes an `Each` and gives it what there is to do; `by_hand` is the one for who calls a round directly.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

import peewee as pw

from kc.db import db

T = TypeVar("T")

_AT_ONCE = 500  # rows removed in one piece


class Each(Protocol):
    """Do `work` for each of `things`. What was read before its piece began may have changed meanwhile: a piece that
    writes more than a notice reads its rows again."""

    def __call__(self, things: Iterable[T], work: Callable[[T], object]) -> None: ...


def by_hand(things: Iterable[T], work: Callable[[T], object]) -> None:
    """Each in a transaction of its own; the first that fails ends it."""
    for thing in list(things):
        with db.atomic():
            work(thing)


def remove(each: Each, model: type[pw.Model], condition: pw.Expression) -> int:
    """Delete the rows of `condition`, found without keeping anybody from writing; how many."""
    ids = [number for (number,) in model.select(model.id).where(condition).tuples()]
    gone = 0

    def take_away(some: list[Any]) -> None:
        nonlocal gone
        gone += int(model.delete().where(model.id.in_(some) & condition).execute())

    each(list(pw.chunked(ids, _AT_ONCE)), take_away)
    return gone
