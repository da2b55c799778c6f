"""Pictures: in several sizes, in their true colours, and asking for words where they have none."""

import io

import pytest
from PIL import Image, ImageCms

from kc import storage
from kc.models import Attachment, KnowledgeArticle
from kc.services import attachments
from tests import factories


def picture(form="JPEG", size=(2000, 1500), mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else None).save(out, form, **options)
    return out.getvalue()


@pytest.fixture
def article(cast):
    return factories.make_article("เรื่องมีรูป", cast.author, community=cast.community, status="published")


def fetch(client, address):
    return client.get(address, buffered=True)


def test_smaller_ones_are_made_at_need_and_kept(cast, login_as, article):
    row = attachments.store(picture(), "ก.jpg", by=cast.author, article=article)
    assert (row.width, row.height) == (2000, 1500)
    client = login_as(cast.outsider)
    for width in (480, 960, 1600):
        answer = fetch(client, f"/attachments/{row.id}/picture/{width}")
        assert answer.mimetype == "image/webp" and Image.open(io.BytesIO(answer.data)).size == (width, width * 3 // 4)
        assert storage.picture_of(row.sha256, width).exists()
    for width in ("0", "481", "99999"):
        assert fetch(client, f"/attachments/{row.id}/picture/{width}").status_code == 404
    storage.remove(row.sha256)
    assert not storage.picture_of(row.sha256, 480).exists()
    assert fetch(client, f"/attachments/{row.id}/picture/480").status_code == 404


def test_a_small_one_is_never_blown_up(cast, login_as, article):
    row = attachments.store(picture(size=(300, 200)), "ก.jpg", by=cast.author, article=article)
    answer = fetch(login_as(cast.author), f"/attachments/{row.id}/picture/960")
    assert Image.open(io.BytesIO(answer.data)).size == (300, 200)


def test_the_text_and_the_gallery_offer_them(cast, login_as, article):
    """Pictures stand within the text of part 4 (S0-168)."""
    row = attachments.store(picture(), "ก.jpg", by=cast.author, article=article)
    old = attachments.store(picture("PNG", (20, 20)), "ข.png", by=cast.author, article=article)
    Attachment.update(width=None, height=None).where(Attachment.id == old.id).execute()
    text = f"![โต๊ะ](/attachments/{row.id}/picture) ![เก่า](/attachments/{old.id}/picture)"
    text += f' `src="/attachments/{row.id}/picture"`'
    KnowledgeArticle.update(method=text).execute()
    page = fetch(login_as(cast.author), f"/knowledge/{article.id}").text
    offered = f"/attachments/{row.id}/picture/480 480w, /attachments/{row.id}/picture/960 960w"
    assert page.count(offered) == 2  # in the text and in the gallery, not in words about it
    assert f"/attachments/{row.id}/picture 2000w" in page and 'width="2000" height="1500"' in page
    assert f'src="/attachments/{old.id}/picture" loading="lazy"' in page
    assert 'alt="ภาพที่ 1 ยังไม่มีคำบรรยาย"' in page and "ก.jpg" not in page


def test_words_are_asked_for_where_there_are_none(cast, login_as, article, htmx):
    row = attachments.store(picture(), "ก.jpg", by=cast.author, article=article)
    attachments.store(picture(size=(9, 9)), "ข.jpg", by=cast.author, article=article, alt_text="มีคำแล้ว")
    client = login_as(cast.coordinator)
    page = fetch(client, f"/knowledge/{article.id}/edit").text
    assert "ภาพ 1 ภาพยังไม่มีคำบรรยาย" in page and page.count('class="alt-form"') == 1
    answer = client.post(f"/attachments/{row.id}/edit", data={"alt_text": "ลูกค้า"}, headers=htmx, follow_redirects=True)
    assert 'id="file-list"' in answer.text and "<html" not in answer.text and "alt-form" not in answer.text
    assert Attachment.get_by_id(row.id).alt_text == "ลูกค้า" and Attachment.get_by_id(row.id).kind == "picture"


def test_colours_of_a_profile_are_brought_to_the_common_ones(cast, article):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    row = attachments.store(picture(icc_profile=lab), "ก.jpg", by=cast.author, article=article)
    with Image.open(storage.path_of(row.sha256)) as kept:
        assert "icc_profile" not in kept.info
    row = attachments.store(picture(size=(60, 60), icc_profile=b"nonsense"), "ข.jpg", by=cast.author, article=article)
    assert row.width == 60


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "I;16"), ("PNG", "P"), ("PNG", "LA"), ("WEBP", "RGBA")]
)
def test_pictures_of_every_making(cast, login_as, article, form, mode):
    row = attachments.store(picture(form, (700, 500), mode), f"ก.{form.lower()}", by=cast.author, article=article)
    assert (row.width, row.height) == (700, 500)
    assert fetch(login_as(cast.author), f"/attachments/{row.id}/picture/480").status_code == 200
