"""/search/saved: kept from the results, opened, renamed, alerts, deleted and brought back; everybody's own."""

import pytest

from kc import search
from kc.models import SavedSearch
from kc.services import alerts, findable, saved_searches, search_log
from tests import factories
from tests.conftest import STATEMENTS, count_queries


@pytest.fixture
def saved(app, cast):
    search.rebuild()
    return saved_searches.save(cast.fellow, "หนี้ค้างชำระ", {"year": "2569"}, "งานของฉัน")


def make_new(cast, n: int = 1) -> None:
    """Something new for whoever saved หนี้ค้างชำระ."""
    for i in range(n):
        row = factories.make_article(f"หนี้ค้างชำระเรื่องที่ {i}", cast.author, status="published")
        findable.article(row)
    search.catch_up()
    alerts.find_new()


def test_the_results_page_offers_to_keep_it_with_its_filters(login_as, cast):
    factories.make_article("หนี้ค้างชำระ", cast.author, status="published")
    search.rebuild()
    page = login_as(cast.fellow).get("/search?q=หนี้&kind=best_practice&page=1").text
    form = page[page.index('action="/search/saved"') :].partition("</form>")[0]
    assert 'name="q" value="หนี้"' in form and 'name="kind" value="best_practice"' in form and 'name="page"' not in form
    assert 'name="csrf_token"' in form


def test_keeping_without_htmx_goes_back_to_the_results(login_as, cast):
    client = login_as(cast.fellow)
    answer = client.post("/search/saved", data={"q": "หนี้", "kind": "story"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("&kind=story")
    row = SavedSearch.get()
    assert (row.employee_id, row.name, row.chosen) == (cast.fellow.id, "หนี้", {"kind": "story"})


def test_keeping_with_htmx_says_so_in_place(login_as, cast, htmx):
    answer = login_as(cast.fellow).post("/search/saved", data={"q": "หนี้"}, headers=htmx)
    assert answer.status_code == 200 and "<html" not in answer.text and "บันทึกแล้ว" in answer.text


def test_nothing_to_keep_is_refused_with_a_sentence(login_as, cast, htmx):
    client = login_as(cast.fellow)
    assert client.post("/search/saved", data={"q": " "}, headers=htmx).status_code == 422
    assert "ยังไม่มีคำค้น" in client.post("/search/saved", data={"q": " "}, follow_redirects=True).text


def test_the_list_says_what_each_asks_for(login_as, cast, saved):
    page = login_as(cast.fellow).get("/search/saved").text
    assert "งานของฉัน" in page and "หนี้ค้างชำระ" in page and "2569" in page
    assert "งานของฉัน" not in login_as(cast.outsider).get("/search/saved").text


def test_an_empty_list_shows_the_way(login_as, cast):
    assert "ยังไม่ได้บันทึกการค้นหาใด" in login_as(cast.fellow).get("/search/saved").text


def test_opening_shows_the_new_on_top_and_then_it_is_seen(login_as, cast, saved):
    saved_searches.save(cast.outsider, "หนี้ค้างชำระ", {})
    make_new(cast, 2)
    client = login_as(cast.fellow)
    assert "ใหม่ 2" in client.get("/search/saved").text
    there = client.get(f"/search/saved/{saved.id}").headers["Location"]
    assert there.startswith("/search?q=") and "year=2569" in there and there.endswith("sort=newest")
    assert SavedSearch.get_by_id(saved.id).new_count == 0
    assert not client.get(f"/search/saved/{saved.id}").headers["Location"].endswith("sort=newest")
    assert saved_searches.unseen(cast.outsider) == 2


def test_home_and_every_header_say_how_much_is_new(login_as, cast, saved):
    """What is new comes to whoever asked for it (S0-196)."""
    make_new(cast, 3)
    client = login_as(cast.fellow)
    home = client.get("/").text
    assert f'href="/search/saved/{saved.id}"' in home and home.count("ใหม่ 3") == 2, "in its list and in the menu"
    assert "ใหม่ 3" in client.get("/communities/").text
    assert "มีเรื่องใหม่ในการค้นหาที่บันทึกไว้ 3 เรื่อง" in client.get("/communities/").text
    client.get(f"/search/saved/{saved.id}")
    assert "ใหม่ 3" not in client.get("/").text


def test_home_asks_no_search_engine_and_few_statements(login_as, cast, saved, monkeypatch):
    client = login_as(cast.fellow)
    client.get("/")
    monkeypatch.setattr(search, "search", lambda *_, **__: pytest.fail("the page waits for the engine"))
    monkeypatch.setattr(search, "found_among", lambda *_: pytest.fail("the page waits for the engine"))
    for n in range(10):
        saved_searches.save(cast.fellow, f"เรื่องที่ {n}", {})
    with count_queries() as sent:
        assert client.get("/").status_code == 200
    assert len(sent) <= STATEMENTS, sent


def test_the_list_takes_few_statements(login_as, cast, saved):
    client = login_as(cast.fellow)
    client.get("/search/saved")
    with count_queries() as before:
        client.get("/search/saved")
    for n in range(10):
        saved_searches.save(cast.fellow, f"เรื่องที่ {n}", {"unit": str(cast.branch.id), "topic": "1", "year": "2569"})
    with count_queries() as after:
        client.get("/search/saved")
    assert len(after) <= len(before) + 2 <= 12, "units and topics are named, once for all"


def test_rename(login_as, cast, saved):
    client = login_as(cast.fellow)
    assert 'value="งานของฉัน"' in client.get(f"/search/saved?edit={saved.id}").text
    assert client.post(f"/search/saved/{saved.id}", data={"name": "  ชื่อใหม่  "}).status_code == 303
    assert SavedSearch.get_by_id(saved.id).name == "ชื่อใหม่"


@pytest.mark.parametrize("name", ["", " ", "ย" * 130])
def test_a_bad_name_stays_in_its_field_with_a_reason(login_as, cast, saved, name):
    answer = login_as(cast.fellow).post(f"/search/saved/{saved.id}", data={"name": name})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert name.strip() in answer.text and SavedSearch.get_by_id(saved.id).name == "งานของฉัน"


def test_alerts_off_and_on(login_as, cast, saved):
    client = login_as(cast.fellow)
    make_new(cast)
    client.post(f"/search/saved/{saved.id}/alert", data={"on": "0"})
    row = SavedSearch.get_by_id(saved.id)
    assert (row.alert, row.new_count) == (False, 0) and "ไม่เตือน" in client.get("/search/saved").text
    client.post(f"/search/saved/{saved.id}/alert", data={"on": "1"})
    assert SavedSearch.get_by_id(saved.id).alert


def test_delete_and_undo(login_as, cast, saved):
    client = login_as(cast.fellow)
    there = client.post(f"/search/saved/{saved.id}/delete").headers["Location"]
    page = client.get(there).text
    assert f'action="/search/saved/{saved.id}/restore"' in page and f'href="/search/saved/{saved.id}"' not in page
    assert client.get(f"/search/saved/{saved.id}").status_code == 404
    assert client.post(f"/search/saved/{saved.id}/restore").status_code == 303
    assert f'href="/search/saved/{saved.id}"' in client.get("/search/saved").text


def test_going_back_after_bringing_it_back_is_a_page(login_as, cast, saved):
    client = login_as(cast.fellow)
    there = client.post(f"/search/saved/{saved.id}/delete").headers["Location"]
    assert f"/search/saved/{saved.id}/restore" in client.get(there).text
    client.post(f"/search/saved/{saved.id}/restore")
    answer = client.get(there)
    assert answer.status_code == 200 and "/restore" not in answer.text


def test_many_authors_are_looked_up_at_once(login_as, cast):
    for n in range(12):
        saved_searches.save(cast.fellow, f"เรื่องที่ {n}", {"author": f"กมล{n}" if n else "กมล ใจดี"})
    client = login_as(cast.fellow)
    with count_queries() as sent:
        page = client.get("/search/saved").text
    assert len([one for one in sent if "LIKE" in one.upper()]) == 1 and len(sent) <= 12
    assert "<span>กมล ใจดี</span>" in page


def test_where_no_names_are_kept_the_page_says_why_nothing_is_recent(login_as, cast):
    search_log.configure(0, 400)
    try:
        page = login_as(cast.fellow).get("/search/saved").text
    finally:
        search_log.configure(90, 400)
    assert "ไม่เก็บชื่อผู้ค้นหา" in page and "ไม่เก็บชื่อผู้ค้นหา" not in login_as(cast.fellow).get("/search/saved").text


@pytest.mark.parametrize("what", ["", "/alert", "/delete", "/restore"])
def test_others_searches_are_hidden_from_everybody(login_as, cast, saved, what):
    for person in (cast.outsider, cast.coordinator, cast.officer, cast.administrator):
        assert login_as(person).post(f"/search/saved/{saved.id}{what}", data={"name": "x"}).status_code == 404
        assert login_as(person).get(f"/search/saved/{saved.id}").status_code == 404
        assert saved.name not in login_as(person).get(f"/search/saved?deleted={saved.id}").text
    assert login_as(cast.fellow).post(f"/search/saved/999999{what}").status_code == 404
    assert SavedSearch.get_by_id(saved.id).deleted_at is None
