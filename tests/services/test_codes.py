"""One-time codes, and the old habit of four digits made safe: once, five tries, never kept (S0-30, D21)."""

import hashlib
from datetime import datetime

import pytest

from kc import clock
from kc.errors import DomainError
from kc.models import AuditEntry, Employee, OneTimeCode, SignInEvent
from kc.services import codes, digits, passwords, people, signin
from kc.services.account_rules import AccountRules
from kc.services.throttle import TooManyTries
from tests.factories import grant, make_employee, make_unit

RULES = AccountRules(secret="s" * 40, tries=50, address_tries=500)
BY_DIGITS = AccountRules(secret="s" * 40, tries=50, address_tries=500, activation="national_id")
NEW = "แมวส้มนอนบนหลังคา"
HOME = "10.0.0.1"
NOON = datetime(2026, 11, 21, 5, 0)


@pytest.fixture
def mali(app):
    return make_employee("มาลี ใจดี", employee_id="0077777", password_hash="")


@pytest.fixture
def boss(app):
    return make_employee("งามตา ดูแล", employee_id="0000006")


def check(code, typed="0077777", rules=RULES):
    return codes.check(typed, code, HOME, rules)


def test_code_is_readable_and_random():
    made = {codes.new_code() for _n in range(200)}
    assert len(made) == 200
    assert all(len(code) == 9 and code[4] == "-" for code in made)
    assert not set("".join(made)) & set("0O1I")


def test_code_opens_the_account_once(mali):
    slip = codes.issue(None, mali, RULES)
    ticket = check(slip.code)
    assert codes.holder(ticket) == mali
    codes.use(ticket, NEW, RULES)
    assert signin.sign_in("0077777", NEW, HOME, RULES) == mali
    with pytest.raises(DomainError):
        check(slip.code)
    with pytest.raises(DomainError):
        codes.use(ticket, "อีกาคาบพริกไปวัด", RULES)


def test_code_is_kept_only_as_a_keyed_hash(mali):
    slip = codes.issue(None, mali, RULES)
    row = OneTimeCode.get()
    assert codes.bare(slip.code) not in row.code_hash
    assert row.code_hash == RULES.keyed("code", codes.bare(slip.code))
    assert slip.code not in AuditEntry.get(AuditEntry.action == "account.code_issued").details


@pytest.mark.parametrize("typed", ["k7qm2xpd", " K7QM 2XPD ", "k7qm–2xpd", "K๗QM-๒XPD", "าึๆทข/ปยก"])
def test_code_is_forgiven_its_typing(mali, typed):
    codes.issue(None, mali, RULES, "K7QM-2XPD")
    check(typed)


def test_wrong_code_unknown_id_and_no_code_get_the_same_answer(mali):
    make_employee(employee_id="0088888", password_hash="")
    codes.issue(None, mali, RULES)
    answers = set()
    for typed in ("0077777", "0088888", "9999999"):
        with pytest.raises(DomainError) as refused:
            check("AAAA-AAAA", typed)
        answers.add(refused.value.message)
    assert len(answers) == 1


def test_five_wrong_tries_end_a_code(mali):
    slip = codes.issue(None, mali, RULES)
    for _try in range(5):
        with pytest.raises(DomainError):
            check("AAAA-AAAA")
    with pytest.raises(DomainError):
        check(slip.code)


def test_looking_at_the_right_code_again_costs_no_try(mali):
    slip = codes.issue(None, mali, RULES)
    for _try in range(7):
        check(slip.code)


def test_wrong_codes_are_throttled_like_passwords(mali):
    strict = AccountRules(secret="s" * 40, tries=3)
    codes.issue(None, mali, strict)
    for _try in range(3):
        with pytest.raises(DomainError):
            check("AAAA-AAAA", rules=strict)
    with pytest.raises(TooManyTries):
        check("AAAA-AAAA", rules=strict)


def test_activation_code_expires_after_days_and_reset_code_after_hours(mali, boss):
    with clock.freeze(NOON) as now:
        first, reset = codes.issue(None, mali, RULES), codes.issue(None, boss, RULES)
        assert (first.purpose, reset.purpose) == ("activate", "reset")
        now.advance(hours=24)
        with pytest.raises(DomainError):
            check(reset.code, "0000006")
        check(first.code)
        now.advance(days=29)
        with pytest.raises(DomainError):
            check(first.code)


def test_new_code_ends_the_one_before(mali):
    old, new = codes.issue(None, mali, RULES), codes.issue(None, mali, RULES)
    with pytest.raises(DomainError):
        check(old.code)
    check(new.code)


def test_ticket_is_good_for_minutes_only(mali):
    with clock.freeze(NOON) as now:
        ticket = check(codes.issue(None, mali, RULES).code)
        now.advance(minutes=21)
        with pytest.raises(DomainError, match="หมดเวลา"):
            codes.use(ticket, NEW, RULES)


def test_weak_password_does_not_use_up_the_code(mali):
    ticket = check(codes.issue(None, mali, RULES).code)
    for weak in ("0812345678", "4321", "0077777มาลี", "password99"):
        with pytest.raises(DomainError):
            codes.use(ticket, weak, RULES)
    codes.use(ticket, NEW, RULES)


def test_reset_ends_sign_ins_and_keeps_the_old_password_until_then(boss):
    boss.password_hash = passwords.hash_password("ข้าวใหม่ปลามัน")
    boss.save()
    slip = codes.issue(None, boss, RULES)
    assert signin.sign_in("0000006", "ข้าวใหม่ปลามัน", HOME, RULES) == boss
    epoch = boss.sign_in_epoch
    codes.use(check(slip.code, "0000006"), NEW, RULES)
    after = Employee.get_by_id(boss.id)
    assert after.sign_in_epoch == epoch + 1
    assert AuditEntry.select().where(AuditEntry.action == "account.password_reset").count() == 1


def test_changing_the_password_ends_a_code_that_is_still_out(boss):
    slip = codes.issue(None, boss, RULES)
    signin.set_password(None, boss, NEW, RULES)
    with pytest.raises(DomainError):
        check(slip.code, "0000006")


def test_ending_all_sign_ins_closes_the_page_of_who_holds_a_ticket(mali, boss):
    ticket = check(codes.issue(None, mali, RULES).code)
    signin.end_everywhere(boss, mali)
    with pytest.raises(DomainError, match="หมดเวลา"):
        codes.use(ticket, NEW, RULES)


# ---- who may issue -------------------------------------------------------------------------------------------------


def test_coordinator_issues_for_staff_of_their_units_only(cast):
    cast.author.password_hash = ""
    assert codes.issue(cast.coordinator, cast.author, RULES).employee == cast.author
    for other in (cast.outsider, cast.administrator, cast.officer, cast.coordinator):
        with pytest.raises(DomainError, match="ออกรหัสให้บุคคลนี้ไม่ได้"):
            codes.issue(cast.coordinator, other, RULES)
    with pytest.raises(DomainError):
        codes.issue(cast.author, cast.fellow, RULES)


def test_no_code_for_closed_and_locked_accounts(cast):
    people.lock(cast.administrator, cast.author, "ทดสอบ")
    people.deactivate(cast.administrator, cast.fellow)
    for person in (cast.author, cast.fellow):
        with pytest.raises(DomainError):
            codes.issue(cast.administrator, person, RULES)


def test_code_does_not_open_an_account_that_was_locked_meanwhile(mali, boss):
    slip = codes.issue(None, mali, RULES)
    ticket = check(slip.code)
    people.lock(boss, mali, "ทดสอบ")
    with pytest.raises(DomainError, match="ระงับ"):
        check(slip.code)
    with pytest.raises(DomainError):
        codes.use(ticket, NEW, RULES)


def test_slips_for_a_unit_reach_only_those_who_wait(cast):
    new = make_employee("นภา ใหม่", cast.branch, password_hash="")
    powerful = make_employee("นที ใหม่", cast.branch, password_hash="")
    grant(powerful, "knowledge_officer")
    elsewhere = make_employee("นิด ใหม่", cast.other_branch, password_hash="")
    units = [cast.branch.id, cast.other_branch.id]
    assert [s.employee for s in codes.issue_for_units(cast.coordinator, units, RULES)] == [new]
    mine = codes.issue_for_units(cast.administrator, units, RULES)
    assert {s.employee for s in mine} == {new, powerful, elsewhere}
    code = next(s.code for s in mine if s.employee == new)
    assert codes.check(new.employee_id, code, HOME, RULES)


# ---- the last four digits ------------------------------------------------------------------------------------------


@pytest.fixture
def four(mali):
    mali.activation_digits = digits.fresh(digits.hashed("0077777", "4321", BY_DIGITS), BY_DIGITS)
    mali.save()
    return mali


def test_digits_open_the_account_once_and_are_erased(four):
    codes.use(check("4321", rules=BY_DIGITS), NEW, BY_DIGITS)
    assert Employee.get_by_id(four.id).activation_digits == ""
    with pytest.raises(DomainError):
        check("4321", rules=BY_DIGITS)


def test_digits_are_no_password(four):
    """The last four digits of a national ID open nothing for good (S0-30)."""
    with pytest.raises(DomainError):
        signin.sign_in("0077777", "4321", HOME, BY_DIGITS)
    ticket = check("4321", rules=BY_DIGITS)
    with pytest.raises(DomainError):
        codes.use(ticket, "4321", BY_DIGITS)


def test_digits_have_five_tries_in_all_and_a_new_file_gives_no_more(four):
    for wrong in ("0000", "1111", "2222", "3333", "4444"):
        with pytest.raises(DomainError):
            check(wrong, rules=BY_DIGITS)
    with pytest.raises(DomainError):
        check("4321", rules=BY_DIGITS)
    kept = Employee.get_by_id(four.id).activation_digits
    assert kept == digits.SPENT
    assert digits.replaced(kept, digits.hashed("0077777", "4321", BY_DIGITS), BY_DIGITS) == digits.SPENT


def test_digits_expire(app):
    with clock.freeze(NOON) as now:
        mali = make_employee(employee_id="0077777", password_hash="")
        mali.activation_digits = digits.fresh(digits.hashed("0077777", "4321", BY_DIGITS), BY_DIGITS)
        mali.save()
        now.advance(days=30)
        assert digits.forget_expired() == 1
        with pytest.raises(DomainError):
            check("4321", rules=BY_DIGITS)


def test_digits_count_only_where_the_setting_says_so(four):
    with pytest.raises(DomainError):
        check("4321", rules=RULES)


def test_digits_may_be_thai_or_typed_in_the_thai_layout(four):
    check("๔๓๒๑", rules=BY_DIGITS)
    check("ภ-/ๅ", rules=BY_DIGITS)


def test_nothing_kept_can_be_searched_for_the_digits(four):
    """All 10,000 hashes without the server's secret: none is what stands in the database."""
    kept = digits.read(Employee.get_by_id(four.id).activation_digits)
    texts = (f"digits\00077777\0{n:04d}" for n in range(10_000))
    assert kept.hashed not in {hashlib.sha256(text.encode()).hexdigest() for text in texts}
    assert kept.hashed == digits.hashed("0077777", "4321", BY_DIGITS)
    other = AccountRules(secret="t" * 40)
    assert kept.hashed != digits.hashed("0077777", "4321", other)


def test_a_code_still_helps_who_spent_the_digits(four):
    four.activation_digits = digits.SPENT
    four.save()
    slip = codes.issue(None, four, BY_DIGITS)
    codes.use(check(slip.code, rules=BY_DIGITS), NEW, BY_DIGITS)
    assert SignInEvent.select().where(SignInEvent.outcome == "activated").count() == 1


def test_unit_of_a_coordinator_covers_what_is_below(app):
    top = make_unit("สนจ. ลำน้ำใส")
    below = make_unit("สาขาบ้านนา", parent=top)
    coordinator = make_employee("ขวัญ ดี", top)
    grant(coordinator, "coordinator", top)
    person = make_employee("นภา ใหม่", below, password_hash="")
    assert codes.issue(coordinator, person, RULES).code
