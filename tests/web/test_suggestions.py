"""GET /search/suggest: groups of suggestions as a fragment; what is remembered, and forgotten again."""

import re

import pytest

from kc import search
from kc.models import RecentSearch
from kc.services import recent_searches, saved_searches, search_insights, search_log
from tests import factories
from tests.conftest import count_queries


@pytest.fixture
def cast(app, cast):
    factories.make_article("ลดหนี้ค้างชำระด้วยการเยี่ยม", cast.author, status="published")
    factories.make_article("หนี้ก้อนสุดท้าย", cast.author, status="published")
    factories.make_article("หนี้ลับในฉบับร่าง", cast.author)
    factories.make_topic("การแก้หนี้เกษตรกร")
    search.rebuild()
    return cast


def options(page: str) -> list[str]:
    found = re.findall(r'role="option".*?<span class="suggest-text">(.*?)</span>', page, re.DOTALL)
    return [re.sub("<small.*?</small>|<.*?>", "", each) for each in found]


def groups(page: str) -> list[str]:
    return re.findall(r'role="group" aria-labelledby="suggest-(\w+)"', page)


def test_titles_people_communities_topics_in_groups(login_as, cast):
    client = login_as(cast.fellow)
    page = client.get("/search/suggest?q=หนี้").text
    assert "<html" not in page and groups(page) == ["knowledge", "topic"]
    assert options(page) == ["หนี้ก้อนสุดท้าย", "ลดหนี้ค้างชำระด้วยการเยี่ยม", "การแก้หนี้เกษตรกร"]
    assert "<mark>หนี้</mark>ก้อนสุดท้าย" in page and 'data-href="/search?topic=' in page
    page = client.get("/search/suggest?q=กมล").text
    assert groups(page) == ["person"] and "สาขาบ้านนา" in page and f'data-href="/people/{cast.author.id}"' in page
    assert options(client.get("/search/suggest?q=ชุมชนคน").text)[-1] == "ชุมชนคนบ้านนา"


def test_words_are_completed_and_searched_for(login_as, cast):
    page = login_as(cast.fellow).get("/search/suggest?q=เยี่").text
    assert groups(page)[0] == "words" and "เยี่ยม" in options(page)
    assert 'data-text="เยี่ยม"' in page


def test_over_the_results_no_titles_are_repeated(login_as, cast):
    page = login_as(cast.fellow).get("/search/suggest?q=หนี้&place=page").text
    assert "knowledge" not in groups(page) and "topic" in groups(page)


def test_drafts_are_suggested_to_nobody(login_as, cast):
    for person in (cast.author, cast.fellow, cast.officer, cast.administrator):
        assert "ฉบับร่าง" not in login_as(person).get("/search/suggest?q=หนี้ลับ").text


def test_who_left_is_not_suggested_though_the_index_still_knows_them(login_as, cast):
    cast.outsider.is_active = False
    cast.outsider.save()
    assert "ไกรสร" not in login_as(cast.fellow).get("/search/suggest?q=ไกรสร").text


def test_the_other_keyboard_layout_is_said(login_as, cast):
    page = login_as(cast.fellow).get("/search/suggest", query_string={"q": "souhdhvo"}).text
    assert options(page)[:2] == ["หนี้ก้อน", "หนี้ก้อนสุดท้าย"] and "อ่านตามแป้นอีกภาษาหนึ่ง" in page


def test_before_typing_it_shows_what_i_searched_and_keep(login_as, cast):
    recent_searches.remember(cast.fellow, "ค่าไฟสาขา")
    recent_searches.remember(cast.outsider, "เรื่องของคนอื่น")
    row = saved_searches.save(cast.fellow, "ออมทรัพย์", {})
    page = login_as(cast.fellow).get("/search/suggest?q=").text
    assert groups(page) == ["recent", "saved"] and options(page) == ["ค่าไฟสาขา", "ออมทรัพย์"]
    assert f'data-href="/search/saved/{row.id}"' in page


def test_my_own_earlier_question_comes_first_and_others_never(login_as, cast):
    recent_searches.remember(cast.fellow, "หนี้ ก้อนโต")
    recent_searches.remember(cast.outsider, "หนี้ของเพื่อน")
    page = login_as(cast.fellow).get("/search/suggest?q=หนี้ก").text
    assert options(page)[0] == "หนี้ ก้อนโต" and "หนี้ของเพื่อน" not in page


def searched(text: str, *people) -> None:
    """Each of them searched for it and opened something."""
    for person in people:
        row = search_log.note(person, search_log.Searched(text, text, 1))
        assert row and search_log.note_opening(row, "knowledge", 1, 1)
    search_insights.forget_answers()


def test_what_several_people_found_is_offered_to_others_and_what_one_sought_is_not(login_as, cast):
    searched("หนี้ค้างชำระน้อยหน่า", cast.author, cast.officer, cast.coordinator)
    searched("หนี้ของฉันคนเดียว", cast.author)
    client = login_as(cast.fellow)
    page = client.get("/search/suggest?q=หนี้ค").text
    assert groups(page)[0] == "words" and options(page)[0] == "หนี้ค้างชำระน้อยหน่า"
    page = client.get("/search/suggest?q=").text
    assert groups(page) == ["popular"] and options(page) == ["หนี้ค้างชำระน้อยหน่า"]
    recent_searches.remember(cast.fellow, "หนี้ค้างชำระ น้อยหน่า")
    page = client.get("/search/suggest?q=").text
    assert groups(page) == ["recent"], "not twice"


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img>', "่้", "\x00", "ก" * 9000, "%", "'", "🙂"])
def test_nothing_typed_breaks_it(login_as, cast, typed):
    recent_searches.remember(cast.fellow, typed)
    client = login_as(cast.fellow)
    for asked in (typed, typed[:1], ""):
        answer = client.get("/search/suggest", query_string={"q": asked})
        assert answer.status_code == 200 and "<script>alert" not in answer.text and "<img>" not in answer.text


def test_few_statements_whatever_there_is(login_as, cast):
    client = login_as(cast.fellow)
    for n in range(12):
        recent_searches.remember(cast.fellow, f"หนี้ {n}")
        factories.make_employee(f"หนี้ดี{n} ทดสอบ", cast.branch)
    search.rebuild()
    client.get("/search/suggest?q=ห")
    for typed in ("", "หนี้", "หนี้ดี"):
        with count_queries() as sent:
            client.get(f"/search/suggest?q={typed}")
        assert len(sent) <= 7, sent


# ---- remembering ----------------------------------------------------------------------------------------------------


def texts(employee) -> list[str]:
    return [row.text for row in recent_searches.of(employee)]


def test_a_search_is_remembered_when_somebody_settled_on_it(login_as, cast, htmx):
    client = login_as(cast.fellow)
    client.get("/search?q=หนี้")
    client.get("/search?q=หนี้ก", headers=htmx | {"X-Search-Typing": "1"})
    client.get("/search?q=หนี้ก้อน", headers=htmx)
    client.get("/search?q=ลด&page=2")
    client.get("/search?year=2569")
    assert texts(cast.fellow) == ["หนี้ก้อน", "หนี้"]
    assert client.post("/search/recent", data={"q": "หนี้ก้อนสุดท้าย"}).status_code == 204
    assert texts(cast.fellow)[0] == "หนี้ก้อนสุดท้าย"


def test_one_is_forgotten_and_then_all(login_as, cast, htmx):
    for text in ("หนึ่ง", "สอง", "สาม"):
        recent_searches.remember(cast.fellow, text)
    client = login_as(cast.fellow)
    first, second, third = recent_searches.of(cast.fellow)
    assert client.post(f"/search/recent/{first.id}/delete").headers["Location"] == "/search/saved"
    assert client.post(f"/search/recent/{second.id}/delete", headers=htmx).status_code == 204
    assert texts(cast.fellow) == [third.text]
    assert client.post("/search/recent/clear").status_code == 303 and texts(cast.fellow) == []


def test_nobody_forgets_for_others(login_as, cast):
    recent_searches.remember(cast.fellow, "หนี้")
    row = RecentSearch.get()
    for person in (cast.outsider, cast.administrator):
        assert login_as(person).post(f"/search/recent/{row.id}/delete").status_code == 404
    assert login_as(cast.fellow).post("/search/recent/999999/delete").status_code == 404
    assert RecentSearch.select().count() == 1


def test_the_empty_search_page_shows_them_without_scripts(login_as, cast):
    recent_searches.remember(cast.fellow, "ค่าไฟสาขา")
    page = login_as(cast.fellow).get("/search").text
    assert 'href="/search?q=%E0%B8%84%E0%B9%88%E0%B8%B2%E0%B9%84%E0%B8%9F' in page
