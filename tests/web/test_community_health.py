"""Communities that need care, on their own page and on each community's (S0-273, S0-302)."""

import io
from datetime import date, timedelta

import openpyxl
import pytest

from kc import clock
from tests import factories
from tests.conftest import count_queries

FIRST = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def july(request):
    with clock.freeze(FIRST):
        request.getfixturevalue("cast")
    with clock.freeze(FIRST + timedelta(days=60)):
        yield


def test_s0_302_shown_to_keeper_coordinator_and_team_with_what_to_do(login_as, cast):
    for person in (cast.author, cast.coordinator, cast.officer):
        page = login_as(person).get("/communities/health/").text
        assert "ชุมชนคนบ้านนา" in page and "เงียบไปนาน" in page and "ผู้ดูแลคนเดียว" in page
        assert f"/communities/{cast.community.id}/sessions/new" in page
    page = login_as(cast.fellow).get("/communities/health/").text
    assert "ชุมชนคนบ้านนา" not in page and "ปีนี้ยังไม่มีชุมชนในความดูแลของคุณ" in page


def test_narrowed_by_kind_as_page_and_fragment(login_as, cast, htmx):
    client = login_as(cast.officer)
    fragment = client.get("/communities/health/?kind=quiet", headers=htmx).text
    assert "ชุมชนคนบ้านนา" in fragment and fragment.strip() in client.get("/communities/health/?kind=quiet").text
    assert "ชุมชนคนบ้านนา" not in client.get("/communities/health/?kind=alone").text


def test_when_all_is_well(login_as, cast):
    factories.make_session(cast.community, held_on=clock.today())
    factories.make_membership(cast.community, cast.fellow, "historian")
    assert "ทุกชุมชนไปได้ดี" in login_as(cast.officer).get("/communities/health/").text


def test_the_list_goes_to_excel(login_as, cast):
    answer = login_as(cast.coordinator).get("/communities/health/export.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert len(rows) == 3 and rows[1][0] == "ชุมชนคนบ้านนา"


def test_the_community_shows_it_to_its_keepers_alone(login_as, cast):
    url = f"/communities/{cast.community.id}"
    assert "มีผู้ดูแลเพียงคนเดียว" in login_as(cast.author).get(url).text
    assert "มีผู้ดูแลเพียงคนเดียว" not in login_as(cast.fellow).get(url).text


def test_statements_do_not_grow_with_communities(login_as, cast):
    client = login_as(cast.officer)
    client.get("/communities/health/")
    with count_queries() as few:
        client.get("/communities/health/")
    for _n in range(12):
        factories.make_community(creator=cast.author)
    with count_queries() as many:
        client.get("/communities/health/")
    assert len(many) == len(few) <= 12


def test_s0_176_late_at_the_years_end_stays_on_the_page_and_in_the_file(login_as, cast):
    """The usual last day of publishing is the year's last: whoever is late is so in the next year."""
    year = cast.community.fiscal_year
    with clock.freeze(FIRST):
        factories.make_round(cast.officer, [cast.branch], fiscal_year=year, publish_by=year.ends_on)
    with clock.freeze(year.ends_on + timedelta(days=2)):
        page = login_as(cast.coordinator).get("/communities/health/?kind=late").text
        assert "ชุมชนคนบ้านนา" in page and "เลยกำหนดเผยแพร่องค์ความรู้" in page and "ผู้ดูแลคนเดียว" not in page
        answer = login_as(cast.coordinator).get("/communities/health/export.xlsx")
        assert len(list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)) == 2
        assert "เลยกำหนดเผยแพร่องค์ความรู้ตั้งแต่" in login_as(cast.author).get(f"/communities/{cast.community.id}").text
