"""Every change that is seen somewhere reaches the index: after each verb the index and the rows agree.

`search.differences()` builds every document anew from the rows, so that a change nobody told search of is seen here.
"""

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from kc import clock, search
from kc.models import KnowledgeArticle, Membership, SearchOutbox
from kc.models.communities import MEMBER
from kc.services import (
    article_counts,
    article_merge,
    articles,
    attachments,
    communities,
    people,
    publishing,
    renewing,
    sessions,
    topics,
    units,
)
from tests import factories

VALUES: dict[str, Any] = {
    "held_on": dt.date(2026, 5, 4),
    "starts": dt.time(13, 30),
    "ends": None,
    "place": "ศาลากลาง",
    "link": "",
    "topic": "เล่าเรื่องใหม่",
    "technique": "dialogue",
    "presenter": None,
    "presenter_name": "แขกรับเชิญ",
    "facilitator": None,
    "deputy": None,
}


def picture(name: str = "ภาพหมู่.png") -> tuple[bytes, str]:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue(), name


@pytest.fixture
def world(app: Flask, cast: factories.Cast) -> SimpleNamespace:
    """The cast with a published article, its file, a session, and another article by somebody else; all indexed."""
    article = factories.make_article("ติดตามหนี้", cast.author, status="published", community=cast.community)
    file = attachments.store(*picture(), by=cast.author, article=article)
    session = factories.make_session(cast.community, presenter=cast.outsider, facilitator=cast.author)
    factories.make_article("ออมทรัพย์", cast.outsider, status="published")
    search.rebuild()
    return SimpleNamespace(cast=cast, article=article, file=file, session=session)


def save(w: SimpleNamespace, **changes: Any) -> None:
    seen = articles.current_content(w.article)
    token = article_merge.token(w.article.version, article_merge.digests(seen))
    articles.save(w.cast.officer, w.article, changes, token)


def details(employee: Any, **changes: str) -> dict[str, str]:
    names = ("title", "first_name", "last_name", "position", "level", "email", "phone", "expertise")
    return {name: getattr(employee, name) for name in names} | changes


def change_community(w: SimpleNamespace) -> None:
    topic = factories.make_topic("สินเชื่อ", year=w.cast.community.fiscal_year)
    changes = {"name": "ชุมชนชื่อใหม่", "knowledge_title": "เรื่องใหม่", "topic": topic, "goals": "ก", "agreement": "ข"}
    communities.change(w.cast.author, w.cast.community, w.cast.community.version, **changes)


def sign_up(w: SimpleNamespace) -> Any:
    year = factories.make_year()
    new = {"name": "ชุมชนน้องใหม่", "knowledge_title": "เริ่มต้น", "topic": factories.make_topic(year=year)}
    return communities.sign_up(w.cast.fellow, unit=w.cast.branch, year=year, **new)


def renew(w: SimpleNamespace) -> None:
    year = factories.make_year(w.cast.community.fiscal_year.year + 1)
    renewing.renew(w.cast.author, w.cast.community, year, factories.make_topic(year=year))


def cancel_and_reopen(w: SimpleNamespace) -> None:
    communities.cancel(w.cast.author, w.cast.community, "รวมกับชุมชนอื่น")
    assert not search.differences()
    communities.reopen(w.cast.author, w.cast.community)


def remove_member(w: SimpleNamespace) -> None:
    held = Membership.get((Membership.employee == w.cast.fellow) & (Membership.role == MEMBER))
    communities.remove_role(w.cast.author, held)


def call_off_and_back(w: SimpleNamespace) -> None:
    sessions.call_off(w.cast.author, w.session)
    assert not search.differences()
    sessions.take_back(w.cast.author, w.session)


def retire_and_restore(w: SimpleNamespace) -> None:
    publishing.retire(w.cast.officer, w.article, "มีวิธีที่ดีกว่า")
    assert not search.differences()
    publishing.restore(w.cast.officer, w.article)


def publish_new(w: SimpleNamespace) -> None:
    draft = factories.make_article("เรื่องใหม่เอี่ยม", w.cast.fellow)
    attachments.store(*picture("แผนผัง.png"), by=w.cast.fellow, article=draft)
    assert not search.differences(), "drafts are nobody's business"
    publishing.publish(w.cast.officer, draft)


def come_and_go(w: SimpleNamespace) -> None:
    newcomer = people.create(w.cast.officer, "0099999", w.cast.branch, first_name="ใหม่", last_name="มาเอง")
    assert not search.differences()
    people.deactivate(w.cast.officer, newcomer)
    assert not search.differences()
    people.reactivate(w.cast.officer, newcomer)


CHANGES: dict[str, Callable[[SimpleNamespace], Any]] = {
    "a title": lambda w: save(w, title="ติดตามหนี้ด้วยใจ"),
    "a kind": lambda w: save(w, kind="manual"),
    "other authors": lambda w: save(w, authors=(w.cast.fellow.id,)),
    "another unit": lambda w: save(w, unit=w.cast.office.id),
    "published": publish_new,
    "retired and restored": retire_and_restore,
    "a new file": lambda w: attachments.store(*picture("ตาราง.png"), by=w.cast.author, article=w.article),
    "a described file": lambda w: attachments.describe(w.cast.author, w.file, kind="summary", alt_text="คนยืนเรียงกัน"),
    "a file taken away": lambda w: attachments.remove(w.cast.author, w.file),
    "a file of a session": lambda w: attachments.store(*picture("วงคุย.png"), by=w.cast.author, session=w.session),
    "another name": lambda w: people.update(
        w.cast.officer, w.cast.author, w.cast.branch, **details(w.cast.author, first_name="กมลา")
    ),
    "a presenter's name": lambda w: people.update(
        w.cast.officer, w.cast.outsider, w.cast.other_branch, **details(w.cast.outsider, last_name="ใกล้ชิด")
    ),
    "moved to another unit": lambda w: people.update(
        w.cast.officer, w.cast.author, w.cast.other_branch, **details(w.cast.author)
    ),
    "expertise": lambda w: people.update_own(w.cast.author, email="", phone="4712", expertise="ไกล่เกลี่ย"),
    "an offer to share": lambda w: people.offer_to_share(w.cast.author, True, "ประนอมหนี้"),
    "came, left and back": come_and_go,
    "signed up": sign_up,
    "a changed community": change_community,
    "renewed": renew,
    "cancelled and reopened": cancel_and_reopen,
    "joined": lambda w: communities.join(w.cast.outsider, w.cast.community),
    "left": lambda w: communities.leave(w.cast.fellow, w.cast.community),
    "added": lambda w: communities.add_member(w.cast.author, w.cast.community, w.cast.outsider, "expert"),
    "removed": remove_member,
    "planned": lambda w: sessions.plan(w.cast.author, w.cast.community, "key-1", **VALUES),
    "a changed session": lambda w: sessions.change(w.cast.author, w.session, w.session.version, **VALUES),
    "called off and back": call_off_and_back,
    "a renamed topic": lambda w: topics.change(w.cast.officer, w.cast.community.topic, "เงินฝากและออม", ""),
    "a renamed unit": lambda w: units.update(w.cast.officer, w.cast.branch, "สาขาบ้านสวน", "branch", w.cast.office),
    "a moved unit": lambda w: units.update(w.cast.officer, w.cast.branch, "สาขาบ้านนา", "branch", w.cast.other_branch),
    "a renamed unit above": lambda w: units.update(
        w.cast.officer, w.cast.office, "สนจ. ใหม่", "provincial_office", None
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_after_every_change_the_index_agrees(world: SimpleNamespace, name: str) -> None:
    assert not search.differences()
    CHANGES[name](world)
    assert not search.differences()
    assert SearchOutbox.select().count() == 0


def test_a_change_is_seen_at_once(world: SimpleNamespace) -> None:
    people.update_own(world.cast.author, email="", phone="", expertise="เพาะเห็ดนางฟ้า")
    assert [(h.kind, h.id) for h in search.search("เห็ดนางฟ้า").hits] == [("person", world.cast.author.id)]
    people.deactivate(world.cast.officer, world.cast.author)
    assert search.search('"เห็ดนางฟ้า"', filters=search.Filters(kind="person")).total == 0


def test_an_import_of_people_reaches_the_index(world: SimpleNamespace) -> None:
    from kc.services.account_rules import AccountRules
    from kc.services.imports import Options, apply_employees, read_employees

    lines = [
        "รหัสพนักงาน,ชื่อ,นามสกุล,ตำแหน่ง,สังกัด",
        f"0000001,กมลา,ใจดี,หัวหน้างาน,{world.cast.branch.code}",
        f"0000777,มานี,มาใหม่,พนักงาน,{world.cast.branch.code}",
    ]
    rules = AccountRules(secret="x" * 32)
    rows = read_employees("\n".join(lines).encode(), "hr.csv", rules)
    apply_employees(world.cast.administrator, rows, Options(many_may_leave=True), rules)
    assert not search.differences()
    assert {h.kind for h in search.search("มานี มาใหม่").hits} == {"person"}


def test_views_reach_the_index_when_they_pass_a_power_of_two(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(
        "kc.search.queue",
        lambda kind, number: (
            heard.append(KnowledgeArticle.get_by_id(number).view_count) if kind == "knowledge" else None
        ),
    )
    for day in range(1, 18):
        with clock.freeze(dt.date(2026, 1, day)):
            assert article_counts.count_view(world.cast.fellow, KnowledgeArticle.get_by_id(world.article.id))
    assert heard == [4, 8, 16]
