"""Typed text on the page: safe, Thai, and the same words for search (S0-168; PRODUCT 4)."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kc.markdown import render_markdown, to_plain


class Words(HTMLParser):
    """What a reader of the HTML sees."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "img":
            self.text += dict(attrs).get("alt", "")
        elif tag in ("br", "p", "li", "td", "th", "pre", "blockquote", "h3", "h4", "h5", "h6"):
            self.text += " "

    def handle_endtag(self, tag):
        if tag not in ("strong", "em", "a", "code"):
            self.text += " "

    def handle_data(self, data):
        self.text += data


def seen(html):
    words = Words()
    words.feed(html)
    words.close()
    return words


def one_line(html):
    return re.sub(r"\s*\n\s*", "", html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**ความรู้**ที่ดี", "<p><strong>ความรู้</strong>ที่ดี</p>"),
        ('และ**"คำพูด"**ต่อท้าย', '<p>และ<strong>"คำพูด"</strong>ต่อท้าย</p>'),
        ("ดู**(ข้อ 1)**ก่อน", "<p>ดู<strong>(ข้อ 1)</strong>ก่อน</p>"),
        ("สาขา*ใหม่*ๆ", "<p>สาขา<em>ใหม่</em>ๆ</p>"),
        ("กว้าง 2 * 3 * 4 เมตร", "<p>กว้าง 2 * 3 * 4 เมตร</p>"),
        ("บรรทัดหนึ่ง\nบรรทัดสอง", "<p>บรรทัดหนึ่ง<br>บรรทัดสอง</p>"),
        ("# ใหญ่", "<h3>ใหญ่</h3>"),
        ("###### เล็ก", "<h3>เล็ก</h3>"),
        ("# ใหญ่\n\n### เล็ก", "<h3>ใหญ่</h3><h4>เล็ก</h4>"),
        ("    ย่อหน้าเยื้อง", "<p>ย่อหน้าเยื้อง</p>"),
        ("ข้อความ\n---", "<p>ข้อความ</p><hr>"),
        ("- ก\n- ข", "<ul><li>ก</li><li>ข</li></ul>"),
        ("![รูป](/attachments/7/ภาพ%201.png)", "<p>"),
        ("[บทความ](/knowledge/12)", '<p><a href="/knowledge/12" rel="noopener">บทความ</a></p>'),
        ("ดู https://example.org/a?b=1, แล้ว", '<p>ดู <a href="https://example.org/a?b=1" rel="noopener">'),
    ],
)
def test_what_people_type(text, html):
    assert one_line(render_markdown(text)).startswith(html)


def test_tables_are_aligned_without_inline_style():
    html = one_line(render_markdown("|ตัวชี้วัด|หลัง|\n|:-|-:|\n|NPLs|**2**|"))
    assert html.startswith("<table><thead>")
    assert '<td class="num"><strong>2</strong></td>' in html
    assert "style" not in html


def test_only_our_own_pictures_are_shown_others_become_their_words():
    assert '<img src="/attachments/7/a.png" alt="รูป"' in render_markdown("![รูป](/attachments/7/a.png)")
    for foreign in (
        "https://elsewhere.example/x.png",
        "//elsewhere.example/x.png",
        "/attachments/../admin",
        "/other/x.png",
    ):
        html = render_markdown(f"![รูปจากที่อื่น]({foreign})")
        assert "<img" not in html and "รูปจากที่อื่น" in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[ก](javascript:alert(1))",
        "[ก](JaVaScRiPt&colon;alert(1))",
        "[ก](data:text/html;base64,PHNjcmlwdD4=)",
        "![ก](javascript:alert(1))",
        "<javascript:alert(1)>",
        '[ก](/a "onmouseover=alert(1)")',
        "<a href='javascript:alert(1)'>ก</a>",
        "<style>body{display:none}</style>",
        '<div class="admin">ก</div>',
        "```html\n<script>alert(1)</script>\n```",
    ],
)
def test_nothing_active_gets_through(attack):
    page = seen(render_markdown(attack))
    assert not {"script", "style", "iframe", "svg"} & set(page.tags)
    for name, value in page.attributes:
        assert name in {"href", "title", "rel", "src", "alt"}
        assert name not in ("href", "src") or re.match(r"(https?:|mailto:|/)", value)


SYNTAX = st.text(alphabet=st.sampled_from("กข่าabc1 \n\n*_`[]()<>!#|-+>~\\&;:/\"'."), max_size=80)


@settings(max_examples=200)
@given(SYNTAX)
def test_plain_text_is_what_the_page_shows(text):
    assert to_plain(text).split() == seen(render_markdown(text)).text.split()


@given(st.text(max_size=200))
def test_nothing_typed_raises_or_makes_foreign_tags(text):
    page = seen(render_markdown(text))
    assert not {"script", "style", "iframe", "form", "input", "object"} & set(page.tags)
    to_plain(text)


@given(st.lists(st.text(alphabet="กขคงนมรสหอาำิีุ่้", min_size=1), min_size=1))
def test_every_plain_word_is_kept(words):
    assert to_plain(" ".join(words)).split() == words


def test_plain_text_has_a_line_per_block_and_no_syntax():
    text = "# ที่มา\n\nลด **NPLs** ได้ [ตามคู่มือ](/knowledge/1)\n\n- ข้อหนึ่ง\n- ข้อสอง\n\n|ก|ข|\n|-|-|\n|1|2|"
    assert to_plain(text) == "ที่มา\nลด NPLs ได้ ตามคู่มือ\nข้อหนึ่ง\nข้อสอง\nก\tข\n1\t2"


@pytest.mark.parametrize("unit", ["*", "[", "> ", "![", "[a](", "**ก", "`` ` ", "<", "|a", "_a", "\\", "&"])
def test_nesting_bombs_stay_cheap(unit):
    started = time.process_time()
    render_markdown(unit * 5000)
    assert time.process_time() - started < 2


def test_deep_quotes_and_lists_do_not_exhaust_the_stack():
    render_markdown("> " * 3000 + "ก")
    render_markdown("\n".join("  " * level + "- ก" for level in range(300)))
    assert "ลึกสุด" in render_markdown("> " * 25 + "ลึกสุด")
