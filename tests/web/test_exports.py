"""Every list as an Excel file: the rows of the page, with its filters, for those who see the page."""

import io
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from kc.models import Attendance, Employee
from tests import factories
from tests.conftest import count_queries


def table(client, address):
    """Rows of the first sheet as dictionaries by heading."""
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200 and answer.mimetype.endswith("sheet"), answer.status_code
    assert unquote(answer.headers["Content-Disposition"]).endswith(".xlsx")
    heads, *rows = load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_communities_as_filtered(cast, login_as):
    other = factories.make_community("คนรักกาแฟ", cast.outsider)
    gone = factories.make_community("เลิกแล้ว", cast.outsider, status="cancelled")
    client = login_as(cast.fellow)
    rows = {row["ชื่อชุมชน"]: row for row in table(client, "/communities/export.xlsx")}
    assert {cast.community.name, other.name} <= set(rows) and gone.name not in rows
    ours = rows[cast.community.name]
    assert ours["คน"] == len({m.employee_id for m in cast.community.current_members()})
    assert ours["ปี"] == cast.community.fiscal_year.year and ours["ที่อยู่"].endswith(f"/communities/{cast.community.id}")
    assert [row["ชื่อชุมชน"] for row in table(client, "/communities/export.xlsx?q=กาแฟ")] == [other.name]
    assert [row["ชื่อชุมชน"] for row in table(client, "/communities/export.xlsx?mine=1")] == [cast.community.name]
    assert table(client, "/communities/export.xlsx?year=2500") == []


def test_the_page_links_to_its_file_with_its_filters(cast, login_as):
    page = login_as(cast.fellow).get("/communities/?mine=1&page=1").text
    assert 'href="/communities/export.xlsx?mine=1"' in page
    factories.make_article("เรื่องหนึ่ง", cast.author, status="published")
    assert (
        'href="/knowledge/export.xlsx?kind=&amp;sort=views"'
        in login_as(cast.author).get("/knowledge/?kind=&sort=views").text
    )


def test_knowledge_by_tab_and_never_others_drafts(cast, login_as):
    factories.make_article("=1+1 เผยแพร่แล้ว", cast.author, status="published")
    factories.make_article("ร่างของฉัน", cast.author)
    reader, author = login_as(cast.outsider), login_as(cast.author)
    rows = table(reader, "/knowledge/export.xlsx")
    assert [row["ชื่อองค์ความรู้"] for row in rows] == ["=1+1 เผยแพร่แล้ว"]
    assert rows[0]["ผู้เขียน"] == cast.author.name and rows[0]["อ่าน"] == 0
    for tab in ("mine", "waiting", "nonsense"):
        assert "ร่างของฉัน" not in str(table(reader, f"/knowledge/export.xlsx?tab={tab}"))
    assert [row["ชื่อองค์ความรู้"] for row in table(author, "/knowledge/export.xlsx?tab=mine")] == ["ร่างของฉัน"]
    assert table(reader, "/knowledge/export.xlsx?kind=manual") == []


def test_members_and_who_came(cast, login_as):
    session = factories.make_session(cast.community)
    Attendance.create(session=session, guest_name="แขก")
    Attendance.create(session=session, employee=cast.fellow)
    client, address = login_as(cast.outsider), f"/communities/{cast.community.id}"
    rows = table(client, f"{address}/members.xlsx")
    assert cast.fellow.full_name in [row["ชื่อ"] for row in rows] and "รหัสพนักงาน" not in rows[0]
    came = table(client, f"{address}/sessions/{session.id}/attendance.xlsx")
    assert [row["ชื่อ"] for row in came] == [cast.fellow.full_name, "แขก"] and came[1]["สังกัด"] == "ภายนอก"


def test_topics_of_a_year(cast, login_as):
    year = cast.community.fiscal_year.year
    rows = {row["ประเด็นเรียนรู้"]: row for row in table(login_as(cast.officer), f"/topics/export.xlsx?year={year}")}
    assert rows[cast.community.topic.name]["ชุมชน"] == 1 and rows[cast.community.topic.name]["สถานะ"] == "ใช้อยู่"


def test_employees_keep_their_zeros_and_coordinators_see_their_own(cast, login_as):
    cast.fellow.employee_id = "0000042"
    cast.fellow.save()
    everybody = table(login_as(cast.administrator), "/admin/employees/export.xlsx")
    assert len(everybody) == Employee.select().where(Employee.is_active).count()
    assert "0000042" in [row["รหัสพนักงาน"] for row in everybody]
    mine = [row["รหัสพนักงาน"] for row in table(login_as(cast.coordinator), "/admin/employees/export.xlsx")]
    assert "0000042" in mine and cast.outsider.employee_id not in mine
    found = table(login_as(cast.administrator), "/admin/employees/export.xlsx?q=0000042")
    assert len(found) == 1 and found[0]["สถานะ"] == "เปิดใช้แล้ว"


def test_units_with_their_place_in_the_tree(cast, login_as):
    rows = {row["ชื่อหน่วยงาน"]: row for row in table(login_as(cast.administrator), "/admin/units/export.xlsx")}
    branch = rows[cast.branch.name]
    assert branch["อยู่ใต้"] == cast.branch.parent.name and branch["ระดับชั้น"] == rows[branch["อยู่ใต้"]]["ระดับชั้น"] + 1


@pytest.mark.parametrize(
    "address", ["/communities/export.xlsx", "/knowledge/export.xlsx", "/admin/employees/export.xlsx"]
)
def test_statements_do_not_grow_with_rows(cast, login_as, address):
    client = login_as(cast.administrator)

    def statements():
        with count_queries() as sent:
            table(client, address)
        return len(sent)

    factories.make_article("หนึ่ง", cast.author, status="published", community=cast.community)
    before = statements()
    for n in range(10):
        community = factories.make_community(f"ชุมชน {n}", cast.author)
        factories.make_article(f"เรื่อง {n}", cast.author, status="published", community=community)
    assert statements() == before <= 12
