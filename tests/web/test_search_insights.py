"""The KM team's pages: what is missing, what is searched for. No names, few statements, nothing typed lost."""

import io

import pytest
from openpyxl import load_workbook

from kc import search
from kc.models import AuditEntry, SearchGap
from kc.services import search_gaps, search_log
from kc.services.search_log import Searched
from tests import factories
from tests.conftest import count_queries, run_command


@pytest.fixture
def searches(cast):
    search.rebuild()

    def look(who, text, total=3, opens=0):
        number = search_log.note(who, Searched(text, text, total))
        if opens:
            search_log.note_opening(number, "knowledge", 1, opens)

    for who in (cast.author, cast.fellow):
        look(who, "หนี้เสีย", total=0)
        look(who, "NPLs", opens=2)
    look(cast.outsider, "ค่าไฟ")
    look(cast.coordinator, "=1+1 ของสูตร", total=0)
    return look


def test_what_is_missing_stands_on_the_page_without_names(login_as, cast, searches):
    search_gaps.ask(cast.fellow, "ช้างเผือก")
    page = login_as(cast.officer).get("/search/insights").text
    assert "หนี้เสีย" in page and "2 ครั้ง จาก 2 คน" in page and "ช้างเผือก" in page
    assert not any(who.name in page for who in (cast.author, cast.fellow, cast.outsider))
    assert '<a href="/search?q=%E0%B8%AB%E0%B8%99%E0%B8%B5%E0%B9%89%E0%B9%80%E0%B8%AA%E0%B8%B5%E0%B8%A2">' in page


def test_what_is_searched_for_stands_on_the_other_page(login_as, cast, searches):
    page = login_as(cast.officer).get("/search/insights/searches").text
    assert "NPLs" in page and "ค่าไฟ" in page and "อันดับ 2" in page and "แล้วค้นใหม่ว่า" in page
    assert not any(who.name in page for who in (cast.author, cast.fellow, cast.outsider))


@pytest.mark.parametrize("period", ["7", "30", "90", "2569", "2568", "x", "31", "-1", "9" * 30])
@pytest.mark.parametrize("page", ["", "/searches"])
def test_every_period_and_nonsense_has_a_page(login_as, cast, searches, page, period):
    assert login_as(cast.officer).get(f"/search/insights{page}?period={period}").status_code == 200


@pytest.mark.parametrize("page", ["", "/searches", "?state=answered"])
def test_without_searches_the_page_says_so(login_as, cast, page):
    assert "empty-title" in login_as(cast.officer).get(f"/search/insights{page}").text


@pytest.mark.parametrize("page", ["/search/insights", "/search/insights/searches"])
def test_statements_are_few_and_do_not_grow(login_as, cast, searches, page):
    client = login_as(cast.officer)
    client.get(page)
    with count_queries() as before:
        client.get(page)
    for n in range(10):
        searches(factories.make_employee(), f"คำที่ {n}", total=n % 2, opens=n % 2)
        search_gaps.ask(cast.fellow, f"เรื่องที่ {n}")
    with count_queries() as after:
        client.get(page)
    assert len(after) <= len(before) <= 12, after


def test_taking_up_marking_and_answering(login_as, cast, searches):
    article = factories.make_article("จัดการ NPLs", cast.author, status="published")
    client = login_as(cast.officer)
    there = client.post("/search/insights/gaps", data={"q": "หนี้เสีย"}).headers["Location"]
    page = client.get(there).text
    assert "/knowledge/new?title=" in page and "/communities/new?title=" in page and "ไม่พบ 2 ครั้ง" in page
    answer = client.post(
        there, data={"version": 2, "state": "answered", "article": f"/knowledge/{article.id}", "note": "ใช้คำว่า NPLs"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search/insights")
    gap = SearchGap.get()
    assert (gap.state, gap.article, gap.note, gap.updated_by) == ("answered", article, "ใช้คำว่า NPLs", cast.officer)
    assert "หนี้เสีย" not in client.get("/search/insights").text.split("<table")[-1]
    assert "จัดการ NPLs" in client.get("/search/insights?state=answered").text
    assert (
        AuditEntry.select().where(AuditEntry.action == "search_gap.marked", AuditEntry.actor == cast.officer).count()
        == 2
    )


def test_who_asked_sees_the_answer(login_as, cast):
    article = factories.make_article("เลี้ยงมังกรอย่างไร", cast.author, status="published")
    request = search_gaps.ask(cast.fellow, "มังกร", "ลูกค้าถาม")
    client = login_as(cast.officer)
    page = client.get(f"/search/insights/gaps/{request.gap_id}").text
    assert "เกศินี มานะ" in page and "ลูกค้าถาม" in page, "who asked by name is seen by those who answer"
    data = {"version": 1, "state": "answered", "article": str(article.id), "note": ""}
    client.post(f"/search/insights/gaps/{request.gap_id}", data=data)
    assert "เลี้ยงมังกรอย่างไร" in login_as(cast.fellow).get("/search/requests").text


def test_a_refused_mark_keeps_what_was_typed(login_as, cast):
    gap = search_gaps.take_up(cast.officer, "มังกร")
    data = {"version": 2, "state": "answered", "article": "/knowledge/99999", "note": "พิมพ์ไว้ยาว"}
    answer = login_as(cast.officer).post(f"/search/insights/gaps/{gap.id}", data=data)
    assert answer.status_code == 422 and "พิมพ์ไว้ยาว" in answer.text and "/knowledge/99999" in answer.text
    assert "ไม่พบองค์ความรู้" in answer.text and SearchGap.get().state == "working"


def test_the_second_to_save_sees_both_versions_and_may_save_over_it(login_as, cast):
    gap = search_gaps.take_up(cast.officer, "มังกร")
    there, client = f"/search/insights/gaps/{gap.id}", login_as(cast.officer)
    assert 'name="version" value="2"' in client.get(there).text
    client.post(there, data={"version": 2, "state": "working", "article": "", "note": "ของคนแรก"})
    data = {"state": "answered", "article": "", "note": "ของคนที่สอง"}
    answer = client.post(there, data=data | {"version": 2})
    assert answer.status_code == 409 and "ของคนแรก" in answer.text and "ของคนที่สอง" in answer.text
    assert SearchGap.get().note == "ของคนแรก" and 'name="version" value="3"' in answer.text
    assert client.post(there, data=data | {"version": 3}).status_code == 303
    assert SearchGap.get().note == "ของคนที่สอง"


def test_once_is_one_time_in_english(login_as, cast, searches):
    client = login_as(cast.officer)
    client.post("/account/language", data={"language": "en", "next": "/"})
    page = client.get("/search/insights").text
    assert "1 time by 1 person" in page and "2 times by 2 people" in page


def test_a_missing_gap_is_not_found(login_as, cast):
    assert login_as(cast.officer).get("/search/insights/gaps/4711").status_code == 404


def test_the_title_is_filled_in_where_it_is_written(login_as, cast):
    client = login_as(cast.officer)
    assert 'value="วิธีเลี้ยงมังกร"' in client.get("/knowledge/new?title=วิธีเลี้ยงมังกร").text
    assert "วิธีเลี้ยงมังกร" in client.get("/communities/new?title=วิธีเลี้ยงมังกร").text


def test_the_workbook_holds_text_as_text_and_numbers_as_numbers(login_as, cast, searches):
    answer = login_as(cast.officer).get("/search/insights/export.xlsx?period=30")
    assert answer.mimetype.endswith("sheet") and ".xlsx" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames[:2] == ["สรุป", "ความรู้ที่ขาด"]
    rows = {row[0].value: row for row in book["ความรู้ที่ขาด"].iter_rows(min_row=2)}
    assert rows["หนี้เสีย"][1].value == 2 and rows["=1+1 ของสูตร"][0].data_type == "s"
    assert book["สรุป"]["B2"].value == 6


def test_the_door_is_in_the_team_s_menu_alone(login_as, cast):
    assert 'href="/search/insights"' in login_as(cast.officer).get("/").text
    assert 'href="/search/insights"' not in login_as(cast.fellow).get("/").text


def test_the_command_prints_the_figures(app, settings, cast, searches, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    said = run_command("search-quality", "--days", "7")
    assert said.exit_code == 0, said.output
    assert [line.split()[-1] for line in said.output.splitlines()] == ["6", "33.3%", "50.0%", "0.500"]
