"""What is no password: whatever a colleague, or the old system's habit, would try first."""

import threading

import pytest

from kc.errors import DomainError
from kc.services import passwords
from tests.factories import make_employee

ORGANISATION = ("ธนาคารรวงทองเพื่อชุมชน", "ธ.ร.ช.")


def check(password: str, employee=None) -> None:
    passwords.check_new(password, 10, employee, ORGANISATION)


@pytest.mark.parametrize(
    "password",
    [
        "phu-dulae-rabob",
        "khlang-khwam-ru",
        "korat-pak-chong",
        "duu-phap-ruam-pi",
        "ข้าวใหม่ปลามันหลังเกี่ยว",
        "แมวส้มนอนบนหลังคา",
        "correct horse battery staple",
        "Tq8#vLw2mZ",
    ],
)
def test_what_people_can_remember_is_taken(password):
    check(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("1234", "สั้นไป"),
        ("4567", "สั้นไป"),
        ("๑๒๓๔", "สั้นไป"),
        ("0812345678", "ตัวเลขล้วน"),
        ("081-234-5678", "ตัวเลขล้วน"),
        ("๐๘๑๒๓๔๕๖๗๘", "ตัวเลขล้วน"),
        ("1101700230708", "ตัวเลขล้วน"),
        ("1-1017-00230-70-8", "ตัวเลขล้วน"),
        ("01/01/2530", "ตัวเลขล้วน"),
        ("id1101700230708ka", "เลขบัตรประชาชน"),
        ("password2569", "เดาได้"),
        ("P@ssw0rd123!", "เดาได้"),
        ("qwertyuiop[]", "เดาได้"),
        ("aaaaaaaaaaaa", "เดาได้"),
        ("tel0812345678", "เดาได้"),
        ("sawasdee2569", "เดาได้"),
        ("รหัสผ่าน2569", "เดาได้"),
        ("สวัสดีครับ123", "เดาได้"),
        ("ธนาคารรวงทองเพื่อชุมชน1", "ชื่อหน่วยงาน"),
    ],
)
def test_what_a_colleague_would_guess_is_refused(password, why):
    with pytest.raises(DomainError) as refused:
        check(password)
    assert why in refused.value.message
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    ("password", "means"),
    [
        ("ยฟหหไนพก", "password"),
        ("ยฟหหไนพก๒๕๖๙", "password2569"),
        ("isylzjko2569", "รหัสผ่าน2569"),
        ("ๆไำพะัีรนยบล", "qwertyuiop[]"),
        ("ๅ/-ภถุึคตจ", "1234567890"),
    ],
)
def test_the_other_keyboard_layout_makes_no_secret(password, means):
    with pytest.raises(DomainError):
        passwords.check_new(password, 8, None, ORGANISATION)


@pytest.mark.parametrize("password", ["0012345-abc", "kamon0012345", "กมลใจดี2569", "กมล0012345กมล"])
def test_ones_own_name_and_number_are_refused(app, password):
    employee = make_employee("กมล ใจดี", employee_id="0012345", email="kamon@example.org")
    with pytest.raises(DomainError, match="ของตนเอง"):
        check(password, employee)


def test_hash_is_scrypt_and_tells_right_from_wrong():
    kept = passwords.hash_password("ข้าวใหม่ปลามัน")
    assert kept.startswith("scrypt:32768:8:1$")
    assert passwords.is_right(kept, "ข้าวใหม่ปลามัน")
    assert not passwords.is_right(kept, "ข้าวใหม่ปลามั่น")


def test_same_keys_on_another_machine_are_the_same_password():
    kept = passwords.hash_password("น้ำขึ้นให้รีบตัก")
    assert passwords.is_right(kept, "น\u0e49\u0e4d\u0e32ขึ้นให้รีบตัก")  # ํ + า for ำ


def test_no_account_is_never_right():
    assert not passwords.is_right("", "nobody's")


def test_hashing_never_takes_more_than_its_share_of_memory(monkeypatch):
    """The server's threads wait for a place; the last ones are told kindly that it is busy."""
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._Turn(), passwords._Turn():
        answers = []

        def third() -> None:
            try:
                passwords.hash_password("ข้าวใหม่ปลามัน")
            except DomainError as busy:
                answers.append(busy.message)

        thread = threading.Thread(target=third)
        thread.start()
        thread.join()
    assert "พร้อมกันจำนวนมาก" in answers[0]
