"""The demo organisation loads as a whole, lies in its years, can be signed in to, and is found by searching."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from kc import clock, create_app, db, demo, fiscal, labels, policy, search, storage
from kc.demo import source
from kc.errors import DomainError
from kc.models import (
    ArticleAuthor,
    ArticleView,
    Attachment,
    Attendance,
    AuditEntry,
    Community,
    Employee,
    FiscalYear,
    KnowledgeArticle,
    Membership,
    OneTimeCode,
    OrgUnit,
    Round,
    RoundExtension,
    SeriesDay,
    Session,
    SessionNote,
    Topic,
    YearClosing,
)
from kc.services import (
    account_rules,
    codes,
    publishing,
    results,
    round_standing,
    search_gaps,
    search_insights,
    signin,
    years,
)
from tests import conftest, factories

BANK = fiscal.PRESETS["bank"]
ADDRESS = "127.0.0.1"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, str]:
    """As conftest's, but kept for the whole module: the bank is opened once."""
    return conftest.settings_in(tmp_path_factory.mktemp("bank"), request)


@pytest.fixture(scope="module")
def bank(settings: dict[str, str]) -> Iterator[Flask]:
    """The application with the demo loaded, as `make run` leaves it: the current year was opened before it."""
    app = create_app(settings)
    app.config["TESTING"] = True
    if conftest.POSTGRES:
        conftest._empty_postgres()
    with db.connection():
        with clock.freeze(date(2026, 11, 21)):
            years.ensure_current("bank")
            assert demo.load(app.config)
        search.rebuild_if_needed()
        yield app
    if conftest.POSTGRES:
        db.db.close_all()


@pytest.fixture
def rules(bank: Flask) -> account_rules.AccountRules:
    return account_rules.AccountRules.of(bank.config)


def by_id(employee_id: str) -> Employee:
    return Employee.get(Employee.employee_id == employee_id)


def player(role: str) -> source.CastMember:
    return next(member for member in source.cast() if member.role == role)


def test_everything_in_the_files_is_in_the_database(bank):
    assert OrgUnit.select().count() == len(source.units()) >= 12
    assert Employee.select().count() == len(source.people()) >= 60
    assert Topic.select().count() == len(source.topics())
    assert Community.select().count() == len(source.communities()) >= 20
    assert Session.select().count() - SeriesDay.select().count() == len(source.sessions()) >= 45
    assert SessionNote.select().count() == sum(len(s.notes) for s in source.sessions()) >= 250
    assert KnowledgeArticle.select().count() == len(source.articles()) >= 40
    assert Attendance.select().count() == sum(len(s.attendance) + len(s.guests) for s in source.sessions())


def test_loading_again_changes_nothing(bank):
    before = AuditEntry.select().count()
    assert demo.load(bank.config) is False
    assert AuditEntry.select().count() == before


def test_the_server_knows_it_serves_the_demo(bank, monkeypatch):
    for name in ("KC_ORG_NAME", "KC_ORG_SHORT_NAME"):
        monkeypatch.delenv(name, raising=False)
    assert demo.is_here() and demo.names()["KC_ORG_NAME"] == source.organisation()["name"]
    monkeypatch.setenv("KC_ORG_NAME", "ธนาคารของเราเอง")
    assert demo.names() == {}


def test_every_community_has_what_it_needs(bank):
    for community in Community.select():
        members = [m for m in Membership.select().where(Membership.community == community) if m.left_at is None]
        assert {"facilitator", "historian"} <= {m.role for m in members}, community.name
        assert community.goals and community.knowledge_title and community.topic.fiscal_year == community.fiscal_year
        row = next(r for r in source.communities() if (r.year, r.name) == (community.fiscal_year.year, community.name))
        assert {(m.employee.employee_id, m.role) for m in members} == {(m["id"], m["role"]) for m in row.members}
        assert community.is_cancelled == bool(row.cancelled_on)
    renewed = Community.select().where(Community.renewed_from.is_null(False))
    assert renewed.count() == sum(bool(row.renewed_from) for row in source.communities())


def test_circulars_of_three_years_are_announced_extended_and_closed(bank):
    assert Round.select().where(Round.announced_at.is_null(False)).count() == 3
    assert YearClosing.select().count() == 2
    (this_year,) = Round.select().join(FiscalYear).where(FiscalYear.year == 2569)
    standings = round_standing.of_round(this_year)
    assert {one.state for one in standings} == {"signed_up", "late", "missing"}
    assert RoundExtension.select().count() == 2


def test_the_year_has_results_on_every_level(bank):
    """This year and last, with people's own words, for the bank and for the cast's branch."""
    member = next(one for one in source.cast() if one.role == "member")
    with clock.freeze(date(2026, 11, 20)):
        found = results.of_year(Employee.get(Employee.employee_id == member.employee_id).unit)
    assert all(figure.whole for figure in found.figures.values()), found.figures
    assert all(figure.whole_before for name, figure in found.figures.items() if name not in ("signed_in", "trials"))
    assert len(found.quotes) == results.QUOTES and all(use.show_name for use in found.quotes)
    assert Round.get(Round.fiscal_year == years.get_or_open(2569)).answers.keys() == labels.ROUND_QUESTIONS.keys()
    assert Employee.select().where(Employee.is_sharing).count() == 4


def test_moments_lie_in_the_years_they_tell_of(bank):
    def year(moment):
        return BANK.year_of(clock.to_local(moment).date())

    for community in Community.select(Community, FiscalYear).join(FiscalYear):
        assert year(community.created_at) == community.fiscal_year.year, community.name
    for note in SessionNote.select(SessionNote, Session).join(Session):
        assert clock.to_local(note.created_at).date() == note.session.held_on
    for article in KnowledgeArticle.select(KnowledgeArticle, FiscalYear).join(FiscalYear):
        assert year(article.created_at) == article.fiscal_year.year, article.title
        if article.published_on:
            assert BANK.year_of(article.published_on) == article.fiscal_year.year, article.title
            assert clock.to_local(article.created_at).date() < article.published_on
    told = AuditEntry.select().where(AuditEntry.action != "account.code_issued")
    assert max(entry.at for entry in told).date() <= date(2026, 11, 21)
    for meeting in Session.select():
        assert clock.to_local(meeting.created_at).date() < meeting.held_on


def test_topics_go_on_from_year_to_year(bank):
    series = {(t.fiscal_year.year, t.name): t.series for t in Topic.select(Topic, FiscalYear).join(FiscalYear)}
    assert series[2567, "NPLs"] == series[2568, "NPLs"] == series[2569, "NPLs"]
    assert series[2567, "ปรับปรุงขั้นตอนการให้บริการ"] == series[2569, "พัฒนาปรับปรุงกระบวนการ"]
    retired = [t for t in Topic.select() if t.is_retired]
    assert [(t.fiscal_year.year, t.name) for t in retired] == [(2568, "ฟื้นฟูลูกค้าหลังพักชำระหนี้")]


def test_published_knowledge_is_complete(bank):
    published = list(KnowledgeArticle.select().where(KnowledgeArticle.status == "published"))
    assert len(published) >= 35
    for article in published:
        files = list(Attachment.select().where(Attachment.article == article))
        gaps = publishing.missing(article, files=files)
        assert not gaps, (article.title, gaps)
        assert policy.coordinates(article.published_by, article.unit) or policy.is_knowledge_officer(
            article.published_by
        )
        for file in files:
            assert storage.path_of(file.sha256).stat().st_size == file.size > 1_000
    assert {row.external_id for row in KnowledgeArticle.select()} == {row.id for row in source.articles()}


def test_attachments_are_real_documents(bank):
    kinds = Counter(file.filename.rsplit(".", 1)[1] for file in Attachment.select())
    assert {"pdf", "docx", "pptx", "jpg"} <= set(kinds), kinds
    pictures = Attachment.select().where(Attachment.kind == "picture")
    assert all(picture.alt_text for picture in pictures)
    assert pictures.where(Attachment.session.is_null(False)).count() >= 20


def test_reading_was_counted_honestly(bank):
    articles = {a.id: a for a in KnowledgeArticle.select()}
    counted = Counter(view.article_id for view in ArticleView.select())
    assert {i: a.view_count for i, a in articles.items() if a.view_count} == dict(counted)
    assert sum(counted.values()) > 500
    own = (ArticleAuthor.article == ArticleView.article) & (ArticleAuthor.employee == ArticleView.employee)
    assert not ArticleView.select().join(ArticleAuthor, on=own).exists()
    assert all(view.day >= articles[view.article_id].published_on for view in ArticleView.select())


def test_who_left_cannot_sign_in_and_keeps_their_work(bank):
    gone = by_id(next(p.employee_id for p in source.people() if not p.active))
    assert not gone.is_active and gone.departed_on == date(2025, 9, 30)
    assert ArticleAuthor.select().where(ArticleAuthor.employee == gone).exists()


def test_cast_can_sign_in_and_nobody_else_has_a_password(bank, rules):
    with_password = [member for member in source.cast() if member.password]
    for member in with_password[:2]:
        assert signin.sign_in(member.employee_id, member.password, ADDRESS, rules).employee_id == member.employee_id
    activated = {e.employee_id for e in Employee.select() if e.is_activated}
    assert activated == {member.employee_id for member in with_password}


def test_cast_may_do_what_the_readme_says(bank):
    assert policy.is_administrator(by_id(player("administrator").employee_id))
    assert policy.is_knowledge_officer(by_id(player("knowledge_officer").employee_id))
    assert policy.is_executive(by_id(player("executive").employee_id))
    coordinator = by_id(player("coordinator").employee_id)
    assert policy.coordinates(coordinator, OrgUnit.get(OrgUnit.code == "2020"))
    assert not policy.coordinates(coordinator, OrgUnit.get(OrgUnit.code == "3010"))
    year, branch = FiscalYear.get(FiscalYear.year == 2569), OrgUnit.get(OrgUnit.code == "2010")
    now = Community.get((Community.unit == branch) & (Community.fiscal_year == year))
    for role in ("facilitator", "historian", "member", "expert"):
        assert role in policy.community_roles(by_id(player(role).employee_id), now)


def test_newcomer_activates_with_the_code_of_the_readme(bank, rules):
    newcomer = player("not_activated")
    with clock.freeze(date(2026, 11, 22)):
        ticket = codes.check(newcomer.employee_id, newcomer.activation_code.lower(), ADDRESS, rules)
    assert ticket.employee_id == by_id(newcomer.employee_id).id
    assert OneTimeCode.select().count() == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("คิวหน้าเคาน์เตอร์", "KC-2567-005"),
        ("ปรับโครงสร้างหนี้กลับมาค้าง", "KC-2569-011"),
        ("นาเปียกสลับแห้ง", "KC-2568-006"),
        ("ค่าไฟ", "KC-2568-010"),
        ("วิสาหกิจเพื่อสังคม", "KC-2569-003"),
        ("ข้าวเหนียวหนึ่งกระติ๊บ", "KC-2567-011"),
    ],
)
def test_member_finds_it_by_searching(bank, words, expected):
    member = player("member")
    client = bank.test_client()
    form = {"employee_id": member.employee_id, "password": member.password}
    page = client.get("/login").get_data(as_text=True)
    form["csrf_token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/login", data=form).status_code == 303
    found = client.get("/search", query_string={"q": words}).get_data(as_text=True)
    assert re.findall(r'data-id="([^"]+)"', found)[:1] == [expected]


def test_lines_for_the_terminal_name_everybody_of_the_cast():
    lines = demo.who_can_sign_in()
    for member, line in zip(source.cast(), lines, strict=True):
        assert member.employee_id in line and (member.password or member.activation_code) in line


# ---- on a database of its own: what is refused ----


@pytest.fixture
def strangers(bank: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """An empty database for this test; the bank's comes back afterwards."""
    kept = db.db.obj  # before anything else connects: making the migrated file does, too
    file = tmp_path / "real.sqlite3"
    shutil.copy(request.getfixturevalue("migrated_file"), file)
    db.connect(f"sqlite:///{file}")
    with db.connection():
        yield
    db.db.initialize(kept)


def test_refused_on_a_database_with_real_people(bank, strangers):
    factories.make_employee("มานี มีจริง", employee_id="0000101")  # even with an ID that the demo uses
    with pytest.raises(DomainError, match="พนักงานจริง"):
        demo.load(bank.config)
    assert Employee.select().count() == 1 and not Community.select().exists()
    assert not demo.is_here()  # so that the server does not print the cast's passwords


def test_fails_as_a_whole(bank, strangers, monkeypatch):
    from kc.demo import staff

    def broken(_story):
        raise DomainError("หยุดกลางทาง")

    monkeypatch.setattr(staff, "open_year", lambda story, year: broken(story))
    with pytest.raises(DomainError):
        demo.load(bank.config)
    assert not Employee.select().exists() and not OrgUnit.select().exists()


def test_searches_of_some_weeks_tell_what_is_missing(bank):
    with clock.freeze(date(2026, 11, 20)):
        quality = search_insights.quality(search_insights.last_days(90))
        missing = search_gaps.missing(search_insights.last_days(90))
        again = search_insights.searched_again(search_insights.last_days(90))
    assert quality.searches > 300 and 0.4 < quality.share_opened < 0.9 and 0.6 < (quality.mrr or 0) < 0.95
    assert [(row.text, row.requests) for row in missing[:2]] == [("PDPA", 1), ("คาร์บอนเครดิต", 1)]
    assert {"หนี้เสีย", "แก้งค์คอลเซ็นเตอร์"} <= {pair.text for pair in again}
    assert search_gaps.answered()[0].article.external_id == "KC-2568-014"
