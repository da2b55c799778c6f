"""Every page of the product: its route, an address in the demo organisation, and who of its cast looks at it.

A GET route without a line here, or among NOT_PAGES, fails a test: a new page is looked at before anybody sees it.
"""

from typing import NamedTuple


class PageOf(NamedTuple):
    """`role`: of kc/demo/data/cast.toml; None is signed out."""

    rule: str
    address: str
    role: str | None = "member"
    status: int = 200


C, S = "/communities/<int:community_id>", "/sessions/<int:session_id>"
K, A = "/knowledge/<int:article_id>", "/admin"
L = "/admin/search-language"
V, F = f"{C}/evaluation", f"{C}/follow-up"

PAGES = (
    PageOf("/login", "/login", None),
    PageOf("/activate", "/activate", None),
    PageOf("/activate", "/activate?forgot=1", None),
    PageOf("/", "/"),
    PageOf("/", "/", "knowledge_officer"),
    PageOf("/", "/", "executive"),
    PageOf("/search", "/search"),
    PageOf("/search", "/search?q=หนี้ค้างชำระ"),
    PageOf("/search", "/search?q=ภูเขาไฟฟูจิระเบิด"),
    PageOf("/search", "/search?q=ปรับโครงสร้างหนื้"),  # a slip: what was searched for instead
    PageOf("/search/why", "/search/why?q=หนี้ค้างชำระ&hit=knowledge&id=6"),
    PageOf("/search/why", "/search/why?q=ภูเขาไฟ&hit=knowledge&id=6"),
    PageOf("/search", "/search?q=สมชาย"),
    PageOf("/search", "/search?q=หนี้ ไฟล์:pdf ปี:2568 หน่วยงาน:ดาวอังคาร"),
    PageOf("/search/saved", "/search/saved"),
    PageOf("/search/saved", "/search/saved", "knowledge_officer"),
    PageOf("/search", "/search?q=หนี้ค้างชำระ&year=2560", "facilitator"),
    PageOf("/search/requests", "/search/requests?q=คาร์บอนเครดิต"),
    PageOf("/search/requests", "/search/requests", "facilitator"),
    PageOf("/search/insights", "/search/insights?period=90", "knowledge_officer"),
    PageOf("/search/insights", "/search/insights?state=answered", "knowledge_officer"),
    PageOf("/search/insights", "/search/insights?period=2568", "knowledge_officer"),
    PageOf("/search/insights/searches", "/search/insights/searches?period=90", "knowledge_officer"),
    PageOf("/search/insights/searches", "/search/insights/searches?period=2568", "knowledge_officer"),
    PageOf("/search/insights/gaps/<int:gap_id>", "/search/insights/gaps/2", "knowledge_officer"),
    PageOf("/questions/", "/questions/"),
    PageOf("/questions/", "/questions/?tab=all", "knowledge_officer"),
    PageOf("/questions/", "/questions/?tab=for_me", "expert"),
    PageOf("/questions/", "/questions/?tab=mine", "executive"),
    PageOf("/questions/new", "/questions/new?q=ลูกค้าขอเลื่อนชำระหลังพายุ"),
    PageOf("/questions/<int:question_id>", "/questions/1"),
    PageOf("/questions/<int:question_id>", "/questions/3", "knowledge_officer"),
    PageOf("/questions/<int:question_id>", "/questions/6", "expert"),
    PageOf("/questions/<int:question_id>/edit", "/questions/1/edit"),
    PageOf("/questions/<int:question_id>/answers/<int:answer_id>/edit", "/questions/1/answers/2/edit", "expert"),
    PageOf("/account/", "/account/"),
    PageOf("/notices/", "/notices/", "facilitator"),
    PageOf("/notices/", "/notices/?show=unread&heading=questions"),
    PageOf("/notices/preferences", "/notices/preferences"),
    PageOf("/admin/mail/", "/admin/mail/", "administrator"),
    PageOf("/results/", "/results/"),
    PageOf("/results/", "/results/", "facilitator"),
    PageOf("/search", "/search?in=person&sharing=yes"),
    PageOf("/people/<int:employee_id>", "/people/32"),
    PageOf("/people/<int:employee_id>", "/people/34"),
    # communities and their sessions
    PageOf("/communities/", "/communities/"),
    PageOf("/communities/", "/communities/?q=ไม่มีชุมชนชื่อนี้"),
    PageOf("/communities/new", "/communities/new"),
    PageOf(C, "/communities/14", "facilitator"),
    PageOf(C, "/communities/17"),
    PageOf(C, "/communities/16"),
    PageOf(f"{C}/edit", "/communities/14/edit", "facilitator"),
    PageOf(f"{C}/people", "/communities/14/people", "facilitator"),
    PageOf(f"{C}/people", "/communities/17/people"),
    PageOf(f"{C}/history", "/communities/14/history", "facilitator"),
    PageOf(f"{C}/connections", "/communities/14/connections", "facilitator"),
    PageOf(f"{C}{S}/joint", "/communities/14/sessions/56/joint", "facilitator"),
    PageOf(f"{C}/trials/", "/communities/14/trials/", "facilitator"),
    PageOf(f"{C}/trials/", "/communities/17/trials/", "executive"),
    PageOf(f"{C}/trials/new", "/communities/14/trials/new"),
    PageOf(f"{C}/trials/<int:trial_id>", "/communities/14/trials/4", "executive"),
    PageOf(f"{C}/trials/<int:trial_id>", "/communities/14/trials/7"),
    PageOf(f"{C}/trials/<int:trial_id>/edit", "/communities/14/trials/7/edit"),
    PageOf(f"{C}/trials/<int:trial_id>/result", "/communities/14/trials/7/result"),
    PageOf(f"{C}/sessions/new", "/communities/14/sessions/new", "facilitator"),
    PageOf(C + S, "/communities/14/sessions/49", "historian"),
    PageOf(C + S, "/communities/14/sessions/56", "facilitator"),
    PageOf(C + S, "/communities/17/sessions/58", "executive"),
    PageOf(f"{C}{S}/edit", "/communities/14/sessions/56/edit", "facilitator"),
    PageOf(f"{C}{S}/steps", "/communities/14/sessions/56/steps", "facilitator"),
    PageOf(f"{C}{S}/steps", "/communities/14/sessions/49/steps?begin=usual", "facilitator"),
    PageOf(f"{C}/plan", "/communities/14/plan", "facilitator"),
    PageOf(f"{C}/plan", "/communities/17/plan"),
    PageOf(f"{C}/plan/edit", "/communities/14/plan/edit", "facilitator"),
    PageOf(f"{C}/proposals/", "/communities/14/proposals/", "facilitator"),
    PageOf("/calendar/", "/calendar/"),
    PageOf(f"{C}{S}/notes/<int:note_id>/edit", "/communities/14/sessions/49/notes/275/edit", "historian"),
    PageOf(f"{C}{S}/qr", "/communities/14/sessions/49/qr", "facilitator"),
    PageOf(f"{C}{S}/summary", "/communities/14/sessions/40/summary"),
    PageOf(f"{C}{S}/summary/edit", "/communities/14/sessions/40/summary/edit", "historian"),
    PageOf(f"{C}{S}/summary/versions", "/communities/14/sessions/40/summary/versions", "historian"),
    PageOf(f"{C}/evidence", "/communities/14/evidence", "facilitator"),
    PageOf(f"{C}/renew", "/communities/8/renew", "knowledge_officer"),
    # the year: circulars, health
    PageOf("/rounds/", "/rounds/"),
    PageOf("/rounds/", "/rounds/", "knowledge_officer"),
    PageOf("/rounds/new", "/rounds/new", "knowledge_officer"),
    PageOf("/rounds/<int:round_id>", "/rounds/3"),
    PageOf("/rounds/<int:round_id>", "/rounds/3", "knowledge_officer"),
    PageOf("/rounds/<int:round_id>/edit", "/rounds/3/edit", "knowledge_officer"),
    PageOf("/rounds/<int:round_id>/units/", "/rounds/3/units/", "coordinator"),
    PageOf("/rounds/<int:round_id>/units/<int:unit_id>/extension", "/rounds/3/units/7/extension", "knowledge_officer"),
    PageOf("/rounds/years/<int:number>/", "/rounds/years/2568/", "knowledge_officer"),
    PageOf("/communities/health/", "/communities/health/", "coordinator"),
    # evaluation and follow-up of use
    PageOf("/evaluations/", "/evaluations/", "coordinator"),
    PageOf("/evaluations/", "/evaluations/?year=2568", "executive"),
    PageOf(V, "/communities/14/evaluation", "facilitator"),
    PageOf(V, "/communities/7/evaluation", "facilitator"),
    PageOf(V, "/communities/15/evaluation", "coordinator"),
    PageOf(f"{V}/plan", "/communities/14/evaluation/plan", "facilitator"),
    PageOf(f"{V}/questions", "/communities/14/evaluation/questions", "facilitator"),
    PageOf(f"{V}/questions/<int:question_id>", "/communities/14/evaluation/questions/4", "facilitator"),
    PageOf(f"{V}/links", "/communities/14/evaluation/links", "facilitator"),
    PageOf(f"{V}/answer", "/communities/14/evaluation/answer"),
    PageOf(f"{V}/people/<int:assessment_id>", "/communities/7/evaluation/people/1", "facilitator"),
    PageOf(F, "/communities/7/follow-up", "facilitator"),
    PageOf(F, "/communities/15/follow-up", "coordinator"),
    PageOf(f"{F}/links", "/communities/7/follow-up/links", "facilitator"),
    PageOf("/follow-up/<int:follow_up_id>", "/follow-up/24", "coordinator"),
    # knowledge
    PageOf("/knowledge/", "/knowledge/"),
    PageOf("/knowledge/", "/knowledge/?topic=1&kind=innovation"),
    PageOf("/knowledge/new", "/knowledge/new"),
    PageOf(K, "/knowledge/6"),
    PageOf(K, "/knowledge/38", "knowledge_officer"),
    PageOf(f"{K}/used", "/knowledge/6/used"),
    PageOf(f"{K}/edit", "/knowledge/38/edit", "knowledge_officer"),
    PageOf("/attachments/<int:attachment_id>/view", "/attachments/10/view?page=2"),
    PageOf("/topics/", "/topics/", "knowledge_officer"),
    PageOf(f"{A}/documents/", "/admin/documents/", "knowledge_officer"),
    PageOf("/topics/<int:topic_id>", "/topics/21", "knowledge_officer"),
    # people and units
    PageOf(f"{A}/", "/admin/", "administrator"),
    PageOf(f"{A}/", "/admin/", "coordinator"),
    PageOf(f"{A}/audit", "/admin/audit", "administrator"),
    PageOf(f"{A}/employees/", "/admin/employees/", "administrator"),
    PageOf(f"{A}/employees/", "/admin/employees/?q=ไม่มีคนชื่อนี้", "administrator"),
    PageOf(f"{A}/employees/new", "/admin/employees/new", "administrator"),
    PageOf(f"{A}/employees/<int:employee_id>", "/admin/employees/32", "administrator"),
    PageOf(f"{A}/employees/<int:employee_id>", "/admin/employees/66", "coordinator"),
    PageOf(f"{A}/imports/<kind>", "/admin/imports/employees", "administrator"),
    PageOf(f"{A}/imports/<kind>", "/admin/imports/units", "administrator"),
    PageOf(f"{A}/slips", "/admin/slips", "coordinator"),
    PageOf(f"{A}/units/", "/admin/units/", "administrator"),
    PageOf(f"{A}/units/new", "/admin/units/new", "administrator"),
    PageOf(f"{A}/units/<int:unit_id>", "/admin/units/10", "administrator"),
    # the organisation's words
    PageOf(f"{A}/", "/admin/", "knowledge_officer"),
    PageOf(f"{L}/", "/admin/search-language/", "knowledge_officer"),
    PageOf(f"{L}/", "/admin/search-language/?q=ไม่มีคำนี้แน่", "knowledge_officer"),
    PageOf(f"{L}/groups/<int:group_id>", "/admin/search-language/groups/1", "knowledge_officer"),
    PageOf(f"{L}/words", "/admin/search-language/words", "knowledge_officer"),
    PageOf(f"{L}/presets", "/admin/search-language/presets", "knowledge_officer"),
    PageOf(f"{L}/try", "/admin/search-language/try?text=ลดหนี้ NPLs ของ ธ.ร.ช.", "knowledge_officer"),
    PageOf(f"{L}/import", "/admin/search-language/import", "knowledge_officer"),
    # refusals are pages too
    PageOf("", "/knowledge/999999", status=404),
    PageOf("", "/admin/audit", status=403),
)

# Fragments, files and answers for programs; and pages that stand behind a post, visited by a test of their own.
NOT_PAGES = {
    "/styleguide",  # looked at by tests/browser/test_styleguide.py
    "/healthz",
    "/static/<path:filename>",
    "/api/v1/search",
    "/people/suggest",
    "/search/suggest",
    "/search/insights/export.xlsx",
    "/questions/export.xlsx",
    "/here/<key>",  # a link of a QR code, on the day alone (tests/browser/test_session_day.py)
    "/communities/health/export.xlsx",
    "/rounds/<int:round_id>/units/export.xlsx",
    "/rounds/<int:round_id>/file",
    f"{C}/evidence.zip",
    "/questions/<int:question_id>/turn-into/<what>",  # sends on
    "/search/saved/<int:saved_id>",  # sends on to its results
    "/notices/<int:notice_id>",  # sends on to what it is about
    f"{C}{S}/notes/changes",
    f"{L}/status",
    f"{L}/export.<ending>",
    f"{K}/documents/<what>",
    f"{K}/certificates/<int:employee_id>",
    f"{C}/certificates/<int:employee_id>",
    f"{C}/application.pdf",
    f"{V}/results.xlsx",
    f"{F}/results.xlsx",
    f"{F}/mine",  # sends on to one's own question
    "/evaluations/export.xlsx",
    "/guest/<token>",  # the same forms as above, by a signed link
    f"{C}/members.xlsx",
    f"{C}{S}/record.<ending>",
    f"{C}{S}/attendance.xlsx",
    "/calendar/<token>.ics",
    f"{C}{S}/session.ics",
    "/communities/export.xlsx",
    "/knowledge/export.xlsx",
    "/topics/export.xlsx",
    f"{A}/employees/export.xlsx",
    f"{A}/units/export.xlsx",
    f"{A}/documents/<name>.docx",
    "/attachments/<int:attachment_id>",
    "/attachments/<int:attachment_id>/picture",
    "/attachments/<int:attachment_id>/picture/<int:width>",
    "/uploads/<key>",  # what the upload form's script is told
    "/knowledge/<int:article_id>/uploads",
    f"{C}{S}/uploads",
    "/attachments/<int:attachment_id>/thumbnail",
    "/attachments/<int:attachment_id>/pages/<int:number>/<int:width>",
    "/attachments/<int:attachment_id>/reading",  # a piece of a list; alone it sends on to the viewer
}
BEHIND_A_POST = {"/activate/password", f"{A}/imports/<kind>/<key>", f"{L}/import/<key>"}
