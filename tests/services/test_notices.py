"""Notices: told in the transaction of what happened, counted up, told once, said in its reader's words, forgotten."""

import json
import re
from datetime import date, timedelta

import pytest

from kc import clock, i18n
from kc.db import db
from kc.errors import DomainError
from kc.models import Mail, Notice
from kc.models.notices import DAILY, IMMEDIATE, OFF
from kc.services import (
    notice_choices,
    notice_wording,
    notices,
    publishing,
    search_gaps,
    waiting,
)
from kc.services.notice_kinds import HEADINGS, KINDS, USUAL, Kind
from tests import factories
from tests.conftest import count_queries
from tests.services.mailing import something_happens


def told(employee) -> list[str]:
    return [notice_wording.sentence(row) for row in notices.of(employee)]


def test_nothing_is_told_of_what_did_not_happen(cast):
    with pytest.raises(RuntimeError), db.atomic():
        something_happens(cast.fellow)
        raise RuntimeError
    assert notices.unread(cast.fellow) == 0


def test_nobody_is_told_of_their_own_doing_nor_after_leaving(cast):
    gone = factories.make_employee("ผู้จากไป", cast.branch, is_active=False)
    everybody = [cast.author, cast.fellow, cast.fellow, gone]
    notices.tell(everybody, "article.published", "/knowledge/1", actor=cast.author, title="เรื่อง")
    assert [row.employee_id for row in Notice.select()] == [cast.fellow.id]


def test_many_changes_are_one_notice_until_it_is_read(cast):
    for n in range(3):
        something_happens_to_article(cast, n)
    (row,) = notices.of(cast.fellow)
    assert (row.times, row.said["title"]) == (3, "เรื่องที่ 2")
    notices.mark_all_read(cast.fellow)
    something_happens_to_article(cast, 4)
    assert [row.times for row in notices.of(cast.fellow)] == [1, 3]


def something_happens_to_article(cast, n: int) -> None:
    notices.tell([cast.fellow], "article.published", "/knowledge/1", about="article:1", title=f"เรื่องที่ {n}")


def test_what_is_told_once_is_never_told_again(cast):
    for _ in range(2):
        notices.tell([cast.fellow, cast.author], "article.published", "/x", once="round:3", title="เรื่อง")
    assert (notices.unread(cast.fellow), notices.unread(cast.author)) == (1, 1)
    notices.mark_all_read(cast.fellow)
    notices.tell([cast.fellow], "article.published", "/x", once="round:3", title="เรื่อง")
    assert notices.unread(cast.fellow) == 0


def test_telling_a_thousand_takes_few_statements(cast):
    many = [factories.make_employee(unit=cast.branch) for _ in range(30)]
    with count_queries() as few:
        notices.tell(many[:3], "article.published", "/x", about="a:1", title="เรื่อง")
    with count_queries() as sent:
        notices.tell(many, "article.published", "/x", about="a:2", title="เรื่อง")
        notices.tell(many, "article.published", "/x", about="a:2", title="เรื่อง")
    assert len(sent) <= 2 * len(few) and notices.unread(many[-1]) == 1


def test_an_unknown_kind_is_a_fault_of_the_program(cast):
    with pytest.raises(KeyError):
        notices.tell([cast.fellow], "nothing.known", "/")


def test_it_is_said_in_the_readers_language_with_its_days(cast, monkeypatch):
    monkeypatch.setitem(KINDS, "test.day", Kind("sessions", i18n.lazy("พบกัน %(day)s เวลา %(time)s")))
    notices.tell([cast.fellow], "test.day", "/x", day=date(2026, 11, 21), time="13:30")
    notices.tell([cast.fellow], "community.added", "/x", actor=cast.author, community="ชุมชนคนบ้านนา")
    added, day = told(cast.fellow)
    assert day == "พบกัน 21 พ.ย. 2569 เวลา 13:30"
    assert added == "กมล ใจดี เพิ่มคุณใน ชุมชนคนบ้านนา"
    with i18n.use_language("en"):
        assert "21 Nov 2026" in told(cast.fellow)[1]


def test_a_notice_outlives_its_kind_and_its_facts(cast):
    something_happens(cast.fellow)
    Notice.update(kind="gone.away").execute()
    assert told(cast.fellow) == ["มีเรื่องใหม่ในองค์ความรู้ของฉัน"]
    Notice.update(kind="community.added").execute()
    assert "…" in told(cast.fellow)[0]


def test_every_kind_has_a_heading_and_can_be_said(cast):
    for name, kind in KINDS.items():
        assert kind.heading in HEADINGS, name
        named = re.findall(r"%\((\w+)\)([sd])", f"{kind.sentence}{kind.many or ''}")
        facts = json.dumps({fact: "ก" if how == "s" else 2 for fact, how in named if fact != "times"})
        for times in (1, 3):
            row = Notice(kind=name, heading=kind.heading, facts=facts, url="/", times=times, employee=cast.fellow)
            assert notice_wording.sentence(row) != f"มีเรื่องใหม่ใน{HEADINGS[kind.heading]}", name
    assert set(USUAL) <= set(HEADINGS)


# ---- what is told already ------------------------------------------------------------------------------------------


def test_an_article_on_its_way_tells_those_it_waits_for(cast):
    article = factories.make_article("เยี่ยมลูกค้า", cast.author, unit=cast.branch)
    publishing.submit(cast.author, article)
    assert told(cast.coordinator) == ["กมล ใจดี ส่ง “เยี่ยมลูกค้า” มาให้ตรวจและเผยแพร่"]
    assert told(cast.officer) == [], "the unit has its coordinator"
    publishing.send_back(cast.coordinator, article, "เพิ่มตัวเลข")
    assert told(cast.author) == ["ขวัญใจ ประสาน ส่ง “เยี่ยมลูกค้า” กลับมาให้ปรับ: เพิ่มตัวเลข"]
    publishing.submit(cast.author, article)
    publishing.publish(cast.coordinator, article)
    assert told(cast.author)[0] == "“เยี่ยมลูกค้า” เผยแพร่แล้ว ทุกคนค้นพบได้"
    publishing.retire(cast.officer, article, "ระเบียบเปลี่ยน")
    assert told(cast.author)[0] == "คมสัน จัดการ เลิกใช้ “เยี่ยมลูกค้า”: ระเบียบเปลี่ยน"


def test_without_a_coordinator_the_knowledge_team_is_told(cast):
    article = factories.make_article("เรื่องปลายน้ำ", cast.outsider, unit=cast.other_branch)
    publishing.submit(cast.outsider, article)
    assert (notices.unread(cast.officer), notices.unread(cast.coordinator)) == (1, 0)


def test_a_knowledge_gap_that_is_answered_tells_who_asked(cast):
    gap = search_gaps.ask(cast.fellow, "วิธีเลี้ยงมังกร").gap
    search_gaps.mark(cast.officer, gap, gap.version, state="answered", note="ถามสวนสัตว์", article="")
    search_gaps.mark(cast.officer, gap, gap.version, state="answered", note="ถามสวนสัตว์ใกล้บ้าน", article="")
    assert told(cast.fellow) == ["เรื่อง “วิธีเลี้ยงมังกร” ที่คุณแจ้งว่ายังไม่มี มีคำตอบแล้ว"]


# ---- choices -------------------------------------------------------------------------------------------------------


def test_choices_are_as_usual_until_somebody_chooses(cast):
    assert (
        notice_choices.of(cast.fellow)["sessions"] == IMMEDIATE and notice_choices.of(cast.fellow)["questions"] == DAILY
    )
    notice_choices.change(cast.fellow, {"sessions": OFF})
    notice_choices.change(cast.fellow, {"sessions": "weekly"})
    assert (
        notice_choices.of(cast.fellow)["sessions"] == "weekly"
        and notice_choices.of(cast.author)["sessions"] == IMMEDIATE
    )


@pytest.mark.parametrize("chosen", [{"sessions": "hourly"}, {"weather": "daily"}])
def test_a_choice_that_is_none_is_refused(cast, chosen):
    with pytest.raises(DomainError):
        notice_choices.change(cast.fellow, chosen)


# ---- forgetting ----------------------------------------------------------------------------------------------------


def test_old_notices_go_and_what_was_told_once_stays_known(cast):
    read, unread = something_happens(cast.fellow), something_happens(cast.author)
    notices.tell([cast.fellow], "article.published", "/x", once="round:3", title="เรื่อง")
    notices.mark_all_read(cast.fellow)
    with clock.freeze(clock.now() + timedelta(days=179)):
        assert notices.sweep() == 0
    with clock.freeze(clock.now() + timedelta(days=181)):
        assert notices.sweep() == 1 and Notice.get_or_none(Notice.id == read.id) is None
    with clock.freeze(clock.now() + timedelta(days=366)):
        assert notices.sweep() == 1 and Notice.get_or_none(Notice.id == unread.id) is None
        notices.tell([cast.fellow], "article.published", "/x", once="round:3", title="เรื่อง")
    assert Notice.select().count() == 1


def test_only_administrators_are_asked_about_mail(cast):
    Mail.create(kind="notices", to_address="x", subject="เรื่อง", text="", message_id="<1>", state="dead")
    assert "/admin/mail/" in [todo.url for todo in waiting.for_employee(cast.administrator)]
    assert "/admin/mail/" not in [todo.url for todo in waiting.for_employee(cast.officer)]
