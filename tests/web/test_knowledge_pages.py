"""The shelves and an article's page."""

import pytest

from kc import clock
from kc.models import ArticleAuthor, ArticleMeasure, ArticleView, Attachment, KnowledgeArticle
from kc.services import attachments
from tests import factories
from tests.conftest import count_queries


@pytest.fixture
def article(cast):
    row = factories.make_article(
        "เยี่ยมก่อนครบกำหนด ลดหนี้ค้าง", cast.author, status="published", community=cast.community, unit=cast.branch
    )
    ArticleMeasure.create(article=row, measure="หนี้ค้างใหม่", unit="ราย", before="67", target="ไม่เกิน 30", after="21")
    return row


def test_index_needs_sign_in(client):
    answer = client.get("/knowledge/")
    assert answer.status_code == 303 and answer.location.startswith("/login")


def test_index_shows_published_and_not_drafts_of_others(cast, login_as, article):
    """Published knowledge stands on a shelf on the network, for staff of other units too (S0-186)."""
    factories.make_article("ร่างที่ยังไม่เสร็จ", cast.author)
    page = login_as(cast.outsider).get("/knowledge/").text
    assert "เยี่ยมก่อนครบกำหนด ลดหนี้ค้าง" in page
    assert "ร่างที่ยังไม่เสร็จ" not in page
    assert "รอเผยแพร่" not in page


def test_index_fragment_is_part_of_page(cast, login_as, article, htmx):
    client = login_as(cast.outsider)
    whole, part = (
        client.get("/knowledge/?kind=best_practice").text,
        client.get("/knowledge/?kind=best_practice", headers=htmx).text,
    )
    assert part.strip().startswith('<section id="results"') and part.strip() in whole


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=best_practice", True),
        ("kind=manual", False),
        ("year=2569", True),
        ("year=2560", False),
        ("unit={unit}", True),
        ("unit={other}", False),
        ("topic={topic}", True),
        ("topic=999999", False),
        ("topic=ก&unit=%00&year=99999999999999999999&sort=x&page=-1&kind='", True),
    ],
)
def test_index_filters(cast, login_as, article, query, found):
    """Knowledge is collected by kind, year, unit and topic (S0-03, S0-185)."""
    query = query.format(unit=cast.office.id, other=cast.other_branch.id, topic=article.topic.series)
    page = login_as(cast.outsider).get(f"/knowledge/?{query.replace('2569', str(article.fiscal_year.year))}")
    assert page.status_code == 200
    assert ("เยี่ยมก่อนครบกำหนด" in page.text) is found


def test_index_sorts_by_reading(cast, login_as, article):
    factories.make_article("อ่านกันมาก", cast.author, status="published", view_count=9)
    page = login_as(cast.outsider).get("/knowledge/?sort=views").text
    assert page.index("อ่านกันมาก") < page.index("เยี่ยมก่อนครบกำหนด")


def test_my_drafts(cast, login_as):
    factories.make_article("วิธีรับสายลูกค้า", cast.author, community=cast.community)
    assert "วิธีรับสายลูกค้า" in login_as(cast.author).get("/knowledge/?tab=mine").text
    assert "วิธีรับสายลูกค้า" in login_as(cast.fellow).get("/knowledge/?tab=mine").text
    assert "วิธีรับสายลูกค้า" not in login_as(cast.outsider).get("/knowledge/?tab=mine").text


def test_waiting_is_for_those_who_publish(cast, login_as):
    factories.make_article("ส่งมาแล้ว", cast.author, status="submitted", submitted_at=clock.now())
    factories.make_article("ของอีกสาขา", cast.outsider, status="submitted", submitted_at=clock.now())
    page = login_as(cast.coordinator).get("/knowledge/?tab=waiting").text
    assert "ส่งมาแล้ว" in page and "ของอีกสาขา" not in page
    assert "ของอีกสาขา" in login_as(cast.officer).get("/knowledge/?tab=waiting").text
    assert "ส่งมาแล้ว" not in login_as(cast.outsider).get("/knowledge/?tab=waiting").text


def test_index_statements_do_not_grow(cast, login_as, article):
    client = login_as(cast.coordinator)
    with count_queries() as few:
        client.get("/knowledge/")
    for _n in range(10):
        factories.make_article("", cast.author, status="published", community=cast.community)
    with count_queries() as many:
        client.get("/knowledge/")
    assert len(few) == len(many) <= 12, "\n".join(many)


# ---- reading -------------------------------------------------------------------------------------------------------


def test_article_shows_the_form_in_order(cast, login_as, article):
    """The official form in its order, with its figures compared (S0-144, S0-163…167, S0-169, S0-170, S0-303)."""
    page = login_as(cast.outsider).get(f"/knowledge/{article.id}").text
    headings = [
        "ที่มาของการทำกิจกรรม CoPs",
        "เป้าหมายที่ต้องการ",
        "กลุ่มเป้าหมายที่จะนำความรู้จากการทำกิจกรรมไปใช้",
        "วิธีการดำเนินกิจกรรม",
        "ผลลัพธ์ที่เกิดจากกิจกรรม CoPs",
    ]
    places = [page.rindex(h) for h in headings]
    assert places == sorted(places)
    assert "ผลลัพธ์ ณ วันที่ 31 มีนาคม 2569" in page
    assert "แบบฟอร์มแลกเปลี่ยนเรียนรู้จากกิจกรรมชุมชนนักปฏิบัติ (CoPs)" in page
    assert "<dd>บ้านนา</dd>" in page and "<dd>สนจ. ลำน้ำใส</dd>" in page
    assert "บรรลุเป้าหมาย" in page and 'class="bar-after"' in page
    assert f'href="/communities/{cast.community.id}"' in page and f'href="/people/{cast.author.id}"' in page


def test_text_is_shown_safely(cast, login_as, article):
    KnowledgeArticle.update(method="<script>alert(1)</script> **หนา** [x](javascript:alert(1))").execute()
    page = login_as(cast.outsider).get(f"/knowledge/{article.id}").text
    assert "<script>alert" not in page and "<strong>หนา</strong>" in page and 'href="javascript' not in page


@pytest.mark.parametrize("status", ["draft", "submitted", "retired"])
def test_others_work_is_hidden(cast, login_as, article, status):
    KnowledgeArticle.update(status=status).execute()
    assert login_as(cast.outsider).get(f"/knowledge/{article.id}").status_code == 404
    assert login_as(cast.author).get(f"/knowledge/{article.id}").status_code == 200
    assert login_as(cast.fellow).get(f"/knowledge/{article.id}").status_code == 200
    assert login_as(cast.coordinator).get(f"/knowledge/{article.id}").status_code == 200


def test_missing_article_is_404(cast, login_as):
    assert login_as(cast.author).get("/knowledge/999").status_code == 404


def test_reading_is_counted_once_a_day(cast, login_as, article):
    client = login_as(cast.outsider)
    with clock.freeze(clock.today()) as now:
        client.get(f"/knowledge/{article.id}")
        client.get(f"/knowledge/{article.id}")
        assert KnowledgeArticle.get_by_id(article.id).view_count == 1
        now.advance(days=1)
        client.get(f"/knowledge/{article.id}")
    assert KnowledgeArticle.get_by_id(article.id).view_count == 2
    assert ArticleView.select().count() == 2


def test_authors_heads_and_prefetches_are_not_counted(cast, login_as, article):
    login_as(cast.author).get(f"/knowledge/{article.id}")
    reader = login_as(cast.outsider)
    reader.head(f"/knowledge/{article.id}")
    reader.get(f"/knowledge/{article.id}", headers={"Sec-Purpose": "prefetch;prerender"})
    reader.get(f"/knowledge/{article.id}", headers={"Purpose": "prefetch"})
    assert KnowledgeArticle.get_by_id(article.id).view_count == 0


def test_article_statements_do_not_grow(cast, login_as, article):
    client = login_as(cast.outsider)
    client.get(f"/knowledge/{article.id}")
    with count_queries() as few:
        client.get(f"/knowledge/{article.id}")
    for n in range(10):
        ArticleMeasure.create(article=article, measure=f"ตัวชี้วัด {n}")
        ArticleAuthor.create(article=article, employee=factories.make_employee())
        attachments.store(f"บรรทัด {n}".encode(), f"ไฟล์{n}.txt", by=cast.author, article=article)
        factories.make_article("", cast.author, status="published")
    with count_queries() as many:
        assert client.get(f"/knowledge/{article.id}").status_code == 200
    assert len(few) == len(many) <= 12, "\n".join(many)
    assert Attachment.select().count() == 10
    with count_queries() as first_time:
        login_as(cast.fellow).get(f"/knowledge/{article.id}")
    assert len(first_time) <= 12, "\n".join(first_time)


def test_related_articles_are_of_the_same_topic_line(cast, login_as, article):
    """A reader is led on to what is near (S0-196)."""
    factories.make_article("พี่น้องกัน", cast.author, status="published")
    factories.make_article("คนละเรื่อง", cast.author, status="published", topic=factories.make_topic("นวัตกรรม"))
    page = login_as(cast.outsider).get(f"/knowledge/{article.id}").text
    assert "พี่น้องกัน" in page and "คนละเรื่อง" not in page
