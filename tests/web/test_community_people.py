"""The page of a community's people, ways in, history, connections and sessions held together."""

import pytest

from kc.models import CommunityLink, Guest, Invitation, JoinRequest, Membership
from kc.services import communities, connections, guests, handing_over, joining
from tests import factories
from tests.conftest import STATEMENTS, count_queries
from tests.documents.test_pdf import read


@pytest.fixture
def base(cast):
    return f"/communities/{cast.community.id}"


@pytest.fixture
def other(cast):
    other = factories.make_community("ชุมชนปลายน้ำ", cast.outsider)
    factories.make_membership(other, cast.outsider, "facilitator")
    return other


def asking_first(cast):
    cast.community.asks_to_join = True
    cast.community.save()


def facilitates(cast):
    return Membership.get((Membership.community == cast.community) & (Membership.employee == cast.author)).id


# ---- the page in five seconds --------------------------------------------------------------------------------------


def test_s0_127_the_page_says_what_for_when_next_and_what_was_agreed(login_as, cast, base):
    cast.community.agreement, cast.community.rhythm = "ฟังกันให้จบก่อนถาม", "ทุกวันพุธแรก"
    cast.community.forms = communities.forms_kept(["small", "chat"])
    cast.community.save()
    factories.make_session(cast.community, topic="นัดหน้าเรื่องสวน")
    page = login_as(cast.fellow).get(base).text
    for words in ("เราอยากรู้", cast.community.knowledge_title, "นัดครั้งต่อไป", "นัดหน้าเรื่องสวน", "ทุกวันพุธแรก"):
        assert words in page
    for words in ("ฟังกันให้จบก่อนถาม", "กลุ่มเล็ก", "ห้องสนทนา (Chat)", "หัวหน้าชุมชน (คุณอำนวย)"):
        assert words in page


def test_s0_302_the_page_says_that_one_alone_is_too_few(login_as, cast, base):
    for path in (base, f"{base}/people"):
        assert "มีผู้ดูแลชุมชนเพียงคนเดียว" in login_as(cast.author).get(path).text
    assert "มีผู้ดูแลชุมชนเพียงคนเดียว" not in login_as(cast.outsider).get(base).text
    handing_over.set_deputy(cast.author, cast.community, "facilitator", cast.fellow)
    assert "มีผู้ดูแลชุมชนเพียงคนเดียว" not in login_as(cast.author).get(base).text


def test_everybody_sees_the_people_but_only_organisers_the_steps(login_as, cast, base):
    guests.add(cast.author, cast.community, "ครูแดง", organisation="โรงเรียน", contact="08 1111", brings="")
    page = login_as(cast.outsider).get(f"{base}/people").text
    assert "ครูแดง" in page and "08 1111" not in page and "hand-over" not in page
    page = login_as(cast.author).get(f"{base}/people").text
    assert "08 1111" in page and f'action="{base}/hand-over"' in page


def test_roles_are_called_by_both_their_names(login_as, cast, base):
    """S0-35, S0-37, S0-45, S0-47, S0-60: the work and the คุณ-name stand together, on the page and in the choice."""
    page = login_as(cast.author).get(f"{base}/people").text
    for role in ("ผู้นำ (คุณเอื้อ)", "หัวหน้าชุมชน (คุณอำนวย)", "เลขานุการ (คุณลิขิต)", "ผู้ประสานงาน (คุณประสาน)"):
        assert page.count(role) >= 2, role
    assert "สมาชิก (คุณกิจ)" in page and "ผู้เชี่ยวชาญ" in page


def test_three_to_six_members_are_advice_and_no_condition(login_as, cast):
    """S0-121, S0-123: with fewer a community begins all the same."""
    begun = factories.make_community("ชุมชนเพิ่งเริ่ม", cast.author)
    factories.make_membership(begun, cast.author, "facilitator")
    client = login_as(cast.author)
    assert "แนะนำ 3–6 คน เริ่มจาก 2–3 คนก็ได้" in client.get(f"/communities/{begun.id}/people").text
    factories.make_membership(begun, cast.fellow)
    assert client.get(f"/communities/{begun.id}/sessions/new").status_code == 200


def test_the_role_to_hand_over_comes_chosen(login_as, cast, base):
    number = facilitates(cast)
    page = login_as(cast.author).get(f"{base}/people?hand_over={number}").text
    assert f'<option selected value="{number}">' in page
    assert login_as(cast.author).get(f"{base}/people?hand_over=x&deputy_of=y").status_code == 200


# ---- roles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["browser", "htmx"])
def test_s0_302_handing_over_from_the_page(login_as, cast, base, htmx, how):
    answer = login_as(cast.author).post(
        f"{base}/hand-over",
        data={"membership": facilitates(cast), "to": "0000002", "afterwards": "deputy"},
        headers=htmx if how == "htmx" else {},
    )
    assert answer.status_code == (200 if how == "htmx" else 303)
    if how == "htmx":
        assert "<html" not in answer.text and "ส่งมอบหน้าที่ให้ เกศินี มานะ แล้ว" in answer.text
        assert "kc:toast" in answer.headers["HX-Trigger"], "said where the reader is, too"
    holder = Membership.get((Membership.role == "facilitator") & ~Membership.is_deputy)
    assert holder.employee == cast.fellow


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"to": "ไม่มีตัวตน"}, "ไม่พบพนักงาน"),
        ({"to": ""}, "โปรดระบุผู้รับมอบ"),
        ({"to": "0000002", "membership": "999999"}, "โปรดเลือกหน้าที่"),
        ({"to": "0000002", "membership": "x" * 40}, "โปรดเลือกหน้าที่"),
        ({"to": "0000001"}, "คนเดียวกับผู้ส่งมอบ"),
    ],
)
def test_a_wrong_hand_over_is_said_and_kept(login_as, cast, base, data, said):
    form = {"membership": facilitates(cast), "afterwards": "deputy"} | data
    answer = login_as(cast.author).post(f"{base}/hand-over", data=form)
    assert answer.status_code == 422 and said in answer.text and f'value="{data["to"]}"' in answer.text


def test_anothers_membership_is_not_handed_over(login_as, cast, base, other):
    theirs = Membership.get(Membership.community == other)
    form = {"membership": theirs.id, "to": "0000002", "afterwards": "deputy"}
    assert login_as(cast.author).post(f"{base}/hand-over", data=form).status_code == 422
    assert not Membership.get_by_id(theirs.id).is_deputy


@pytest.mark.parametrize("how", ["browser", "htmx"])
def test_s0_052_a_deputy_from_the_page(login_as, cast, base, htmx, how):
    headers = htmx if how == "htmx" else {}
    client = login_as(cast.author)
    form = {"role": "facilitator", "deputy": "เกศินี มานะ"}
    assert client.post(f"{base}/deputies", data=form, headers=headers).status_code == (200 if how == "htmx" else 303)
    assert "ผู้แทน" in client.get(f"{base}/people").text
    answer = client.post(f"{base}/deputies", data={"role": "facilitator", "deputy": "0000001"})
    assert answer.status_code == 422 and "ทำหน้าที่นี้อยู่แล้ว" in answer.text


def test_removing_from_the_people_page_comes_back_to_it(login_as, cast, base):
    member = Membership.get((Membership.community == cast.community) & (Membership.employee == cast.fellow))
    answer = login_as(cast.author).post(f"{base}/members/{member.id}/remove", data={"back": "people"})
    assert answer.headers["Location"] == f"{base}/people"


# ---- asking and inviting -------------------------------------------------------------------------------------------


def test_s0_115_asking_to_join_from_page_to_answer(login_as, cast, base):
    asking_first(cast)
    client = login_as(cast.outsider)
    assert "ส่งคำขอเข้าร่วม" in client.get(base).text and f'action="{base}/join"' not in client.get(base).text
    assert client.post(f"{base}/join").status_code == 422
    assert client.post(f"{base}/requests", data={"message": "ขอมาฟัง"}).status_code == 303
    assert "ถอนคำขอ" in client.get(base).text
    page = login_as(cast.author).get(f"{base}/people").text
    assert "ขอมาฟัง" in page and "ไกรสร ห่างไกล" in page
    answer = login_as(cast.author).post(f"{base}/requests/{JoinRequest.get().id}/answer", data={"accept": "1"})
    assert answer.status_code == 303 and "ออกจากชุมชน" in client.get(base).text


def test_not_yet_is_said_with_its_reason(login_as, cast, base, htmx):
    asking_first(cast)
    joining.ask(cast.outsider, cast.community)
    url = f"{base}/requests/{JoinRequest.get().id}/answer"
    client = login_as(cast.author)
    too_long = client.post(url, data={"accept": "0", "answer": "ก" * 301}, headers=htmx)
    assert too_long.status_code == 422 and "ก" * 301 in too_long.text
    assert client.post(url, data={"accept": "0", "answer": "รอบหน้า"}, headers=htmx).status_code == 200
    assert client.post(url, data={"accept": "1"}).status_code == 422, "answered already"
    assert "รอบหน้า" in login_as(cast.outsider).get(base).text


def test_requests_are_not_shown_to_members(login_as, cast, base):
    joining.ask(cast.outsider, cast.community, "ความลับ")
    assert "ความลับ" not in login_as(cast.fellow).get(f"{base}/people").text


def test_s0_115_inviting_from_page_to_answer(login_as, cast, base):
    form = {"people": "0000003\nไม่มีตัวตน", "role": "expert", "message": "มาเล่าหน่อย", "how": "invite"}
    answer = login_as(cast.author).post(f"{base}/invitations", data=form)
    assert answer.status_code == 422 and "ไม่พบพนักงาน" in answer.text and "\nไม่มีตัวตน</textarea>" in answer.text
    assert "ส่งคำเชิญ 1 คนแล้ว" in answer.text
    page = login_as(cast.outsider).get(base).text
    assert "มาเล่าหน่อย" in page and "คุณได้รับคำชวน" in page
    url = f"{base}/invitations/{Invitation.get().id}"
    assert login_as(cast.fellow).post(f"{url}/answer", data={"accept": "1"}).status_code == 404
    assert login_as(cast.outsider).post(f"{url}/answer", data={"accept": "1"}).status_code == 303
    assert "ผู้เชี่ยวชาญ" in login_as(cast.outsider).get(f"{base}/people").text


def test_several_are_put_in_at_once(login_as, cast, base, htmx):
    names = [factories.make_employee(unit=cast.branch).employee_id for _ in range(3)]
    form = {"people": "\n".join(names), "role": "member", "how": "add"}
    answer = login_as(cast.coordinator).post(f"{base}/invitations", data=form, headers=htmx)
    assert answer.status_code == 200 and "เพิ่มในชุมชน 3 คนแล้ว" in answer.text
    empty = login_as(cast.author).post(f"{base}/invitations", data={"people": " \n "})
    assert empty.status_code == 422 and "อย่างน้อยหนึ่งคน" in empty.text


def test_a_role_that_is_not_offered_is_refused_in_thai(login_as, cast, base):
    """What the forms' library says by itself is English."""
    answer = login_as(cast.author).post(f"{base}/invitations", data={"people": cast.outsider.name, "role": "ประธาน"})
    assert answer.status_code == 422
    assert "โปรดเลือกจากรายการที่มีให้" in answer.text and "valid choice" not in answer.text
    assert f">{cast.outsider.name}</textarea>" in answer.text.replace("\r\n", "").replace("\n", "")


def test_of_a_long_line_that_means_nobody_only_the_beginning_is_said_back(login_as, cast, base):
    """The line itself stays in the box; the reason does not repeat thousands of letters."""
    line = "ก" * 5000
    answer = login_as(cast.author).post(f"{base}/invitations", data={"people": line, "role": "member"})
    assert answer.status_code == 422 and answer.text.count(line) == 1
    assert "ไม่พบพนักงานชื่อหรือรหัส “กกก" in answer.text and "ก…”" in answer.text


def test_an_invitation_is_called_back(login_as, cast, base):
    joining.invite(cast.author, cast.community, cast.outsider)
    client = login_as(cast.author)
    assert "รอตอบ 1 คน" in client.get(f"{base}/people").text
    assert client.post(f"{base}/invitations/{Invitation.get().id}/call-back").status_code == 303
    assert "คุณได้รับคำชวน" not in login_as(cast.outsider).get(base).text


# ---- guests --------------------------------------------------------------------------------------------------------


def test_s0_126_a_guest_is_added_with_consent_only(login_as, cast, base, htmx):
    client = login_as(cast.author)
    form = {"name": "ครูนวล", "organisation": "โรงเรียนบ้านหนอง"}
    refused = client.post(f"{base}/guests", data=form, headers=htmx)
    assert refused.status_code == 422 and "ความยินยอม" in refused.text and 'value="ครูนวล"' in refused.text
    assert client.post(f"{base}/guests", data=form | {"consent": "y"}, headers=htmx).status_code == 200
    assert client.post(f"{base}/guests", data=form | {"consent": "y"}).status_code == 303, "sent twice"
    other = client.post(f"{base}/guests", data=form | {"consent": "y", "contact": "08 1111 1111"})
    assert other.status_code == 422 and "มีผู้เข้าร่วมชื่อนี้อยู่แล้ว" in other.text and Guest.select().count() == 1
    assert client.post(f"{base}/guests/{Guest.get().id}/remove").status_code == 303
    assert client.post(f"{base}/guests/999999/remove").status_code == 404


# ---- edit and history ----------------------------------------------------------------------------------------------


def edit_form(cast, **changes):
    c = cast.community
    return {
        "version": c.version,
        "name": c.name,
        "knowledge_title": c.knowledge_title,
        "topic": c.topic_id,
        "rhythm": c.rhythm,
    } | changes


def test_s0_268_s0_269_forms_are_several_and_stay_chosen(login_as, cast, base):
    client = login_as(cast.author)
    data = edit_form(cast, models=["small", "grass_roots", "x"], ways=["chat", "coffee_council"], asks_to_join="y")
    assert client.post(f"{base}/edit", data=data).status_code == 303
    page = client.get(f"{base}/edit").text
    assert page.count(" checked") == 5
    refused = client.post(f"{base}/edit", data=data | {"name": "", "version": 2})
    assert refused.status_code == 422 and refused.text.count(" checked") == 5


def test_s0_277_history_tells_what_changed_and_why(login_as, cast, base):
    """The name may be changed, and the change is kept (S0-86, S0-277)."""
    client = login_as(cast.author)
    client.post(f"{base}/edit", data=edit_form(cast, name="ชุมชนชื่อใหม่", why="รวมสองทีม"))
    page = login_as(cast.outsider).get(f"{base}/history").text
    assert "จาก “ชุมชนคนบ้านนา” เป็น “ชุมชนชื่อใหม่”" in page and "เพราะ รวมสองทีม" in page
    assert client.get("/communities/999999/history").status_code == 404


# ---- connections ---------------------------------------------------------------------------------------------------


def test_s0_263_communities_are_found_connected_and_parted(login_as, cast, base, other, htmx):
    client = login_as(cast.author)
    assert "ชุมชนปลายน้ำ" in client.get(f"{base}/connections").text, "the same topic is suggested"
    found = client.get(f"{base}/connections?q=ปลายน้ำ", headers=htmx)
    assert "ชุมชนปลายน้ำ" in found.text and "<html" not in found.text
    assert "ชุมชนปลายน้ำ" in client.get(f"{base}/connections?q=ปลาย%00น้ำ", headers=htmx).text, "PostgreSQL takes no NUL"
    assert "ไม่พบชุมชน" in client.get(f"{base}/connections?q=ไม่มีหรอก").text
    assert client.post(f"{base}/connections", data={"other": other.id}).status_code == 303
    assert "ชุมชนปลายน้ำ" in client.get(base).text and cast.community.name in client.get(f"/communities/{other.id}").text
    for nonsense in ("x", "999999", cast.community.id):
        assert client.post(f"{base}/connections", data={"other": nonsense}).status_code == 422
    link = CommunityLink.get().id
    assert client.post(f"{base}/connections/{link}/remove").status_code == 303
    assert client.post(f"{base}/connections/{link}/remove").status_code == 404


def test_s0_263_a_session_is_held_together(login_as, cast, base, other):
    """One community learns from another (S0-264)."""
    session = factories.make_session(cast.community, topic="คุยข้ามชุมชน")
    url = f"{base}/sessions/{session.id}"
    client = login_as(cast.author)
    assert "เชื่อมโยงก่อน" in client.get(f"{url}/joint").text
    connections.connect(cast.author, cast.community, other)
    assert "ชุมชนปลายน้ำ" in client.get(f"{url}/joint").text
    assert client.post(f"{url}/joint", data={"community": [other.id, "x"]}).status_code == 303
    assert "จัดร่วมกับ" in client.get(url).text
    partner = login_as(cast.outsider).get(f"/communities/{other.id}").text
    assert "คุยข้ามชุมชน" in login_as(cast.outsider).get("/").text, "today's sessions wait on the first page"
    assert "คุยข้ามชุมชน" in partner and f"ร่วมกับ {cast.community.name}" in partner
    assert login_as(cast.outsider).get(f"{url}/joint").status_code == 403
    assert 'id="composer"' in login_as(cast.outsider).get(url).text, "they write notes too"


# ---- paper ---------------------------------------------------------------------------------------------------------


def test_s0_113_the_application_is_complete(login_as, cast, base):
    handing_over.set_deputy(cast.author, cast.community, "historian", cast.fellow)
    guests.add(cast.author, cast.community, "ครูนวล", organisation="โรงเรียนบ้านหนอง", contact="08 2222", brings="")
    cast.community.forms, cast.community.rhythm = communities.forms_kept(["small", "chat"]), "ทุกวันพุธแรก"
    cast.community.save()
    text, _pages, _pictures = read(login_as(cast.outsider).get(f"{base}/application.pdf", buffered=True).data)
    for words in ("กลุ่มเล็ก", "ห้องสนทนา", "ทุกวันพุธแรก", "2คนและผู้เข้าร่วมจากภายนอก1คน", "ผู้ทำหน้าที่แทน", "ครูนวล"):
        assert words in text
    assert "082222" not in text


# ---- everywhere ----------------------------------------------------------------------------------------------------


def test_cancelled_changes_no_more(login_as, cast, base):
    joining.ask(cast.outsider, cast.community)
    communities.cancel(cast.author, cast.community, "ย้ายงาน")
    client = login_as(cast.author)
    assert client.post(f"{base}/requests/{JoinRequest.get().id}/answer", data={"accept": "1"}).status_code == 422
    assert client.post(f"{base}/deputies", data={"role": "leader", "deputy": "0000002"}).status_code == 422
    assert client.get(f"{base}/people").status_code == 200 and "hand-over" not in client.get(f"{base}/people").text


@pytest.mark.parametrize("path", ["/people", "/history", "/connections", ""])
def test_statements_do_not_grow(login_as, cast, base, other, path):
    client = login_as(cast.author)
    client.get(base + path)
    with count_queries() as before:
        client.get(base + path)
    for n in range(6):
        employee = factories.make_employee(unit=cast.branch)
        factories.make_membership(cast.community, employee)
        joining.ask(factories.make_employee(unit=cast.branch), cast.community)
        joining.invite(cast.author, cast.community, factories.make_employee(unit=cast.branch))
        guests.add(cast.author, cast.community, f"แขก {n}", organisation="", contact="", brings="")
        connections.connect(cast.author, cast.community, factories.make_community(creator=cast.outsider))
        factories.make_session(cast.community)
    with count_queries() as after:
        client.get(base + path)
    assert len(after) == len(before) <= STATEMENTS


@pytest.mark.parametrize("path", ["/people", "/history", "/connections"])
def test_signed_out_and_missing(client, login_as, cast, base, path):
    assert client.get(base + path).headers["Location"].startswith("/login?next=")
    assert login_as(cast.fellow).get(f"/communities/999999{path}").status_code == 404


@pytest.mark.parametrize("path", ["hand-over", "deputies", "requests", "invitations", "guests"])
def test_a_get_changes_nothing(login_as, cast, base, path):
    assert login_as(cast.author).get(f"{base}/{path}").status_code == 405
