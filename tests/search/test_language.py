"""What search reads of the organisation's words: kept until it changes, seen at once, never in the way."""

import threading
import time
from pathlib import Path

import peewee as pw
import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pythainlp.corpus import thai_words
from pythainlp.tokenize.newmm import segment
from pythainlp.util import Trie

from kc import clock, search
from kc.db import db
from kc.models import OwnWord, SynonymGroup, SynonymTerm
from kc.search import language
from kc.search.dictionary import WithOwnWords
from tests import factories
from tests.conftest import count_queries
from tests.factories import Cast


def group(*terms: str, **fields: object) -> SynonymGroup:
    with db.atomic():
        made = SynonymGroup.create(**fields)
        for position, text in enumerate(terms):
            SynonymTerm.create(group=made, text=text, key=language.key(text), position=position)
        search.language_changed()
    return made


def word(text: str, **fields: object) -> OwnWord:
    with db.atomic():
        made = OwnWord.create(text=text, key=language.key(text), **fields)
        search.language_changed()
    return made


@pytest.fixture(autouse=True)
def own_words_end_here() -> object:
    yield
    language.use(())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ธ.ก.ส.", "ธกส"),
        ("KPI", "kpi"),
        ("๕ ส", "5 ส"),
        ("การ จัดการ ความรู้", "การจัดการความรู้"),
        ("ดําเนินงาน", "ดำเนินงาน"),
        ("Ｋ Ｍ", "k m"),
    ],
)
def test_the_same_word_has_the_same_key(one: str, other: str) -> None:
    assert language.key(one) == language.key(other) != ""


LETTERS = st.sampled_from([*"กขคงญฎฏฐตถนมยรลวศษสหอฯๆะาำเแโใไ", *"ัิีึืุู็่้๊๋์ํ", *"๐๕09", *"AbZé", *" .-/()", "\xa0", "\t"])
WRITTEN = st.text(LETTERS, max_size=40)
WORDS = st.lists(
    st.sampled_from(["การ", "จัดการ", "ความรู้", "หนี้", "น้ำ", "ธนาคาร", "ผู้", "KM", "5ส"]), min_size=1, max_size=6
)


@settings(deadline=None)
@given(WRITTEN)
@example("กก..")
def test_a_key_is_its_own_key(text: str) -> None:
    assert language.key(language.key(text)) == language.key(text)


@settings(deadline=None)
@given(WRITTEN)
def test_case_and_digits_do_not_matter(text: str) -> None:
    """Thai and Arabic digits are the same to search (S0-297)."""
    thai_digits = text.translate({ord("0") + n: ord("๐") + n for n in range(10)})
    assert language.key(text.upper()) == language.key(text.lower()) == language.key(text)
    assert language.key(thai_digits) == language.key(text)


@settings(deadline=None)
@given(WORDS, st.sampled_from(["", " ", "  ", "\t", "\xa0", "\u200b"]))
def test_spaces_within_thai_do_not_matter(words: list[str], gap: str) -> None:
    thai = [word for word in words if word not in ("KM", "5ส")]
    assert language.key(gap.join(thai)) == language.key("".join(thai))


def test_nothing_is_known_at_first(app: Flask) -> None:
    known = language.current()
    assert (known.groups, dict(known.alike), known.words, known.digest) == ((), {}, frozenset(), "")


def test_each_word_of_a_group_leads_to_the_others(app: Flask) -> None:
    group("ธ.ก.ส.", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "BAAC")
    known = language.current()
    assert known.groups == (("ธ.ก.ส.", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "BAAC"),)
    assert known.alike["ธกส"] == ("ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "BAAC")
    assert known.alike["baac"] == ("ธ.ก.ส.", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร")


def test_what_is_switched_off_or_deleted_is_not_known(app: Flask) -> None:
    group("เอ็นพีแอล", "NPL", is_active=False)
    gone = group("คุณเอื้อ", "CKO")
    word("ตาลเดี่ยว", is_active=False)
    with db.atomic():
        SynonymTerm.update(key=None).where(SynonymTerm.group == gone).execute()
        SynonymGroup.update(deleted_at=clock.now()).where(SynonymGroup.id == gone.id).execute()
        search.language_changed()
    known = language.current()
    assert not known.groups and not known.alike and not known.words


def test_asking_costs_no_statement(app: Flask) -> None:
    group("KM", "การจัดการความรู้")
    language.current()
    with count_queries() as sent:
        for _ in range(100):
            language.current()
    assert not sent


def test_a_change_is_not_known_before_its_commit(app: Flask) -> None:
    language.current()
    with pytest.raises(RuntimeError), db.atomic():
        SynonymTerm.create(group=SynonymGroup.create(), text="KM", key="km")
        search.language_changed()
        assert not language.current().alike
        raise RuntimeError
    assert not language.current().alike


def test_another_process_sees_a_change_by_the_stamp(app: Flask, settings: dict[str, str]) -> None:
    search.rebuild()
    language.current()
    made = SynonymGroup.create()
    for text in ("KM", "การจัดการความรู้"):
        SynonymTerm.create(group=made, text=text, key=language.key(text))
    assert not language.current().alike  # nobody said anything: nothing is read
    (Path(settings["KC_SEARCH_DIR"]) / "language.stamp").touch()  # what the other process does
    assert language.current().alike["km"] == ("การจัดการความรู้",)


def test_what_was_missed_is_seen_when_looking_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    language.current()
    made = SynonymGroup.create()
    SynonymTerm.create(group=made, text="KM", key="km")
    SynonymTerm.create(group=made, text="CoP", key="cop")
    language.look_again()
    assert not language.current().alike
    monkeypatch.setattr(language, "_LOOK_AGAIN_SECONDS", -1.0)
    language.look_again()
    assert set(language.current().alike) == {"km", "cop"}


def test_it_never_raises_and_keeps_what_it_knew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    group("KM", "การจัดการความรู้")
    assert language.current().alike
    monkeypatch.setattr(language, "_TRY_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(language, "_load", lambda: 1 / 0)
    language.changed()
    assert language.current().alike["km"] == ("การจัดการความรู้",)
    assert language.wanted() is None  # it would be wrong to make the index anew for this
    monkeypatch.undo()
    monkeypatch.setattr(language, "_TRY_AGAIN_SECONDS", 0.0)
    assert language.wanted() is not None


def test_before_anything_could_be_read_there_is_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    search.rebuild()
    monkeypatch.setattr(language, "_load", lambda: OwnWord.select().from_(pw.Table("not_here")).count())
    language.changed()
    assert language.current() == language.Language()
    assert search.status() | {"ok": True, "adjusting": False} == search.status()


def test_many_threads_read_while_one_writes(app: Flask) -> None:
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            known = language.current()
            if len(known.alike) != 2 * len(known.groups):
                wrong.append(known)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for n in range(20):
            group(f"คำย่อ{n}", f"คำเต็ม{n}")
            assert len(language.current().groups) == n + 1
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not wrong


# ---- own words and the tokenizer ------------------------------------------------------------------------------------

OWN = frozenset({"เดิมบางนางบวช", "ปากช่อง", "ตาลเดี่ยว", "สาขาปากช่อง", "ธนาคารรวงทอง", "หนี้ดี", "การ"})
ONE_TRIE = Trie(thai_words() | OWN)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*OWN, "สาขา", "ประชุม", "ทุกวัน", "หนี้", "ที่", "ตาล", "ๆ", "็", " ", "NPL", "บวช"]), max_size=12
    )
)
def test_two_dictionaries_cut_as_one_would(words: list[str]) -> None:
    text = "".join(words)
    assert segment(text, WithOwnWords(OWN)) == segment(text, ONE_TRIE)


# ---- own words and the index ----------------------------------------------------------------------------------------


def test_the_index_is_made_anew_for_changed_own_words_only(app: Flask, settings: dict[str, str]) -> None:
    search.rebuild()
    pointer = Path(settings["KC_SEARCH_DIR"]) / "current"
    before = pointer.read_text()
    group("KM", "การจัดการความรู้")
    assert pointer.read_text() == before
    word("ตาลเดี่ยว")
    assert pointer.read_text() != before
    assert language.tokenizer_words() == {"ตาลเดี่ยว"}
    assert search.status()["adjusting"] is False


def test_the_old_index_is_asked_with_its_own_words(app: Flask, settings: dict[str, str]) -> None:
    search.rebuild()
    OwnWord.create(text="ตาลเดี่ยว", key="ตาลเดี่ยว")
    language.changed()
    assert language.current().words == {"ตาลเดี่ยว"}
    search.search("ตาลเดี่ยว")
    assert language.tokenizer_words() == frozenset()
    assert search.status()["adjusting"] is True
    assert search.rebuild_if_needed() is True
    assert language.tokenizer_words() == {"ตาลเดี่ยว"}
    assert search.rebuild_if_needed() is False


def test_another_process_asks_with_the_words_of_the_index(app: Flask, settings: dict[str, str]) -> None:
    word("ตาลเดี่ยว")
    search.init(Path(settings["KC_SEARCH_DIR"]), background=False)
    assert language.tokenizer_words() == frozenset()
    search.search("ตาล")
    assert language.tokenizer_words() == {"ตาลเดี่ยว"}


def test_words_are_those_of_the_index_being_made() -> None:
    language.use({"หนึ่งคำ"})
    before = language.tokenizer_words()
    with language.cutting_with(frozenset({"อีกคำ"})):
        assert language.tokenizer_words() == {"อีกคำ"}
        elsewhere: list[frozenset[str]] = []
        thread = threading.Thread(target=lambda: elsewhere.append(language.tokenizer_words()))
        thread.start()
        thread.join()
        assert elsewhere == [{"หนึ่งคำ"}]
    language.use(["หนึ่งคำ"])
    assert language.tokenizer_words() is before


def test_the_server_follows_in_the_background_while_the_old_index_answers(
    app: Flask, settings: dict[str, str], cast: Cast
) -> None:
    factories.make_article("ประชุมตาลเดี่ยว", cast.author, status="published")
    search.rebuild()
    search.init(Path(settings["KC_SEARCH_DIR"]), background=True)
    try:
        word("ตาลเดี่ยว")
        deadline = time.monotonic() + 60
        while search.status()["adjusting"] or language.tokenizer_words() != {"ตาลเดี่ยว"}:
            assert search.search("ตาล").total >= 1  # answered all the while
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert search.search("ตาลเดี่ยว").total >= 1
    finally:
        search.init(Path(settings["KC_SEARCH_DIR"]), background=False)
