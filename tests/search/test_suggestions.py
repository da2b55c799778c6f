"""What the box offers while somebody types: what fits, whole words and clusters, nothing to those who may not see."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kc import thai
from kc.search import suggestions
from kc.search.filters import any_of
from kc.search.schema import Document
from kc.search.snapshot import Snapshot
from kc.search.store import Store
from kc.search.suggestions import Suggested, letters, marked, suggest

TITLES = (
    "ลดหนี้ค้างชำระด้วยการเยี่ยมลูกหนี้",
    "หนี้สินครัวเรือนหลังพักชำระ",
    "การจัดการความรู้ในโรงพยาบาล",
    "ข้าวอินทรีย์ของสหกรณ์การเกษตร",
    "ข่าวประชาสัมพันธ์ทุกวันจันทร์",
    "ผ้าขาวม้าย้อมเปลือกไม้",
    "Smart Farmer กับสินเชื่อสีเขียว",
    "ความรู้ พ.ศ. ๒๕๖๙ (ฉบับ “ปรับปรุง”)",
)
SECRET = "แผนควบรวมสำนักงานลับสุดยอด"
TEXTS = ("ลูกหนี้ ชำระหนี้ สหกรณ์ ความรู้ การจัดการ ออมทรัพย์ ออมทรัพย์ ค้างชำระ", "ออมทรัพย์ สหกรณ์ ลูกหนี้ ข้าวหอมมะลิ")


def documents() -> Iterable[Document]:
    for n, title in enumerate(TITLES):
        yield Document(kind="knowledge", id=n + 1, title=title, text=TEXTS[n % 2])
    yield Document(kind="person", id=1, title="นายกมล ใจดี", text="ออมทรัพย์")
    yield Document(kind="person", id=2, title="นางสาวกมลา ใจดี", text="ออมทรัพย์")
    for year in (1, 2, 3):
        yield Document(kind="community", id=year, title="ชุมชนคนรักษ์น้ำ", text="ออมทรัพย์")
    yield Document(kind="session", id=1, title="กมลเล่าเรื่อง", text="ออมทรัพย์")
    for n in (50, 51):  # a word that nobody else may know of
        yield Document(kind="knowledge", id=n, title=SECRET, text="จระเข้ จระเข้", visible_to=("unit:7",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store(tmp_path_factory.mktemp("index"))
    with made.building(1), made.writing():
        made.swap(made.rebuild(documents()))
    suggestions.prepare(made.snapshot())
    return made


@pytest.fixture(scope="module")
def ask(store: Store) -> Callable[..., Suggested]:
    """ask("คำ", "all", …) as somebody who may see these."""

    def ask_(typed: str, *sight: str, limit: int = 5) -> Suggested:
        snapshot = store.snapshot()
        return suggest(snapshot, typed, any_of(snapshot, "see", sight or ("all",)), limit)

    return ask_


def titles(found: Suggested, kind: str = "knowledge") -> list[str]:
    return [one.text for one in found.things.get(kind, [])]


def words(found: Suggested) -> list[str]:
    return [one.text for one in found.words]


# ---- titles, people, communities -----------------------------------------------------------------------------------


def test_titles_that_begin_with_it_come_before_those_that_have_it_inside(ask):
    assert titles(ask("หนี้")) == [TITLES[1], TITLES[0]]


@pytest.mark.parametrize("typed", ["ห", "หน", "หนี", "หนี้", "หนี้ส", "หนี้สินครัว"])
def test_every_keystroke_on_the_way_finds_it(ask, typed):
    assert TITLES[1] in titles(ask(typed))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("หนีสิน", TITLES[1]),  # a tone mark was left out
        ("ขาวอินทรี", TITLES[3]),
        ("สหกรน์การ", TITLES[3]),  # น for ณ
        ("การจดการ", TITLES[2]),
        ("smart far", TITLES[6]),
        ("smartfarmer", TITLES[6]),
        ("ความรู้ พศ 2569", TITLES[7]),  # digits and dots
        ("โรงพยาบาล จัดการ", TITLES[2]),  # words in another order
        ("8;k,i^h", TITLES[7]),  # the other keyboard layout
        ("lsdiIN", TITLES[3]),
    ],
)
def test_what_is_forgiven(ask, typed, title):
    assert title in titles(ask(typed))


def test_words_a_tone_apart_stay_apart_where_there_is_either(ask):
    assert titles(ask("ข่าว")) == [TITLES[4]]
    assert titles(ask("ขาว")) == [TITLES[5]]


def test_the_other_layout_is_tried_only_when_nothing_fits_and_is_said(ask):
    assert ask("8;k,i^h").read_as == "ความรู้"
    assert ask("vv,miyrpN").read_as == "ออมทรัพย์", "a word that stands in no title"
    assert ask("หนี้").read_as == "" and ask("qqqq").read_as == ""


def test_people_are_found_by_their_names_without_titles(ask):
    found = ask("กมล")
    assert titles(found, "person") == ["กมลา ใจดี", "กมล ใจดี"] and titles(found, "session") == []
    assert titles(ask("ใจดี"), "person") == ["กมลา ใจดี", "กมล ใจดี"], "namesakes are two people"


def test_a_community_of_many_years_is_offered_once_the_newest(ask):
    assert [one.id for one in ask("ชุมชนคนรัก").things["community"]] == [3]


# ---- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("สห", "สหกรณ์"),
        ("สหกร", "สหกรณ์"),
        ("ออมท", "ออมทรัพย์"),
        ("ลดออมท", "ลดออมทรัพย์"),
        ("ลด ออมท", "ลด ออมทรัพย์"),
        ("ลูกห", "ลูกหนี้"),
        ("-ออมท", "-ออมทรัพย์"),
        ("ออมทรัย", "ออมทรัพย์"),  # a letter was left out of it: nothing, or the whole word
    ],
)
def test_the_last_word_is_completed(ask, typed, completed):
    assert words(ask(typed)) in ([], [completed]) if typed == "ออมทรัย" else completed in words(ask(typed))


def test_a_finished_word_is_not_completed(ask):
    assert words(ask("สหกรณ์ ")) == [] and "สหกรณ์" not in words(ask("สหกรณ์"))


def test_completions_stand_in_documents_that_have_the_words_before(ask):
    assert words(ask("ข้าวหอมมะลิ ชำระห")) in ([], ["ข้าวหอมมะลิ ชำระหนี้"])
    assert "ข้าวหอมมะลิ ออมทรัพย์" in words(ask("ข้าวหอมมะลิ ออมท"))


# ---- who may see it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["แผน", "ควบรวม", "ลับสุดยอด", "จระ", "จระเ", "แผนควบรวมสำนักงานลับ"])
def test_nothing_leaks(ask, typed):
    found = ask(typed)
    assert SECRET not in titles(found) and not any("จระเข้" in word for word in words(found))


def test_those_who_may_see_it_are_offered_it(ask):
    assert SECRET in titles(ask("แผน", "all", "unit:7"))
    assert "จระเข้" in words(ask("จระ", "all", "unit:7"))


def test_nobody_is_offered_anything_without_sight(ask):
    assert not ask("หนี้", "unit:99")


def test_what_left_the_index_is_not_offered(tmp_path: Path):
    store = Store(tmp_path / "index")
    with store.building(1), store.writing():
        store.swap(store.rebuild(documents()))
    suggestions.prepare(store.snapshot())
    with store.writing():
        store.apply([Document(kind="knowledge", id=90, title="หนี้ก้อนใหม่", text="ใหม่")], [("knowledge", 2)])
    snapshot: Snapshot = store.snapshot()
    found = suggest(snapshot, "หนี้", any_of(snapshot, "see", ("all",)))
    assert titles(found) == ["หนี้ก้อนใหม่", TITLES[0]]


# ---- marks and clusters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("ลดหนี้ค้างชำระ", "หนี้", "ลด<mark>หนี้</mark>ค้างชำระ"),
        ("ลดหนี้ค้างชำระ", "หนี", "ลด<mark>หนี้</mark>ค้างชำระ"),  # never half a cluster
        ("การเกษตร", "กษ", "การ<mark>เกษ</mark>ตร"),
        ("ธ.ก.ส. สาขา", "ธกส", "<mark>ธ.ก.ส</mark>. สาขา"),
        ("ปี ๒๕๖๙", "2569", "ปี <mark>๒๕๖๙</mark>"),
        ("ข้าวอินทรีย์", "ขาวอิน", "<mark>ข้าวอิน</mark>ทรีย์"),
        ("<b>หนี้</b>", "หนี้", "&lt;b&gt;<mark>หนี้</mark>&lt;/b&gt;"),
        ("ออมทรัพย์", "หนี้", "ออมทรัพย์"),
        ("ออมทรัพย์", "", "ออมทรัพย์"),
    ],
)
def test_what_was_typed_is_marked(text, typed, expected):
    assert marked(text, typed) == expected


LETTERS = st.text(alphabet='กขคงจนมปรลวสหอยออมทรพยหนีสกณะัาำิีืุูเแโไใ็่้๊๋์ํๆฯ๑2 .-"“”*()<>abSq;,^\n\x00🙂', max_size=40)
STARTS = (
    st.sampled_from((*TITLES, *TEXTS, SECRET))
    .flatmap(lambda text: st.tuples(st.just(text), st.integers(0, len(text)), st.integers(0, len(text))))
    .map(lambda cut: cut[0][min(cut[1:]) : max(cut[1:])])
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(LETTERS, STARTS, st.text(max_size=20)))
@example("")
@example("่")
@example("เ")
@example("์" * 5000)
@example("ก" * 10_000)
@example("\ud800")
def test_it_never_raises_and_shows_whole_clusters_only(ask, typed):
    found = ask(typed)
    for one in (*found.words, *(thing for group in found.things.values() for thing in group)):
        plain, inside = str(one.marked), one.text
        before, _, rest = plain.partition("<mark>")
        marked_part, _, after = rest.partition("</mark>")
        pieces = [part for part in (before, marked_part, after) if part]
        whole = [cluster for part in pieces for cluster in thai.graphemes(part)]
        assert thai.graphemes(plain.replace("<mark>", "").replace("</mark>", "")) == whole, plain
        if one.kind != "word":
            continue
        # What completes begins and ends with a word, at clusters of its own.
        clean = thai.clean_line(typed[: suggestions.LONGEST])
        assert inside[:1] == (clean or found.read_as)[:1] or found.read_as
        assert not inside.endswith(("เ", "แ", "โ", "ใ", "ไ", "ั"))
        assert letters(inside)


@settings(max_examples=100, deadline=None)
@given(LETTERS, LETTERS)
def test_marking_keeps_the_text(text, typed):
    plain = str(marked(text, typed)).replace("<mark>", "").replace("</mark>", "")
    from markupsafe import escape

    assert plain == str(escape(text))
