"""The demo library reads like the work of forty different people, and fits the demo organisation it belongs to."""

import datetime as dt
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "kc" / "demo" / "data"
FILES = sorted((DATA / "articles").glob("*.toml"))
TODAY = dt.date(2026, 11, 21)  # the day the demo organisation is seen on
KINDS = {"best_practice", "lesson_learned", "story", "manual", "innovation"}
PARTS = ("background", "goals", "target_group", "method", "results")
FORMS = {"exchange_form_pdf", "exchange_form_docx"}
SUMMARIES = {"one_page_pdf", "summary_pptx"}
FIELDS = {"id", "title", "kind", "knowledge_type", "status", "fiscal_year", "topic", "community", "unit", "authors"} | {
    *("published_on", "results_on", "attachments", "summary", "measures", "extras"),
    *PARTS,
}


def load(name: str) -> dict:
    return tomllib.loads((DATA / name).read_text("utf-8"))


ARTICLES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FILES}
PUBLISHED = {stem: article for stem, article in ARTICLES.items() if article["status"] == "published"}
every = pytest.mark.parametrize("article", ARTICLES.values(), ids=ARTICLES.keys())
every_published = pytest.mark.parametrize("article", PUBLISHED.values(), ids=PUBLISHED.keys())


def fiscal_year(day: dt.date) -> int:
    return day.year + 543 - (day.month < 4)


def test_the_shop_window_is_full():
    assert Counter(article["status"] for article in ARTICLES.values()) == {"published": 37, "draft": 5}
    assert Counter(article["kind"] for article in ARTICLES.values()).keys() == KINDS
    assert [int(stem[:2]) for stem in ARTICLES] == list(range(1, 43))


@every
def test_fields_are_those_the_loader_knows(article):
    assert article.keys() <= FIELDS
    assert re.fullmatch(rf"KC-{article['fiscal_year']}-\d{{3}}", article["id"])
    assert article["kind"] in KINDS
    assert article["knowledge_type"] in {"tacit", "explicit"}
    assert set(article["attachments"]) <= FORMS | SUMMARIES


@every
def test_references_resolve_against_the_organisation(article):
    year = article["fiscal_year"]
    topics = {(topic["year"], topic["name"]) for topic in load("topics.toml")["topics"] if topic.get("active", True)}
    communities = {community["key"]: community for community in load("communities.toml")["communities"]}
    assert (year, article["topic"]) in topics
    assert article["unit"] in {unit["code"] for unit in load("units.toml")["units"]}
    assert 1 <= len(article["authors"]) <= 4
    assert len(set(article["authors"])) == len(article["authors"])
    assert set(article["authors"]) <= {person["employee_id"] for person in load("people.toml")["people"]}
    if "community" in article:
        community = communities[article["community"]]
        members = {member["id"] for member in community["members"]}
        assert (community["year"], community["unit"]) == (year, article["unit"])
        assert members & set(article["authors"])


@every_published
def test_published_articles_are_complete(article):
    assert all(article[part].strip() for part in PARTS)
    assert len(article["summary"]) >= 60
    assert sum(len(article[part]) for part in PARTS) >= 1_800
    assert FORMS & set(article["attachments"])
    assert SUMMARIES & set(article["attachments"])
    assert article["results_on"] <= article["published_on"] <= TODAY
    assert fiscal_year(article["published_on"]) == article["fiscal_year"]
    assert all("after" in measure for measure in article["measures"])


@every
def test_drafts_are_unfinished_but_begun(article):
    if article["status"] == "draft":
        assert not {"published_on", "results_on"} & article.keys()
        assert article["attachments"] == []
        assert len(article["background"]) >= 250


@every
def test_goals_and_results_can_be_compared(article):
    assert 1 <= len(article["measures"]) <= 4
    for measure in article["measures"]:
        assert measure["measure"]
        assert measure["unit"]
        figures = [measure[key] for key in ("before", "target", "after") if key in measure]
        assert all(isinstance(figure, int | float) for figure in figures)
        assert "target" in measure


def test_extra_documents_have_thai_names_of_their_own():
    extras = [extra for article in ARTICLES.values() for extra in article.get("extras", [])]
    assert len(extras) >= 12
    assert len({extra["filename"] for extra in extras}) == len(extras)
    for extra in extras:
        assert re.search(r"[ก-๙].*\.(docx|pdf)$", extra["filename"])
        assert extra["title"]
        assert len(extra["body"]) >= 150


def test_ids_and_titles_are_unique():
    for field in ("id", "title"):
        counted = Counter(article[field] for article in ARTICLES.values())
        assert [value for value, count in counted.items() if count > 1] == []


def test_no_sentence_is_used_twice():
    seen: dict[str, str] = {}
    repeated = []
    for stem, article in ARTICLES.items():
        text = "\n".join(article[part] for part in ("summary", *PARTS))
        sentences = {piece.strip("*-|.0123456789 ") for piece in re.split(r"[\n|]| {1,}", text)}
        for sentence in (piece for piece in sentences if len(piece) >= 32):
            if sentence in seen:
                repeated.append((seen[sentence], stem, sentence))
            seen[sentence] = stem
    assert repeated == []


@every
def test_text_is_clean_thai(article):
    text = "\n".join(article[part] for part in ("title", "summary", *PARTS))
    assert "\u200b" not in text
    assert not re.search(r"เเ|ํา|[ัิีึืฺุู]{2}|[่้๊๋]{2}|[่้๊๋][ัิีึืุู]", text)
    assert not re.search(r"ปฎิบัติ|เว็ปไซ|อนุญาติ|สังเกตุ|โน๊ต|ลายเซ็นต์|ผลลัพท์|(?<!ปรา)กฏ|กระทันหัน|นะค่ะ|คะ่", text)
