"""/admin/search-language/: words that mean the same and own words, looked after on a page, in effect at once."""

import io
import re

import pytest

from kc import search
from kc.models import OwnWord, SynonymGroup
from kc.search import language as known
from kc.services import language, language_presets
from tests import factories
from tests.conftest import count_queries

HOME = "/admin/search-language/"
PAIR = {"terms": "ธ.ก.ส.\nธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "kind": "abbreviation"}


@pytest.fixture(autouse=True)
def own_words_end_here():
    yield
    known.use(())


@pytest.fixture
def officer(login_as, cast):
    return login_as(cast.officer)


@pytest.fixture
def group(cast):
    return language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")


def text_of(page) -> str:
    return re.sub(r"<[^>]+>", "", page.text)


# ---- in effect at once -----------------------------------------------------------------------------------------------


def test_a_pair_added_on_the_page_is_found_both_ways_at_once(officer, cast):
    short = factories.make_article("สวัสดิการของ ธ.ก.ส.", cast.author, status="published")
    full = factories.make_article("ประวัติธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", cast.author, status="published")
    search.rebuild()

    def found(question: str) -> set[int]:
        page = officer.get("/search", query_string={"q": question, "kind": "knowledge"}).text
        return {int(number) for number in re.findall(r'data-hit="knowledge"[^>]*data-id="(\d+)"', page)}

    assert full.id not in found("ธกส")
    assert officer.post(f"{HOME}groups", data=PAIR).status_code == 303
    assert {short.id, full.id} <= found("ธกส")
    assert {short.id, full.id} <= found("ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร")
    officer.post(f"{HOME}groups/{SynonymGroup.get().id}/switch", data={"on": "0"})
    assert full.id not in found("ธกส")


def test_an_own_word_is_in_the_index_when_the_page_answers(officer, cast):
    factories.make_article("ประชุมตาลเดี่ยวทุกวันจันทร์", cast.author, status="published")
    search.rebuild()
    assert officer.post(f"{HOME}words", data={"words": "ตาลเดี่ยว"}).status_code == 303
    page = officer.get(f"{HOME}words").text
    assert "ตาลเดี่ยว" in page and "ดัชนีค้นหาใช้คำชุดล่าสุดแล้ว" in page
    tried = officer.get(f"{HOME}try", query_string={"text": "ประชุมตาลเดี่ยว"}).text
    assert '<li class="chip">ตาลเดี่ยว</li>' in tried


def test_the_page_says_while_the_index_is_behind(officer, cast):
    search.rebuild()
    OwnWord.create(text="ตาลเดี่ยว", key="ตาลเดี่ยว")
    known.changed()
    assert "กำลังปรับดัชนีค้นหา" in officer.get(f"{HOME}words").text
    fragment = officer.get(f"{HOME}status", headers={"HX-Request": "true"}).text
    assert 'hx-trigger="every 3s"' in fragment and "<html" not in fragment
    search.rebuild_if_needed()
    assert "every 3s" not in officer.get(f"{HOME}status", headers={"HX-Request": "true"}).text
    assert officer.get(f"{HOME}status").headers["Location"] == f"{HOME}words"


# ---- the list --------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_how_to_begin(officer):
    page = officer.get(HOME).text
    assert "ยังไม่มีคำที่ใช้แทนกัน" in page and f"{HOME}presets" in page


def test_looking_for_a_word_however_it_is_written(officer, cast):
    language_presets.seed("bank")
    for typed in ("ธกส", "ธ.ก.ส.", "ธ.ก.ส", "สหกรณ์การเกษตร", "baac"):
        page = officer.get(HOME, query_string={"q": typed}).text
        assert "BAAC" in page, typed
        assert 'data-total="0"' not in page
    assert "ไม่พบกลุ่มคำตามที่เลือก" in officer.get(HOME, query_string={"q": "ไม่มีคำนี้แน่"}).text


def test_filters(officer, cast, group):
    language.switch_group(cast.officer, group, False)
    for query, total in (("kind=abbreviation", 1), ("kind=spelling", 0), ("state=on", 0), ("state=off", 1)):
        assert f'data-total="{total}"' in officer.get(f"{HOME}?{query}").text, query


def test_a_fragment_is_part_of_its_page(officer, group, htmx):
    page, fragment = officer.get(HOME).text, officer.get(HOME, headers=htmx).text
    assert fragment.strip() in page and "<html" not in fragment


def test_few_statements_however_many_groups(officer, cast):
    language_presets.seed("bank")
    officer.get(HOME)
    counts = []
    for address in (f"{HOME}?q=npl", HOME, f"{HOME}?page=2"):
        with count_queries() as sent:
            officer.get(address)
        counts.append(len(sent))
    assert max(counts) <= 12 and len(set(counts)) == 1, counts
    for address in (f"{HOME}words", f"{HOME}presets", f"{HOME}try?text=NPL", f"{HOME}groups/{SynonymGroup.get().id}"):
        with count_queries() as sent:
            officer.get(address)
        assert len(sent) <= 12, (address, sent)


# ---- one group -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_bad_group_keeps_what_was_typed(officer, headers):
    answer = officer.post(f"{HOME}groups", data={"terms": "KM", "note": "ใครขอ"}, headers=headers)
    assert answer.status_code == 422
    assert "อย่างน้อยสองคำ" in answer.text and ">\nKM</textarea>" in answer.text.replace("\r", "")
    assert 'value="ใครขอ"' in answer.text
    assert not SynonymGroup.select().exists()


def test_a_word_of_another_group_leads_there(officer, group):
    answer = officer.post(f"{HOME}groups", data={"terms": "KM\nกิโลเมตร", "kind": "synonym"})
    assert answer.status_code == 422
    assert "คำหนึ่งอยู่ได้กลุ่มเดียว" in answer.text
    assert f'href="/admin/search-language/groups/{group.id}"' in answer.text


def test_changing_a_group(officer, group):
    page = officer.get(f"{HOME}groups/{group.id}").text
    assert "การจัดการความรู้" in page and 'name="version" value="1"' in page
    data = {"version": "1", "terms": "KM\nKnowledge Management", "kind": "abbreviation", "note": ""}
    assert officer.post(f"{HOME}groups/{group.id}", data=data).headers["Location"] == HOME
    assert known.current().alike["km"] == ("Knowledge Management",)


def test_both_versions_are_shown_to_who_was_slower(officer, cast, group):
    language.change_group(cast.administrator, group, 1, ["KM", "บริหารความรู้"], "abbreviation", "ของผู้อื่น")
    data = {"version": "1", "terms": "KM\nKnowledge Management", "kind": "abbreviation", "note": "ของฉัน"}
    answer = officer.post(f"{HOME}groups/{group.id}", data=data)
    assert answer.status_code == 409
    for word in ("บริหารความรู้", "ของผู้อื่น", "Knowledge Management", "ของฉัน", 'name="version" value="2"'):
        assert word in answer.text, word
    assert officer.post(f"{HOME}groups/{group.id}", data=data | {"version": "2"}).status_code == 303
    assert known.current().alike["km"] == ("Knowledge Management",)


@pytest.mark.parametrize("version", ["", "0", "nonsense", "99999999999"])
def test_a_form_without_a_version_is_told_what_stands_there(officer, group, version):
    data = {"version": version, "terms": "KM\nKnowledge Management", "kind": "abbreviation"}
    assert officer.post(f"{HOME}groups/{group.id}", data=data).status_code == 409
    assert known.current().alike["km"] == ("การจัดการความรู้",)


def test_deleting_can_be_undone(officer, group):
    answer = officer.post(f"{HOME}groups/{group.id}/delete")
    page = officer.get(answer.headers["Location"]).text
    assert "ลบกลุ่ม “KM = การจัดการความรู้” แล้ว" in page and f"{HOME}groups/{group.id}/restore" in page
    assert officer.get(f"{HOME}groups/{group.id}").status_code == 404
    assert officer.post(f"{HOME}groups/{group.id}/restore").status_code == 303
    assert known.current().alike["km"]
    assert officer.get(answer.headers["Location"]).status_code == 200  # back in the browser: nothing to undo any more


def test_bringing_back_what_has_no_room_says_so(officer, cast, group):
    language.delete_group(cast.officer, group)
    language.create_group(cast.officer, ["KM", "กิโลเมตร"], "synonym")
    there = officer.post(f"{HOME}groups/{group.id}/restore").headers["Location"]
    assert "คำหนึ่งอยู่ได้กลุ่มเดียว" in officer.get(there).text


# ---- own words, ready sets, trying -----------------------------------------------------------------------------------


def test_a_bad_own_word_keeps_what_was_typed(officer):
    answer = officer.post(f"{HOME}words", data={"words": "ตาลเดี่ยว\nธนาคาร"})
    assert answer.status_code == 422
    assert "อยู่ในพจนานุกรมแล้ว" in answer.text and "ตาลเดี่ยว\nธนาคาร" in answer.text.replace("\r", "")
    assert not OwnWord.select().exists()


def test_names_are_offered_and_taken_together(officer, cast):
    factories.make_unit("สาขาเดิมบางนางบวช")
    factories.make_unit("สาขาปากช่อง")
    page = officer.get(f"{HOME}words").text
    assert "unit:เดิมบางนางบวช" in page
    assert (
        officer.post(f"{HOME}words/suggested", data={"word": ["unit:เดิมบางนางบวช", "unit:ปากช่อง"]}).status_code == 303
    )
    assert {(w.text, w.source) for w in OwnWord.select()} == {("เดิมบางนางบวช", "unit"), ("ปากช่อง", "unit")}
    assert "unit:ปากช่อง" not in officer.get(f"{HOME}words").text


def test_an_own_word_off_deleted_and_back(officer, cast):
    word = language.add_words(cast.officer, ["ตาลเดี่ยว"])[0]
    officer.post(f"{HOME}words/{word.id}/switch", data={"on": "0"})
    assert not known.current().words
    there = officer.post(f"{HOME}words/{word.id}/delete").headers["Location"]
    assert "ลบคำ “ตาลเดี่ยว” แล้ว" in officer.get(there).text
    officer.post(f"{HOME}words/{word.id}/restore")
    assert OwnWord.get().deleted_at is None


def test_ready_sets(officer):
    assert "เพิ่ม" in officer.get(f"{HOME}presets").text
    officer.post(f"{HOME}presets/hospital")
    page = officer.get(f"{HOME}presets").text
    assert "ครบแล้ว" in page
    assert "โรงพยาบาล" in officer.get(f"{HOME}?origin=hospital").text
    assert officer.post(f"{HOME}presets/nonsense").status_code == 422


def test_trying_a_question(officer, group):
    page = text_of(officer.get(f"{HOME}try", query_string={"text": "แผน KM ปีนี้"}))
    assert "การจัดการความรู้" in page
    assert "ไม่มีคำใดในคำถามนี้" in officer.get(f"{HOME}try", query_string={"text": "ลูกหนี้"}).text
    for odd in ("", '"', "(((", "ๆ" * 500, "\x00่่", "-", "ก" * 2000):
        assert officer.get(f"{HOME}try", query_string={"text": odd}).status_code == 200


def test_what_is_tried_is_what_search_does(app, cast, group):
    from kc.search.query import parse

    language_presets.seed("bank")
    for question in ("แผน KM ของ ธ.ก.ส.", "ลด NPLs ด้วยการปรับโครงสร้างหนี้", "ลูกค้า", "การจัด การความรู้"):
        tried = {other for one in search.wording.widenings(question) for other in one.others}
        assert tried == {other for same in parse(question).same for other in same.otherwise}, question


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_out_and_in(officer, cast, group, ending):
    out = officer.get(f"{HOME}export.{ending}")
    assert "attachment" in out.headers["Content-Disposition"]
    language.delete_group(cast.officer, group)
    upload = {"file": (io.BytesIO(out.data), f"words.{ending}")}
    preview = officer.post(f"{HOME}import", data=upload).headers["Location"]
    page = officer.get(preview).text
    assert "KM = การจัดการความรู้" in page and "ยืนยันนำเข้า" in page
    assert not known.current().alike  # only looked at so far
    assert officer.post(preview).headers["Location"] == HOME
    assert known.current().alike["km"] == ("การจัดการความรู้",)
    assert officer.get(preview).status_code == 303  # used up


def test_a_bad_file_and_a_bad_row(officer, group):
    assert officer.get(f"{HOME}export.pdf").status_code == 404
    assert "โปรดเลือกไฟล์" in officer.post(f"{HOME}import").text
    answer = officer.post(f"{HOME}import", data={"file": (io.BytesIO(b"%PDF-1.7"), "x.pdf")})
    assert answer.status_code == 422
    rows = "ชนิด,คำที่ 1,คำที่ 2\n,คำใหม่หนึ่ง,คำใหม่สอง\n,KM,\n".encode()
    preview = officer.post(f"{HOME}import", data={"file": (io.BytesIO(rows), "x.csv")}).headers["Location"]
    page = officer.get(preview).text
    assert "แถวที่ 3" in page and "ยืนยันนำเข้า" not in page
    assert officer.post(preview).status_code == 422
    assert SynonymGroup.select().count() == 1
    officer.post(f"{preview}/discard")
    assert officer.get(preview).status_code == 303


# ---- the way there ---------------------------------------------------------------------------------------------------


def test_the_km_team_finds_the_door(login_as, cast):
    page = login_as(cast.officer).get("/admin/").text
    assert HOME in page and "/admin/employees/" not in page
    assert HOME not in login_as(cast.coordinator).get("/admin/").text
    both = login_as(cast.administrator).get("/admin/").text
    assert HOME in both and "/admin/employees/" in both


def test_missing_ones(officer):
    for address in ("groups/999", "groups/999/delete", "words/999/delete", "words/999/restore"):
        method = officer.get if address == "groups/999" else officer.post
        assert method(f"{HOME}{address}").status_code == 404
    assert officer.get(f"{HOME}groups/1/delete").status_code == 405


def test_typing_in_the_filter_of_own_words_looks_for_no_suggestions(officer, htmx, monkeypatch):
    asked = []
    monkeypatch.setattr("kc.services.language_lists.suggested", lambda: asked.append(1) or [])
    officer.get("/admin/search-language/words?q=ก", headers=htmx)
    assert asked == []
    officer.get("/admin/search-language/words?q=ก")
    assert asked == [1]
