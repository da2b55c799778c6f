"""The bank's knowledge: each article written, given its files, published; then read by colleagues, day after day."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from kc import clock, fiscal
from kc.demo import flipcharts, readers, sheets, source
from kc.demo.source import ArticleRow
from kc.demo.story import Step, Story, at
from kc.models import Employee, KnowledgeArticle, SignInEvent
from kc.models.knowledge import PARTS
from kc.services import article_counts, article_documents, articles, attachments, publishing, throttle

WRITING_TAKES = timedelta(days=16)
# What the article files call the documents that the system makes itself.
MADE = {
    "exchange_form_pdf": "form_pdf",
    "exchange_form_docx": "form_docx",
    "one_page_pdf": "one_page",
    "summary_pptx": "slides",
}


def steps(story: Story) -> Iterator[Step]:
    """Drafts, publications and visits."""
    for nth, row in enumerate(source.articles()):
        begun = _begun_on(row, nth)
        yield Step(at(begun, 10, 15), lambda row=row: write(story, row))
        if row.published_on:
            yield Step(at(row.published_on, 8, 40), lambda row=row: complete(story, row))
            yield Step(at(row.published_on, 10, 5), lambda row=row: publish(story, row))
        else:
            yield Step(at(begun + timedelta(days=1), 14, 20), lambda row=row: complete(story, row))
    told = readers.visits(source.articles(), source.people(), source.organisation()["seed"])
    for day, visits in groupby(told, key=lambda visit: visit.day):
        of_day = tuple(visits)
        yield Step(at(day, 16, 45), lambda of_day=of_day: read(story, of_day))


def _begun_on(row: ArticleRow, nth: int) -> date:
    """Some weeks before it is published, within its year; drafts were begun lately."""
    if row.published_on is None:
        return readers.LAST_DAY - timedelta(days=3 + nth % 5)
    first, _last = fiscal.PRESETS["bank"].bounds(row.fiscal_year)
    return max(row.published_on - WRITING_TAKES, first)


def write(story: Story, row: ArticleRow) -> None:
    """The first author starts a draft and types the form; what only a coordinator may place, they place."""
    by = _writer(story, row)
    article = articles.start(
        by,
        title=row.title,
        kind=row.kind,
        community=story.communities[row.community] if row.community else None,
        topic=story.topics[row.fiscal_year, row.topic],
        form_key=f"demo-{row.id}",
    )
    articles.save(by, article, _content(story, row), str(article.version))
    if article.unit_id != story.units[row.unit].id:
        placed = {"unit": story.units[row.unit].id}
        articles.save(story.coordinator_of(row.unit), article, placed, str(article.version))
    article.external_id = row.id
    article.save(only=[KnowledgeArticle.external_id])
    story.articles[row.id] = article


def _writer(story: Story, row: ArticleRow) -> Employee:
    """The first author who belongs where the article does."""
    communities = {community.key: community for community in source.communities()}
    people = {person.employee_id: person for person in source.people()}
    if row.community:
        members = {member["id"] for member in communities[row.community].members}
        at_home = [author for author in row.authors if author in members]
        return story.people[(at_home or communities[row.community].people("facilitator"))[0]]
    at_home = [author for author in row.authors if people[author].unit == row.unit]
    return story.people[(at_home or row.authors)[0]]


def _content(story: Story, row: ArticleRow) -> dict[str, Any]:
    content: dict[str, Any] = {part: getattr(row, part).strip() for part in PARTS}
    return content | {
        "summary": row.summary.strip(),
        "knowledge_type": row.knowledge_type,
        "results_on": row.results_on,
        "authors": tuple(story.people[author].id for author in row.authors),
        "measures": tuple(_measure(measure) for measure in row.measures),
    }


def _measure(row: dict[str, Any]) -> tuple[str, ...]:
    return row["measure"], row.get("unit", ""), *(_figure(row.get(name, "")) for name in ("before", "target", "after"))


def _figure(value: int | float | str) -> str:
    """Figures as Thai offices write them: 184,000 and 9.8."""
    return value if isinstance(value, str) else f"{value:,}"


def complete(story: Story, row: ArticleRow) -> None:
    """The files: those the system makes of the article itself, and the forms people made for their work."""
    article, by = story.articles[row.id], _writer(story, row)
    _show_the_talk(story, row, by)
    bank = source.organisation()
    made = [
        article_documents.attach(
            by, article, MADE[name], organisation=bank["name"], address=f"{bank['site_title']} · {row.id}"
        )
        for name in row.attachments
    ]
    own = [
        attachments.store(sheets.make(extra), extra["filename"], by=by, article=article, kind="other")
        for extra in row.extras
    ]
    story.files[row.id] = made + own


def _show_the_talk(story: Story, row: ArticleRow, by: Employee) -> None:
    """The chart of the community's last talk: part 4 asks for pictures, and the form then shows it."""
    session = flipcharts.latest(row.community, row.published_on or readers.LAST_DAY)
    if session is not None:
        attachments.store(
            flipcharts.draw(session.key),
            flipcharts.filename(session),
            by=by,
            article=story.articles[row.id],
            kind="picture",
            alt_text=flipcharts.describe(session),
        )


def publish(story: Story, row: ArticleRow) -> None:
    article = story.articles[row.id]
    publishing.submit(_writer(story, row), article)
    publishing.publish(story.coordinator_of(row.unit), article)


def read(story: Story, visits: tuple[readers.Visit, ...]) -> None:
    for visit in visits:
        employee, article = story.people[visit.employee_id], story.articles[visit.article_id]
        come_in(story, employee)
        article_counts.count_view(employee, article)
        files = story.files[visit.article_id]
        if visit.downloads and files:
            article_counts.count_download(employee, files[visit.day.toordinal() % len(files)])


def come_in(story: Story, employee: Employee) -> None:
    """The first visit of somebody's month begins at the door, from a desk of their own."""
    here = (SignInEvent.employee == employee) & (SignInEvent.at > clock.now() - timedelta(days=30))
    if not SignInEvent.select().where(here).exists():
        desk = f"10.20.{employee.unit_id % 250}.{employee.id % 250}"
        throttle.settle(throttle.begin(employee, employee.employee_id, desk, story.rules), throttle.SIGNED_IN)
