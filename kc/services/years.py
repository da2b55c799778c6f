"""Fiscal years the organisation works with, and the topics each begins with."""

from kc import clock, fiscal
from kc.db import db
from kc.errors import DomainError
from kc.i18n import gettext as _
from kc.models import FiscalYear, Topic, YearClosing

BANK_TOPICS = (  # thai-data
    "NPLs",
    "การเติบโตของสินเชื่ออย่างมีประสิทธิภาพ (Growth)",
    "FBI",
    "พัฒนาปรับปรุงกระบวนการ",
    "การลดค่าใช้จ่ายของส่วนงาน",
    "นวัตกรรม",
    "เงินฝาก",
    "ธุรกิจชุมชน",
    "S3",
    "Smart Farmer",
)
COMPETENCE_TOPICS = (  # thai-data
    "ความรู้/ทักษะเฉพาะทางในสายงาน",
    "ภาษา",
    "ภาวะผู้นำ/คุณธรรม/จริยธรรม",
    "จิตอาสา/บริการ",
    "ความรับผิดชอบ/ซื่อสัตย์สุจริต",
    "ทำงานเป็นทีม",
    "คิดค้น/พัฒนาและประยุกต์ใช้นวัตกรรมใหม่ๆ",
    "กฎหมาย/กฎระเบียบในการปฏิบัติงาน",
    "การใช้เทคโนโลยี",
    "ทักษะการคิด",
)
TOPIC_PRESETS = {"bank": BANK_TOPICS, "competence": COMPETENCE_TOPICS}  # S0-88, S0-91
FIRST_TOPICS = {"bank": "bank", "government": "competence", "hospital": "competence"}


def get_or_open(year: int) -> FiscalYear:
    """The row of fiscal year `year` (Buddhist number), opened when it is not there yet. No topics are added."""
    starts_on, ends_on = fiscal.calendar().bounds(year)
    row, _made = FiscalYear.get_or_create(year=year, defaults={"starts_on": starts_on, "ends_on": ends_on})
    return row


def current() -> FiscalYear:
    """The fiscal year of today; opened, with last year's topics, on its first day (see ensure_current)."""
    return FiscalYear.get_or_none(FiscalYear.year == fiscal.calendar().current()) or ensure_current()


def require_open(year: FiscalYear) -> None:
    """DomainError when the year was closed: nothing new is signed up for it."""
    if YearClosing.select().where(YearClosing.fiscal_year == year).exists():
        raise DomainError(_("ปีนี้ปิดแล้ว สมัครชุมชนใหม่ในปีนี้ไม่ได้ ติดต่อทีมจัดการความรู้หากจำเป็น"))


def ensure_current(organisation_preset: str = "") -> FiscalYear:
    """Open the current fiscal year. Its topics: last year's that are not retired, else the organisation's preset's."""
    with db.atomic():
        year = get_or_open(fiscal.calendar().current())
        if not Topic.select().where(Topic.fiscal_year == year).exists():
            before = FiscalYear.select().where(FiscalYear.year < year.year).order_by(FiscalYear.year.desc()).first()
            if before is not None:
                copy_topics(before, year)
            elif organisation_preset:
                add_preset(year, FIRST_TOPICS[organisation_preset])
    return year


def add_preset(year: FiscalYear, preset: str) -> list[Topic]:
    """Add the topics of a preset (`bank`, `competence`) that the year does not have yet."""
    have = {topic.name for topic in Topic.select().where(Topic.fiscal_year == year)}
    names = [name for name in TOPIC_PRESETS[preset] if name not in have]
    return [add_topic(year, name) for name in names]


def add_topic(year: FiscalYear, name: str, description: str = "", series: int = 0) -> Topic:
    """Add a topic at the end of the year's list; without a `series` it begins one of its own."""
    position = Topic.select().where(Topic.fiscal_year == year).count() + 1
    topic = Topic.create(
        fiscal_year=year,
        name=name,
        description=description,
        series=series,
        position=position,
        created_at=clock.now(),
    )
    if not series:
        topic.series = topic.id
        topic.save(only=[Topic.series])
    return topic


def copy_topics(source: FiscalYear, target: FiscalYear) -> list[Topic]:
    """Copy the topics of `source` that are still in use and that `target` does not have; they keep their series."""
    have = {topic.series for topic in Topic.select().where(Topic.fiscal_year == target)}
    live = Topic.select().where((Topic.fiscal_year == source) & Topic.retired_at.is_null()).order_by(Topic.position)
    return [add_topic(target, t.name, t.description, t.series) for t in live if t.series not in have]
