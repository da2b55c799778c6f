"""Words from a file and to one: out and in again changes nothing; all or nothing."""

import csv
import io

import pytest

from kc.errors import DomainError
from kc.models import OwnWord, SynonymGroup
from kc.search import language as known
from kc.services import language, language_presets
from kc.services.imports import wordlist
from tests.conftest import count_queries


@pytest.fixture(autouse=True)
def own_words_end_here():
    yield
    known.use(())


def csv_of(*lines: str) -> bytes:
    return ("ชนิด,คำที่ 1,คำที่ 2,คำที่ 3,หมายเหตุ\n" + "\n".join(lines)).encode()


def plan_of(data: bytes):
    return wordlist.plan_wordlist(wordlist.read_wordlist(data, "words.csv"))


@pytest.mark.parametrize("write", [wordlist.as_csv, wordlist.as_xlsx])
def test_out_and_in_again_changes_nothing(app, cast, write):
    language_presets.seed("bank")
    language.add_words(cast.officer, ["ตาลเดี่ยว", "ตาลแฝด"], note="ทดลอง")
    plan = plan_of(write())
    assert (plan.bad, plan.new, plan.changed) == ([], [], [])
    assert plan.unchanged == plan.total == SynonymGroup.select().count() + 2


def test_out_and_into_an_empty_place(app, cast):
    language_presets.seed("hospital")
    language.add_words(cast.officer, ["ตาลเดี่ยว"])
    data, before = wordlist.as_xlsx(), known.current()
    SynonymGroup.delete().execute()
    OwnWord.delete().execute()
    wordlist.apply_wordlist(cast.officer, wordlist.read_wordlist(data, "words.xlsx"))
    after = known.current()
    assert (set(after.groups), after.words) == (set(before.groups), before.words)


def test_new_changed_and_own_words(app, cast):
    group = language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    data = csv_of(
        "ชื่อย่อกับชื่อเต็ม,KM,การจัดการความรู้,Knowledge Management,",
        ",แบงก์,ธนาคาร,,เรียกกันทั่วไป",
        "คำขององค์กร,ตาลเดี่ยว,,,",
    )
    plan = plan_of(data)
    assert [c.key for c in plan.new] == ["คำที่ใช้แทนกัน", "คำขององค์กร"]
    assert plan.changed[0].fields["terms"] == ("KM = การจัดการความรู้", "KM = การจัดการความรู้ = Knowledge Management")
    assert known.current().alike.get("แบงก์") is None
    wordlist.apply_wordlist(cast.officer, wordlist.read_wordlist(data, "words.csv"))
    assert known.current().alike["แบงก์"] == ("ธนาคาร",)
    assert known.current().words == {"ตาลเดี่ยว"}
    assert language.terms(group) == ["KM", "การจัดการความรู้", "Knowledge Management"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["แปลกๆ,KM,การจัดการความรู้,,"], "ไม่รู้จักชนิด"),
        ([",KM,,,"], "อย่างน้อยสองคำ"),
        (["คำขององค์กร,ธนาคาร,,,"], "พจนานุกรม"),
        ([",แบงก์,ธนาคาร,,", ",ธนาคาร,สถาบันการเงิน,,"], "ซ้ำหรืออยู่กลุ่มเดียวกับแถวที่ 2"),
        ([",KM,ข้อความใหม่,,", ",การจัดการความรู้,ข้อความอื่น,,"], "ซ้ำหรืออยู่กลุ่มเดียวกับแถวที่ 2"),
        ([",KM,CoP,,"], "อยู่คนละกลุ่มในระบบ"),
    ],
)
def test_one_bad_row_and_nothing_is_written(app, cast, lines, says):
    language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    language.create_group(cast.officer, ["CoP", "ชุมชนนักปฏิบัติ"], "abbreviation")
    rows = wordlist.read_wordlist(csv_of(*lines, ",คำใหม่แท้,คำใหม่จริง,,"), "words.csv")
    plan = wordlist.plan_wordlist(rows)
    assert says in plan.bad[0].reason
    before = known.current().groups
    with pytest.raises(DomainError, match="ยังไม่ได้นำเข้าข้อมูลใดเลย"):
        wordlist.apply_wordlist(cast.officer, rows)
    assert known.current().groups == before


def test_a_file_of_something_else(app):
    with pytest.raises(DomainError, match="คำที่ 1"):
        wordlist.read_wordlist("ชื่อ,สกุล\nสมชาย,ใจดี\n".encode(), "people.csv")


def test_words_in_one_column(app):
    rows = wordlist.read_wordlist("ชนิด,คำ\n,KM | การจัดการความรู้ | Knowledge Management\n".encode(), "words.csv")
    assert rows[0].values["terms"].split("\n") == ["KM", "การจัดการความรู้", "Knowledge Management"]


def test_no_statement_more_for_more_rows(app, cast):
    language_presets.seed("bank")
    few, many = (csv_of(*(f",คำหนึ่ง{n},คำสอง{n},," for n in range(count))) for count in (2, 60))
    sent = []
    for data in (few, many):
        rows = wordlist.read_wordlist(data, "words.csv")
        with count_queries() as statements:
            wordlist.plan_wordlist(rows)
        sent.append(len(statements))
    assert sent[0] == sent[1] <= 4


def test_the_workbook_has_no_formula(app, cast):
    from openpyxl import load_workbook

    language.create_group(cast.officer, ["1+1", "=SUM(A1)"], "synonym", "=HYPERLINK(1)")
    cells = [cell for row in load_workbook(io.BytesIO(wordlist.as_xlsx())).worksheets[0] for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("note", ['=HYPERLINK("http://x")', "+1", "-ดู", "@x"])
def test_a_note_is_no_formula_in_a_spreadsheet_and_comes_back_as_it_was(app, cast, note):
    language.create_group(cast.officer, ["แบงก์", "ธนาคาร"], "synonym", note)
    data = wordlist.as_csv()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[1][-1] == f"'{note}"
    assert plan_of(data).unchanged == 1


def test_many_groups_are_told_to_search_once(app, cast, monkeypatch):
    told = []
    monkeypatch.setattr("kc.services.language.search.language_changed", lambda: told.append(1))
    data = csv_of(",แบงก์,ธนาคาร,,", ",รถไฟ,ขบวนรถ,,", "คำขององค์กร,ตาลเดี่ยว,,,")
    wordlist.apply_wordlist(cast.officer, wordlist.read_wordlist(data, "words.csv"))
    assert told == [1]
    wordlist.apply_wordlist(cast.officer, wordlist.read_wordlist(data, "words.csv"))
    assert told == [1], "nothing changed"
    language.create_group(cast.officer, ["KM", "การจัดการความรู้"], "abbreviation")
    assert told == [1, 1]


def test_what_a_kind_was_once_called_is_understood(app, cast):
    assert [c.key for c in plan_of(csv_of("ความหมายเดียวกัน,แบงก์,ธนาคาร,,")).new] == ["คำที่ใช้แทนกัน"]
