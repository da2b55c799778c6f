"""The demo's searches: their data is sound, and the KM team's page is alive with them."""

from kc.demo import readers, searching, source

KNOWN = {row.id for row in source.articles() if row.published_on}


def test_what_is_opened_or_answers_is_a_published_article():
    for row in source.searches():
        assert not row.opens or row.opens in KNOWN, row
        assert row.opens or not row.then, row
    assert all(not row.answer or row.answer in KNOWN for row in source.asked())


def test_everyone_who_searches_or_asks_is_on_the_staff_then():
    people = {person.employee_id: person for person in source.people()}
    looks = list(searching.looks(7))
    assert len(looks) == sum(row.times for row in source.searches()) > 250
    assert all(readers.here_on(people[look.employee_id], look.at.date()) for look in looks)
    assert all(look.at.date() <= readers.LAST_DAY and look.at.weekday() < 5 for look in looks)
    assert all(readers.here_on(people[row.by], row.on) for row in source.asked())


def test_the_same_seed_tells_the_same():
    assert list(searching.looks(7)) == list(searching.looks(7)) != list(searching.looks(8))
