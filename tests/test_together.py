"""Parts of a page ask together: one statement, and each gets what it would get by itself."""

import peewee as pw
import pytest

from kc import together
from kc.models import Community, Employee, FiscalYear, Membership, OrgUnit
from tests import factories
from tests.conftest import count_queries


def _queries():
    here = Membership.select(Membership.community).where(Membership.left_at.is_null())
    return [
        Employee.select(Employee, OrgUnit).join(OrgUnit).order_by(Employee.name.desc()).limit(3),
        Community.select(Community, FiscalYear, pw.Case(None, [(Community.id.in_(here), 1)], 0).alias("joined"))
        .join(FiscalYear)
        .order_by(Community.name),
        Community.select(Community.unit, pw.fn.COUNT(Community.id), pw.fn.MIN(Community.created_at))
        .group_by(Community.unit)
        .tuples(),
        Employee.select().where(Employee.id < 0),
    ]


def _told(rows):
    return [row.__data__ | {"x": getattr(row, "joined", None)} if isinstance(row, pw.Model) else row for row in rows]


def test_each_query_gets_what_it_would_get_by_itself(app):
    for name in ("ก้อย", '"แก้ว" \' [1]', "ข้าว"):
        factories.make_community(name, factories.make_employee(name))
    with count_queries() as sent:
        found = together.fetch(_queries())
    assert len(sent) == 1
    assert [_told(rows) for rows in found] == [_told(query) for query in _queries()]
    assert found[0][0].unit.name == list(_queries()[0])[0].unit.name
    assert found[1][0].fiscal_year.starts_on == FiscalYear.get().starts_on


def _part(*depths):
    """Asks for one of `depths` after the other; returns what it was given."""
    told = []
    for depth in depths:
        (rows,) = yield [Employee.select(pw.Value(depth)).limit(1).tuples()]
        told.append(rows[0][0])
    return told


def test_parts_beside_one_another_ask_at_the_same_time(app):
    factories.make_employee()
    parts = _part(1), _part(), _part(2, 3), together.beside(_part(4), _part(5, 6))
    with count_queries() as sent:
        told = together.answer(together.beside(*parts))
    assert told == [[1], [], [2, 3], [[4], [5, 6]]]
    assert len(sent) == 2


def test_nothing_asked_sends_nothing(app):
    with count_queries() as sent:
        assert together.answer(together.beside()) == []
        assert together.answer(_part()) == []
    assert sent == []


def test_a_part_that_fails_says_so(app):
    def fails():
        yield [Employee.select()]
        raise OSError("gone")

    factories.make_employee()
    with pytest.raises(OSError, match="gone"):
        together.answer(together.beside(_part(1), fails()))
