"""Words that mean the same, own words: what makes a group, one place for each word, undone and never added twice."""

import threading

import pytest

from kc import db, search
from kc.errors import Conflict, DomainError
from kc.models import AuditEntry, OwnWord, SynonymGroup, SynonymTerm
from kc.search import language as known
from kc.services import language, language_lists
from tests import factories


@pytest.fixture(autouse=True)
def own_words_end_here():
    yield
    known.use(())


def alike(term: str) -> tuple[str, ...]:
    return known.current().alike.get(known.key(term), ())


def test_a_pair_is_in_effect_at_once(app, cast):
    language.create_group(cast.officer, ["ธ.ก.ส.", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร"], "abbreviation")
    assert alike("ธกส") == ("ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร",)
    assert AuditEntry.get(AuditEntry.action == "language.group_added").actor_id == cast.officer.id


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("KM\nการจัดการความรู้", ["KM", "การจัดการความรู้"]),
        (" KM ,  การจัดการ ความรู้ ;CoP| ", ["KM", "การจัดการ ความรู้", "CoP"]),
        ("=HYPERLINK()\n+66", ["HYPERLINK()", "66"]),
        ("\n , ;", []),
    ],
)
def test_a_box_of_words(typed, terms):
    assert language.terms_of(typed) == terms


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ([], "อย่างน้อยสองคำ"),
        (["KM"], "อย่างน้อยสองคำ"),
        (["ธ.ก.ส.", "ธกส"], "ถือเป็นคำเดียวกัน"),
        (["KPI", "kpi"], "ถือเป็นคำเดียวกัน"),
        (["KM", "ก"], "สั้นเกินไป"),
        (["KM", "…!"], "สั้นเกินไป"),
        (["KM", "ความรู้" * 20], "ยาวเกินไป"),
        (["KM", "และ"], "พบแทบทุกหน้า"),
        ([f"คำที่หลาย{n}" for n in range(13)], "ไม่เกิน 12 คำ"),
    ],
)
def test_what_makes_no_group(app, cast, terms, says):
    with pytest.raises(DomainError, match=says) as why:
        language.create_group(cast.officer, terms, "synonym")
    assert why.value.field == "terms"
    assert not SynonymGroup.select().exists()


@pytest.mark.parametrize(("kind", "note", "field"), [("nonsense", "", "kind"), ("synonym", "ก" * 301, "note")])
def test_the_rest_of_the_form(app, cast, kind, note, field):
    with pytest.raises(DomainError) as why:
        language.create_group(cast.officer, ["KM", "การจัดการความรู้"], kind, note)
    assert why.value.field == field


def test_a_word_stands_in_one_group(app, cast):
    first = language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    with pytest.raises(language.TermTaken, match="การจัดการ ความรู้") as why:
        language.create_group(cast.officer, ["จัดการความรู้", "การจัดการ ความรู้"], "synonym")
    assert why.value.group == first
    assert SynonymGroup.select().count() == 1
    assert alike("จัดการความรู้") == ()


def test_two_at_once_are_one(app, cast):
    """The database decides, also between two who looked at the same moment."""
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def create() -> None:
        with db.connection():
            together.wait()
            try:
                language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
                outcomes.append("made")
            except DomainError:
                outcomes.append("refused")

    both = [threading.Thread(target=create) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert SynonymTerm.select().count() == 2


def test_changing_a_group(app, cast):
    group = language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    language.change_group(cast.officer, group, 1, ["KM", "Knowledge Management"], "synonym", "ขอโดยฝ่ายบุคคล")
    assert alike("km") == ("Knowledge Management",)
    assert alike("การจัดการความรู้") == ()
    fresh = SynonymGroup.get_by_id(group.id)
    assert (fresh.kind, fresh.note, fresh.version, fresh.updated_by) == ("synonym", "ขอโดยฝ่ายบุคคล", 2, cast.officer)


def test_who_was_slower_is_told(app, cast):
    group = language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    language.change_group(cast.officer, group, 1, ["KM", "Knowledge Management"], "abbreviation", "")
    with pytest.raises(Conflict) as why:
        language.change_group(cast.administrator, group, 1, ["KM", "จัดการความรู้"], "abbreviation", "")
    assert why.value.theirs.version == 2
    assert alike("km") == ("Knowledge Management",)


def test_switched_off_and_on(app, cast):
    group = language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    language.switch_group(cast.officer, group, False)
    assert alike("km") == ()
    with pytest.raises(language.TermTaken):  # it still has its words
        language.create_group(cast.officer, ["KM", "กิโลเมตร"], "abbreviation")
    language.switch_group(cast.officer, group, True)
    assert alike("km")


def test_deleted_and_brought_back(app, cast):
    group = language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    language.delete_group(cast.officer, group)
    assert alike("km") == ()
    language.restore_group(cast.officer, group)
    assert alike("km") == ("การจัดการความรู้",)


def test_the_words_of_a_deleted_group_are_free(app, cast):
    group = language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    language.delete_group(cast.officer, group)
    other = language.create_group(cast.officer, ["KM", "กิโลเมตร"], "abbreviation")
    with pytest.raises(language.TermTaken) as why:
        language.restore_group(cast.officer, group)
    assert why.value.group == other
    assert alike("km") == ("กิโลเมตร",)
    assert SynonymGroup.get_by_id(group.id).deleted_at is not None


# ---- own words -------------------------------------------------------------------------------------------------------


def test_own_words_reach_the_tokenizer_and_the_index(app, cast):
    factories.make_article("ประชุมตาลเดี่ยว", cast.author, status="published")
    search.rebuild()
    language.add_words(cast.officer, ["ตาลเดี่ยว", " ตาล เดี่ยว "])
    assert known.current().words == {"ตาลเดี่ยว"}
    assert known.tokenizer_words() == {"ตาลเดี่ยว"}
    assert search.search("ตาลเดี่ยว").hits[0].title == "ประชุมตาลเดี่ยว"
    assert search.status()["adjusting"] is False


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("", "ใช้ไม่ได้"),
        ("ก", "ใช้ไม่ได้"),
        ("ตาล" * 14, "ใช้ไม่ได้"),
        ("A-Choice", "ใช้ไม่ได้"),
        ("ตาล 2", "ใช้ไม่ได้"),
        ("ะตาล", "ไม่ได้ขึ้นต้น"),
        ("ธนาคาร", "พจนานุกรม"),
    ],
)
def test_what_is_no_own_word(app, cast, word, says):
    with pytest.raises(DomainError, match=says) as why:
        language.add_words(cast.officer, ["ตาลเดี่ยว", word])
    assert why.value.field == "words"
    assert not OwnWord.select().exists()


def test_an_own_word_once(app, cast):
    language.add_words(cast.officer, ["ตาลเดี่ยว"])
    with pytest.raises(DomainError, match="อยู่แล้ว"):
        language.add_words(cast.officer, ["ตาลเดี่ยว"])
    assert [w.text for w in language.add_words(cast.officer, ["ตาลเดี่ยว", "ตาลแฝด"])] == ["ตาลแฝด"]


def test_own_words_off_deleted_and_back(app, cast):
    word = language.add_words(cast.officer, ["ตาลเดี่ยว"])[0]
    language.switch_word(cast.officer, word, False)
    assert not known.current().words
    language.switch_word(cast.officer, word, True)
    language.delete_word(cast.officer, word)
    assert not known.current().words
    language.restore_word(cast.officer, word)
    assert known.current().words == {"ตาลเดี่ยว"}
    language.delete_word(cast.officer, word)
    language.add_words(cast.officer, ["ตาลเดี่ยว"])
    with pytest.raises(DomainError, match="อยู่แล้ว"):
        language.restore_word(cast.officer, word)


def test_names_worth_knowing(app, cast):
    factories.make_unit("สาขาเดิมบางนางบวช")
    factories.make_unit("สาขานครปฐม")  # the dictionary knows it
    factories.make_unit("ฝ่ายพัฒนาทรัพยากรบุคคล")
    shut = factories.make_unit("สาขาปากช่อง")
    shut.is_active = False
    shut.save()
    found = {one.word: one for one in language_lists.suggested()}
    assert found["เดิมบางนางบวช"].source == "unit"
    assert len(found["เดิมบางนางบวช"].cut) > 1
    assert not {"นครปฐม", "ปากช่อง", "ฝ่ายพัฒนาทรัพยากรบุคคล"} & set(found)
    word = language.add_words(cast.officer, ["เดิมบางนางบวช"])[0]
    language.delete_word(cast.officer, word)  # somebody said no: it is not offered again
    assert "เดิมบางนางบวช" not in {one.word for one in language_lists.suggested()}
