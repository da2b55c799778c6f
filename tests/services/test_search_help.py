"""Whom to ask when nothing is found: who wrote about the nearest thing, who looks after the unit, the KM team."""

import pytest

from kc import search
from kc.services import search_filters, search_help
from tests import factories


@pytest.fixture
def library(cast):
    deposits = factories.make_topic("เงินฝาก")
    debts = factories.make_topic("NPLs")
    article = factories.make_article("ติดตามหนี้อย่างเข้าใจ", cast.author, status="published", topic=debts)
    factories.make_article("ออมทรัพย์", cast.outsider, status="published", topic=deposits)
    search.rebuild()
    return article


def helped(who, text, **chosen):
    return search_help.nearest(who, search_filters.ask(text, chosen))


def people(found):
    return [(helper.employee.name, helper.employee.unit.name, helper.why) for helper in found.people]


def test_without_a_trace_the_keepers_are_named_nearest_unit_first(cast, library):
    assert people(helped(cast.fellow, "Zyxwvu")) == [
        ("ขวัญใจ ประสาน", "สนจ. ลำน้ำใส", "coordinates"),
        ("คมสัน จัดการ", "สนจ. ลำน้ำใส", "looks_after"),
    ]
    assert people(helped(cast.outsider, "Zyxwvu")) == [("คมสัน จัดการ", "สนจ. ลำน้ำใส", "looks_after")]


def test_within_filters_who_wrote_what_is_there_elsewhere(cast, library):
    found = helped(cast.outsider, "ติดตามหนี้", year="2560")
    assert found.without_filters >= 1 and found.articles[0] == library
    helper = found.people[0]
    assert (helper.employee, helper.employee.unit, helper.why) == (cast.author, cast.branch, "wrote")
    assert helper.about == "ติดตามหนี้อย่างเข้าใจ"


def test_a_chosen_topic_has_its_writers_and_communities(cast, library):
    topic = factories.make_topic("เงินฝาก")
    community = factories.make_community("ชุมชนคนออม", cast.outsider, topic=topic)
    factories.make_community("ชุมชนที่เลิกแล้ว", cast.outsider, topic=topic, status="cancelled")
    found = helped(cast.fellow, "Zyxwvu", topic=str(topic.series))
    assert people(found)[0] == ("ไกรสร ห่างไกล", "สาขาปลายน้ำ", "wrote")
    assert [row for row in found.communities if row.id == community.id]
    assert "ชุมชนที่เลิกแล้ว" not in [row.name for row in found.communities]


def test_nobody_is_sent_to_themselves_or_to_who_left(cast, library):
    cast.coordinator.is_active = False
    cast.coordinator.save()
    names = [name for name, _unit, _why in people(helped(cast.author, "ติดตามหนี้", year="2560"))]
    assert names == ["คมสัน จัดการ"]
    assert people(helped(cast.officer, "Zyxwvu")) == []


def test_drafts_and_their_writers_are_not_told(cast, library):
    factories.make_article("ร่างเรื่อง Zyxwvu", cast.fellow)
    search.rebuild()
    found = helped(cast.outsider, "Zyxwvu", year="2560")
    assert found.articles == [] and "เกศินี มานะ" not in [name for name, _unit, _why in people(found)]


def test_without_filters_too_who_wrote_the_nearest_is_named(cast, library):
    for typed in ('"ติดตามหนี้อย่างเข้าใจ" -หนี้', "ติดตามหนี้ฬฌฎฐฒญฤฎฌฐฬฌฎฐฒญฤฎฌฐ -หนี้ -ติดตาม"):  # nothing has these
        assert search.search(typed).total == 0
        found = helped(cast.outsider, typed)
        assert found.articles[0] == library and people(found)[0][2] == "wrote"
        assert found.without_filters == 0


def test_half_of_the_letters_is_enough_to_know_whom_to_ask(cast, library, monkeypatch):
    real, asked = search.search, []

    def only_halves(text, **given):
        asked.append(text)
        return real(text, **given)

    monkeypatch.setattr(search, "search", only_halves)
    found = helped(cast.outsider, "ติดตามหนี้อย่างเข้าใจ")
    assert found.articles[0] == library and asked == ["ติดตามหนี้"], "one half has an answer: the other is not asked"
    asked.clear()
    assert helped(cast.outsider, "Zyxwvu").articles == [] and asked == [], "half of so few letters says nothing"


def test_words_of_nothing_here_name_nobody_who_wrote(cast, library):
    found = helped(cast.outsider, "Qqqqqqqq Zzzzzzzzzz")
    assert found.articles == [] and all(why != "wrote" for _name, _unit, why in people(found))
