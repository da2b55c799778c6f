"""Small indexes made of plain documents, without any database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kc.search.schema import Document
from kc.search.searching import Filters, Results, run
from kc.search.snapshot import Snapshot
from kc.search.store import Store

TEXTS = (
    ("ลดหนี้ค้างชำระด้วยการเยี่ยมลูกหนี้", "ทีมสาขาเยี่ยมลูกหนี้ถึงบ้าน คุยเรื่องรายได้ แล้วปรับตารางชำระหนี้ให้ตรงกับวันขายข้าว"),
    ("การจัดการความรู้ในโรงพยาบาล", "หอผู้ป่วยเล่าเรื่องการล้างมือ ติดเชื้อลดลงครึ่งหนึ่งในหกเดือน"),
    ("ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "สินเชื่อสำหรับ Smart Farmer และ NPLs ลดลงร้อยละ ๑๒ ในปีบัญชี ๒๕๖๘"),
    ("ข้าวอินทรีย์", "ชาวนาปลูกข้าวหอมมะลิ ส่งออกได้ราคาดี"),
    ("ข่าวประชาสัมพันธ์", "สำนักข่าวของเทศบาลลงข่าวทุกวันจันทร์"),
    ("ผ้าขาวม้า", "กลุ่มทอผ้าย้อมสีขาวจากเปลือกไม้ ขาวสะอาด"),
    ("ติดต่อเจ้าหน้าที่", "อีเมล somchai.j@example.go.th โทร 0-2555-0555 ต่อ 1234 หนังสือที่ กค 0408.4/ว 45 เรื่อง COVID-19"),
    ("ประหยัดไฟฟ้า", "ปิดแอร์ก่อนเลิกงานครึ่งชั่วโมง ค่าไฟฟ้าลดลง ธ.ก.ส. สาขาเมืองทดลองแล้ว"),
)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """An index of TEXTS: document n is (knowledge, n + 1), topic n % 3, year 2566 + n % 2."""
    made = Store(tmp_path_factory.mktemp("index"))
    documents = [
        Document(
            kind="knowledge",
            id=n + 1,
            title=title,
            text=text,
            external_id=f"x{n + 1}",
            filters={"topic": (n % 3,), "year": (2566 + n % 2,), "unit": (n,), "article_kind": ("story",)},
            visible_to=("all",) if n != 7 else ("unit:7",),
        )
        for n, (title, text) in enumerate(TEXTS)
    ]
    with made.building(1), made.writing():
        made.swap(made.rebuild(documents))
    return made


@pytest.fixture(scope="session")
def snapshot(store: Store) -> Snapshot:
    return store.snapshot()


@pytest.fixture(scope="session")
def find(snapshot: Snapshot) -> Callable[..., Results]:
    """find("คำ", visible_to=…, filters=…, sort=…, page=…, per_page=…)"""

    def ask(text: str, **how: object) -> Results:
        asked = {"visible_to": ("all",), "filters": Filters(), "sort": "relevance", "page": 1, "per_page": 10} | how
        return run(snapshot, text, **asked)  # type: ignore[arg-type]

    return ask


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"
