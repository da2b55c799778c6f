"""The webboard's pages (S0-257, S0-258, S0-260, S0-265, S0-266; D6)."""

import html
import io
import re

import pytest
from openpyxl import load_workbook

from kc import search
from kc.models import Answer, AuditEntry, KnowledgeArticle, Proposal, Question, QuestionFollower, Trial
from kc.services import articles, proposals, questions, trials
from tests import factories
from tests.conftest import STATEMENTS, count_queries

TITLE = "ลูกค้าสวนทุเรียนขอเลื่อนชำระหลังพายุ"


@pytest.fixture
def hidden(cast):
    """Asked by the fellow in the community, who hides the name."""
    return questions.ask(
        cast.fellow, TITLE, "พายุเข้าเมื่อวาน", community=cast.community, is_hidden_name=True, form_key="h"
    )


@pytest.fixture
def asked(cast):
    return questions.ask(cast.fellow, TITLE, form_key="q")


def form(**values: str) -> dict[str, str]:
    return {"title": TITLE, "text": "", "community": "", "topic": "", "form_key": "f"} | values


# ---- asking --------------------------------------------------------------------------------------------------------


def test_asking_shows_the_form_and_works(login_as, cast):
    """Members ask (S0-57)."""
    client = login_as(cast.fellow)
    assert "ซ่อนชื่อของฉัน" in client.get("/questions/new").text
    answer = client.post("/questions/new", data=form(community=str(cast.community.id), is_hidden_name="y"))
    row = Question.get()
    assert (answer.status_code, answer.location) == (303, f"/questions/{row.id}")
    assert row.is_hidden_name and row.community == cast.community and row.topic == cast.community.topic
    page = client.get(answer.location).text
    assert TITLE in page and "คุณเป็นผู้ถาม ผู้อื่นไม่เห็นชื่อคุณ" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": ""}, "โปรดพิมพ์สิ่งที่อยากถาม"),
        ({"is_members_only": "y"}, "โปรดเลือกชุมชนก่อน"),
        ({"community": "987654"}, "โปรดเลือกชุมชนจากรายการ"),
    ],
)
def test_what_is_wrong_is_said_and_the_typing_kept(login_as, cast, wrong, says):
    answer = login_as(cast.fellow).post("/questions/new", data=form(text="เล่ามาเยอะแล้ว") | wrong)
    assert answer.status_code == 422 and says in answer.text and "เล่ามาเยอะแล้ว" in answer.text
    assert not Question.select().exists()


def test_d6_a_search_that_found_nothing_asks_here_filled_in(login_as, cast):
    """D6: from nothing found to a question, in one step, prefilled."""
    client = login_as(cast.fellow)
    page = client.get("/search?q=วิธีเลี้ยงมังกรในสวน").text
    link = html.unescape(re.search(r'href="(/questions/new\?[^"]+)"', page)[1])
    assert 'value="วิธีเลี้ยงมังกรในสวน"' in client.get(link).text


def test_s0_266_similar_questions_are_shown_while_asking(login_as, cast, asked, htmx):
    """S0-266: as words are typed, and on the page itself without scripts."""
    client = login_as(cast.outsider)
    typed = form(title="สวนทุเรียนหลังพายุ", text="เล่าแล้ว", is_hidden_name="y")
    fragment = client.post("/questions/similar", data=typed, headers=htmx).text
    assert f'href="/questions/{asked.id}"' in fragment and "<html" not in fragment
    whole = client.post("/questions/similar", data=typed).text
    assert f'href="/questions/{asked.id}"' in whole and "เล่าแล้ว" in whole and fragment.strip() in whole
    assert re.search(r"<input[^>]+is_hidden_name[^>]+checked|<input[^>]+checked[^>]+is_hidden_name", whole)
    assert 'value="f"' in whole, "asked afterwards, it is the same form still"
    page = login_as(cast.fellow).get(f"/questions/{asked.id}/edit").text
    near = re.search(r'hx-post="(/questions/similar[^"]*)"', page)[1]
    assert asked.title not in login_as(cast.fellow).post(near, data=form(), headers=htmx).text, "it is not like itself"


def test_s0_265_nothing_of_what_is_being_asked_gets_into_an_address(login_as, cast):
    """Words and the form's keys would stand in the browser's history and in every log between here and there."""
    client = login_as(cast.fellow)
    page = client.get("/questions/new").text
    form_of = re.search(r'<form class="form card reading".*?</form>', page, re.S)[0]
    assert 'method="post"' in form_of and "formmethod" not in form_of and "hx-get" not in form_of
    assert 'formaction="/questions/similar"' in form_of and 'hx-post="/questions/similar"' in form_of
    assert client.get("/questions/similar").status_code == 405


# ---- the hidden name -----------------------------------------------------------------------------------------------


def test_s0_265_a_hidden_name_is_on_no_page_for_anyone_else(login_as, cast, hidden):
    """S0-265: page, board, search, its reasons, API, home, the community's page, notices' facts and the audit page."""
    questions.answer(cast.fellow, hidden, "เล่าเพิ่มอีกหน่อย", form_key="a")
    addresses = [
        f"/questions/{hidden.id}",
        "/questions/?tab=all",
        "/questions/?tab=for_me",
        "/questions/export.xlsx?tab=all",
        "/search?q=ทุเรียน&in=question",
        f"/search/why?q=ทุเรียน&hit=question&id={hidden.id}",
        "/api/v1/search?q=ทุเรียน",
        "/",
        "/admin/audit",
    ]
    for role in ("author", "outsider", "coordinator", "officer", "administrator"):
        person = getattr(cast, role)
        client = login_as(person)
        for address in addresses:
            answer = client.get(address)
            shown = _words(answer)
            for secret in (cast.fellow.name, cast.fellow.employee_id, f'/people/{cast.fellow.id}"'):
                assert secret not in shown, (role, address)
        assert cast.fellow.name not in client.post("/questions/similar", data=form(title="ทุเรียน")).text
    page = login_as(cast.author).get(f"/questions/{hidden.id}").text
    assert "ผู้ถามขอซ่อนชื่อ" in page and "ผู้ถามเล่าเพิ่ม" in page and "เล่าเพิ่มอีกหน่อย" in page


def _words(answer) -> str:
    if answer.mimetype.endswith("spreadsheetml.sheet"):
        rows = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
        text = "\n".join(str(value) for row in rows for value in row)
        assert TITLE in text
        return text
    return answer.text


def test_those_who_were_told_are_not_listed_where_that_would_point_at_the_asker(login_as, cast, hidden, asked):
    assert "แจ้งผู้ที่น่าจะรู้ให้ช่วยตอบแล้ว" in login_as(cast.outsider).get(f"/questions/{hidden.id}").text
    assert cast.officer.name in login_as(cast.outsider).get(f"/questions/{asked.id}").text


def test_the_team_may_look_and_it_is_written_down(login_as, cast, hidden, htmx):
    client = login_as(cast.officer)
    assert cast.fellow.name not in client.get(f"/questions/{hidden.id}").text
    shown = client.post(f"/questions/{hidden.id}/asker", headers=htmx).text
    assert cast.fellow.name in shown and "<html" not in shown
    assert AuditEntry.select().where(AuditEntry.action == "question.asker_seen").count() == 1
    assert login_as(cast.author).post(f"/questions/{hidden.id}/asker").status_code == 403  # the head of the group


def test_the_log_of_requests_names_nobody_here(login_as, cast, hidden, caplog):
    with caplog.at_level("INFO", logger="kc.request"):
        login_as(cast.fellow).get(f"/questions/{hidden.id}/edit")
    assert [record.employee for record in caplog.records if "/questions/" in record.getMessage()] in ([], ["-"])


# ---- answering -----------------------------------------------------------------------------------------------------


def test_answering_works_with_and_without_htmx(login_as, cast, asked, htmx):
    """Members answer one another (S0-57)."""
    client, url = login_as(cast.author), f"/questions/{asked.id}/answers"
    answer = client.post(url, data={"text": "ใช้ **ใบรับรอง**", "form_key": "a"})
    assert (answer.status_code, answer.location) == (303, f"/questions/{asked.id}")
    fragment = client.post(url, data={"text": "และรูปถ่าย", "form_key": "b"}, headers=htmx)
    assert fragment.status_code == 200 and "<html" not in fragment.text and 'id="answers"' in fragment.text
    assert "<strong>ใบรับรอง</strong>" in fragment.text and "และรูปถ่าย" in fragment.text
    assert Answer.select().count() == 2


def test_s0_260_a_community_talks_and_gathers_what_it_knows_in_one_place(login_as, cast):
    client = login_as(cast.fellow)
    client.post("/questions/new", data=form(community=str(cast.community.id)))
    asked = Question.get()
    login_as(cast.author).post(f"/questions/{asked.id}/answers", data={"text": "ใช้ใบรับรอง", "form_key": "a"})
    article = factories.make_article("เลื่อนชำระหลังพายุ", cast.author, community=cast.community, status="published")
    page = login_as(cast.outsider).get(f"/communities/{cast.community.id}").text
    assert f'href="/questions/{asked.id}"' in page and TITLE in page
    assert f'href="/knowledge/{article.id}"' in page and "เลื่อนชำระหลังพายุ" in page


def test_an_empty_answer_is_said_beside_its_field(login_as, cast, asked, htmx):
    for headers in ({}, htmx):
        answer = login_as(cast.author).post(f"/questions/{asked.id}/answers", data={"text": "  "}, headers=headers)
        assert answer.status_code == 422 and "โปรดพิมพ์คำตอบ" in answer.text


def test_accepting_marks_the_answer_for_everyone(login_as, cast, asked):
    made = questions.answer(cast.author, asked, "ใช้ใบรับรอง", form_key="a")
    client = login_as(cast.fellow)
    assert client.post(f"/questions/{asked.id}/answers/{made.id}/accept").status_code == 303
    assert "คำตอบที่ใช้ได้" in login_as(cast.outsider).get(f"/questions/{asked.id}").text
    assert "มีคำตอบที่ใช้ได้" in client.get("/search?q=ทุเรียน").text
    client.post(f"/questions/{asked.id}/open-again")
    assert Question.get().accepted_at is None


def test_a_question_saved_elsewhere_first_loses_no_word(login_as, cast, asked):
    client = login_as(cast.fellow)
    questions.change(cast.fellow, asked, asked.version, title=TITLE + " ครั้งแรก", text="", topic=None)
    answer = client.post(f"/questions/{asked.id}/edit", data=form(title=TITLE + " ของฉัน", version="1"))
    assert answer.status_code == 409 and "ครั้งแรก" in answer.text and "ของฉัน" in answer.text
    assert client.post(f"/questions/{asked.id}/edit", data=form(title=TITLE + " ของฉัน", version="2")).status_code == 303


def test_an_answer_is_changed_hidden_and_brought_back(login_as, cast, asked):
    made = questions.answer(cast.author, asked, "ใช้ใบรับรอง", form_key="a")
    client, url = login_as(cast.author), f"/questions/{asked.id}/answers/{made.id}"
    assert client.get(f"{url}/edit").status_code == 200
    assert client.post(f"{url}/edit", data={"text": "", "version": "1"}).status_code == 422
    client.post(f"{url}/edit", data={"text": "ใช้ใบรับรองจากอำเภอ", "version": "1"})
    client.post(f"{url}/remove")
    assert "จากอำเภอ" not in login_as(cast.outsider).get(f"/questions/{asked.id}").text
    client = login_as(cast.author)
    client.post(f"{url}/bring-back")
    assert "จากอำเภอ" in client.get(f"/questions/{asked.id}").text


def test_a_moderator_says_why_an_answer_goes_and_its_author_cannot_bring_it_back(login_as, cast, asked, htmx):
    made = questions.answer(cast.author, asked, "คำหยาบ", form_key="a")
    url, client = f"/questions/{asked.id}/answers/{made.id}", login_as(cast.officer)
    for headers in ({}, htmx):
        answer = client.post(f"{url}/remove", data={"reason": " "}, headers=headers)
        assert answer.status_code == 422 and "โปรดบอกเหตุผล" in answer.text and "คำหยาบ" in answer.text
    assert client.post(f"{url}/remove", data={"reason": "ไม่สุภาพ"}, headers=htmx).status_code == 200
    client = login_as(cast.author)
    page = client.get(f"/questions/{asked.id}").text
    assert "คำหยาบ" in page and "ไม่สุภาพ" in page and "bring-back" not in page
    assert client.post(f"{url}/bring-back").status_code == 403
    assert "คำหยาบ" not in login_as(cast.outsider).get(f"/questions/{asked.id}").text
    client = login_as(cast.officer)
    assert f"{url}/bring-back" in client.get(f"/questions/{asked.id}").text
    assert client.post(f"{url}/bring-back").status_code == 303 and Answer.get().removed_at is None


def test_following_is_one_tap(login_as, cast, asked, htmx):
    client = login_as(cast.outsider)
    assert "ติดตามอยู่" in client.post(f"/questions/{asked.id}/follow", data={"wanted": "1"}, headers=htmx).text
    assert client.post(f"/questions/{asked.id}/follow", data={"wanted": "0"}).status_code == 303
    assert not QuestionFollower.select().exists()


def test_taking_a_question_off_the_board_needs_a_reason(login_as, cast, asked):
    client = login_as(cast.officer)
    assert client.post(f"/questions/{asked.id}/remove", data={"reason": ""}).status_code == 422
    assert client.post(f"/questions/{asked.id}/remove", data={"reason": "มีชื่อลูกค้า"}).status_code == 303
    assert login_as(cast.outsider).get(f"/questions/{asked.id}").status_code == 404
    assert "มีชื่อลูกค้า" in login_as(cast.fellow).get(f"/questions/{asked.id}").text
    assert "ทุเรียน" not in login_as(cast.fellow).get("/questions/?tab=all").text
    assert login_as(cast.officer).post(f"/questions/{asked.id}/bring-back").status_code == 303


# ---- making more of it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("topic", "/communities/{}/proposals/?text="),
        ("trial", "/communities/{}/trials/new?what="),
        ("knowledge", "/knowledge/new?title="),
    ],
)
def test_a_question_is_turned_into_more(login_as, cast, asked, what, where):
    here = f"/questions/{asked.id}/turn-into/{what}"
    answer = login_as(cast.author).get(f"{here}?community={cast.community.id}")
    assert answer.status_code == 303 and answer.location.startswith(where.format(cast.community.id))
    assert login_as(cast.author).get(f"/questions/{asked.id}/turn-into/gold").status_code == 404


def turned(client, asked, what: str, community) -> str:
    """Go there from the question's page and send the form as it stands; the address that comes back."""
    page = client.get(f"/questions/{asked.id}/turn-into/{what}?community={community.id}", follow_redirects=True).text
    form_of = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if 'name="source"' in f)
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form_of)]
    data = {one["name"]: html.unescape(one.get("value", "")) for one in inputs if one.get("type") != "radio"}
    assert TITLE in data.values() and data["source"] == asked.url
    more = {"community": str(community.id), "kind": "manual"} if what == "knowledge" else {}
    answer = client.post(re.search(r'action="([^"]+)"', form_of)[1], data=data | more)
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize("hides", [False, True])
def test_what_a_question_was_turned_into_and_the_question_lead_to_each_other(login_as, cast, hides):
    """S0-265: and who hides their name is on neither end."""
    asked = questions.ask(cast.outsider, TITLE, is_hidden_name=hides, form_key="q")
    client = login_as(cast.author)
    turned(client, asked, "topic", cast.community)
    there = [f"/communities/{cast.community.id}/proposals/", turned(client, asked, "trial", cast.community)]
    there += [turned(client, asked, "knowledge", cast.community).removesuffix("/edit")]
    here = client.get(asked.url).text
    for address in there:
        page = client.get(address).text
        assert f'href="{asked.url}"' in page and TITLE in page and f'href="{address}"' in here, address
        assert cast.outsider.name not in page
    assert (cast.outsider.name in here) is not hides
    proposals.take_up(cast.author, Proposal.get(), session := factories.make_session(cast.community))
    page = client.get(asked.url).text
    assert f'href="/communities/{cast.community.id}/sessions/{session.id}"' in page and "นัดคุยในกิจกรรมแล้ว" in page


def test_what_became_of_a_question_is_shown_as_far_as_one_may_see_it(login_as, cast, asked):
    trials.start(cast.author, cast.community, "โทรก่อนครบกำหนด", source_url=asked.url)
    gone = trials.start(cast.author, cast.community, "วางแผนผิด", source_url=asked.url)
    trials.delete(cast.author, gone)
    article = articles.start(cast.author, title="ขอเลื่อนชำระหลังพายุ", community=cast.community, source_url=asked.url)
    withdrawn = proposals.propose(cast.author, cast.community, "เรื่องที่ถอน", source_url=asked.url)
    proposals.withdraw(cast.author, withdrawn)
    page = login_as(cast.fellow).get(asked.url).text
    assert "โทรก่อนครบกำหนด" in page and f'href="/knowledge/{article.id}"' in page
    assert "วางแผนผิด" not in page and "เรื่องที่ถอน" not in page
    page = login_as(cast.outsider).get(asked.url).text
    assert "โทรก่อนครบกำหนด" not in page and f'href="/knowledge/{article.id}"' not in page


def test_a_question_that_one_may_not_see_is_not_named_by_what_came_of_it(login_as, cast):
    private = factories.make_question("เรื่องของเราเอง", cast.fellow, cast.community, is_members_only=True)
    article = factories.make_article("เลื่อนชำระ", cast.author, status="published", source_url=private.url)
    assert "เรื่องของเราเอง" in login_as(cast.author).get(f"/knowledge/{article.id}").text
    assert "เรื่องของเราเอง" not in login_as(cast.outsider).get(f"/knowledge/{article.id}").text


@pytest.mark.parametrize("source", ["//evil.example", "/\t/evil.example", "https://evil.example", "/q" * 101])
def test_only_an_address_of_ours_is_kept_as_where_something_came_from(login_as, cast, source):
    client, base = login_as(cast.author), f"/communities/{cast.community.id}"
    for address in (f"{base}/trials/new", "/knowledge/new", f"{base}/proposals/"):
        page = client.get(address, query_string={"source": source}).text
        assert not re.search(r'<input[^>]+name="source"[^>]* value="[^"]', page), address
    client.post(f"{base}/trials/new", data={"what": "ลอง", "source": source, "form_key": "t"})
    client.post("/knowledge/new", data={"title": "เรื่อง", "kind": "manual", "source": source, "form_key": "k"})
    assert Trial.get().source_url == KnowledgeArticle.get().source_url == ""


def test_who_hides_the_name_is_not_lured_into_showing_it(login_as, cast, hidden):
    client = login_as(cast.fellow)
    assert "turn-into" not in client.get(f"/questions/{hidden.id}").text
    assert client.get(f"/questions/{hidden.id}/turn-into/knowledge").status_code == 403


# ---- finding it ----------------------------------------------------------------------------------------------------


def test_search_has_a_tab_for_questions(login_as, cast, asked):
    """What was answered on the webboard is found like all else (S0-191)."""
    questions.answer(cast.author, asked, "ใช้ใบรับรองความเสียหายจากอำเภอ", form_key="a")
    client = login_as(cast.outsider)
    page = client.get("/search?q=ใบรับรองความเสียหาย&in=question").text
    assert f"/questions/{asked.id}" in page and 'data-total="1"' in page
    assert client.get("/search?q=ใบรับรองความเสียหาย ประเภท:คำถาม").text.count('data-hit="question"') == 1
    found = client.get("/api/v1/search?q=ใบรับรองความเสียหาย").json["results"]
    assert [row["url"] for row in found if row["kind"] == "question"] == [f"/questions/{asked.id}"]


def test_what_is_for_members_is_neither_found_nor_counted_by_others(login_as, cast):
    row = factories.make_question("ทุเรียนของเราเอง", cast.fellow, cast.community, is_members_only=True)
    search.rebuild()
    assert 'data-total="0"' in login_as(cast.outsider).get("/search?q=ทุเรียน").text
    assert 'data-total="1"' in login_as(cast.author).get("/search?q=ทุเรียน").text
    assert "ทุเรียน" not in login_as(cast.outsider).get(f"/communities/{cast.community.id}").text
    assert "ทุเรียน" in login_as(cast.author).get(f"/communities/{cast.community.id}").text
    assert login_as(cast.outsider).get(f"/questions/{row.id}").status_code == 404


# ---- the board -----------------------------------------------------------------------------------------------------


def test_the_board_shows_what_waits_and_how_long(login_as, cast, asked, htmx):
    """S0-258: the wait is shown."""
    client = login_as(cast.outsider)
    page = client.get("/questions/").text
    assert TITLE in page and "รอคำตอบมา ไม่ถึงชั่วโมง" in page
    fragment = client.get("/questions/", headers=htmx).text
    assert "<html" not in fragment and fragment.strip() in page
    questions.answer(cast.author, asked, "เคยทำ", form_key="a")
    assert TITLE not in client.get("/questions/").text
    assert (
        TITLE in client.get("/questions/?tab=all").text
        and TITLE in login_as(cast.author).get("/questions/?tab=mine").text
    )


@pytest.mark.parametrize("tab", ["waiting", "all", "mine", "for_me", "nonsense"])
def test_empty_boards_guide(login_as, cast, tab):
    assert 'class="empty' in login_as(cast.outsider).get(f"/questions/?tab={tab}&topic=x&community=9").text


def test_pages_send_few_statements_however_much_there_is(login_as, cast, asked):
    client = login_as(cast.author)
    addresses = ["/questions/?tab=all", f"/questions/{asked.id}", "/questions/new", f"/communities/{cast.community.id}"]

    def counts() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with count_queries() as sent:
                client.get(address)
            found.append(len(sent))
            assert len(sent) <= STATEMENTS, (address, sent)
        return found

    trials.start(cast.author, cast.community, "ลอง", source_url=asked.url, form_key="t")
    before = counts()
    for n in range(10):
        row = factories.make_question(f"{TITLE} {n}", cast.outsider, cast.community)
        questions.answer(cast.author, asked, f"ข้อ {n}", form_key=f"a{n}")
        questions.answer(cast.author, row, "ตอบ", form_key=f"b{n}")
        trials.start(cast.author, cast.community, f"ลอง {n}", source_url=asked.url, form_key=f"t{n}")
    assert all(after <= first for after, first in zip(counts(), before, strict=True))


def test_signed_out_missing_and_wrong_method(client, login_as, cast, asked):
    assert client.get(f"/questions/{asked.id}").location.startswith("/login")
    assert login_as(cast.author).get("/questions/987654").status_code == 404
    assert login_as(cast.author).get(f"/questions/{asked.id}/answers").status_code == 405
