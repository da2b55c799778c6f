"""The demo organisation's text holds together: references resolve, days lie in their years, nothing is filler."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kc import fiscal, labels
from kc.demo import source
from kc.models.people import UNIT_KINDS
from kc.services.years import BANK_TOPICS

BANK = fiscal.PRESETS["bank"]
YEARS = (2567, 2568, 2569)
TODAY_IN_THE_STORY = date(2026, 11, 21)
LAST_PLANNED_DAY = date(2027, 1, 31)
EMPLOYEE_ID = re.compile(r"\d{7}")
# What a demonstration written in a hurry contains.
FILLER = re.compile(r"lorem|ipsum|dolor sit|\bfoo\b|\bbar\b|xxx|TODO|ทดสอบทดสอบ|ตัวอย่างข้อความ", re.IGNORECASE)
CAST_ROLES = {
    "administrator",
    "knowledge_officer",
    "coordinator",
    "facilitator",
    "historian",
    "member",
    "expert",
    "executive",
    "not_activated",
}


@pytest.fixture(scope="module")
def people() -> dict[str, source.Person]:
    return {person.employee_id: person for person in source.people()}


@pytest.fixture(scope="module")
def communities() -> dict[str, source.CommunityRow]:
    return {community.key: community for community in source.communities()}


def unique(values) -> bool:
    return max(Counter(values).values()) == 1


def test_units_form_a_tree_listed_from_the_root():
    seen: set[str] = set()
    for unit in source.units():
        assert unit.kind in UNIT_KINDS
        assert unit.parent in seen or (not unit.parent and not seen), unit.code
        assert unit.code not in seen
        seen.add(unit.code)
    assert len(seen) >= 12


def test_everybody_has_an_id_a_name_and_a_unit(people):
    codes = {unit.code for unit in source.units()}
    assert len(source.people()) >= 60 and unique(p.employee_id for p in source.people())
    assert unique(p.name for p in source.people()) and unique(p.email for p in source.people())
    for person in source.people():
        assert EMPLOYEE_ID.fullmatch(person.employee_id) and person.unit in codes, person
        assert person.title in ("นาย", "นาง", "นางสาว") and person.position
        assert person.email.endswith(".example") and (person.coordinates or person.unit) in codes
    assert {p.unit for p in source.people()} == codes  # no empty unit
    assert Counter(p.first_name for p in source.people()).most_common(1)[0][1] > 1  # namesakes, as everywhere


def test_one_has_left_and_their_work_stays(people):
    gone = [p for p in source.people() if not p.active]
    assert len(gone) == 1 and gone[0].left_on
    assert any(gone[0].employee_id in article.authors for article in source.articles())


def test_cast_fills_every_role_of_the_readme(people, communities):
    cast = {member.role: member for member in source.cast()}
    assert set(cast) == CAST_ROLES and len(source.cast()) == len(CAST_ROLES)
    for member in source.cast():
        assert member.employee_id in people and member.label and member.first_try
        assert member.role == "not_activated" or len(member.password) >= 12
    assert cast["not_activated"].activation_code and not cast["not_activated"].password
    for role in ("facilitator", "historian", "member"):
        assert any(cast[role].employee_id in c.people(role) for c in communities.values() if c.year == 2569)
    assert people[cast["coordinator"].employee_id].coordinates and people[cast["expert"].employee_id].reviews


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_its_ten_topics(year):
    rows = [topic for topic in source.topics() if topic.year == year]
    assert sum(topic.active for topic in rows) == 10
    assert unique(t.key for t in rows) and unique(t.name for t in rows) and all(t.description for t in rows)


def test_current_topics_are_the_preset_and_the_first_year_differs():
    names = {year: [t.name for t in source.topics() if t.year == year and t.active] for year in YEARS}
    assert names[2569] == list(BANK_TOPICS)
    assert set(names[2567]) != set(names[2569])
    assert [t for t in source.topics() if not t.active]


def test_communities_stand_in_their_year(people, communities):
    assert unique(c.key for c in source.communities())
    codes = {unit.code for unit in source.units()}
    topics = {(t.year, t.key) for t in source.topics() if t.active}
    for community in source.communities():
        assert community.unit in codes and (community.year, community.topic) in topics, community.key
        assert BANK.year_of(community.created_on) == community.year, community.key
        assert 3 <= len(community.members) <= 8 and len(community.goals) > 40, community.key
        for member in community.members:
            assert member["id"] in people and member["role"] in labels.COMMUNITY_ROLES, community.key
        assert community.people("facilitator") and community.people("historian"), community.key
    assert Counter(c.year for c in source.communities()).keys() == set(YEARS)


def test_renewals_follow_a_community_of_the_year_before(communities):
    renewed = [c for c in communities.values() if c.renewed_from]
    assert len(renewed) >= 5
    for community in renewed:
        earlier = communities[community.renewed_from]
        assert (earlier.year, earlier.unit, earlier.name) == (community.year - 1, community.unit, community.name)
    cancelled = [c for c in communities.values() if c.cancelled_on]
    assert len(cancelled) == 1 and cancelled[0].cancel_reason and cancelled[0].cancelled_on > cancelled[0].created_on


def test_sessions_happen_within_their_communitys_year(people, communities):
    assert len(source.sessions()) >= 45 and unique(s.key for s in source.sessions())
    for session in source.sessions():
        community = communities[session.community]
        assert BANK.year_of(session.date) == community.year and session.date >= community.created_on, session.key
        assert session.date.weekday() < 5 and session.start < session.end, session.key
        assert session.technique in labels.TECHNIQUES and session.place and session.topic, session.key
        members = {member["id"] for member in community.members}
        named = {session.presenter, session.facilitator, *([session.deputy] if session.deputy else [])}
        assert named <= set(people) and session.facilitator in members, session.key
    assert {s.community for s in source.sessions()} == {c.key for c in communities.values() if not c.cancelled_on}


def test_notes_are_said_by_somebody_who_was_there(people):
    for session in source.sessions():
        assert set(session.attendance) <= set(people), session.key
        left = {i for i in session.attendance if people[i].left_on and people[i].left_on < session.date}
        assert not left, session.key
        for note in session.notes:
            assert note["kind"] in labels.NOTE_KINDS and len(note["text"]) > 30, session.key
            assert note["by"] in (session.attendance if EMPLOYEE_ID.fullmatch(note["by"]) else session.guests), (
                session.key,
                note["by"],
            )


def test_enough_live_notes_of_every_kind():
    noted = [s for s in source.sessions() if s.notes]
    assert len(noted) >= 30 and all(4 <= len(s.notes) <= 12 for s in noted)
    kinds = Counter(note["kind"] for session in noted for note in session.notes)
    assert set(kinds) == set(labels.NOTE_KINDS) and min(kinds.values()) >= 25
    texts = [note["text"] for session in noted for note in session.notes]
    assert unique(texts)


def test_meetings_to_come_are_planned_not_told(communities):
    to_come = [s for s in source.sessions() if s.date > TODAY_IN_THE_STORY]
    assert len(to_come) >= 5
    for session in to_come:
        assert session.date <= LAST_PLANNED_DAY and not session.notes and not session.attendance, session.key
        assert not communities[session.community].cancelled_on


def test_articles_have_their_place(people, communities):
    assert unique(a.id for a in source.articles()) and unique(a.title for a in source.articles())
    codes = {unit.code for unit in source.units()}
    topics = {(t.year, t.name) for t in source.topics() if t.active}
    for article in source.articles():
        assert article.unit in codes and (article.fiscal_year, article.topic) in topics, article.id
        assert article.authors and set(article.authors) <= set(people), article.id
        assert article.kind in labels.ARTICLE_KINDS and article.status in labels.ARTICLE_STATUSES, article.id
        if article.community:
            community = communities[article.community]
            assert (community.year, community.unit) == (article.fiscal_year, article.unit), article.id
        if article.published_on:
            assert article.status == "published" and article.published_on <= TODAY_IN_THE_STORY, article.id
            assert BANK.year_of(article.published_on) == article.fiscal_year, article.id


def every_text():
    for file in source.DATA.rglob("*.toml"):
        yield file.name, file.read_text(encoding="utf-8")


def test_nothing_is_filler_and_the_address_is_invented():
    for name, text in every_text():
        assert not FILLER.search(text), (name, FILLER.search(text))
        assert not re.search(r"ธ\.ก\.ส|BAAC|https?://(?!meet\.ruangthong\.example)", text), name
        assert "\ufffd" not in text and "\u0e4d\u0e32" not in text, name  # no broken sara am


def test_unknown_field_is_refused():
    with pytest.raises(ValueError, match="colour"):
        source._make(source.Unit, {"code": "1", "name": "ก", "kind": "branch", "colour": "red"}, "units.toml")


README = Path(__file__).resolve().parent.parent / "README.md"


@pytest.mark.skipif(not README.exists(), reason="no README")
@pytest.mark.parametrize("member", source.cast(), ids=lambda member: member.role)
def test_readme_introduces_the_cast(member):
    rows = [line for line in README.read_text(encoding="utf-8").splitlines() if f"`{member.employee_id}`" in line]
    assert any(f"`{member.password or member.activation_code}`" in row for row in rows), member.role
