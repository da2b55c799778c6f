"""GET /results/: what came of the year, on three levels, for everybody (S0-204, S0-284)."""

import html
import re
import secrets
from datetime import date, datetime, timedelta

import pytest

from kc import clock
from kc.models import Attendance, Employee, FollowUp, KnowledgeUse, SignInEvent, Trial
from kc.services import results
from tests import factories
from tests.conftest import STATEMENTS, count_queries

TODAY = date(2026, 9, 10)  # of the accounting year 2569, which began on 1 April 2026
BEFORE = date(2025, 9, 10)
OF_LAST_YEAR = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def september():
    with clock.freeze(TODAY):
        yield


def numbers(page):
    """Figure to its four cells: everybody this year and last, the reader's unit this year and last."""
    rows = {}
    for row in re.findall(r'<th scope="row">(.*?)</tr>', page, re.S):
        name = re.match(r"[^<]+", row)[0].strip()
        cells = re.findall(r'<td class="num[^>]*>(.*?)</td>', row, re.S)
        rows[name] = [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]
    return rows


def used(article, employee, day=TODAY, **said):
    values = {"place": "สาขา", "outcome_text": "", "outcomes": "faster", "person_key": f"e:{employee.id}"}
    return KnowledgeUse.create(article=article, employee=employee, used_on=day, **values | said)


def answered(community, employee, used, day=TODAY, months=1):
    key, at = f"e:{employee.id}", datetime(day.year, day.month, day.day, 3)
    values = {"person_key": key, "months": months, "due_on": day, "used": used, "answered_at": at}
    return FollowUp.create(community=community, employee=employee, **values)


def tried(community, owner, **values):
    given = {"what": "โทรก่อนครบกำหนด", "form_key": secrets.token_hex(8), "created_by": owner}
    return Trial.create(community=community, owner=owner, **given | values)


@pytest.fixture
def year(cast):
    """A year at the author's branch, and a little elsewhere."""
    for who, at in ((cast.author, TODAY), (cast.author, TODAY), (cast.outsider, TODAY), (cast.fellow, BEFORE)):
        SignInEvent.create(
            employee=who, account_key="x", address="1", outcome="signed_in", at=datetime(at.year, at.month, at.day, 3)
        )
    SignInEvent.create(employee=cast.officer, account_key="x", address="1", outcome="wrong", at=clock.now())
    elsewhere = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_community("ยกเลิกแล้ว", cast.outsider, status="cancelled")
    factories.make_community("ปีก่อน", cast.author, fiscal_year=factories.make_year(2568))
    held = factories.make_session(cast.community, held_on=TODAY)
    last = factories.make_session(cast.community, held_on=OF_LAST_YEAR)
    factories.make_note(last, cast.author)
    factories.make_session(cast.community, held_on=TODAY)  # a recurring one that nobody came to
    factories.make_session(cast.community, held_on=TODAY + timedelta(days=1))
    called_off = factories.make_session(elsewhere, held_on=TODAY, cancelled_at=clock.now())
    factories.make_note(called_off, cast.outsider)
    for who in (cast.author, cast.outsider):
        Attendance.create(session=held, employee=who)
    Attendance.create(session=held, guest_name="คุณลุงแขก")
    tried(cast.community, cast.author, status="done", result_on=TODAY)
    tried(cast.community, cast.author, status="done", result_on=TODAY, deleted_at=clock.now())
    tried(cast.community, cast.author, status="running")
    tried(elsewhere, cast.outsider, status="done", result_on=OF_LAST_YEAR)
    factories.make_article("ร่าง", cast.author)
    return factories.make_article("เผยแพร่", cast.author, status="published")


def test_s0_204_three_levels_are_counted_from_what_happened(login_as, cast, year):
    """System, output and outcome; whole organisation and own unit, this year and last (S0-204, S0-284)."""
    page = login_as(cast.author).get("/results/").text
    assert [page.index(f"> {level}</h2>") for level in ("ระบบ", "ผลผลิต", "ประโยชน์")] == sorted(
        page.index(f"> {level}</h2>") for level in ("ระบบ", "ผลผลิต", "ประโยชน์")
    )
    found = numbers(page)
    assert found["คนที่เข้าใช้คลังความรู้"] == ["2", "–ไม่ได้เก็บไว้", "1", "–ไม่ได้เก็บไว้"]
    assert found["ชุมชนนักปฏิบัติ"] == ["2", "1", "1", "1"]
    assert found["กิจกรรมที่จัดแล้ว (ครั้ง)"] == ["1", "1", "1", "1"]
    assert found["คนที่มาร่วมกิจกรรม"] == ["2", "0", "1", "0"]
    assert found["เรื่องที่ทดลองใช้จนได้ผลกลับมา"] == ["1", "1", "1", "0"]
    assert found["องค์ความรู้ที่เผยแพร่"] == ["1", "0", "1", "0"]


def test_s0_284_everybody_sees_it_with_their_own_unit_and_how_it_is_counted(login_as, cast, year):
    for reader in (cast.author, cast.outsider, cast.executive, cast.coordinator):
        page = login_as(reader).get("/results/").text
        assert reader.unit.name in page and "ปีบัญชี 2569" in page and "ปีบัญชี 2568" in page
        for name in (name for names in results.LEVELS.values() for name in names):
            assert f'href="#how-{name}"' in page and f'id="how-{name}"' in page
    office = numbers(login_as(cast.coordinator).get("/results/").text)
    assert office["ชุมชนนักปฏิบัติ"][2] == "1", "a unit counts with all below it"


def test_s0_284_numbers_lead_to_what_they_count(login_as, cast, year):
    client = login_as(cast.author)
    page = client.get("/results/").text
    for url, heading in (("/communities/", "ชุมชนคนบ้านนา"), ("/knowledge/", "เผยแพร่")):
        links = [html.unescape(link) for link in re.findall(rf'href="({url}\?year=2569[^"]*)"', page)]
        assert links == [f"{url}?year=2569", f"{url}?year=2569&unit={cast.branch.id}"]
        for link in links:
            assert heading in client.get(link).text


def test_s0_204_use_is_shown_of_three_people_at_least(login_as, cast, year):
    people = [cast.author, cast.fellow]
    for person in people:
        used(year, person)
        used(year, person)  # twice is still one person
        answered(cast.community, person, "used")
    page = numbers(login_as(cast.author).get("/results/").text)
    for figure in ("คนที่บอกว่านำไปใช้", "คนที่ตอบแบบติดตาม", "ในจำนวนนี้ ตอบว่าได้ใช้"):
        assert page[figure] == ["ไม่แสดง", "0", "ไม่แสดง", "0"]
    used(year, cast.outsider)
    answered(cast.community, cast.outsider, "not_yet")
    answered(cast.community, cast.outsider, "partly", months=3)
    page = numbers(login_as(cast.author).get("/results/").text)
    for figure in ("คนที่บอกว่านำไปใช้", "คนที่ตอบแบบติดตาม", "ในจำนวนนี้ ตอบว่าได้ใช้"):
        assert page[figure] == ["3", "0", "ไม่แสดง", "0"]


def test_s0_204_that_neither_of_two_uses_it_is_not_shown_either(login_as, cast, year):
    for person in (cast.author, cast.fellow):
        answered(cast.community, person, "not_yet")
    page = numbers(login_as(cast.author).get("/results/").text)
    assert page["คนที่ตอบแบบติดตาม"] == page["ในจำนวนนี้ ตอบว่าได้ใช้"] == ["ไม่แสดง", "0", "ไม่แสดง", "0"]


def test_s0_204_only_those_who_agreed_are_quoted(login_as, cast, year):
    used(year, cast.author, outcome_text="จาก 3 วันเหลือ 1 วัน", show_name=True)
    used(year, cast.author, outcome_text="คำเดิมของคนเดียวกัน", show_name=True, day=TODAY - timedelta(days=9))
    used(year, cast.fellow, outcome_text="ไม่อยากให้เห็นชื่อ")
    used(year, cast.outsider, outcome_text="นานมาแล้ว", show_name=True, day=date(2024, 9, 1))
    used(None, cast.officer, outcome_text="ไม่มีหน้าให้อ่าน", show_name=True)
    hidden = factories.make_article("ถอนแล้ว", cast.author, status="retired")
    used(hidden, cast.coordinator, outcome_text="เรื่องที่ถอนแล้ว", show_name=True)
    page = login_as(cast.outsider).get("/results/").text
    assert "จาก 3 วันเหลือ 1 วัน" in page and cast.author.name in page and f"/knowledge/{year.id}" in page
    for unseen in ("คำเดิมของคนเดียวกัน", "ไม่อยากให้เห็นชื่อ", "นานมาแล้ว", "ไม่มีหน้าให้อ่าน", "เรื่องที่ถอนแล้ว"):
        assert unseen not in page


def test_a_new_organisation_is_told_how_it_fills(login_as, cast):
    cast.community.delete_instance(recursive=True)
    page = login_as(cast.outsider).get("/results/").text
    assert "ปีนี้ยังไม่มีอะไรให้นับ" in page and "/communities/new" in page and "<table" not in page


def test_home_and_the_overview_lead_there(login_as, cast):
    assert 'href="/results/"' in login_as(cast.outsider).get("/").text
    assert 'href="/results/"' in login_as(cast.coordinator).get("/evaluations/").text


def test_it_needs_a_sign_in(client, cast):
    assert client.get("/results/").headers["Location"] == "/login?next=/results/"


def test_statements_do_not_grow(login_as, cast, year):
    client = login_as(cast.author)
    client.get("/results/")
    with count_queries() as few:
        client.get("/results/")
    for n in range(8):
        person = factories.make_employee(f"คนใหม่ {n}", cast.branch)
        used(year, person, outcome_text=f"ได้ผล {n}", show_name=True)
        factories.make_session(factories.make_community(f"ใหม่ {n}", person))
    Employee.update(phone="1").execute()
    with count_queries() as many:
        client.get("/results/")
    assert len(many) == len(few) <= STATEMENTS, many
