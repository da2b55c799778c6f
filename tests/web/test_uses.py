"""A reader tells that they used it (S0-195): the page, the form, putting right, taking back."""

import pytest

from kc.models import KnowledgeUse
from tests import factories


@pytest.fixture
def article(cast):
    return factories.make_article("เยี่ยมก่อนครบกำหนด", cast.author, status="published")


def told(**overrides):
    return {"place": "สาขาปลายน้ำ", "outcomes": ["cheaper", "made-up"], "outcome_text": "ลดไปเดือนละพัน"} | overrides


def test_s0_195_a_reader_tells_and_everybody_sees_it(login_as, cast, article):
    """Not only read: "I used this", where and what came of it (S0-02, S0-05, S0-21)."""
    client, address = login_as(cast.outsider), f"/knowledge/{article.id}"
    assert "นำไปใช้แล้วหรือยัง" in client.get(address).text
    assert f'value="{cast.outsider.unit.name}"' in client.get(f"{address}/used").text
    answer = client.post(f"{address}/used", data=told())
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}#uses")
    page = login_as(cast.fellow).get(address).text
    assert "นำไปใช้แล้ว 1 คน" in page
    assert "ลดไปเดือนละพัน" in page
    assert "ไกรสร ห่างไกล" not in page
    assert KnowledgeUse.get().outcomes == "cheaper"


def test_saying_it_again_puts_it_right(login_as, cast, article):
    client, address = login_as(cast.outsider), f"/knowledge/{article.id}/used"
    client.post(address, data=told())
    client.post(address, data=told(place="ทั้งจังหวัด", show_name="y"))
    assert [use.place for use in KnowledgeUse.select()] == ["ทั้งจังหวัด"]
    assert "ทั้งจังหวัด" in client.get(address).text
    client.post(f"{address}/delete")
    assert KnowledgeUse.select().count() == 0


def test_works_with_htmx(login_as, cast, article, htmx):
    answer = login_as(cast.outsider).post(f"/knowledge/{article.id}/used", data=told(), headers=htmx)
    assert answer.headers["HX-Redirect"] == f"/knowledge/{article.id}#uses"


def test_without_a_place_the_typing_is_kept(login_as, cast, article):
    answer = login_as(cast.outsider).post(f"/knowledge/{article.id}/used", data=told(place=" "))
    assert answer.status_code == 422
    assert "โปรดบอกว่าใช้ที่ไหน" in answer.text
    assert "ลดไปเดือนละพัน" in answer.text


def test_a_draft_has_no_users_and_is_hidden(login_as, client, cast):
    draft = factories.make_article("ร่าง", cast.author)
    assert login_as(cast.outsider).post(f"/knowledge/{draft.id}/used", data=told()).status_code == 404
    assert login_as(cast.author).post(f"/knowledge/{draft.id}/used", data=told()).status_code == 422
    assert "ฉันนำไปใช้แล้ว" not in login_as(cast.author).get(f"/knowledge/{draft.id}").text
    assert "/login?next=" in client.get(f"/knowledge/{draft.id}/used").headers["Location"]
    assert login_as(cast.author).get("/knowledge/987654/used").status_code == 404
    assert login_as(cast.author).get(f"/knowledge/{draft.id}/used/delete").status_code == 405


def test_without_a_name_the_unit_is_not_named_either(login_as, cast, article):
    """Who is the only one of their unit would be known by it; where it is used they say themselves."""
    login_as(cast.outsider).post(f"/knowledge/{article.id}/used", data=told(place="ทั้งจังหวัด"))
    page = login_as(cast.fellow).get(f"/knowledge/{article.id}").text
    assert "เพื่อนร่วมงาน ·" in page and cast.outsider.unit.name not in page


def test_a_colleague_who_left_is_no_outsider(login_as, cast, article):
    login_as(cast.outsider).post(f"/knowledge/{article.id}/used", data=told(place="ทั้งจังหวัด", show_name="y"))
    page = login_as(cast.fellow).get(f"/knowledge/{article.id}").text
    assert "ไกรสร ห่างไกล" in page and cast.outsider.unit.name in page
    KnowledgeUse.update(employee=None).execute()
    page = login_as(cast.fellow).get(f"/knowledge/{article.id}").text
    assert "เพื่อนร่วมงาน ·" in page and "ผู้เข้าร่วมจากภายนอก" not in page
    KnowledgeUse.update(person_key="g:ครูวิลาวัณย์").execute()
    assert "ผู้เข้าร่วมจากภายนอก ·" in login_as(cast.fellow).get(f"/knowledge/{article.id}").text
