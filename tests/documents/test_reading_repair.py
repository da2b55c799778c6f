"""Damaged Thai becomes readable, sound Thai stays as it is, and the share of known words says how well it went."""

import random
import re
import shutil
from collections import Counter

import pypdfium2
import pytest
from pythainlp.tokenize import word_tokenize

from benchmarks import papers
from benchmarks.damage import CLASSES, damaged
from benchmarks.reading import word_recall
from kc.documents.reading import read
from kc.documents.reading.repairing import better, repaired
from kc.thai.lexicon import knowledge_of
from kc.thai.mending import lost_marks, restored
from kc.thai.repair import displaced_marks, repair

PAGES = papers.sound_pages(12)
WHOLE = "\n".join(PAGES)
EMPTY_PAGE = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
]


def words(text):
    return Counter(word for word in word_tokenize(re.sub(r"\s+", " ", text), engine="newmm") if word.strip())


@pytest.mark.parametrize("kind", CLASSES)
def test_of_each_kind_of_damage_nearly_all_words_come_back(kind):
    """Text that PDF makers damaged is searched as it was meant (S0-298)."""
    spoilt = [damaged(page, kind, seed=number) for number, page in enumerate(PAGES)]
    assert word_recall(WHOLE, "\n".join(spoilt)) < 0.98
    mended = [repaired(page) for page in spoilt]
    assert word_recall(WHOLE, "\n".join(page.text for page in mended)) >= 0.97
    assert all(page.raw is not None and page.known > 0.97 for page in mended)


def test_a_list_of_letters_is_not_letters_set_apart():
    assert repaired("ข้อ ก ข ค ง จ ฉ ช ซ ตามลำดับ").text == "ข้อ ก ข ค ง จ ฉ ช ซ ตามลำดับ"


def test_sound_text_is_left_as_it_is():
    for page in PAGES:
        assert repaired(page).text == page and repaired(page).raw is None
        assert not lost_marks(page) and not displaced_marks(page)


def test_a_few_slips_do_not_make_a_page_damaged():
    page = PAGES[0].replace("กัน", "กนั", 1)
    assert len(words(page) - words(repaired(page).text)) <= 1
    assert not displaced_marks(page)


def test_names_nobody_knows_are_kept_in_sound_text():
    names = "นายชัชวรินทร์ ฟอนเบิร์ก และ ดร.อัลเบร็คท์ กริฟฟินดอร์ ร่วมประชุมที่เรเน กูเลน เมืองซาตูริวา"
    assert repaired(names).text == names


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("การจัดการความรู้ของสาขา", 1.0, 1.0),
        ("Knowledge Management 2567", 1.0, 1.0),
        ("ฟฟหกดฟหกดฟฟฟดฟ", 0.0, 0.5),
        ("\uf70a\uf70b\ufffd\ufffd", 0.0, 0.0),
        ("พ.ศ. 2567 ธ.ก.ส.", 1.0, 1.0),
        ("", 1.0, 1.0),
    ],
)
def test_how_much_of_a_text_is_known(text, least, most):
    assert least <= knowledge_of(text).share <= most


def test_damage_shows_in_what_is_known():
    for kind in ("swapped am", "lost marks", "moved marks"):
        assert knowledge_of(damaged(WHOLE, kind)).share < 0.97 < knowledge_of(WHOLE).share


def test_of_two_readings_the_better_is_taken():
    spoilt = damaged(PAGES[0], "moved marks")
    assert better(spoilt, PAGES[0]) == PAGES[0] == better(PAGES[0], spoilt)
    assert better("", PAGES[0]) == PAGES[0] == better(PAGES[0], " \n")
    assert better(PAGES[0], PAGES[0] + " ") == PAGES[0]


def test_repair_settles():
    dice = random.Random(1)
    for kind in CLASSES:
        once = repaired(damaged(PAGES[dice.randrange(12)], kind)).text
        assert words(once) - words(repaired(once).text) == Counter()


def test_the_index_mends_by_the_same_rules():
    spoilt = damaged(PAGES[0], "lost marks")
    assert restored(repair(spoilt)) == repaired(spoilt).text


@pytest.mark.parametrize("kind", ["private glyphs", "lost marks"])
def test_a_damaged_file_becomes_readable_and_its_raw_text_is_kept(tmp_path, kind):
    file = tmp_path / "old.pdf"
    file.write_bytes(papers.crafted_pdf([damaged(PAGES[0], kind), PAGES[1]]))
    result = read(file, "application/pdf")
    assert result.state == "readable" and result.known > 0.98
    assert word_recall(PAGES[0], result.pages[0].text) >= 0.94  # of one short page; over many it is more
    first, second = result.pages
    assert first.raw is not None and word_recall(PAGES[0], first.raw) < 0.9
    assert second.number == 2 and word_recall(PAGES[1], second.text) >= 0.98


def test_a_scan_without_letters_has_no_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    file = tmp_path / "scan.pdf"
    file.write_bytes(papers.assembled_pdf(EMPTY_PAGE))
    result = read(file, "application/pdf")
    assert result.state == "no_text" and result.reason is None and len(result.pages) == 1


def test_a_scan_is_read_where_tesseract_knows_thai(tmp_path, monkeypatch):
    tool = tmp_path / "tesseract"
    languages = '[ "$1" = --list-langs ] && { echo eng; echo tha; exit; }'
    tool.write_text(f"#!/bin/sh\n{languages}\n/bin/cat >/dev/null\necho ที่ประชุมเห็นชอบ\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    file = tmp_path / "scan.pdf"
    file.write_bytes(papers.assembled_pdf(EMPTY_PAGE))
    assert [page.text for page in read(file, "application/pdf").pages] == ["ที่ประชุมเห็นชอบ"]
    from PIL import Image

    Image.new("RGB", (300, 200), "white").save(tmp_path / "photo.jpg")
    assert [page.text for page in read(tmp_path / "photo.jpg", "image/jpeg").pages] == ["ที่ประชุมเห็นชอบ"]


@pytest.mark.skipif(not shutil.which("tesseract"), reason="no tesseract on this machine")
def test_a_true_scan_is_read(tmp_path):
    """Two pages of print, as pictures: most of their words are found, each on its own page."""
    document = pypdfium2.PdfDocument(papers.typst_pdf(PAGES[:2]))
    scans = [document[n].render(scale=150 / 72).to_pil().convert("L") for n in range(2)]
    scans[0].save(tmp_path / "scan.pdf", save_all=True, append_images=scans[1:])
    result = read(tmp_path / "scan.pdf", "application/pdf")
    assert result.state == "readable" and len(result.pages) == 2
    for page, truth in zip(result.pages, PAGES, strict=False):
        assert word_recall(truth, page.text) >= 0.7


@pytest.mark.parametrize("tools", ["with poppler", "alone"])
@pytest.mark.browser
def test_what_chromium_prints_is_read_once(chromium, tmp_path, monkeypatch, tools):
    """It labels each piece of a syllable with the whole of it; pdfium then says it twice."""
    file = tmp_path / "printed.pdf"
    file.write_bytes(papers.chromium_pdf(PAGES[:1], "Sarabun", chromium))
    if tools == "alone":
        monkeypatch.setenv("PATH", "/nowhere")
    result = read(file, "application/pdf")
    assert word_recall(PAGES[0], "\n".join(page.text for page in result.pages)) >= 0.96
    assert result.known > 0.98
