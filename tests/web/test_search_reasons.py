"""What the page says when it searched for something else, and why a hit was found."""

import pytest

from kc import search
from tests import factories


@pytest.fixture
def article(app, cast):
    made = factories.make_article(
        "เยี่ยมลูกหนี้ก่อนวันครบกำหนด", cast.author, status="published", body="ปรับตารางผ่อนชำระให้ตรงกับวันขายข้าว"
    )
    search.rebuild()
    return made


def test_a_slip_is_said_with_a_way_to_what_was_typed(login_as, cast, article):
    client = login_as(cast.fellow)
    page = client.get("/search?q=เยี่ยมลูกหนื้ก่อนวัน").text
    assert "ค้นหา “เยี่ยมลูกหนี้ก่อนวัน” แทน" in page and "exact=1" in page
    assert f'data-id="{article.id}"' in page
    exactly = client.get("/search?q=เยี่ยมลูกหนื้ก่อนวัน&exact=1").text
    assert "แทน —" not in exactly and "”&nbsp;แทน" not in exactly and "” แทน" not in exactly


def test_other_systems_are_told_what_was_searched_for(login_as, cast, article):
    client = login_as(cast.fellow)
    assert client.get("/api/v1/search?q=เยี่ยมลูกหนื้ก่อนวัน").json["corrected"] == "เยี่ยมลูกหนี้ก่อนวัน"
    assert client.get("/api/v1/search?q=เยี่ยมลูกหนื้ก่อนวัน&exact=1").json["corrected"] is None


def test_every_hit_offers_its_reasons(login_as, cast, article, htmx):
    client = login_as(cast.fellow)
    page = client.get("/search?q=เยี่ยม ลูกหนี้").text
    assert "/search/why?q=" in page and "ทำไมจึงพบ" in page
    address = f"/search/why?q=เยี่ยม ลูกหนี้&hit=knowledge&id={article.id}"
    whole = client.get(address).text
    assert "<html" in whole and "มีคำว่า “ลูกหนี้” 1 แห่ง" in whole and "กลับไปที่ผลการค้นหา" in whole
    part = client.get(address, headers=htmx).text
    assert "<html" not in part and "มีคำว่า “ลูกหนี้” 1 แห่ง" in part


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?q=หนี้",
        "?q=หนี้&hit=knowledge",
        "?q=หนี้&hit=knowledge&id=x",
        "?q=หนี้&hit=%00&id=999999999999",
        "?q=หนี้&hit=draft&id=1",
    ],
)
def test_reasons_of_nothing(login_as, cast, article, asked):
    answer = login_as(cast.fellow).get(f"/search/why{asked}")
    assert answer.status_code == 200 and "ไม่พบรายการนี้แล้ว" in answer.text


def test_what_may_not_be_seen_has_no_reasons(login_as, cast, article):
    draft = factories.make_article("ลูกหนี้ร่างลับ", cast.author)
    page = login_as(cast.fellow).get(f"/search/why?q=ลูกหนี้&hit=knowledge&id={draft.id}").text
    assert "ไม่พบรายการนี้แล้ว" in page and "ร่างลับ" not in page
