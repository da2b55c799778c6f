"""Whole addresses: what leaves the page begins with KC_BASE_URL, whatever address somebody happens to work under."""

import re
from pathlib import Path

import pytest

from kc import addresses, clock
from kc.models import Attendance
from kc.services import calendar_feeds, evaluation
from tests import factories
from tests.documents.test_pdf import read
from tests.web.test_evidence import bundle
from tests.web.test_exports import table

BASE = "https://km.bank.example"
PACKAGE = Path(__file__).resolve().parents[2] / "kc"


@pytest.fixture
def base(app):
    addresses.configure(BASE)
    yield BASE
    addresses.configure(app.config["KC_BASE_URL"])


def a_guest(cast):
    Attendance.create(session=factories.make_session(cast.community), guest_name="ครูวิลาวัณย์")
    row = evaluation.set_up(cast.author, cast.community, 0, methods=["self"], points="ก", full_score=10)
    evaluation.move_to(cast.author, row, "after")


def test_the_attendance_code_leads_to_the_address_people_reach(cast, login_as, base):
    session = factories.make_session(cast.community, held_on=clock.today())
    page = login_as(cast.author).get(f"/communities/{cast.community.id}/sessions/{session.id}/qr").text
    assert f'href="{BASE}/here/' in page and "http://localhost" not in page


@pytest.mark.parametrize("page", ["evaluation/links", "follow-up/links"])
def test_links_to_answer_and_of_guests(cast, login_as, base, page):
    a_guest(cast)
    text = login_as(cast.author).get(f"/communities/{cast.community.id}/{page}").text
    assert f"{BASE}/communities/{cast.community.id}/" in text and "http://localhost" not in text
    assert page == "follow-up/links" or f"{BASE}/guest/" in text


def test_calendars_and_what_stands_in_them(cast, login_as, base):
    session = factories.make_session(cast.community, held_on=clock.today())
    feed = calendar_feeds.subscribe(cast.author)
    client = login_as(cast.author)
    assert f'value="{BASE}/calendar/{calendar_feeds.token(feed)}.ics"' in client.get("/calendar/").text
    text = client.get(f"/calendar/{calendar_feeds.token(feed)}.ics").text.replace("\r\n ", "")
    assert f"URL:{BASE}/communities/{cast.community.id}/sessions/{session.id}" in text.replace(";VALUE=URI", "")


def test_workbooks_and_papers(cast, login_as, base):
    client = login_as(cast.author)
    rows = table(client, "/communities/export.xlsx")
    assert f"{BASE}/communities/{cast.community.id}" in [row["ที่อยู่"] for row in rows]
    packed = bundle(client, cast.community)
    for data in (packed.read("00 สารบัญ.pdf"), client.get(f"/communities/{cast.community.id}/application.pdf").data):
        assert BASE.removeprefix("https://") in read(data)[0].replace("\n", "")


def test_without_the_setting_it_is_the_address_of_the_request(cast, login_as):
    session = factories.make_session(cast.community, held_on=clock.today())
    url = f"/communities/{cast.community.id}/sessions/{session.id}/qr"
    assert 'href="http://localhost/here/' in login_as(cast.author).get(url).text


def test_no_other_place_makes_whole_addresses():
    """One home: nothing else asks under which address the reader happens to work."""
    other = re.compile(r"\b_external=|url_root|host_url")
    found = {str(p.relative_to(PACKAGE)) for p in PACKAGE.rglob("*.py") if other.search(p.read_text(encoding="utf-8"))}
    assert found == {"web/links.py", "web/resume.py"}
