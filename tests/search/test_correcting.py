"""A slip of the fingers, the wrong layout: what is searched for instead, and when nothing is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kc.search import correcting
from kc.search.correcting import Fault
from kc.search.schema import Document
from kc.search.searching import Filters, Results, run
from kc.search.snapshot import Snapshot
from kc.search.store import Store

TEXTS = (
    ("เยี่ยมลูกหนี้ก่อนวันครบกำหนด", "พนักงานสาขาออกเยี่ยมลูกหนี้ถึงบ้าน แล้วปรับตารางผ่อนชำระให้ตรงกับวันขายข้าว"),
    ("ประหยัดค่าไฟฟ้าของสำนักงาน", "ปิดเครื่องปรับอากาศก่อนเลิกงานครึ่งชั่วโมง สัญญาณเตือนหน้าประตูช่วยให้ไม่ลืม"),
    ("ถ่ายทอดความรู้จากผู้เกษียณ", "นัดเล่าเรื่องใต้ต้นไม้ บันทึกเสียง แล้วถอดบทเรียนเป็นคู่มือของเครือข่ายเกษตรกร"),
    ("ตลาดนัดองค์ความรู้", "แต่ละชุมชนนักปฏิบัติตั้งโต๊ะเล่าวิธีที่ได้ผล ผู้เยี่ยมชมหย่อนบัตรให้คะแนน"),
    ("ข้าวหอมมะลิอินทรีย์", "ชาวนาจดต้นทุนทุกแปลง พบว่าปุ๋ยหมักลดรายจ่ายลงหนึ่งในสาม"),
    ("ข่าวสารจากกรรมการ", "ข่าวประจำสัปดาห์ส่งทางไลน์ทุกเช้าวันจันทร์"),
    ("ผ้าขาวม้าทอมือ", "กลุ่มทอผ้าย้อมสีขาวจากเปลือกไม้ แล้วขายผ่าน Facebook ได้ปีละสองแสนบาท"),
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store = Store(tmp_path_factory.mktemp("correcting"))
    secret = Document("knowledge", 99, "เรื่องปกปิด", "กระดุมทองเหลืองแวววาว", visible_to=("unit:7",))
    documents = [Document("knowledge", n, *both) for n, both in enumerate(TEXTS, 1)]
    with store.building(1), store.writing():
        store.swap(store.rebuild([*documents, secret]))
    return store.snapshot()


@pytest.fixture(scope="module")
def find(snapshot: Snapshot) -> Callable[..., Results]:
    def ask(text: str, exactly: bool = False) -> Results:
        return run(snapshot, text, ("all",), Filters(), "relevance", 1, 10, exactly=exactly)

    return ask


@pytest.mark.parametrize(
    ("typed", "meant", "first"),
    [
        ("เยี่ยมลูกหนื้ก่อนวัน", "เยี่ยมลูกหนี้ก่อนวัน", 1),  # a neighbouring vowel key
        ("ตารางผ่อนชำระใหตรง", "ตารางผ่อนชำระให้ตรง", 1),  # a tone mark forgotten
        ("สัญญานเตือนหน้าประตู", "สัญญาณเตือนหน้าประตู", 2),  # sounds alike
        ("ถอดบทเรรียน", "ถอดบทเรียน", 3),  # a letter doubled
        ("เครือข่ายเกษตรกกร", "เครือข่ายเกษตรกร", 3),  # a letter too much
        ("ชุมชนนักปฎิบัติ", "ชุมชนนักปฏิบัติ", 4),  # looks alike
        ("บันทึกเสีงย", "บันทึกเสียง", 3),  # two letters in wrong order
        ("ปุ๋ยหมักลดรายจาย", "ปุ๋ยหมักลดรายจ่าย", 5),
    ],
)
def test_one_slip_is_mended_and_said(find: Callable[..., Results], typed: str, meant: str, first: int) -> None:
    """Who spells a word another way finds it all the same (S0-299)."""
    results = find(typed)
    assert results.corrected == meant
    assert results.hits[0].id == first
    exactly = find(typed, exactly=True)
    assert exactly.corrected is None


@pytest.mark.parametrize(
    "typed",
    [
        "ขาว",
        "ข่าว",
        "ข้าว",
        "เยี่ยมลูกหนี้",
        "ตลาดนัด ชาวนา",
        "ประหยัดค่าไฟฟ้าของสำนักงาน",
        "ลูกหนี้ตลาดนัด",
        '"ชุมชนนักปฎิบัติ"',
        "xyz",
        "",
        "่",
        "-ข้าว",
    ],
)
def test_what_may_stand_stands(find: Callable[..., Results], typed: str) -> None:
    assert find(typed).corrected is None


@pytest.mark.parametrize(
    ("typed", "meant", "first"),
    [
        ("8;k,i^h", "ความรู้", 4),
        ('1wz"', None, None),
        ("8jki", None, None),
        ("ดฟแำินนา", "facebook", 7),
        ("m,\\v,nv", None, None),
    ],
)
def test_the_wrong_keyboard_layout(
    find: Callable[..., Results], typed: str, meant: str | None, first: int | None
) -> None:
    results = find(typed)
    if meant is None:
        assert results.total >= 0
    else:
        assert results.corrected == meant and first in [hit.id for hit in results.hits]


def test_nothing_hidden_speaks_through_a_correction(find: Callable[..., Results]) -> None:
    """The words of what may not be seen are never offered."""
    results = find("กระดุมทองเหลืยงแวววาว")
    assert results.corrected is None and not results.total


def test_a_fault_is_put_right_where_it_stands() -> None:
    assert Fault(2, "น", "ณ", 8, 1).mended("สัญญาน"[:2] + "นx") == "สัณx"
    assert Fault(0, "", "ก", 8, 1).mended("า") == "กา"


@settings(deadline=None, max_examples=120)
@given(st.integers(0, len(TEXTS) - 1), st.data())
def test_any_slip_in_a_sentence_never_raises_and_never_loses_it(
    find: Callable[..., Results], number: int, data: st.DataObject
) -> None:
    title = TEXTS[number][0]
    at = data.draw(st.integers(0, len(title) - 1))
    letter = data.draw(st.sampled_from("กณนาีิ่้์เx"))
    typed = data.draw(
        st.sampled_from(
            [title[:at] + title[at + 1 :], title[:at] + letter + title[at:], title[:at] + letter + title[at + 1 :]]
        )
    )
    results = find(typed)
    assert number + 1 in [hit.id for hit in results.hits]


def test_a_pasted_page_costs_no_more_than_a_set_effort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "index")
    documents = [
        Document("knowledge", n + 1, f"คู่มือการเงินเล่ม {n}", "การทำงานและการเรียนรู้ของการจัดการ" * 500) for n in range(16)
    ]
    with store.building(1), store.writing():
        store.swap(store.rebuild(documents))
    spent: list[int] = []
    spend = correcting.Effort.spend
    monkeypatch.setattr(correcting.Effort, "spend", lambda self, n: (spent.append(n), spend(self, n))[1])
    run(store.snapshot(), "การ" * 325 + "ฬฬฬฬ", ("all",), Filters(), "relevance", 1, 10)
    stopped = 4 * correcting.MOST_READ * correcting.LONGEST_RUN  # the few looks it takes to see that nothing is left
    assert 0 < sum(spent) <= correcting.EFFORT + stopped
