"""Every route × every role: allowed or refused as the table says. A new route without a row fails.

Roles: `anyone` (signed out), `outsider` (plain staff of another unit), `fellow` (member of the community), `author`
(its facilitator, and author of the articles), `coordinator` (of the unit above), `officer` (KM team), `administrator`,
`executive` (dashboards only: otherwise plain staff).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kc import clock, create_app, db, storage
from kc.models import (
    ApiToken,
    Assessment,
    Attachment,
    CommunityLink,
    Employee,
    FileReading,
    FollowUp,
    Invitation,
    JoinRequest,
    Mail,
    Notice,
    RecentSearch,
    RoleAssignment,
    UnplacedText,
)
from kc.services import (
    calendar_feeds,
    connections,
    evaluation,
    follow_up,
    guest_links,
    guests,
    joining,
    language,
    parking,
    proposals,
    questions,
    saved_searches,
    search_gaps,
    summaries,
    trials,
    uploads,
)
from kc.web.requests import close
from kc.web.session_day import key_of
from tests import conftest, factories
from tests.conftest import Browser

ROLES = ("anyone", "outsider", "fellow", "author", "coordinator", "officer", "administrator", "executive")
STAFF = "outsider fellow author coordinator officer administrator executive"
EVERYBODY = "anyone " + STAFF
ORGANISERS = "author coordinator officer administrator"  # of the community
WRITERS = "fellow " + ORGANISERS  # those who may read and write its notes and drafts
KEEPERS = "coordinator officer administrator"  # those who look after the unit's articles
TEAM = "officer administrator"
ADMIN = "administrator"
PEOPLE_DESK = "coordinator administrator"  # those who hand out codes

C, S, K, A = "/communities/<int:community_id>", "/sessions/<int:session_id>", "/knowledge/<int:article_id>", "/admin"
L = "/admin/search-language"
V, F = f"{C}/evaluation", f"{C}/follow-up"
R, Y = "/rounds/<int:round_id>", "/rounds/years/<int:number>"
Q = "/questions/<int:question_id>"
E, U, T = "/admin/employees/<int:employee_id>", "/admin/units/<int:unit_id>", "/topics/<int:topic_id>"


@dataclass
class Row:
    """Who may; the rest get `refused`. `world` changes the ids in the address; `data` is posted."""

    allowed: str
    refused: int = 403
    but: dict[str, int] = field(default_factory=dict)  # roles refused in another way
    world: dict[str, str] = field(default_factory=dict)
    data: Any = field(default_factory=dict)


DRAFT, PUBLISHED = {"article_id": "draft"}, {"article_id": "published"}

TABLE: dict[str, Row] = {
    "GET /": Row(STAFF),
    "GET /healthz": Row(EVERYBODY),
    "GET /static/<path:filename>": Row(EVERYBODY),
    "GET /login": Row(EVERYBODY),
    "POST /login": Row(EVERYBODY),
    "POST /logout": Row(EVERYBODY),
    "GET /activate": Row(EVERYBODY),
    "POST /activate": Row(EVERYBODY),
    "GET /activate/password": Row(EVERYBODY),
    "POST /activate/password": Row(EVERYBODY),
    "GET /account/": Row(STAFF),
    "POST /account/language": Row(EVERYBODY),
    "POST /account/theme": Row(EVERYBODY),
    "POST /account/password": Row(STAFF),
    "POST /account/profile": Row(STAFF),
    "POST /account/sharing": Row(STAFF),
    "POST /account/sign-out-everywhere": Row(STAFF),
    "POST /account/tokens": Row(STAFF),
    "POST /account/tokens/<int:token_id>/revoke": Row("author", refused=404),  # the author's own token
    "GET /search": Row(STAFF),
    "GET /search/suggest": Row(STAFF),
    "POST /search/recent": Row(STAFF, data={"q": "ค้างชำระ"}),
    "POST /search/recent/<int:recent_id>/delete": Row("author", refused=404),  # the author's own
    "POST /search/recent/clear": Row(STAFF),
    "GET /search/why": Row(STAFF),
    "GET /search/saved": Row(STAFF),
    "POST /search/saved": Row(STAFF, data={"q": "ค้างชำระ"}),
    "GET /search/saved/<int:saved_id>": Row("author", refused=404),  # the author's own
    "POST /search/saved/<int:saved_id>": Row("author", refused=404, data={"name": "ชื่อใหม่"}),
    "POST /search/saved/<int:saved_id>/alert": Row("author", refused=404),
    "POST /search/saved/<int:saved_id>/delete": Row("author", refused=404),
    "POST /search/saved/<int:saved_id>/restore": Row("author", refused=404, world={"saved_id": "deleted_search"}),
    "GET /search/requests": Row(STAFF),
    "POST /search/requests": Row(STAFF, data={"q": "วิธีขายฝันให้ช้าง"}),
    "POST /search/requests/<int:request_id>/withdraw": Row("author", refused=404),  # the author's own
    "GET /search/insights": Row(TEAM),
    "GET /search/insights/searches": Row(TEAM),
    "GET /search/insights/export.xlsx": Row(TEAM),
    "POST /search/insights/gaps": Row(TEAM, data={"q": "วิธีขายฝันให้ช้าง"}),
    "GET /search/insights/gaps/<int:gap_id>": Row(TEAM),
    "POST /search/insights/gaps/<int:gap_id>": Row(TEAM, data={"state": "working"}),
    "GET /api/v1/search": Row(STAFF),
    "GET /people/suggest": Row(STAFF),
    "GET /people/<int:employee_id>": Row(STAFF),
    # communities
    "GET /communities/": Row(STAFF),
    "GET /communities/new": Row(STAFF),
    "POST /communities/new": Row(STAFF),
    f"GET {C}": Row(STAFF),
    f"GET {C}/edit": Row(ORGANISERS),
    f"POST {C}/edit": Row(ORGANISERS),
    f"POST {C}/cancel": Row(ORGANISERS, data={"reason": "ย้ายงาน"}),
    f"POST {C}/reopen": Row(ORGANISERS),
    f"GET {C}/renew": Row(ORGANISERS),
    f"POST {C}/renew": Row(ORGANISERS),
    "GET /communities/health/": Row(STAFF),  # each sees what they keep or look after
    "GET /communities/health/export.xlsx": Row(STAFF),
    f"POST {C}/join": Row(STAFF),
    f"POST {C}/leave": Row(STAFF),
    f"POST {C}/members": Row(ORGANISERS, data={"person": "0000003", "role": "member"}),
    f"POST {C}/members/<int:membership_id>/remove": Row(ORGANISERS),
    f"GET {C}/people": Row(STAFF),
    f"POST {C}/hand-over": Row(ORGANISERS),
    f"POST {C}/deputies": Row(ORGANISERS),
    f"POST {C}/requests": Row(STAFF),
    f"POST {C}/requests/take-back": Row(STAFF),
    f"POST {C}/requests/<int:asked_id>/answer": Row(ORGANISERS, data={"accept": "1"}),
    f"POST {C}/invitations": Row(ORGANISERS, data={"people": "0000003"}),
    f"POST {C}/invitations/<int:invitation_id>/answer": Row("outsider", refused=404),  # whom it was sent to
    f"POST {C}/invitations/<int:invitation_id>/call-back": Row(ORGANISERS),
    f"POST {C}/guests": Row(ORGANISERS, data={"name": "ผู้ใหญ่บ้าน", "consent": "y"}),
    f"POST {C}/guests/<int:guest_id>/remove": Row(ORGANISERS),
    f"GET {C}/history": Row(STAFF),
    f"GET {C}/connections": Row(STAFF),
    f"POST {C}/connections": Row(ORGANISERS),
    f"POST {C}/connections/<int:link_id>/remove": Row(ORGANISERS),
    f"GET {C}{S}/joint": Row(ORGANISERS),
    f"POST {C}{S}/joint": Row(ORGANISERS),
    f"GET {C}/application.pdf": Row(STAFF),
    f"GET {C}/evidence": Row(ORGANISERS),
    f"GET {C}/evidence.zip": Row(ORGANISERS),
    f"GET {C}/members.xlsx": Row(STAFF),
    "GET /communities/export.xlsx": Row(STAFF),
    f"GET {C}/certificates/<int:employee_id>": Row(WRITERS),  # the fellow's own
    f"GET {C}/certificates/<int:employee_id>#author": Row(ORGANISERS, world={"employee_id": "author_id"}),
    # evaluation and follow-up: what one person answered is theirs, and in the evaluation their facilitator's
    "GET /results/": Row(STAFF),
    "GET /evaluations/": Row("coordinator officer administrator executive"),
    "GET /evaluations/export.xlsx": Row("coordinator officer administrator executive"),
    f"GET {V}": Row(WRITERS + " executive"),  # an executive sees figures alone
    f"GET {V}/plan": Row(ORGANISERS),
    f"POST {V}/plan": Row(ORGANISERS),
    f"GET {V}/questions": Row(ORGANISERS),
    f"POST {V}/questions": Row(ORGANISERS),
    f"GET {V}/questions/<int:question_id>": Row(ORGANISERS, world={"question_id": "test_question"}),
    f"POST {V}/questions/<int:question_id>": Row(ORGANISERS, world={"question_id": "test_question"}),
    f"POST {V}/questions/<int:question_id>/delete": Row(ORGANISERS, world={"question_id": "test_question"}),
    f"POST {V}/stage": Row(ORGANISERS, data={"stage": "closed"}),
    f"POST {V}/remind": Row(ORGANISERS),
    f"GET {V}/links": Row(ORGANISERS),
    f"GET {V}/results.xlsx": Row(ORGANISERS),
    f"GET {V}/answer": Row("fellow author", refused=404),  # participants
    f"POST {V}/answer": Row("fellow author", refused=404),
    f"GET {V}/people/<int:assessment_id>": Row("author"),
    f"POST {V}/people/<int:assessment_id>": Row("author"),
    f"POST {V}/people/<int:assessment_id>/excuse": Row(ORGANISERS),
    f"GET {F}": Row(WRITERS + " executive"),
    f"POST {F}/start": Row(ORGANISERS, data={"starts_on": "1/11/2569"}),
    f"POST {F}/remind": Row(ORGANISERS),
    f"GET {F}/links": Row(ORGANISERS),
    f"GET {F}/results.xlsx": Row(ORGANISERS),
    f"GET {F}/mine": Row(STAFF),  # leads to one's own question
    "GET /follow-up/<int:follow_up_id>": Row("fellow", refused=404),  # the fellow's own
    "POST /follow-up/<int:follow_up_id>": Row("fellow", refused=404),
    "POST /follow-up/<int:follow_up_id>/excuse": Row(ORGANISERS, refused=404),
    "GET /guest/<token>": Row(EVERYBODY),  # the signed link is the key
    "POST /guest/<token>": Row(EVERYBODY),
    # sessions and notes
    f"GET {C}{S}/record.<ending>": Row(WRITERS, world={"ending": "pdf_ending"}),
    f"GET {C}{S}/attendance.xlsx": Row(STAFF),
    f"GET {C}/sessions/new": Row(ORGANISERS),
    f"POST {C}/sessions/new": Row(ORGANISERS),
    f"GET {C}{S}": Row(STAFF),
    f"GET {C}{S}/edit": Row(ORGANISERS),
    f"POST {C}{S}/edit": Row(ORGANISERS),
    f"POST {C}{S}/call-off": Row(ORGANISERS),
    f"POST {C}{S}/attendance/<int:employee_id>": Row(WRITERS),
    f"POST {C}{S}/guests": Row(WRITERS, data={"name": "แขก"}),
    f"POST {C}{S}/guests/<int:attendance_id>/remove": Row(WRITERS),
    f"GET {C}/plan": Row(STAFF),
    f"GET {C}/plan/edit": Row(WRITERS),
    f"POST {C}/plan/edit": Row(WRITERS, data={"objectives": "คุยกันให้รู้เรื่อง"}),
    f"GET {C}/proposals/": Row(STAFF),
    f"POST {C}/proposals/": Row(WRITERS, data={"text": "เรื่องที่อยากคุย"}),
    f"POST {C}/proposals/<int:proposal_id>/vote": Row(WRITERS),
    f"POST {C}/proposals/<int:proposal_id>/set-aside": Row(ORGANISERS),
    f"POST {C}/proposals/<int:proposal_id>/withdraw": Row("fellow"),  # who proposed it
    f"GET {C}{S}/steps": Row(WRITERS),
    f"POST {C}{S}/steps": Row(WRITERS, data={"minutes": "5", "title": "ทักทาย", "who": ""}),
    f"GET {C}{S}/session.ics": Row(STAFF),
    "GET /calendar/": Row(STAFF),
    "POST /calendar/": Row(STAFF),
    "POST /calendar/<int:feed_id>/renew": Row("author", refused=404),  # the author's own
    "POST /calendar/<int:feed_id>/revoke": Row("author", refused=404),
    "GET /calendar/<token>.ics": Row(EVERYBODY, world={"token": "calendar_token"}),  # the address is the key
    f"POST {C}{S}/timer": Row(WRITERS, data={"minutes": "10"}),
    f"POST {C}{S}/parking": Row(WRITERS, data={"text": "เรื่องนอกประเด็น"}),
    f"POST {C}{S}/parking/<int:thought_id>": Row(WRITERS),
    f"GET {C}{S}/qr": Row(WRITERS),
    "GET /here/<key>": Row(STAFF, world={"key": "here"}),  # whoever was shown the code
    "POST /here/<key>": Row(STAFF, world={"key": "here"}),
    f"GET {C}{S}/summary": Row(WRITERS),
    f"POST {C}{S}/summary": Row(WRITERS),
    f"GET {C}{S}/summary/edit": Row(WRITERS),
    f"POST {C}{S}/summary/edit": Row(WRITERS, data={"text": "ได้ข้อสรุป", "version": "1"}),
    f"POST {C}{S}/summary/share": Row(ORGANISERS),
    f"GET {C}{S}/summary/versions": Row(WRITERS),
    f"POST {C}{S}/summary/versions/<int:version_id>/restore": Row(WRITERS),
    f"POST {C}{S}/notes/": Row(WRITERS, data={"client_key": "k", "kind": "point", "text": "เรื่อง"}),
    f"GET {C}{S}/notes/changes": Row(STAFF),  # others are told of nothing: tests/web/test_sessions.py
    f"GET {C}{S}/notes/<int:note_id>/edit": Row(WRITERS),
    f"POST {C}{S}/notes/<int:note_id>/delete": Row(WRITERS),
    f"POST {C}{S}/notes/<int:note_id>/bring-back": Row(WRITERS),
    f"POST {C}{S}/attachments": Row(WRITERS),
    f"GET {C}{S}/uploads": Row(WRITERS),
    f"POST {C}{S}/uploads": Row(WRITERS, data={"name": "ก.pdf", "size": "9"}),
    # trials: hidden from others until knowledge is published from them (tests/web/test_trials.py)
    f"GET {C}/trials/": Row(STAFF),
    f"GET {C}/trials/new": Row(WRITERS),
    f"POST {C}/trials/new": Row(WRITERS),
    f"POST {C}/trials/from-note/<int:note_id>": Row(WRITERS),
    f"GET {C}/trials/<int:trial_id>": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/attachments": Row(WRITERS, refused=404),
    f"GET {C}/trials/<int:trial_id>/edit": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/edit": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/begin": Row(WRITERS, refused=404),
    f"GET {C}/trials/<int:trial_id>/result": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/result": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/next": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/delete": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/bring-back": Row(WRITERS, refused=404),
    f"POST {C}/trials/<int:trial_id>/write-up": Row(WRITERS, refused=404),
    # the webboard: the fellow asked, hiding the name; the author answered
    "GET /questions/": Row(STAFF),
    "GET /questions/export.xlsx": Row(STAFF),
    "GET /questions/new": Row(STAFF),
    "POST /questions/similar": Row(STAFF),
    "POST /questions/new": Row(STAFF, data={"title": "ใครเคยทำเรื่องนี้บ้าง"}),
    f"GET {Q}": Row(STAFF),
    f"GET {Q}#members": Row(WRITERS, refused=404, world={"question_id": "members_question"}),
    f"POST {Q}/answers": Row(STAFF, data={"text": "เคยทำ"}),
    f"POST {Q}/answers#members": Row(
        WRITERS, refused=404, world={"question_id": "members_question"}, data={"text": "เคยทำ"}
    ),
    f"GET {Q}/edit": Row("fellow"),
    f"POST {Q}/edit": Row("fellow"),
    f"POST {Q}/follow": Row(STAFF),
    f"POST {Q}/asker": Row(TEAM),
    f"POST {Q}/remove": Row(WRITERS, data={"reason": "ซ้ำ"}),
    f"POST {Q}/bring-back": Row(WRITERS),
    f"POST {Q}/open-again": Row(WRITERS),
    f"GET {Q}/turn-into/<what>": Row(STAFF.replace("fellow ", ""), world={"what": "knowledge_turn"}),
    f"POST {Q}/answers/<int:answer_id>/accept": Row(WRITERS),
    f"GET {Q}/answers/<int:answer_id>/edit": Row("author"),
    f"POST {Q}/answers/<int:answer_id>/edit": Row("author"),
    f"POST {Q}/answers/<int:answer_id>/remove": Row(ORGANISERS, data={"reason": "มีชื่อลูกค้า"}),
    f"POST {Q}/answers/<int:answer_id>/bring-back": Row(ORGANISERS),
    f"POST {Q}/answers/<int:answer_id>/bring-back#moderated": Row(ORGANISERS, world={"answer_id": "moderated_answer"}),
    # knowledge: a draft is hidden from others; what is published is changed by those who look after it
    "GET /knowledge/": Row(STAFF),
    "GET /knowledge/export.xlsx": Row(STAFF),
    f"GET {K}/certificates/<int:employee_id>": Row("author " + KEEPERS, world=PUBLISHED | {"employee_id": "author_id"}),
    "GET /knowledge/new": Row(STAFF),
    "POST /knowledge/new": Row(STAFF),
    "POST /knowledge/new/form": Row(STAFF),
    "POST /knowledge/preview": Row(STAFF),
    f"GET {K}": Row(WRITERS, refused=404, world=DRAFT),
    f"GET {K}#published": Row(STAFF, world=PUBLISHED),
    f"GET {K}/used": Row(STAFF, world=PUBLISHED),
    f"POST {K}/used": Row(STAFF, world=PUBLISHED, data={"place": "สาขา"}),
    f"POST {K}/used/delete": Row(STAFF, world=PUBLISHED),
    f"GET {K}/used#draft": Row(WRITERS, refused=404, world=DRAFT),
    f"GET {K}/edit": Row(WRITERS, refused=404, world=DRAFT),
    f"GET {K}/edit#published": Row(KEEPERS, world=PUBLISHED),
    f"POST {K}/edit": Row(WRITERS, refused=404, world=DRAFT),
    # Published while they were still typing: 409, with what they typed kept on the page.
    f"POST {K}/edit#published": Row(KEEPERS, but={"fellow": 409, "author": 409}, world=PUBLISHED),
    f"POST {K}/autosave": Row(WRITERS, refused=404, world=DRAFT),
    f"POST {K}/unplaced/<int:unplaced_id>": Row(WRITERS, refused=404, world=DRAFT),
    f"POST {K}/attachments": Row(WRITERS, refused=404, world=DRAFT),
    f"GET {K}/uploads": Row(WRITERS, refused=404, world=DRAFT),
    f"POST {K}/uploads": Row(WRITERS, refused=404, world=DRAFT, data={"name": "ก.pdf", "size": "9"}),
    f"POST {K}/documents": Row(WRITERS, refused=404, world=DRAFT),
    f"GET {K}/documents/<what>": Row(STAFF, world=PUBLISHED),
    f"POST {K}/submit": Row(WRITERS, refused=404, world=DRAFT),
    f"POST {K}/delete": Row(ORGANISERS, refused=404, but={"fellow": 403}, world=DRAFT),
    f"POST {K}/publish": Row(KEEPERS, world=PUBLISHED),
    f"POST {K}/return": Row(KEEPERS, world=PUBLISHED),
    f"POST {K}/retire": Row(KEEPERS, world=PUBLISHED),
    f"POST {K}/restore": Row(KEEPERS, world=PUBLISHED),
    f"POST {K}/withdraw": Row(WRITERS, refused=404, world=DRAFT),
    "GET /attachments/<int:attachment_id>": Row(WRITERS, refused=404),
    "GET /attachments/<int:attachment_id>/picture": Row(WRITERS, refused=404),
    "GET /attachments/<int:attachment_id>/picture/<int:width>": Row(WRITERS, refused=404),
    "GET /attachments/<int:attachment_id>/thumbnail": Row(WRITERS, refused=404),
    "GET /attachments/<int:attachment_id>/view": Row(WRITERS, refused=404),
    "GET /attachments/<int:attachment_id>/pages/<int:number>/<int:width>": Row(
        WRITERS, refused=404, world={"attachment_id": "pdf", "number": "page_number", "width": "page_width"}
    ),
    "GET /attachments/<int:attachment_id>/reading": Row(WRITERS, refused=404),
    "POST /attachments/<int:attachment_id>/reading": Row(WRITERS, refused=404),
    "POST /attachments/<int:attachment_id>/edit": Row(WRITERS, refused=404),
    "POST /attachments/<int:attachment_id>/delete": Row(WRITERS, refused=404),
    # a file on its way: its sender's alone
    "GET /uploads/<key>": Row("author", refused=404, world={"key": "upload"}),
    "POST /uploads/<key>": Row("author", refused=404, world={"key": "upload"}, data=b"abc"),
    "POST /uploads/<key>/finish": Row("author", refused=404, world={"key": "upload"}),
    "POST /uploads/<key>/cancel": Row("author", refused=404, world={"key": "upload"}),
    # notices: everybody's own
    "GET /notices/": Row(STAFF),
    "GET /notices/<int:notice_id>": Row("author", refused=404),
    "POST /notices/<int:notice_id>/read": Row("author", refused=404),
    "POST /notices/read-all": Row(STAFF),
    "GET /notices/preferences": Row(STAFF),
    "POST /notices/preferences": Row(STAFF),
    # topics
    "GET /topics/": Row(TEAM),
    "GET /topics/export.xlsx": Row(TEAM),
    f"GET {T}": Row(TEAM),
    f"POST {T}": Row(TEAM),
    f"POST {T}/move": Row(TEAM),
    f"POST {T}/retire": Row(TEAM),
    "POST /topics/years/open": Row(TEAM),
    "POST /topics/years/<int:number>": Row(TEAM),
    "POST /topics/years/<int:number>/copy": Row(TEAM, data={"source": "2569"}),
    "POST /topics/years/<int:number>/preset": Row(TEAM, data={"preset": "bank"}),
    # rounds: an announced circular is everybody's, a draft the KM team's
    "GET /rounds/": Row(STAFF),
    "GET /rounds/new": Row(TEAM),
    "POST /rounds/new": Row(TEAM),
    f"GET {R}": Row(STAFF),
    f"GET {R}#draft": Row(TEAM, refused=404, world={"round_id": "draft_round"}),
    f"GET {R}/edit": Row(TEAM),
    f"POST {R}/edit": Row(TEAM),
    f"POST {R}/announce": Row(TEAM),
    f"POST {R}/discard": Row(TEAM, refused=404, world={"round_id": "draft_round"}),
    f"GET {R}/file": Row(STAFF),
    f"POST {R}/file/remove": Row(TEAM),
    f"GET {R}/units/": Row(KEEPERS),
    f"GET {R}/units/export.xlsx": Row(KEEPERS),
    f"POST {R}/units/": Row(TEAM),
    f"POST {R}/units/remind": Row(TEAM),
    f"POST {R}/units/<int:unit_id>/uninvite": Row(TEAM),
    f"GET {R}/units/<int:unit_id>/extension": Row(TEAM),
    f"POST {R}/units/<int:unit_id>/extension": Row(TEAM),
    f"POST {R}/units/<int:unit_id>/extension/end": Row(TEAM),
    f"GET {Y}/": Row(KEEPERS),
    f"POST {Y}/communities": Row(KEEPERS),
    f"POST {Y}/topics": Row(TEAM),
    f"POST {Y}/close": Row(TEAM),
    f"POST {Y}/reopen": Row(TEAM),
    # the organisation's words
    f"GET {L}/": Row(TEAM),
    f"POST {L}/groups": Row(TEAM, data={"terms": "ทวิภาคี\nสองฝ่าย"}),
    f"GET {L}/groups/<int:group_id>": Row(TEAM),
    f"POST {L}/groups/<int:group_id>": Row(TEAM),
    f"POST {L}/groups/<int:group_id>/switch": Row(TEAM),
    f"POST {L}/groups/<int:group_id>/delete": Row(TEAM),
    f"POST {L}/groups/<int:group_id>/restore": Row(TEAM, world={"group_id": "deleted_group"}),
    f"GET {L}/words": Row(TEAM),
    f"POST {L}/words": Row(TEAM),
    f"POST {L}/words/suggested": Row(TEAM),
    f"POST {L}/words/<int:word_id>/switch": Row(TEAM),
    f"POST {L}/words/<int:word_id>/delete": Row(TEAM),
    f"POST {L}/words/<int:word_id>/restore": Row(TEAM, world={"word_id": "deleted_word"}),
    f"GET {L}/presets": Row(TEAM),
    f"POST {L}/presets/<name>": Row(TEAM),
    f"GET {L}/status": Row(TEAM),
    f"GET {L}/try": Row(TEAM),
    f"GET {L}/export.<ending>": Row(TEAM),
    f"GET {L}/import": Row(TEAM),
    f"POST {L}/import": Row(TEAM),
    f"GET {L}/import/<key>": Row(TEAM),
    f"POST {L}/import/<key>": Row(TEAM),
    f"POST {L}/import/<key>/discard": Row(TEAM),
    # people
    f"GET {A}/": Row("coordinator officer administrator"),
    f"GET {A}/audit": Row(ADMIN),
    f"GET {A}/mail/": Row(ADMIN),
    f"POST {A}/mail/test": Row(ADMIN, data={"address": "km@bank.example"}),
    f"POST {A}/mail/<int:mail_id>/again": Row(ADMIN),
    f"POST {A}/mail/<int:mail_id>/drop": Row(ADMIN),
    f"GET {A}/documents/": Row(TEAM),
    f"POST {A}/documents/": Row(TEAM),
    f"POST {A}/documents/standard": Row(TEAM),
    f"GET {A}/documents/<name>.docx": Row(TEAM, world={"name": "standard_form"}),
    f"GET {A}/employees/export.xlsx": Row(PEOPLE_DESK),
    f"GET {A}/units/export.xlsx": Row(ADMIN),
    f"GET {A}/employees/": Row(PEOPLE_DESK),
    f"GET {A}/employees/new": Row(ADMIN),
    f"POST {A}/employees/new": Row(ADMIN),
    f"GET {E}": Row(PEOPLE_DESK),
    f"POST {E}": Row(ADMIN),
    f"POST {E}/code": Row(PEOPLE_DESK),
    f"POST {E}/deactivate": Row(ADMIN),
    f"POST {E}/reactivate": Row(ADMIN),
    f"POST {E}/lock": Row(ADMIN, data={"reason": "สอบสวน"}),
    f"POST {E}/unlock": Row(ADMIN),
    f"POST {E}/sign-out": Row(ADMIN),
    f"POST {E}/roles": Row(ADMIN),
    f"POST {E}/roles/<int:assignment_id>/revoke": Row(ADMIN, world={"employee_id": "officer"}),
    f"GET {A}/imports/<kind>": Row(ADMIN),
    f"POST {A}/imports/<kind>": Row(ADMIN),
    f"GET {A}/imports/<kind>/<key>": Row(ADMIN),
    f"POST {A}/imports/<kind>/<key>": Row(ADMIN),
    f"POST {A}/imports/<kind>/<key>/discard": Row(ADMIN),
    f"GET {A}/slips": Row(PEOPLE_DESK),
    f"POST {A}/slips": Row(PEOPLE_DESK),
    f"GET {A}/units/": Row(ADMIN),
    f"GET {A}/units/new": Row(ADMIN),
    f"POST {A}/units/new": Row(ADMIN),
    f"GET {U}": Row(ADMIN),
    f"POST {U}": Row(ADMIN),
    f"POST {U}/close": Row(ADMIN),
    f"POST {U}/reopen": Row(ADMIN),
    "GET /styleguide": Row(ADMIN),
}


def routes(app: Flask) -> set[str]:
    rules = app.url_map.iter_rules()
    return {f"{method} {rule.rule}" for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}


def test_every_route_has_its_row(app):
    assert routes(app) - {key.split("#")[0] for key in TABLE} == set(), "a route without a row in the table"
    assert {key.split("#")[0] for key in TABLE} - routes(app) == set(), "a row for a route that is not there"


@dataclass
class World:
    cast: factories.Cast
    ids: dict[str, Any]

    def person(self, role: str) -> Employee | None:
        return None if role == "anyone" else getattr(self.cast, role)

    def address(self, rule: str, changes: dict[str, str]) -> str:
        ids = self.ids | {name: self.ids[value] for name, value in changes.items()}
        for name, value in ids.items():
            for written in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
                rule = rule.replace(written, str(value))
        assert "<" not in rule, f"no id for {rule}"
        return rule


def make_world() -> World:
    """The fixed cast and one of everything it can act on."""
    cast = factories.make_cast()
    session = factories.make_session(cast.community)
    draft = factories.make_article("ร่าง", cast.author, community=cast.community)
    published = factories.make_article("เผยแพร่", cast.author, community=cast.community, status="published")
    summary = summaries.begin(cast.author, session)
    summaries.save(cast.author, summary, 1, text="ได้ข้อสรุป", improve="")
    guest = session.attendances.model.create(session=session, guest_name="แขก")
    return World(
        cast,
        {
            "community_id": cast.community.id,
            "session_id": session.id,
            "trial_id": trials.start(cast.author, cast.community, "โทรนัดล่วงหน้า").id,
            "note_id": factories.make_note(session, cast.author).id,
            "attendance_id": guest.id,
            "thought_id": parking.park(cast.author, session, "เรื่องนอกประเด็น", "parked").id,
            "version_id": summaries.versions(summary)[0].id,
            "here": key_of(session.id, conftest.SECRET),
            "membership_id": cast.community.memberships.where(cast.community.memberships.model.employee == cast.fellow)
            .get()
            .id,
            **_around(cast),
            "draft": draft.id,
            "published": published.id,
            "article_id": draft.id,
            "attachment_id": _attachment(draft).id,
            "width": 480,
            "pdf": _read_pdf(draft).id,
            "page_number": 1,
            "page_width": 160,
            "upload": uploads.create(cast.author, "ก.pdf", 9, article=draft).key,
            "unplaced_id": UnplacedText.create(article=draft, text="หมายเหตุ").id,
            "round_id": factories.make_round(cast.officer, [cast.branch]).id,
            "draft_round": factories.make_round(
                cast.officer,
                fiscal_year=factories.make_year(cast.community.fiscal_year.year + 1),
                announced_at=None,
            ).id,
            "topic_id": cast.community.topic_id,
            "number": cast.community.fiscal_year.year,
            "employee_id": cast.fellow.id,
            "officer": cast.officer.id,
            "author_id": cast.author.id,
            "pdf_ending": "pdf",
            "standard_form": "standard",
            "assignment_id": RoleAssignment.get(RoleAssignment.employee == cast.officer).id,
            "unit_id": cast.other_branch.id,
            "recent_id": RecentSearch.create(employee=cast.author, text="ค้างชำระ", text_key="ค้างชำระ").id,
            "saved_id": saved_searches.save(cast.author, "ค้างชำระ", {}).id,
            "deleted_search": _deleted_search(cast.author),
            "request_id": (asked := search_gaps.ask(cast.author, "วิธีเลี้ยงมังกร")).id,
            "gap_id": asked.gap_id,
            "token_id": ApiToken.create(employee=cast.author, name="งาน", token_hash="x").id,
            "proposal_id": proposals.propose(cast.fellow, cast.community, "เรื่องที่อยากคุย").id,
            "feed_id": (feed := calendar_feeds.subscribe(cast.author)).id,
            "calendar_token": calendar_feeds.token(feed),
            "notice_id": Notice.create(employee=cast.author, kind="article.published", url="/knowledge/1").id,
            "mail_id": _given_up(cast.author),
            "filename": "img/mark.svg",
            "what": "exchange-form.pdf",
            "kind": "employees",
            "key": "none",
            "name": "bank",
            "ending": "csv",
            **_questions(cast),
            **_words(cast.officer),
            **_evaluated(cast),
        },
    )


def _evaluated(cast: factories.Cast) -> dict[str, Any]:
    """An evaluation that is open, a follow-up that is due, and the link of the guest who came."""
    plan = {"methods": ["test", "self"], "points": "ฟัง", "full_score": 10}
    row = evaluation.set_up(cast.author, cast.community, 0, **plan)
    question = evaluation.write_question(cast.author, row, "ถามอะไรก่อน", ["ก", "ข"], 0)
    evaluation.move_to(cast.author, row, "after")
    follow_up.begin(cast.author, cast.community, clock.today() - timedelta(days=40))
    mine = (FollowUp.employee == cast.fellow) & (FollowUp.months == 1)
    return {
        "test_question": question.id,
        "assessment_id": Assessment.get(Assessment.employee == cast.fellow).id,
        "follow_up_id": FollowUp.get(mine).id,
        "token": guest_links.token_of(Assessment.get(Assessment.guest_name == "แขก")),
    }


def _questions(cast: factories.Cast) -> dict[str, Any]:
    """One the fellow asked in the community, hiding their name, with an answer; and one for members only."""
    asked = factories.make_question("ถามอย่างไรให้ลูกค้าเล่า", cast.fellow, cast.community, is_hidden_name=True)
    private = factories.make_question("เรื่องของเรา", cast.fellow, cast.community, is_members_only=True)
    answer = questions.answer(cast.author, asked, "ฟังก่อน", form_key="a")
    moderated = questions.answer(cast.outsider, asked, "ตัดบท", form_key="m")
    questions.remove_answer(cast.officer, moderated, "ไม่สุภาพ")
    return {
        "question_id": asked.id,
        "members_question": private.id,
        "answer_id": answer.id,
        "moderated_answer": moderated.id,
        "knowledge_turn": "knowledge",
    }


def _words(officer: Employee) -> dict[str, int]:
    """A group and an own word, here and deleted."""
    made = {
        "group_id": language.create_group(officer, ["ลูกค้าเก่า", "ลูกค้าเดิม"], "synonym").id,
        "deleted_group": (gone := language.create_group(officer, ["ของชำร่วย", "ของที่ระลึก"], "synonym")).id,
        "word_id": language.add_words(officer, ["ตาลเดี่ยว"])[0].id,
        "deleted_word": (gone_word := language.add_words(officer, ["ตาลคู่แฝด"])[0]).id,
    }
    language.delete_group(officer, gone)
    language.delete_word(officer, gone_word)
    return made


def _around(cast: factories.Cast) -> dict[str, int]:
    """Someone who asks to join, someone who is invited, a guest, and a connected community."""
    community, other = cast.community, factories.make_community(creator=cast.outsider)
    joining.ask(cast.executive, community)
    joining.invite(cast.author, community, cast.outsider)
    connections.connect(cast.author, community, other)
    guest = guests.add(cast.author, community, "ครูแดง", organisation="", contact="", brings="")
    return {
        "asked_id": JoinRequest.get().id,
        "invitation_id": Invitation.get().id,
        "link_id": CommunityLink.get().id,
        "guest_id": guest.id,
    }


def _given_up(employee: Employee) -> int:
    words = {"to_address": "x", "subject": "x", "text": "x", "message_id": "x"}
    return Mail.create(employee=employee, kind="notices", state="dead", **words).id


def _deleted_search(owner: Employee) -> int:
    row = saved_searches.save(owner, "ออมทรัพย์", {})
    saved_searches.delete(row)
    return row.id


def _attachment(article: Any) -> Attachment:
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "PNG")
    picture.seek(0)
    with storage.stage(picture, 1_000_000) as staged:
        sha256 = storage.keep(staged)
    size = len(picture.getvalue())
    return Attachment.create(
        article=article, kind="picture", filename="ภาพ.png", content_type="image/png", size=size, sha256=sha256
    )


def _read_pdf(article: Any) -> Attachment:
    """A PDF that was read, and whose first page was drawn."""
    drawn = storage.page_of("f" * 64, 1, 160)
    drawn.parent.mkdir(parents=True, exist_ok=True)
    drawn.write_bytes(b"RIFF")
    kind = "application/pdf"
    FileReading.create(sha256="f" * 64, content_type=kind, state="readable", page_count=1)
    return Attachment.create(article=article, filename="ก.pdf", content_type=kind, size=9, sha256="f" * 64)


def ask(app: Flask, world: World, role: str, key: str, row: Row) -> TestResponse:
    method, rule = key.split("#")[0].split(" ")
    browser = Browser(app)
    person = world.person(role)
    client = browser.sign_in(person) if person is not None else browser.client
    data = row.data if method == "POST" else None
    return client.open(world.address(rule, row.world), method=method, data=data, buffered=True)


def is_let_in(answer: TestResponse, method: str) -> bool:
    """Reached the view: a page, a refusal of the typed data, or a redirect that is not the sign-in page."""
    to_sign_in = answer.headers.get("Location", "").startswith("/login?next=")
    return answer.status_code not in (401, 403, 500) and not to_sign_in


# Addresses that end in "not found" by themselves once somebody is let in (there is no such import to look at).
IMPORT = f"{A}/imports/<kind>/<key>"
ENDS_IN_404 = {f"GET {IMPORT}", f"POST {IMPORT}", f"POST {IMPORT}/discard"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[tuple[Flask, World]]:
    """The world, made once. A request leaves the connection open, so that what it did can be taken back."""
    app = create_app(conftest.settings_in(tmp_path_factory.mktemp("roles"), request))
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = conftest.COMPILED
    app.teardown_appcontext_funcs.remove(close)
    if conftest.POSTGRES:
        conftest._empty_postgres()
    with db.connection():
        yield app, make_world()
    if conftest.POSTGRES:
        db.db.close_all()


def answer_to(place: tuple[Flask, World], role: str, key: str, row: Row) -> TestResponse:
    """What this role is answered in the world as it was made: nothing that a request writes stays."""
    with db.db.atomic() as attempt:
        answer = ask(*place, role, key, row)
        attempt.rollback()
    return answer


@pytest.mark.parametrize("key", TABLE, ids=str)
def test_who_may(place, key):
    row = TABLE[key]
    allowed = row.allowed.split()
    for role in [r for r in ROLES if r not in allowed]:
        answer = answer_to(place, role, key, row)
        if role == "anyone":
            assert not is_let_in(answer, key), f"{role} was let in: {answer.status}"
        else:
            expected = row.but.get(role, row.refused)
            assert answer.status_code == expected, f"{role}: {answer.status}, expected {expected}"
    for role in allowed:
        answer = answer_to(place, role, key, row)
        assert is_let_in(answer, key), f"{role} was refused: {answer.status}"
        assert answer.status_code != 404 or key in ENDS_IN_404 or row.refused != 404, f"{role}: not found"
