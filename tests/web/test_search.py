"""The search page and the API, as their addresses promise (CONTRACT.md)."""

import html
import re
import sqlite3
import time
from urllib.parse import parse_qs

import pytest

from kc import search
from tests import factories
from tests.conftest import POSTGRES, count_queries

SECRET_WORD = "กระเช้าสีดา"


@pytest.fixture
def library(cast):
    """Published articles and a draft, all indexed."""
    found = [
        factories.make_article("ติดตามหนี้อย่างเข้าใจ", cast.author, status="published", external_id="KC-1"),
        factories.make_article("ออมทรัพย์ในหมู่บ้าน", cast.outsider, status="published", kind="story", method="**หนี้** ไม่มี"),
        factories.make_article("ร่างของกมล", cast.author, method=SECRET_WORD),
    ]
    search.rebuild()
    return found


def hits(page):
    return re.findall(r'data-hit="(\w+)" data-id="([^"]+)"', page)


def test_a_hit_carries_its_kind_and_external_id_and_the_list_its_total(login_as, cast, library):
    page = login_as(cast.fellow).get("/search?q=ติดตามหนี้").text
    assert hits(page)[0] == ("knowledge", "KC-1")
    assert 'data-total="' in page and "<mark>" in page


@pytest.mark.parametrize("part", ["background", "goals", "target_group", "method", "results", "summary", "body"])
def test_every_word_of_every_part_finds_the_article(login_as, cast, part):
    """What one colleague wrote another one finds (S0-02)."""
    article = factories.make_article("เรื่องหนึ่ง", cast.author, status="published", **{part: f"ก่อน{SECRET_WORD}หลัง"})
    search.rebuild()
    assert hits(login_as(cast.fellow).get(f"/search?q={SECRET_WORD}").text) == [("knowledge", str(article.id))]


def test_names_of_authors_units_and_communities_and_goals_find_it_too(login_as, cast):
    from kc.models import ArticleMeasure

    article = factories.make_article("เรื่องหนึ่ง", cast.author, status="published", community=cast.community)
    ArticleMeasure.create(article=article, measure="จำนวนลูกค้าที่ปิดบัญชี", unit="ราย", before="40", after="4712")
    search.rebuild()
    client = login_as(cast.fellow)
    for words in ("กมล ใจดี", "บ้านนา", "ชุมชนคนบ้านนา", "ลูกค้าที่ปิดบัญชี", "4712", "แนวปฏิบัติที่ดี"):
        assert hits(client.get(f"/search?q={words}").text), words


def test_s0_305_home_offers_to_search_before_it_asks_for_anything(login_as, cast):
    main = login_as(cast.outsider).get("/").text.split("<main")[1]
    box = main.index('action="/search"')
    for asked in ("/communities/new", "/knowledge/new"):
        assert box < main.index(f'href="{asked}"')


def test_markdown_marks_are_not_shown_in_snippets(login_as, cast, library):
    page = login_as(cast.fellow).get("/search?q=หนี้").text
    assert "**" not in page


def test_drafts_are_found_by_nobody(login_as, cast, library):
    for person in (cast.author, cast.fellow, cast.outsider, cast.officer):
        page = login_as(person).get(f"/search?q={SECRET_WORD}").text
        assert str(library[2].id) not in [number for _kind, number in hits(page)] and "ร่างของกมล" not in page


def test_htmx_gets_the_results_alone_and_the_page_contains_them(login_as, cast, library, htmx):
    client = login_as(cast.fellow)
    part = client.get("/search?q=ออมทรัพย์", headers=htmx).text
    page = client.get("/search?q=ออมทรัพย์").text
    assert "<html" not in part and hits(part) == hits(page) != []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=story", 1),
        ("kind=manual", 0),
        ("q=หนี้&kind=best_practice", 1),
        ("year=2569", 3),
        ("year=2569&in=knowledge", 2),
        ("year=2560", 0),
    ],
)
def test_filters_narrow(login_as, cast, library, query, count):
    assert len(hits(login_as(cast.fellow).get(f"/search?{query}").text)) == count


def test_a_unit_stands_for_its_sub_units(login_as, cast, library):
    client = login_as(cast.fellow)
    assert hits(client.get(f"/search?in=knowledge&unit={cast.office.id}").text) == [("knowledge", "KC-1")]
    assert len(hits(client.get(f"/search?in=knowledge&unit={cast.other_branch.id}").text)) == 1


def test_past_the_end_the_total_is_still_right(login_as, cast, library):
    page = login_as(cast.fellow).get("/search?kind=story&page=99").text
    assert hits(page) == [] and 'data-total="1"' in page


NASTY = [
    "",
    " ",
    "*",
    "(",
    '"',
    '"ไม่ปิด',
    "AND OR NOT",
    "a REQUIRE b",
    "-",
    "--",
    "-หนี้",
    "~9",
    "[ก TO ฮ]",
    "*า*",
    "่้๊๋",
    "\x00\x01",
    "ก" * 9000,
    "NOT " * 400,
    "<script>alert(1)</script>",
    "%00",
    "' OR 1=1 --",
    "🙂",
]


@pytest.mark.parametrize("typed", NASTY)
def test_nothing_typed_breaks_the_page_or_the_api(login_as, cast, library, typed):
    client = login_as(cast.fellow)
    page = client.get("/search", query_string={"q": typed})
    assert page.status_code == 200 and "<script>alert" not in page.text
    answer = client.get("/api/v1/search", query_string={"q": typed})
    assert answer.status_code == (200 if typed.strip() else 400)


def test_statements_do_not_grow_with_hits(login_as, cast, library):
    client = login_as(cast.fellow)
    client.get("/search?q=หนี้")
    with count_queries() as before:
        client.get("/search?q=หนี้")
    for n in range(9):
        factories.make_article(f"หนี้เรื่องที่ {n}", cast.author, status="published")
    search.rebuild()
    with count_queries() as after:
        client.get("/search?q=หนี้")
    assert len(after) <= len(before) <= 12


# ---- /api/v1/search ----


def test_the_api_answers_as_promised(login_as, cast, library):
    answer = login_as(cast.fellow).get("/api/v1/search?q=ติดตามหนี้&limit=1").json
    assert set(answer) == {"query", "total", "took_ms", "corrected", "results"}
    assert set(answer["results"][0]) == {"kind", "id", "external_id", "title", "url", "snippet", "score"}
    assert answer["results"][0]["external_id"] == "KC-1" and len(answer["results"]) == 1


@pytest.mark.parametrize(
    "query", ["", "q=", "q=x&limit=0", "q=x&limit=101", "q=x&limit=a", "q=x&limit=-1", "q=" + "ก" * 10_001]
)
def test_bad_arguments_are_400_with_a_reason(login_as, cast, query):
    answer = login_as(cast.fellow).get(f"/api/v1/search?{query}")
    assert answer.status_code == 400 and answer.json["error"]


def test_signed_out_the_api_says_401(client):
    answer = client.get("/api/v1/search?q=x")
    assert answer.status_code == 401 and answer.json["error"]


def test_a_bearer_token_opens_the_api_and_nothing_else(app, cast, library):
    from kc.services import tokens

    secret = tokens.create(cast.fellow, "เว็บภายใน")
    bearer = {"Authorization": f"Bearer {secret}"}
    browser = app.test_client()
    assert browser.get("/api/v1/search?q=หนี้", headers=bearer).status_code == 200
    assert browser.get("/knowledge/", headers=bearer).status_code == 303
    assert browser.get("/api/v1/search?q=หนี้", headers={"Authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize(
    "extra", ["endpoint=x", "_method=POST", "_scheme=javascript", "_external=1", "_anchor=zz", "self=1"]
)
@pytest.mark.parametrize("path", ["/search?q=หนี้", "/search/why?q=หนี้&hit=knowledge&id=1", "/knowledge/?q=x"])
def test_nothing_in_an_address_is_an_argument_of_ours(login_as, cast, library, path, extra):
    for n in range(25):
        factories.make_article(f"หนี้เรื่องที่ {n}", cast.author, status="published")
    search.rebuild()
    page = login_as(cast.fellow).get(path + ("&" if "?" in path else "?") + extra)
    assert page.status_code == 200
    assert not re.findall(r'(?:href|hx-get)="(?:javascript|https?)://?localhost[^"]*"', page.text)
    assert "#zz" not in page.text and 'href="javascript' not in page.text


def test_the_reasons_lead_back_to_the_page_one_came_from(login_as, cast, library):
    client = login_as(cast.fellow)
    for n in range(12):
        factories.make_article(f"หนี้เรื่องที่ {n}", cast.author, status="published")
    search.rebuild()
    page = client.get("/search?q=หนี้&in=knowledge&page=2").text
    why = html.unescape(re.findall(r'href="(/search/why[^"]+)"', page)[0])
    back = html.unescape(re.findall(r'class="btn" href="(/search\?[^"]+)"', client.get(why).text)[0])
    assert parse_qs(back.partition("?")[2]) == {"q": ["หนี้"], "in": ["knowledge"], "page": ["2"]}


@pytest.mark.skipif(bool(POSTGRES), reason="one writer at a time is SQLite's")
def test_somebody_who_writes_for_long_holds_up_no_search(login_as, cast, library, settings):
    client = login_as(cast.fellow)
    client.get("/search?q=หนี้")
    writer = sqlite3.connect(f"{settings['KC_DATA_DIR']}/kc.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began = time.perf_counter()
    try:
        assert client.get("/search?q=ออมทรัพย์").status_code == 200
        assert time.perf_counter() - began < 3
    finally:
        writer.execute("ROLLBACK")
        writer.close()
