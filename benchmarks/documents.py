"""Thai articles and questions made for measuring: the demo's sentences recombined with a fixed seed, any number.

An article has the official five parts, about 1,700 letters, figures and places of its own. Words repeat from article to
article as an organisation's words do, which makes posting lists long: harder for a search engine than a library of
everything, and closer to what it will hold.
"""

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

ARTICLES = Path(__file__).resolve().parent.parent / "kc" / "demo" / "data" / "articles"
SEED = 2569
MEAN_LENGTH = 1_700
KINDS = ("best_practice", "best_practice", "lesson_learned", "story", "manual", "innovation")
# Share of an article's letters that stands in each part of the official form.
PARTS = {"background": 0.24, "goals": 0.08, "target_group": 0.06, "method": 0.42, "results": 0.20}

LANDS = "หนอง โคก ดอน ห้วย คลอง นา ท่า วัง โนน บึง สระ ปาก ลาด เขา".split()
SIGNS = "แสง ไผ่ ยาว แก้ว ทอง เสือ ม่วง สูง ใหญ่ คำ ขาม ยาง บัว หิน ทราย ตาล มะค่า กระทุ่ม สะแก พลวง".split()
SIDES = ["", "", "เหนือ", "ใต้", "กลาง", "น้อย", "พัฒนา", "สามัคคี"]
# What staff look for, as they type it.
WANTED = (
    "หนี้ค้างชำระ,ปรับโครงสร้างหนี้,ไกล่เกลี่ยหนี้,เยี่ยมลูกค้า,ใบนัดชำระ,พักชำระหนี้,อ้อย,น้อยหน่า,ยางพารา,สินเชื่อใหม่,ลูกค้าชั้นดี,"
    "โซลาร์เซลล์,ค่าธรรมเนียม,คิวอาร์,ประกันภัยพืชผล,ตลาดนัด,คิวหน้าเคาน์เตอร์,ปิดบัญชีสิ้นวัน,เปิดบัญชี,เอกสารสินเชื่อ,กระดาษ,ค่าไฟฟ้า,"
    "ใช้รถร่วมกัน,ไลน์ตอบคำถาม,ตารางคำนวณ,เงินฝาก,ออมเงิน,ผู้สูงอายุ,มิจฉาชีพ,บัญชีไม่เคลื่อนไหว,ธนาคารโรงเรียน,กาแฟ,ชา,กลุ่มทอผ้า,"
    "ต้นทุนต่อหน่วย,วิสาหกิจชุมชน,สตาร์ตอัป,ตรวจดิน,ปุ๋ยสั่งตัด,โดรน,เปียกสลับแห้ง,แปลงใหญ่,สมุดบันทึกแปลง,เกษตรกรรุ่นใหม่,ผู้ใหญ่บ้าน,"
    "หัวหน้าหน่วย,พนักงานพัฒนาธุรกิจ,กำหนดชำระ,ครัวเรือน,ผลลัพธ์"
).split(",")


@dataclass(frozen=True)
class Question:
    """Something typed into the search box; `expected`: the one article it was made from, if it was made from one."""

    text: str
    expected: str = ""


@cache
def _demo() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(ARTICLES.glob("*.toml"))]


def _clauses(text: str) -> Iterator[str]:
    """Pieces of running text between the spaces Thai ends its clauses with, none too short to mean something."""
    for line in text.splitlines():
        line = re.sub(r"^\s*(?:[-*#>|]+|\d+\.)\s*|\*\*|\|", " ", line)
        held = ""
        for piece in line.split():
            held = f"{held} {piece}".strip()
            if len(held) >= 36:
                yield held
                held = ""
        if len(held) >= 12:
            yield held


@cache
def _stock() -> dict[str, list[str]]:
    return {part: [c for article in _demo() for c in _clauses(article.get(part, ""))] for part in PARTS}


def _place(chance: random.Random) -> str:
    return "บ้าน" + chance.choice(LANDS) + chance.choice(SIGNS) + chance.choice(SIDES)


def _other_figures(text: str, chance: random.Random) -> str:
    """The same sentence with other numbers in it."""
    return re.sub(r"\d+", lambda found: str(chance.randrange(1, 10 ** min(len(found[0]), 6))), text)


def _part(part: str, letters: float, place: str, chance: random.Random) -> str:
    stock, said, length = _stock()[part], [], 0
    while length < letters:
        clause = _other_figures(chance.choice(stock), chance)
        if chance.random() < 0.08:
            clause = f"{clause} ที่{place if chance.random() < 0.5 else _place(chance)}"
        said.append(clause)
        length += len(clause) + 1
    breaks = [("\n\n" if chance.random() < 0.15 else " ") for _ in said]
    return "".join(clause + gap for clause, gap in zip(said, breaks, strict=True)).strip()


def articles(number: int, units: list[str], authors: list[str], topics: list[str]) -> Iterator[dict[str, Any]]:
    """`number` articles as `kc import-knowledge` reads them; the first of ten thousand are the first of a thousand."""
    chance = random.Random(SEED)
    titles = [article["title"] for article in _demo()]
    for n in range(1, number + 1):
        place = _place(chance)
        letters = min(max(chance.lognormvariate(0, 0.45) * MEAN_LENGTH * 0.87, 400), 9_000)
        written = date(2024, 4, 1) + timedelta(days=chance.randrange(900))
        yield {
            "id": f"BENCH-{n:06d}",
            "title": _other_figures(f"{chance.choice(titles)} {place}", chance),
            "kind": chance.choice(KINDS),
            **{part: _part(part, letters * share, place, chance) for part, share in PARTS.items()},
            "results_on": written.isoformat(),
            "published_on": (written + timedelta(days=14)).isoformat(),
            "fiscal_year": 2567 + (written - date(2024, 4, 1)).days // 365,
            "topic": chance.choice(topics),
            "unit": chance.choice(units),
            "authors": chance.sample(authors, chance.choice((1, 1, 2, 3))),
        }


def text_of(article: dict[str, Any]) -> str:
    return "\n".join(str(article[part]) for part in PARTS)


def _misspelt(word: str, chance: random.Random) -> str:
    """One letter missing, doubled, or swapped with its neighbour."""
    at = chance.randrange(1, max(len(word) - 1, 2))
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )


def questions(number: int, made: list[dict[str, Any]]) -> list[Question]:
    """Questions of the kinds people type: a word, words run together or spaced, a slip, a remembered title."""
    chance = random.Random(SEED + 1)
    asked = []
    for n in range(number):
        one, other = chance.sample(WANTED, 2)
        article = chance.choice(made)
        head, _, place = article["title"].rpartition(" ")
        asked.append(
            (
                Question(one),
                Question(one + other),
                Question(f"{one} {other}"),
                Question(_misspelt(one, chance)),
                Question(f"{place} {head[:14].strip()}", article["id"]),
                Question(article["title"], article["id"]),
            )[n % 6]
        )
    return asked
