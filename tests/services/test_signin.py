"""Signing in: forgiving what fingers do, unforgiving to those who guess."""

from datetime import datetime

import pytest

from kc import clock
from kc.errors import DomainError
from kc.models import AuditEntry, Employee, SignInEvent
from kc.services import passwords, people, signin, throttle
from kc.services.account_rules import AccountRules
from tests.factories import make_employee

SECRET = "ข้าวใหม่ปลามัน"
HOME, CAFE = "10.0.0.1", "203.0.113.9"
RULES = AccountRules(secret="s" * 40, tries=4, address_tries=10, lock_minutes=15)
NOON = datetime(2026, 11, 21, 5, 0)


@pytest.fixture(scope="module")
def hashed():
    return passwords.hash_password(SECRET)


@pytest.fixture
def kamon(app, hashed):
    return make_employee("กมล ใจดี", employee_id="0012345", password_hash=hashed)


@pytest.fixture
def cheap(monkeypatch):
    """Guessing is tested by the hundred: the hash is looked at, but not computed."""
    looked: list[str] = []

    def is_right(kept: str, password: str) -> bool:
        looked.append(kept)
        return bool(kept) and password == SECRET

    monkeypatch.setattr(passwords, "is_right", is_right)
    return looked


def try_in(typed="0012345", password=SECRET, address=HOME):
    return signin.sign_in(typed, password, address, RULES)


def refused(**given) -> str:
    with pytest.raises(DomainError) as error:
        try_in(**given)
    return error.value.message


@pytest.mark.parametrize("typed", ["0012345", " 00 12345 ", "๐๐๑๒๓๔๕", "-0012345", "จจๅ/-ภถ"])
def test_id_is_forgiven_its_typing(kamon, typed):
    assert try_in(typed=typed) == kamon


def test_letters_of_an_id_may_be_small(app, hashed):
    employee = make_employee("ขวัญ ดี", employee_id="KC-0042", password_hash=hashed)
    assert try_in(typed="kc-0042") == employee


def test_leading_zeros_count(kamon):
    refused(typed="12345")


def test_success_and_failure_are_written_down(kamon):
    refused(password="ผิดแน่นอน")
    try_in()
    events = [(e.outcome, e.address, e.employee_id) for e in SignInEvent.select().order_by(SignInEvent.id)]
    assert events == [("wrong", HOME, kamon.id), ("signed_in", HOME, kamon.id)]


def test_unknown_wrong_and_not_activated_get_the_same_answer(kamon):
    make_employee(employee_id="0077777", password_hash="")
    answers = {refused(password="mai-ru-loei"), refused(typed="9999999", password="mai-ru-loei")}
    answers.add(refused(typed="0077777", password="mai-ru-loei"))
    assert answers == {"รหัสพนักงานหรือรหัสผ่านไม่ถูกต้อง"}


def test_unknown_id_costs_a_hash_too(kamon, cheap):
    refused(typed="9999999", password="x")
    assert cheap == [""]


def test_what_was_typed_into_the_wrong_field_is_not_kept(kamon, cheap):
    refused(typed=SECRET, password="x")
    assert SECRET not in SignInEvent.get().account_key


def test_thai_letters_in_a_wrong_password_bring_a_hint_about_the_keyboard(kamon):
    assert "แป้นพิมพ์" in refused(password="แมวส้มนอนบนหลังคา")
    assert "แป้นพิมพ์" in refused(typed="9999999", password="แมวส้มนอนบนหลังคา")
    assert "Caps Lock" in refused(password="MAEO-SOM")


def test_too_many_tries_lock_the_account_for_a_time_even_for_the_right_password(kamon, cheap):
    with clock.freeze(NOON) as now:
        for _try in range(RULES.tries):
            refused(password="x")
        with pytest.raises(throttle.TooManyTries) as locked:
            try_in()
        assert locked.value.until == datetime(2026, 11, 21, 5, 15)
        assert "12:15" in locked.value.message or "12.15" in locked.value.message
        now.advance(minutes=15)
        assert try_in() == kamon


def test_tries_during_a_lock_do_not_prolong_it_nor_fill_the_table(kamon, cheap):
    with clock.freeze(NOON) as now:
        for _try in range(RULES.tries):
            refused(password="x")
        for _minute in range(14):
            now.advance(minutes=1)
            for _try in range(5):
                refused(password="x")
        assert SignInEvent.select().count() < RULES.tries + 20
        now.advance(minutes=1)
        assert try_in() == kamon


def test_attacker_elsewhere_does_not_lock_the_owner_out_of_a_known_address(kamon, cheap):
    with clock.freeze(NOON) as now:
        try_in(address=HOME)
        now.advance(days=3)
        for _try in range(RULES.tries):
            refused(password="x", address=CAFE)
        assert "หลายครั้ง" in refused(address=CAFE)
        assert "หลายครั้ง" in refused(address="198.51.100.7")
        assert try_in(address=HOME) == kamon


def test_owners_own_success_gives_an_attacker_elsewhere_no_more_tries(kamon, cheap):
    with clock.freeze(NOON):
        try_in(address=HOME)
        for _try in range(RULES.tries):
            refused(password="x", address=CAFE)
        try_in(address=HOME)
        assert "หลายครั้ง" in refused(address=CAFE)


def test_one_address_may_not_try_one_password_on_everybody(kamon, cheap):
    with clock.freeze(NOON):
        for number in range(RULES.address_tries):
            refused(typed=f"900{number:04d}", password="x")
        assert "หลายครั้ง" in refused()
        assert try_in(address=CAFE) == kamon


def test_unknown_ids_are_locked_like_known_ones(kamon, cheap):
    with clock.freeze(NOON):
        for _try in range(RULES.tries):
            refused(typed="9999999", password="x")
        assert "หลายครั้ง" in refused(typed="99 99 999", password="x")


def test_ipv6_neighbours_count_as_one_address(kamon, cheap):
    with clock.freeze(NOON):
        for number in range(RULES.address_tries):
            refused(typed=f"900{number:04d}", password="x", address=f"2001:db8:0:1::{number:x}")
        assert "หลายครั้ง" in refused(address="2001:db8:0:1::ffff")


def test_locked_account_says_so_only_to_its_owner(kamon):
    people.lock(make_employee(), kamon, "สงสัยว่ารหัสรั่ว")
    assert refused(password="ผิดแน่นอน").startswith("รหัสพนักงานหรือรหัสผ่านไม่ถูกต้อง")
    assert "ระงับ" in refused()


def test_departed_employee_cannot_sign_in(kamon):
    people.deactivate(None, kamon)
    assert "ปิดแล้ว" in refused()


def test_changing_the_password_ends_other_sign_ins_and_is_audited(kamon):
    epoch = kamon.sign_in_epoch
    signin.change_password(kamon, SECRET, "แมวส้มนอนบนหลังคา", HOME, RULES)
    assert Employee.get_by_id(kamon.id).sign_in_epoch == epoch + 1
    assert try_in(password="แมวส้มนอนบนหลังคา") == kamon
    entry = AuditEntry.get(AuditEntry.action == "account.password_changed")
    assert "แมวส้ม" not in entry.details


def test_changing_the_password_needs_the_current_one_and_is_throttled(kamon, cheap):
    for _try in range(RULES.tries):
        with pytest.raises(DomainError, match="ปัจจุบัน"):
            signin.change_password(kamon, "x", "แมวส้มนอนบนหลังคา", HOME, RULES)
    with pytest.raises(throttle.TooManyTries):
        signin.change_password(kamon, SECRET, "แมวส้มนอนบนหลังคา", HOME, RULES)


def test_owner_sees_wrong_tries_since_the_visit_before(kamon, cheap):
    try_in()
    refused(password="x", address=CAFE)
    refused(password="x", address=CAFE)
    try_in()
    assert signin.wrong_since_last_visit(kamon) == 2
    assert [e.outcome for e in signin.recent_events(kamon)] == ["signed_in", "wrong", "wrong", "signed_in"]


def test_old_tries_are_forgotten(kamon, cheap):
    with clock.freeze(NOON) as now:
        try_in()
        now.advance(days=366)
        try_in()
        assert SignInEvent.select().count() == 1
