"""What is found, in which order, and how many: the promises of the search box, on a small index."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kc.search import query
from kc.search.engine import PART, READ_AGAIN, Engine
from kc.search.schema import Document
from kc.search.searching import Filters, Results, run
from kc.search.snapshot import K1, B, Snapshot
from kc.search.store import Store
from tests.search.conftest import TEXTS

Find = Callable[..., Results]


def titles(results: Results) -> list[str]:
    return [hit.title for hit in results.hits]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("หนี้ค้างชำระ", 1),
        ("เยี่ยมลูกหนี้", 1),
        ("การจัดการความรู้", 2),
        ("จัดการความรู้", 2),
        ("สหกรณ์", 3),  # inside one dictionary word
        ("เกษตร", 3),
        ("NPL", 3),
        ("npls", 3),
        ("2568", 3),
        ("๒๕๖๘", 3),
        ("smart farmer", 3),
        ("ข้าวหอมมะลิ", 4),
        ("ข่าว", 5),
        ("ขาว", 6),
        ("covid", 7),
        ("โควิด covid-19", 7),
        ("0408.4", 7),
        ("somchai.j@example.go.th", 7),
        ("แอร์", 8),
        ("คาไฟฟา", 8),  # tone marks forgotten
        ("การล้างมิอ", 2),  # a wrong vowel
        ("หนีค้างชำระ", 1),
    ],
)
def test_first_hit(find: Find, asked: str, first: int) -> None:
    results = find(asked, visible_to=("all", "unit:7"))
    assert results.hits and results.hits[0].id == first


def test_words_that_differ_by_a_mark_stay_apart(find: Find) -> None:
    assert {hit.id for hit in find("ขาว").hits} == {6}
    assert {hit.id for hit in find("ข่าว").hits} == {5}
    assert {hit.id for hit in find("ข้าว").hits} == {1, 4}  # วันขายข้าว too


def test_a_misspelt_word_falls_back_to_what_is_alike(find: Find) -> None:
    results = find("ข๊าวหอม")
    assert results.hits[0].id == 4
    assert find("ฑฤษฎีควอนตัม").total == 0


def test_abbreviation_with_and_without_dots(find: Find) -> None:
    for asked in ("ธ.ก.ส.", "ธกส", "ธ. ก. ส."):
        assert [hit.id for hit in find(asked, visible_to=("unit:7",)).hits] == [8]


def test_every_word_of_every_text_finds_it(find: Find, snapshot: Snapshot) -> None:
    from kc.search.analyzer import tokens
    from kc.search.text import fold
    from kc.thai.repair import repair

    for number, (title, text) in enumerate(TEXTS, 1):
        for token in tokens(fold(repair(f"{title}\n{text}"))):
            for word in (token.text, *token.parts):
                found = find(word, visible_to=("all", "unit:7"), per_page=50)
                assert number in [hit.id for hit in found.hits], word


def test_all_words_come_before_some_words(find: Find) -> None:
    results = find("ลดลง ธนาคาร", visible_to=("all", "unit:7"))
    assert results.hits[0].id == 3


def test_quoted_phrase_is_exact(find: Find) -> None:
    assert [hit.id for hit in find('"วันขายข้าว"').hits] == [1]
    assert find('"ลูกหนี้ถึงบ้าน"').total == 1
    loose = find('"ข้าวขายวัน"')
    assert loose.unquoted and loose.hits[0].id == 1


def test_excluded_word(find: Find) -> None:
    assert {hit.id for hit in find("ข้าว").hits} == {1, 4}
    assert {hit.id for hit in find("ข้าว -มะลิ").hits} == {1}
    assert {hit.id for hit in find('ข้าว -"หอมมะลิ"').hits} == {1}
    assert find("-ข้าว", per_page=50).total == len(TEXTS) - 3  # everything else that may be seen


def test_permission_is_inside_the_query(find: Find) -> None:
    assert find("แอร์").total == 0
    assert find("แอร์").facets["year"] == {}
    assert find("แอร์", visible_to=("all", "unit:7")).total == 1
    assert find("", visible_to=()).total == 0


def test_filters_and_counts_agree(find: Find) -> None:
    everything = find("", per_page=50)
    assert everything.total == len(TEXTS) - 1
    for name, field in (("topic", "topic"), ("year", "year")):
        for value, count in everything.facets[name].items():
            narrowed = find("", filters=Filters(**{field: value}))
            assert narrowed.total == count
            assert narrowed.facets[name] == everything.facets[name]  # as if this filter were off
    both = find("", filters=Filters(topic=0, year=2566))
    assert sum(both.facets["topic"].values()) == find("", filters=Filters(year=2566)).total
    assert find("ลดลง", filters=Filters(units=frozenset({1, 2}))).total == 2
    assert find("", filters=Filters(article_kind="manual")).total == 0
    assert find("", filters=Filters(kind="people")).total == 0


def test_filters_narrow_and_never_add(find: Find) -> None:
    asked = "ลดลงร้อยละสินเชื่อ"
    whole = {hit.id for hit in find(asked, per_page=50).hits}
    for topic in (0, 1, 2):
        assert {hit.id for hit in find(asked, filters=Filters(topic=topic), per_page=50).hits} <= whole


def test_pages(find: Find) -> None:
    whole = [hit.id for hit in find("", per_page=50).hits]
    paged = [hit.id for page in (1, 2, 3) for hit in find("", per_page=3, page=page).hits]
    assert paged == whole
    past = find("", per_page=3, page=99)
    assert past.hits == [] and past.total == len(whole)


# ---- exactness, on an index large enough to need it ----------------------------------------------------------------

VOCABULARY = "หนี้ ลูกหนี้ ข้าว ชาวนา ตลาด ปุ๋ย น้ำ ไฟฟ้า ประชุม ชุมชน ความรู้ บันทึก สาขา เงินฝาก สินเชื่อ เด็ก โรงเรียน".split()


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    chance = random.Random(5)
    made = Store(tmp_path_factory.mktemp("larger"))
    documents = [
        Document(
            "knowledge",
            n,
            " ".join(chance.choices(VOCABULARY, k=2)),
            " ".join(chance.choices(VOCABULARY, k=n % 40 + 3)),
        )
        for n in range(180)
    ]
    with made.building(1), made.writing():
        made.swap(made.rebuild(documents))
    with made.writing():  # a second segment, and dead documents in the first
        again = [Document("knowledge", n, "ใหม่", " ".join(chance.choices(VOCABULARY, k=9))) for n in range(0, 30, 2)]
        made.apply(again, [("knowledge", d.id) for d in again])
    return made.snapshot()


@pytest.mark.parametrize("asked", ["หนี้", "ข้าว ตลาด", "ประชุมชุมชนเรื่องน้ำ", "เด็ก โรงเรียน บันทึก ความรู้ สาขา", "ลูกหนี"])
def test_the_best_are_exactly_the_best(larger: Snapshot, asked: str) -> None:
    """The documents that are read again are those of highest score, each score summed up here posting by posting."""
    engine = Engine(larger, query.parse(asked), larger.alive)
    engine.rank()
    scores = dict.fromkeys(np.flatnonzero(larger.alive).tolist(), 0.0)
    lengths = np.concatenate([leaf.lengths for _, leaf in larger.leaves])
    for name, term, weight in engine._weighted_terms():
        ids, often = larger.postings(name, term)
        for i, number in enumerate(ids):
            if int(number) in scores:
                norm = K1 * (1 - B + B * lengths[number] / lengths.mean())
                count = 1 if often is None else often[i]
                scores[int(number)] += weight * (K1 + 1) * count / (count + norm)
    for meaning in engine.meanings:
        for number in np.flatnonzero(larger.none() if meaning.inside is None else meaning.inside).tolist():
            scores[number] += PART * meaning.idf
    for piece in engine.query.pieces:
        for number in np.flatnonzero(larger.having("piece", piece)).tolist():
            worth = engine._piece_worth() * larger.piece_norms[number]
            scores[number] += worth * engine._idf(larger.count_of("piece", piece))
    every = sorted(((round(score, 3), -number) for number, score in scores.items() if score > 0), reverse=True)
    least = every[:READ_AGAIN][-1][0]
    read = {document for document, _ in engine.read}
    assert read >= {-number for score, number in every if score > least + 0.002}
    assert read <= {-number for score, number in every if score > least - 0.002}


def test_replaced_documents_are_counted_once(larger: Snapshot) -> None:
    assert larger.count == 180
    assert len(larger.leaves) == 2
    ranking = Engine(larger, query.parse("ใหม่"), larger.alive).rank()
    assert ranking.total == 15


def test_deep_pages_follow_the_window(larger: Snapshot) -> None:
    ranking = Engine(larger, query.parse("หนี้"), larger.alive).rank()
    ordered = [document for document, _ in ranking.ordered(ranking.hits, ranking.total)]
    assert len(ordered) == len(set(ordered)) == ranking.total > READ_AGAIN
    assert ordered[: len(ranking.best)] == [document for document, _ in ranking.best]


# ---- nothing typed raises, nothing runs long -----------------------------------------------------------------------

NASTY = [
    "REQUIRE",
    "a REQUIRE b",
    "*",
    "*า*",
    "??*",
    "ความรู้~9",
    "[ก TO ฮ]",
    "NOT " * 500,
    '"',
    '"""',
    "-",
    "--",
    "- -",
    '-"',
    "่",
    "ำ",
    "\x00\x01\u200b",
    "title:ข้าว AND (",
    "<script>",
    "ก" * 10_000,
    "่" * 10_000,
    "การ" * 3_333,
    "a" * 10_000,
    "1 " * 5_000,
    "ธ." * 5_000,
    "\ud800",
    '"' + "ข้าว" * 2_000 + '"',
    "-ข้าว " * 1_500,
]


@pytest.mark.parametrize("asked", NASTY, ids=range(len(NASTY)))
def test_nasty_questions(find: Find, asked: str) -> None:
    started = time.process_time()
    assert find(asked).total >= 0
    assert time.process_time() - started < 1.0


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=80), st.integers(-5, 1000), st.integers(-5, 10_000), st.sampled_from(["relevance", "newest", "x"])
)
def test_any_question_is_answered(find: Find, asked: str, page: int, per_page: int, sort: str) -> None:
    results = find(asked, page=page, per_page=per_page, sort=sort)
    assert len(results.hits) <= max(results.total, 0)
    assert 8 not in [hit.id for hit in results.hits]  # never what may not be seen


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(["ข้าว", "หนี้", '"', "-", "ลูกหนี้", "*", "(", ")", ":", "OR", "ๆ", "่", " ", "2568"]), max_size=12
    )
)
def test_any_mixture_of_words_and_signs_is_answered(find: Find, pieces: list[str]) -> None:
    assert find("".join(pieces)).total >= 0


@pytest.mark.parametrize("asked", ["", "ข้าว", '"ข้าว"', "-ข้าว", "8;k,i^h", "ปี 2568", "่"])
def test_an_empty_index_answers(tmp_path: Path, asked: str) -> None:
    store = Store(tmp_path / "empty")
    with store.building(1), store.writing():
        store.swap(store.rebuild([]))
    results = run(store.snapshot(), asked, ("all",), Filters(year=2568), "relevance", 1, 10)
    assert results.hits == [] and results.total == 0 and not results.facets["year"]


@pytest.mark.parametrize("asked", ["", "ข้าว", "NPL", "นปช"])
def test_a_document_without_a_word_harms_nobody(tmp_path: Path, asked: str) -> None:
    store = Store(tmp_path / "bare")
    with store.building(1), store.writing():
        store.swap(
            store.rebuild(
                [Document("knowledge", 1, "", ""), Document("person", 2, "่", "\n"), Document("x", 3, "ข้าว", "")]
            )
        )
    assert run(store.snapshot(), asked, ("all",), Filters(), "relevance", 1, 10).total in (0, 1, 3)


def test_words_together_come_before_words_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    far = "เกษตรกรเล่าเรื่อง " + "อากาศดีตลอดปี " * 30
    made = Store(tmp_path_factory.mktemp("near"))
    documents = [
        Document("knowledge", 1, "หนึ่ง", f"ปุ๋ยหมัก {far} โรงเรียน {far}"),
        Document("knowledge", 2, "สอง", f"{far} ปุ๋ยหมักโรงเรียน {far}"),
    ]
    with made.building(1), made.writing():
        made.swap(made.rebuild(documents))
    snapshot = made.snapshot()
    ranking = Engine(snapshot, query.parse("ปุ๋ยหมักโรงเรียน"), snapshot.alive).rank()
    assert [snapshot.stored(document)[0] for document, _ in ranking.best] == ["knowledge:2", "knowledge:1"]
