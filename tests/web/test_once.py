"""A form sent twice is saved once; the same form sent by somebody else, or to somewhere else, is another."""

import pytest

from kc.models import Answer, KnowledgeArticle, ParkedThought, Question, Trial
from kc.services import questions
from tests import factories


def _forms(cast):
    asked = questions.ask(cast.outsider, "ลูกค้าขอเลื่อนชำระ ใช้เอกสารใด", form_key="asked")
    held = factories.make_session(cast.community)
    base = f"/communities/{cast.community.id}"
    return {
        "question": (Question, "/questions/new", {"title": "วงเงินเท่าใดต้องเข้าคณะกรรมการ"}),
        "answer": (Answer, f"{asked.url}/answers", {"text": "ใช้ใบรับรองความเสียหาย"}),
        "article": (KnowledgeArticle, "/knowledge/new", {"title": "ออมวันละบาท", "kind": "story"}),
        "thought": (ParkedThought, f"{base}/sessions/{held.id}/parking", {"text": "ระบบช้า"}),
        "trial": (Trial, f"{base}/trials/new", {"what": "โทรก่อนครบกำหนด"}),
    }


@pytest.mark.parametrize("name", ["question", "answer", "article", "thought", "trial"])
def test_the_back_button_of_a_shared_computer_loses_nobodys_words(login_as, cast, name):
    model, url, typed = _forms(cast)[name]
    before = model.select().count()
    for person in (cast.author, cast.author, cast.fellow):
        assert login_as(person).post(url, data=typed | {"form_key": "of-the-page"}).status_code == 303
    assert model.select().count() == before + 2


def test_a_thought_parked_from_another_meetings_form_is_parked(login_as, cast):
    for held in (factories.make_session(cast.community), factories.make_session(cast.community)):
        url = f"/communities/{cast.community.id}/sessions/{held.id}/parking"
        assert login_as(cast.author).post(url, data={"text": "ระบบช้า", "form_key": "\x00"}).status_code == 303
    assert ParkedThought.select().count() == 2
