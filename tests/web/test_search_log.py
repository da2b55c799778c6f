"""What the pages write down of searches and opened hits, without any script, and what cannot be passed off as one."""

import html
import re

import pytest

from kc import clock, search
from kc.models import SearchLog, SearchOpening
from kc.services import search_log
from tests import factories
from tests.conftest import Browser, count_queries


@pytest.fixture
def library(cast):
    found = [
        factories.make_article("ติดตามหนี้อย่างเข้าใจ", cast.author, status="published"),
        factories.make_article("ออมทรัพย์ในหมู่บ้าน", cast.author, status="published", method="หนี้ลดลง"),
    ]
    search.rebuild()
    return found


def links(page):
    """Addresses of the hits, as a browser without scripts sees them."""
    return [html.unescape(url) for url in re.findall(r'class="hit-title"><a href="([^"]+)"', page)]


def test_a_search_is_written_down_and_its_opened_hit_with_its_place(login_as, cast, library):
    client = login_as(cast.fellow)
    url = links(client.get("/search?q=หนี้&in=knowledge").text)[1]
    answer = client.get(url)
    assert answer.status_code == 303
    assert re.fullmatch(r"/knowledge/\d+", answer.headers["Location"]), "the address is clean again"
    assert client.get(answer.headers["Location"]).status_code == 200
    row, opening = SearchLog.get(), SearchOpening.get()
    assert (row.text, row.total, row.employee, row.opened_place, row.chosen) == (
        "หนี้",
        2,
        cast.fellow,
        2,
        {"in": "องค์ความรู้"},
    )
    assert (opening.kind, opening.place, f"/knowledge/{opening.object_id}") == (
        "knowledge",
        2,
        answer.headers["Location"],
    )


def test_every_kind_of_hit_says_where_it_leads(login_as, cast, library):
    factories.make_session(cast.community, topic="หนี้ของชุมชน")
    search.rebuild()
    client = login_as(cast.fellow)
    for words in ("หนี้", "กมล ใจดี", "ชุมชนคนบ้านนา"):
        for url in links(client.get("/search", query_string={"q": words}).text):
            assert client.get(url).status_code == 303, url
    assert {row.kind for row in SearchOpening.select()} >= {"knowledge", "person", "community", "session"}


def test_a_double_click_counts_once(login_as, cast, library):
    client = login_as(cast.fellow)
    url = links(client.get("/search?q=หนี้").text)[0]
    assert [client.get(url).status_code for _click in range(3)] == [303] * 3
    assert SearchOpening.select().count() == 1


def test_places_go_on_over_pages(login_as, cast):
    for n in range(12):
        factories.make_article(f"หนี้เรื่องที่ {n}", cast.author, status="published")
    search.rebuild()
    client = login_as(cast.fellow)
    client.get("/search?q=หนี้&in=knowledge")
    client.get(links(client.get("/search?q=หนี้&in=knowledge&page=2").text)[0])
    assert SearchLog.get().opened_place == 11 and SearchLog.get().page == 2


def altered(url):
    yield re.sub(r"opened=\d+", "opened=9999", url)
    yield re.sub(r"knowledge\.\d+", "knowledge.77", url)
    yield url[:-1] + ("A" if url[-1] != "A" else "B")
    yield url.split("opened=")[0] + "opened="
    yield url.split("opened=")[0] + "opened=%00..๑.x"
    yield url.replace("/knowledge/", "/people/", 1)


def test_an_altered_link_is_simply_the_page(login_as, cast, library):
    client = login_as(cast.fellow)
    for url in altered(links(client.get("/search?q=หนี้&in=knowledge").text)[0]):
        answer = client.get(url)
        assert answer.status_code == 303 and "opened" not in answer.headers["Location"], url
    assert SearchOpening.select().count() == 0


def test_a_link_counts_for_nobody_else_and_not_for_long(login_as, cast, library):
    client = login_as(cast.fellow)
    url = links(client.get("/search?q=หนี้").text)[0]
    assert login_as(cast.outsider).get(url).status_code == 303
    with clock.freeze(clock.now()) as now:
        now.advance(days=2)
        assert client.get(url).status_code == 303
    assert SearchOpening.select().count() == 0


def test_a_link_opened_after_the_sign_in_expired_still_counts(app, login_as, cast, library):
    url = links(login_as(cast.fellow).get("/search?q=หนี้").text)[0]
    answer = Browser(app).client.get(url)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/login?next=")
    assert SearchOpening.select().count() == 0


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch"}),
        ("GET", {"Purpose": "prefetch"}),
        ("GET", {"X-Moz": "prefetch"}),
    ],
)
def test_reading_ahead_does_not_count(login_as, cast, library, method, headers):
    client = login_as(cast.fellow)
    client.open(links(client.get("/search?q=หนี้").text)[0], method=method, headers=headers)
    assert SearchOpening.select().count() == 0


def test_no_link_leads_to_another_host(login_as, cast):
    client = login_as(cast.fellow)
    for url in ("//example.org/?opened=1.1.knowledge.1.x", "/knowledge/?opened=x&next=https://example.org"):
        where = client.get(url).headers.get("Location", "/")
        assert not re.match(r"(https?:)?//(?!localhost)", where), where


def test_other_parameters_and_thai_words_stay_in_the_address(login_as, cast):
    answer = login_as(cast.fellow).get("/knowledge/?q=หนี้&topic=3&opened=broken")
    assert (
        answer.status_code == 303
        and answer.headers["Location"] == "/knowledge/?q=%E0%B8%AB%E0%B8%99%E0%B8%B5%E0%B9%89&topic=3"
    )


def test_typing_is_one_row_and_suggestions_are_none(login_as, cast, library, htmx):
    client = login_as(cast.fellow)
    for typed in ("ห", "หน", "หนี", "หนี้"):
        client.get("/search/suggest", query_string={"q": typed}, headers=htmx)
        client.get("/search", query_string={"q": typed}, headers=htmx | {"X-Search-Typing": "1"})
    client.get("/search?q=หนี้")
    assert [row.text for row in SearchLog.select()] == ["หนี้"]


def test_a_broken_log_leaves_the_search_alone(login_as, cast, library, monkeypatch):
    monkeypatch.setattr(search_log, "_write", lambda *_: 1 / 0)
    page = login_as(cast.fellow).get("/search?q=หนี้")
    assert (
        page.status_code == 200
        and links(page.text)[0].startswith("/knowledge/")
        and "opened=" not in links(page.text)[0]
    )


def test_looking_for_nothing_is_not_written_down(login_as, cast, library):
    client = login_as(cast.fellow)
    for url in ("/search", "/search?q=%20", "/search?q=-", "/search?q=-&in=knowledge"):
        client.get(url)
    assert SearchLog.select().count() == 0


def test_a_search_by_filters_alone_is_written_down(login_as, cast, library):
    login_as(cast.fellow).get("/search?in=knowledge")
    row = SearchLog.get()
    assert (row.text, row.key, row.chosen, row.total, row.by_api) == ("", "", {"in": "องค์ความรู้"}, 2, False)


def test_another_systems_search_is_written_down_and_marked(login_as, cast, library):
    client = login_as(cast.fellow)
    total = client.get("/api/v1/search?q=หนี้").json["total"]
    row = SearchLog.get()
    assert (row.text, row.employee, row.total, row.by_api) == ("หนี้", cast.fellow, total, True) and total > 1
    client.get("/search?q=หนี้")
    assert [row.by_api for row in SearchLog.select().order_by(SearchLog.id)] == [True, False], "not the same search"


def test_another_system_is_told_that_there_is_no_index(login_as, cast, library, monkeypatch):
    monkeypatch.setattr(search, "search", lambda *_given, **_named: search.Results(preparing=True))
    answer = login_as(cast.fellow).get("/api/v1/search?q=หนี้")
    assert (answer.status_code, answer.headers["Retry-After"], answer.json["preparing"]) == (503, "10", True)
    assert "try again" in answer.json["error"] and "total" not in answer.json
    assert SearchLog.select().count() == 0


# ---- nothing found -------------------------------------------------------------------------------------------------


def test_nothing_found_names_people_to_ask_and_a_form_filled_in_already(login_as, cast, library):
    cast.coordinator.email = "khwanjai@example.org"
    cast.coordinator.save()
    page = login_as(cast.fellow).get("/search?q=Zyxwvu").text
    assert 'data-total="0"' in page
    assert "ขวัญใจ ประสาน" in page and "คมสัน จัดการ" in page, "the unit's coordinator and the KM team"
    assert "mailto:khwanjai@example.org?subject=" in page and "Zyxwvu" in page
    assert "ชุมชนคนบ้านนา" in page, "communities of one's own unit"
    assert re.search(r'name="q"[^>]*value="Zyxwvu"', page) and 'action="/search/requests"' in page


def test_within_filters_the_way_out_and_the_authors_of_what_is_there(login_as, cast, library):
    page = login_as(cast.outsider).get("/search?q=ติดตามหนี้&year=2560").text
    assert 'data-total="0"' in page and "เมื่อไม่ใช้ตัวกรอง" in page
    assert "กมล ใจดี" in page and "ติดตามหนี้อย่างเข้าใจ" in page and "ชุมชนคนบ้านนา" in page


def test_help_does_not_grow_with_what_there_is(login_as, cast, library):
    client = login_as(cast.fellow)
    client.get("/search?q=Zyxwvu")
    with count_queries() as filtered:
        client.get("/search?q=ติดตามหนี้&year=2560")
    with count_queries() as before:
        client.get("/search?q=Zyxwvut")
    for n in range(9):
        person = factories.make_employee(f"ผู้ดูแล คนที่{n}")
        factories.grant(person, "knowledge_officer")
        factories.make_community(f"ชุมชนใหม่ {n}", cast.fellow)
    with count_queries() as after:
        client.get("/search?q=Zyxwvuts")
    assert len(after) <= len(before) <= 12 and len(filtered) <= 12


# ---- saying that it is missing -------------------------------------------------------------------------------------


def test_asking_in_one_step_and_seeing_what_becomes_of_it(login_as, cast, library):
    client = login_as(cast.fellow)
    answer = client.post("/search/requests", data={"q": "วิธีเลี้ยงมังกร", "details": "ลูกค้าถาม"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search/requests")
    page = client.get("/search/requests").text
    assert "วิธีเลี้ยงมังกร" in page and "ลูกค้าถาม" in page and "รอรับเรื่อง" in page and "แจ้งทีมจัดการความรู้แล้ว" in page
    assert "วิธีเลี้ยงมังกร" not in login_as(cast.outsider).get("/search/requests").text


@pytest.mark.parametrize("data", [{"q": "", "details": "พิมพ์ไว้ยาว"}, {"q": "มังกร", "details": "พิมพ์ไว้ยาว" + "ก" * 1000}])
def test_a_refused_request_keeps_what_was_typed(login_as, cast, data):
    answer = login_as(cast.fellow).post("/search/requests", data=data)
    assert answer.status_code == 422 and "พิมพ์ไว้ยาว" in answer.text and "field-error" in answer.text


def test_a_request_is_withdrawn_by_its_owner_alone(login_as, cast):
    client = login_as(cast.fellow)
    client.post("/search/requests", data={"q": "มังกร"})
    number = re.search(r"/search/requests/(\d+)/withdraw", client.get("/search/requests").text)[1]
    assert login_as(cast.officer).post(f"/search/requests/{number}/withdraw").status_code == 404
    assert client.post(f"/search/requests/{number}/withdraw").status_code == 303
    assert f"/search/requests/{number}/withdraw" not in client.get("/search/requests").text
