"""Many parts of a page ask the database together.

A page gathers from many areas, and each asks in its own words. A part is a generator: it yields the list of queries it
wants now, is given their rows, may ask again, and returns its answer::

    def todos(employee: Employee) -> Asking[list[Todo]]:
        trials, questions = yield [Trial.select()…, Question.select()…]
        return [...]

Whatever parts that stand `beside` one another want at the same time is sent as one statement.
"""

import json
from collections.abc import Generator, Iterable
from typing import Any, TypeVar

import peewee as pw

from kc.db import db

T = TypeVar("T")
Queries = list[Any]  # peewee selects
Asking = Generator[Queries, list[list[Any]], T]


def answer(part: Asking[T]) -> T:
    """What `part` returns; one statement for each time it asks."""
    rows: Any = None
    while True:
        try:
            wanted = part.send(rows)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        rows = fetch(wanted)


def beside(*parts: Asking[Any]) -> Asking[list[Any]]:
    """One part made of several that ask at the same time; returns their answers in the same order."""
    answers: dict[int, Any] = {}
    wanted: dict[int, Queries] = {}

    def go_on(number: int, rows: Any) -> None:
        try:
            wanted[number] = parts[number].send(rows)
        except StopIteration as done:
            wanted.pop(number, None)
            answers[number] = done.value

    for number in range(len(parts)):
        go_on(number, None)
    while wanted:
        asked = list(wanted.items())
        found = iter((yield [query for _number, queries in asked for query in queries]))
        for number, queries in asked:
            go_on(number, [next(found) for _query in queries])
    return [answers[number] for number in range(len(parts))]


def rows_of(query: Any) -> Asking[list[Any]]:
    """The part that asks for the rows of `query` and nothing else."""
    (rows,) = yield [query]
    return rows


def fetch(queries: Queries) -> list[list[Any]]:
    """The rows of each of `queries`, as that query by itself would give them, by a single statement."""
    if len(queries) < 2:
        return [list(query) for query in queries]
    found: list[list[Any]] = [[] for _query in queries]
    for number, row in db.execute_sql(*_as_one(queries)):
        found[number].append(json.loads(row) if isinstance(row, str) else row)
    return [_as_asked(query, rows) for query, rows in zip(queries, found, strict=True)]


def _as_one(queries: Queries) -> tuple[str, list[Any]]:
    """SQL and its parameters, for (number of the query, its row as a JSON array) of them all.

    The rows of one query keep its order: both databases read a common table expression from beginning to end, and
    nothing outside it asks for another order. Put together as text: Peewee would take as long again to write it.
    """
    to_array = "json_array" if isinstance(db.obj, pw.SqliteDatabase) else "json_build_array"
    tables, selects, parameters = [], [], []
    for number, query in enumerate(queries):
        sql, values = query.sql()
        columns = ", ".join(f"c{place}" for place in range(len(query._returning)))
        tables.append(f"asked_{number} ({columns}) AS ({sql})")
        selects.append(f"SELECT {number}, {to_array}({columns}) FROM asked_{number}")
        parameters += values
    return f"WITH {', '.join(tables)} {' UNION ALL '.join(selects)}", parameters


def _as_asked(query: Any, rows: list[list[Any]]) -> list[Any]:
    """What Peewee makes of `rows` for `query`: model instances with what was joined, or tuples."""
    return list(query._get_cursor_wrapper(_Rows(query._returning, rows)))


class _Rows:
    """A database cursor over rows that are here already."""

    def __init__(self, columns: Iterable[Any], rows: list[list[Any]]) -> None:
        columns = list(columns)
        self.description = [(_name(column),) for column in columns]
        self._moments = [n for n, column in enumerate(columns) if isinstance(column.unwrap(), pw.DateTimeField)]
        self._rows = iter(rows)

    def fetchone(self) -> list[Any] | None:
        row = next(self._rows, None)
        for place in self._moments if row else ():
            if row is not None and row[place]:
                row[place] = row[place].replace("T", " ")  # JSON's way, of PostgreSQL; Peewee reads SQL's
        return row

    def close(self) -> None:
        pass


def _name(column: Any) -> str:
    """What the query itself calls a column; fields are known by their place."""
    return (column._alias or "") if isinstance(column, (pw.Alias, pw.Select)) else ""
