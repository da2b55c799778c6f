"""Saving while others save: in the same instant, in another thread, with half a file in hand."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kc import db, storage
from kc.errors import Conflict, DomainError
from kc.models import ArticleView, KnowledgeArticle
from kc.services import article_counts, article_merge, articles, attachments, publishing
from tests import factories

PDF = b"%PDF-1.7\n%%EOF\n"


def token_of(article):
    return article_merge.token(article.version, article_merge.digests(articles.current_content(article)))


def in_threads(work, *arguments):
    """Run `work` at once in a thread for each argument, each with a connection of its own."""
    barrier = threading.Barrier(len(arguments))

    def run(argument):
        with db.connection():
            barrier.wait(5)
            return work(argument)

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


@pytest.fixture
def draft(cast):
    return factories.make_article("เขียนพร้อมกัน", cast.author, community=cast.community, unit=cast.branch)


def test_one_form_sent_many_times_makes_one_article(cast):
    made = in_threads(lambda _n: articles.start(cast.author, title="ครั้งเดียว", form_key="same").id, *range(6))
    assert len(set(made)) == 1 and KnowledgeArticle.select().count() == 1


def test_a_save_in_between_is_merged(cast, draft, monkeypatch):
    token = token_of(draft)
    other = KnowledgeArticle.get_by_id(draft.id)
    real = KnowledgeArticle.save_version
    waiting = [True]

    def interrupted(self, based_on, **changes):
        if waiting and "method" in changes:
            waiting.clear()
            assert real(other, other.version, goals="ของคนที่เร็วกว่า")
        return real(self, based_on, **changes)

    monkeypatch.setattr(KnowledgeArticle, "save_version", interrupted)
    articles.save(cast.author, draft, {"method": "ของคนที่ช้ากว่า", "goals": draft.goals}, token)
    saved = KnowledgeArticle.get_by_id(draft.id)
    assert (saved.method, saved.goals) == ("ของคนที่ช้ากว่า", "ของคนที่เร็วกว่า")


def test_five_writers_of_five_parts_lose_nothing(cast, draft):
    token = token_of(draft)
    parts = ("background", "goals", "target_group", "method", "results")

    def write(part):
        for n in range(3):  # a busy moment may be refused with a sentence; the browser then sends again
            try:
                return articles.save(cast.author, KnowledgeArticle.get_by_id(draft.id), {part: f"ของฉัน {part}"}, token)
            except DomainError:
                assert n < 2
        return None

    in_threads(write, *parts)
    saved = KnowledgeArticle.get_by_id(draft.id)
    assert [getattr(saved, part) for part in parts] == [f"ของฉัน {part}" for part in parts]


def test_clash_leaves_the_database_alone(cast, draft):
    token = token_of(draft)
    articles.save(cast.fellow, KnowledgeArticle.get_by_id(draft.id), {"method": "ก่อน"}, token)
    fresh = KnowledgeArticle.get_by_id(draft.id)
    with pytest.raises(article_merge.EditConflict) as caught:
        articles.save(cast.author, fresh, {"method": "หลัง", "goals": "พร้อมกัน"}, token)
    assert caught.value.clashes == ("method",) and caught.value.theirs["method"] == "ก่อน"
    assert KnowledgeArticle.get_by_id(draft.id).goals == draft.goals


def test_authors_added_by_two_are_all_kept(cast, draft):
    token = token_of(draft)
    one, two = cast.author.id, cast.fellow.id
    articles.save(cast.author, KnowledgeArticle.get_by_id(draft.id), {"authors": (one, two)}, token)
    fresh = KnowledgeArticle.get_by_id(draft.id)
    articles.save(cast.author, fresh, {"authors": (one, cast.outsider.id)}, token)
    assert {a.id for a in articles.authors_of(fresh)} == {one, two, cast.outsider.id}


@pytest.mark.parametrize("text", ["", "x", "9.zz", "-1", "9" * 30, "1." + "0" * 7, "๑.abc"])
def test_tokens_that_are_not_ours_read_as_nothing_seen(text):
    assert article_merge.read_token(text)[1] == {}


def test_a_forged_token_overwrites_nothing_unseen(cast, draft):
    with pytest.raises(article_merge.EditConflict):
        articles.save(cast.author, draft, {"method": "ทับ"}, "99.forged")


def test_published_twice_at_once_is_published_once(cast, draft):
    def publish(_n):
        try:
            publishing.publish(cast.officer, KnowledgeArticle.get_by_id(draft.id))
        except DomainError:
            return 0
        return 1

    assert sum(in_threads(publish, 1, 2, 3)) == 1


def test_conflict_names_what_stands_now(cast, draft):
    with pytest.raises(Conflict):
        publishing.publish(cast.officer, draft, seen=draft.version + 1)


def test_one_reader_in_many_tabs_is_one_reader(cast, draft):
    KnowledgeArticle.update(status="published").execute()
    in_threads(lambda _n: article_counts.count_view(cast.outsider, KnowledgeArticle.get_by_id(draft.id)), *range(5))
    assert KnowledgeArticle.get_by_id(draft.id).view_count == 1 == ArticleView.select().count()


def test_the_same_file_from_many_at_once_is_kept_once(cast, draft):
    rows = in_threads(lambda _n: attachments.store(PDF, "ก.pdf", by=cast.author, article=draft).id, *range(5))
    assert len(set(rows)) == 1 and len(list(storage.kept())) == 1


def test_a_row_that_cannot_be_written_leaves_no_half_file(cast, draft, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr("kc.services.audit.record", broken)
    with pytest.raises(RuntimeError):
        attachments.store(PDF, "ก.pdf", by=cast.author, article=draft)
    assert list((storage.folder() / "incoming").iterdir()) == []
    monkeypatch.setattr(storage, "YOUNG", -1)
    assert attachments.sweep() == 1  # the bytes were complete before the row; the sweep finds them


def test_moving_to_another_community_brings_its_unit_and_year(cast, draft):
    year = factories.make_year(draft.fiscal_year.year - 1)
    other = factories.make_community("กลุ่มปีก่อน", cast.author, fiscal_year=year, topic=factories.make_topic("เก่า", year))
    factories.make_membership(other, cast.author)
    articles.save(cast.author, draft, {"community": other.id}, token_of(draft))
    moved = KnowledgeArticle.get_by_id(draft.id)
    assert (moved.community, moved.fiscal_year, moved.topic) == (other, year, other.topic)
    with pytest.raises(DomainError):
        foreign = factories.make_community("ของคนอื่น", cast.outsider)
        articles.save(cast.author, moved, {"community": foreign.id}, token_of(moved))
