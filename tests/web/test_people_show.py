"""GET /people/<id>: a colleague's page."""

from kc.models import Employee
from kc.services import people
from tests.conftest import count_queries
from tests.factories import make_article, make_community, make_membership


def show(client, person):
    return client.get(f"/people/{person.id}")


def test_page_says_how_to_reach_somebody_and_what_they_know(login_as, cast):
    """A card of a person: what they know, where they are, how to reach them (S0-254)."""
    Employee.update(phone="1234", email="kamon@example.org", expertise="สวนผลไม้\nเงินฝาก").where(
        Employee.id == cast.author.id
    ).execute()
    page = show(login_as(cast.outsider), cast.author).text
    for text in ("กมล ใจดี", "1234", "kamon@example.org", "สวนผลไม้", "เงินฝาก", "สาขาบ้านนา", "ชุมชนคนบ้านนา"):
        assert text in page


def test_s0_256_who_gladly_shares_is_said_on_their_page(login_as, cast):
    client = login_as(cast.outsider)
    assert "ยินดีแบ่งปัน" not in show(client, cast.author).text, "off until they say so"
    assert "/account/#sharing" in show(client, cast.outsider).text, "one's own page shows the way"
    people.offer_to_share(cast.author, True, "ประนอมหนี้\nโทรมาได้ช่วงบ่าย")
    page = show(client, cast.author).text
    assert "ประนอมหนี้" in page and "โทรมาได้ช่วงบ่าย" in page and "/search?in=person&amp;sharing=yes" in page
    people.offer_to_share(cast.author, False, "ประนอมหนี้")
    assert "ประนอมหนี้" not in show(client, cast.author).text
    people.offer_to_share(cast.author, True, "ประนอมหนี้")
    people.deactivate(cast.administrator, cast.author)
    assert "ประนอมหนี้" not in show(client, cast.author).text, "nobody can ask who left"


def test_only_published_knowledge_is_listed(login_as, cast):
    make_article("ฉบับเผยแพร่", cast.author, status="published")
    make_article("ฉบับร่างลับ", cast.author)
    page = show(login_as(cast.outsider), cast.author).text
    assert "ฉบับเผยแพร่" in page and "ฉบับร่างลับ" not in page


def test_who_left_keeps_a_page(login_as, cast):
    Employee.update(is_active=False).where(Employee.id == cast.author.id).execute()
    assert "พ้นจากงานแล้ว" in show(login_as(cast.outsider), cast.author).text


def test_administrators_and_coordinators_find_the_way_to_the_account(login_as, cast):
    door = f'href="/admin/employees/{cast.author.id}"'
    assert door in show(login_as(cast.administrator), cast.author).text
    assert door in show(login_as(cast.coordinator), cast.author).text
    assert door not in show(login_as(cast.outsider), cast.author).text


def test_page_needs_a_sign_in(client, cast):
    assert show(client, cast.author).status_code == 303


def test_missing_person_is_404(login_as, cast):
    assert login_as(cast.author).get("/people/9999").status_code == 404


def test_number_of_statements_does_not_grow(login_as, cast):
    client = login_as(cast.outsider)
    show(client, cast.author)
    with count_queries() as few:
        show(client, cast.author)
    for n in range(10):
        make_membership(make_community(f"ชุมชนที่ {n}", cast.author), cast.author, "member")
        make_article(f"เรื่องที่ {n}", cast.author, status="published")
    with count_queries() as many:
        assert "เรื่องที่ 9" in show(client, cast.author).text
    assert len(many) == len(few) <= 12, many
