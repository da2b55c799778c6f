"""Writing knowledge: starting, saving, saved as typed, two people at once, notes pulled in, steps to publication."""

import re

import pytest
from werkzeug.datastructures import MultiDict

from kc import clock
from kc.models import ArticleMeasure, AuditEntry, Community, KnowledgeArticle, Notice
from kc.services import articles, attachments
from tests import factories
from tests.conftest import STATEMENTS, count_queries

PARTS = ("background", "goals", "target_group", "method", "results")


@pytest.fixture
def draft(cast):
    return factories.make_article("เทคนิคเยี่ยมลูกค้า", cast.author, community=cast.community, unit=cast.branch)


def token_on(page: str) -> str:
    return re.search(r'name="version" value="([^"]+)"', page)[1]


def fields_of(article, **changes):
    """What the editor's form sends, with changes."""
    values = {part: getattr(article, part) for part in PARTS} | {
        "title": article.title,
        "summary": article.summary,
        "kind": article.kind,
        "knowledge_type": "",
        "community": str(article.community_id or ""),
        "topic": str(article.topic_id or ""),
        "unit": str(article.unit_id or ""),
        "results_on": "31/3/2569",
        "authors_sent": "1",
        "authors": str(article.created_by_id),
        "measures_sent": "1",
    }
    return values | changes


def again(article) -> KnowledgeArticle:
    return KnowledgeArticle.get_by_id(article.id)


# ---- starting ------------------------------------------------------------------------------------------------------


def start(client, **values):
    return client.post("/knowledge/new", data={"title": "ออมวันละบาท", "kind": "story", "form_key": "k"} | values)


def test_start_is_filled_in_from_the_community(cast, login_as):
    page = login_as(cast.author).get(f"/knowledge/new?community={cast.community.id}").text
    assert 'value="การติดตามหนี้ค้างชำระอย่างเข้าใจลูกค้า"' in page
    assert re.search(rf'<option selected value="{cast.community.id}"', page)


def test_start_ignores_a_community_of_others(cast, login_as):
    page = login_as(cast.outsider).get(f"/knowledge/new?community={cast.community.id}").text
    assert "การติดตามหนี้ค้างชำระอย่างเข้าใจลูกค้า" not in page


def test_start_makes_a_draft_and_opens_the_editor(cast, login_as):
    answer = start(login_as(cast.author), community=cast.community.id)
    article = KnowledgeArticle.get()
    assert answer.status_code == 303 and answer.location == f"/knowledge/{article.id}/edit"
    assert (article.status, article.community, article.topic) == ("draft", cast.community, cast.community.topic)
    assert article.unit == cast.branch and article.fiscal_year == cast.community.fiscal_year
    assert [a.name for a in articles.authors_of(article)] == ["กมล ใจดี"]


def test_double_click_starts_one(cast, login_as):
    client = login_as(cast.author)
    first, second = start(client), start(client)
    assert first.location == second.location
    assert KnowledgeArticle.select().count() == 1


def test_start_without_title_keeps_typing(cast, login_as):
    answer = start(login_as(cast.author), title=" ", kind="story", community=cast.community.id)
    assert answer.status_code == 422 and "โปรดตั้งชื่อองค์ความรู้" in answer.text
    assert re.search(rf'<option selected value="{cast.community.id}"', answer.text)
    assert "checked" in answer.text


def test_start_for_a_community_of_others_is_refused(cast, login_as):
    answer = start(login_as(cast.outsider), community=cast.community.id)
    assert answer.status_code == 422 and "เฉพาะชุมชนที่คุณเป็นสมาชิก" in answer.text
    assert KnowledgeArticle.select().count() == 0


# ---- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status", "expected"),
    [
        ("author", "draft", 200),
        ("fellow", "draft", 200),
        ("coordinator", "draft", 200),
        ("officer", "draft", 200),
        ("outsider", "draft", 404),
        ("executive", "draft", 404),
        ("author", "published", 403),
        ("outsider", "published", 403),
        ("coordinator", "published", 200),
        ("author", "submitted", 403),
    ],
)
def test_who_may_edit(cast, login_as, draft, who, status, expected):
    KnowledgeArticle.update(status=status).execute()
    client = login_as(getattr(cast, who))
    assert client.get(f"/knowledge/{draft.id}/edit").status_code == expected
    saved = client.post(f"/knowledge/{draft.id}/autosave", data={"version": "1"}).status_code
    assert saved == (expected if status == "draft" or expected != 200 else 422)


@pytest.mark.parametrize("step", ["submit", "withdraw", "publish", "return", "retire", "restore", "delete", "autosave"])
def test_steps_are_posts(cast, login_as, draft, step):
    assert login_as(cast.author).get(f"/knowledge/{draft.id}/{step}").status_code == 405


@pytest.mark.parametrize("step", ["publish", "return", "retire", "restore"])
def test_authors_cannot_take_the_steps_of_publishers(cast, login_as, draft, step):
    assert login_as(cast.author).post(f"/knowledge/{draft.id}/{step}", data={"reason": "x"}).status_code == 403
    assert login_as(cast.outsider).post(f"/knowledge/{draft.id}/{step}").status_code == 404


def test_typed_words_survive_a_lost_sign_in(client, draft):
    answer = client.post(f"/knowledge/{draft.id}/edit", data={"method": "ข้อความที่พิมพ์ไว้ยาว"})
    assert answer.status_code == 401 and "ข้อความที่พิมพ์ไว้ยาว" in answer.text
    quiet = client.post(f"/knowledge/{draft.id}/autosave", data={}, headers={"Accept": "application/json"})
    assert quiet.status_code == 401


# ---- saving --------------------------------------------------------------------------------------------------------


def test_editor_statements_do_not_grow(cast, login_as, draft):
    client = login_as(cast.author)
    with count_queries() as few:
        client.get(f"/knowledge/{draft.id}/edit")
    session = factories.make_session(cast.community)
    for n in range(10):
        factories.make_note(session, cast.fellow, speaker=cast.author)
        ArticleMeasure.create(article=draft, measure=f"ตัววัด {n}")
        attachments.store(f"{n}".encode(), f"{n}.txt", by=cast.author, article=draft)
    with count_queries() as many:
        assert client.get(f"/knowledge/{draft.id}/edit").status_code == 200
    assert len(few) == len(many) <= STATEMENTS, "\n".join(many)
    with count_queries() as fellow:
        login_as(cast.fellow).get(f"/knowledge/{draft.id}/edit")
    assert len(fellow) <= STATEMENTS, "\n".join(fellow)


def test_save_keeps_everything(cast, login_as, draft):
    """The entry screen of the five parts, the day of the results and the figures (S0-171)."""
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    posted = MultiDict(fields_of(draft, version=token, method="**ใหม่**", results_on="๑ เม.ย. ๒๕๖๙", kind="manual"))
    posted.setlist("authors", [str(cast.author.id), str(cast.fellow.id)])
    for name, values in {
        "m_measure": ["หนี้ค้าง", ""],
        "m_unit": ["ราย", ""],
        "m_before": ["67", ""],
        "m_target": ["30", ""],
        "m_after": ["21", ""],
    }.items():
        posted.setlist(name, values)
    answer = client.post(f"/knowledge/{draft.id}/edit", data=posted)
    assert answer.status_code == 303 and answer.location == f"/knowledge/{draft.id}"
    saved = again(draft)
    assert (saved.method, saved.kind, saved.results_on.isoformat()) == ("**ใหม่**", "manual", "2026-04-01")
    assert [a.name for a in articles.authors_of(saved)] == ["กมล ใจดี", "เกศินี มานะ"]
    assert [(m.measure, m.after) for m in articles.measures_of(saved)] == [("หนี้ค้าง", "21")]
    assert AuditEntry.select().where(AuditEntry.action == "article.edited").count() == 1


def test_saving_the_same_again_changes_nothing(cast, login_as, draft):
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    client.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=token))
    assert again(draft).version == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "โปรดตั้งชื่อองค์ความรู้"),
        ({"results_on": "31/2/2569"}, "2569"),
        ({"unit": "3"}, "เลือกได้เฉพาะสังกัด"),
        ({"topic": "99"}, "ไม่ได้อยู่ในปีขององค์ความรู้"),
        ({"author": "ไม่มีคนนี้"}, "ไม่พบพนักงาน"),
    ],
)
def test_bad_input_keeps_the_typing(cast, login_as, draft, changes, sentence):
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    posted = fields_of(draft, version=token, method="พิมพ์ไว้ยาวมาก", **changes)
    answer = client.post(f"/knowledge/{draft.id}/edit", data=posted)
    assert answer.status_code == 422 and sentence in answer.text
    assert "พิมพ์ไว้ยาวมาก" in answer.text


def test_retired_topic_is_refused_for_new_use_and_kept_where_it_stands(cast, login_as, draft):
    retired = factories.make_topic("ของเก่า", year=draft.fiscal_year, retired_at=clock.now())
    client = login_as(cast.author)
    page = client.get(f"/knowledge/{draft.id}/edit").text
    assert "ของเก่า" not in page
    answer = client.post(
        f"/knowledge/{draft.id}/edit",
        data=fields_of(draft, version=token_on(page), topic=str(retired.id), community=str(draft.community_id)),
    )
    assert answer.status_code == 422 and "เลิกใช้แล้ว" in answer.text
    KnowledgeArticle.update(topic=retired).execute()
    page = client.get(f"/knowledge/{draft.id}/edit").text
    assert "ของเก่า" in page
    ok = client.post(f"/knowledge/{draft.id}/edit", data=fields_of(again(draft), version=token_on(page), method="ต่อ"))
    assert ok.status_code == 303 and again(draft).topic == retired


def test_buttons_without_javascript(cast, login_as, draft):
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    row = {"m_measure": "หนี้", "m_unit": "", "m_before": "", "m_target": "", "m_after": ""}
    answer = client.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=token, add_measure="1", **row))
    assert answer.location.endswith("/edit#measures")
    assert [m.measure for m in articles.measures_of(draft)] == ["หนี้"]
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    client.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=token, remove_measure="1", **row))
    assert articles.measures_of(draft) == []
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    posted = fields_of(draft, version=token, add_author="", author="เกศินี มานะ")
    assert client.post(f"/knowledge/{draft.id}/edit", data=posted).location.endswith("#authors")
    assert len(articles.authors_of(draft)) == 2
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    posted = MultiDict(fields_of(draft, version=token, remove_author=str(cast.fellow.id)))
    posted.setlist("authors", [str(cast.author.id), str(cast.fellow.id)])
    client.post(f"/knowledge/{draft.id}/edit", data=posted)
    assert articles.authors_of(draft) == [cast.author]


def test_last_author_cannot_be_taken_out(cast, login_as, draft):
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    answer = client.post(
        f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=token, remove_author=str(cast.author.id))
    )
    assert answer.status_code == 422 and "ต้องมีผู้เขียนอย่างน้อยหนึ่งคน" in answer.text
    assert articles.authors_of(draft) == [cast.author]


# ---- notes of the community ----------------------------------------------------------------------------------------


def test_notes_are_offered_and_pulled_in_without_javascript(cast, login_as, draft):
    note = factories.make_note(
        factories.make_session(cast.community), cast.fellow, "ฟังก่อนพูดเรื่องหนี้", kind="technique", speaker=cast.fellow
    )
    client = login_as(cast.author)
    page = client.get(f"/knowledge/{draft.id}/edit").text
    assert "ฟังก่อนพูดเรื่องหนี้" in page
    posted = fields_of(draft, version=token_on(page), method="เขียนค้างไว้", pull=f"{note.id}:method")
    answer = client.post(f"/knowledge/{draft.id}/edit", data=posted)
    assert answer.location.endswith("/edit#method")
    assert again(draft).method == "เขียนค้างไว้\n\nฟังก่อนพูดเรื่องหนี้ (เกศินี มานะ)"


def test_notes_of_other_communities_stay_there(cast, login_as, draft):
    other = factories.make_community("กลุ่มลับ", cast.outsider)
    note = factories.make_note(factories.make_session(other), cast.outsider, "ความลับของกลุ่มอื่น")
    gone = factories.make_note(factories.make_session(cast.community), cast.fellow, "ลบแล้ว", deleted_at=clock.now())
    client = login_as(cast.author)
    page = client.get(f"/knowledge/{draft.id}/edit").text
    assert "ความลับของกลุ่มอื่น" not in page and "ลบแล้ว" not in page
    for pull in (f"{note.id}:method", f"{gone.id}:method", f"{note.id}:title", "x", "99999999999:method"):
        client.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=token_on(page), pull=pull))
    assert "ความลับ" not in again(draft).method and again(draft).title == "เทคนิคเยี่ยมลูกค้า"


def test_author_outside_the_community_is_shown_no_notes(cast, login_as, draft):
    factories.make_note(factories.make_session(cast.community), cast.fellow, "เฉพาะสมาชิกรู้")
    articles.save(cast.author, draft, {"authors": (cast.author.id, cast.outsider.id)}, "1")
    answer = login_as(cast.outsider).get(f"/knowledge/{draft.id}/edit")
    assert answer.status_code == 200 and "เฉพาะสมาชิกรู้" not in answer.text


# ---- saved as typed ------------------------------------------------------------------------------------------------


def autosave(client, article, token, **fields):
    return client.post(
        f"/knowledge/{article.id}/autosave",
        data={"version": token} | fields,
        headers={"Accept": "application/json", "X-Autosave": "1"},
    )


def test_autosave_confirms_with_the_clock(cast, login_as, draft):
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    with clock.freeze(clock.from_local(clock.to_local(clock.now()).replace(hour=14, minute=2, tzinfo=None))):
        answer = autosave(client, draft, token, method="ทีละตัวอักษร")
        assert answer.status_code == 200 and answer.json["saved_at"] == "14:02"
        assert again(draft).method == "ทีละตัวอักษร"
        for text in ("ก", "ข", "ทีละตัวอักษร", "ค"):
            answer = autosave(client, draft, answer.json["version"], method=text)
            assert answer.status_code == 200
    assert again(draft).method == "ค" and again(draft).version == 6
    assert AuditEntry.select().where(AuditEntry.action == "article.edited").count() == 1


def test_taking_a_change_back_is_a_change(cast, login_as, draft):
    client = login_as(cast.author)
    before = draft.method
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    first = autosave(client, draft, token, method="เปลี่ยนใจ")
    autosave(client, draft, first.json["version"], method=before)
    assert again(draft).method == before


def test_half_typed_date_and_empty_title_do_not_stop_the_rest(cast, login_as, draft):
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    answer = autosave(client, draft, token, method="ต่อ", results_on="31/", title="")
    assert answer.status_code == 200 and "ยังไม่รวมวันที่" in answer.json["saved_at"]
    saved = again(draft)
    assert (saved.method, saved.title, saved.results_on) == ("ต่อ", draft.title, draft.results_on)


def test_published_text_is_not_saved_half_typed(cast, login_as, draft):
    KnowledgeArticle.update(status="published").execute()
    answer = autosave(login_as(cast.officer), draft, "1", method="ครึ่งประ")
    assert answer.status_code == 422 and answer.json["error"]
    assert again(draft).method == draft.method


# ---- two people at once --------------------------------------------------------------------------------------------


def test_different_parts_are_merged_silently(cast, login_as, draft):
    one, two = login_as(cast.author), login_as(cast.fellow)
    mine, theirs = (token_on(c.get(f"/knowledge/{draft.id}/edit").text) for c in (one, two))
    assert (
        two.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=theirs, results="ผลของเกศินี")).status_code
        == 303
    )
    first = autosave(one, draft, mine, **fields_of(draft, method="วิธีของกมล"))
    assert first.status_code == 200
    assert first.json["news"] == {"results": {"was": draft.results, "now": "ผลของเกศินี"}}
    # The form still shows the old results: saving again must not put them back.
    second = autosave(one, draft, first.json["version"], **fields_of(draft, method="วิธีของกมล ข้อสอง"))
    assert second.status_code == 200
    saved = again(draft)
    assert (saved.method, saved.results) == ("วิธีของกมล ข้อสอง", "ผลของเกศินี")
    # Once the form shows the news, writing on there is no conflict.
    fields = fields_of(draft, method=saved.method, results="ผลของเกศินี และกมล")
    third = autosave(one, draft, second.json["news_version"], **fields)
    assert third.status_code == 200 and again(draft).results == "ผลของเกศินี และกมล"


def test_same_part_shows_both_and_loses_nothing(cast, login_as, draft):
    one, two = login_as(cast.author), login_as(cast.fellow)
    mine, theirs = (token_on(c.get(f"/knowledge/{draft.id}/edit").text) for c in (one, two))
    two.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=theirs, method="ฉบับเกศินี", goals="เป้าใหม่"))
    posted = fields_of(draft, version=mine, method="ฉบับกมล", background="ที่มาใหม่")
    answer = one.post(f"/knowledge/{draft.id}/edit", data=posted)
    assert answer.status_code == 409
    assert "ฉบับเกศินี" in answer.text and "ฉบับกมล" in answer.text and "ที่มาใหม่" in answer.text
    assert again(draft).method == "ฉบับเกศินี"
    chosen = posted | {"version": token_on(answer.text), "choice_method": "both"}
    assert one.post(f"/knowledge/{draft.id}/edit", data=chosen).status_code == 303
    saved = again(draft)
    assert saved.method == "ฉบับเกศินี\n\nฉบับกมล"
    assert (saved.background, saved.goals) == ("ที่มาใหม่", "เป้าใหม่")


@pytest.mark.parametrize(("choice", "kept"), [("mine", "ฉบับกมล"), ("theirs", "ฉบับเกศินี")])
def test_choosing_one_version(cast, login_as, draft, choice, kept):
    one, two = login_as(cast.author), login_as(cast.fellow)
    mine, theirs = (token_on(c.get(f"/knowledge/{draft.id}/edit").text) for c in (one, two))
    two.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=theirs, method="ฉบับเกศินี"))
    posted = fields_of(draft, version=mine, method="ฉบับกมล")
    page = one.post(f"/knowledge/{draft.id}/edit", data=posted).text
    one.post(f"/knowledge/{draft.id}/edit", data=posted | {"version": token_on(page), "choice_method": choice})
    assert again(draft).method == kept


def test_autosave_conflict_tells_both(cast, login_as, draft):
    one, two = login_as(cast.author), login_as(cast.fellow)
    mine, theirs = (token_on(c.get(f"/knowledge/{draft.id}/edit").text) for c in (one, two))
    autosave(two, draft, theirs, method="ฉบับเกศินี")
    answer = autosave(one, draft, mine, method="ฉบับกมล", goals="เป้าของกมล")
    assert answer.status_code == 409
    assert answer.json["theirs"] == {"method": "ฉบับเกศินี"} and answer.json["by"] == "เกศินี มานะ"
    kept = autosave(one, draft, answer.json["version"], method="ฉบับกมล", goals="เป้าของกมล")
    assert kept.status_code == 200
    assert (again(draft).method, again(draft).goals) == ("ฉบับกมล", "เป้าของกมล")


def test_words_written_too_late_are_shown_to_copy(cast, login_as, draft):
    client = login_as(cast.author)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    KnowledgeArticle.update(status="submitted").execute()
    answer = client.post(f"/knowledge/{draft.id}/edit", data=fields_of(draft, version=token, method="เขียนเพลินไปหน่อย"))
    assert answer.status_code == 409 and "เขียนเพลินไปหน่อย" in answer.text
    assert again(draft).method == draft.method


# ---- to publication ------------------------------------------------------------------------------------------------


def test_the_way_to_publication(cast, login_as, draft):
    """Written, stored, handed in, published for everybody (S0-06, S0-179)."""
    author, coordinator = login_as(cast.author), login_as(cast.coordinator)
    assert author.post(f"/knowledge/{draft.id}/submit").status_code == 303
    assert again(draft).status == "submitted"
    returned = coordinator.post(f"/knowledge/{draft.id}/return", data={"reason": "เพิ่มตัวอย่างในข้อ 4"})
    assert returned.status_code == 303
    page = author.get(f"/knowledge/{draft.id}/edit").text
    assert "เพิ่มตัวอย่างในข้อ 4" in page
    author.post(f"/knowledge/{draft.id}/submit")
    author.post(f"/knowledge/{draft.id}/withdraw")
    assert again(draft).status == "draft"
    author.post(f"/knowledge/{draft.id}/submit")
    assert coordinator.post(f"/knowledge/{draft.id}/publish").status_code == 303
    published = again(draft)
    assert published.status == "published" and published.published_by == cast.coordinator
    assert published.published_on == clock.today()
    assert login_as(cast.outsider).get(f"/knowledge/{draft.id}").status_code == 200
    actions = [e.action for e in AuditEntry.select().order_by(AuditEntry.id)]
    assert actions[-1] == "article.published" and "article.returned" in actions


def test_s0_44_s0_53_the_historian_gathers_what_was_noted_and_hands_it_in(cast, login_as):
    """What one person told becomes knowledge that others can study, with that person's name in it (S0-18, S0-294)."""
    historian = factories.make_employee("จำปี จดไว", cast.branch)
    factories.make_membership(cast.community, historian, "historian")
    note = factories.make_note(
        factories.make_session(cast.community), historian, "โทรก่อนสิบโมง", kind="technique", speaker_name="กมล ใจดี"
    )
    client = login_as(historian)
    address = start(client, community=cast.community.id).location
    article, token = KnowledgeArticle.get(), token_on(client.get(address).text)
    filled = dict.fromkeys(PARTS, "เล่าไว้แล้ว") | {"version": token, "pull": f"{note.id}:method"}
    client.post(address, data=fields_of(article, **filled))
    assert again(article).method == "เล่าไว้แล้ว\n\nโทรก่อนสิบโมง (กมล ใจดี)"
    assert client.post(f"/knowledge/{article.id}/submit").status_code == 303
    told = Notice.select().where(Notice.kind == "article.submitted")
    assert [notice.employee for notice in told] == [cast.coordinator]
    coordinator = login_as(cast.coordinator)
    assert "ออมวันละบาท" in coordinator.get("/knowledge/?tab=waiting").text
    coordinator.post(f"/knowledge/{article.id}/publish")
    shelf = login_as(cast.outsider).get(f"/knowledge/?topic={cast.community.topic.series}").text
    assert "ออมวันละบาท" in shelf
    assert "โทรก่อนสิบโมง (กมล ใจดี)" in login_as(cast.outsider).get(f"/knowledge/{article.id}").text


def test_s0_46_a_coordinator_signs_a_unit_up_and_reports_what_its_secretary_wrote(cast, login_as):
    """Nothing is typed a second time (S0-205)."""
    client = login_as(cast.coordinator)
    application = {
        "knowledge_title": "ออมวันละบาท",
        "topic": str(factories.make_topic().id),
        "unit": str(cast.branch.id),
    }
    assert client.post("/communities/new", data=application).status_code == 303
    made = Community.get(Community.knowledge_title == "ออมวันละบาท")
    assert made.unit == cast.branch
    factories.make_membership(made, cast.fellow, "historian")
    said = "ตั้งกล่องออมไว้หน้าบ้าน\nเก็บทุกเย็นวันศุกร์"
    note = factories.make_note(factories.make_session(made), cast.fellow, said, kind="conclusion")
    address = start(client, community=made.id).location
    article, token = KnowledgeArticle.get(), token_on(client.get(address).text)
    filled = dict.fromkeys(PARTS, "ตามบันทึก") | {"version": token, "pull": f"{note.id}:results"}
    client.post(address, data=fields_of(article, **filled))
    assert client.post(f"/knowledge/{article.id}/publish").status_code == 303
    published = again(article)
    assert (published.status, published.unit, published.community) == ("published", cast.branch, made)
    assert said in published.results


def test_s0_54_who_publishes_may_first_make_it_pleasant_to_read(cast, login_as, draft):
    login_as(cast.author).post(f"/knowledge/{draft.id}/submit")
    officer, address = login_as(cast.officer), f"/knowledge/{draft.id}/edit"
    token = token_on(officer.get(address).text)
    better = {"title": "เยี่ยมก่อน หนี้ไม่ค้าง", "summary": "สามขั้นตอนที่ใช้ได้ทุกสาขา", "method": "**ฟังก่อน** แล้วค่อยเสนอ"}
    posted = fields_of(again(draft), version=token, **better, then="publish")
    assert officer.post(address, data=posted).status_code == 303
    page = login_as(cast.outsider).get(f"/knowledge/{draft.id}").text
    assert "เยี่ยมก่อน หนี้ไม่ค้าง" in page and "สามขั้นตอนที่ใช้ได้ทุกสาขา" in page and "<strong>ฟังก่อน</strong>" in page


def test_incomplete_is_not_handed_in(cast, login_as, draft):
    KnowledgeArticle.update(results="", results_on=None).execute()
    answer = login_as(cast.author).post(f"/knowledge/{draft.id}/submit")
    assert answer.status_code == 422
    assert "5. ผลลัพธ์ที่เกิดจากกิจกรรม CoPs" in answer.text and "ผลลัพธ์ ณ วันที่" in answer.text
    assert again(draft).status == "draft"
    page = login_as(cast.author).get(f"/knowledge/{draft.id}").text
    assert f'href="/knowledge/{draft.id}/edit#results"' in page


def test_return_needs_a_reason(cast, login_as, draft):
    KnowledgeArticle.update(status="submitted", submitted_at=clock.now()).execute()
    answer = login_as(cast.officer).post(f"/knowledge/{draft.id}/return", data={"reason": " "})
    assert answer.status_code == 422 and "โปรดบอกเหตุผล" in answer.text
    assert again(draft).status == "submitted"


def test_what_changed_since_reading_is_not_published_unread(cast, login_as, draft):
    KnowledgeArticle.update(status="submitted", version=5).execute()
    answer = login_as(cast.officer).post(f"/knowledge/{draft.id}/publish", data={"version": "4"})
    assert answer.status_code == 422 and "โปรดอ่านอีกครั้ง" in answer.text
    assert again(draft).status == "submitted"


def test_save_and_publish_in_one(cast, login_as, draft):
    client = login_as(cast.coordinator)
    token = token_on(client.get(f"/knowledge/{draft.id}/edit").text)
    posted = fields_of(draft, version=token, method="พร้อมแล้ว", then="publish")
    assert client.post(f"/knowledge/{draft.id}/edit", data=posted).status_code == 303
    assert (again(draft).status, again(draft).method) == ("published", "พร้อมแล้ว")
    sly = login_as(cast.author)
    other = factories.make_article("อีกเรื่อง", cast.author)
    token = token_on(sly.get(f"/knowledge/{other.id}/edit").text)
    assert (
        sly.post(f"/knowledge/{other.id}/edit", data=fields_of(other, version=token, then="publish")).status_code == 403
    )
    assert again(other).status == "draft"


def test_retire_and_restore(cast, login_as, draft):
    """What works no longer is retired with its reason, and kept (S0-183)."""
    KnowledgeArticle.update(status="published", published_on=clock.today()).execute()
    officer = login_as(cast.officer)
    assert officer.post(f"/knowledge/{draft.id}/retire", data={"reason": "ระเบียบเปลี่ยน"}).status_code == 303
    assert login_as(cast.outsider).get(f"/knowledge/{draft.id}").status_code == 404
    assert "ระเบียบเปลี่ยน" in login_as(cast.author).get(f"/knowledge/{draft.id}").text
    officer.post(f"/knowledge/{draft.id}/restore")
    assert again(draft).status == "published"


def test_discard(cast, login_as, draft):
    assert login_as(cast.fellow).post(f"/knowledge/{draft.id}/delete").status_code == 403
    assert login_as(cast.author).post(f"/knowledge/{draft.id}/delete").status_code == 303
    assert KnowledgeArticle.select().count() == 0
    once = factories.make_article("เคยเผยแพร่", cast.author, published_on=clock.today())
    assert login_as(cast.author).post(f"/knowledge/{once.id}/delete").status_code == 403


def test_preview(cast, login_as, htmx):
    answer = login_as(cast.author).post(
        "/knowledge/preview?part=method", data={"method": "**หนา**<script>x</script>"}, headers=htmx
    )
    assert "<strong>หนา</strong>" in answer.text and "<script>" not in answer.text
    assert "ยังไม่มีข้อความ" in login_as(cast.author).post("/knowledge/preview?part=x", data={}).text
