"""One search box finds everything: kinds, tabs, filters, links (D5)."""

import html
import re

import pytest

from kc import search
from kc.models import Attachment
from kc.services import people
from tests import factories
from tests.conftest import count_queries


@pytest.fixture
def everything(cast):
    """One of each kind about ลำไย."""
    cast.author.expertise = "ลำไย"
    cast.author.phone = "4712"
    cast.author.save()
    community = factories.make_community("ชุมชนคนลำไย", cast.author)
    factories.make_membership(community, cast.author, "facilitator")
    factories.make_membership(community, cast.fellow, "member")
    factories.make_membership(community, cast.fellow, "expert")
    session = factories.make_session(community, topic="ลำไยนอกฤดู", place="สวนตาสี")
    article = factories.make_article(
        "ตัดแต่งกิ่งลำไย", cast.author, status="published", external_id="L-1", community=community
    )
    file = Attachment.create(
        article=article, filename="ปฏิทินลำไย.pdf", content_type="application/pdf", size=204_800, sha256="a" * 64
    )
    search.rebuild()
    return {"knowledge": article, "attachment": file, "person": cast.author, "community": community, "session": session}


def hits(page):
    return re.findall(r'data-hit="(\w+)" data-id="([^"]+)"', page)


def total(page):
    return int(re.search(r'id="results"[^>]*data-total="(\d+)"', page)[1])


def links(page, part):
    """Text, count and address of the links of one part of the results."""
    found = re.findall(r'<a([^>]*)>([^<]+)<span class="count">([\d,]+)</span>', part_of(page, part))
    return {text.strip(): (int(n), html.unescape(re.search(r'href="([^"]*)"', tag)[1])) for tag, text, n in found}


def part_of(page, label):
    start = page.index(f'aria-label="{label}"')
    return page[start : page.index("</nav>", start)]


def test_each_kind_is_shown_with_why_it_matters_and_leads_to_its_page(login_as, cast, everything):
    client = login_as(cast.outsider)
    page = client.get("/search?q=ลำไย").text
    ids = {"knowledge": "L-1"} | {kind: str(row.id) for kind, row in everything.items() if kind != "knowledge"}
    assert set(ids.items()) <= set(hits(page)) and total(page) == len(hits(page)) == 6
    plain = re.sub(r"<[^>]+>", "", page)
    for said in ("200 KB", "อยู่ในเรื่อง ตัดแต่งกิ่งลำไย", "4712", "2 คน", "สวนตาสี", "13:30 น."):
        assert said in plain, said
    leads = {re.sub(r"\?[^#]*", "", html.unescape(url)) for url in re.findall(r'hit-title"><a href="([^"]+)"', page)}
    for kind, url in {
        "knowledge": f"/knowledge/{everything['knowledge'].id}",
        "attachment": f"/knowledge/{everything['knowledge'].id}#file-{everything['attachment'].id}",
        "person": f"/people/{cast.author.id}",
        "community": f"/communities/{everything['community'].id}",
        "session": f"/communities/{everything['community'].id}/sessions/{everything['session'].id}",
    }.items():
        assert url in leads, kind
        assert client.get(url).status_code == 200
    assert f'id="file-{everything["attachment"].id}"' in client.get(f"/knowledge/{everything['knowledge'].id}").text


def test_s0_256_who_gladly_shares_is_found_by_it_and_the_results_are_narrowed(login_as, cast):
    shares = factories.make_employee("จันทร์ ใจกว้าง")
    factories.make_employee("อังคาร เก็บตัว", expertise="โรครากเน่าทุเรียน")
    people.offer_to_share(shares, True, "โรครากเน่าทุเรียน โทรมาได้")
    people.offer_to_share(cast.fellow, False, "โรครากเน่าทุเรียน")
    search.rebuild()
    client = login_as(cast.outsider)
    page = client.get("/search?q=รากเน่าทุเรียน").text
    assert len(hits(page)) == 2 and page.count("ยินดีแบ่งปัน</span>") >= 1
    count, url = links(page, "ผู้รู้ที่ยินดีแบ่งปัน")["ยินดีแบ่งปัน"]
    assert count == 1
    assert hits(client.get(url).text) == [("person", str(shares.id))]
    assert hits(client.get("/search?in=person&sharing=yes").text) == [("person", str(shares.id))]
    typed = client.get("/search?q=ผู้รู้:ยินดีแบ่งปัน รากเน่า").text
    assert hits(typed) == [("person", str(shares.id))]
    kept = client.get("/search?q=รากเน่า&sharing=yes").text
    assert 'name="sharing" value="yes" form="search-form" checked' in kept
    assert len(hits(client.get("/search?q=รากเน่าทุเรียน&sharing=ดาวอังคาร").text)) == 2, "nonsense filters nothing"


def test_s0_255_people_one_does_not_know_are_found_by_what_they_know(login_as, cast):
    stranger = factories.make_employee("จันทร์ ไม่คุ้นหน้า", expertise="โรครากเน่าทุเรียน", phone="5533")
    search.rebuild()
    client = login_as(cast.outsider)
    page = client.get("/search?q=รากเน่าทุเรียน&in=person").text
    assert hits(page) == [("person", str(stranger.id))] and "5533" in page
    assert "โรครากเน่าทุเรียน" in client.get(f"/people/{stranger.id}").text


def test_tabs_count_what_they_bring(login_as, cast, everything):
    client = login_as(cast.fellow)
    page = client.get("/search?q=ลำไย").text
    tabs = links(page, "แยกตามสิ่งที่พบ")
    assert list(tabs) == ["ทั้งหมด", "องค์ความรู้", "ไฟล์แนบ", "บุคลากร", "ชุมชน", "กิจกรรม"]
    for count, url in tabs.values():
        narrowed = client.get(url).text
        assert total(narrowed) == count == len(hits(narrowed))
        assert {text: n for text, (n, _url) in links(narrowed, "แยกตามสิ่งที่พบ").items()} == {
            text: n for text, (n, _url) in tabs.items()
        }


def test_facets_count_what_they_bring(login_as, cast, everything):
    factories.make_article(
        "ลำไยอีกเรื่อง", cast.outsider, status="published", kind="story", fiscal_year=factories.make_year(2567)
    )
    search.rebuild()
    client = login_as(cast.fellow)
    page = client.get("/search?q=ลำไย").text
    for label in ("แยกตามปี", "แยกตามชนิดความรู้", "แยกตามหน่วยงาน"):
        found = links(page, label)
        assert len(found) > 1
        for count, url in found.values():
            assert total(client.get(url).text) == count, (label, url)


@pytest.mark.parametrize("kind", ["knowledge", "attachment", "person", "community", "session"])
def test_a_kind_of_thing_is_asked_for_by_in_or_kind(login_as, cast, everything, kind):
    client = login_as(cast.fellow)
    for address in (f"/search?q=ลำไย&in={kind}", f"/search?q=ลำไย&kind={kind}", f"/search?q=ลำไย+type:{kind}"):
        assert {found for found, _ in hits(client.get(address).text)} == {kind}


def test_filters_of_the_address_and_of_the_words_are_the_same(login_as, cast, everything):
    client = login_as(cast.fellow)
    pairs = [
        ("q=ลำไย&file=pdf", "q=ลำไย ไฟล์:pdf"),
        ("q=ลำไย&author=กมล ใจดี", 'q=ลำไย ผู้เขียน:"กมล ใจดี"'),
        (f"q=ลำไย&unit={cast.office.id}", "q=ลำไย หน่วยงาน:ลำน้ำใส"),
        ("q=ลำไย&year=2567", "q=ลำไย ปี:๒๕๖๗"),
        ("since=2569&until=31/12/2569", "q=ตั้งแต่:2569 ถึง:31/12/2569"),
    ]
    for chosen, typed in pairs:
        first, second = client.get(f"/search?{chosen}").text, client.get(f"/search?{typed}").text
        assert hits(first) == hits(second) and total(first) == total(second), chosen


def test_what_is_on_is_shown_with_a_way_back(login_as, cast, everything):
    client = login_as(cast.fellow)
    page = client.get("/search?q=ลำไย ปี:2569&in=person&unit=" + str(cast.branch.id)).text
    chips = re.findall(r'<a class="chip is-on chip-remove" href="([^"]+)" aria-label="([^"]+)"', page)
    said = [label for _url, label in chips]
    assert said == ["เอาตัวกรอง ปี 2569 ออก", "เอาตัวกรอง ประเภท บุคลากร ออก", "เอาตัวกรอง หน่วยงาน สาขาบ้านนา ออก"]
    without_year = client.get(html.unescape(chips[0][0])).text
    assert hits(without_year)[0] == ("person", str(cast.author.id)) and total(without_year) == 2


def test_what_was_not_understood_is_said(login_as, cast, everything):
    page = login_as(cast.fellow).get("/search?q=หน่วยงาน:ดาวอังคาร ลำไย").text
    assert "ไม่พบ “ดาวอังคาร” ในตัวกรอง “หน่วยงาน”" in page and total(page) > 0


def test_nobody_is_found_who_left_and_nothing_that_was_cancelled(login_as, cast, everything):
    from kc.services import communities, people

    communities.cancel(cast.officer, everything["community"], "รวมกัน")
    people.deactivate(cast.officer, cast.author)
    page = login_as(cast.fellow).get("/search?q=ลำไย").text
    assert {kind for kind, _ in hits(page)} == {"knowledge", "attachment"}
    assert "บุคลากร" not in links(page, "แยกตามสิ่งที่พบ")


def test_a_hit_whose_row_just_went_is_left_out(login_as, cast, everything):
    Attachment.delete().execute()
    page = login_as(cast.fellow).get("/search?q=ลำไย").text
    assert "attachment" not in dict(hits(page)) and "knowledge" in dict(hits(page))


@pytest.mark.parametrize("number", ["2", "99", "100000", "0", "-1", "x"])
def test_any_page_number_is_answered(login_as, cast, everything, number):
    page = login_as(cast.fellow).get(f"/search?q=ลำไย&page={number}").text
    assert total(page) == 6 and (hits(page) == []) is (number in ("2", "99", "100000"))


def test_pages_together_are_everything_once(login_as, cast, everything):
    for n in range(23):
        factories.make_employee(f"ลำไย คนที่{n}", cast.branch)
    search.rebuild()
    client = login_as(cast.fellow)
    found = [hit for n in range(1, 5) for hit in hits(client.get(f"/search?q=ลำไย&page={n}").text)]
    assert len(found) == len(set(found)) == total(client.get("/search?q=ลำไย").text) == 29


def test_statements_stay_few_with_every_kind_and_filter(login_as, cast, everything):
    client = login_as(cast.fellow)
    address = f"/search?q=ลำไย ประเด็น:เงินฝาก หน่วยงาน:บ้านนา&unit={cast.branch.id}&since=2560"
    for url in ("/search?q=ลำไย", address):
        client.get(url)
        with count_queries() as sent:
            client.get(url)
        assert len(sent) <= 12, sent


def test_the_interface_finds_every_kind_with_its_address(login_as, cast, everything):
    client = login_as(cast.fellow)
    found = client.get("/api/v1/search?q=ลำไย&limit=50").json
    assert {r["kind"] for r in found["results"]} == set(everything)
    for result in found["results"]:
        assert client.get(result["url"].partition("#")[0]).status_code == 200
    only = client.get("/api/v1/search?q=ลำไย ไฟล์:pdf").json
    assert [r["kind"] for r in only["results"]] == ["attachment"] and only["total"] == 1
    assert client.get("/api/v1/search?q=ลำไย&in=session").json["total"] == 1


def test_a_typed_kind_and_the_tabs_are_one(login_as, cast, everything):
    earlier = factories.make_year(2567)
    factories.make_community("ชุมชนลำไยปีก่อน", cast.author, fiscal_year=earlier)
    search.rebuild()
    client = login_as(cast.fellow)
    for address in ("/search?q=ลำไย ประเภท:ชุมชน ปี:2569", "/search?q=ลำไย ปี:2569&kind=community"):
        page = client.get(address).text
        tabs = links(page, "แยกตามสิ่งที่พบ")
        assert {kind for kind, _ in hits(page)} == {"community"}
        for count, url in tabs.values():
            assert total(client.get(url).text) == count, url
        chips = re.findall(r'<a class="chip" href="([^"]+)"[^>]*aria-current="true"', page)
        assert total(client.get(html.unescape(chips[0])).text) == 2, "the year is off, the kind is still on"
