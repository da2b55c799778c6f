"""One real piece of knowledge, long enough to fill pages."""

import io
import shutil
import subprocess
from datetime import date

import pytest
from PIL import Image

from kc.documents import ExchangeForm, Measure, Picture


def picture(size=(1200, 800), **options):
    stream = io.BytesIO()
    Image.new("RGB", size, (150, 190, 170)).save(stream, "JPEG", **options)
    return stream.getvalue()


METHOD = """**1. ดึงรายชื่อให้เสร็จก่อนครบกำหนด 75 วัน**
ใช้รายงานหนี้ถึงกำหนดล่วงหน้าของระบบสินเชื่อ แล้วเติม*สามช่อง*เองใน Excel

**2. แบ่งสามสี**

| สี | ดูจากอะไร | ทำอะไร |
|---|---|---|
| เขียว | ชำระตรงสองปีติด | โทรศัพท์ยืนยันวัน |
| เหลือง | เคยช้าไม่เกิน 30 วัน | เยี่ยมหนึ่งครั้ง |

![แฟ้มบนโต๊ะ](/attachments/7/a.jpg)

1. ใครในบ้านเป็นคนถือเงินวันขายของ
2. ถ้าราคาเท่าปีที่แย่ที่สุด งวดนี้ยังจ่ายได้ไหม
   - ถามซ้ำเมื่อจบ

> ถามก่อน แล้วค่อยเขียน
"""


def make_form(**changes):
    values = {
        "title": "เยี่ยมก่อนครบกำหนด 45 วัน ลดหนี้ค้างชำระใหม่ของลูกค้าไร่อ้อย",
        "community": "คนอ้อยปากช่อง",
        "branch": "ปากช่อง",
        "division": "สนจ.นครราชสีมา",
        "fiscal_year": "ปีบัญชี 2567",
        "topic": "NPLs",
        "summary": "แบ่งลูกค้าเป็นสามสี แล้วออกเยี่ยมเฉพาะสีเหลืองกับสีแดง",
        "background": 'ลูกค้าไร่อ้อยของสาขามี 412 ราย เราถามว่า "เรารู้ตัวเมื่อไร" น้ำ ปู่ ญี่ปุ่น ที่นี่ กตัญญู ฐานะ',
        "goals": "- หนี้ค้างชำระใหม่ไม่เกิน 30 ราย\n- ค่าน้ำมันรถไม่เพิ่ม",
        "target_group": "พนักงานพัฒนาธุรกิจของสาขาที่มีลูกค้าพืชไร่",
        "method": METHOD,
        "results": "หนี้ค้างชำระใหม่เหลือ 21 ราย R&D <b>ไม่ใช่ตัวหนา</b> #eval(1) $x$",
        "measures": (
            Measure("ลูกค้าที่ค้างชำระใหม่", "ราย", "67", "ไม่เกิน 30", "21"),
            Measure("เงินที่เก็บได้ต่อราย", "บาท", "7900", "9000", "11300"),
        ),
        "results_on": date(2025, 1, 31),
        "authors": ("นายสมชาย กล้าหาญ", "นางสาวมาลี ใจดี"),
        "address": "https://kc.example.org/knowledge/12",
        "pictures": (Picture(picture(), "แฟ้มบนโต๊ะ", "/attachments/7/a.jpg"), Picture(picture((600, 900)), "ออกเยี่ยม")),
    }
    return ExchangeForm(**(values | changes))


@pytest.fixture
def form():
    return make_form()


def opened_by_office(folder, data, ending, into="pdf"):
    """What LibreOffice makes of a file of ours; the test is skipped, with a word, where it is not installed."""
    opened = _converted(folder, "made", data, ending, into)
    if opened is None and ending == "xlsx" and _converted(folder, "plain", b"a,b", "csv", "xlsx") is None:
        pytest.skip("LibreOffice is installed here without Calc")
    assert opened, f"LibreOffice cannot open this .{ending}"
    return opened


def _converted(folder, name, data, ending, into):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        pytest.skip("LibreOffice is not installed here")
    file, made = folder / f"{name}.{ending}", folder / f"{name}.{into}"
    file.write_bytes(data)
    how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true" if into == "csv" else into
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", how]
    subprocess.run([*command, "--outdir", str(folder), str(file)], capture_output=True, timeout=300, check=False)
    return made.read_bytes() if made.exists() else None
