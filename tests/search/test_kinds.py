"""Every kind is found by what everybody may see of it, and by nothing else."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from kc import search
from kc.models import ArticleAuthor, Attachment
from kc.search.schema import Document
from kc.search.searching import Filters, run
from kc.search.snapshot import Snapshot
from kc.search.store import Store
from tests import factories


def keys(text: str, **how: Any) -> set[str]:
    return {f"{hit.kind}:{hit.id}" for hit in search.search(text, per_page=100, **how).hits}


def make_file(article: Any = None, session: Any = None, **columns: Any) -> Attachment:
    values = {"filename": "ตัวอย่าง_หนังสือทวงถาม.pdf", "content_type": "application/pdf", "size": 9, "sha256": "0" * 64}
    return Attachment.create(**values | {"article": article, "session": session} | columns)


@pytest.fixture
def things(app: Flask) -> dict[str, Any]:
    """One of each kind, and beside each another that says nothing of the sort."""
    office = factories.make_unit("สนจ. ลำน้ำใส")
    branch = factories.make_unit("สาขาทุ่งกุลา", parent=office)
    person = factories.make_employee(
        "ดวงใจ รักษ์ป่า",
        branch,
        position="นักวิชาการเกษตร",
        level="7",
        expertise="ไกล่เกลี่ยหนี้\nโคนม",
        phone="4712",
        email="duang@x.th",
    )
    topic = factories.make_topic("ธุรกิจชุมชน", year=factories.make_year(2568))
    community = factories.make_community(
        "ชุมชนตั้งหลักใหม่",
        person,
        knowledge_title="เตรียมตัวก่อนสิ้นสุดมาตรการ",
        goals="**ร้อยละ** แปดสิบห้า",
        agreement="ปิดโทรศัพท์ระหว่างฟัง",
        topic=topic,
        fiscal_year=topic.fiscal_year,
    )
    factories.make_membership(community, person, "historian")
    guest = factories.make_employee("วันเพ็ญ นำเล่า", factories.make_unit("สาขาอื่น"))
    session = factories.make_session(
        community,
        topic="ซ้อมคุยสวมบทบาท",
        place="ศาลาประชาคม",
        presenter=guest,
        technique="coffee_council",
        held_on=dt.date(2025, 7, 9),
    )
    factories.make_note(session, person, "ความลับของลูกค้ารายหนึ่ง")
    article = factories.make_article(
        "ใบนัดสามใบ", person, status="published", topic=topic, fiscal_year=topic.fiscal_year
    )
    file = make_file(article, alt_text="ลุงคำยืนหน้าบ้าน")
    make_file(None, session, filename="ภาพลับของกลุ่ม.jpg")
    draft = factories.make_article("ยังเขียนไม่เสร็จ", person)
    make_file(draft, filename="ร่างแนบท้าย.docx")
    search.rebuild()
    return {
        "office": office,
        "branch": branch,
        "person": person,
        "community": community,
        "session": session,
        "knowledge": article,
        "attachment": file,
        "guest": guest,
        "topic": topic,
    }


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("person", "ดวงใจ รักษ์ป่า"),
        ("person", "นักวิชาการเกษตร"),
        ("person", "ไกล่เกลี่ย"),
        ("person", "โคนม"),
        ("person", "ทุ่งกุลา"),
        ("person", "4712"),
        ("person", "duang@x.th"),
        ("person", "ใบนัดสามใบ"),
        ("person", "ตั้งหลักใหม่"),
        ("person", "คุณลิขิต"),
        ("community", "ตั้งหลักใหม่"),
        ("community", "สิ้นสุดมาตรการ"),
        ("community", "แปดสิบห้า"),
        ("community", "ปิดโทรศัพท์"),
        ("community", "ธุรกิจชุมชน"),
        ("community", "ทุ่งกุลา"),
        ("community", "2568"),
        ("community", "ดวงใจ"),
        ("session", "สวมบทบาท"),
        ("session", "ศาลาประชาคม"),
        ("session", "วันเพ็ญ นำเล่า"),
        ("session", "สภากาแฟ"),
        ("session", "กรกฎาคม"),
        ("session", "ตั้งหลักใหม่"),
        ("attachment", "หนังสือทวงถาม"),
        ("attachment", "ลุงคำ"),
        ("attachment", "ใบนัดสามใบ"),
        ("knowledge", "หนังสือทวงถาม"),
        ("knowledge", "ลุงคำ"),
    ],
)
def test_each_kind_is_found_by_its_words(things: dict[str, Any], kind: str, words: str) -> None:
    assert f"{kind}:{things[kind].id}" in keys(words)
    assert keys(words, filters=Filters(kind=kind)) == {f"{kind}:{things[kind].id}"}


@pytest.mark.parametrize("words", ["ความลับ", "ภาพลับ", "ร่างแนบท้าย", "เขียนไม่เสร็จ"])
def test_notes_files_of_sessions_and_drafts_are_found_by_nobody(things: dict[str, Any], words: str) -> None:
    found = search.search(f'"{words}"')
    assert found.unquoted or found.total == 0
    shown = " ".join(hit.title + str(hit.snippet) for hit in search.search(words, per_page=100).hits)
    assert words not in shown.replace("<mark>", "").replace("</mark>", "")


def test_who_is_named_comes_before_who_took_part(things: dict[str, Any]) -> None:
    def first(words: str) -> str:
        return search.search(words).hits[0].kind

    assert first("ดวงใจ รักษ์ป่า") == "person"
    assert first("ชุมชนตั้งหลักใหม่") == "community"
    assert first("ใบนัดสามใบ") == "knowledge"
    assert first("ซ้อมคุยสวมบทบาท") == "session"


def test_the_order_of_pages_is_the_order_of_the_whole(things: dict[str, Any]) -> None:
    for n in range(25):
        factories.make_employee(f"คนที่{n} ทุ่งกุลา", things["branch"])
    search.rebuild()
    whole = [(h.kind, h.id) for h in search.search("ทุ่งกุลา", per_page=100).hits]
    paged = [(h.kind, h.id) for page in range(1, 9) for h in search.search("ทุ่งกุลา", per_page=5, page=page).hits]
    assert len(whole) == len(set(whole)) == search.search("ทุ่งกุลา").total and paged == whole


def test_filters_reach_every_kind(things: dict[str, Any]) -> None:
    def kinds(**chosen: Any) -> set[str]:
        return {key.partition(":")[0] for key in keys("", filters=Filters(**chosen))}

    assert kinds(units={things["office"].id}) == {"knowledge", "attachment", "person", "community", "session"}
    assert (
        kinds(topic=things["topic"].series) == kinds(year=2568) == {"knowledge", "attachment", "community", "session"}
    )
    assert kinds(authors={things["person"].id}) == {"knowledge", "attachment"}
    assert kinds(file="pdf") == {"attachment"} and kinds(file="word") == set()
    assert keys("", filters=Filters(file=("pdf", "word"), kind=("person", "attachment"))) == {
        f"attachment:{things['attachment'].id}"
    }
    day = things["session"].held_on
    assert keys("", filters=Filters(since=day, until=day)) == {f"session:{things['session'].id}"}
    assert keys("", filters=Filters(until=day - dt.timedelta(days=1))) == set()


def test_each_count_is_what_choosing_it_brings(things: dict[str, Any]) -> None:
    fields = {"source": "kind", "topic": "topic", "year": "year", "unit": "units", "author": "authors", "file": "file"}
    for words in ("", "ทุ่งกุลา", "ดวงใจ"):
        facets = search.search(words).facets
        for facet, name in fields.items():
            for value, count in facets[facet].items():
                assert search.search(words, filters=Filters(**{name: [value]})).total == count, (words, facet, value)
        narrowed = search.search(words, filters=Filters(kind="person")).facets
        assert narrowed["source"] == facets["source"], "a facet counts as if its own filter were off"


# ---- who may see what ----

WORDS = ("ข้าว", "หนี้", "ออม", "น้ำ")
SEEN_BY = ("all", "community:1", "community:2", "unit:3")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, list[Document]]:
    """Documents of several circles, each with some of WORDS."""
    documents = [
        Document(
            kind=("knowledge", "session", "person")[n % 3],
            id=n,
            title=f"เรื่อง{WORDS[n % 4]}",
            text=f"{WORDS[n % 4]} {WORDS[(n // 4) % 4]}",
            date=dt.date(2025, 1, 1 + n % 28),
            filters={"topic": (n % 5,), "year": (2566 + n % 3,), "unit": (n % 7,), "author": (n % 4,)},
            visible_to=(SEEN_BY[(n // 3) % 4],),
        )
        for n in range(1, 61)
    ]
    store = Store(tmp_path_factory.mktemp("circles"))
    with store.building(1), store.writing():
        store.swap(store.rebuild(documents))
    return store.snapshot(), documents


@settings(max_examples=150, deadline=None)
@given(
    words=st.sampled_from(["", "ข้าว", "หนี้ ออม", "ขาว", '"น้ำ"', "-น้ำ ข้าว", "ไม่มีคำนี้"]),
    sight=st.sets(st.sampled_from(SEEN_BY)),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["knowledge", "session", "person"]),
            "topic": st.integers(0, 5),
            "year": st.sets(st.integers(2566, 2569), min_size=1),
            "units": st.sets(st.integers(0, 7), min_size=1),
            "since": st.dates(dt.date(2025, 1, 1), dt.date(2025, 1, 28)),
        },
    ),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
)
def test_what_may_not_be_seen_leaks_nowhere(
    shared: tuple[Snapshot, list[Document]], words: str, sight: set[str], chosen: dict[str, Any], sort: str
) -> None:
    """Hits, totals and counts are those of an index that holds nothing but what this person may see."""
    snapshot, documents = shared
    ask: Callable[..., Any] = lambda page: run(snapshot, words, sorted(sight), Filters(**chosen), sort, page, 7)  # noqa: E731
    first = ask(1)
    visible = {d.id for d in documents if set(d.visible_to) & sight}
    found = [hit.id for page in range(1, 11) for hit in ask(page).hits]
    assert set(found) <= visible and len(found) == len(set(found)) == first.total
    for facet in first.facets.values():
        assert all(0 < count <= len(visible) for count in facet.values())
    if not words:
        of = {name: [d for d in documents if d.id in visible and _fits(d, chosen, but)] for name, but in
              (("source", "kind"), ("topic", "topic"), ("year", "year"), ("unit", "units"))}  # fmt: skip
        assert sum(first.facets["source"].values()) == len(of["source"])
        for name in ("topic", "year", "unit"):
            assert sum(first.facets[name].values()) == len(of[name])
        assert first.total == sum(d.id in visible and _fits(d, chosen) for d in documents)


def _fits(document: Document, chosen: dict[str, Any], but: str = "") -> bool:
    for name, wanted in chosen.items():
        values = wanted if isinstance(wanted, set) else {wanted}
        if name == but:
            continue
        if name == "since":
            fits = document.date is not None and document.date >= wanted
        elif name == "kind":
            fits = document.kind in values
        else:
            fits = bool(set(document.filters["unit" if name == "units" else name]) & values)
        if not fits:
            return False
    return True


def test_authors_of_an_article_are_its_filter(things: dict[str, Any]) -> None:
    ArticleAuthor.create(article=things["knowledge"], employee=things["guest"], position=1)
    search.repair()
    assert f"knowledge:{things['knowledge'].id}" in keys("", filters=Filters(authors={things["guest"].id}))
