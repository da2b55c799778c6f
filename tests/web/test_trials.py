"""Trials through the pages: one tap on a note, a plan, the result, the next round, the chain, the knowledge."""

import io
import re

import pytest
from PIL import Image

from kc.models import ArticleTrial, Attachment, KnowledgeArticle, Trial
from kc.services import connections, renewing, trial_articles, trial_chains, trials
from tests import factories
from tests.conftest import STATEMENTS, count_queries

WHAT = "โทรนัดลูกค้าก่อนครบกำหนด 45 วัน"


@pytest.fixture
def base(cast):
    return f"/communities/{cast.community.id}/trials"


@pytest.fixture
def session(cast):
    return factories.make_session(cast.community)


@pytest.fixture
def note(cast, session):
    return factories.make_note(session, cast.author, "โทรนัดลูกค้าล่วงหน้า")


@pytest.fixture
def trial(cast):
    return trials.start(cast.author, cast.community, WHAT, measure="ไม่มาตามนัด", before="67", target="30", unit="ราย")


def plan_of(**overrides):
    return {
        "form_key": "one-form",
        "what": WHAT,
        "how": "โทรทุกเย็นวันจันทร์",
        "owner": "เกศินี มานะ",
        "place": "สาขาบ้านนา",
        "starts_on": "20 พ.ย. 69",
        "due_on": "๑๐/๑๒/๒๕๖๙",
        "measure": "ไม่มาตามนัด",
        "target": "30",
        "version": "",
    } | overrides


def result_of(trial, **overrides):
    said = {"version": trial.version, "result": "มาตามนัดมากขึ้น", "after": "48", "result_on": "", "outcome": "adapt"}
    return said | {"improve": "โทรช่วงเย็น"} | overrides


def adopted(cast):
    trial = trials.start(cast.author, cast.community, WHAT, measure="ไม่มาตามนัด", before="67", target="30")
    trials.tell_result(cast.author, trial, trial.version, result="ดี", outcome="adopt", after="21")
    return trial


# ---- a note, one tap ----


def test_s0_141_one_tap_turns_a_note_into_a_trial(login_as, cast, base, note):
    answer = login_as(cast.fellow).post(f"{base}/from-note/{note.id}")
    made = Trial.get()
    assert answer.status_code == 303 and answer.headers["Location"] == f"{base}/{made.id}"
    assert (made.what, made.owner, made.session) == ("โทรนัดลูกค้าล่วงหน้า", cast.fellow, note.session)


def test_with_htmx_the_button_becomes_the_way_to_the_trial(login_as, cast, base, note, htmx):
    client = login_as(cast.fellow)
    for _ in range(2):
        answer = client.post(f"{base}/from-note/{note.id}", headers=htmx)
        assert answer.status_code == 200 and "<html" not in answer.text and f"{base}/{Trial.get().id}" in answer.text
    assert Trial.select().count() == 1


def test_the_meetings_page_offers_it_to_writers_and_shows_what_became_of_it(login_as, cast, base, note):
    page = f"/communities/{cast.community.id}/sessions/{note.session_id}"
    assert f"{base}/from-note/{note.id}" in login_as(cast.fellow).get(page).text
    assert "from-note" not in login_as(cast.outsider).get(page).text
    made = trials.try_note(cast.author, note)
    text = login_as(cast.fellow).get(page).text
    assert "from-note" not in text and made.url in text


def test_the_meetings_page_asks_once_however_many_notes(login_as, cast, note):
    client = login_as(cast.fellow)
    page = f"/communities/{cast.community.id}/sessions/{note.session_id}"
    client.get(page)
    with count_queries() as before:
        client.get(page)
    for _ in range(10):
        trials.try_note(cast.author, factories.make_note(note.session, cast.author))
    with count_queries() as after:
        client.get(page)
    assert len(after) == len(before) <= STATEMENTS


@pytest.mark.parametrize(("who", "status"), [("author", 303), ("fellow", 303), ("coordinator", 303), ("outsider", 403)])
def test_who_may_tap(login_as, cast, base, note, who, status):
    assert login_as(getattr(cast, who)).post(f"{base}/from-note/{note.id}").status_code == status


def test_a_note_of_elsewhere_or_a_deleted_one_is_not_found(login_as, cast, base, note):
    elsewhere = factories.make_community(creator=cast.author)
    there = factories.make_note(factories.make_session(elsewhere), cast.author)
    client = login_as(cast.author)
    assert client.post(f"{base}/from-note/{there.id}").status_code == 404
    assert client.post(f"{base}/from-note/99999").status_code == 404
    assert client.get(f"{base}/from-note/{note.id}").status_code == 405


def test_a_partners_member_tries_it_in_their_own_community(login_as, cast, base, note, htmx):
    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_membership(other, cast.outsider)
    page, there = f"/communities/{cast.community.id}/sessions/{note.session_id}", f"/communities/{other.id}/trials"
    client = login_as(cast.outsider)
    assert client.post(f"{there}/from-note/{note.id}").status_code == 404
    connections.hold_together(cast.author, note.session, [other])
    text = client.get(page).text
    assert f"{there}/from-note/{note.id}" in text and f"{base}/from-note" not in text
    assert f"{there}/from-note/{note.id}" in client.get(f"{page}/notes/changes").json["notes"][0]["html"]
    answer = client.post(f"{there}/from-note/{note.id}", headers=htmx)
    made = Trial.get()
    assert (made.community, made.owner, made.session, made.note) == (other, cast.outsider, note.session, note)
    assert made.url in answer.text and made.url in client.get(page).text
    text = login_as(cast.fellow).get(page).text
    assert f"{base}/from-note/{note.id}" in text and made.url not in text, "each community has its own"


def test_whoever_may_not_read_the_notes_tries_none_of_them(login_as, cast, note):
    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    connections.hold_together(cast.author, note.session, [other])
    factories.grant(cast.executive, "coordinator", cast.other_branch)
    answer = login_as(cast.executive).post(f"/communities/{other.id}/trials/from-note/{note.id}")
    assert answer.status_code == 404, "looks after the partner, but is not in it"


# ---- going along into another year ----


@pytest.fixture
def renewed(cast, trial):
    year = factories.make_year(cast.community.fiscal_year.year + 1)
    topic = factories.make_topic(year=year, series=cast.community.topic.series)
    return renewing.renew(cast.author, cast.community, year, topic)


@pytest.mark.parametrize("page", ["", "/edit", "/result"])
def test_an_address_told_before_leads_to_where_the_trial_is_now(login_as, cast, base, trial, renewed, page):
    answer = login_as(cast.author).get(f"{base}/{trial.id}{page}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/communities/{renewed.id}/trials/{trial.id}{page}"


def test_two_years_later_too_but_from_nowhere_else(login_as, cast, base, trial, renewed):
    year = factories.make_year(renewed.fiscal_year.year + 1)
    topic = factories.make_topic(year=year, series=cast.community.topic.series)
    last = renewing.renew(cast.author, renewed, year, topic)
    client = login_as(cast.author)
    assert client.get(f"{base}/{trial.id}").headers["Location"].startswith(f"/communities/{last.id}/")
    elsewhere = factories.make_community(creator=cast.author)
    assert client.get(f"/communities/{elsewhere.id}/trials/{trial.id}").status_code == 404


def test_who_may_not_see_it_is_not_told_where_it_went(login_as, cast, base, trial, renewed):
    assert login_as(cast.outsider).get(f"{base}/{trial.id}").status_code == 404


def test_a_result_typed_before_it_went_along_is_kept(login_as, cast, base, trial, renewed):
    trial = Trial.get()
    answer = login_as(cast.author).post(f"{base}/{trial.id}/result", data=result_of(trial))
    assert answer.headers["Location"] == f"/communities/{renewed.id}/trials/{trial.id}" and Trial.get().is_done


# ---- the plan ----


def test_s0_142_who_what_where_and_when_are_planned(login_as, cast, base):
    client = login_as(cast.author)
    page = client.get(f"{base}/new")
    assert page.status_code == 200 and cast.author.name in page.text and "สาขาบ้านนา" in page.text
    for _ in range(2):
        assert client.post(f"{base}/new", data=plan_of()).status_code == 303
    made = Trial.get()
    assert (made.owner, made.place, made.starts_on.isoformat(), made.due_on.isoformat()) == (
        cast.fellow,
        "สาขาบ้านนา",
        "2026-11-20",
        "2026-12-10",
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("what", "", "โปรดบอกว่าจะลองอะไร"),
        ("what", "ก" * 301, "ไม่เกิน 300"),
        ("owner", "ไม่มีคนนี้", "ไม่พบพนักงาน"),
        ("due_on", "1/1/2569", "ต้องไม่ก่อนวันเริ่ม"),
        ("starts_on", "วันไหนก็ได้", "วันไหนก็ได้"),
        ("measure", "", "วัดจากอะไร"),
    ],
)
def test_a_faulty_plan_keeps_the_typing(login_as, cast, base, field, value, said):
    answer = login_as(cast.author).post(f"{base}/new", data=plan_of(**{field: value}))
    assert answer.status_code == 422 and said in answer.text and "โทรทุกเย็นวันจันทร์" in answer.text
    assert Trial.select().count() == 0


def test_a_name_of_several_people_is_asked_about(login_as, cast, base):
    twins = [factories.make_employee("สมหญิง ซ้ำชื่อ", cast.branch) for _ in range(2)]
    client = login_as(cast.author)
    answer = client.post(f"{base}/new", data=plan_of(owner="สมหญิง ซ้ำชื่อ"))
    assert answer.status_code == 422 and all(twin.employee_id in answer.text for twin in twins)
    assert client.post(f"{base}/new", data=plan_of(owner=twins[1].employee_id)).status_code == 303
    assert Trial.get().owner == twins[1]


def test_a_plan_is_changed_and_two_writers_see_both(login_as, cast, base, trial):
    client = login_as(cast.fellow)
    assert WHAT in client.get(f"{trial.url}/edit").text
    assert client.post(f"{trial.url}/edit", data=plan_of(version=1, what="ฉบับแรก")).status_code == 303
    answer = client.post(f"{trial.url}/edit", data=plan_of(version=1, what="ฉบับหลัง"))
    assert answer.status_code == 409 and "ฉบับแรก" in answer.text and "ฉบับหลัง" in answer.text
    assert client.post(f"{trial.url}/edit", data=plan_of(version=2, what="ฉบับหลัง")).status_code == 303
    assert Trial.get().what == "ฉบับหลัง"
    assert client.post(f"{trial.url}/edit", data=plan_of(version=3, what="")).status_code == 422


# ---- the result ----


def test_s0_141_begun_told_and_gone_on_with(login_as, cast, trial):
    client = login_as(cast.author)
    assert "เริ่มลองแล้ว" in client.get(trial.url).text
    client.post(f"{trial.url}/begin")
    assert Trial.get().status == "running"
    page = client.get(f"{trial.url}/result").text
    assert WHAT in page and "67" in page
    answer = client.post(f"{trial.url}/result", data=result_of(Trial.get(), then="next"))
    made = Trial.get(Trial.previous == trial)
    assert answer.status_code == 303 and answer.headers["Location"] == made.url and made.how == "โทรช่วงเย็น"
    assert client.post(f"{trial.url}/next").headers["Location"] == made.url
    text = client.get(made.url).text
    assert "รอบที่ 2" in text and "48 → " not in text and "67 → 48 ราย" in text


def test_s0_146_what_was_noted_holds_the_method_as_used_and_what_came_of_it(login_as, cast, base, note):
    client = login_as(cast.fellow)
    address = client.post(f"{base}/from-note/{note.id}").headers["Location"]
    client.post(f"{address}/edit", data=plan_of(version=1, how="โทรทุกเย็นวันจันทร์ คนละห้าราย"))
    client.post(f"{address}/result", data=result_of(Trial.get(), result="มาตามนัดเกือบทุกราย"))
    page = login_as(cast.author).get(address).text
    assert page.index("โทรทุกเย็นวันจันทร์ คนละห้าราย") < page.index("มาตามนัดเกือบทุกราย")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("result", "", "โปรดเล่าสั้น ๆ"),
        ("outcome", "", "ทำอย่างไรต่อ"),
        ("outcome", "maybe", "ทำอย่างไรต่อ"),
        ("improve", "", "รอบหน้าจะปรับอะไร"),
        ("result_on", "1/1/2599", "ต้องไม่เกินวันนี้"),
    ],
)
def test_a_faulty_result_keeps_the_typing(login_as, cast, trial, field, value, said):
    answer = login_as(cast.author).post(f"{trial.url}/result", data=result_of(trial, **{field: value}))
    kept = "มาตามนัดมากขึ้น" if field != "result" else "โทรช่วงเย็น"
    assert answer.status_code == 422 and said in answer.text and kept in answer.text
    assert Trial.get().status == "planned"


def test_two_results_at_once_are_both_shown(login_as, cast, trial):
    client = login_as(cast.author)
    client.post(f"{trial.url}/result", data=result_of(trial, result="ฉบับแรก"))
    answer = client.post(f"{trial.url}/result", data=result_of(trial, result="ฉบับหลัง"))
    assert answer.status_code == 409 and "ฉบับแรก" in answer.text and "ฉบับหลัง" in answer.text


def test_deleted_by_mistake_and_brought_back(login_as, cast, trial):
    client = login_as(cast.author)
    client.post(f"{trial.url}/delete")
    assert "นำกลับมา" in client.get(trial.url).text
    assert WHAT not in client.get(f"/communities/{cast.community.id}/trials/").text
    client.post(f"{trial.url}/bring-back")
    assert Trial.get().deleted_at is None


# ---- who sees it ----


def test_outsiders_do_not_see_it_and_readers_of_published_knowledge_do(login_as, cast, base):
    """Readers see the practice behind published knowledge (S0-01)."""
    trial = adopted(cast)
    client = login_as(cast.outsider)
    assert client.get(trial.url).status_code == 404 and WHAT not in client.get(f"{base}/").text
    assert "สิ่งที่เราลองทำ" not in client.get(f"/communities/{cast.community.id}").text
    article = factories.make_article("เผยแพร่", cast.author, community=cast.community, status="published")
    trial_articles.link(cast.author, article, trial_chains.of_trial(cast.author, trial))
    page = client.get(trial.url)
    assert page.status_code == 200 and "แก้ไขแผน" not in page.text and f"/knowledge/{article.id}" in page.text
    for step in ("begin", "next", "delete", "bring-back", "result", "edit"):
        assert client.post(f"{trial.url}/{step}").status_code == 403
    assert f"/communities/{cast.community.id}/trials/{trial.id}" in client.get(f"/knowledge/{article.id}").text


def test_missing_and_elsewhere(login_as, cast, base, trial):
    client = login_as(cast.author)
    other = factories.make_community(creator=cast.author)
    assert client.get(f"{base}/9999").status_code == 404
    assert client.get(f"/communities/{other.id}/trials/{trial.id}").status_code == 404
    assert client.get(f"{trial.url}/begin").status_code == 405


def test_signed_out_is_asked_to_sign_in(client, trial):
    assert "/login" in client.get(trial.url).headers["Location"]
    assert "/login" in client.post(f"{trial.url}/result", data=result_of(trial)).headers.get("Location", "/login")


def test_photos_of_a_trial_are_for_those_who_work_on_it(login_as, cast, trial):
    client = login_as(cast.fellow)
    answer = client.post(f"{trial.url}/attachments", data={"files": (picture(), "หน้างาน.png")})
    assert answer.headers["Location"] == f"{trial.url}#files"
    row = Attachment.get(Attachment.trial == trial)
    assert "หน้างาน.png" in client.get(trial.url).text
    assert client.get(f"/attachments/{row.id}", buffered=True).status_code == 200
    article = factories.make_article("เผยแพร่", cast.author, community=cast.community, status="published")
    trial_articles.link(cast.author, article, trial_chains.of_trial(cast.author, trial))
    outsider = login_as(cast.outsider)
    assert "หน้างาน.png" not in outsider.get(trial.url).text
    assert outsider.get(f"/attachments/{row.id}").status_code == 404
    assert client.post(f"/attachments/{row.id}/delete").headers["Location"] == f"{trial.url}#files"
    assert Attachment.select().count() == 0


def picture():
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, "PNG")
    made.seek(0)
    return made


# ---- the picture ----


def test_s0_142_the_communitys_page_draws_the_chain_and_a_screen_reader_hears_a_list(login_as, cast, trial, session):
    trials.tell_result(cast.author, trial, 1, result="มาตามนัดมากขึ้น", outcome="adapt", improve="โทรช่วงเย็น", after="48")
    trials.next_of(cast.author, trial)
    page = login_as(cast.fellow).get(f"/communities/{cast.community.id}").text
    [wide, narrow] = re.findall(r"<svg class=\"loop-.*?</svg>", page, re.S)
    for drawing in (wide, narrow):
        items = re.findall(r'<g role="listitem">(.*?)</g>', drawing, re.S)
        said = [" ".join(re.sub(r"<[^>]*>", " ", item).split()) for item in items]
        assert [text.split()[0] for text in said] == ["รอบที่", "คุย", "ลอง", "ผล", "ปรับ"] * 2
        assert 'role="list"' in drawing and "67 → 48 ราย" in said[3] and "โทรช่วงเย็น" in said[4]
        assert said[2].replace(" ", "").startswith("ลอง" + WHAT.replace(" ", ""))
        assert "<text" in drawing and "style=" not in drawing


def test_an_empty_panel_invites_members_to_try(login_as, cast, base):
    page = login_as(cast.fellow).get(f"/communities/{cast.community.id}").text
    assert "ยังไม่ได้ลองทำ" in page and f"{base}/new" in page
    assert "ยังไม่ได้ลองทำ" in login_as(cast.fellow).get(f"{base}/").text
    assert f"{base}/new" not in login_as(cast.outsider).get(f"{base}/").text


def test_statements_do_not_grow_with_trials(login_as, cast, base):
    trial = adopted(cast)
    client = login_as(cast.fellow)
    pages = (f"/communities/{cast.community.id}", f"{base}/", trial.url)
    counts = []
    for more in (0, 10):
        for _ in range(more):
            last = adopted(cast)
            trials.next_of(cast.author, last)
        for page in pages:
            client.get(page)
            with count_queries() as sent:
                client.get(page)
            counts.append(len(sent))
    assert counts[:3] == counts[3:] and max(counts) <= STATEMENTS


# ---- the knowledge ----


def test_s0_143_the_chain_is_written_up_and_its_article_links_back(login_as, cast):
    """Knowledge shows the practice and the result it came from (S0-01)."""
    trial = adopted(cast)
    client = login_as(cast.author)
    assert "write-up" in client.get(trial.url).text
    answer = client.post(f"{trial.url}/write-up")
    article = KnowledgeArticle.get()
    assert answer.headers["Location"] == f"/knowledge/{article.id}/edit#method"
    assert "ทดลองรอบที่ 1" in article.method
    assert trial.url in client.get(f"/knowledge/{article.id}").text
    assert f"/knowledge/{article.id}" in client.get(trial.url).text


def test_s0_143_the_editor_pulls_a_chain_into_parts_4_and_5(login_as, cast):
    trial = adopted(cast)
    article = factories.make_article("ร่าง", cast.author, community=cast.community)
    client = login_as(cast.author)
    page = client.get(f"/knowledge/{article.id}/edit").text
    assert f'value="trials-{trial.chain}:method"' in page
    token = re.search(r'name="version" value="([^"]*)"', page).group(1)
    form = {"title": "ร่าง", "version": token, "method": "เดิม", "measures_sent": "1"}
    answer = client.post(f"/knowledge/{article.id}/edit", data=form | {"pull": f"trials-{trial.chain}:method"})
    assert answer.headers["Location"].endswith("/edit#method")
    article = KnowledgeArticle.get()
    assert article.method.startswith("เดิม\n\n**ทดลองรอบที่ 1") and "ผลรอบที่ 1" in article.results
    assert article.measures.get().after == "21" and ArticleTrial.get().trial == trial
    page = client.get(f"/knowledge/{article.id}/edit").text
    assert "นำมาใช้แล้ว" in page and f'value="trials-{trial.chain}:method"' not in page
    token = re.search(r'name="version" value="([^"]*)"', page).group(1)
    form = {"title": "ร่าง", "version": token, "unlink_trials": trial.chain}
    assert client.post(f"/knowledge/{article.id}/edit", data=form).status_code == 303
    assert ArticleTrial.select().count() == 0


def test_the_readers_page_needs_no_more_statements_for_more_rounds(login_as, cast):
    article = factories.make_article("เผยแพร่", cast.author, community=cast.community, status="published")
    trial_articles.link(cast.author, article, trial_chains.of_trial(cast.author, adopted(cast)))
    client = login_as(cast.outsider)
    client.get(f"/knowledge/{article.id}")
    with count_queries() as before:
        client.get(f"/knowledge/{article.id}")
    for _ in range(3):
        trial_articles.link(cast.author, article, trial_chains.of_trial(cast.author, adopted(cast)))
    with count_queries() as after:
        client.get(f"/knowledge/{article.id}")
    assert len(after) == len(before)
