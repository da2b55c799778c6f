"""People, units, roles and tokens, one at a time."""

import pytest

from kc.errors import DomainError
from kc.models import ApiToken, AuditEntry, Employee, OneTimeCode, OrgUnit, SearchOutbox
from kc.services import codes, people, roles, tokens, units
from kc.services.account_rules import AccountRules
from tests.conftest import count_queries
from tests.factories import make_article, make_employee, make_unit

RULES = AccountRules(secret="s" * 40)


def actions(name: str) -> int:
    return AuditEntry.select().where(AuditEntry.action == name).count()


# ---- employees -----------------------------------------------------------------------------------------------------


def test_whole_name_is_taken_apart_and_the_id_keeps_its_zeros(app):
    made = people.create(None, " ๐๐๑๒๓ ", make_unit(), name="นางสาวมาลี ใจดี ณ อยุธยา")
    assert (made.employee_id, made.title, made.first_name, made.last_name) == (
        "00123",
        "นางสาว",
        "มาลี",
        "ใจดี ณ อยุธยา",
    )
    assert made.full_name == "นางสาวมาลี ใจดี ณ อยุธยา"
    assert actions("employee.created") == 1


def test_title_typed_twice_stands_once(app):
    made = people.create(None, "00124", make_unit(), title="นาย", first_name="นายสมชาย", last_name="ดี")
    assert made.full_name == "นายสมชาย ดี"


def test_same_id_twice_is_refused_beside_its_field(app):
    make_employee(employee_id="0012345")
    with pytest.raises(DomainError) as refused:
        people.create(None, "00 12345", make_unit(), first_name="ก", last_name="ข")
    assert refused.value.field == "employee_id"


@pytest.mark.parametrize("bad", ["", "  ", "---", "1.23E+06", "x" * 33])
def test_what_is_no_id(app, bad):
    with pytest.raises(DomainError) as refused:
        people.clean_employee_id(bad)
    assert refused.value.field == "employee_id"


def test_update_notes_which_fields_changed_and_indexes_their_articles(cast, monkeypatch):
    article = make_article(author=cast.author, status="published")
    monkeypatch.setattr("kc.search.changed", lambda: None)
    people.update(cast.administrator, cast.author, cast.branch, title="นาย", first_name="กมล", last_name="มั่งมี")
    entry = AuditEntry.get(AuditEntry.action == "employee.updated")
    assert "last_name" in entry.facts["changed"] and "title" not in entry.facts["changed"]
    queued = set(SearchOutbox.select(SearchOutbox.kind, SearchOutbox.object_id).tuples())
    assert {("knowledge", article.id), ("person", cast.author.id), ("community", cast.community.id)} <= queued
    assert Employee.get_by_id(cast.author.id).name == "กมล มั่งมี"


def test_saving_without_a_change_leaves_no_line(cast):
    person = cast.author
    kept = {name: getattr(person, name) for name in ("title", "first_name", "last_name", "position", "level")}
    people.update(cast.administrator, person, cast.branch, **kept)
    assert actions("employee.updated") == 0


def test_who_left_keeps_their_work_but_no_way_in(cast):
    article = make_article(author=cast.fellow)
    codes.issue(None, cast.fellow, RULES)
    token = tokens.create(cast.fellow, "รายงาน")
    epoch = cast.fellow.sign_in_epoch
    people.deactivate(cast.administrator, cast.fellow)
    after = Employee.get_by_id(cast.fellow.id)
    assert not after.is_active and after.departed_on and after.sign_in_epoch == epoch + 1
    assert OneTimeCode.select().count() == 0
    assert tokens.employee_of(token) is None
    assert article.created_by == cast.fellow


def test_who_comes_back_activates_anew(cast):
    people.deactivate(cast.administrator, cast.fellow)
    people.reactivate(cast.administrator, cast.fellow)
    after = Employee.get_by_id(cast.fellow.id)
    assert after.is_active and after.departed_on is None and not after.is_activated


@pytest.mark.parametrize("verb", ["deactivate", "lock"])
def test_the_last_administrator_stays(cast, verb):
    give = (cast.administrator, "ทดสอบ") if verb == "lock" else (cast.administrator,)
    with pytest.raises(DomainError, match="อย่างน้อยหนึ่งคน"):
        getattr(people, verb)(cast.officer, *give)


@pytest.mark.parametrize("verb", ["deactivate", "lock"])
def test_nobody_shuts_themselves_out(cast, verb):
    roles.grant(None, cast.officer, "administrator")
    with pytest.raises(DomainError, match="ตนเอง"):
        getattr(people, verb)(cast.officer, cast.officer, *(["ทดสอบ"] if verb == "lock" else []))


def test_listing_finds_by_name_id_and_position_in_thai_order(app):
    unit = make_unit()
    for name in ("เกศินี มานะ", "กมล ใจดี", "ขวัญใจ มานะ"):
        make_employee(name, unit, position="นักวิชาการ")
    everyone = Employee.id.is_null(False)
    assert [e.first_name for e in people.listing(everyone, words="มานะ")] == ["เกศินี", "ขวัญใจ"]
    assert [e.first_name for e in people.listing(everyone, words="วิชาการ")] == ["กมล", "เกศินี", "ขวัญใจ"]


# ---- units ---------------------------------------------------------------------------------------------------------


def test_moving_a_unit_moves_its_subtree_and_nothing_else(app):
    north, south = make_unit("ฝ่ายเหนือ"), make_unit("ฝ่ายใต้")
    branch = make_unit("สาขาบ้านนา", parent=north)
    desk = make_unit("งานสินเชื่อ", parent=branch)
    units.update(make_employee(unit=south), branch, "สาขาบ้านนา", "branch", south)
    assert OrgUnit.get_by_id(branch.id).path == f"/{south.id}/{branch.id}/"
    assert OrgUnit.get_by_id(desk.id).path == f"/{south.id}/{branch.id}/{desk.id}/"
    assert OrgUnit.get_by_id(north.id).path == f"/{north.id}/"


def test_unit_cannot_hang_below_itself(app):
    top = make_unit("ฝ่ายเหนือ")
    below = make_unit("สาขาบ้านนา", parent=top)
    with pytest.raises(DomainError) as refused:
        units.update(make_employee(unit=top), top, "ฝ่ายเหนือ", "division", below)
    assert refused.value.field == "parent"


def test_unit_with_people_stays_open(cast):
    with pytest.raises(DomainError, match="ยังมีบุคลากร"):
        units.deactivate(cast.administrator, cast.office)
    empty = make_unit("ฝ่ายเก่า")
    units.deactivate(cast.administrator, empty)
    assert not OrgUnit.get_by_id(empty.id).is_active
    units.reopen(cast.administrator, empty)
    assert OrgUnit.get_by_id(empty.id).is_active


def test_tree_is_in_thai_order_and_two_statements(app):
    top = make_unit("ฝ่ายเหนือ")
    for name in ("สาขาแกลง", "สาขากาหลง", "สาขาเขาชะเมา"):
        make_unit(name, parent=top)
    make_unit("ฝ่ายกลาง")
    with count_queries() as sent:
        tree = units.tree()
    assert [u.name for u in tree] == ["ฝ่ายกลาง", "ฝ่ายเหนือ", "สาขากาหลง", "สาขาแกลง", "สาขาเขาชะเมา"]
    assert [u.depth for u in tree] == [0, 0, 1, 1, 1]
    assert len(sent) == 2


# ---- roles ---------------------------------------------------------------------------------------------------------


def test_role_given_twice_is_one_role(cast):
    first = roles.grant(cast.administrator, cast.author, "executive")
    assert roles.grant(cast.administrator, cast.author, "executive") == first
    assert actions("role.granted") == 1


def test_coordinator_needs_a_unit(cast):
    with pytest.raises(DomainError) as refused:
        roles.grant(cast.administrator, cast.author, "coordinator")
    assert refused.value.field == "unit"


def test_last_administrator_keeps_the_role(cast):
    held = next(iter(roles.held_by(cast.administrator)))
    with pytest.raises(DomainError, match="อย่างน้อยหนึ่งคน"):
        roles.revoke(cast.administrator, held)
    roles.grant(cast.administrator, cast.officer, "administrator")
    roles.revoke(cast.officer, held)
    assert actions("role.revoked") == 1


# ---- tokens --------------------------------------------------------------------------------------------------------


def test_token_is_kept_as_a_hash_and_ends_when_revoked(cast):
    token = tokens.create(cast.author, "รายงาน")
    row = ApiToken.get()
    assert token not in row.token_hash
    assert tokens.employee_of(token) == cast.author
    assert ApiToken.get().last_used_on is not None
    tokens.revoke(cast.author, row)
    tokens.revoke(cast.author, row)
    assert tokens.employee_of(token) is None
    assert actions("token.revoked") == 1


@pytest.mark.parametrize("text", ["", "kc_", "kc_nothing", "Bearer", "ก" * 500])
def test_nonsense_is_nobodys_token(app, text):
    assert tokens.employee_of(text) is None


def test_tokens_are_few_and_named(cast):
    with pytest.raises(DomainError):
        tokens.create(cast.author, "  ")
    for n in range(tokens.MOST):
        tokens.create(cast.author, f"โทเคน {n}")
    with pytest.raises(DomainError, match="ครบ"):
        tokens.create(cast.author, "อีกหนึ่ง")
